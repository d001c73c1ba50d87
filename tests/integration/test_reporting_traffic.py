"""Response times and errors of the last minutes, over several processes."""

import asyncio
import io
import time
from collections.abc import AsyncIterator

import pytest

from solaris.platform.logs import build_log
from solaris.platform.postgres import Database
from solaris.reporting.traffic import RecentTraffic, TrafficRecorder, read_recent_traffic


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    yield database
    await database.close()


def recorder_on(database: Database, seconds_ago: float = 0) -> TrafficRecorder:
    log = build_log("test", level="error", form="json", stream=io.StringIO())
    return TrafficRecorder(database, log, clock=lambda: time.time() - seconds_ago)


async def test_without_calls_everything_is_zero(database: Database) -> None:
    traffic = await read_recent_traffic(database)
    assert (traffic, traffic.error_rate) == (RecentTraffic(0, 0, 0.0, 0.0), 0.0)


async def test_the_calls_of_all_processes_count_together_and_only_once(database: Database) -> None:
    first, second, old = recorder_on(database), recorder_on(database), recorder_on(database, seconds_ago=400)
    for _ in range(3):
        first.note("gpt-4", "LibreChat", error=False, proxy_ms=45, litellm_ms=125)
    await first.write()
    first.note("gpt-4", "LibreChat", error=False, proxy_ms=45, litellm_ms=125)
    await first.write()
    await first.write()
    second.note("gpt-4", "LibreChat", error=True, proxy_ms=300, litellm_ms=10_000)
    await second.write()
    old.note("gpt-4", "", error=True, proxy_ms=1, litellm_ms=1)
    await old.write()
    traffic = await read_recent_traffic(database)
    assert (traffic.requests, traffic.errors, traffic.error_rate) == (5, 1, 0.2)
    assert 40 <= traffic.proxy_p50_ms <= 50
    assert 100 <= traffic.litellm_p50_ms <= 125


async def test_what_a_missing_postgresql_could_not_take_is_written_later(database: Database, database_url: str) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none", timezone="UTC", service="test", timeout_seconds=0.5)
    recorder = recorder_on(away)
    recorder.note("gpt-4", "", error=False, proxy_ms=1, litellm_ms=1)
    await recorder.write()
    recorder._database = database
    await recorder.write()
    assert (await read_recent_traffic(database)).requests == 1


async def test_a_recorder_that_is_stopped_writes_what_it_has(database: Database) -> None:
    recorder = recorder_on(database)
    running = asyncio.create_task(recorder.run())
    await asyncio.sleep(0)
    recorder.note("gpt-4", "", error=False, proxy_ms=1, litellm_ms=1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (await read_recent_traffic(database)).requests == 1
