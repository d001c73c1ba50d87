"""Reads the credit transactions of all users, for staff."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from solaris.platform.http.date_params import check_days
from solaris.platform.http.pagination import BEFORE_THE_NEWEST, Cursor
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql


@dataclass(frozen=True, slots=True)
class TransactionFilter:
    """Filters by the customer's days, inclusive; InvalidInput if the last is before the first."""

    user_id: UUID | None = None
    transaction_type: str | None = None
    actor_id: UUID | None = None
    first_day: date | None = None
    last_day: date | None = None

    def __post_init__(self) -> None:
        check_days(self.first_day, self.last_day)


@dataclass(frozen=True, slots=True)
class StaffTransaction:
    """A transaction with its user, its actor (None: the system), and its request, if any."""

    id: UUID
    user_id: UUID
    user_name: str
    user_email: str | None
    transaction_type: str
    tokens_added: int
    amount_paid: Decimal
    note: str
    created_at: datetime
    actor_id: UUID | None
    actor_name: str | None
    ticket_number: str | None
    package_id: str | None

    @property
    def position(self) -> Cursor:
        """The transaction's position in the list, newest first."""
        return Cursor(self.created_at, self.id)


class TransactionReader:
    """Reads transactions. Raises `StoreUnavailable` if PostgreSQL does not answer in time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, filters: TransactionFilter, after: Cursor | None, limit: int) -> list[StaffTransaction]:
        """Up to `limit` transactions after the cursor, newest first."""
        start = after or BEFORE_THE_NEWEST
        rows = await self._database.fetch(
            load_sql("credits", "staff_transactions_page"),
            filters.user_id,
            filters.transaction_type,
            filters.actor_id,
            filters.first_day or date.min,
            filters.last_day or date.max,
            start.at,
            start.id,
            limit,
        )
        return [StaffTransaction(**dict(row)) for row in rows]
