"""Children of `solaris up`: ready when they say so, ended in time, and never orphans."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solaris.local.errors import PartFailed
from solaris.local.processes import Command, Guardian, Process, Service, http_answers

_STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
_WITH_GRANDCHILD = """
import os, signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""
_SUPERVISOR = """
import asyncio, os, sys
from pathlib import Path
from solaris.local.processes import Command, Guardian, Process

async def run():
    folder = Path(sys.argv[1])
    guardian = Guardian(folder / "guardian.lock")
    await guardian.start()
    command = Command("tree", (sys.executable, "-c", sys.argv[2]), dict(os.environ), folder / "tree.log")
    Process.start(command, guardian)
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


async def test_a_start_waits_until_the_guardian_of_a_killed_run_is_done(tmp_path: Path) -> None:
    first = Guardian(tmp_path / "guardian.lock")
    await first.start()
    told: list[str] = []
    second = Guardian(tmp_path / "guardian.lock")
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
