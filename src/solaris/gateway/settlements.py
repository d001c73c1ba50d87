"""Ends holds in tasks of their own: no cancelled request and no absent PostgreSQL keeps a call from being charged."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from solaris.domain.errors import SolarisError, StoreUnavailable
from solaris.gateway.leases import Leases
from solaris.gateway.left_spools import tell_if_late
from solaris.gateway.patience import Patience
from solaris.gateway.spool import Owed, Spool
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Charge, Hold, Usage
from solaris.platform.logs import Log

_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 5.0
_MOST_WAITING = 10_000
_TOGETHER = 256
_MOST_REFUSALS = 5
# How long the end of an answer waits for its charge before the disk answers for it.
_STREAM_PATIENCE_SECONDS = 0.1
_WHOLE_PATIENCE_SECONDS = 2.0

OnCharge = Callable[[Hold, Usage, Charge], None]
Answer = asyncio.Future[Charge | None]


@dataclass(slots=True, eq=False)
class _Ending:
    """One ending on its way. `keeping`: its copy is being made, or is made, on the disk."""

    owed: Owed
    answer: Answer
    on_charge: Callable[[Charge], None] | None = None
    tries: int = 0
    refusals: int = 0
    keeping: asyncio.Task[bool] | None = None

    def answered(self, charge: Charge | None) -> None:
        if not self.answer.done():
            self.answer.set_result(charge)


class Settlements:
    """What this process still owes the account book.

    Whoever waits for an ending is answered when PostgreSQL has it or, where that takes too long or fails, when the disk has it.
    It is tried again until PostgreSQL is back, or replayed from the disk by another process of this machine where this one dies.
    Up to ten thousand endings wait in memory as well; beyond that, and with neither PostgreSQL nor disk, a hold is left to its
    lease.
    """

    def __init__(self, ledger: Ledger, leases: Leases, spool: Spool, log: Log) -> None:
        self._ledger = ledger
        self._leases = leases
        self._spool = spool
        self._log = log
        self._tasks: set[asyncio.Task[object]] = set()
        self._patience = {seconds: Patience(seconds) for seconds in (_STREAM_PATIENCE_SECONDS, _WHOLE_PATIENCE_SECONDS)}
        self._waiting: dict[_Ending, None] = {}
        self._replaying: asyncio.Task[None] | None = None
        self._is_ending = False

    async def settle(self, hold: Hold, usage: Usage, on_charge: OnCharge) -> Charge | None:
        """End the hold with its usage; `on_charge` hears of it once.

        Returns the charge, or None where PostgreSQL did not take it within two seconds: then the disk has it, and it goes on in the
        background. Also goes on where the waiting caller is cancelled.
        """
        return await self._settle(hold, usage, on_charge, _WHOLE_PATIENCE_SECONDS)

    def start_settle(self, hold: Hold, usage: Usage, on_charge: OnCharge) -> Answer:
        """The same without waiting; the disk answers after a tenth of a second."""
        return self._settle(hold, usage, on_charge, _STREAM_PATIENCE_SECONDS)

    async def release(self, hold: Hold) -> None:
        """Give the hold back: the call cost nothing. Goes on where the waiting caller is cancelled."""
        await self._begin(Owed(hold.user_id, hold.request_id, None), None, _WHOLE_PATIENCE_SECONDS)

    def give_back(self, user_id: UUID, request_id: str, attempt: str | None) -> None:
        """Give back, in the background, a hold that was perhaps made (`Ledger.entrust_doubts`)."""
        self._begin(Owed(user_id, request_id, None, attempt), None, _STREAM_PATIENCE_SECONDS)

    async def drain(self, timeout_seconds: float = 8.0) -> None:
        """Wait until nothing is owed, or for `timeout_seconds`; what is left then is on the disk for the next process."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                while running := self._running():
                    await asyncio.wait(running)
        self._is_ending = True
        late = self._running()
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        if self._waiting:
            self._log.error(
                "settlements_left_behind",
                calls=len(self._waiting),
                spool_bytes=self._spool.size_bytes,
                cure="the next proxy or worker that runs on this machine brings them into the account book",
            )

    @property
    def waiting(self) -> int:
        """Endings that PostgreSQL could not take yet."""
        return len(self._waiting)

    def _running(self) -> list[asyncio.Task[object]]:
        return [*self._tasks, *(() if self._replaying is None else (self._replaying,))]

    def _settle(self, hold: Hold, usage: Usage, on_charge: OnCharge, patience_seconds: float) -> Answer:
        record = usage.as_record(hold.call.charge_for(usage.counts))
        owed = Owed(hold.user_id, hold.request_id, record)
        return self._begin(owed, lambda charge: on_charge(hold, usage, charge), patience_seconds)

    def _begin(self, owed: Owed, on_charge: Callable[[Charge], None] | None, patience_seconds: float) -> Answer:
        ending = _Ending(owed, asyncio.get_running_loop().create_future(), on_charge)
        # What is given to the caller is an answer and not the work: whoever cancels it cancels his own waiting.
        patience = self._patience[patience_seconds]
        patience.begin(ending, self._run_out_of_patience)
        self._spawn(self._first_try(ending, patience))
        return ending.answer

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _first_try(self, ending: _Ending, patience: Patience) -> None:
        try:
            if await self._done(ending):
                return
            self._owe(ending)
            await self._keep(ending)
        except asyncio.CancelledError:
            # The process ends: PostgreSQL was too slow, the disk has it.
            self._owe(ending)
            raise
        finally:
            patience.end(ending)
            ending.answered(None)

    def _run_out_of_patience(self, ending: _Ending) -> None:
        # Begun here and now: whoever ends it in the next moment must see that there is a copy to take back.
        self._begin_to_keep(ending)

        async def keep() -> None:
            await self._keep(ending)
            ending.answered(None)

        self._spawn(keep())

    async def _keep(self, ending: _Ending) -> None:
        """Return when the disk has the ending, or refuses it."""
        if not await asyncio.shield(self._begin_to_keep(ending)):
            self._log.error(
                "settlement_in_memory_alone", user_id=ending.owed.user_id, request_id=ending.owed.request_id
            )

    def _begin_to_keep(self, ending: _Ending) -> asyncio.Task[bool]:
        if ending.keeping is None:
            ending.keeping = asyncio.create_task(self._spool.keep(ending.owed))
        return ending.keeping

    def _owe(self, ending: _Ending) -> None:
        if len(self._waiting) >= _MOST_WAITING:
            self._leases.drop(ending.owed.user_id, ending.owed.request_id)
            self._log.error(
                "settlement_given_up",
                user_id=ending.owed.user_id,
                request_id=ending.owed.request_id,
                usage=ending.owed.usage,
            )
            return
        self._waiting[ending] = None
        if self._replaying is None and not self._is_ending:
            self._replaying = asyncio.create_task(self._replay())

    async def _replay(self) -> None:
        pause_seconds = _FIRST_PAUSE_SECONDS
        try:
            while self._waiting:
                await asyncio.sleep(pause_seconds)
                together = list(islice(self._waiting, _TOGETHER))
                if all(await asyncio.gather(*map(self._done, together))):
                    pause_seconds = 0
                else:
                    pause_seconds = min(max(pause_seconds * 2, _FIRST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS)
        finally:
            self._replaying = None

    async def _done(self, ending: _Ending) -> bool:
        """False where PostgreSQL did not take it and it must be tried again."""
        owed = ending.owed
        try:
            charge = await self._tried(ending)
        except StoreUnavailable as error:
            if ending.tries == 1:
                self._log.warning(
                    "settlement_waits", user_id=owed.user_id, request_id=owed.request_id, cause=str(error)
                )
            return False
        except SolarisError as error:
            # Somebody else has ended the hold: nothing is left to do, and a person should know.
            self._log.error("settlement_refused", user_id=owed.user_id, request_id=owed.request_id, cause=str(error))
            charge = None
        except Exception as error:  # noqa: BLE001  a full disk of PostgreSQL's passes; a mistake of ours must not be tried for ever
            ending.refusals += 1
            self._log.error(
                "settlement_failed", user_id=owed.user_id, request_id=owed.request_id, usage=owed.usage, exc_info=error
            )
            if ending.refusals < _MOST_REFUSALS:
                return False
            charge = None
        if owed.attempt is None:
            self._leases.drop(owed.user_id, owed.request_id)
        ending.answered(charge)
        self._waiting.pop(ending, None)
        if ending.keeping is not None:
            await asyncio.shield(ending.keeping)
            self._spool.done(owed)
        return True

    async def _tried(self, ending: _Ending) -> Charge | None:
        ending.tries += 1
        owed = ending.owed
        if owed.usage is None:
            await self._ledger.give_back(owed.user_id, owed.request_id, owed.attempt)
            return None
        charge = await self._ledger.settle_recorded(owed.user_id, owed.request_id, owed.usage)
        tell_if_late(self._log, owed, charge)
        # A later try may find the charge of an earlier one, whose answer was lost.
        if ending.on_charge is not None and (not charge.repeated or ending.tries > 1):
            ending.on_charge(charge)
        return charge
