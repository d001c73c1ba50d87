"""Redis holds what may vanish. With Redis away everything goes on: calls fail open, quickly, and are counted."""

import asyncio
import time

import redis.asyncio
from redis.exceptions import RedisError

_SECONDS_UNTIL_NEXT_TRY = 1.0
AWAY = (RedisError, OSError, asyncio.TimeoutError)


class RedisClient:
    """One process's link to Redis.

    `client` is the plain client for rooms with scripts of their own; they catch `AWAY`, call `failed()`, and go on without.
    """

    def __init__(self, url: str, *, timeout_seconds: float = 0.5) -> None:
        self.client = redis.asyncio.Redis.from_url(
            url, socket_timeout=timeout_seconds, socket_connect_timeout=timeout_seconds, health_check_interval=15
        )
        self._away_until = 0.0
        self.failures = 0

    @property
    def circuit_open(self) -> bool:
        """True for a moment after a failure, so that an absent Redis costs one time-out a second and not one a request."""
        return time.monotonic() < self._away_until

    def failed(self) -> None:
        """Note a failure."""
        self.failures += 1
        self._away_until = time.monotonic() + _SECONDS_UNTIL_NEXT_TRY

    async def ping(self) -> bool:
        """Whether Redis answers now."""
        try:
            return bool(await self.client.ping())
        except AWAY:
            self.failed()
            return False

    async def publish(self, channel: str, message: bytes) -> bool:
        """Tell every process; false where Redis is away, and nobody was told."""
        if self.circuit_open:
            return False
        try:
            await self.client.publish(channel, message)
        except AWAY:
            self.failed()
            return False
        return True

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()
