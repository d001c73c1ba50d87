"""Ends holds in tasks of their own: no cancelled request and no absent PostgreSQL keeps a call from being charged."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from solaris.domain.errors import SolarisError, StoreUnavailable
from solaris.gateway.leases import Leases
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Charge, Hold, Usage
from solaris.platform.logs import Log

_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 10.0
_MOST_WAITING = 10_000

OnCharge = Callable[[Hold, Usage, Charge], None]


class Settlements:
    """What this process still owes the account book.

    A hold stays leased until it is ended. While PostgreSQL is away the ending is tried again, up to ten thousand of them; beyond
    that a hold is left to its lease, which settles it at what was last seen.
    """

    def __init__(self, ledger: Ledger, leases: Leases, log: Log) -> None:
        self._ledger = ledger
        self._leases = leases
        self._log = log
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0

    async def settle(self, hold: Hold, usage: Usage, on_charge: OnCharge) -> Charge | None:
        """End the hold with its usage; `on_charge` hears of it once.

        Returns the charge, or None where PostgreSQL is away: then it goes on in the background. Also goes on where the waiting
        caller is cancelled.
        """
        return await asyncio.shield(self.start_settle(hold, usage, on_charge))

    def start_settle(self, hold: Hold, usage: Usage, on_charge: OnCharge) -> "asyncio.Future[Charge | None]":
        """The same without waiting: the result of the first try."""
        first_try: asyncio.Future[Charge | None] = asyncio.get_running_loop().create_future()

        async def once() -> None:
            charge = await self._ledger.settle(hold, usage)
            self._leases.drop(hold)
            if not charge.repeated:
                on_charge(hold, usage, charge)
            if not first_try.done():
                first_try.set_result(charge)

        self._start(self._until_done("settle", hold, once, first_try))
        return first_try

    async def release(self, hold: Hold) -> None:
        """Give the hold back: the call cost nothing. Waits for the first try only, and is not cancelled with its caller."""
        first_try: asyncio.Future[Charge | None] = asyncio.get_running_loop().create_future()

        async def once() -> None:
            await self._ledger.release(hold)
            self._leases.drop(hold)

        self._start(self._until_done("release", hold, once, first_try))
        await asyncio.shield(first_try)

    async def drain(self, timeout_seconds: float = 8.0) -> None:
        """Wait for everything that is still owed; what is left after the time is settled by the leases' expiry."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=timeout_seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.gather(*late, return_exceptions=True)
            self._log.error(
                "settlements_left_behind",
                calls=len(late),
                cure="their leases expire within a minute; the worker settles them",
            )

    @property
    def waiting(self) -> int:
        """Endings that PostgreSQL could not take yet."""
        return self._waiting

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _until_done(
        self,
        what: str,
        hold: Hold,
        once: Callable[[], Coroutine[Any, Any, None]],
        first_try: "asyncio.Future[Charge | None]",
    ) -> None:
        try:
            if await self._done(what, hold, once):
                return
            first_try.set_result(None)
            if self._waiting >= _MOST_WAITING:
                self._leases.drop(hold)
                self._log.error("settlement_given_up", user_id=hold.user_id, request_id=hold.request_id, what=what)
                return
            await self._again(what, hold, once)
        finally:
            if not first_try.done():
                first_try.set_result(None)

    async def _again(self, what: str, hold: Hold, once: Callable[[], Coroutine[Any, Any, None]]) -> None:
        pause_seconds = _FIRST_PAUSE_SECONDS
        self._waiting += 1
        try:
            while True:
                await asyncio.sleep(pause_seconds)
                if await self._done(what, hold, once):
                    return
                pause_seconds = min(pause_seconds * 2, _LONGEST_PAUSE_SECONDS)
        finally:
            self._waiting -= 1

    async def _done(self, what: str, hold: Hold, once: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """False where PostgreSQL is away and it must be tried again."""
        try:
            await once()
        except StoreUnavailable as error:
            self._log.warning(
                "settlement_waits", user_id=hold.user_id, request_id=hold.request_id, what=what, cause=str(error)
            )
            return False
        except SolarisError as error:
            # Somebody else has ended the hold (its lease ran out): nothing is left to do, and a person should know.
            self._leases.drop(hold)
            self._log.error(
                "settlement_refused", user_id=hold.user_id, request_id=hold.request_id, what=what, cause=str(error)
            )
        except Exception as error:  # noqa: BLE001  a hold must not stay leased for ever because of our own mistake
            self._leases.drop(hold)
            self._log.error(
                "settlement_failed", user_id=hold.user_id, request_id=hold.request_id, what=what, exc_info=error
            )
        return True
