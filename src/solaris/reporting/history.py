"""One user's usage: request by request, summed by hour, day or model, and one request with its arithmetic."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from solaris.domain.errors import InvalidInput, NotFound
from solaris.platform.http.date_params import check_days
from solaris.platform.http.pagination import BEFORE_THE_NEWEST, Cursor
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql
from solaris.reporting.receipts import UsageReceipt, receipt_of

MAX_EXPORTED_ROWS = 100_000
MAX_GROUPS = 2_000
_ROWS_PER_READ = 1_000


class HistoryGroup(StrEnum):
    """What a history can be summed by; hours and days are the customer's, models those asked for."""

    HOUR = "hour"
    DAY = "day"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Whose usage, on which of the customer's days (both included), and for which model asked.

    Raises InvalidInput where the days end before they begin, or the model can't be one.
    """

    user_id: UUID
    first_day: date | None = None
    last_day: date | None = None
    model: str | None = None

    def __post_init__(self) -> None:
        check_days(self.first_day, self.last_day)
        if "\x00" in (self.model or ""):
            raise InvalidInput("O modelo não pode conter o caractere nulo.", param="model")

    @property
    def values(self) -> tuple[object, ...]:
        """The first four values of the room's history statements."""
        return self.user_id, self.first_day or date.min, self.last_day or date.max, self.model


@dataclass(frozen=True, slots=True)
class UsageSum:
    """The use of one hour (aware UTC datetime), day (date) or model (its name)."""

    key: datetime | date | str
    requests: int
    input_tokens: int
    output_tokens: int
    tokens_charged: int


class UsageHistory:
    """Reads usage events of one user at a time. Every method raises `StoreUnavailable` when PostgreSQL does not answer in time."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self.zone = zone

    async def page(self, wanted: HistoryFilter, after: Cursor | None, limit: int) -> list[UsageReceipt]:
        """Up to `limit` receipts after the position, newest first."""
        start = after or BEFORE_THE_NEWEST
        rows = await self._database.fetch(
            load_sql("reporting", "history_events"), *wanted.values, start.at, start.id, limit
        )
        return [receipt_of(row) for row in rows]

    async def pages(self, wanted: HistoryFilter) -> AsyncIterator[list[UsageReceipt]]:
        """The whole history in pages, at most `MAX_EXPORTED_ROWS` + 1 receipts: the last one tells that there are more.

        No connection is held between two pages.
        """
        after: Cursor | None = None
        wanted_rows = MAX_EXPORTED_ROWS + 1
        while wanted_rows > 0:
            limit = min(_ROWS_PER_READ, wanted_rows)
            rows = await self.page(wanted, after, limit)
            yield rows
            if len(rows) < limit:
                return
            wanted_rows -= len(rows)
            after = rows[-1].position

    async def sums(self, wanted: HistoryFilter, group_by: HistoryGroup, limit: int) -> list[UsageSum]:
        """Up to `limit` sums: hours and days newest first, models by tokens charged."""
        rows = await self._database.fetch(load_sql("reporting", "history_sums"), *wanted.values, group_by.value, limit)
        return [
            UsageSum(
                row[group_by.value], row["requests"], row["input_tokens"], row["output_tokens"], row["tokens_charged"]
            )
            for row in rows
        ]

    async def receipt(self, user_id: UUID, request_id: str) -> UsageReceipt:
        """One request of that user.

        Raises:
            NotFound: he has no settled request with that id, whoever else may have one.
        """
        row = None
        if "\x00" not in request_id:
            row = await self._database.fetchrow(load_sql("reporting", "receipt_of_request"), user_id, request_id)
        if row is None:
            raise NotFound(
                "Não há requisição cobrada com este identificador neste extrato. Confira o código na lista.",
                code="request_not_found",
                param="request_id",
            )
        return receipt_of(row)
