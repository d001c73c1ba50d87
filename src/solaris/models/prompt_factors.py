"""Learns, per model, by how much a provider's tokenizer counts more than ours (DESIGN 3.3). Not on any call's path."""

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
# A factor moves by a quarter a round at most: a wrong batch does little harm, and the next rounds mend it.
_MAX_CHANGE = Decimal("1.25")
# After so many new samples the old ones weigh 37 %.
_MEMORY_SAMPLES = 500
_MAX_EVENTS_READ = 20_000
_MAX_SAMPLES_A_ROUND = 500
_MAX_TOKENS_WEIGHED = 4_000
_LONGEST_LOOK_BACK = timedelta(days=7)
# A settling transaction is seen only when it has ended, and may have begun this much before.
_SECONDS_FOR_LATE_EVENTS = 60.0

# Models whose tokenizer is ours: their factor is 1 unless it is clearly off.
_OUR_TOKENIZERS = re.compile(r"(?:(?:openai|azure)/)?(?:gpt-|chatgpt-|o\d|text-embedding-|davinci|babbage)")
_CLEARLY_OFF = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class LearnedFactor:
    """What is known of one model's prompts: our counts and the provider's of the same texts, older ones weighing less."""

    model: str
    factor: Decimal
    samples: int
    counted_tokens: Decimal
    provider_tokens: Decimal

    def after(self, samples: int, counted_tokens: Decimal, provider_tokens: Decimal) -> "LearnedFactor":
        """With `samples` more calls; the factor follows."""
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
        wanted = self.provider_tokens / self.counted_tokens
        if _OUR_TOKENIZERS.match(self.model) and abs(wanted - 1) <= _CLEARLY_OFF:
            wanted = Decimal(1)
        reachable = min(max(wanted, self.factor / _MAX_CHANGE), self.factor * _MAX_CHANGE)
        return round(min(max(reachable, MIN_FACTOR), MAX_FACTOR), 4)


class PromptFactors:
    """Keeps `models.prompt_factor` at what settled calls say; the catalogue of each proxy reads it within half a minute."""

    def __init__(self, database: Database, log: Log, *, late_seconds: float = _SECONDS_FOR_LATE_EVENTS) -> None:
        self._database = database
        self._log = log
        self._late = timedelta(seconds=late_seconds)

    async def learn(self) -> None:
        """Look at the calls that were settled since the last look; one process at a time.

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
                row["told_tokens_before"],
            )
            after = before.after(row["samples"], row["counted_tokens"], row["told_tokens"])
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
        assert row is not None, "an aggregate has one row"  # noqa: S101  says so to the type checker
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
