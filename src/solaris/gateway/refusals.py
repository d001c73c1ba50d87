"""What follows from a call that is refused for its user's tokens: a metric, and the new state on the user's open pages."""

import asyncio
import time
from collections import OrderedDict
from uuid import UUID

from solaris.accounts.changes import TellChanged
from solaris.domain.errors import InsufficientTokens, RateLimited, SpendingRefused
from solaris.gateway.instruments import Instruments

# A chat that goes on asking is refused often; its pages show it once.
_SECONDS_BETWEEN_NOTICES = 5.0
_MOST_USERS = 10_000


class Refusals:
    """Counts refusals, and publishes that the user's balance is to be read again."""

    def __init__(self, instruments: Instruments, publish_changed: TellChanged) -> None:
        self._instruments = instruments
        self._publish_changed = publish_changed
        self._published: OrderedDict[UUID, float] = OrderedDict()
        self._publishing: set[asyncio.Task[None]] = set()

    def refused(self, user_id: UUID, refusal: SpendingRefused | RateLimited) -> None:
        """A call was refused. Returns at once."""
        self._instruments.blocked(refusal.code)
        now = time.monotonic()
        last = self._published.get(user_id, -_SECONDS_BETWEEN_NOTICES)
        if not isinstance(refusal, InsufficientTokens) or now - last < _SECONDS_BETWEEN_NOTICES:
            return
        self._published[user_id] = now
        self._published.move_to_end(user_id)
        if len(self._published) > _MOST_USERS:
            self._published.popitem(last=False)
        task = asyncio.create_task(self._publish(user_id))
        self._publishing.add(task)
        task.add_done_callback(self._publishing.discard)

    async def _publish(self, user_id: UUID) -> None:
        await self._publish_changed(user_id)
