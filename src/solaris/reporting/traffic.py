"""Response times and errors of the last minutes, over all processes.

Each process counts its calls per minute, model and front end in fixed latency bands, and writes the
totals every two seconds; a crash loses at most those. Band counts, unlike medians, can be summed
over processes and minutes.
"""

import asyncio
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from solaris.domain.errors import StoreUnavailable
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

# Upper bounds of the bands, in ms; one more band counts slower calls. They are part of the stored
# data: a change needs a migration.
BAND_BOUNDS_MS = (
    *(0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 40, 50, 65, 80, 100, 125, 160, 200, 250, 320, 400, 500),
    *(650, 800, 1000, 1300, 1600, 2000, 2500, 3200, 4000, 5000, 7500, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000),
)
BANDS = len(BAND_BOUNDS_MS) + 1
WRITE_SECONDS = 2.0
RECENT_MINUTES = 5
# If PostgreSQL is away for longer, the oldest minutes are dropped.
_MAX_MINUTES_KEPT = 30
MAX_TALLIES_KEPT = 5000
OTHER_MODEL = "(other)"


@dataclass(slots=True)
class _Tally:
    requests: int = 0
    errors: int = 0
    proxy_ms_counts: list[int] = field(default_factory=lambda: [0] * BANDS)
    litellm_ms_counts: list[int] = field(default_factory=lambda: [0] * BANDS)
    is_written: bool = False


@dataclass(frozen=True, slots=True)
class RecentTraffic:
    """The calls of the last minutes; all zero without calls. Times are medians."""

    requests: int
    errors: int
    proxy_p50_ms: float
    litellm_p50_ms: float

    @property
    def error_rate(self) -> float:
        """Failed calls / calls, 0 to 1, rounded to four digits."""
        return round(self.errors / self.requests, 4) if self.requests else 0.0


class TrafficRecorder:
    """Counts the calls of this process. Run `run()` as a task to write them to PostgreSQL."""

    def __init__(
        self, database: Database, log: Log, *, process_id: UUID | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._log = log
        self._process_id = process_id or uuid4()
        self._clock = clock
        self._tallies: dict[tuple[int, str, str], _Tally] = {}
        self._minute = 0
        self._failing = False

    def note(self, model: str, front_end: str, *, error: bool, proxy_ms: float, litellm_ms: float) -> None:
        """Record the end of one model call, failed or answered."""
        # Never backwards: a minute already written and dropped would restart at zero.
        self._minute = max(self._minute, int(self._clock()) // 60)
        key = (self._minute, model, front_end)
        tally = self._tallies.get(key)
        if tally is None:
            if len(self._tallies) >= MAX_TALLIES_KEPT:
                key = (self._minute, OTHER_MODEL, "")
            tally = self._tallies.setdefault(key, _Tally())
        tally.requests += 1
        tally.errors += error
        tally.proxy_ms_counts[bisect_left(BAND_BOUNDS_MS, proxy_ms)] += 1
        tally.litellm_ms_counts[bisect_left(BAND_BOUNDS_MS, litellm_ms)] += 1
        tally.is_written = False

    async def run(self) -> None:
        """Write every `WRITE_SECONDS`, and once more when cancelled."""
        try:
            while True:
                await asyncio.sleep(WRITE_SECONDS)
                await self.write()
        finally:
            await self.write()

    async def write(self) -> None:
        """Write the changes since the last call; on an error they are kept for the next call."""
        changed = {key: tally for key, tally in self._tallies.items() if not tally.is_written}
        if not changed:
            return
        rows = [_row(key, tally) for key, tally in changed.items()]
        for tally in changed.values():
            tally.is_written = True
        try:
            await self._database.execute(load_sql("reporting", "write_traffic"), self._process_id, rows)
        except asyncio.CancelledError:
            self._keep(changed.values())
            raise
        except (StoreUnavailable, asyncpg.PostgresError) as error:
            self._keep(changed.values())
            if not self._failing:
                self._log.warning("traffic_not_written", error=str(error))
            self._failing = True
        else:
            self._failing = False
        self._forget()

    @staticmethod
    def _keep(tallies: Iterable[_Tally]) -> None:
        for tally in tallies:
            tally.is_written = False

    def _forget(self) -> None:
        present = max(self._minute, int(self._clock()) // 60)
        oldest_kept = present - _MAX_MINUTES_KEPT
        self._tallies = {
            key: tally
            for key, tally in self._tallies.items()
            if key[0] == present or (not tally.is_written and key[0] > oldest_kept)
        }


def _row(key: tuple[int, str, str], tally: _Tally) -> dict[str, Any]:
    minute, model, front_end = key
    return {
        "minute": datetime.fromtimestamp(minute * 60, UTC),
        "model": model,
        "front_end": front_end,
        "requests": tally.requests,
        "errors": tally.errors,
        "proxy_ms_counts": list(tally.proxy_ms_counts),
        "litellm_ms_counts": list(tally.litellm_ms_counts),
    }


async def read_recent_traffic(database: Database, *, minutes: int = RECENT_MINUTES) -> RecentTraffic:
    """Return the calls of the last `minutes`, over all processes.

    Raises:
        StoreUnavailable: PostgreSQL did not answer.
    """
    row = await database.fetchrow(load_sql("reporting", "recent_traffic"), minutes)
    if row is None:
        return RecentTraffic(0, 0, 0.0, 0.0)
    return RecentTraffic(
        row["requests"],
        row["errors"],
        quantile_ms(row["proxy_ms_counts"] or (), 0.5),
        quantile_ms(row["litellm_ms_counts"] or (), 0.5),
    )


def quantile_ms(counts: Sequence[int], q: float) -> float:
    """Return the estimated `q`-quantile (0 to 1) in ms of calls per band; 0 without calls.

    The value is interpolated in its band, as in Prometheus' histogram_quantile: the error is at most
    the band's width. In the last band, which has no upper bound, it is the lower bound.
    """
    total = sum(counts)
    if total <= 0:
        return 0.0
    rank = q * total
    below = 0
    for band, counted in enumerate(counts):
        if counted and below + counted >= rank:
            lower = BAND_BOUNDS_MS[band - 1] if band else 0.0
            upper = BAND_BOUNDS_MS[band] if band < len(BAND_BOUNDS_MS) else lower
            return round(lower + (upper - lower) * max(0.0, rank - below) / counted, 2)
        below += counted
    return float(BAND_BOUNDS_MS[-1])
