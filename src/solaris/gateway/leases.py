"""Keeps the holds of this process's running calls alive: a hold is a lease, and only a living proxy renews it (DESIGN 3)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from solaris.domain.errors import StoreUnavailable
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Hold
from solaris.platform.logs import Log

_RENEW_EVERY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Lease:
    hold: Hold
    output_tokens: Callable[[], int]


class Leases:
    """The open holds of one process, renewed together in one statement every few seconds."""

    def __init__(self, ledger: Ledger, log: Log, *, every_seconds: float = _RENEW_EVERY_SECONDS) -> None:
        self._ledger = ledger
        self._log = log
        self._every_seconds = every_seconds
        self._leases: dict[tuple[UUID, str], _Lease] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, hold: Hold, output_tokens: Callable[[], int]) -> None:
        """Renew this hold from now on; `output_tokens` tells what was seen so far, and must be quick."""
        self._leases[hold.user_id, hold.request_id] = _Lease(hold, output_tokens)

    def drop(self, user_id: UUID, request_id: str) -> None:
        """The hold has ended."""
        self._leases.pop((user_id, request_id), None)

    @property
    def open_holds(self) -> int:
        """How many holds are kept alive now."""
        return len(self._leases)

    def start(self) -> None:
        """Begin to renew."""
        self._task = asyncio.create_task(self._keep_renewing())

    async def stop(self) -> None:
        """Renew no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def renew_now(self) -> None:
        """Renew all holds once. Raises StoreUnavailable."""
        if not self._leases:
            return
        asked = [(*key, lease.output_tokens()) for key, lease in self._leases.items()]
        still_open = await self._ledger.renew(asked)
        for user_id, request_id, _ in asked:
            if (user_id, request_id) not in still_open and (user_id, request_id) in self._leases:
                self._log.debug("hold_ended_elsewhere", user_id=user_id, request_id=request_id)

    async def _keep_renewing(self) -> None:
        while True:
            await asyncio.sleep(self._every_seconds)
            try:
                await self.renew_now()
            except StoreUnavailable as error:
                self._log.warning("leases_not_renewed", holds=len(self._leases), cause=str(error))
            except Exception as error:  # noqa: BLE001  renewing must go on whatever happened, or every running call would expire
                self._log.error("leases_not_renewed", holds=len(self._leases), exc_info=error)
