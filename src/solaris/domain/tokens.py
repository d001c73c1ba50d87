"""Computes tokens charged from a provider's token counts (SPEC 4)."""

import math
from dataclasses import dataclass, field
from decimal import Decimal

MAX_TOKENS_PER_REQUEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """A provider's token counts for one request.

    `input` includes `cached_input`; `output` includes `reasoning`. Raises ValueError for counts
    that are negative or break these rules.
    """

    input: int = 0
    cached_input: int = 0
    output: int = 0
    reasoning: int = 0

    def __post_init__(self) -> None:
        if 0 <= self.cached_input <= self.input and 0 <= self.reasoning <= self.output:
            return
        if min(self.input, self.cached_input, self.output, self.reasoning) < 0:
            raise ValueError("token counts are never negative")
        raise ValueError("cached input is a part of input, reasoning a part of output")


@dataclass(frozen=True, slots=True)
class Weights:
    """What one token of each kind costs in tokens charged."""

    input: Decimal = Decimal(1)
    cached_input: Decimal = Decimal(1)
    output: Decimal = Decimal(1)
    reasoning: Decimal = Decimal(1)
    all_one: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "all_one", self.input == self.cached_input == self.output == self.reasoning == 1)


def tokens_charged(counts: TokenCounts, weights: Weights, factor: Decimal) -> int:
    """ceil(factor × Σ weight × count), in exact decimals, rounded up once per request (SPEC 4)."""
    if weights.all_one and factor == 1:
        return counts.input + counts.output
    weighted = (
        weights.input * (counts.input - counts.cached_input)
        + weights.cached_input * counts.cached_input
        + weights.output * (counts.output - counts.reasoning)
        + weights.reasoning * counts.reasoning
    )
    return math.ceil(factor * weighted)


def tokens_charged_at(weight: Decimal, tokens: int, factor: Decimal) -> int:
    """`tokens_charged` for tokens of a single kind with this weight."""
    return math.ceil(factor * (weight * tokens))


def output_tokens_affordable(held: int, prompt_charged: int, weights: Weights, factor: Decimal) -> int:
    """How many output tokens of any kind the rest of a hold covers.

    Args:
        held: tokens held for the call.
        prompt_charged: the part of the hold that the prompt uses.
    """
    highest = max(weights.output, weights.reasoning) * factor
    if highest == 0:
        return MAX_TOKENS_PER_REQUEST
    return max(0, int((held - prompt_charged) / highest))
