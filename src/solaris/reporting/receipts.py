"""The receipt of one usage event, with the arithmetic of SPEC 4."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import asyncpg

from solaris.domain.tokens import TokenCounts, Weights, tokens_charged
from solaris.platform.http.pagination import Cursor


@dataclass(frozen=True, slots=True)
class WeighedPart:
    """One kind of token: count, weight and product. No token is counted in two parts."""

    kind: str
    tokens: int
    weight: Decimal

    @property
    def weighted(self) -> Decimal:
        """tokens × weight, exact."""
        return self.tokens * self.weight


@dataclass(frozen=True, slots=True)
class UsageReceipt:
    """One settled request as recorded; figures are tokens unless the name has another unit."""

    id: UUID
    request_id: str
    occurred_at: datetime
    route: str
    ending: str
    estimated: bool
    model_asked: str
    model_answered: str | None
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    input_weight: Decimal
    cached_input_weight: Decimal
    output_weight: Decimal
    reasoning_weight: Decimal
    conversion_factor: Decimal
    tokens_charged: int
    allowance_part: int
    credits_part: int
    overage: int
    tokens_remaining: int
    cost_usd: Decimal | None
    first_byte_ms: int | None
    duration_ms: int | None
    client: str | None
    conversation_id: str | None
    trace_id: str | None

    @property
    def position(self) -> Cursor:
        """The position in the history, newest first."""
        return Cursor(self.occurred_at, self.id)

    @property
    def parts(self) -> tuple[WeighedPart, ...]:
        """The four kinds, each without the tokens that another kind counts."""
        return (
            WeighedPart("input", self.input_tokens - self.cached_input_tokens, self.input_weight),
            WeighedPart("cached_input", self.cached_input_tokens, self.cached_input_weight),
            WeighedPart("output", self.output_tokens - self.reasoning_tokens, self.output_weight),
            WeighedPart("reasoning", self.reasoning_tokens, self.reasoning_weight),
        )

    @property
    def weighted_sum(self) -> Decimal:
        """Σ weight × tokens."""
        return sum((part.weighted for part in self.parts), Decimal(0))

    @property
    def before_rounding(self) -> Decimal:
        """factor × Σ weight × tokens; rounded up it is `tokens_charged`."""
        return self.conversion_factor * self.weighted_sum

    @property
    def recomputed(self) -> int:
        """The charge recomputed from the recorded counts; must equal `tokens_charged`."""
        counts = TokenCounts(self.input_tokens, self.cached_input_tokens, self.output_tokens, self.reasoning_tokens)
        weights = Weights(self.input_weight, self.cached_input_weight, self.output_weight, self.reasoning_weight)
        return tokens_charged(counts, weights, self.conversion_factor)


def receipt_of(row: asyncpg.Record) -> UsageReceipt:
    """Return the receipt in a row of `usage_events`."""
    return UsageReceipt(**{name: row[name] for name in UsageReceipt.__slots__})
