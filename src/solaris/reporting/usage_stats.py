"""Usage over time, also by user, model, plan or front end (SPEC 6, GET /admin/usage/stats)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from solaris.domain.errors import InvalidInput
from solaris.domain.periods import day_starts_at
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql
from solaris.reporting.duration_bands import BAND_BOUNDS_MS
from solaris.reporting.usage_count import UsageCount
from solaris.reporting.usage_rollup import BEFORE_ALL_EVENTS, DAYS_AROUND, with_durations

DEFAULT_DAYS = 30
MAX_DAYS = 400
MAX_DAYS_BY_HOUR = 62
MAX_ROWS_BY_USER = 50_000
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_TIMEOUT_SECONDS = 60.0
# For shorter ranges, monthly sums are too loose a bound for a user's usage.
_DAYS_BOUNDED_BY_MONTHS = 14


class Unit(StrEnum):
    """The length of a bucket."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Split(StrEnum):
    """The dimension that splits a bucket."""

    USER = "user"
    MODEL = "model"
    PLAN = "plan"
    FRONT_END = "front_end"


_ROLLUP_INSTANTS = {"usage_hours": "r.hour", "usage_days": "r.local_day::timestamptz"}

# Labels of the key '': usage without a key of its own.
_REST_LABELS = {
    Split.USER: "Outros usuários",
    Split.MODEL: "Sem modelo",
    Split.PLAN: "Sem plano",
    Split.FRONT_END: "Acesso direto",
}


@dataclass(frozen=True, slots=True)
class StatsSelection:
    """The selected usage: the customer's days from `first_day` to `last_day`, both included.

    Raises:
        InvalidInput: the order is wrong, or there are too many days or rows.
    """

    first_day: date
    last_day: date
    unit: Unit = Unit.DAY
    split: Split | None = None
    user_id: UUID | None = None
    model: str | None = None
    top: int = 50

    def __post_init__(self) -> None:
        if self.first_day > self.last_day:
            raise InvalidInput("A data inicial (from) deve vir antes da data final (to).", param="from")
        if self.first_day.year < _FIRST_YEAR or self.last_day.year > _LAST_YEAR:
            raise InvalidInput(f"As datas devem estar entre os anos {_FIRST_YEAR} e {_LAST_YEAR}.", param="from")
        days = (self.last_day - self.first_day).days + 1
        if days > MAX_DAYS:
            raise InvalidInput(f"O período pode ter no máximo {MAX_DAYS} dias. Escolha um período menor.", param="from")
        if self.unit is Unit.HOUR and days > MAX_DAYS_BY_HOUR:
            message = f"Por hora, o período pode ter no máximo {MAX_DAYS_BY_HOUR} dias. Escolha um período menor."
            raise InvalidInput(message, param="from")
        rows = days * (24 if self.unit is Unit.HOUR else 1) * (self.top + 1)
        if self.split is Split.USER and self.unit in (Unit.HOUR, Unit.DAY) and rows > MAX_ROWS_BY_USER:
            message = (
                "São linhas demais para mostrar. Escolha um período menor, menos usuários (top) ou group_by maior."
            )
            raise InvalidInput(message, param="top")


@dataclass(slots=True)
class StatsSums:
    """Sums and percentiles. Durations are milliseconds; None: unknown, or not available here."""

    usage: UsageCount = field(default_factory=UsageCount)
    revenue_brl: Decimal | None = None
    calls: int = 0
    errors: int = 0

    @property
    def error_rate(self) -> float | None:
        """Failed calls / calls of the gateway, 0..1; None without calls."""
        return round(self.errors / self.calls, 4) if self.calls else None


@dataclass(slots=True, kw_only=True)
class StatsRow(StatsSums):
    """One bucket and key.

    `key` is a user's id, a model's name, a plan's type or a front end's name; None without a split,
    and for usage without a key.
    """

    bucket_start: datetime
    key: str | None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class UsageStats:
    """The rows by time, in each bucket by tokens charged, most first; `totals` covers them all."""

    rows: Sequence[StatsRow]
    totals: StatsSums


@dataclass(slots=True)
class _Table:
    """Rows by bucket and key, created on demand."""

    rows: dict[tuple[datetime, str], StatsRow] = field(default_factory=dict)

    def at(self, bucket: datetime, key: str) -> StatsRow:
        start = bucket.astimezone(UTC)
        return self.rows.setdefault((start, key), StatsRow(bucket_start=start, key=key or None))

    def add(self, records: Iterable[asyncpg.Record]) -> None:
        for record in records:
            self.at(record["bucket"], record["key"]).usage.add(UsageCount.of(record))

    def separate_users(self, records: Iterable[asyncpg.Record]) -> None:
        """Move each user of the records from the shared row to a row of their own."""
        for record in records:
            counted = UsageCount.of(record)
            self.at(record["bucket"], "").usage.subtract(counted)
            self.at(record["bucket"], record["key"]).usage.add(counted)

    def drop_unused(self) -> None:
        self.rows = {place: row for place, row in self.rows.items() if row.usage.requests}


class UsageStatistics:
    """Counts usage in the customer's days.

    Raises `StoreUnavailable` if PostgreSQL is away or needs over a minute. Figures are exact for one
    snapshot: rollups, plus newer usage from the events.
    """

    def __init__(self, database: Database, *, zone: ZoneInfo) -> None:
        self._database = database
        self.zone = zone

    async def read(self, selection: StatsSelection) -> UsageStats:
        """Return the statistics.

        Revenue is available by time, user and plan, without a model filter; the error rate by time,
        model and front end, without a user filter. Without a split every bucket has a row. A plan is
        the user's plan at the time of the request.
        """
        async with (
            self._database.connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return await self._read(_Reading(connection, self.zone, selection))

    async def _read(self, reading: "_Reading") -> UsageStats:
        selection, table = reading.selection, _Table()
        top = await reading.top_users()
        table.add(await reading.usage())
        if selection.split is Split.USER and selection.user_id is None:
            table.separate_users(await reading.events(reading.selection.first_day, BEFORE_ALL_EVENTS, top))
            table.drop_unused()
        totals = StatsSums()
        for row in table.rows.values():
            totals.usage.add(row.usage)
        if selection.split is None:
            for start in self._buckets(selection):
                table.at(start, "")
        _add_revenue(table, totals, await reading.revenue(top))
        _add_traffic(table, totals, await reading.traffic())
        rows = sorted(table.rows.values(), key=lambda row: (row.bucket_start, -row.usage.tokens_charged, row.key or ""))
        if selection.split is not None:
            _add_labels(rows, selection.split, await reading.labels(top))
        return UsageStats(rows, totals)

    def _buckets(self, selection: StatsSelection) -> Iterator[datetime]:
        if selection.unit is Unit.HOUR:
            start, end = (
                day_starts_at(day, self.zone) for day in (selection.first_day, selection.last_day + timedelta(days=1))
            )
            while start < end:
                yield start
                start += timedelta(hours=1)
            return
        days = (
            selection.first_day + timedelta(days=n) for n in range((selection.last_day - selection.first_day).days + 1)
        )
        for day in sorted({_bucket_day(day, selection.unit) for day in days}):
            yield day_starts_at(day, self.zone)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The statements of one result, on one snapshot."""

    connection: Connection
    zone: ZoneInfo
    selection: StatsSelection

    async def top_users(self) -> list[UUID]:
        selection = self.selection
        if selection.split is not Split.USER:
            return []
        if selection.user_id is not None:
            return [selection.user_id]
        source = "sum_of_days" if selection.model is None else "sum_of_events"
        statement = load_sql("reporting", "usage_stats_top_users")
        statement = statement.replace("{sum}", load_sql("reporting", f"usage_stats_{source}"))
        by_months = (selection.last_day - selection.first_day).days >= _DAYS_BOUNDED_BY_MONTHS
        rows = await self._fetch_text(
            statement, selection.first_day, selection.last_day, selection.model, selection.top, by_months
        )
        return [row["user_id"] for row in rows]

    async def usage(self) -> list[asyncpg.Record]:
        """Return the usage of all users together, or of the selected user."""
        selection = self.selection
        if selection.user_id is not None:
            return await self.events(selection.first_day, BEFORE_ALL_EVENTS, [selection.user_id])
        rolled_until = await self._rolled_until()
        if rolled_until is None:
            return await self.events(selection.first_day, BEFORE_ALL_EVENTS, None)
        statement = with_durations(load_sql("reporting", "usage_stats_rollup")).replace(
            "{table}", _rollup_table(selection)
        )
        statement = statement.replace("{instant}", _ROLLUP_INSTANTS[_rollup_table(selection)])
        values = (selection.first_day, selection.last_day, selection.model)
        rolled = await self._fetch_text(statement, selection.unit.value, self._all_users_split, *values)
        day = max(selection.first_day, rolled_until.astimezone(self.zone).date() - DAYS_AROUND)
        return rolled + (await self.events(day, rolled_until, None) if day <= selection.last_day else [])

    async def events(self, first_day: date, since: datetime, users: Sequence[UUID] | None) -> list[asyncpg.Record]:
        selection = self.selection
        split = self._all_users_split if users is None else _split(selection)
        # The days select the events; the lower bound in time lets an index find those of a user.
        since = max(since, day_starts_at(first_day - DAYS_AROUND, self.zone))
        values = (first_day, selection.last_day, selection.model, users, since, BAND_BOUNDS_MS)
        return await self._fetch("events", selection.unit.value, split, *values)

    async def revenue(self, top: Sequence[UUID]) -> list[asyncpg.Record] | None:
        selection = self.selection
        if selection.split in (Split.MODEL, Split.FRONT_END) or selection.model is not None:
            return None
        days = (selection.first_day, selection.last_day)
        return await self._fetch("revenue", selection.unit.value, _split(selection), *days, selection.user_id, top)

    async def traffic(self) -> list[asyncpg.Record]:
        selection = self.selection
        if selection.split in (Split.USER, Split.PLAN) or selection.user_id is not None:
            return []
        days = (selection.first_day, selection.last_day)
        return await self._fetch(
            "traffic", selection.unit.value, _split(selection), *days, selection.model, self._has_whole_hours()
        )

    async def labels(self, top: Sequence[UUID]) -> dict[str, str]:
        if self.selection.split not in (Split.USER, Split.PLAN):
            return {}
        return {row["key"]: row["label"] for row in await self._fetch("labels", self.selection.split.value, top)}

    @property
    def _all_users_split(self) -> str:
        # Users with rows of their own are separated afterwards.
        return "none" if self.selection.split is Split.USER else _split(self.selection)

    async def _rolled_until(self) -> datetime | None:
        if self.selection.unit is Unit.HOUR and not self._has_whole_hours():
            return None
        rolled_until: datetime | None = await self.connection.fetchval(
            "SELECT usage_rolled_until FROM rollup_progress WHERE isfinite(usage_rolled_until)"
        )
        return rolled_until

    def _has_whole_hours(self) -> bool:
        """Return whether the zone's hours align with UTC hours, which the rollups use."""
        days = (self.selection.first_day, self.selection.last_day + timedelta(days=1))
        offsets = [day_starts_at(day, self.zone).astimezone(self.zone).utcoffset() for day in days]
        return not any(offset % timedelta(hours=1) for offset in offsets if offset is not None)

    async def _fetch(self, name: str, *values: object) -> list[asyncpg.Record]:
        return await self._fetch_text(load_sql("reporting", f"usage_stats_{name}"), *values)

    async def _fetch_text(self, statement: str, *values: object) -> list[asyncpg.Record]:
        # A custom plan: a generic one joins tables of other splits and reads every partition.
        await self.connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        return await self.connection.fetch(statement, *values, timeout=_TIMEOUT_SECONDS)


def _rollup_table(selection: StatsSelection) -> str:
    return "usage_hours" if selection.unit is Unit.HOUR else "usage_days"


def _bucket_day(day: date, unit: Unit) -> date:
    if unit is Unit.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit is Unit.MONTH else day


def _split(selection: StatsSelection) -> str:
    return "none" if selection.split is None else selection.split.value


def _add_revenue(table: _Table, totals: StatsSums, revenue: Iterable[asyncpg.Record] | None) -> None:
    if revenue is None:
        return
    totals.revenue_brl = Decimal(0)
    for record in revenue:
        table.at(record["bucket"], record["key"]).revenue_brl = record["revenue_brl"]
        totals.revenue_brl += record["revenue_brl"]
    for row in table.rows.values():
        row.revenue_brl = row.revenue_brl or Decimal(0)


def _add_traffic(table: _Table, totals: StatsSums, traffic: Iterable[asyncpg.Record]) -> None:
    for record in traffic:
        for row in (table.at(record["bucket"], record["key"]), totals):
            row.calls += record["calls"]
            row.errors += record["errors"]


def _add_labels(rows: Iterable[StatsRow], split: Split, labels: Mapping[str, str]) -> None:
    for row in rows:
        row.label = _REST_LABELS[split] if row.key is None else labels.get(row.key, row.key)
