"""Rate limit buckets in Redis, shared by all processes.

All concurrent draws share one round trip.
"""

import asyncio
import contextlib
import hashlib
import time
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from redis.exceptions import NoScriptError

from solaris.gateway.ratelimit.buckets import BucketState, Draw, LocalBuckets, Verdict
from solaris.gateway.ratelimit.user_state import PendingDecision, UserLimits
from solaris.platform.logs import Log
from solaris.platform.redis import AWAY, RedisClient
from solaris.platform.redis_pipeline import Reply, ScriptConnection, encoded, encoded_integer

_MAX_PER_BATCH = 128
_REPLY_TIMEOUT_SECONDS = 0.25
_CONNECT_SECONDS = 1.0
_RECONNECT_SECONDS = 1.0
_TOKENS_DELAY_SECONDS = 0.05
_VERDICTS = tuple(Verdict)


class SharedBuckets:
    """Draws from the buckets in Redis, or from local ones if Redis is away or not configured.

    A draw is sent at once if no batch is in flight; later draws form the next batch. Token charges
    are sent with the next batch, or by themselves within 50 ms. A Redis failure delays calls by at
    most 250 ms, once: until Redis is back, draws are decided locally without waiting.
    """

    def __init__(
        self, redis: RedisClient | None, local: LocalBuckets, log: Log, on_fallback: Callable[[], None] = lambda: None
    ) -> None:
        self._redis = redis
        self._local = local
        self._log = log
        self._on_fallback = on_fallback
        self._connection: ScriptConnection | None = None
        self._connecting: asyncio.Task[None] | None = None
        # The next batch and the one in flight: decisions, and tokens to add.
        self._next_decisions: list[PendingDecision] = []
        self._next_tokens: dict[UserLimits, int] = {}
        self._sent_decisions: list[PendingDecision] = []
        self._sent_tokens: dict[UserLimits, int] = {}
        self._is_waiting = False
        self._sent_at = 0.0
        self._reply_timer: asyncio.TimerHandle | None = None
        self._tokens_timer: asyncio.TimerHandle | None = None

    @property
    def is_shared(self) -> bool:
        """Whether draws are sent to Redis."""
        return self._connection is not None

    async def open(self) -> None:
        """Connect. If Redis is unreachable, decide locally and keep reconnecting."""
        if self._redis is not None:
            await self._connect(self._redis)
            if self._connection is None:
                self._connect_later()

    async def close(self) -> None:
        """Send pending draws and charges, then disconnect."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        decisions = [*self._sent_decisions, *self._next_decisions]
        if not self._is_waiting:
            self._send_batch()
        if decisions:
            await asyncio.gather(*decisions)
        elif self._sent_tokens:
            await asyncio.sleep(_TOKENS_DELAY_SECONDS)
        self._disconnect()

    def take(self, user: UserLimits) -> PendingDecision:
        """Take one call from the user's bucket. Awaiting the returned decision never raises."""
        decision = PendingDecision(user)
        self._next_decisions.append(decision)
        if not self._is_waiting:
            self._send_batch()
        return decision

    def add_tokens(self, user: UserLimits, tokens: int) -> None:
        """Add charged tokens to the user's bucket, in the background."""
        self._next_tokens[user] = self._next_tokens.get(user, 0) + tokens
        if self._tokens_timer is None:
            self._tokens_timer = asyncio.get_running_loop().call_later(_TOKENS_DELAY_SECONDS, self._send_tokens)

    def _send_tokens(self) -> None:
        self._tokens_timer = None
        if not self._is_waiting:
            self._send_batch()

    def _send_batch(self) -> None:
        """Send the next batch; no other may be in flight."""
        if not self._next_decisions and not self._next_tokens:
            return
        self._sent_decisions, self._next_decisions = self._next_decisions, []
        if len(self._sent_decisions) > _MAX_PER_BATCH:
            self._next_decisions = self._sent_decisions[_MAX_PER_BATCH:]
            del self._sent_decisions[_MAX_PER_BATCH:]
        self._sent_tokens, self._next_tokens = self._next_tokens, {}
        if self._connection is None:
            self._decide_locally()
            return
        self._is_waiting = True
        self._sent_at = time.monotonic()
        if self._reply_timer is None:
            self._start_reply_timer(_REPLY_TIMEOUT_SECONDS)
        self._send_script(self._connection, _evalsha())

    def _send_script(self, connection: ScriptConnection, script: bytes) -> None:
        # Tokens first: charges count for the calls sent with them.
        keys: list[bytes] = []
        values: list[bytes] = []
        for user, tokens in self._sent_tokens.items():
            keys.append(user.key)
            values.append(user.add(tokens))
        for decision in self._sent_decisions:
            keys.append(decision.user.key)
            values.append(decision.user.take)
        connection.send(3 + 5 * len(keys), [script, encoded_integer(len(keys)), *keys, *values])

    def _on_reply(self, reply: Reply) -> None:
        if isinstance(reply, NoScriptError) and self._connection is not None:
            self._send_script(self._connection, encoded(b"EVAL", _script()))
            return
        if isinstance(reply, Exception) or len(reply) != 3 * len(self._sent_decisions):
            self._on_failure()
            return
        self._is_waiting = False
        decisions, self._sent_decisions, self._sent_tokens = self._sent_decisions, [], {}
        now, values = time.monotonic(), iter(reply)
        for decision, verdict, requests, tokens in zip(decisions, values, values, values, strict=True):
            decision.resolve(BucketState(_VERDICTS[verdict], requests, tokens), now)
        self._send_batch()

    def _on_failure(self) -> None:
        """Redis failed or did not reply in time: decide locally."""
        self._disconnect()
        if self._redis is not None:
            self._redis.failed()
        self._log.warning("rate_limits_per_process", cure="start Redis; check REDIS_URL")
        self._connect_later()
        self._decide_locally()

    def _decide_locally(self) -> None:
        self._is_waiting = False
        decisions, self._sent_decisions, self._next_decisions = [*self._sent_decisions, *self._next_decisions], [], []
        charged_tokens, self._sent_tokens = self._sent_tokens, {}
        for user, tokens in charged_tokens.items():
            self._local.draw(Draw(user.user_id, user.rates, takes=False, tokens=tokens))
        now = time.monotonic()
        for decision in decisions:
            self._on_fallback()
            decision.resolve(self._local.draw(Draw(decision.user.user_id, decision.user.rates, takes=True)), now)

    def _disconnect(self) -> None:
        for timer in (self._reply_timer, self._tokens_timer):
            if timer is not None:
                timer.cancel()
        self._reply_timer = self._tokens_timer = None
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.cut()

    def _start_reply_timer(self, seconds: float) -> None:
        # One timer covers many batches: creating and cancelling a timer costs as much as sending a
        # batch.
        self._reply_timer = asyncio.get_running_loop().call_later(seconds, self._on_reply_timer)

    def _on_reply_timer(self) -> None:
        self._reply_timer = None
        if not self._is_waiting:
            return
        remaining_seconds = self._sent_at + _REPLY_TIMEOUT_SECONDS - time.monotonic()
        if remaining_seconds > 0:
            self._start_reply_timer(remaining_seconds)
        else:
            self._on_failure()

    def _connect_later(self) -> None:
        if self._redis is not None and (self._connecting is None or self._connecting.done()):
            self._connecting = asyncio.create_task(self._reconnect(self._redis))

    async def _reconnect(self, redis: RedisClient) -> None:
        while self._connection is None:
            await asyncio.sleep(_RECONNECT_SECONDS)
            await self._connect(redis)
        self._log.info("rate_limits_shared_again")

    async def _connect(self, redis: RedisClient) -> None:
        connection = ScriptConnection(self._on_reply, self._on_failure)
        with contextlib.suppress(*AWAY):
            await connection.connect(redis, _CONNECT_SECONDS)
            self._connection = connection


@cache
def _script() -> bytes:
    return files("solaris.gateway.ratelimit").joinpath("rate_limit.lua").read_bytes()


@cache
def _evalsha() -> bytes:
    digest = hashlib.sha1(_script(), usedforsecurity=False).hexdigest().encode()
    return encoded(b"EVALSHA", digest)
