"""How calls went in the last minutes, over every process: response times and errors, in the table `traffic_minutes`.

A process counts its calls per minute, model and front end in memory, and writes its own rows in the background. The arrays
`proxy_ms_counts` and `litellm_ms_counts` count calls per latency band; `BOUNDS_MS` holds the bands' upper bounds, and the last
band is everything above them. Who moves a bound changes what the stored rows mean.
"""

import asyncio
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from solaris.domain.errors import StoreUnavailable
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

BOUNDS_MS: tuple[float, ...] = (
    0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 500, 750,
    1000, 1500, 2000, 3000, 4000, 5000, 7500, 10000, 15000, 20000, 30000, 60000, 120000, 300000,
)  # fmt: skip
BANDS = len(BOUNDS_MS) + 1
RECENT_MINUTES = 5
SECONDS_BETWEEN_WRITES = 2.0
MOST_WAITING_ROWS = 5000
ROWS_PER_WRITE = 1000
OTHER_MODEL = "(other)"


@dataclass(slots=True)
class _Row:
    """The calls of one minute, model and front end, in this process."""

    requests: int = 0
    errors: int = 0
    proxy_counts: list[int] = field(default_factory=lambda: [0] * BANDS)
    litellm_counts: list[int] = field(default_factory=lambda: [0] * BANDS)


@dataclass(frozen=True, slots=True)
class Traffic:
    """The last five minutes, over all processes. Times are milliseconds, the medians of the calls (0 without any call).

    `proxy_ms` is what the proxy itself takes of a call, LiteLLM's time not counted; `litellm_ms` is LiteLLM's time to its
    first byte; `error_rate` is the part of the calls that failed, 0..1 (0 without any call).
    """

    requests: int = 0
    errors: int = 0
    proxy_ms: float = 0.0
    litellm_ms: float = 0.0

    @property
    def error_rate(self) -> float:
        """Failed calls / calls, 0..1."""
        return self.errors / self.requests if self.requests else 0.0


_Key = tuple[int, str, str]


class TrafficRecorder:
    """Counts the calls of this process and writes them down every two seconds (`run`).

    `note` takes a few microseconds and never waits. With PostgreSQL away, what was counted waits in memory, at most
    `MOST_WAITING_ROWS` rows; then the oldest ones are dropped, and the log says so. The rows are this process's own and are
    written whole, so that writing again after a lost answer counts nothing twice.
    """

    def __init__(self, database: Database, log: Log, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._log = log
        self._clock = clock
        self._process_id: UUID = uuid4()
        self._minute = 0
        self._rows: dict[_Key, _Row] = {}
        self._unwritten: set[_Key] = set()
        self._dropped_rows = 0
        self._away = False

    @property
    def waiting_rows(self) -> int:
        """Rows that PostgreSQL does not have yet."""
        return len(self._unwritten)

    def note(self, model: str, front_end: str, *, error: bool, proxy_ms: float, litellm_ms: float) -> None:
        """One model call has ended; `front_end` is empty for a caller without one."""
        # Never back: a minute that was written and forgotten would begin at zero again.
        self._minute = max(self._minute, int(self._clock()) // 60)
        key = (self._minute, model, front_end)
        row = self._rows.get(key)
        if row is None:
            key, row = self._new_row(key)
        row.requests += 1
        row.errors += error
        row.proxy_counts[bisect_left(BOUNDS_MS, proxy_ms)] += 1
        row.litellm_counts[bisect_left(BOUNDS_MS, litellm_ms)] += 1
        self._unwritten.add(key)

    async def run(self) -> None:
        """Write until cancelled. Call `flush` once more at the end."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_WRITES)
            await self.flush()

    async def flush(self) -> bool:
        """Write what was counted since the last time; False where it has to wait. Raises nothing of PostgreSQL's."""
        keys = sorted(self._unwritten)
        try:
            for start in range(0, len(keys), ROWS_PER_WRITE):
                await self._write(keys[start : start + ROWS_PER_WRITE])
        except (StoreUnavailable, asyncpg.PostgresError) as error:
            if not self._away:
                self._log.warning("traffic_not_written", cause=repr(error.__cause__ or error), rows=self.waiting_rows)
            self._away = True
            return False
        finally:
            self._forget_written_minutes()
        if self._away:
            self._log.info("traffic_written_again", rows=len(keys), dropped_rows=self._dropped_rows)
        self._away, self._dropped_rows = False, 0
        return True

    async def _write(self, keys: Sequence[_Key]) -> None:
        records = [_record(key, self._rows[key]) for key in keys if key in self._rows]
        # Calls that end while we write make their rows unwritten again.
        self._unwritten.difference_update(keys)
        try:
            await self._database.execute(load_sql("platform", "traffic_write"), self._process_id, records)
        except BaseException:
            self._unwritten.update(key for key in keys if key in self._rows)
            raise

    def _forget_written_minutes(self) -> None:
        for key in [key for key in self._rows if key[0] < self._minute and key not in self._unwritten]:
            del self._rows[key]

    def _new_row(self, key: _Key) -> tuple[_Key, _Row]:
        if len(self._rows) >= MOST_WAITING_ROWS:
            oldest = min(self._rows)
            if oldest[0] == self._minute:
                key = (self._minute, OTHER_MODEL, "")
                return key, self._rows.setdefault(key, _Row())
            self._drop_minute(oldest[0])
        row = self._rows[key] = _Row()
        return key, row

    def _drop_minute(self, minute: int) -> None:
        for key in [key for key in self._rows if key[0] == minute]:
            del self._rows[key]
            self._unwritten.discard(key)
            self._dropped_rows += 1


async def recent_traffic(database: Database, minutes: int = RECENT_MINUTES) -> Traffic:
    """How the last minutes went, the running one included, over all processes.

    Raises:
        StoreUnavailable: PostgreSQL is away.
    """
    rows = await database.fetch(load_sql("platform", "traffic_recent"), minutes)
    if not rows:
        return Traffic()
    proxy, litellm = [0] * BANDS, [0] * BANDS
    for row in rows:
        band = min(int(row["band"]), BANDS) - 1
        proxy[band] += row["proxy"]
        litellm[band] += row["litellm"]
    return Traffic(rows[0]["requests"], rows[0]["errors"], quantile_ms(proxy, 0.5), quantile_ms(litellm, 0.5))


def quantile_ms(counts: Sequence[int], q: float) -> float:
    """The `q` quantile (0..1) of banded latencies in milliseconds, by linear interpolation inside its band; 0 for no calls.

    What lies above the last bound counts as the last bound.

    Raises:
        ValueError: `q` is outside 0..1, or there are not as many counts as bands.
    """
    if not 0 <= q <= 1 or len(counts) != BANDS:
        raise ValueError(f"a quantile needs 0 ≤ q ≤ 1 and {BANDS} counts")
    total = sum(counts)
    if not total:
        return 0.0
    rank = q * total
    below = 0
    for band, count in enumerate(counts):
        if count and below + count >= rank:
            lower = BOUNDS_MS[band - 1] if band else 0.0
            upper = BOUNDS_MS[min(band, len(BOUNDS_MS) - 1)]
            return lower + (upper - lower) * max(0.0, rank - below) / count
        below += count
    return BOUNDS_MS[-1]


def _record(key: _Key, row: _Row) -> dict[str, Any]:
    minute, model, front_end = key
    return {
        "minute": datetime.fromtimestamp(minute * 60, UTC),
        "model": model,
        "front_end": front_end,
        "requests": row.requests,
        "errors": row.errors,
        "proxy_ms_counts": list(row.proxy_counts),
        "litellm_ms_counts": list(row.litellm_counts),
    }
