"""The parts of `solaris up`, what each needs, and how each is started."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from solaris.local import litellm_server, smollm2_server
from solaris.local.children import Stores, child_environment, given_or, solaris_command
from solaris.local.errors import LocalError, PartFailed, PartMissing
from solaris.local.given_stores import check_postgres, check_redis
from solaris.local.heartbeat import HeartbeatService
from solaris.local.install import NOTHING_FITS, is_installed
from solaris.local.litellm_environment import litellm_environment
from solaris.local.litellm_server import LocalModels, PreparedLiteLLM, litellm_variables, prepare_litellm
from solaris.local.ports import any_free_port
from solaris.local.postgres_server import PostgresPlan, PostgresServer
from solaris.local.processes import Command, Process, Reaper, Service, alive_at, http_answers, log_tail
from solaris.local.redis_server import RedisPlan, RedisServer
from solaris.local.screen import Screen
from solaris.local.simulator import process as simulator_process
from solaris.local.simulator.process import SimulatorProcess
from solaris.local.smollm2_environment import smollm2_environment
from solaris.local.smollm2_server import Smollm2Server
from solaris.local.state import Secrets, StateFolder
from solaris.local.supervisor import Step, Supervisor
from solaris.local.unprivileged import server_user
from solaris.platform.settings import Settings

# Started from the first to the last, stopped from the last to the first.
LAYERS = (("postgres", "redis"), ("simulator", "smollm2", "litellm"), ("worker", "proxy", "admin"))
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_APP_READY_SECONDS = 60.0

Migrate = Callable[[str], Awaitable[list[str]]]
Probe = Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class UpOptions:
    """The options of one run."""

    settings: Settings
    demo: bool
    migrate: Migrate = field(repr=False)


class Stack:
    """The parts of one run, and the addresses they get while they start."""

    def __init__(self, options: UpOptions, state: StateFolder, screen: Screen, reaper: Reaper) -> None:
        self.settings = options.settings
        self._options = options
        self._state = state
        self._screen = screen
        self._reaper = reaper
        self._secrets: Secrets = state.secrets()
        self.supervisor = Supervisor(screen, LAYERS)
        self.database_url = _secret_text(self.settings.database_url)
        self.redis_url = _secret_text(self.settings.redis_url)
        self.demo: dict[str, Any] = {"users": [], "front_end_keys": []}
        self._simulator = SimulatorProcess(any_free_port())
        self._smollm2_url: str | None = None
        self._smollm2_decided = asyncio.Event()
        self._simulated: tuple[str, ...] = ()

    @property
    def runs_litellm(self) -> bool:
        """Whether we start LiteLLM: LITELLM_URL is not set, or names the port of ours."""
        if "litellm_url" not in self.settings.model_fields_set:
            return True
        parts = urlsplit(self.settings.litellm_url)
        return parts.hostname in _LOOPBACK and (parts.port or 80) == self.settings.solaris_litellm_port

    @property
    def litellm_url(self) -> str:
        """LiteLLM's base URL, without `/v1`: that of ours, or the configured one."""
        if self.runs_litellm:
            return f"http://127.0.0.1:{self.settings.solaris_litellm_port}"
        return self.settings.litellm_base_url

    @property
    def simulated_models(self) -> tuple[str, ...]:
        """The models that the simulator answers, since no provider key is set for them."""
        return self._simulated

    @property
    def simulator_url(self) -> str | None:
        """Where the simulator answers; None where it has no model to stand for. `/simulator/bill` there is what it generated."""
        return self._simulator.url if self._simulated else None

    def steps(self) -> list[Step]:
        """The steps of the start, each with the steps it needs.

        Raises:
            ConfigError: the customer's LiteLLM configuration can't be used.
        """
        steps = [
            Step("postgres", self._start_postgres),
            Step("redis", self._start_redis, tolerated=(PartMissing,)),
            Step("schema", self._migrate, needs=("postgres",)),
            Step(
                "proxy", lambda: self._start_app("proxy", self.settings.solaris_proxy_port), needs=("schema", "redis")
            ),
            Step(
                "admin", lambda: self._start_app("admin", self.settings.solaris_admin_port), needs=("schema", "redis")
            ),
            Step("worker", self._start_worker, needs=("demo", "redis") if self._options.demo else ("schema", "redis")),
        ]
        if self._options.demo:
            steps.append(Step("demo", self._load_demo, needs=("schema", "redis")))
        return [*steps, *self._model_steps()] if self.runs_litellm else steps

    def _model_steps(self) -> list[Step]:
        self._simulated = self._prepare(simulated=True).translation.simulated_models
        simulator = [Step("simulator", self._start_simulator)] if self._simulated else []
        return [
            *simulator,
            Step("smollm2", self._start_smollm2, tolerated=(LocalError,)),
            Step("litellm", self._start_litellm),
        ]

    # --- stores

    async def _start_postgres(self) -> str:
        if self.database_url is not None:
            return await check_postgres(self.database_url)
        home = self._state.path / "postgres"
        user = server_user(home / "data")
        if user is not None:
            self._state.allow_group(user.gid)
        plan = PostgresPlan(
            home=home,
            log=self._state.log_file("postgres"),
            password=self._secrets.postgres_password,
            timezone=self.settings.solaris_timezone,
        )
        server = PostgresServer(plan, self._reaper)
        await self.supervisor.start(server)
        self.database_url = server.url
        return f"port {server.port}"

    async def _start_redis(self) -> str:
        if self.redis_url is not None:
            return await check_redis(self.redis_url)
        plan = RedisPlan(self._state.path / "redis", self._state.log_file("redis"), self._secrets.redis_password)
        server = RedisServer(plan, self._reaper)
        await self.supervisor.start(server)
        self.redis_url = server.url
        return f"port {server.port}"

    async def _migrate(self) -> str:
        applied = await self._options.migrate(self._given_database_url())
        return f"{len(applied)} migrations applied" if applied else "up to date"

    # --- the product's own processes

    def _environment(self, name: str) -> dict[str, str]:
        stores = Stores(self._given_database_url(), self.redis_url)
        return child_environment(name, self.settings, self._secrets, self._state.path, stores, self.litellm_url)

    def _given_database_url(self) -> str:
        if self.database_url is None:
            raise RuntimeError("the step `postgres` comes first")
        return self.database_url

    async def _start_app(self, name: str, port: int) -> str:
        bind_host = self.settings.solaris_bind_host
        host = "127.0.0.1" if bind_host in {"0.0.0.0", "::", ""} else bind_host  # noqa: S104 - compared, not bound
        url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

        async def ready() -> bool:
            # Any HTTP status counts as ready: LiteLLM may still be starting.
            return await http_answers(f"{url}/api/health", accepted=None)

        command = solaris_command(name, (name,), self._environment(name), self._state.log_file(name))
        await self._start_service(command, ready, alive_at(f"{url}/api/health"), _APP_READY_SECONDS)
        return f"http://localhost:{port}"

    async def _start_worker(self) -> str:
        environment = self._environment("worker")
        command = solaris_command("worker", ("worker",), environment, self._state.log_file("worker"))
        heartbeat = self._state.path / "worker.heartbeat"
        await self.supervisor.start(HeartbeatService(command, heartbeat, reaper=self._reaper))
        return ""

    async def _load_demo(self) -> str:
        output = self._state.path / "demo-output.json"
        output.unlink(missing_ok=True)
        output.touch(mode=0o600)
        # The output holds passwords: it goes to a private file, never to a log.
        environment = self._environment("demo")
        command = solaris_command("demo", ("demo", "load", "--json"), environment, self._state.log_file("demo"))
        process = Process.start(command, self._reaper, output=output)
        try:
            code = await process.wait()
            text = output.read_text(encoding="utf-8")
        finally:
            await process.stop()
            output.unlink(missing_ok=True)
        if code != 0:
            raise PartFailed(f"the demo data can't be loaded{log_tail(command.log)}")
        self.demo = _demo_from(text)
        return f"{len(self.demo['users'])} users to sign in with"

    # --- models

    async def _start_simulator(self) -> str:
        command = self._simulator.command(self._state.log_file("simulator"))
        alive = alive_at(f"{self._simulator.url}/health")
        await self._start_service(command, self._simulator.is_ready, alive, simulator_process.START_SECONDS)
        return f"answers {', '.join(self._simulated)}: no provider key is set"

    async def _start_smollm2(self) -> str:
        try:
            return await self._start_small_model()
        finally:
            self._smollm2_decided.set()

    async def _start_small_model(self) -> str:
        await self._install("smollm2")
        server = Smollm2Server(smollm2_environment().location(os.environ), any_free_port())
        command = server.command(self._state.log_file("smollm2"))
        alive = alive_at(f"{server.url}/health", timeout_seconds=smollm2_server.BUSY_SECONDS)
        await self._start_service(command, server.is_ready, alive, smollm2_server.START_SECONDS)
        self._smollm2_url = server.url
        return "a small real model on this machine"

    async def _start_litellm(self) -> str:
        await self._install("litellm")
        # The configuration names the small model only where it runs.
        await self._smollm2_decided.wait()
        prepared = self._prepare(simulated=bool(self._simulated))
        for notice in prepared.translation.notices:
            self._screen.note("litellm", notice)
        command = prepared.command(self._state.log_file("litellm"))
        alive = alive_at(f"{prepared.url}/health/readiness")
        await self._start_service(command, prepared.is_ready, alive, litellm_server.START_SECONDS)
        return f"http://localhost:{prepared.port}"

    async def _start_service(self, command: Command, ready: Probe, alive: Probe, seconds: float) -> None:
        service = Service(command, ready, alive=alive, timeout_seconds=seconds, reaper=self._reaper)
        await self.supervisor.start(service)

    def _prepare(self, *, simulated: bool) -> PreparedLiteLLM:
        variables = litellm_variables(self.settings)
        variables["LITELLM_API_KEY"] = given_or(self.settings.litellm_api_key, self._secrets.litellm_api_key)
        models = LocalModels(self._simulator.url if simulated else None, self._smollm2_url)
        location = litellm_environment().location(os.environ)
        return prepare_litellm(self.settings, variables, environment=location, local_models=models)

    async def _install(self, name: str) -> None:
        """Build an environment in a child process, so that it can be interrupted.

        Shows the child's lines.
        """
        if is_installed(name, os.environ):
            return
        log = self._state.log_file("install" if name == "litellm" else f"install-{name}")
        command = Command(
            f"install-{name}", (sys.executable, "-m", "solaris.local.install", name), dict(os.environ), log
        )
        offset = log.stat().st_size
        process = Process.start(command, self._reaper)
        line = ""
        try:
            while process.exit_code is None:
                await asyncio.sleep(0.3)
                offset, line = self._show_new_lines(name, log, offset, line)
            code = await process.wait()
            _, line = self._show_new_lines(name, log, offset, line)
        finally:
            await process.stop()
        if code != 0:
            kind = PartMissing if code == NOTHING_FITS else PartFailed
            raise kind(line or f"{name} can't be installed{log_tail(log)}")

    def _show_new_lines(self, name: str, log: Path, offset: int, last: str) -> tuple[int, str]:
        with log.open("rb") as stream:
            stream.seek(offset)
            text = stream.read()
        whole, _, _ = text.rpartition(b"\n")
        lines = [line for line in whole.decode(errors="replace").splitlines() if line.strip()]
        for line in lines:
            self._screen.progressed(name, line.removeprefix(f"{name}: "))
        return offset + len(whole) + (1 if whole else 0), lines[-1] if lines else last


def _secret_text(value: Any) -> str | None:
    return None if value is None else str(value.get_secret_value())


def _demo_from(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
        return {"users": list(content["users"]), "front_end_keys": list(content["front_end_keys"])}
    except (ValueError, KeyError, TypeError) as error:
        raise PartFailed("`solaris demo load --json` printed something else than users and front_end_keys") from error
