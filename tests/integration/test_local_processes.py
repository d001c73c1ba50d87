"""Children of `solaris up`: ready when they say so, ended in time, and never orphans."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from solaris.local.errors import PartFailed
from solaris.local.processes import Command, Process, Reaper, Service, http_answers

_STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
_WITH_GRANDCHILD = """
import os, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""
# Tells when it was asked to end, and takes a while.
_LAYERED = """
import signal, sys, time
def end(*_):
    print(sys.argv[1], "asked", flush=True)
    time.sleep(0.4)
    print(sys.argv[1], "ended", flush=True)
    sys.exit()
signal.signal(signal.SIGINT, end)
print(sys.argv[1], "up", flush=True)
time.sleep(600)
"""
_SUPERVISOR_OF_LAYERS = """
import asyncio, os, signal, sys
from pathlib import Path
from solaris.local.processes import Command, Reaper, Layer, Process

async def run():
    folder = Path(sys.argv[1])
    reaper = Reaper(folder / "reaper.lock")
    await reaper.start()
    for layer in (Layer.MODELS, Layer.SERVICES, Layer.DATABASE, Layer.CACHE):
        Process.start(
            Command(
                layer.name, (sys.executable, "-c", sys.argv[2], layer.name), dict(os.environ), folder / "layers.log",
                stop_signal=signal.SIGINT, death_signal=signal.SIGCONT, layer=layer,
            ),
            reaper,
        )
    await asyncio.sleep(600)

asyncio.run(run())
"""
# PostgreSQL, and somebody who has something to write when he is asked to end.
_SUPERVISOR_OF_A_STORE = """
import asyncio, os, sys, tempfile
from pathlib import Path
from solaris.local.ports import any_free_port
from solaris.local.postgres_server import PostgresPlan, PostgresServer
from solaris.local.processes import Command, Reaper, Process

async def run():
    folder = Path(sys.argv[1])
    reaper = Reaper(folder / "reaper.lock")
    await reaper.start()
    plan = PostgresPlan(folder / "postgres", folder / "postgres.log", "secret", preferred_port=any_free_port())
    server = PostgresServer(plan, reaper)
    await server.start()
    arguments = (sys.executable, "-c", sys.argv[2], server.url)
    Process.start(Command("writer", arguments, dict(os.environ), folder / "writer.log"), reaper)
    await asyncio.sleep(600)

asyncio.run(run())
"""
_WRITER = """
import asyncio, os, signal, sys
import asyncpg

async def run():
    connection = await asyncpg.connect(sys.argv[1])
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
    print("up", flush=True)
    await asked.wait()
    await asyncio.sleep(1)
    await connection.execute("CREATE TABLE written (at timestamptz)")
    print("written", flush=True)
    await connection.close()

asyncio.run(run())
"""
_SUPERVISOR = """
import asyncio, os, sys
from pathlib import Path
from solaris.local.processes import Command, Reaper, Process

async def run():
    folder = Path(sys.argv[1])
    reaper = Reaper(folder / "reaper.lock")
    await reaper.start()
    command = Command("tree", (sys.executable, "-c", sys.argv[2]), dict(os.environ), folder / "tree.log")
    Process.start(command, reaper)
    await asyncio.sleep(600)

asyncio.run(run())
"""


def command_of(tmp_path: Path, program: str, stop_seconds: float = 5.0) -> Command:
    return Command(
        "child", (sys.executable, "-c", program), dict(os.environ), tmp_path / "child.log", stop_seconds=stop_seconds
    )


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False


async def until(condition: object, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "did not happen in time"
        await asyncio.sleep(0.02)


async def test_a_child_that_ends_at_its_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    service = Service(command_of(tmp_path, "import sys; print('the disk is full'); sys.exit(3)"), never)
    with pytest.raises(PartFailed, match=r"exit code 3.*the disk is full"):
        await service.start()


async def test_a_child_that_is_not_ready_in_time_is_ended(tmp_path: Path) -> None:
    async def never() -> bool:
        return False

    service = Service(command_of(tmp_path, "import time; time.sleep(600)"), never, timeout_seconds=0.3)
    with pytest.raises(PartFailed, match="not ready after"):
        await service.start()
    assert await service.wait() == -signal.SIGTERM


async def test_a_child_that_ignores_its_stop_signal_is_killed_after_its_time(tmp_path: Path) -> None:
    process = Process.start(command_of(tmp_path, _STUBBORN, stop_seconds=0.3))
    await until(lambda: "up" in (tmp_path / "child.log").read_text())
    await process.stop()
    assert process.exit_code == -signal.SIGKILL


async def test_stopping_a_child_ends_its_own_children_too(tmp_path: Path) -> None:
    process = Process.start(command_of(tmp_path, _WITH_GRANDCHILD))
    await until(lambda: len((tmp_path / "child.log").read_text().split()) == 2)
    _, grandchild = map(int, (tmp_path / "child.log").read_text().split())
    await process.stop()
    await until(lambda: not is_running(grandchild))


@pytest.mark.parametrize("program", [_WITH_GRANDCHILD], ids=["child and grandchild"])
async def test_a_killed_supervisor_leaves_no_orphans(tmp_path: Path, program: str) -> None:
    with subprocess.Popen([sys.executable, "-c", _SUPERVISOR, str(tmp_path), program]) as supervisor:  # noqa: ASYNC220
        await until(lambda: (tmp_path / "tree.log").exists() and len((tmp_path / "tree.log").read_text().split()) == 2)
        pids = [int(word) for word in (tmp_path / "tree.log").read_text().split()]
        assert all(is_running(pid) for pid in pids)
        supervisor.kill()
    await until(lambda: not any(is_running(pid) for pid in pids))


async def test_a_killed_supervisors_parts_end_layer_by_layer_the_stores_last(tmp_path: Path) -> None:
    log = tmp_path / "layers.log"

    def told() -> list[str]:
        return log.read_text().splitlines() if log.exists() else []

    with subprocess.Popen([sys.executable, "-c", _SUPERVISOR_OF_LAYERS, str(tmp_path), _LAYERED]) as supervisor:  # noqa: ASYNC220
        await until(lambda: len(told()) == 4)
        supervisor.kill()
    await until(lambda: len(told()) == 12)
    order = ["SERVICES", "MODELS", "CACHE", "DATABASE"]
    assert told()[4:] == [f"{name} {what}" for name in order for what in ("asked", "ended")]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another system user may pass through: as root, PostgreSQL runs as `nobody`."""
    folder = Path(tempfile.mkdtemp(prefix="solaris-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


async def test_after_a_killed_supervisor_postgresql_takes_what_the_services_still_have_to_write(
    open_folder: Path,
) -> None:
    folder = open_folder
    log, pid_file = folder / "writer.log", folder / "postgres" / "data" / "postmaster.pid"
    with subprocess.Popen([sys.executable, "-c", _SUPERVISOR_OF_A_STORE, str(folder), _WRITER]) as supervisor:  # noqa: ASYNC220
        await until(lambda: log.exists() and log.read_text() == "up\n", seconds=30)
        postgres = int(pid_file.read_text().split()[0])
        supervisor.kill()
    await until(lambda: not is_running(postgres), seconds=20)
    assert log.read_text() == "up\nwritten\n"


async def test_a_start_waits_until_the_reaper_of_a_killed_run_is_done(tmp_path: Path) -> None:
    first = Reaper(tmp_path / "reaper.lock")
    await first.start()
    told: list[str] = []
    second = Reaper(tmp_path / "reaper.lock")
    with pytest.raises(PartFailed, match="do not end"):
        await second.start(timeout_seconds=0.2, waiting=lambda: told.append("waiting"))
    assert told == ["waiting"]
    first.stop()
    await second.start(timeout_seconds=5)
    second.stop()


async def test_a_probe_reads_the_status_and_takes_a_closed_port_for_no(free_port: int) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    url = f"http://127.0.0.1:{free_port}/health"
    assert not await http_answers(url)
    async with await asyncio.start_server(answer, "127.0.0.1", free_port):
        assert not await http_answers(url)
        assert await http_answers(url, accepted=None)
