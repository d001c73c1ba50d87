"""Counting calls: what happens while PostgreSQL is away, when the clock goes back, and when we are stopped while writing."""

import asyncio
import io
from typing import Any

import pytest

from solaris.domain.errors import StoreUnavailable
from solaris.platform.logs import build_log
from solaris.reporting import traffic
from solaris.reporting.traffic import TrafficRecorder


class FakeDatabase:
    """Takes rows, is away, or never answers."""

    def __init__(self) -> None:
        self.away = False
        self.answering = asyncio.Event()
        self.answering.set()
        self.writes: list[list[dict[str, Any]]] = []

    async def execute(self, _statement: str, _process_id: object, records: list[dict[str, Any]]) -> str:
        if self.away:
            raise StoreUnavailable("away")
        await self.answering.wait()
        self.writes.append(records)
        return "INSERT"


class Clock:
    now = 600.0

    def __call__(self) -> float:
        return self.now


def recorder(database: Any, clock: Clock, lines: io.StringIO | None = None) -> TrafficRecorder:
    log = build_log("test", level="info", form="json", stream=lines or io.StringIO())
    return TrafficRecorder(database, log, clock=clock)


def call(to: TrafficRecorder, model: str = "gpt-4", *, error: bool = False) -> None:
    to.note(model, "chat", error=error, proxy_ms=0.9, litellm_ms=120)


async def test_a_minute_is_written_whole_and_again_only_when_it_grows() -> None:
    database = FakeDatabase()
    watch = recorder(database, Clock())
    call(watch)
    await watch.write()
    call(watch, error=True)
    await watch.write()
    await watch.write()
    assert [(rows[0]["requests"], rows[0]["errors"]) for rows in database.writes] == [(1, 0), (2, 1)]


async def test_what_was_counted_waits_for_postgresql_and_the_log_says_so_once() -> None:
    database, clock, lines = FakeDatabase(), Clock(), io.StringIO()
    watch = recorder(database, clock, lines)
    database.away = True
    call(watch)
    await watch.write()
    clock.now += 60
    call(watch)
    await watch.write()
    database.away = False
    await watch.write()
    assert [row["requests"] for row in database.writes[0]] == [1, 1]
    assert lines.getvalue().count("traffic_not_written") == 1


async def test_a_clock_that_goes_back_never_opens_a_written_minute_again() -> None:
    database, clock = FakeDatabase(), Clock()
    watch = recorder(database, clock)
    clock.now = 660
    call(watch)
    await watch.write()
    clock.now = 600
    call(watch)
    await watch.write()
    assert database.writes[-1][0]["requests"] == 2


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "MAX_TALLIES_KEPT", 3)
    database, clock = FakeDatabase(), Clock()
    watch = recorder(database, clock)
    for number in range(10):
        call(watch, model=f"model-{number}")
    await watch.write()
    written = {row["model"]: row["requests"] for row in database.writes[0]}
    assert written == {"model-0": 1, "model-1": 1, "model-2": 1, traffic.OTHER_MODEL: 7}


async def test_a_write_that_is_cut_off_is_done_again_at_the_end() -> None:
    database = FakeDatabase()
    watch = recorder(database, Clock())
    call(watch)
    database.answering.clear()
    writing = asyncio.create_task(watch.write())
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    database.answering.set()
    await watch.write()
    assert [rows[0]["requests"] for rows in database.writes] == [1]
