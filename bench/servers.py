"""The stage: every server of the run, on loopback and free ports, in a temporary folder that goes with it."""

import asyncio
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from bench.cores import Cores
from solaris.local import litellm_environment
from solaris.local.litellm_server import START_SECONDS, LocalModels, prepare_litellm
from solaris.local.ports import any_free_port
from solaris.local.postgres_server import PostgresPlan, PostgresServer
from solaris.local.processes import Command, Process, http_answers, until_ready
from solaris.local.redis_server import RedisPlan, RedisServer
from solaris.platform.settings import load_settings

TIMEZONE = "America/Sao_Paulo"
_ROOT = Path(__file__).resolve().parent.parent
_READY_SECONDS = 60.0


@dataclass(frozen=True)
class Running:
    """One server of the stage."""

    process: Process
    port: int

    @property
    def resident_bytes(self) -> int:
        """Its resident memory (VmRSS)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError(f"process {self.process.pid} has ended")

    @property
    def processor_seconds(self) -> float:
        """User and system time that its own process has taken since its start."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Stage:
    """Starts and stops what a run needs. PostgreSQL keeps its durable settings: every commit is on disk before it is answered."""

    def __init__(self, cores: Cores, folder: Path | None = None) -> None:
        self._cores = cores
        self._folder = Path(tempfile.mkdtemp(prefix="solaris-bench-", dir=folder))
        # As root, PostgreSQL runs as another user, who must be able to pass through.
        self._folder.chmod(0o711)
        self._postgres = PostgresServer(
            PostgresPlan(
                home=self._folder / "postgres",
                log=self._folder / "postgres.log",
                password=secrets.token_hex(16),
                preferred_port=any_free_port(),
                timezone=TIMEZONE,
            )
        )
        self._redis = RedisServer(
            RedisPlan(
                home=self._folder / "redis",
                log=self._folder / "redis.log",
                password=secrets.token_hex(16),
                preferred_port=any_free_port(),
            )
        )
        self._processes: list[Process] = []
        self.jwt_secret = secrets.token_hex(32)
        self._litellm_key = f"sk-{secrets.token_hex(16)}"
        self._upstream_port = 0

    @property
    def folder(self) -> Path:
        """Where logs and data of the run lie until it is closed."""
        return self._folder

    @property
    def litellm_key(self) -> str:
        """The one key that LiteLLM lets in."""
        return self._litellm_key

    @property
    def database_url(self) -> str:
        """The database that the loads run on."""
        return self._postgres.url

    async def open_stores(self) -> None:
        """Start PostgreSQL and Valkey."""
        self._cores.pin_others()
        await self._postgres.start()
        await self._redis.start()

    async def close(self) -> None:
        """Stop everything and remove the folder."""
        for process in reversed(self._processes):
            await process.stop()
        await self._redis.stop()
        await self._postgres.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def create_database(self, name: str) -> str:
        """A further, empty database; returns its URL."""
        connection = await self._postgres.superuser_connection()
        try:
            await connection.execute(f'CREATE DATABASE "{name}" OWNER solaris')
        finally:
            await connection.close()
        return urlunsplit(urlsplit(self.database_url)._replace(path=f"/{name}"))

    async def checkpoint(self) -> None:
        """Write everything out, so that what was loaded does not weigh on what is measured next."""
        connection = await self._postgres.superuser_connection()
        try:
            await connection.execute("CHECKPOINT")
        finally:
            await connection.close()

    async def database_version(self) -> str:
        """What PostgreSQL calls itself, and the settings that make it durable."""
        connection = await asyncpg.connect(self.database_url)
        try:
            names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
            values = [await connection.fetchval(f"SHOW {name}") for name in names]
        finally:
            await connection.close()
        return f"{values[0]}; " + ", ".join(
            f"{name}={value}" for name, value in zip(names[1:], values[1:], strict=True)
        )

    async def start_upstream(self) -> Running:
        """The fast upstream, which shares the other processors with the load generator and the stores."""
        running = await self._start("upstream", ["-m", "bench.upstream"], path="/health/readiness")
        self._upstream_port = running.port
        return running

    async def start_forwarder(self) -> Running:
        """The bare forwarder in front of the upstream."""
        words = ["-m", "bench.forwarder", "--upstream", self._upstream_url]
        return await self._start("forwarder", words, path="/health/readiness", measured=True)

    async def start_proxy(self, database_url: str | None = None, name: str = "proxy") -> Running:
        """`solaris proxy` with everything switched on; its log goes to a file, as JSON."""
        return await self._start_product("proxy", "SOLARIS_PROXY_PORT", "/metrics", database_url, name)

    async def start_admin(self, database_url: str, name: str = "admin") -> Running:
        """`solaris admin`."""
        return await self._start_product("admin", "SOLARIS_ADMIN_PORT", "/openapi.json", database_url, name)

    async def start_litellm(self) -> Running:
        """The real LiteLLM with one worker, configured as the product configures it, in front of the same upstream.

        Raises:
            InstallationFailed: its environment can't be built.
            PartFailed: it does not start.
        """
        settings = load_settings(_env_file=None, solaris_state_dir=self._folder / "litellm")
        prepared = prepare_litellm(
            settings,
            {"LITELLM_API_KEY": self._litellm_key, "PATH": os.defpath, "HOME": str(self._folder)},
            environment=litellm_environment.ensure_installed(print),
            local_models=LocalModels(self._upstream_url),
            port=any_free_port(),
        )
        process = Process.start(prepared.command(self._folder / "litellm.log"))
        self._processes.append(process)
        self._cores.pin_measured(process.pid)
        await until_ready(process, prepared.is_ready, START_SECONDS)
        return Running(process, prepared.port)

    async def stop_one(self, running: Running) -> None:
        """End one server before the run ends."""
        await running.process.stop()
        with suppress(ValueError):
            self._processes.remove(running.process)

    @property
    def _upstream_url(self) -> str:
        return f"http://127.0.0.1:{self._upstream_port}"

    async def _start_product(
        self, command: str, port_variable: str, path: str, database_url: str | None, name: str
    ) -> Running:
        port = any_free_port()
        variables = {
            "DATABASE_URL": database_url or self.database_url,
            "REDIS_URL": self._redis.url,
            "LITELLM_URL": self._upstream_url,
            "LITELLM_API_KEY": self._litellm_key,
            "JWT_SECRET": self.jwt_secret,
            "SOLARIS_TIMEZONE": TIMEZONE,
            "SOLARIS_LOG_FORMAT": "json",
            "SOLARIS_STATE_DIR": str(self._folder / f"state-{name}"),
            port_variable: str(port),
        }
        return await self._launch(name, ["-m", "solaris.cli.main", command], variables, (port, path), measured=True)

    async def _start(self, name: str, words: list[str], *, path: str, measured: bool = False) -> Running:
        port = any_free_port()
        return await self._launch(name, [*words, "--port", str(port)], {}, (port, path), measured=measured)

    async def _launch(
        self, name: str, words: list[str], variables: Mapping[str, str], probe: tuple[int, str], *, measured: bool
    ) -> Running:
        environment = {"PATH": os.defpath, "PYTHONPATH": f"{_ROOT}{os.pathsep}{_ROOT / 'src'}", **variables}
        # No `.env` of the developer is read: the processes run in the run's own folder.
        command = Command(
            name, (sys.executable, *words), environment, self._folder / f"{name}.log", folder=self._folder
        )
        process = Process.start(command)
        self._processes.append(process)
        if measured:
            self._cores.pin_measured(process.pid)
        port, path = probe
        await until_ready(process, lambda: http_answers(f"http://127.0.0.1:{port}{path}"), _READY_SECONDS)
        return Running(process, port)


async def quiet(seconds: float = 0.3) -> None:
    """Let what the last load left behind (settlements of streams, log lines) end before the next begins."""
    await asyncio.sleep(seconds)
