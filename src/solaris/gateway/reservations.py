"""Makes holds; calls wait briefly for tokens held by the user's other calls (SPEC 3.1)."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

from starlette.requests import ClientDisconnect

from solaris.domain.errors import TokensHeld
from solaris.ledger.records import Charge, Hold, HoldCreate

MAX_WAIT_SECONDS = 5.0
# Calls that end in other processes, or cost nothing, wake no waiter here.
_POLL_SECONDS = 0.2


class Reservations:
    """Makes holds; a call whose tokens are held by other calls waits for one of them to end.

    A waiting call has no hold and no connection. As many of a user's calls may wait as may run.
    """

    def __init__(
        self, reserve: Callable[[HoldCreate], Awaitable[Hold]], *, wait_seconds: float = MAX_WAIT_SECONDS
    ) -> None:
        self._reserve = reserve
        self._wait_seconds = wait_seconds
        self._waiting: Counter[UUID] = Counter()
        self._charge_events: dict[UUID, asyncio.Event] = {}

    async def reserve(self, request: HoldCreate, *, is_gone: Callable[[], bool]) -> Hold:
        """Make a hold; `is_gone` returns whether the caller has disconnected.

        Raises:
            As `Ledger.reserve`; `TokensHeld` after `wait_seconds`.
            ClientDisconnect: the caller left while the call waited; nothing is held.
        """
        try:
            return await self._reserve(request)
        except TokensHeld:
            if self._waiting[request.user_id] >= request.max_calls:
                raise
        return await self._wait(request, is_gone)

    def on_charged(self, user_id: UUID, charge: Charge) -> None:
        """Wake the user's waiting calls, which then retry."""
        event = self._charge_events.pop(user_id, None)
        if event is not None:
            event.set()

    @property
    def waiting(self) -> int:
        """Number of waiting calls."""
        return self._waiting.total()

    async def _wait(self, request: HoldCreate, is_gone: Callable[[], bool]) -> Hold:
        user_id = request.user_id
        deadline = time.monotonic() + self._wait_seconds
        self._waiting[user_id] += 1
        try:
            while True:
                await self._wait_for_charge(user_id, deadline)
                if is_gone():
                    raise ClientDisconnect
                try:
                    return await self._reserve(request)
                except TokensHeld:
                    if time.monotonic() >= deadline:
                        raise
        finally:
            self._waiting[user_id] -= 1
            if not self._waiting[user_id]:
                del self._waiting[user_id]
                self._charge_events.pop(user_id, None)

    async def _wait_for_charge(self, user_id: UUID, deadline: float) -> None:
        event = self._charge_events.get(user_id)
        if event is None:
            event = self._charge_events[user_id] = asyncio.Event()
        seconds = min(_POLL_SECONDS, max(0.0, deadline - time.monotonic()))
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
