"""Rate limit arithmetic (GCRA), and in-process buckets for when Redis is unreachable.

A bucket admits `requests_per_minute` calls at once and refills evenly, one call each 60 /
`requests_per_minute` seconds. Tokens are drawn when a call is settled, since its cost is unknown
before: a call is admitted while the token bucket is not empty, so calls in flight together may
overdraw it. The overdraft delays the user's calls by at most one more minute.
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
    """Result of a draw; the numbers are those of rate_limit.lua."""

    ADMITTED = 0
    TOO_MANY_REQUESTS = 1
    TOO_MANY_TOKENS = 2


@dataclass(frozen=True, slots=True)
class Rates:
    """Calls and tokens per minute that a plan allows; 0 means unlimited."""

    requests: int
    tokens: int


@dataclass(slots=True)
class Draw:
    """A change to one user's buckets: draws a call if `takes`, and `tokens`."""

    user_id: UUID
    rates: Rates
    takes: bool
    tokens: int = 0


class BucketState(NamedTuple):
    """A user's buckets after a draw, with the microseconds until each is full again."""

    verdict: Verdict
    requests_full_in: int
    tokens_full_in: int

    def requests_remaining(self, rates: Rates) -> int:
        """Number of calls that would be admitted now."""
        interval = MINUTE_MICROSECONDS // rates.requests
        if not interval:
            return rates.requests
        remaining = MINUTE_MICROSECONDS - self.requests_full_in
        return min(rates.requests, remaining // interval) if remaining > 0 else 0

    def tokens_remaining(self, rates: Rates) -> int:
        """Tokens that may be used now."""
        remaining = MINUTE_MICROSECONDS - self.tokens_full_in
        return remaining * rates.tokens // MINUTE_MICROSECONDS if remaining > 0 else 0

    def retry_after_seconds(self, rates: Rates) -> int:
        """Seconds until a refused call would be admitted, rounded up; at least 1."""
        if self.verdict is Verdict.TOO_MANY_REQUESTS:
            wait = self.requests_full_in + MINUTE_MICROSECONDS // rates.requests - MINUTE_MICROSECONDS
        else:
            wait = self.tokens_full_in - MINUTE_MICROSECONDS + 1
        return max(1, math.ceil(wait / _SECOND_MICROSECONDS))


class LocalBuckets:
    """Buckets of one process, each with the full limit; used while Redis is unreachable.

    Holds at most `max_users` users, dropping the least recently used.
    """

    def __init__(
        self,
        *,
        max_users: int = 20_000,
        clock: Callable[[], int] = lambda: time.monotonic_ns() // 1000,
    ) -> None:
        self._max_users = max_users
        self._clock = clock
        self._full_at: OrderedDict[UUID, tuple[int, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def draw(self, draw: Draw) -> BucketState:
        """Apply a draw, with the same result as rate_limit.lua in Redis."""
        now = self._clock()
        previous = self._full_at.get(draw.user_id, (now, now))
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
        self._full_at[user_id] = (requests, tokens)
        self._full_at.move_to_end(user_id)
        if len(self._full_at) > self._max_users:
            self._full_at.popitem(last=False)


def _take_call(rates: Rates, requests_wait: int, tokens_wait: int, now: int) -> tuple[Verdict, int]:
    """Return the verdict and the time at which the bucket of requests is full again."""
    after = requests_wait + (MINUTE_MICROSECONDS // rates.requests if rates.requests else 0)
    if after > MINUTE_MICROSECONDS:
        return Verdict.TOO_MANY_REQUESTS, now + requests_wait
    if rates.tokens and tokens_wait >= MINUTE_MICROSECONDS:
        return Verdict.TOO_MANY_TOKENS, now + requests_wait
    return Verdict.ADMITTED, now + after
