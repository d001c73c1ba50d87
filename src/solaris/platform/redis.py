"""The Redis client. Redis holds only data that may be lost; without it calls fail open and fast."""

import asyncio
import time

import redis.asyncio
from redis.exceptions import RedisError

_SECONDS_UNTIL_NEXT_TRY = 1.0
AWAY = (RedisError, OSError, asyncio.TimeoutError)


class RedisClient:
    """One process's connection to Redis.

    `client` is redis-py's client, for callers with scripts of their own: they catch `AWAY`, call
    `failed()`, and continue without Redis.
    """

    def __init__(self, url: str, *, timeout_seconds: float = 0.5) -> None:
        self.client = redis.asyncio.Redis.from_url(
            url, socket_timeout=timeout_seconds, socket_connect_timeout=timeout_seconds, health_check_interval=15
        )
        self._away_until = 0.0
        self.failures = 0

    @property
    def circuit_open(self) -> bool:
        """True for one second after a failure: one time-out a second instead of one a request."""
        return time.monotonic() < self._away_until

    def failed(self) -> None:
        """Count a failure and open the circuit for one second."""
        self.failures += 1
        self._away_until = time.monotonic() + _SECONDS_UNTIL_NEXT_TRY

    async def ping(self) -> bool:
        """Return whether Redis answers now."""
        try:
            return bool(await self.client.ping())
        except AWAY:
            self.failed()
            return False

    async def publish(self, channel: str, message: bytes) -> bool:
        """Publish to every process; returns False if Redis is away and nothing was sent."""
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
