"""Parameters and results of the ledger.

Named tuples on the hot path: they are created several times faster than frozen dataclasses.
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


# PostgreSQL stores no NUL; the other two separate the texts of a list (ledger/lists.py).
_UNSTORABLE = dict.fromkeys((0x00, 0x1E, 0x1F))


def storable(text: str | None) -> str | None:
    """Return the text without unstorable characters, so that foreign text never blocks a charge."""
    if text is None or text.isprintable():
        return text
    return text.encode(errors="replace").decode().translate(_UNSTORABLE)


# Columns of a usage event set at its end, in the order of the settle functions' parameters.
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
    """How a call ended (DESIGN 3.7).

    `OUT_OF_TOKENS`: a stream was ended at its hold, since the wallet could not cover more.
    """

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
    """Data of a call known before it is made; stored with the hold, so any process can settle it.

    `counted_tokens`: our tokenizer's count of a text-only prompt; not part of the event, but used to
    learn prompt factors.
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
        """Whether every kind of token is charged one to one."""
        return self.weights.all_one and self.conversion_factor == 1

    def charge_for(self, counts: TokenCounts) -> int:
        """Return the tokens charged for these counts (SPEC 4)."""
        return tokens_charged(counts, self.weights, self.conversion_factor)

    def as_record(self) -> dict[str, Any]:
        """Return the usage event's columns that the call sets."""
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
    """A hold to make: at least `least`, at most `most` (tokens charged, not provider tokens).

    Beyond `least` it gets at most 1/`share` of the free tokens, to leave some for the user's other
    calls. It is refused if `max_calls` of the user's calls are in progress. `fingerprint` identifies
    the body, so that a request id is not used for two bodies. `attempt` identifies this attempt, so
    that releasing an uncertain hold never ends the hold of a repeat.
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
        """The free tokens required to hold all of `most`."""
        least, most = self.least or 1, self.most or 1
        return least + (most - least) * self.share


class Hold(NamedTuple):
    """Tokens held for one call. `repeated`: made earlier with the same request id."""

    user_id: UUID
    request_id: str
    tokens: int
    state: str
    repeated: bool
    call: Call
    wallet: Wallet


class Extension(NamedTuple):
    """A request to grow an open hold to `most` tokens; `least` of them are already used."""

    user_id: UUID
    request_id: str
    least: int
    most: int


class Usage(NamedTuple):
    """The actual usage of a call, and how it ended."""

    counts: TokenCounts
    ending: Ending
    estimated: bool
    model_answered: str | None = None
    cost_usd: Decimal | None = None
    first_byte_ms: int | None = None
    duration_ms: int | None = None

    def as_row(self, charged: int) -> tuple[Any, ...]:
        """Return the event's columns set at its end, in the order of `RECORD_COLUMNS`."""
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
        """Return `as_row` as a dict by column name."""
        return dict(zip(RECORD_COLUMNS, self.as_row(charged), strict=True))


class Charge(NamedTuple):
    """The effect of one settled request. `repeated`: settled earlier, nothing changed now.

    `tokens_remaining` is the value right after the charge; `wallet` is the present one, which may be
    later. `crossed_percent`: thresholds first crossed by this charge, ascending; empty on a repeat.
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
    """A grant to make: tokens for credits (negative: take back), once per `idempotency_key`."""

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
    """One stored balance that differs from the one recomputed from the records."""

    user_id: UUID
    what: str
    stored: Decimal
    recomputed: Decimal


@dataclass(frozen=True, slots=True)
class Balance:
    """A wallet with the user's state and renewal."""

    wallet: Wallet
    active: bool
    state: UserState
    period_starts_at: datetime
    renews_at: datetime
    renews_on: date
