"""Learns per model the ratio of the provider's prompt counts to ours (DESIGN 3.3).

Runs in the worker, not in calls.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

MIN_FACTOR = Decimal("0.5")
MAX_FACTOR = Decimal(3)
MIN_SAMPLES = 30
# A factor changes by at most a quarter per round, so that one bad batch has little effect.
_MAX_CHANGE = Decimal("1.25")
# After this many new samples the weight of old ones is 1/e (37 %).
_MEMORY_SAMPLES = 500
_MAX_EVENTS_READ = 20_000
_MAX_SAMPLES_A_ROUND = 500
_MAX_TOKENS_WEIGHED = 4_000
_LONGEST_LOOK_BACK = timedelta(days=7)
# Events become visible at commit, up to this long after their time.
_SECONDS_FOR_LATE_EVENTS = 60.0

# Models that use our tokenizer: the factor is 1 unless counts differ clearly.
_OUR_TOKENIZERS = re.compile(r"(?:(?:openai|azure)/)?(?:gpt-|chatgpt-|o\d|text-embedding-|davinci|babbage)")
_CLEARLY_OFF = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class LearnedFactor:
    """Sums of our and the provider's counts of one model's prompts; older samples weigh less."""

    model: str
    factor: Decimal
    samples: int
    counted_tokens: Decimal
    provider_tokens: Decimal

    def after(self, samples: int, counted_tokens: Decimal, provider_tokens: Decimal) -> "LearnedFactor":
        """The state after `samples` more calls, with the factor updated."""
        kept = (Decimal(-samples) / _MEMORY_SAMPLES).exp()
        grown = replace(
            self,
            samples=self.samples + samples,
            counted_tokens=self.counted_tokens * kept + counted_tokens,
            provider_tokens=self.provider_tokens * kept + provider_tokens,
        )
        return replace(grown, factor=grown._next_factor())

    def _next_factor(self) -> Decimal:
        if self.samples < MIN_SAMPLES:
            return self.factor
        target = self.provider_tokens / self.counted_tokens
        if _OUR_TOKENIZERS.match(self.model) and abs(target - 1) <= _CLEARLY_OFF:
            target = Decimal(1)
        reachable = min(max(target, self.factor / _MAX_CHANGE), self.factor * _MAX_CHANGE)
        return round(min(max(reachable, MIN_FACTOR), MAX_FACTOR), 4)


class PromptFactors:
    """Updates `models.prompt_factor` from settled calls; proxies read it within 30 seconds."""

    def __init__(self, database: Database, log: Log, *, late_seconds: float = _SECONDS_FOR_LATE_EVENTS) -> None:
        self._database = database
        self._log = log
        self._late = timedelta(seconds=late_seconds)

    async def learn(self) -> None:
        """Learn from the calls settled since the last run. Only one process may run it at a time.

        Raises:
            StoreUnavailable: nothing was learned.
        """
        since, until = await self._span()
        rows = await self._database.fetch(
            load_sql("models", "prompt_samples"),
            since,
            until,
            _MAX_EVENTS_READ,
            _MAX_SAMPLES_A_ROUND,
            _MAX_TOKENS_WEIGHED,
        )
        if not rows:
            return
        learned = []
        for row in rows:
            before = LearnedFactor(
                row["model"],
                row["factor_before"],
                row["samples_before"],
                row["counted_tokens_before"],
                row["provider_tokens_before"],
            )
            after = before.after(row["samples"], row["counted_tokens"], row["provider_tokens"])
            learned.append(after)
            if after.factor != before.factor:
                self._log.info(
                    "prompt_factor_learned",
                    model=after.model,
                    factor=str(after.factor),
                    before=str(before.factor),
                    samples=after.samples,
                )
        await self._keep(learned, until)

    async def _span(self) -> tuple[datetime, datetime]:
        row = await self._database.fetchrow(
            "SELECT now() AS now, max(learned_until) AS learned_until FROM prompt_factors"
        )
        assert row is not None, "an aggregate has one row"  # noqa: S101  for the type checker
        until = row["now"] - self._late
        return max(row["learned_until"] or until - _LONGEST_LOOK_BACK, until - _LONGEST_LOOK_BACK), until

    async def _keep(self, learned: list[LearnedFactor], until: datetime) -> None:
        await self._database.execute(
            load_sql("models", "keep_prompt_factors"),
            [one.model for one in learned],
            [one.factor for one in learned],
            [one.samples for one in learned],
            [round(one.counted_tokens, 4) for one in learned],
            [round(one.provider_tokens, 4) for one in learned],
            until,
        )
