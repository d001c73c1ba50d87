"""A Redis pub/sub channel between processes, with a count of subscribers.

Redis holds only data that may be lost (DESIGN 1): while it is away nothing is published,
`connected` is False, and subscribers read PostgreSQL instead.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from solaris.platform.logs import Log
from solaris.platform.redis import AWAY, RedisClient

_COUNT_EVERY_SECONDS = 1.0
_SILENCE_BEFORE_PING_SECONDS = 1.0
_LONGEST_SILENCE_SECONDS = 3.0
_SECONDS_BEFORE_NEXT_TRY = 0.5
_PING = b"solaris"


class RedisChannel:
    """One process's publisher and subscriber.

    Run `listen()` and `watch()` as tasks of the process.
    """

    def __init__(self, redis: RedisClient | None, name: str, log: Log) -> None:
        self._redis = redis
        self._name = name
        self._log = log
        self._subscribed = asyncio.Event()
        self._on_message: Callable[[bytes], None] = lambda _message: None
        self.connected = False
        self.others_listen = False

    def set_handler(self, on_message: Callable[[bytes], None]) -> None:
        """Set the handler of messages received while subscribed (`set_subscribed`)."""
        self._on_message = on_message

    def set_subscribed(self, subscribed: bool) -> None:
        """Set whether this process subscribes to the channel."""
        if subscribed:
            self._subscribed.set()
        else:
            self._subscribed.clear()

    async def publish(self, message: bytes) -> bool:
        """Publish to all subscribers; returns False if Redis is away and nothing was sent."""
        return self._redis is not None and await self._redis.publish(self._name, message)

    async def watch(self) -> None:
        """Update `others_listen` every second, until cancelled, to avoid unread messages."""
        while self._redis is not None:
            if not self._redis.circuit_open:
                await self._count_listeners(self._redis)
            await asyncio.sleep(_COUNT_EVERY_SECONDS)

    async def _count_listeners(self, redis: RedisClient) -> None:
        try:
            ((_, listeners),) = await redis.client.pubsub_numsub(self._name)
        except AWAY:
            redis.failed()
            self.others_listen = False
        else:
            self.others_listen = listeners > (1 if self.connected else 0)

    async def listen(self) -> None:
        """Receive messages while subscribed, until cancelled; reconnects by itself."""
        while self._redis is not None:
            await self._subscribed.wait()
            try:
                await self._receive(self._redis)
            except AWAY:
                self._redis.failed()
                if self.connected:
                    self._log.warning("push_lost", channel=self._name, cure="start Redis; check REDIS_URL")
            finally:
                self.connected = False
            if self._subscribed.is_set():
                await asyncio.sleep(_SECONDS_BEFORE_NEXT_TRY)

    async def _receive(self, redis: RedisClient) -> None:
        async with redis.client.pubsub() as channel:
            await channel.subscribe(self._name)
            received_at = time.monotonic()
            while self._subscribed.is_set():
                message = await channel.get_message(timeout=_SILENCE_BEFORE_PING_SECONDS)
                if message is not None:
                    received_at = time.monotonic()
                    self._dispatch(message)
                elif time.monotonic() - received_at > _LONGEST_SILENCE_SECONDS:
                    # A hanging Redis keeps its connections open.
                    raise TimeoutError
                else:
                    await channel.ping(_PING)

    def _dispatch(self, message: dict[str, Any]) -> None:
        if message["type"] == "subscribe":
            self.connected = True
        elif message["type"] == "message":
            self._on_message(message["data"])
