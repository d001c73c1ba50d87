"""One user's usage: by request, summed by hour, day or model, and one request's receipt."""

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
    """Groupings of a history: hours and days of the customer's zone, or requested models."""

    HOUR = "hour"
    DAY = "day"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """The user, the range of the customer's days (both included), and the requested model.

    Raises:
        InvalidInput: the last day is before the first, or the model contains a NUL.
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
        """The first four parameters of the history statements."""
        return self.user_id, self.first_day or date.min, self.last_day or date.max, self.model


@dataclass(frozen=True, slots=True)
class UsageSum:
    """The use in one hour (aware UTC datetime), on one day (date) or of one model (name)."""

    key: datetime | date | str
    requests: int
    input_tokens: int
    output_tokens: int
    tokens_charged: int


class UsageHistory:
    """Reads usage events of one user.

    Every method raises `StoreUnavailable` if PostgreSQL is away.
    """

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self.zone = zone

    async def page(self, wanted: HistoryFilter, after: Cursor | None, limit: int) -> list[UsageReceipt]:
        """Return up to `limit` receipts after the position, newest first."""
        start = after or BEFORE_THE_NEWEST
        rows = await self._database.fetch(
            load_sql("reporting", "history_events"), *wanted.values, start.at, start.id, limit
        )
        return [receipt_of(row) for row in rows]

    async def pages(self, wanted: HistoryFilter) -> AsyncIterator[list[UsageReceipt]]:
        """Yield the history in pages, at most `MAX_EXPORTED_ROWS` + 1 receipts.

        The extra receipt shows that there are more. No connection is held between two pages.
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
        """Return up to `limit` sums: hours and days newest first, models by tokens charged."""
        rows = await self._database.fetch(load_sql("reporting", "history_sums"), *wanted.values, group_by.value, limit)
        return [
            UsageSum(
                row[group_by.value], row["requests"], row["input_tokens"], row["output_tokens"], row["tokens_charged"]
            )
            for row in rows
        ]

    async def receipt(self, user_id: UUID, request_id: str) -> UsageReceipt:
        """Return one request's receipt.

        Raises:
            NotFound: this user has no settled request with that id.
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
