"""The worker: settles what killed proxies left, opens periods, cleans up, and survives its own failures."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from solaris.apps.worker import Job, Worker, worker_jobs
from solaris.apps.worker_jobs import WorkerJobs
from solaris.domain.errors import StoreUnavailable
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, HoldCreate
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database

ZONE = ZoneInfo("America/Sao_Paulo")

# Reserves for one call, tells its hold, and waits to be killed, as a proxy would in the middle of a stream.
PROXY = """
import asyncio, sys
from uuid import UUID
from zoneinfo import ZoneInfo
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, HoldCreate
from solaris.platform.postgres import Database

async def main():
    database = Database(sys.argv[1], timezone="America/Sao_Paulo", service="proxy")
    ledger = Ledger(database, zone=ZoneInfo("America/Sao_Paulo"), buy_url="")
    user_id = UUID(sys.argv[2])
    await ledger.reserve(HoldCreate(user_id, "killed", "f", 100, 1000, 100, Call("/v1/chat/completions", "gpt-4")))
    await ledger.renew([(user_id, "killed", 42)])
    print("held", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    yield database
    await database.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, zone=ZONE, buy_url="")


@pytest.fixture
def lines() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def jobs(database: Database, ledger: Ledger, lines: io.StringIO) -> WorkerJobs:
    return WorkerJobs(database, ledger, build_log("test", level="info", form="json", stream=lines))


async def new_user(database: Database, email: str = "ana@demo.local") -> UUID:
    user_id: UUID = await database.fetchval("INSERT INTO users (email) VALUES ($1) RETURNING id", email)
    await database.execute(
        "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', 250000)", user_id
    )
    return user_id


async def lease_runs_out(database: Database) -> None:
    await database.execute("UPDATE holds SET expires_at = now() - interval '1 second' WHERE state = 'open'")


async def test_a_killed_proxys_call_is_settled_at_what_was_last_seen(
    database: Database, database_url: str, ledger: Ledger, jobs: WorkerJobs, lines: io.StringIO
) -> None:
    user_id = await new_user(database)
    proxy = subprocess.Popen(  # noqa: ASYNC220  # a moment's start; the test waits for its line anyway
        [sys.executable, "-c", PROXY, database_url, str(user_id)], stdout=subprocess.PIPE, text=True
    )
    assert proxy.stdout is not None
    assert await asyncio.to_thread(proxy.stdout.readline) == "held\n"
    proxy.kill()
    await asyncio.to_thread(proxy.wait)
    proxy.stdout.close()

    await jobs.expire_holds()
    assert (await ledger.balance(user_id)).wallet.held == 1000, "a lease that runs is left alone"
    seconds_left = await database.fetchval("SELECT extract(epoch FROM expires_at - now()) FROM holds")
    assert seconds_left + worker_jobs(jobs)[0].every_seconds < 90

    await lease_runs_out(database)
    await asyncio.gather(jobs.expire_holds(), jobs.expire_holds())
    wallet = (await ledger.balance(user_id)).wallet
    assert (wallet.held, wallet.used) == (0, 142)
    event = await database.fetchrow("SELECT * FROM usage_events")
    assert event is not None
    assert (event["ending"], event["estimated"], event["output_tokens"]) == ("proxy_gone", True, 42)
    assert lines.getvalue().count('"action":"hold_expired"') == 1
    assert await ledger.audit() == []


async def test_one_hold_that_can_not_be_settled_does_not_stop_the_others(
    database: Database, ledger: Ledger, jobs: WorkerJobs, lines: io.StringIO
) -> None:
    for email in ("ana@demo.local", "bia@demo.local"):
        order = HoldCreate(await new_user(database, email), "r", "f", 10, 10, 10, Call("/v1/chat/completions", "gpt-4"))
        await ledger.reserve(order)
    await lease_runs_out(database)
    await database.execute(
        """UPDATE holds SET terms_id = -1, expires_at = now() - interval '1 minute'
           WHERE user_id = (SELECT id FROM users WHERE email = 'ana@demo.local')"""
    )
    await jobs.expire_holds()
    assert [row["state"] for row in await database.fetch("SELECT state FROM holds ORDER BY state")] == [
        "expired",
        "open",
    ]
    assert '"action":"hold_not_expired"' in lines.getvalue()


async def test_periods_are_opened_for_everybody_who_was_not_seen(
    database: Database, ledger: Ledger, jobs: WorkerJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solaris.apps.worker_jobs.PERIODS_PER_BATCH", 2)
    users = [await new_user(database, f"u{number}@demo.local") for number in range(5)]
    for user_id in users[:3]:
        await database.execute("SELECT ledger_wallet_v1($1, now() - interval '40 days')", user_id)
    await jobs.open_periods()
    await jobs.open_periods()
    rows = await database.fetch("SELECT user_id, period_start FROM period_openings")
    assert len(rows) == 3 + 5
    stale = "SELECT count(*) FROM wallets WHERE period_start < date_trunc('month', now())::date"
    assert await database.fetchval(stale) == 0
    assert await ledger.audit() == []


async def test_partitions_stand_ahead_and_old_rows_go(database: Database, jobs: WorkerJobs, lines: io.StringIO) -> None:
    await jobs.create_partitions()
    ahead = "SELECT to_regclass('usage_events_' || to_char(now() + interval '3 months', 'YYYY_MM')) IS NOT NULL"
    assert await database.fetchval(ahead)
    await database.execute(
        "INSERT INTO revoked_tokens VALUES ('old', now() - interval '1 day'), ('new', now() + interval '1 day')"
    )
    await database.execute(
        "INSERT INTO sign_in_failures VALUES ('a', 1, now() - interval '40 days', NULL), ('b', 1, now(), NULL)"
    )
    await database.execute(
        "INSERT INTO traffic_minutes SELECT now() - make_interval(days => d), gen_random_uuid(), 'm', '', 1, 0, '{}', '{}' "
        "FROM unnest('{0,401}'::int[]) AS d"
    )
    await jobs.clean_up()
    for table in ("revoked_tokens", "sign_in_failures", "traffic_minutes"):
        assert await database.fetchval(f"SELECT count(*) FROM {table}") == 1, table
    assert '"action":"cleaned_up"' in lines.getvalue()


async def test_a_partition_that_can_not_be_made_now_is_left_for_the_next_round(
    database: Database, jobs: WorkerJobs
) -> None:
    newest = await database.fetchval("SELECT 'usage_events_' || to_char(now() + interval '3 months', 'YYYY_MM')")
    await database.execute(f"DROP TABLE {newest}")
    is_there = "SELECT to_regclass($1) IS NOT NULL"
    async with database.transaction() as reader:
        await reader.fetchval("SELECT count(*) FROM usage_events")
        with pytest.raises(StoreUnavailable) as postponed:
            await jobs.create_partitions()
        # Its own time limit, well before the one of a statement, behind which calls would queue up.
        assert isinstance(postponed.value.__cause__, asyncpg.LockNotAvailableError)
        assert not await database.fetchval(is_there, newest)
    await jobs.create_partitions()
    assert await database.fetchval(is_there, newest)


async def test_the_audit_job_reports_each_difference_as_an_error(
    database: Database, jobs: WorkerJobs, lines: io.StringIO
) -> None:
    user_id = await new_user(database)
    await database.execute("SELECT ledger_wallet_v1($1, now())", user_id)
    await jobs.audit()
    assert '"action":"audit_passed"' in lines.getvalue()
    await database.execute("UPDATE wallets SET credits = 5")
    await jobs.audit()
    assert '"level":"error"' in lines.getvalue()
    assert '"action":"audit_difference"' in lines.getvalue()


async def run_until(
    done: Callable[[], bool], database: Database, lines: io.StringIO, *runs: Callable[[], Awaitable[None]]
) -> None:
    log = build_log("test", level="info", form="json", stream=lines)
    listed = [Job(f"job_{number}", run, every_seconds=0.05) for number, run in enumerate(runs)]
    worker = Worker(database, listed, log)
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(30):
        while not done():  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.02)
        worker.stop()
        await running


async def test_a_failing_job_is_logged_and_tried_again_and_the_others_go_on(
    database: Database, lines: io.StringIO
) -> None:
    calls = {"bad": 0, "good": 0}

    async def bad() -> None:
        calls["bad"] += 1
        raise RuntimeError("broken on purpose")

    async def good() -> None:
        calls["good"] += 1

    await run_until(lambda: calls["bad"] >= 2 and calls["good"] >= 3, database, lines, bad, good)
    assert "broken on purpose" in lines.getvalue()
    assert lines.getvalue().count('"action":"worker_ready"') == 1


async def test_a_job_runs_in_one_worker_at_a_time(database: Database, lines: io.StringIO) -> None:
    running, most, runs = 0, 0, 0

    def three_times() -> bool:
        return runs >= 3

    async def slow() -> None:
        nonlocal running, most, runs
        running += 1
        runs += 1
        most = max(most, running)
        await asyncio.sleep(0.1)
        running -= 1

    workers = (run_until(three_times, database, lines, slow) for _ in range(2))
    await asyncio.gather(*workers)
    assert most == 1


def test_the_command_says_when_it_is_ready_and_stops_when_asked(database_url: str, tmp_path: Path) -> None:
    (tmp_path / ".solaris").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "solaris.cli.main", "worker"],
        env={"PATH": os.environ["PATH"], "DATABASE_URL": database_url, "SOLARIS_LOG_FORMAT": "json"},
        cwd=tmp_path, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert '"action":"worker_ready"' in process.stdout.readline()
    deadline = time.monotonic() + 10
    while not (tmp_path / ".solaris" / "worker.heartbeat").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert (tmp_path / ".solaris" / "worker.heartbeat").exists()
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=15)
    assert process.returncode == 0
    assert '"action":"worker_stopped"' in rest
