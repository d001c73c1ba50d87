"""Credit transactions of all users, as staff read them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from solaris.domain.errors import InvalidInput
from solaris.platform.paging import Position
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

_BEFORE_THE_NEWEST = Position(datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))


@dataclass(frozen=True, slots=True)
class TransactionFilter:
    """Which transactions. Days are the customer's, both included. Raises InvalidInput where they end before they begin."""

    user_id: UUID | None = None
    transaction_type: str | None = None
    actor_id: UUID | None = None
    first_day: date | None = None
    last_day: date | None = None

    def __post_init__(self) -> None:
        if self.first_day is not None and self.last_day is not None and self.last_day < self.first_day:
            raise InvalidInput("A data final ('to') é anterior à data inicial ('from').", param="to")


@dataclass(frozen=True, slots=True)
class StaffTransaction:
    """One transaction, with whose it is, who made it (None: the system), and the request that led to it."""

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
    def position(self) -> Position:
        """Where the transaction stands in the list, newest first."""
        return Position(self.created_at, self.id)


class TransactionBook:
    """Reads transactions. Every method raises `StoreUnavailable` when PostgreSQL does not answer in time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, wanted: TransactionFilter, after: Position | None, limit: int) -> list[StaffTransaction]:
        """Up to `limit` transactions after the position, newest first."""
        start = after or _BEFORE_THE_NEWEST
        rows = await self._database.fetch(
            load_sql("credits", "staff_transactions_page"),
            wanted.user_id,
            wanted.transaction_type,
            wanted.actor_id,
            wanted.first_day or date.min,
            wanted.last_day or date.max,
            start.at,
            start.id,
            limit,
        )
        return [StaffTransaction(**dict(row)) for row in rows]
