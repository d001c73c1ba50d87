"""Retries operations that the ledger could not commit, until it can."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import islice

from solaris.gateway.settlement.pending import PendingSettlement

_FIRST_PAUSE_SECONDS = 0.25
_MAX_PAUSE_SECONDS = 5.0
_MAX_PENDING = 10_000
_BATCH_SIZE = 256


class RetryLoop:
    """Operations to retry, oldest first, in batches, with pauses that double while PostgreSQL is away.

    `retry` returns whether an operation is finished; it must raise nothing. One task runs while
    there are operations. At most 10,000 wait in memory.
    """

    def __init__(self, retry: Callable[[PendingSettlement], Awaitable[bool]]) -> None:
        self._retry = retry
        self._waiting: dict[PendingSettlement, None] = {}
        self._is_stopping = False
        self.task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> list[PendingSettlement]:
        """The operations that are not finished."""
        return list(self._waiting)

    @property
    def count(self) -> int:
        """How many operations are not finished."""
        return len(self._waiting)

    def add(self, pending: PendingSettlement) -> bool:
        """Retry it from now on; False if too many wait already."""
        if len(self._waiting) >= _MAX_PENDING:
            return False
        self._waiting[pending] = None
        pending.is_retried = True
        if self.task is None and not self._is_stopping:
            self.task = asyncio.create_task(self._run())
        return True

    def discard(self, pending: PendingSettlement) -> None:
        """Stop to retry it: it is finished."""
        self._waiting.pop(pending, None)
        pending.is_retried = False

    def stop(self) -> None:
        """Start no task any more; what is added stays in `waiting`."""
        self._is_stopping = True

    async def _run(self) -> None:
        pause_seconds = _FIRST_PAUSE_SECONDS
        try:
            while self._waiting:
                await asyncio.sleep(pause_seconds)
                batch = list(islice(self._waiting, _BATCH_SIZE))
                if all(await asyncio.gather(*map(self._retry, batch))):
                    pause_seconds = 0
                else:
                    pause_seconds = min(max(pause_seconds * 2, _FIRST_PAUSE_SECONDS), _MAX_PAUSE_SECONDS)
        finally:
            self.task = None
