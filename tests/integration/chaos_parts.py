"""The whole product as real processes that can be killed: PostgreSQL, Valkey, LiteLLM and the simulator behind it, two proxies and
the worker. One proxy calls the models through the real LiteLLM, the other asks the simulator itself: LiteLLM needs ten seconds to
come back, and something must go on meanwhile.
"""

import asyncio
import json
import os
import random
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from solaris.local import litellm_environment
from solaris.local.errors import LocalError
from solaris.local.litellm_server import LocalModels, PreparedLiteLLM, prepare_litellm
from solaris.local.ports import any_free_port
from solaris.local.postgres_server import PostgresPlan, PostgresServer
from solaris.local.processes import Command, Process, http_answers, until_ready
from solaris.local.redis_server import RedisPlan, RedisServer
from solaris.local.simulator.bill import BilledCall, read_journal
from solaris.local.simulator.process import SimulatorProcess
from solaris.platform.ports import PortTaken
from solaris.platform.settings import load_settings

START_SECONDS = 60.0
LITELLM_API_KEY = f"sk-{secrets.token_hex(16)}"
JWT_SECRET = "a secret of the chaos test, thirty-two bytes long"


class Child:
    """One process of ours: started, killed without a word, and started again."""

    def __init__(self, command: Command, ready: Callable[[], Awaitable[bool]]) -> None:
        self.command = command
        self._ready = ready
        self.process: Process | None = None

    async def start(self) -> None:
        self.process = Process.start(self.command)
        await until_ready(self.process, self._ready, START_SECONDS)

    async def stop(self) -> None:
        if self.process is not None:
            await self.process.stop()

    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    async def ended(self) -> None:
        if self.process is not None:
            await self.process.wait()


@dataclass
class Victim:
    """Something that may be killed at any moment, and comes back."""

    name: str
    pid: Callable[[], int]
    ended: Callable[[], Awaitable[object]]
    start: Callable[[], Awaitable[None]]
    kills: int = 0
    down: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def kill(self, away_seconds: float) -> None:
        """kill -9, nothing for a while, then back, as a supervisor would do it: again until it stays."""
        async with self.down:
            os.kill(self.pid(), signal.SIGKILL)
            self.kills += 1
            await self.ended()
            await asyncio.sleep(away_seconds)
            await self.revive()

    async def revive(self) -> None:
        for _ in range(30):
            try:
                await self.start()
            except (LocalError, PortTaken):
                # Its port or its data may be held for a moment longer.
                await asyncio.sleep(0.5)
            else:
                return
        raise AssertionError(f"{self.name} does not come back")


@dataclass
class Product:
    """Everything that runs, and where."""

    folder: Path
    environment: dict[str, str]
    database_url: str
    proxies: list[str]
    victims: list[Victim]

    async def audit(self) -> dict[str, Any]:
        """What `solaris audit --json` says."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "solaris.cli.main", "audit", "--json",
            cwd=self.folder, env=self.environment, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        output, _ = await process.communicate()
        result: dict[str, Any] = json.loads(output)
        return result

    def bill(self) -> list[BilledCall]:
        """What the simulator bills, over all its lives."""
        return read_journal(self.folder / "bill")

    def left_in_spools(self) -> list[str]:
        """Files of endings that are still owed, or could not be settled."""
        return [path.name for suffix in ("spool", "failed") for path in self.folder.rglob(f"*.{suffix}")]

    def log_of(self, name: str) -> list[dict[str, Any]]:
        """The JSON lines of a process's log."""
        told = []
        for line in (self.folder / f"{name}.log").read_text(errors="replace").splitlines():
            with suppress(ValueError):
                told.append(json.loads(line))
        return told


@asynccontextmanager
async def running_product(*, kills_litellm: bool) -> AsyncIterator[Product]:
    """Start everything; at the end every process is ended by its own id."""
    folder = _open_folder()
    postgres = PostgresServer(
        PostgresPlan(
            folder / "postgres", folder / "postgres.log", secrets.token_hex(16), preferred_port=any_free_port()
        )
    )
    redis = RedisServer(
        RedisPlan(folder / "redis", folder / "redis.log", secrets.token_hex(16), preferred_port=any_free_port())
    )
    started: list[PostgresServer | RedisServer | Child] = []
    try:
        for store in (postgres, redis):
            await store.start()
            started.append(store)
        product, children = _product(folder, postgres, redis, kills_litellm=kills_litellm)
        for child in children:
            started.append(child)
        # LiteLLM takes longest, and nobody needs it to start.
        await asyncio.gather(*(child.start() for child in children))
        yield product
    finally:
        for part in reversed(started):
            await part.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _open_folder() -> Path:
    """A folder that another system user may pass through: as root, PostgreSQL runs as `nobody`."""
    folder = Path(tempfile.mkdtemp(prefix="solaris-chaos-"))
    folder.chmod(0o711)
    return folder


def _product(
    folder: Path, postgres: PostgresServer, redis: RedisServer, *, kills_litellm: bool
) -> tuple[Product, list[Child]]:
    simulator = SimulatorProcess(any_free_port(), ("--bill", str(folder / "bill")))
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ},
        "DATABASE_URL": postgres.url,
        "REDIS_URL": redis.url,
        "LITELLM_API_KEY": LITELLM_API_KEY,
        "JWT_SECRET": JWT_SECRET,
        "SOLARIS_STATE_DIR": str(folder / "state"),
        "SOLARIS_LOG_FORMAT": "json",
    }
    simulator_command = Command(
        "simulator", simulator.arguments, environment, folder / "simulator.log", stop_seconds=3.0
    )
    model = Child(simulator_command, simulator.is_ready)
    prepared = _prepared_litellm(folder, simulator.url)
    litellm = Child(prepared.command(folder / "litellm.log"), prepared.is_ready)
    proxies = [
        _proxy(folder, {**environment, "LITELLM_URL": url}, number)
        for number, url in enumerate((prepared.url, simulator.url), start=1)
    ]
    worker = Child(
        Command("worker", _solaris("worker"), environment, folder / "worker.log", folder=folder), _nothing_to_wait_for
    )
    killed = [model, *([litellm] if kills_litellm else []), *(child for child, _ in proxies), worker]
    victims = [
        Victim("postgres", lambda: _server_pid(postgres), postgres.wait, postgres.start),
        Victim("valkey", lambda: _server_pid(redis), redis.wait, redis.start),
        *(Victim(child.command.name, child.pid, child.ended, child.start) for child in killed),
    ]
    children = [model, litellm, *(child for child, _ in proxies), worker]
    return Product(folder, environment, postgres.url, [url for _, url in proxies], victims), children


def _prepared_litellm(folder: Path, simulator_url: str) -> PreparedLiteLLM:
    return prepare_litellm(
        load_settings(_env_file=None, solaris_state_dir=folder / "litellm"),
        {"LITELLM_API_KEY": LITELLM_API_KEY, "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        environment=litellm_environment.ensure_installed(print),
        local_models=LocalModels(simulator_url, None),
        port=any_free_port(),
    )


def _solaris(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "solaris.cli.main", *words)


def _proxy(folder: Path, environment: dict[str, str], number: int) -> tuple[Child, str]:
    port = any_free_port()
    url = f"http://127.0.0.1:{port}"
    name = f"proxy{number}"
    command = Command(
        name, _solaris("proxy"), {**environment, "SOLARIS_PROXY_PORT": str(port)}, folder / f"{name}.log", folder=folder
    )
    return Child(command, lambda: http_answers(f"{url}/metrics")), url


async def _nothing_to_wait_for() -> bool:
    return True


def _server_pid(server: PostgresServer | RedisServer) -> int:
    process = server._process
    assert process is not None
    return process.pid


async def torment(product: Product, chance: random.Random, seconds: float) -> None:
    """Kill at random moments for `seconds`, everybody at least once; return when all are back."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + seconds
    turn: list[Victim] = []
    running: list[asyncio.Task[None]] = []
    while loop.time() < ends_at:
        await asyncio.sleep(chance.uniform(0.5, 2 * seconds / (len(product.victims) * 3)))
        if not turn:
            turn = chance.sample(product.victims, len(product.victims))
        victim = turn.pop()
        if not victim.down.locked():
            running.append(asyncio.create_task(victim.kill(chance.uniform(0.1, 4.0))))
    await asyncio.gather(*running)
