"""The buckets that all processes share, in Redis: one round trip for all calls that come together."""

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
_LONGEST_ANSWER_SECONDS = 0.25
_CONNECT_SECONDS = 1.0
_SECONDS_BETWEEN_TRIES = 1.0
_TOKENS_WAIT_SECONDS = 0.05
_VERDICTS = tuple(Verdict)


class SharedBuckets:
    """Draws from the users' buckets in Redis; from those of this process where Redis is away or not configured.

    A draw is sent at once where none is under way; those that come meanwhile make the next batch. Tokens to be added ride along, or
    go by themselves within 50 ms. Redis is waited for 250 ms at most, once: from then on, and until it answers again, nobody waits.
    """

    def __init__(
        self, link: RedisClient | None, local: LocalBuckets, log: Log, on_fallback: Callable[[], None] = lambda: None
    ) -> None:
        self._link = link
        self._local = local
        self._log = log
        self._on_fallback = on_fallback
        self._writer: ScriptConnection | None = None
        self._connecting: asyncio.Task[None] | None = None
        # What makes the next batch, and what is under way: calls, and tokens to be added.
        self._waiting: list[PendingDecision] = []
        self._spent: dict[UserLimits, int] = {}
        self._checks: list[PendingDecision] = []
        self._spending: dict[UserLimits, int] = {}
        self._is_asking = False
        self._asked_at = 0.0
        self._answer_timer: asyncio.TimerHandle | None = None
        self._tokens_timer: asyncio.TimerHandle | None = None

    @property
    def shared(self) -> bool:
        """Whether Redis is asked now."""
        return self._writer is not None

    async def open(self) -> None:
        """Connect; with Redis away this process judges alone, and goes on trying."""
        if self._link is not None:
            await self._connect(self._link)
            if self._writer is None:
                self._connect_later()

    async def close(self) -> None:
        """Send what is known, and let the connection go."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        checks = [*self._checks, *self._waiting]
        if not self._is_asking:
            self._send()
        if checks:
            await asyncio.gather(*checks)
        elif self._spending:
            await asyncio.sleep(_TOKENS_WAIT_SECONDS)
        self._drop()

    def take(self, user: UserLimits) -> PendingDecision:
        """Take one call from the user's bucket; what is returned never fails."""
        check = PendingDecision(user)
        self._waiting.append(check)
        if not self._is_asking:
            self._send()
        return check

    def add_tokens(self, user: UserLimits, tokens: int) -> None:
        """Tokens were charged; nobody waits."""
        self._spent[user] = self._spent.get(user, 0) + tokens
        if self._tokens_timer is None:
            self._tokens_timer = asyncio.get_running_loop().call_later(_TOKENS_WAIT_SECONDS, self._send_tokens)

    def _send_tokens(self) -> None:
        self._tokens_timer = None
        if not self._is_asking:
            self._send()

    def _send(self) -> None:
        """The next batch; none is under way."""
        if not self._waiting and not self._spent:
            return
        self._checks, self._waiting = self._waiting, []
        if len(self._checks) > _MAX_PER_BATCH:
            self._waiting = self._checks[_MAX_PER_BATCH:]
            del self._checks[_MAX_PER_BATCH:]
        self._spending, self._spent = self._spent, {}
        if self._writer is None:
            self._judge_alone()
            return
        self._is_asking = True
        self._asked_at = time.monotonic()
        if self._answer_timer is None:
            self._await_answer(_LONGEST_ANSWER_SECONDS)
        self._ask(self._writer, _by_digest())

    def _ask(self, writer: ScriptConnection, script: bytes) -> None:
        # Tokens first: what was charged counts for the calls that come with it.
        keys: list[bytes] = []
        values: list[bytes] = []
        for user, tokens in self._spending.items():
            keys.append(user.key)
            values.append(user.add(tokens))
        for check in self._checks:
            keys.append(check.user.key)
            values.append(check.user.take)
        writer.send(3 + 5 * len(keys), [script, encoded_integer(len(keys)), *keys, *values])

    def _replied(self, reply: Reply) -> None:
        if isinstance(reply, NoScriptError) and self._writer is not None:
            self._ask(self._writer, encoded(b"EVAL", _script()))
            return
        if isinstance(reply, Exception) or len(reply) != 3 * len(self._checks):
            self._lost()
            return
        self._is_asking = False
        checks, self._checks, self._spending = self._checks, [], {}
        now, told = time.monotonic(), iter(reply)
        for check, verdict, requests, tokens in zip(checks, told, told, told, strict=True):
            check.answer(BucketState(_VERDICTS[verdict], requests, tokens), now)
        self._send()

    def _lost(self) -> None:
        """Redis is away, or did not answer in time: whoever waits is judged here."""
        self._drop()
        if self._link is not None:
            self._link.failed()
        self._log.warning("rate_limits_per_process", cure="start Redis; check REDIS_URL")
        self._connect_later()
        self._judge_alone()

    def _judge_alone(self) -> None:
        self._is_asking = False
        checks, self._checks, self._waiting = [*self._checks, *self._waiting], [], []
        spending, self._spending = self._spending, {}
        for user, tokens in spending.items():
            self._local.draw(Draw(user.user_id, user.rates, takes=False, tokens=tokens))
        now = time.monotonic()
        for check in checks:
            self._on_fallback()
            check.answer(self._local.draw(Draw(check.user.user_id, check.user.rates, takes=True)), now)

    def _drop(self) -> None:
        for timer in (self._answer_timer, self._tokens_timer):
            if timer is not None:
                timer.cancel()
        self._answer_timer = self._tokens_timer = None
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.cut()

    def _await_answer(self, seconds: float) -> None:
        # One timer runs over many batches that are answered in time: making and cancelling one costs as much as a batch's bytes.
        self._answer_timer = asyncio.get_running_loop().call_later(seconds, self._answer_is_due)

    def _answer_is_due(self) -> None:
        self._answer_timer = None
        if not self._is_asking:
            return
        left = self._asked_at + _LONGEST_ANSWER_SECONDS - time.monotonic()
        if left > 0:
            self._await_answer(left)
        else:
            self._lost()

    def _connect_later(self) -> None:
        if self._link is not None and (self._connecting is None or self._connecting.done()):
            self._connecting = asyncio.create_task(self._until_connected(self._link))

    async def _until_connected(self, link: RedisClient) -> None:
        while self._writer is None:
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
            await self._connect(link)
        self._log.info("rate_limits_shared_again")

    async def _connect(self, link: RedisClient) -> None:
        writer = ScriptConnection(self._replied, self._lost)
        with contextlib.suppress(*AWAY):
            await writer.connect(link, _CONNECT_SECONDS)
            self._writer = writer


@cache
def _script() -> bytes:
    return files("solaris.gateway.ratelimit").joinpath("rate_limit.lua").read_bytes()


@cache
def _by_digest() -> bytes:
    digest = hashlib.sha1(_script(), usedforsecurity=False).hexdigest().encode()
    return encoded(b"EVALSHA", digest)
