"""The buckets that all processes share, in Redis: one round trip for all calls that come together."""

import asyncio
import contextlib
import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from uuid import UUID

from redis.exceptions import NoScriptError

from solaris.gateway.rate_limit_buckets import Draw, LocalBuckets, Rates, Standing, Verdict
from solaris.platform.logs import Log
from solaris.platform.redis import AWAY, RedisLink
from solaris.platform.redis_wire import RedisWire, Reply

_MOST_PER_BATCH = 128
_LONGEST_ANSWER_SECONDS = 0.25
_CONNECT_SECONDS = 1.0
_SECONDS_BETWEEN_TRIES = 1.0
_TOKENS_WAIT_SECONDS = 0.05
_VERDICTS = tuple(Verdict)

_Asked = tuple[Draw, "asyncio.Future[Standing] | None"]


class SharedBuckets:
    """Draws from the users' buckets in Redis; from those of this process where Redis is away or not configured.

    A draw is sent at once where none is under way; those that come meanwhile make the next batch. Tokens to be added ride along, or
    go by themselves after 50 ms. Redis is waited for 250 ms at most, once: from then on, and until it answers again, nobody waits.
    """

    def __init__(
        self, link: RedisLink | None, local: LocalBuckets, log: Log, on_fallback: Callable[[], None] = lambda: None
    ) -> None:
        self._link = link
        self._local = local
        self._log = log
        self._on_fallback = on_fallback
        self._wire: RedisWire | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._waiting: list[_Asked] = []
        self._under_way: list[_Asked] = []
        self._spent: dict[UUID, Draw] = {}
        self._answer_timer: asyncio.TimerHandle | None = None
        self._tokens_timer: asyncio.TimerHandle | None = None

    @property
    def shared(self) -> bool:
        """Whether Redis is asked now."""
        return self._wire is not None

    async def open(self) -> None:
        """Connect; with Redis away this process judges alone, and goes on trying."""
        if self._link is not None:
            await self._connect(self._link)
            if self._wire is None:
                self._connect_later()

    async def close(self) -> None:
        """Send what is known, and let the connection go."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        futures = [future for _, future in (*self._under_way, *self._waiting) if future is not None]
        self._send()
        if futures:
            await asyncio.wait(futures)
        elif self._under_way:
            await asyncio.sleep(_TOKENS_WAIT_SECONDS)
        self._drop()

    def take(self, user_id: UUID, rates: Rates) -> "asyncio.Future[Standing]":
        """Take one call from the user's bucket; the future never fails."""
        future: asyncio.Future[Standing] = asyncio.get_running_loop().create_future()
        self._waiting.append((Draw(user_id, rates, takes=True), future))
        self._send()
        return future

    def add_tokens(self, user_id: UUID, rates: Rates, tokens: int) -> None:
        """Tokens were charged; nobody waits."""
        draw = self._spent.get(user_id)
        if draw is None:
            draw = self._spent[user_id] = Draw(user_id, rates, takes=False)
        draw.tokens += tokens
        if self._tokens_timer is None:
            self._tokens_timer = asyncio.get_running_loop().call_later(_TOKENS_WAIT_SECONDS, self._send)

    def _send(self) -> None:
        """The next batch, where none is under way."""
        if self._under_way or not (self._waiting or self._spent):
            return
        if self._tokens_timer is not None:
            self._tokens_timer.cancel()
            self._tokens_timer = None
        taken, self._waiting = self._waiting[:_MOST_PER_BATCH], self._waiting[_MOST_PER_BATCH:]
        spent, self._spent = self._spent, {}
        self._under_way = [*((draw, None) for draw in spent.values()), *taken]
        if self._wire is None:
            self._judge_alone()
            return
        self._answer_timer = asyncio.get_running_loop().call_later(_LONGEST_ANSWER_SECONDS, self._lost)
        self._wire.send([b"EVALSHA", _script_digest(), *self._arguments()])

    def _arguments(self) -> list[bytes]:
        keys = [b"%d" % len(self._under_way)]
        values: list[bytes] = []
        for draw, _ in self._under_way:
            keys.append(b"solaris:rate:" + draw.user_id.hex.encode())
            values += (b"%d" % draw.rates.requests, b"%d" % draw.takes, b"%d" % draw.rates.tokens, b"%d" % draw.tokens)
        return keys + values

    def _replied(self, reply: Reply) -> None:
        if isinstance(reply, NoScriptError) and self._wire is not None:
            self._wire.send([b"EVAL", _script(), *self._arguments()])
            return
        if isinstance(reply, Exception) or len(reply) != 3 * len(self._under_way):
            self._lost()
            return
        self._stop_answer_timer()
        done, self._under_way = self._under_way, []
        for place, (_, future) in enumerate(done):
            if future is not None and not future.done():
                verdict, requests, tokens = reply[3 * place : 3 * place + 3]
                future.set_result(Standing(_VERDICTS[verdict], requests, tokens))
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
        done, self._under_way = [*self._under_way, *self._waiting], []
        self._waiting = []
        for draw, future in done:
            standing = self._local.draw(draw)
            if future is not None and not future.done():
                self._on_fallback()
                future.set_result(standing)

    def _drop(self) -> None:
        self._stop_answer_timer()
        if self._tokens_timer is not None:
            self._tokens_timer.cancel()
            self._tokens_timer = None
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.cut()

    def _stop_answer_timer(self) -> None:
        if self._answer_timer is not None:
            self._answer_timer.cancel()
            self._answer_timer = None

    def _connect_later(self) -> None:
        if self._link is not None and (self._connecting is None or self._connecting.done()):
            self._connecting = asyncio.create_task(self._until_connected(self._link))

    async def _until_connected(self, link: RedisLink) -> None:
        while self._wire is None:
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
            await self._connect(link)
        self._log.info("rate_limits_shared_again")

    async def _connect(self, link: RedisLink) -> None:
        wire = RedisWire(self._replied, self._lost)
        with contextlib.suppress(*AWAY):
            await wire.connect(link, _CONNECT_SECONDS)
            self._wire = wire


@cache
def _script() -> bytes:
    return files("solaris.gateway").joinpath("lua", "rate_limit.lua").read_bytes()


@cache
def _script_digest() -> bytes:
    return hashlib.sha1(_script(), usedforsecurity=False).hexdigest().encode()
