"""Ends holds beside the requests: no cancelled request and no absent PostgreSQL keeps a call from being charged."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context, copy_context
from itertools import islice
from typing import Any
from uuid import UUID

from solaris.domain.errors import SolarisError, StoreUnavailable
from solaris.gateway.settlement.heartbeat import LeaseHeartbeat
from solaris.gateway.settlement.recovery import warn_if_late
from solaris.gateway.settlement.timeout_queue import TimeoutQueue
from solaris.gateway.settlement.wal import Wal, WalEntry
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import RECORD_COLUMNS, Charge, Hold, Usage
from solaris.ledger.statements import Settlement
from solaris.platform.logs import Log

_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 5.0
_MAX_WAITING = 10_000
_TOGETHER = 256
_MAX_REFUSALS = 5
# How long the end of an answer waits for its charge before the disk answers for it.
_STREAM_PATIENCE_SECONDS = 0.1
_WHOLE_PATIENCE_SECONDS = 2.0
_SECONDS_BETWEEN_LOOKS = 0.01

OnCharge = Callable[[Hold, Usage, Charge], None]
Settled = asyncio.Future[Charge | None]


class _PendingSettlement:
    """One ending on its way: a hold to be given back, or to be charged where there is a `row` (`Usage.as_row`).

    `keeping`: its copy is being made, or is made, on the disk. `context`: its caller's, whose trace id its log lines carry.
    """

    __slots__ = (
        "_owed",
        "answer",
        "attempt",
        "context",
        "keeping",
        "refusals",
        "request_id",
        "row",
        "timeouts",
        "tries",
        "user_id",
    )

    def __init__(
        self,
        user_id: UUID,
        request_id: str,
        answer: Settled,
        timeouts: TimeoutQueue,
        row: tuple[Any, ...] | None = None,
    ) -> None:
        self.user_id = user_id
        self.request_id = request_id
        self.answer = answer
        self.timeouts = timeouts
        self.row = row
        self.attempt: str | None = None
        self.context = copy_context()
        self.tries = 0
        self.refusals = 0
        self.keeping: asyncio.Task[bool] | None = None
        self._owed: WalEntry | None = None

    @property
    def entry(self) -> WalEntry:
        """What the disk is given: always the same one."""
        if self._owed is None:
            usage = None if self.row is None else dict(zip(RECORD_COLUMNS, self.row, strict=True))
            self._owed = WalEntry(self.user_id, self.request_id, usage, self.attempt)
        return self._owed

    def answered(self, charge: Charge | None) -> None:
        if not self.answer.done():
            self.answer.set_result(charge)

    def tell(self, charge: Charge) -> None:
        """Whoever wants to hear of the charge hears of it."""


class _PendingCharge(_PendingSettlement):
    """A charge on its way. What comes of its first try is given to it without waking a task (`ledger.batcher.Completion`).

    `tried`: its first try has come to something, or the process ends and waits for it no longer.
    """

    __slots__ = ("_charged", "_failed", "_hold", "_on_charge", "_usage", "tried")

    def __init__(
        self, hold: Hold, usage: Usage, on_charge: OnCharge, answer: Settled, timeouts: TimeoutQueue, outcomes: "_Tried"
    ) -> None:
        row = usage.as_row(hold.call.charge_for(usage.counts))
        super().__init__(hold.user_id, hold.request_id, answer, timeouts, row)
        self._hold = hold
        self._usage = usage
        self._on_charge = on_charge
        self._charged, self._failed = outcomes
        self.tried = False

    def done(self) -> bool:
        return self.tried

    def set_result(self, charge: Charge, /) -> None:
        self.tried = True
        self._charged(self, charge)

    def set_exception(self, error: Exception, /) -> None:
        self.tried = True
        self._failed(self, error)

    def tell(self, charge: Charge) -> None:
        self._on_charge(self._hold, self._usage, charge)


_Tried = tuple[Callable[[_PendingCharge, Charge], None], Callable[[_PendingCharge, Exception], None]]


class SettlementQueue:
    """What this process still owes the account book.

    Whoever waits for an ending is answered when PostgreSQL has it or, where that takes too long or fails, when the disk has it.
    It is tried again until PostgreSQL is back, or replayed from the disk by another process of this machine where this one dies.
    Up to ten thousand endings wait in memory as well; beyond that, and with neither PostgreSQL nor disk, a hold is left to its
    lease.
    """

    def __init__(self, ledger: Ledger, heartbeat: LeaseHeartbeat, wal: Wal, log: Log) -> None:
        self._ledger = ledger
        self._heartbeat = heartbeat
        self._wal = wal
        self._log = log
        self._tasks: set[asyncio.Task[object]] = set()
        self._stream_patience = TimeoutQueue(_STREAM_PATIENCE_SECONDS)
        self._whole_patience = TimeoutQueue(_WHOLE_PATIENCE_SECONDS)
        self._tried_once: _Tried = self._first_charged, self._first_failed
        self._first_tries: set[_PendingCharge] = set()
        self._untold: list[tuple[_PendingSettlement, Charge]] = []
        self._waiting: dict[_PendingSettlement, None] = {}
        self._replaying: asyncio.Task[None] | None = None
        self._is_ending = False

    def settle(self, hold: Hold, usage: Usage, on_charge: OnCharge) -> Settled:
        """End the hold with its usage; `on_charge` hears of it once, when those who wait for the answer have it.

        The answer is the charge, or None where PostgreSQL did not take it within two seconds: then the disk has it, and it goes on
        in the background. Also goes on where the waiting caller is cancelled.
        """
        return self._settle(hold, usage, on_charge, self._whole_patience)

    def start_settle(self, hold: Hold, usage: Usage, on_charge: OnCharge) -> Settled:
        """The same without waiting; the disk answers after a tenth of a second."""
        return self._settle(hold, usage, on_charge, self._stream_patience)

    async def release(self, hold: Hold) -> None:
        """Give the hold back: the call cost nothing. Goes on where the waiting caller is cancelled."""
        await self._begin_giving_back(hold.user_id, hold.request_id, None, self._whole_patience)

    def give_back(self, user_id: UUID, request_id: str, attempt: str | None) -> None:
        """Give back, in the background, a hold that was perhaps made (`Ledger.on_uncertain_hold`)."""
        self._begin_giving_back(user_id, request_id, attempt, self._stream_patience)

    async def drain(self, timeout_seconds: float = 8.0) -> None:
        """Wait until nothing is owed, or for `timeout_seconds`; what is left then is on the disk for the next process."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                while (running := self._running()) or self._first_tries:
                    if running:
                        await asyncio.wait(running, timeout=_SECONDS_BETWEEN_LOOKS)
                    else:
                        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        self._is_ending = True
        for ending in list(self._first_tries):
            self._leave(ending)
        late = self._running()
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        self._tell()
        # Some had not run out of patience yet, and so no copy.
        keeping = [self._begin_to_keep(ending) for ending in self._waiting]
        if keeping:
            await asyncio.wait(keeping, timeout=_WHOLE_PATIENCE_SECONDS)
        if self._waiting:
            self._log.error(
                "settlements_left_behind",
                calls=len(self._waiting),
                spool_bytes=self._wal.size_bytes,
                cure="the next proxy or worker that runs on this machine brings them into the account book",
            )

    @property
    def waiting(self) -> int:
        """Endings that PostgreSQL could not take yet."""
        return len(self._waiting)

    def _running(self) -> list[asyncio.Task[object]]:
        return [*self._tasks, *(() if self._replaying is None else (self._replaying,))]

    def _settle(self, hold: Hold, usage: Usage, on_charge: OnCharge, timeouts: TimeoutQueue) -> Settled:
        # What is given to the caller is an answer and not the work: whoever cancels it cancels his own waiting.
        answer: Settled = asyncio.get_running_loop().create_future()
        ending = _PendingCharge(hold, usage, on_charge, answer, timeouts, self._tried_once)
        ending.tries = 1
        timeouts.begin(ending, self._run_out_of_patience)
        self._first_tries.add(ending)
        try:
            self._ledger.settle_for(ending, Settlement(ending.user_id, ending.request_id, ending.row or ()))
        except StoreUnavailable as error:
            self._first_failed(ending, error)
        return answer

    def _begin_giving_back(
        self, user_id: UUID, request_id: str, attempt: str | None, timeouts: TimeoutQueue
    ) -> Settled:
        ending = _PendingSettlement(user_id, request_id, asyncio.get_running_loop().create_future(), timeouts)
        ending.attempt = attempt
        timeouts.begin(ending, self._run_out_of_patience)
        self._spawn(self._first_try(ending))
        return ending.answer

    def _first_charged(self, ending: _PendingCharge, charge: Charge) -> None:
        self._first_tries.discard(ending)
        ending.timeouts.end(ending)
        self._taken(ending, charge)
        self._ended(ending, charge)
        if ending.keeping is not None:
            self._spawn(self._take_back(ending))

    def _first_failed(self, ending: _PendingCharge, error: Exception) -> None:
        self._first_tries.discard(ending)
        self._spawn(self._first_try(ending, error), ending.context)

    def _leave(self, ending: _PendingCharge) -> None:
        """The process ends, and PostgreSQL was too slow."""
        ending.tried = True
        self._first_tries.discard(ending)
        ending.timeouts.end(ending)
        self._owe(ending)
        ending.answered(None)

    def _spawn(self, work: Coroutine[Any, Any, object], context: Context | None = None) -> None:
        task = asyncio.create_task(work, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _first_try(self, ending: _PendingSettlement, failure: Exception | None = None) -> None:
        """`failure`: what the first try has come to already."""
        try:
            if await (self._done(ending) if failure is None else self._ended_by(ending, failure)):
                return
            self._owe(ending)
            await self._keep(ending)
        except asyncio.CancelledError:
            # The process ends, and PostgreSQL was too slow.
            self._owe(ending)
            raise
        finally:
            ending.timeouts.end(ending)
            ending.answered(None)

    def _run_out_of_patience(self, ending: _PendingSettlement) -> None:
        # Begun here and now: whoever ends it in the next moment must see that there is a copy to take back.
        self._begin_to_keep(ending)

        async def keep() -> None:
            await self._keep(ending)
            ending.answered(None)

        self._spawn(keep())

    async def _keep(self, ending: _PendingSettlement) -> None:
        """Return when the disk has the ending, or refuses it."""
        if not await asyncio.shield(self._begin_to_keep(ending)):
            self._log.error("settlement_in_memory_alone", user_id=ending.user_id, request_id=ending.request_id)

    def _begin_to_keep(self, ending: _PendingSettlement) -> asyncio.Task[bool]:
        if ending.keeping is None:
            ending.keeping = asyncio.create_task(self._wal.keep(ending.entry))
        return ending.keeping

    def _owe(self, ending: _PendingSettlement) -> None:
        if len(self._waiting) >= _MAX_WAITING:
            self._heartbeat.drop(ending.user_id, ending.request_id)
            self._log.error(
                "settlement_given_up",
                user_id=ending.user_id,
                request_id=ending.request_id,
                usage=ending.entry.usage,
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

    async def _done(self, ending: _PendingSettlement) -> bool:
        """False where PostgreSQL did not take it and it must be tried again."""
        try:
            charge = await self._tried(ending)
        except Exception as error:  # noqa: BLE001  which of them end it is told there
            return await self._ended_by(ending, error)
        self._ended(ending, charge)
        await self._take_back(ending)
        return True

    async def _tried(self, ending: _PendingSettlement) -> Charge | None:
        ending.tries += 1
        if ending.row is None:
            await self._ledger.give_back(ending.user_id, ending.request_id, ending.attempt)
            return None
        charge = await self._ledger.settle_recorded(ending.user_id, ending.request_id, ending.entry.usage or {})
        self._taken(ending, charge)
        return charge

    async def _ended_by(self, ending: _PendingSettlement, error: Exception) -> bool:
        """False where it is to be tried again after this error."""
        if not self._is_last_word(ending, error):
            return False
        self._ended(ending, None)
        await self._take_back(ending)
        return True

    def _is_last_word(self, ending: _PendingSettlement, error: Exception) -> bool:
        user_id, request_id = ending.user_id, ending.request_id
        if isinstance(error, StoreUnavailable):
            if ending.tries == 1:
                self._log.warning("settlement_waits", user_id=user_id, request_id=request_id, cause=str(error))
            return False
        if isinstance(error, SolarisError):
            # Somebody else has ended the hold: nothing is left to do, and a person should know.
            self._log.error("settlement_refused", user_id=user_id, request_id=request_id, cause=str(error))
            return True
        # A full disk of PostgreSQL's passes; a mistake of ours must not be tried for ever.
        ending.refusals += 1
        self._log.error(
            "settlement_failed", user_id=user_id, request_id=request_id, usage=ending.entry.usage, exc_info=error
        )
        return ending.refusals >= _MAX_REFUSALS

    def _ended(self, ending: _PendingSettlement, charge: Charge | None) -> None:
        if ending.attempt is None:
            self._heartbeat.drop(ending.user_id, ending.request_id)
        ending.answered(charge)
        self._waiting.pop(ending, None)

    async def _take_back(self, ending: _PendingSettlement) -> None:
        """The disk forgets an ending that PostgreSQL has."""
        if ending.keeping is not None:
            await asyncio.shield(ending.keeping)
            self._wal.done(ending.entry)

    def _taken(self, ending: _PendingSettlement, charge: Charge) -> None:
        self._untold.append((ending, charge))
        if len(self._untold) == 1:
            asyncio.get_running_loop().call_soon(self._tell_soon)

    def _tell_soon(self) -> None:
        # Those of one batch are all answered before anything is told of them; the first one has been by now.
        if len(self._untold) == 1:
            self._tell()
        else:
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        untold, self._untold = self._untold, []
        for ending, charge in untold:
            try:
                if charge.repeated:
                    ending.context.run(warn_if_late, self._log, ending.entry, charge)
                # A later try may find the charge of an earlier one, whose answer was lost.
                if not charge.repeated or ending.tries > 1:
                    ending.context.run(ending.tell, charge)
            except Exception as error:  # noqa: BLE001  it is charged, and the others must be told
                self._log.error("charge_not_told", user_id=ending.user_id, request_id=ending.request_id, exc_info=error)
