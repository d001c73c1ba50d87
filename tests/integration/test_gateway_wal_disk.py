"""A disk that is full, slow or can't be written to is named by health and metrics at once, and is well again by itself."""

import asyncio
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from tests.integration.gateway_room import running_gateway

from solaris.gateway.settlement import wal as spool_module
from solaris.gateway.settlement.wal import Wal, WalEntry
from solaris.gateway.settlement.wal_disk import DiskState, WalCheck
from solaris.local.ports import any_free_port
from solaris.platform.http import health
from solaris.platform.logs import build_log

LOG = build_log("test", level="debug", form="json")
_DISK_BYTES = 1024 * 1024

# A process that may write no file longer than what it is told; prints what it sees of its spool.
LIMITED = """
import asyncio, resource, sys
from pathlib import Path
from uuid import uuid4
from solaris.gateway.settlement.wal import Wal, WalEntry
from solaris.platform.logs import build_log

async def main():
    spool = Wal(Path(sys.argv[1]), build_log("proxy", level="error", form="json", stream=open("/dev/null", "w")))
    await spool.open()
    print(await spool.keep(WalEntry(uuid4(), "r", None)), spool.disk.problem)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))
    print(await spool.keep(WalEntry(uuid4(), "r", None)), spool.disk.problem, spool.disk.write_failures)
    await spool.look_at_disk()
    print(spool.disk.problem)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await spool.look_at_disk()
    print(await spool.keep(WalEntry(uuid4(), "r", None)), spool.disk.problem)
    await spool.close()

asyncio.run(main())
"""


def can_mount() -> bool:
    """Whether this machine lets us make a small disk of our own."""
    return os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
async def opened() -> AsyncIterator[list[Wal]]:
    spools: list[Wal] = []
    yield spools
    for wal in spools:
        await wal.close()


def entry() -> WalEntry:
    return WalEntry(uuid4(), "r", None)


def fill(file: Path) -> None:
    """Write until the disk is full."""
    with file.open("wb", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(b"\0" * 4096)


if can_mount():

    async def test_a_disk_that_fills_up_is_degraded_with_its_cause_until_there_is_room(
        small_disk: Path, opened: list[Wal]
    ) -> None:
        wal = Wal(small_disk / "spool", LOG, disk=DiskState(min_free_bytes=_DISK_BYTES // 4))
        opened.append(wal)
        await wal.open()
        registry = CollectorRegistry()
        check = WalCheck(registry, wal.disk)
        assert await check.probe() is None
        assert b"\nsolaris_spool_failing 0.0\n" in generate_latest(registry)

        fill(small_disk / "filler")
        kept = [await wal.keep(WalEntry(uuid4(), "r", {"text": "x" * 3000})) for _ in range(3)]
        assert False in kept
        at_once = await check.probe()
        await wal.look_at_disk()
        later = await check.probe()
        for problem in (at_once, later):
            assert problem is not None
            assert (problem.status, problem.detail) == ("degraded", "No space left on device")
        text = generate_latest(registry).decode()
        assert "\nsolaris_spool_failing 1.0\n" in text
        assert "\nsolaris_spool_write_failures_total 0.0\n" not in text

        with (small_disk / "filler").open("r+b") as filler:
            filler.truncate(_DISK_BYTES - 200 * 1024)
        await wal.look_at_disk()
        almost = await check.probe()
        assert almost is not None
        assert almost.detail.startswith("only ")

        (small_disk / "filler").unlink()
        await wal.look_at_disk()
        assert await check.probe() is None
        assert await wal.keep(entry()) is True
        assert b"\nsolaris_spool_failing 0.0\n" in generate_latest(registry)


def test_a_process_that_may_write_no_more_says_so_and_recovers(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "spool")], capture_output=True, text=True, check=True, timeout=60
    ).stdout.splitlines()
    assert told == ["True None", "False File too large 1", "File too large", "True None"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


async def test_health_and_metrics_of_a_proxy_name_a_spool_that_has_no_folder_and_it_takes_one_when_it_can(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "LOOK_EVERY_SECONDS", 0.05)
    monkeypatch.setattr(health, "CACHE_SECONDS", 0.0)
    (tmp_path / "spool").write_text("in the folder's place")
    url = f"http://127.0.0.1:{any_free_port()}"
    async with running_gateway(database_url, url, solaris_state_dir=tmp_path) as room:

        async def state() -> tuple[str, str, str | None]:
            body = await (await room.http.get(room.url + "/api/health")).json()
            return body["status"], body["checks"]["spool"]["status"], body["checks"]["spool"]["detail"]

        assert await state() == ("degraded", "degraded", "File exists")
        metrics = await (await room.http.get(room.url + "/metrics")).text()
        assert "\nsolaris_spool_failing 1.0\n" in metrics
        (tmp_path / "spool").unlink()
        deadline = time.monotonic() + 20
        while (await state())[1:] != ("ok", None):
            assert time.monotonic() < deadline, await state()
            await asyncio.sleep(0.05)
        metrics = await (await room.http.get(room.url + "/metrics")).text()
        assert "\nsolaris_spool_failing 0.0\n" in metrics
    assert list((tmp_path / "spool").iterdir()) == []


async def test_attempts_that_fail_leave_nothing_behind(
    tmp_path: Path, opened: list[Wal], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "spool"
    root.mkdir()
    wal = Wal(root, LOG)

    def full(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(spool_module, "sync_folder", full)
        await wal.open()
        opened.append(wal)
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(20):
            await wal.look_at_disk()
        assert len(os.listdir("/proc/self/fd")) == before
    assert list(root.iterdir()) == []
    assert wal.disk.problem == "No space left on device"
    assert await wal.keep(entry()) is False
    await wal.look_at_disk()
    assert wal.disk.problem is None
    assert await wal.keep(entry()) is True


async def test_a_folder_that_was_deleted_under_a_running_process_is_made_anew(
    tmp_path: Path, opened: list[Wal]
) -> None:
    wal = Wal(tmp_path / "spool", LOG)
    opened.append(wal)
    await wal.open()
    first = entry()
    assert await wal.keep(first) is True
    for path in sorted((tmp_path / "spool").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    await wal.look_at_disk()
    second = entry()
    assert await wal.keep(second) is True
    (segment,) = (tmp_path / "spool").rglob("*.spool")
    assert segment.read_bytes() == second.as_line()
    wal.done(first)
    wal.done(second)


def test_a_disk_that_does_not_answer_is_named() -> None:
    now = [0.0]
    disk = DiskState(clock=lambda: now[0])
    disk.look_began = disk.clock()
    assert disk.problem is None
    now[0] = 31.0
    assert disk.problem == "the disk has not answered for 31 s"
    disk.look_succeeded(10**12)
    assert disk.problem is None


async def test_a_spool_that_is_full_of_endings_is_named_until_postgresql_has_taken_them(
    tmp_path: Path, opened: list[Wal]
) -> None:
    wal = Wal(tmp_path / "spool", LOG, max_bytes=1000, segment_bytes=200)
    opened.append(wal)
    await wal.open()
    endings = [entry() for _ in range(20)]
    kept = [ending for ending in endings if await wal.keep(ending)]
    assert 0 < len(kept) < 20
    await wal.look_at_disk()
    assert wal.disk.problem is not None
    assert "PostgreSQL has not taken" in wal.disk.problem
    for ending in kept:
        wal.done(ending)
    await wal.look_at_disk()
    assert wal.disk.problem is None
