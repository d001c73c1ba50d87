"""A worker that is dead, stopped or late is named by every process's health and by a metric."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from tests.integration.gateway_room import running_gateway

from solaris.apps.worker import Job, Worker
from solaris.local.ports import any_free_port
from solaris.platform.http import health
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database
from solaris.platform.worker_heartbeats import WORKER, WorkerCheck, WorkerHeartbeats


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, timezone="America/Sao_Paulo", service="test")
    yield opened
    await opened.close()


@contextmanager
def running_worker(database_url: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": database_url, "SOLARIS_STATE_DIR": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "solaris.cli.main", "worker"], env=environment, cwd=folder, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while not (folder / "worker.heartbeat").exists():
            assert time.monotonic() < deadline, "the worker does not beat"
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


async def age_beats(database: Database, seconds: int, job: str = WORKER) -> None:
    """As if the job had finished that long ago, and its worker had begun a day ago."""
    await database.execute(
        "UPDATE worker_heartbeats SET started_at = now() - interval '1 day', "
        "finished_at = now() - make_interval(secs => $2) WHERE job = $1",
        job, seconds,
    )  # fmt: skip


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
async def test_health_and_metric_name_a_worker_that_is_gone_or_stopped(
    database: Database, database_url: str, tmp_path: Path, blow: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CACHE_SECONDS", 0.0)
    async with running_gateway(database_url, f"http://127.0.0.1:{any_free_port()}") as room:

        async def worker() -> dict[str, object]:
            async with room.http.get(room.url + "/api/health") as answer:
                body = await answer.json()
                assert (answer.status, body["status"]) == (200, "degraded")  # LiteLLM is away in this room
                check: dict[str, object] = body["checks"]["worker"]
                return check

        assert (await worker())["status"] == "absent"
        with running_worker(database_url, tmp_path) as process:
            assert (await worker())["status"] == "ok"
            process.send_signal(blow)
            # What it may still have under way is done; from now on nothing beats.
            await asyncio.sleep(0.5)
            await age_beats(database, 45)
            found = await worker()
            assert (found["status"], found["detail"]) == ("absent", "not seen for 45 s")
            metrics = await (await room.http.get(room.url + "/metrics")).text()
            (line,) = (line for line in metrics.splitlines() if line.startswith("solaris_worker_last_seen_seconds "))
            assert float(line.split()[1]) >= 45
            assert 'solaris_worker_job_last_finished_seconds{job="audit"} +Inf' in metrics


async def test_a_job_that_does_not_finish_is_late_and_named(database: Database) -> None:
    hangs = asyncio.Event()
    began = asyncio.Event()

    async def hang() -> None:
        began.set()
        await hangs.wait()

    async def quick() -> None:
        pass

    jobs = [Job("hangs", hang, every_seconds=5), Job("quick", quick, every_seconds=5)]
    lines = build_log("worker", level="info", form="json", stream=io.StringIO())
    worker, heartbeats = Worker(database, jobs, lines), WorkerHeartbeats(database)
    running = asyncio.create_task(worker.run())
    await began.wait()
    while (await heartbeats.read()).status == "absent":  # noqa: ASYNC110 - PostgreSQL announces nothing
        await asyncio.sleep(0.02)
    assert (await heartbeats.read()).status == "ok"
    await database.execute(
        "UPDATE worker_heartbeats SET started_at = now() - interval '68 seconds' WHERE job = 'hangs'"
    )
    state = await heartbeats.read()
    assert (state.status, state.late_jobs, state.detail) == ("late", ("hangs",), "hangs has never finished")
    hangs.set()
    while (await heartbeats.read()).status == "late":  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.05)
    assert (await heartbeats.read()).job_age_seconds["hangs"] < 60
    worker.stop()
    await running


async def test_a_worker_that_starts_again_and_again_gets_no_new_time(database: Database) -> None:
    heartbeats = WorkerHeartbeats(database)
    await heartbeats.register({"expire_holds": 60})
    await heartbeats.beat()
    await age_beats(database, 90, "expire_holds")
    await age_beats(database, 20)
    await heartbeats.register({"expire_holds": 60})
    assert (await heartbeats.read()).late_jobs == ("expire_holds",)


async def test_a_worker_that_comes_back_after_a_weekend_has_time_for_its_first_runs(database: Database) -> None:
    heartbeats = WorkerHeartbeats(database)
    await heartbeats.register({"audit": 60, "gone": 60})
    await heartbeats.beat(["audit", "gone"])
    await age_beats(database, 200_000, "audit")
    await age_beats(database, 200_000)
    assert (await heartbeats.read()).status == "absent"
    await heartbeats.register({"audit": 60})
    await heartbeats.beat()
    state = await heartbeats.read()
    assert (state.status, set(state.job_age_seconds)) == ("ok", {"audit"})


async def test_without_postgresql_the_worker_is_late_and_the_metric_goes_on_growing(database: Database) -> None:
    now = [100.0]
    registry = CollectorRegistry()
    heartbeats = WorkerHeartbeats(database)
    check = WorkerCheck(registry, heartbeats, clock=lambda: now[0])
    assert b"\nsolaris_worker_last_seen_seconds" not in generate_latest(registry)
    await heartbeats.register({})
    await heartbeats.beat()
    assert await check.probe() is None
    check._heartbeats = WorkerHeartbeats(
        Database("postgresql://nobody@127.0.0.1:1/none", timezone="UTC", service="test", timeout_seconds=0.5)
    )
    now[0] += 1000
    problem = await check.probe()
    assert problem is not None
    assert problem.status == "late"
    (line,) = (
        line for line in generate_latest(registry).decode().splitlines()
        if line.startswith("solaris_worker_last_seen_seconds ")
    )  # fmt: skip
    assert 1000 <= float(line.split()[1]) < 1010
