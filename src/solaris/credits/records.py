"""What the credits room hands out."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from solaris.platform.http.pagination import Cursor


class Urgency(StrEnum):
    """How soon the asker needs the credits."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class RequestState(StrEnum):
    """Where a credit request stands; only `pending` changes."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Package:
    """Tokens on sale at a price; `badge` is a word of praise for the card, where there is one."""

    id: str
    name: str
    tokens: int
    amount_brl: Decimal
    badge: str | None


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """A user's wish to buy credits, decided by staff. `amount_brl` is None where no package fixes the price."""

    id: UUID
    ticket_number: str
    package_id: str | None
    tokens: int
    amount_brl: Decimal | None
    note: str
    urgency: Urgency
    state: RequestState
    created_at: datetime
    decided_at: datetime | None
    decision_reason: str | None

    @property
    def position(self) -> Cursor:
        """Where the request stands in the list, newest first."""
        return Cursor(self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class RequestCreate:
    """A request to make: either a package or an amount of tokens."""

    user_id: UUID
    package_id: str | None
    tokens: int | None
    note: str
    urgency: Urgency
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class CreditTransaction:
    """One line of the user's credits: what was added (negative: taken back), and what was paid for it."""

    id: UUID
    transaction_type: str
    tokens_added: int
    amount_brl: Decimal
    note: str
    created_at: datetime

    @property
    def position(self) -> Cursor:
        """Where the transaction stands in the list, newest first."""
        return Cursor(self.created_at, self.id)
