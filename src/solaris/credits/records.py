"""Records that the services of this package return."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from solaris.platform.http.pagination import Cursor


class Urgency(StrEnum):
    """How soon the user needs the credits."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class RequestState(StrEnum):
    """The state of a credit request; only `pending` can change."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Package:
    """A package of tokens on sale; `badge` is an optional label, such as "mais popular"."""

    id: str
    name: str
    tokens: int
    amount_brl: Decimal
    badge: str | None


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """A user's request for credits, which staff decide. `amount_brl` is None without a package."""

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
        """The request's position in the list, newest first."""
        return Cursor(self.created_at, self.id)


@dataclass(frozen=True, slots=True)
class RequestCreate:
    """A request to create: either for a package or for a number of tokens."""

    user_id: UUID
    package_id: str | None
    tokens: int | None
    note: str
    urgency: Urgency
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class CreditTransaction:
    """A change of the user's credits (negative: removed), and the amount paid."""

    id: UUID
    transaction_type: str
    tokens_added: int
    amount_brl: Decimal
    note: str
    created_at: datetime

    @property
    def position(self) -> Cursor:
        """The transaction's position in the list, newest first."""
        return Cursor(self.created_at, self.id)
