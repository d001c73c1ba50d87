"""The arithmetic of rate limits (GCRA), and the buckets of one process for when Redis is away.

A user may make `requests_per_minute` calls at once; they come back evenly, one each 60 / `requests_per_minute` seconds. Tokens are
added when a call is settled, since only then its cost is known: a call is admitted while fewer than `tokens_per_minute` are in the
bucket, so calls in flight together may go beyond it. What goes beyond is waited for at most one minute.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple
from uuid import UUID

MINUTE_MICROSECONDS = 60_000_000
_SECOND_MICROSECONDS = 1_000_000


class Verdict(IntEnum):
    """What the buckets say to one more call; the numbers are those of lua/rate_limit.lua."""

    ADMITTED = 0
    TOO_MANY_REQUESTS = 1
    TOO_MANY_TOKENS = 2


@dataclass(frozen=True, slots=True)
class Rates:
    """What a plan allows in a minute; 0: not limited."""

    requests: int
    tokens: int


@dataclass(slots=True)
class Draw:
    """One change of one user's buckets: a call to be taken (`takes`), or tokens to be added."""

    user_id: UUID
    rates: Rates
    takes: bool
    tokens: int = 0


class BucketState(NamedTuple):
    """A user's buckets right after a draw: microseconds until each is whole again."""

    verdict: Verdict
    requests_whole_in: int
    tokens_whole_in: int

    def requests_remaining(self, rates: Rates) -> int:
        """Calls that would be admitted now."""
        interval = MINUTE_MICROSECONDS // rates.requests
        if not interval:
            return rates.requests
        remaining = MINUTE_MICROSECONDS - self.requests_whole_in
        return min(rates.requests, remaining // interval) if remaining > 0 else 0

    def tokens_remaining(self, rates: Rates) -> int:
        """Tokens that may still be used now."""
        remaining = MINUTE_MICROSECONDS - self.tokens_whole_in
        return remaining * rates.tokens // MINUTE_MICROSECONDS if remaining > 0 else 0

    def retry_after_seconds(self, rates: Rates) -> int:
        """Whole seconds until a refused call would be admitted; 1 at least."""
        if self.verdict is Verdict.TOO_MANY_REQUESTS:
            wait = self.requests_whole_in + MINUTE_MICROSECONDS // rates.requests - MINUTE_MICROSECONDS
        else:
            wait = self.tokens_whole_in - MINUTE_MICROSECONDS + 1
        return max(1, math.ceil(wait / _SECOND_MICROSECONDS))


class LocalBuckets:
    """The buckets of one process: what every process falls back to, each with the whole limit. Bounded in memory."""

    def __init__(
        self,
        *,
        max_users: int = 20_000,
        clock: Callable[[], int] = lambda: time.monotonic_ns() // 1000,
    ) -> None:
        self._max_users = max_users
        self._clock = clock
        self._whole_at: OrderedDict[UUID, tuple[int, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._whole_at)

    def draw(self, draw: Draw) -> BucketState:
        """The same as lua/rate_limit.lua does in Redis."""
        now = self._clock()
        previous = self._whole_at.get(draw.user_id, (now, now))
        requests, tokens = max(now, previous[0]), max(now, previous[1])
        verdict = Verdict.ADMITTED
        if draw.takes:
            verdict, requests = _take_call(draw.rates, requests - now, tokens - now, now)
        if draw.tokens and draw.rates.tokens:
            tokens += draw.tokens * MINUTE_MICROSECONDS // draw.rates.tokens
            tokens = min(tokens, now + 2 * MINUTE_MICROSECONDS)
        self._store(draw.user_id, requests, tokens)
        return BucketState(verdict, requests - now, tokens - now)

    def _store(self, user_id: UUID, requests: int, tokens: int) -> None:
        self._whole_at[user_id] = (requests, tokens)
        self._whole_at.move_to_end(user_id)
        if len(self._whole_at) > self._max_users:
            self._whole_at.popitem(last=False)


def _take_call(rates: Rates, requests_wait: int, tokens_wait: int, now: int) -> tuple[Verdict, int]:
    """The verdict, and when the bucket of requests is whole after it."""
    after = requests_wait + (MINUTE_MICROSECONDS // rates.requests if rates.requests else 0)
    if after > MINUTE_MICROSECONDS:
        return Verdict.TOO_MANY_REQUESTS, now + requests_wait
    if rates.tokens and tokens_wait >= MINUTE_MICROSECONDS:
        return Verdict.TOO_MANY_TOKENS, now + requests_wait
    return Verdict.ADMITTED, now + after
