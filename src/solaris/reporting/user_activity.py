"""One user's daily usage and sent alerts."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from solaris.domain.errors import InvalidInput
from solaris.platform.http.pagination import BEFORE_THE_NEWEST, Cursor
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

MAX_DAYS = 400


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """One of the customer's days.

    `tokens_remaining`: after the day's last charge; None on a day without charges.
    """

    usage_date: date
    tokens_used: int
    tokens_remaining: int | None


@dataclass(frozen=True, slots=True)
class SentAlert:
    """A crossed threshold of which the user was notified."""

    id: UUID
    period_start: date
    threshold_percent: int
    usage_percent: Decimal
    created_at: datetime
    acknowledged_at: datetime | None

    @property
    def position(self) -> Cursor:
        """The position in the list, newest first."""
        return Cursor(self.created_at, self.id)


class UserActivity:
    """Reads one user's days and alerts. Methods raise `StoreUnavailable` if PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def days(self, user_id: UUID, first_day: date, last_day: date) -> list[DailyUsage]:
        """Return every day from the first to the last, both included, in order.

        Raises:
            InvalidInput: the last day is before the first, or the days are more than `MAX_DAYS`.
        """
        if last_day < first_day:
            raise InvalidInput("A data final ('to') é anterior à data inicial ('from').", param="to")
        if (last_day - first_day).days >= MAX_DAYS:
            raise InvalidInput(f"O período pode ter no máximo {MAX_DAYS} dias. Escolha um período menor.", param="from")
        rows = await self._database.fetch(load_sql("reporting", "user_days"), user_id, first_day, last_day)
        return [DailyUsage(**dict(row)) for row in rows]

    async def alerts(self, user_id: UUID, after: Cursor | None, limit: int) -> list[SentAlert]:
        """Return up to `limit` alerts after the position, newest first."""
        start = after or BEFORE_THE_NEWEST
        rows = await self._database.fetch(load_sql("reporting", "user_alerts"), user_id, start.at, start.id, limit)
        return [SentAlert(**dict(row)) for row in rows]
