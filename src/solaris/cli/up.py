"""`solaris up`: run the whole product on this machine, in the foreground, until Ctrl-C."""

import asyncio
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

if TYPE_CHECKING:
    from solaris.local.screen import Screen
    from solaris.local.stack import Stack
    from solaris.local.state import StateFolder
    from solaris.platform.settings import Settings

_BOUND_LOGS_EVERY_SECONDS = 60.0


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("up")(up)


def up(
    demo: Annotated[
        bool | None,
        typer.Option(
            "--demo/--no-demo",
            help="Load demonstration data. By default only into an empty embedded database in development.",
        ),
    ] = None,
) -> None:
    """Start everything on this machine and show when each part is ready. Ctrl-C stops it; the data stays in .solaris/."""
    from solaris.local.extra import require_extra
    from solaris.local.screen import Screen
    from solaris.local.state import StateFolder
    from solaris.platform.settings import load_settings

    require_extra()
    settings = load_settings()
    state = StateFolder(settings.solaris_state_dir)
    state.create()
    state.lock()
    try:
        sys.exit(asyncio.run(_run(settings, state, Screen(), wants_demo(settings, demo))))
    finally:
        state.remove_run()
        state.unlock()


def wants_demo(settings: "Settings", asked: bool | None) -> bool:
    """Whether to load demo data: the option, else SOLARIS_DEMO_DATA, else in development on the embedded database."""
    if asked is not None:
        return asked
    if settings.solaris_demo_data is not None:
        return settings.solaris_demo_data
    return settings.database_url is None and settings.solaris_env == "development"


async def _run(settings: "Settings", state: "StateFolder", screen: "Screen", demo: bool) -> int:
    from solaris.apps.schema import apply_schema
    from solaris.local.processes import Reaper
    from solaris.local.stack import Stack, UpOptions

    async def migrate(url: str) -> list[str]:
        applied = await apply_schema(url, timezone=settings.solaris_timezone)
        await warn_missing_plan(url, settings, screen)
        return applied

    ending = _ending_signal()
    reaper = Reaper(state.path / "reaper.lock")
    state.remove_run()
    await reaper.start(waiting=lambda: screen.note("solaris", "waiting for the parts of a killed run to end"))
    try:
        stack = Stack(UpOptions(settings, demo, migrate), state, screen, reaper)
        return await _serve(stack, state, screen, ending)
    finally:
        reaper.stop()


async def warn_missing_plan(url: str, settings: "Settings", screen: "Screen") -> None:
    """Show a notice if new users can't get the plan of SOLARIS_DEFAULT_PLAN; everything else works."""
    from solaris.platform.postgres import Database
    from solaris.users.default_plan import missing_plan

    database = Database(url, timezone=settings.solaris_timezone, service="up", max_connections=1)
    try:
        missing = await missing_plan(database, settings.solaris_default_plan)
    finally:
        await database.close()
    if missing is not None:
        screen.note("plans", f"{missing.cause}; {missing.cure}")


def _ending_signal() -> asyncio.Event:
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, ending.set)
    return ending


async def _serve(stack: "Stack", state: "StateFolder", screen: "Screen", ending: asyncio.Event) -> int:
    """Start, print the addresses, wait for a signal, stop. Every path stops all parts."""
    _require_ports(stack)
    screen.say(f"Starting IA SOLARIS token control in {state.path}")
    starting = asyncio.create_task(stack.supervisor.run_steps(stack.steps()))
    interrupted = asyncio.create_task(ending.wait())
    try:
        with screen.progress():
            await asyncio.wait({starting, interrupted}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            state.write_run(run_record(stack))
            print_ready(stack, screen, state)
            await _until(interrupted, state)
    finally:
        starting.cancel()
        interrupted.cancel()
        with suppress(BaseException):  # its failure is raised already, or it was cancelled here
            await starting
        state.remove_run()
        if ending.is_set():
            screen.say("Stopping")
        await stack.supervisor.stop()
    screen.say("Stopped")
    return 0


async def _until(interrupted: "asyncio.Task[bool]", state: "StateFolder") -> None:
    while not interrupted.done():
        await asyncio.wait({interrupted}, timeout=_BOUND_LOGS_EVERY_SECONDS)
        state.bound_logs()


def _require_ports(stack: "Stack") -> None:
    from solaris.local.errors import LocalError
    from solaris.local.ports import require_free
    from solaris.platform.ports import PortTaken

    settings = stack.settings
    named = {"SOLARIS_PROXY_PORT": settings.solaris_proxy_port, "SOLARIS_ADMIN_PORT": settings.solaris_admin_port}
    if stack.runs_litellm:
        named["SOLARIS_LITELLM_PORT"] = settings.solaris_litellm_port
    for variable, port in named.items():
        twin = next((other for other, its_port in named.items() if its_port == port and other != variable), None)
        if twin is not None:
            raise LocalError(f"{variable} and {twin} are both {port}; give each service a port of its own")
    taken = []
    for variable, port in named.items():
        host = "127.0.0.1" if variable == "SOLARIS_LITELLM_PORT" else settings.solaris_bind_host
        try:
            require_free(port, variable, host)
        except PortTaken as error:
            taken.append(str(error))
    if taken:
        # All of them at once, since a second copy has to move each.
        raise PortTaken("; ".join(taken))


def run_record(stack: "Stack") -> dict[str, object]:
    """The content of `run.json` (SPEC 9)."""
    settings = stack.settings
    return {
        "proxy_url": f"http://127.0.0.1:{settings.solaris_proxy_port}",
        "admin_url": f"http://127.0.0.1:{settings.solaris_admin_port}",
        "litellm_url": stack.litellm_url,
        "simulator_url": stack.simulator_url,
        "database_url": stack.database_url,
        "redis_url": stack.redis_url,
        "users": stack.demo["users"],
        "front_end_keys": stack.demo["front_end_keys"],
    }


def print_ready(stack: "Stack", screen: "Screen", state: "StateFolder") -> None:
    """Print addresses, logins and an example call."""
    settings = stack.settings
    proxy = f"http://localhost:{settings.solaris_proxy_port}"
    command = command_name(sys.argv[0])
    lines = [
        f"  proxy and portal   {proxy}    (API: {proxy}/docs)",
        f"  admin              http://localhost:{settings.solaris_admin_port}",
        f"  LiteLLM            {stack.litellm_url}",
        *_psql_lines(stack, command),
        f"  logs               {command} logs proxy -f    (all: {state.path / 'logs'})",
    ]
    if stack.simulated_models:
        models = ", ".join(stack.simulated_models)
        lines.append(f"  simulated          {models}: set OPENAI_API_KEY or ANTHROPIC_API_KEY for real answers")
        lines.append(f"  simulator's bill   {stack.simulator_url}/simulator/bill")
    lines += _user_lines(stack, proxy, command)
    lines.append(f"\nFor scripts: {state.run_file}. Ctrl-C stops everything; the data stays.")
    screen.say("\n[bold green]Ready.[/]", markup=True)
    for line in lines:
        screen.say(line)


def command_name(program: str) -> str:
    """The command to call this program from the working folder: `solaris` if PATH finds it, else its path.

    `program` is the started file. `make run` starts the module, whose command lies beside its Python.
    """
    started = Path(program).absolute()
    if started.name != "solaris":
        started = Path(sys.executable).with_name("solaris")
    found = shutil.which("solaris")
    if not started.exists() or (found is not None and Path(found).absolute() == started):
        return "solaris"
    if not started.is_relative_to(Path.cwd()):
        return str(started)
    way = str(started.relative_to(Path.cwd()))
    return way if "/" in way else f"./{way}"


def _psql_lines(stack: "Stack", command: str) -> list[str]:
    parts = urlsplit(stack.database_url or "")
    hint = (
        f"psql -h {_local_name(parts.hostname)} -p {parts.port or 5432} -U {parts.username} -d {parts.path.strip('/')}"
    )
    where = "password in .solaris/run.json" if stack.settings.database_url is None else "your server"
    return [f"  PostgreSQL         {command} psql    or: {hint}    ({where})"]


def _local_name(host: str | None) -> str:
    return "localhost" if host in {None, "127.0.0.1", "::1"} else str(host)


def _user_lines(stack: "Stack", proxy: str, command: str) -> list[str]:
    users = [user for user in stack.demo["users"] if isinstance(user, dict)]
    if not users:
        return [f"\nNobody can sign in yet: {command} user --help, or start with --demo"]
    lines = ["\nDemonstration users (e-mail, password, role):"]
    lines += [f"  {user.get('email', ''):<24} {user.get('password', ''):<24} {user.get('role', '')}" for user in users]
    caller = next((user for user in users if user.get("api_key") and user.get("role") == "user"), users[0])
    if stack.demo["front_end_keys"]:
        lines.append("\nDemonstration keys of chats:")
        lines += [f"  {chat.get('name', ''):<24} {chat.get('key', '')}" for chat in stack.demo["front_end_keys"]]
    if key := caller.get("api_key"):
        lines += [
            f"\nTry a call, as {caller.get('email', '')}:",
            f"  curl {proxy}/v1/chat/completions -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\",
            """    -d '{"model": "gpt-4", "messages": [{"role": "user", "content": "Olá!"}]}'""",
        ]
    return lines
