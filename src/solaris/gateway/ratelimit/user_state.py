"""What this process knows of a user whose calls are limited, and his calls that Redis has not answered yet."""

import asyncio
import time
from collections.abc import Generator
from uuid import UUID

from solaris.gateway.ratelimit.buckets import MINUTE_MICROSECONDS, BucketState, Rates, Verdict
from solaris.platform.redis_pipeline import encoded, encoded_integer

# How far a process may run ahead of Redis: so many of the calls left, an eighth, for so long after it last heard of the user.
_AHEAD_DIVISOR = 8
_AHEAD_SECONDS = 2.0
_MAX_AHEAD = 64


class UserLimits:
    """A user with his rates: how many of his calls Redis has not answered yet, and how many may be ahead of it.

    `key` and `take` are his buckets' name and the script's arguments for one call as they go over the wire, written once.
    """

    __slots__ = (
        "_add",
        "_calls_left",
        "_fresh_until",
        "_requests_full_in",
        "_tokens_left",
        "in_flight",
        "key",
        "rates",
        "take",
        "user_id",
    )

    def __init__(self, user_id: UUID, rates: Rates) -> None:
        self.user_id = user_id
        self.rates = rates
        self.in_flight = 0
        self._calls_left = 0
        self._tokens_left = 0
        self._requests_full_in = 0
        self._fresh_until = 0.0
        self.key = encoded(b"solaris:rate:" + user_id.hex.encode())
        requests, tokens = b"%d" % rates.requests, b"%d" % rates.tokens
        self.take = encoded(requests, b"1", tokens, b"0")
        self._add = encoded(requests, b"0", tokens)

    def add(self, tokens: int) -> bytes:
        """The script's arguments that add these tokens."""
        return self._add + encoded_integer(tokens)

    def update(self, state: BucketState, now: float) -> None:
        """The buckets have answered a call, at `now` on the monotonic clock."""
        rates = self.rates
        self.in_flight -= 1
        if state.verdict is not Verdict.ADMITTED:
            self._calls_left = 0
        elif rates.requests:
            self._calls_left = state.requests_remaining(rates)
        else:
            self._calls_left = _MAX_AHEAD * _AHEAD_DIVISOR
        self._tokens_left = state.tokens_remaining(rates) if rates.tokens else 0
        self._requests_full_in = state.requests_whole_in
        self._fresh_until = now + _AHEAD_SECONDS

    def add_charge(self, tokens: int) -> None:
        """A call of his was charged."""
        self._tokens_left -= tokens

    def can_skip_wait(self) -> bool:
        """Whether the limit is so far away that a call need not wait for the answer."""
        ahead = self.in_flight
        if ahead > _MAX_AHEAD or ahead * _AHEAD_DIVISOR > self._calls_left:
            return False
        return 2 * self._tokens_left >= self.rates.tokens and time.monotonic() < self._fresh_until

    def predicted_state(self) -> BucketState:
        """What Redis will say: as it did last, less what was drawn and charged here since."""
        rates = self.rates
        drawn = self.in_flight * MINUTE_MICROSECONDS // rates.requests if rates.requests else 0
        used_tokens = rates.tokens - max(0, self._tokens_left)
        tokens_whole_in = used_tokens * MINUTE_MICROSECONDS // rates.tokens if rates.tokens else 0
        return BucketState(Verdict.ADMITTED, self._requests_full_in + drawn, tokens_whole_in)


class PendingDecision:
    """One call that is taken from its user's buckets; await it for their answer, which never fails.

    A future, and the callback that tells the user of it, would cost more than all else that is done for a call which need not wait.
    """

    __slots__ = ("_waiter", "state", "user")

    def __init__(self, user: UserLimits) -> None:
        self.user = user
        self.state: BucketState | None = None
        self._waiter: asyncio.Future[None] | None = None

    def __await__(self) -> Generator[object, None, BucketState]:
        while self.state is None:
            if self._waiter is None or self._waiter.done():
                self._waiter = asyncio.get_running_loop().create_future()
            yield from self._waiter
        return self.state

    def resolve(self, state: BucketState, now: float) -> None:
        """The buckets have answered, at `now` on the monotonic clock."""
        self.state = state
        self.user.update(state, now)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
