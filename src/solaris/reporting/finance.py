"""Credits sold, given and spent, and revenue (SPEC 11, Financeiro).

Money is BRL, days are in the customer's time zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

import asyncpg

from solaris.domain.errors import InvalidInput
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql

MAX_DAYS = 800
_TIMEOUT_SECONDS = 60.0
_CENT = Decimal("0.01")


class FinanceUnit(StrEnum):
    """The length of a bucket."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class FinanceSelection:
    """The customer's days from `first_day` to `last_day`, both included.

    Raises:
        InvalidInput: the order is wrong, or the days are more than `MAX_DAYS`.
    """

    first_day: date
    last_day: date
    unit: FinanceUnit = FinanceUnit.DAY

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise InvalidInput("A data final ('to') é anterior à data inicial ('from').", param="to")
        if self.days > MAX_DAYS:
            raise InvalidInput(f"O período pode ter no máximo {MAX_DAYS} dias. Escolha um período menor.", param="from")

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last_day - self.first_day).days + 1

    @property
    def before(self) -> "FinanceSelection":
        """The period of equal length right before this one."""
        return FinanceSelection(
            self.first_day - timedelta(days=self.days), self.first_day - timedelta(days=1), self.unit
        )


@dataclass(frozen=True, slots=True)
class FinanceSums:
    """Sums of one period. Revenue is payments for purchases minus refunds; gifts never count."""

    revenue_brl: Decimal
    refunds_brl: Decimal
    purchases: int
    buyers: int
    tokens_sold: int
    tokens_given: int
    tokens_taken_back: int
    credits_spent: int

    @property
    def average_ticket_brl(self) -> Decimal | None:
        """Mean payment per purchase, without refunds, rounded to cents; None without purchases."""
        if self.purchases == 0:
            return None
        sold = self.revenue_brl + self.refunds_brl
        return (sold / self.purchases).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class FinanceBucket:
    """The sums of one day or month."""

    first_day: date
    sums: FinanceSums


@dataclass(frozen=True, slots=True)
class TypeSums:
    """The sums of one transaction type."""

    transaction_type: str
    transactions: int
    tokens_added: int
    amount_paid: Decimal


@dataclass(frozen=True, slots=True)
class PackageSums:
    """The purchases of one package; `package_id` None: purchases without a package."""

    package_id: str | None
    name: str | None
    purchases: int
    tokens: int
    revenue_brl: Decimal


@dataclass(frozen=True, slots=True)
class OpenRequests:
    """The open credit requests."""

    requests: int
    tokens: int
    amount_brl: Decimal
    oldest_created_at: datetime | None


@dataclass(frozen=True, slots=True)
class FinanceReport:
    """The report of one range; `previous` is the period of equal length before it."""

    totals: FinanceSums
    previous: FinanceSums
    buckets: Sequence[FinanceBucket]
    by_type: Sequence[TypeSums]
    by_package: Sequence[PackageSums]
    open_requests: OpenRequests


class Finance:
    """Reads finance reports.

    Raises `StoreUnavailable` if PostgreSQL is away or needs over a minute.
    """

    def __init__(self, database: Database, *, zone: ZoneInfo) -> None:
        self._database = database
        self.zone = zone

    async def read(self, selection: FinanceSelection) -> FinanceReport:
        """Return the report of one snapshot; every day or month of the range has a bucket."""
        async with (
            self._database.connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            buckets = await _fetch(
                connection, "finance_buckets", selection.first_day, selection.last_day, selection.unit.value
            )
            by_type = await _fetch(connection, "finance_types", selection.first_day, selection.last_day)
            by_package = await _fetch(connection, "finance_packages", selection.first_day, selection.last_day)
            waiting = (await _fetch(connection, "finance_open_requests"))[0]
            return FinanceReport(
                await _sums(connection, selection),
                await _sums(connection, selection.before),
                [FinanceBucket(row["first_day"], _sums_of(row)) for row in buckets],
                [TypeSums(**dict(row)) for row in by_type],
                [PackageSums(**dict(row)) for row in by_package],
                OpenRequests(**dict(waiting)),
            )


async def _sums(connection: Connection, selection: FinanceSelection) -> FinanceSums:
    return _sums_of((await _fetch(connection, "finance_buckets", selection.first_day, selection.last_day, "all"))[0])


async def _fetch(connection: Connection, name: str, *values: object) -> list[asyncpg.Record]:
    return await connection.fetch(load_sql("reporting", name), *values, timeout=_TIMEOUT_SECONDS)


def _sums_of(row: asyncpg.Record) -> FinanceSums:
    return FinanceSums(**{name: row[name] for name in FinanceSums.__slots__})
