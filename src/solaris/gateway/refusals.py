"""Counts calls refused for lack of tokens, and refreshes the user's open pages."""

import asyncio
import time
from collections import OrderedDict
from uuid import UUID

from solaris.auth.cache_invalidation import PublishChange
from solaris.domain.errors import InsufficientTokens, RateLimited, SpendingRefused
from solaris.gateway.instruments import Instruments

# A chat that keeps asking is refused often; its pages show it once.
_SECONDS_BETWEEN_NOTICES = 5.0
_MAX_USERS = 10_000


class Refusals:
    """Counts refusals and publishes that the user's balance changed."""

    def __init__(self, instruments: Instruments, publish_changed: PublishChange) -> None:
        self._instruments = instruments
        self._publish_changed = publish_changed
        self._last_published: OrderedDict[UUID, float] = OrderedDict()
        self._scheduled: set[UUID] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def record(self, user_id: UUID, refusal: SpendingRefused | RateLimited) -> None:
        """Count a refusal and schedule the publication.

        Returns at once; pages refresh within seconds.
        """
        self._instruments.count_refusal(refusal.code)
        if not isinstance(refusal, InsufficientTokens) or user_id in self._scheduled:
            return
        if len(self._scheduled) >= _MAX_USERS:
            return
        due_at = self._last_published.get(user_id, -_SECONDS_BETWEEN_NOTICES) + _SECONDS_BETWEEN_NOTICES
        self._scheduled.add(user_id)
        task = asyncio.create_task(self._publish(user_id, due_at - time.monotonic()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Cancel pending publications, before Redis is closed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _publish(self, user_id: UUID, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))
        self._scheduled.discard(user_id)
        self._last_published[user_id] = time.monotonic()
        self._last_published.move_to_end(user_id)
        if len(self._last_published) > _MAX_USERS:
            self._last_published.popitem(last=False)
        await self._publish_changed(user_id)
