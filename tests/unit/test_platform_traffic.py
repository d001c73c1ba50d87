"""The traffic of the last minutes: counting, quantiles, and what happens while PostgreSQL is away."""

import io
import time
from typing import Any

import pytest

from solaris.domain.errors import StoreUnavailable
from solaris.platform import traffic
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database
from solaris.platform.traffic import BANDS, BOUNDS_MS, TrafficRecorder, quantile_ms, recent_traffic


class FakeDatabase:
    """Takes rows, or is away."""

    def __init__(self) -> None:
        self.away = False
        self.writes: list[list[dict[str, Any]]] = []

    async def execute(self, _statement: str, _process_id: object, records: list[dict[str, Any]]) -> str:
        if self.away:
            raise StoreUnavailable("away")
        self.writes.append(records)
        return "INSERT"


class Clock:
    now = 600.0

    def __call__(self) -> float:
        return self.now


def recorder(database: Any, clock: Any = time.time, lines: io.StringIO | None = None) -> TrafficRecorder:
    return TrafficRecorder(
        database, build_log("test", level="info", form="json", stream=lines or io.StringIO()), clock=clock
    )


def call(to: TrafficRecorder, model: str = "gpt-4", *, error: bool = False) -> None:
    to.note(model, "chat", error=error, proxy_ms=0.9, litellm_ms=120)


def counts(**bands: int) -> list[int]:
    """Counts by the index of their band: `counts(b3=5)`."""
    values = [0] * BANDS
    for name, count in bands.items():
        values[int(name[1:])] = count
    return values


def test_a_quantile_is_interpolated_inside_its_band() -> None:
    assert quantile_ms(counts(b0=10), 0.5) == pytest.approx(BOUNDS_MS[0] / 2)
    assert quantile_ms(counts(b4=4), 0.5) == pytest.approx(0.875)
    assert quantile_ms(counts(b4=1, b18=3), 0.5) == pytest.approx(75 + 25 / 3)
    assert quantile_ms(counts(b4=1, b18=3), 0) == pytest.approx(0.75)
    assert quantile_ms(counts(b4=1, b18=3), 1) == pytest.approx(100)


def test_no_calls_and_the_last_band() -> None:
    assert quantile_ms(counts(), 0.5) == 0
    assert quantile_ms([0] * (BANDS - 1) + [7], 0.99) == BOUNDS_MS[-1]


@pytest.mark.parametrize(("values", "q"), [([0] * BANDS, 1.1), ([0] * BANDS, -0.1), ([1], 0.5)])
def test_a_wrong_quantile_is_refused(values: list[int], q: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        quantile_ms(values, q)


def test_bounds_rise() -> None:
    assert list(BOUNDS_MS) == sorted(set(BOUNDS_MS))


async def test_a_minute_is_written_whole_and_again_when_it_grows() -> None:
    database = FakeDatabase()
    watch = recorder(database, Clock())
    call(watch)
    assert await watch.flush()
    call(watch, error=True)
    assert await watch.flush()
    assert await watch.flush()
    assert [(rows[0]["requests"], rows[0]["errors"]) for rows in database.writes] == [(1, 0), (2, 1)]
    assert watch.waiting_rows == 0


async def test_what_was_counted_waits_for_postgresql() -> None:
    database, clock, lines = FakeDatabase(), Clock(), io.StringIO()
    watch = recorder(database, clock, lines)
    database.away = True
    call(watch)
    assert not await watch.flush()
    clock.now += 60
    call(watch)
    assert not await watch.flush()
    assert watch.waiting_rows == 2
    database.away = False
    assert await watch.flush()
    assert [row["requests"] for row in database.writes[0]] == [1, 1]
    assert lines.getvalue().count("traffic_not_written") == 1
    assert lines.getvalue().count("traffic_written_again") == 1


async def test_a_clock_that_goes_back_never_opens_a_written_minute_again() -> None:
    database, clock = FakeDatabase(), Clock()
    watch = recorder(database, clock)
    clock.now = 660
    call(watch)
    await watch.flush()
    clock.now = 600
    call(watch)
    await watch.flush()
    assert database.writes[-1][0]["requests"] == 2


async def test_memory_is_bounded_while_postgresql_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic, "MOST_WAITING_ROWS", 3)
    database, clock = FakeDatabase(), Clock()
    watch = recorder(database, clock)
    for number in range(5):
        clock.now = 600.0 + 60 * number
        call(watch)
    assert watch.waiting_rows == 3
    for number in range(5):
        call(watch, model=f"model-{number}")
    await watch.flush()
    written = {row["model"]: row["requests"] for row in database.writes[0]}
    assert sum(written.values()) == 6
    assert written[traffic.OTHER_MODEL] == 3


async def test_the_last_minutes_count_over_all_processes(database_url: str) -> None:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    assert await recent_traffic(database) == traffic.Traffic()
    first, second = recorder(database), recorder(database)
    old = recorder(database, lambda: time.time() - 600)
    for watch in (first, second, old):
        call(watch)
        call(watch, error=watch is second)
        assert await watch.flush()
        assert await watch.flush()
    call(first)
    assert await first.flush()
    figures = await recent_traffic(database)
    assert (figures.requests, figures.errors, figures.error_rate) == (5, 1, 0.2)
    assert figures.proxy_ms == pytest.approx(0.875)
    assert figures.litellm_ms == pytest.approx(125)
    await database.close()
