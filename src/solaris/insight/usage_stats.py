"""Usage by time, and by user, model, plan or front end (SPEC 6, GET /admin/usage/stats)."""

import asyncio
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
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

DEFAULT_DAYS = 30
MOST_DAYS = 400
MOST_DAYS_BY_HOUR = 62
MOST_ROWS_BY_USER = 50_000
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_TIMEOUT_SECONDS = 60.0


class Unit(StrEnum):
    """How long a bucket is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Split(StrEnum):
    """What a bucket is split by."""

    USER = "user"
    MODEL = "model"
    PLAN = "plan"
    FRONT_END = "front_end"


# How the key '' of a split reads: what belongs to no key of its own.
_REST_LABELS = {
    Split.USER: "Outros usuários",
    Split.MODEL: "Sem modelo",
    Split.PLAN: "Sem plano",
    Split.FRONT_END: "Acesso direto",
}


@dataclass(frozen=True, slots=True)
class StatsOrder:
    """What to count: the customer's days from `first_day` to `last_day`, both included.

    Raises:
        InvalidInput: the days are the wrong way round, or too many.
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
        if days > MOST_DAYS:
            raise InvalidInput(
                f"O período pode ter no máximo {MOST_DAYS} dias. Escolha um período menor.", param="from"
            )
        if self.unit is Unit.HOUR and days > MOST_DAYS_BY_HOUR:
            message = f"Por hora, o período pode ter no máximo {MOST_DAYS_BY_HOUR} dias. Escolha um período menor."
            raise InvalidInput(message, param="from")
        rows = days * (24 if self.unit is Unit.HOUR else 1) * (self.top + 1)
        if self.split is Split.USER and self.unit in (Unit.HOUR, Unit.DAY) and rows > MOST_ROWS_BY_USER:
            message = (
                "São linhas demais para mostrar. Escolha um período menor, menos usuários (top) ou group_by maior."
            )
            raise InvalidInput(message, param="top")


@dataclass(slots=True)
class StatsSums:
    """Sums and percentiles. Durations are milliseconds; None: not known, or not told apart this way."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    tokens_charged: int = 0
    cost_usd: Decimal = Decimal(0)
    revenue_brl: Decimal | None = None
    calls: int = 0
    errors: int = 0
    p50_ms: int | None = None
    p95_ms: int | None = None
    p99_ms: int | None = None

    @property
    def error_rate(self) -> float | None:
        """Failed calls / calls of the gateway, 0..1; None where no call was noted."""
        return round(self.errors / self.calls, 4) if self.calls else None


@dataclass(slots=True, kw_only=True)
class StatsRow(StatsSums):
    """One bucket and key.

    `key` is a user's id, a model's name, a plan's type or a front end's name; None without a split, and for what has none.
    """

    bucket_start: datetime
    key: str | None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class UsageStats:
    """The rows in the order of time, in each bucket the most charged first; `totals` is over everything that was asked for."""

    rows: Sequence[StatsRow]
    totals: StatsSums


@dataclass(slots=True)
class _Table:
    """Rows by bucket and key, made as they are met."""

    rows: dict[tuple[datetime, str], StatsRow] = field(default_factory=dict)

    def at(self, bucket: datetime, key: str) -> StatsRow:
        start = bucket.astimezone(UTC)
        return self.rows.setdefault((start, key), StatsRow(bucket_start=start, key=key or None))


class UsageStatistics:
    """Counts usage in the customer's days. Raises `StoreUnavailable` where PostgreSQL is away or takes over a minute."""

    def __init__(self, database: Database, *, zone: ZoneInfo) -> None:
        self._database = database
        self.zone = zone

    async def read(self, order: StatsOrder) -> UsageStats:
        """What was used.

        Revenue is told by time, user and plan, where no model is asked for; the error rate by time, model and front end, where no
        user is asked for. Without a split every bucket has a row. A user's plan is the one he has now.
        """
        top = await self._top_users(order)
        events, revenue, traffic, labels = await asyncio.gather(
            self._events(order, top), self._revenue(order, top), self._traffic(order), self._labels(order, top)
        )
        table, totals = _Table(), StatsSums()
        if order.split is None:
            for start in self._buckets(order):
                table.at(start, "")
        for record in events:
            _count(totals if record["is_total"] else table.at(record["bucket"], record["key"]), record)
        _add_revenue(table, totals, revenue)
        _add_traffic(table, totals, traffic)
        rows = sorted(table.rows.values(), key=lambda row: (row.bucket_start, -row.tokens_charged, row.key or ""))
        if order.split is not None:
            _name(rows, order.split, labels)
        return UsageStats(rows, totals)

    async def _top_users(self, order: StatsOrder) -> list[UUID]:
        if order.split is not Split.USER:
            return []
        if order.user_id is not None:
            return [order.user_id]
        rows = await self._fetch("top_users", order.first_day, order.last_day, order.model, order.top)
        return [row["user_id"] for row in rows]

    async def _events(self, order: StatsOrder, top: Sequence[UUID]) -> list[asyncpg.Record]:
        days = (order.first_day, order.last_day)
        return await self._fetch("events", *_grouping(order), *days, order.user_id, order.model, top)

    async def _revenue(self, order: StatsOrder, top: Sequence[UUID]) -> list[asyncpg.Record] | None:
        if order.split in (Split.MODEL, Split.FRONT_END) or order.model is not None:
            return None
        return await self._fetch("revenue", *_grouping(order), order.first_day, order.last_day, order.user_id, top)

    async def _traffic(self, order: StatsOrder) -> list[asyncpg.Record]:
        if order.split in (Split.USER, Split.PLAN) or order.user_id is not None:
            return []
        return await self._fetch("traffic", *_grouping(order), order.first_day, order.last_day, order.model)

    async def _labels(self, order: StatsOrder, top: Sequence[UUID]) -> dict[str, str]:
        if order.split not in (Split.USER, Split.PLAN):
            return {}
        rows = await self._fetch("labels", order.split.value, top)
        return {row["key"]: row["label"] for row in rows}

    async def _fetch(self, name: str, *values: object) -> list[asyncpg.Record]:
        async with self._database.connection() as connection:
            return await connection.fetch(load_sql("insight", f"usage_stats_{name}"), *values, timeout=_TIMEOUT_SECONDS)

    def _buckets(self, order: StatsOrder) -> Iterator[datetime]:
        if order.unit is Unit.HOUR:
            start, end = (
                day_starts_at(day, self.zone) for day in (order.first_day, order.last_day + timedelta(days=1))
            )
            while start < end:
                yield start
                start += timedelta(hours=1)
            return
        days = (order.first_day + timedelta(days=n) for n in range((order.last_day - order.first_day).days + 1))
        for day in sorted({_bucket_day(day, order.unit) for day in days}):
            yield day_starts_at(day, self.zone)


def _bucket_day(day: date, unit: Unit) -> date:
    if unit is Unit.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit is Unit.MONTH else day


def _grouping(order: StatsOrder) -> tuple[str, str]:
    return order.unit.value, "none" if order.split is None else order.split.value


def _count(row: StatsSums, record: asyncpg.Record) -> None:
    for name in (
        "requests",
        "input_tokens",
        "output_tokens",
        "tokens_charged",
        "cost_usd",
        "p50_ms",
        "p95_ms",
        "p99_ms",
    ):
        setattr(row, name, record[name])


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


def _name(rows: Iterable[StatsRow], split: Split, labels: Mapping[str, str]) -> None:
    for row in rows:
        row.label = _REST_LABELS[split] if row.key is None else labels.get(row.key, row.key)
