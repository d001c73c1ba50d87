"""The usage of one bucket and key of the statistics, with addition and subtraction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from operator import add, sub

import asyncpg

from solaris.reporting.duration_bands import BANDS, percentile_ms


@dataclass(slots=True)
class UsageCount:
    """Settled requests: number, tokens, cost and durations (`BANDS` counts)."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    tokens_charged: int = 0
    cost_usd: Decimal = Decimal(0)
    durations: list[int] = field(default_factory=lambda: [0] * BANDS)

    @classmethod
    def of(cls, record: asyncpg.Record) -> "UsageCount":
        """Build from a row with all bands (`duration_counts`), or the non-empty ones (`bands`)."""
        durations = record["duration_counts"]
        if durations is None:
            durations = [0] * BANDS
            for band, requests in zip(record["bands"] or (), record["band_requests"] or (), strict=True):
                durations[band] = requests
        return cls(
            record["requests"],
            record["input_tokens"],
            record["output_tokens"],
            record["tokens_charged"],
            record["cost_usd"],
            durations,
        )

    def add(self, other: "UsageCount") -> None:
        """Add the other's requests."""
        self._combine(other, 1)
        self.durations = list(map(add, self.durations, other.durations))

    def subtract(self, other: "UsageCount") -> None:
        """Subtract the other's requests, which must be included."""
        self._combine(other, -1)
        self.durations = list(map(sub, self.durations, other.durations))

    def percentiles_ms(self, percents: Iterable[int]) -> list[int | None]:
        """Return percentiles of the durations in ms; None without durations."""
        return [percentile_ms(self.durations, percent) for percent in percents]

    def _combine(self, other: "UsageCount", sign: int) -> None:
        self.requests += sign * other.requests
        self.input_tokens += sign * other.input_tokens
        self.output_tokens += sign * other.output_tokens
        self.tokens_charged += sign * other.tokens_charged
        self.cost_usd += sign * other.cost_usd
