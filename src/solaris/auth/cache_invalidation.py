"""Notifies all processes of changed users, front ends and models; they drop cached copies."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from solaris.platform.logs import Log
from solaris.platform.redis import AWAY, RedisClient

_CHANNEL = "solaris:callers"
_ALL_USERS = b"*"
_MODELS = b"models"
_POLL_SECONDS = 10.0
_SECONDS_BEFORE_NEXT_TRY = 2.0

Listener = Callable[[UUID | None], None]
ModelListener = Callable[[], None]
# Publishes a change of one user, or of their balance by anything but a charge
# (`CacheInvalidation.publish`). Never raises.
PublishChange = Callable[[UUID], Awaitable[None]]


class CacheInvalidation:
    """Notifies this process's listeners directly, and those of other processes through Redis.

    Without Redis, other processes keep cached copies until they expire, within seconds.
    """

    def __init__(self, redis: RedisClient | None = None, log: Log | None = None) -> None:
        self._redis = redis
        self._log = log
        self._listeners: list[Listener] = []
        self._model_listeners: list[ModelListener] = []

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` with the changed user's id, or None if any user may have changed."""
        self._listeners.append(listener)

    async def publish(self, user_id: UUID | None) -> None:
        """Publish that a user changed; None: any user may have changed. Never raises."""
        self._notify_listeners(user_id)
        if self._redis is not None:
            await self._redis.publish(_CHANNEL, _ALL_USERS if user_id is None else user_id.hex.encode())

    def subscribe_models(self, listener: ModelListener) -> None:
        """Call `listener` when weights or limits of models may have changed."""
        self._model_listeners.append(listener)

    async def publish_models(self) -> None:
        """Publish that weights or limits of models changed. Never raises."""
        self._notify_model_listeners()
        if self._redis is not None:
            await self._redis.publish(_CHANNEL, _MODELS)

    async def listen(self) -> None:
        """Receive changes from other processes until cancelled. Run as one task per process.

        Reconnects after errors, and then notifies all listeners of possible changes.
        """
        while self._redis is not None:
            try:
                await self._receive(self._redis)
            except AWAY:
                self._redis.failed()
                if self._log is not None:
                    self._log.debug("caller_changes_not_heard", retry_after_seconds=_SECONDS_BEFORE_NEXT_TRY)
            await asyncio.sleep(_SECONDS_BEFORE_NEXT_TRY)

    async def _receive(self, redis: RedisClient) -> None:
        async with redis.client.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(_CHANNEL)
            # Messages sent before the subscription are lost, so anything may have changed.
            self._notify_listeners(None)
            self._notify_model_listeners()
            while True:
                message = await channel.get_message(timeout=_POLL_SECONDS)
                if message is None:
                    continue
                if message["data"] == _MODELS:
                    self._notify_model_listeners()
                else:
                    self._notify_listeners(_user_id_of(message["data"]))

    def _notify_listeners(self, user_id: UUID | None) -> None:
        for listener in self._listeners:
            listener(user_id)

    def _notify_model_listeners(self) -> None:
        for listener in self._model_listeners:
            listener()


def _user_id_of(data: bytes) -> UUID | None:
    try:
        return UUID(data.decode())
    except (ValueError, UnicodeDecodeError):
        return None
