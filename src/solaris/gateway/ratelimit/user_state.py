"""A rate-limited user's state in this process, and their calls that Redis has not decided yet."""

import asyncio
import time
from collections.abc import Generator
from uuid import UUID

from solaris.gateway.ratelimit.buckets import MINUTE_MICROSECONDS, BucketState, Rates, Verdict
from solaris.platform.redis_pipeline import encoded, encoded_integer

# Calls may skip the wait while at most an eighth of the remaining calls is undecided, and for this
# long after Redis's last reply.
_AHEAD_DIVISOR = 8
_AHEAD_SECONDS = 2.0
_MAX_AHEAD = 64


class UserLimits:
    """A user's rates, undecided calls and last known buckets.

    `key` and `take` are the bucket's key and the script's arguments for one call, encoded once.
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
        """Store the buckets' state after a call; `now` is on the monotonic clock."""
        rates = self.rates
        self.in_flight -= 1
        if state.verdict is not Verdict.ADMITTED:
            self._calls_left = 0
        elif rates.requests:
            self._calls_left = state.requests_remaining(rates)
        else:
            self._calls_left = _MAX_AHEAD * _AHEAD_DIVISOR
        self._tokens_left = state.tokens_remaining(rates) if rates.tokens else 0
        self._requests_full_in = state.requests_full_in
        self._fresh_until = now + _AHEAD_SECONDS

    def subtract_tokens(self, tokens: int) -> None:
        """Subtract a charge from the remaining tokens."""
        self._tokens_left -= tokens

    def can_skip_wait(self) -> bool:
        """Whether the limit is so far away that a call need not wait for Redis."""
        ahead = self.in_flight
        if ahead > _MAX_AHEAD or ahead * _AHEAD_DIVISOR > self._calls_left:
            return False
        return 2 * self._tokens_left >= self.rates.tokens and time.monotonic() < self._fresh_until

    def predicted_state(self) -> BucketState:
        """Predict Redis's reply: its last one less the draws and charges since."""
        rates = self.rates
        drawn = self.in_flight * MINUTE_MICROSECONDS // rates.requests if rates.requests else 0
        used_tokens = rates.tokens - max(0, self._tokens_left)
        tokens_full_in = used_tokens * MINUTE_MICROSECONDS // rates.tokens if rates.tokens else 0
        return BucketState(Verdict.ADMITTED, self._requests_full_in + drawn, tokens_full_in)


class PendingDecision:
    """A call taken from its user's buckets; awaiting it returns their state and never raises.

    A future with a callback that updates the user would cost more than all other work of a call
    that does not wait.
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
        """Set the decision; `now` is on the monotonic clock."""
        self.state = state
        self.user.update(state, now)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
