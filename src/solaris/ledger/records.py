"""What goes into the account book and what comes out of it.

Named tuples where every call makes one: they are made several times faster than frozen dataclasses.
"""

import random
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from solaris.domain.tokens import TokenCounts, Weights, tokens_charged
from solaris.domain.wallet import UserState, Wallet

ANY_NUMBER_OF_CALLS = 2_147_483_647


def _new_attempt() -> str:
    return f"{random.getrandbits(64):016x}"


# PostgreSQL takes no NUL; the other two keep the texts of a list apart (ledger/lists.py).
_UNSTORABLE = dict.fromkeys((0x00, 0x1E, 0x1F))


def storable(text: str | None) -> str | None:
    """Text that can be written down: what a stranger wrote must never keep a call from being charged."""
    if text is None or text.isprintable():
        return text
    return text.encode(errors="replace").decode().translate(_UNSTORABLE)


# The columns of a usage event that its ending decides, in the order of the settling functions' parameters.
RECORD_COLUMNS = (
    "tokens_charged",
    "input_tokens",
    "cached_input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "ending",
    "estimated",
    "model_answered",
    "cost_usd",
    "first_byte_ms",
    "duration_ms",
)


class Ending(StrEnum):
    """How a call ended (DESIGN 3.7). `OUT_OF_TOKENS`: a stream that the wallet could not follow any more was ended at its hold."""

    COMPLETE = "complete"
    NO_USAGE = "no_usage"
    UPSTREAM_ERROR = "upstream_error"
    CLIENT_GONE = "client_gone"
    PROXY_GONE = "proxy_gone"
    OUT_OF_TOKENS = "out_of_tokens"


class TransactionType(StrEnum):
    """Kinds of grant (SPEC 2)."""

    PURCHASE = "purchase"
    BONUS = "bonus"
    ADJUSTMENT = "adjustment"
    REFUND = "refund"
    COMPENSATION = "compensation"


class Call(NamedTuple):
    """What is known of a call before it is made; kept with the hold, so that any process can settle it.

    `counted_tokens`: what our tokenizer counted of a prompt of nothing but text; no part of the event, but prompt factors are
    learned from it.
    """

    route: str
    model_asked: str
    weights: Weights = Weights()
    conversion_factor: Decimal = Decimal(1)
    client: str | None = None
    front_end_key_id: UUID | None = None
    conversation_id: str | None = None
    trace_id: str | None = None
    counted_tokens: int | None = None

    @property
    def costs_what_it_counts(self) -> bool:
        """Whether a token of every kind costs exactly one token."""
        return self.weights.all_one and self.conversion_factor == 1

    def charge_for(self, counts: TokenCounts) -> int:
        """Tokens charged for these counts (SPEC 4)."""
        return tokens_charged(counts, self.weights, self.conversion_factor)

    def as_record(self) -> dict[str, Any]:
        """The event's columns that the call decides."""
        return {
            "route": self.route,
            "model_asked": self.model_asked,
            "input_weight": str(self.weights.input),
            "cached_input_weight": str(self.weights.cached_input),
            "output_weight": str(self.weights.output),
            "reasoning_weight": str(self.weights.reasoning),
            "conversion_factor": str(self.conversion_factor),
            "client": storable(self.client),
            "front_end_key_id": None if self.front_end_key_id is None else str(self.front_end_key_id),
            "conversation_id": storable(self.conversation_id),
            "trace_id": self.trace_id,
            "counted_tokens": self.counted_tokens,
        }


@dataclass(slots=True, eq=False)
class HoldCreate:
    """A wish to set tokens aside: at least `least`, at most `most` (tokens charged, not provider tokens).

    Beyond `least` it gets at most one `share`-th of what is free, so that it does not take what the user's other calls need. It is
    refused where `max_calls` of the user's calls are in progress.
    `fingerprint` tells one body from another, so that a request id is never used for two. `attempt` tells this order from a
    repeat of it, so that giving back a hold of unknown fate never ends somebody else's.
    """

    user_id: UUID
    request_id: str
    fingerprint: str
    least: int
    most: int
    input_tokens: int
    call: Call
    share: int = 1
    max_calls: int = ANY_NUMBER_OF_CALLS
    attempt: str = field(default_factory=_new_attempt)

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most:
            raise ValueError("a hold needs 0 ≤ least ≤ most")

    @property
    def needed(self) -> int:
        """Free tokens with which all of `most` is granted."""
        least, most = self.least or 1, self.most or 1
        return least + (most - least) * self.share


class Hold(NamedTuple):
    """Tokens set aside for one call. `repeated` says that an earlier order with the same request id made it."""

    user_id: UUID
    request_id: str
    tokens: int
    state: str
    repeated: bool
    call: Call
    wallet: Wallet


class Extension(NamedTuple):
    """A wish to grow an open hold to `most` tokens; `least` of them are used already."""

    user_id: UUID
    request_id: str
    least: int
    most: int


class Usage(NamedTuple):
    """What a call really used, and how it ended."""

    counts: TokenCounts
    ending: Ending
    estimated: bool
    model_answered: str | None = None
    cost_usd: Decimal | None = None
    first_byte_ms: int | None = None
    duration_ms: int | None = None

    def as_row(self, charged: int) -> tuple[Any, ...]:
        """The event's columns that the ending decides, in the order of `RECORD_COLUMNS`."""
        counts, ending, estimated, model_answered, cost_usd, first_byte_ms, duration_ms = self
        return (
            charged,
            counts.input,
            counts.cached_input,
            counts.output,
            counts.reasoning,
            ending._value_,
            estimated,
            storable(model_answered),
            None if cost_usd is None else str(cost_usd),
            first_byte_ms,
            duration_ms,
        )

    def as_record(self, charged: int) -> dict[str, Any]:
        """`as_row` with the columns' names."""
        return dict(zip(RECORD_COLUMNS, self.as_row(charged), strict=True))


class Charge(NamedTuple):
    """The effect of one settled request. `repeated` says that it was settled before and nothing changed now.

    `tokens_remaining` is what remained right after it; `wallet` is the present one, which may be later. `crossed_percent`: the
    thresholds that this charge crossed first, ascending; empty on a repeat.
    """

    request_id: str
    event_id: UUID
    tokens_charged: int
    allowance_part: int
    credits_part: int
    overage: int
    tokens_remaining: int
    occurred_at: datetime
    model_asked: str
    crossed_percent: tuple[int, ...]
    repeated: bool
    wallet: Wallet


@dataclass(frozen=True, slots=True)
class GrantCreate:
    """Tokens to add to credits (negative: to take back), once per `idempotency_key`."""

    user_id: UUID
    tokens: int
    transaction_type: TransactionType
    idempotency_key: str
    amount_brl: Decimal = Decimal(0)
    note: str = ""
    actor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """One credit transaction and the wallet after it."""

    transaction_id: UUID
    user_id: UUID
    tokens_added: int
    amount_brl: Decimal
    transaction_type: TransactionType
    note: str
    created_at: datetime
    repeated: bool
    wallet: Wallet


@dataclass(frozen=True, slots=True)
class AuditDifference:
    """One balance that the records do not prove."""

    user_id: UUID
    what: str
    stored: Decimal
    recomputed: Decimal


@dataclass(frozen=True, slots=True)
class Balance:
    """A wallet with what follows from it for the user."""

    wallet: Wallet
    active: bool
    state: UserState
    period_starts_at: datetime
    renews_at: datetime
    renews_on: date
