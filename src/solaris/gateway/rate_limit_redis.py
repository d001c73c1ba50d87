"""The buckets that all processes share, in Redis: one round trip for all calls that come together."""

import asyncio
import contextlib
import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from redis.exceptions import NoScriptError

from solaris.gateway.rate_limit_buckets import Draw, LocalBuckets, Rates, Standing, Verdict
from solaris.platform.logs import Log
from solaris.platform.redis import AWAY, RedisLink

_MOST_PER_BATCH = 128
_LONGEST_ANSWER_SECONDS = 0.25
_SECONDS_BETWEEN_TRIES = 1.0
_TOKENS_WAIT_SECONDS = 0.05
_VERDICTS = tuple(Verdict)


class SharedBuckets:
    """Draws from the users' buckets in Redis; from those of this process where Redis is away or not configured.

    Draws that come while a batch is in flight make the next one; tokens to be added ride along with the next batch, or go by
    themselves after 50 ms. Redis is waited for 250 ms at most, once: from then on, and until it answers again, nobody waits for it.
    """

    def __init__(
        self, link: RedisLink | None, local: LocalBuckets, log: Log, on_fallback: Callable[[], None] = lambda: None
    ) -> None:
        self._link = link
        self._pool: Any = None if link is None else link.client.connection_pool
        self._local = local
        self._log = log
        self._on_fallback = on_fallback
        self._waiting: list[tuple[Draw, asyncio.Future[Standing]]] = []
        self._spent: dict[UUID, Draw] = {}
        self._draining: asyncio.Task[None] | None = None
        self._recovering: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._connection: Any = None

    def take(self, user_id: UUID, rates: Rates) -> "asyncio.Future[Standing]":
        """Take one call from the user's bucket; the future never fails."""
        future: asyncio.Future[Standing] = asyncio.get_running_loop().create_future()
        draw = Draw(user_id, rates, takes=True)
        if self._link is None or self._recovering is not None:
            future.set_result(self._drawn_here(draw))
            return future
        self._waiting.append((draw, future))
        self._drain_soon()
        return future

    def add_tokens(self, user_id: UUID, rates: Rates, tokens: int) -> None:
        """Tokens were charged; nobody waits."""
        if self._link is None or self._recovering is not None:
            self._local.draw(Draw(user_id, rates, takes=False, tokens=tokens))
            return
        draw = self._spent.setdefault(user_id, Draw(user_id, rates, takes=False))
        draw.tokens += tokens
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_TOKENS_WAIT_SECONDS, self._drain_soon)

    async def close(self) -> None:
        """Send what is known, and let the connection go."""
        if self._recovering is not None:
            self._recovering.cancel()
            await asyncio.gather(self._recovering, return_exceptions=True)
        elif self._spent:
            self._drain_soon()
        if self._draining is not None:
            await asyncio.wait([self._draining])
        self._stop_timer()
        await self._disconnect()

    def _drain_soon(self) -> None:
        if self._draining is None:
            self._draining = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        try:
            while self._waiting or self._spent:
                taken, self._waiting = self._waiting[:_MOST_PER_BATCH], self._waiting[_MOST_PER_BATCH:]
                spent = self._take_spent()
                draws = [*spent, *(draw for draw, _ in taken)]
                standings = await self._drawn(draws)
                for (_, future), standing in zip(taken, standings[len(spent) :], strict=True):
                    if not future.done():
                        future.set_result(standing)
        finally:
            self._draining = None

    def _take_spent(self) -> list[Draw]:
        self._stop_timer()
        spent, self._spent = list(self._spent.values()), {}
        return spent

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _drawn(self, draws: Sequence[Draw]) -> list[Standing]:
        if self._recovering is None:
            try:
                return await self._drawn_in_redis(draws)
            except AWAY as error:
                await self._lost(error)
        return [self._drawn_here(draw) for draw in draws]

    def _drawn_here(self, draw: Draw) -> Standing:
        if draw.takes:
            self._on_fallback()
        return self._local.draw(draw)

    async def _drawn_in_redis(self, draws: Sequence[Draw]) -> list[Standing]:
        keys: list[bytes] = []
        values: list[int] = []
        for draw in draws:
            keys.append(b"solaris:rate:" + draw.user_id.hex.encode())
            values += (draw.rates.requests, int(draw.takes), draw.rates.tokens, draw.tokens)
        async with asyncio.timeout(_LONGEST_ANSWER_SECONDS):
            connection = await self._connected()
            try:
                numbers = await _asked(connection, b"EVALSHA", _script_digest(), len(keys), *keys, *values)
            except NoScriptError:
                numbers = await _asked(connection, b"EVAL", _script(), len(keys), *keys, *values)
        return [
            Standing(_VERDICTS[numbers[place]], numbers[place + 1], numbers[place + 2])
            for place in range(0, len(numbers), 3)
        ]

    async def _connected(self) -> Any:
        if self._connection is None:
            self._connection = await self._pool.get_connection()
        return self._connection

    async def _lost(self, error: BaseException) -> None:
        if self._link is not None:
            self._link.failed()
        await self._disconnect()
        self._log.warning("rate_limits_per_process", cause=type(error).__name__, cure="start Redis; check REDIS_URL")
        self._recovering = asyncio.create_task(self._recover())

    async def _recover(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
            with contextlib.suppress(*AWAY):
                async with asyncio.timeout(_SECONDS_BETWEEN_TRIES):
                    await _asked(await self._connected(), b"PING")
                    break
            await self._disconnect()
        self._recovering = None
        self._log.info("rate_limits_shared_again")

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with contextlib.suppress(*AWAY):
            await connection.disconnect(nowait=True)
        with contextlib.suppress(*AWAY):
            await self._pool.release(connection)


async def _asked(connection: Any, *command: Any) -> Any:
    await connection.send_packed_command(connection.pack_command(*command), check_health=False)
    return await connection.read_response()


@cache
def _script() -> str:
    return files("solaris.gateway").joinpath("lua", "rate_limit.lua").read_text(encoding="utf-8")


@cache
def _script_digest() -> str:
    return hashlib.sha1(_script().encode(), usedforsecurity=False).hexdigest()
