"""Settles and releases holds in the background, even if the request is cancelled."""

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
_MAX_PENDING = 10_000
_BATCH_SIZE = 256
_MAX_REFUSALS = 5
# How long the end of a response waits for PostgreSQL before the WAL entry is enough.
_STREAM_TIMEOUT_SECONDS = 0.1
_WHOLE_TIMEOUT_SECONDS = 2.0
_POLL_SECONDS = 0.01

OnCharge = Callable[[Hold, Usage, Charge], None]
Settled = asyncio.Future[Charge | None]


class _PendingSettlement:
    """A settle or release operation that the ledger has not committed yet.

    `row` (`Usage.as_row`) is None for a release. `wal_write` is the task that writes the WAL entry,
    once started. `context` is the caller's, so that log lines carry its trace id.
    """

    __slots__ = (
        "_entry",
        "attempt",
        "context",
        "refusals",
        "request_id",
        "result",
        "row",
        "timeouts",
        "tries",
        "user_id",
        "wal_write",
    )

    def __init__(
        self,
        user_id: UUID,
        request_id: str,
        result: Settled,
        timeouts: TimeoutQueue,
        row: tuple[Any, ...] | None = None,
    ) -> None:
        self.user_id = user_id
        self.request_id = request_id
        self.result = result
        self.timeouts = timeouts
        self.row = row
        self.attempt: str | None = None
        self.context = copy_context()
        self.tries = 0
        self.refusals = 0
        self.wal_write: asyncio.Task[bool] | None = None
        self._entry: WalEntry | None = None

    @property
    def entry(self) -> WalEntry:
        """The WAL entry; the same object on every access."""
        if self._entry is None:
            usage = None if self.row is None else dict(zip(RECORD_COLUMNS, self.row, strict=True))
            self._entry = WalEntry(self.user_id, self.request_id, usage, self.attempt)
        return self._entry

    def resolve(self, charge: Charge | None) -> None:
        if not self.result.done():
            self.result.set_result(charge)

    def notify(self, charge: Charge) -> None:
        """Invoke the on-charge callback; a release has none."""


class _PendingCharge(_PendingSettlement):
    """A charge whose first try completes without a task (`ledger.batcher.Completion`).

    `is_tried` is true when the first try has a result or error, or when `drain` abandons it.
    """

    __slots__ = ("_hold", "_on_charge", "_on_first_charge", "_on_first_failure", "_usage", "is_tried")

    def __init__(
        self, hold: Hold, usage: Usage, on_charge: OnCharge, result: Settled, timeouts: TimeoutQueue, hooks: "_Hooks"
    ) -> None:
        row = usage.as_row(hold.call.charge_for(usage.counts))
        super().__init__(hold.user_id, hold.request_id, result, timeouts, row)
        self._hold = hold
        self._usage = usage
        self._on_charge = on_charge
        self._on_first_charge, self._on_first_failure = hooks
        self.is_tried = False

    def done(self) -> bool:
        return self.is_tried

    def set_result(self, charge: Charge, /) -> None:
        self.is_tried = True
        self._on_first_charge(self, charge)

    def set_exception(self, error: Exception, /) -> None:
        self.is_tried = True
        self._on_first_failure(self, error)

    def notify(self, charge: Charge) -> None:
        self._on_charge(self._hold, self._usage, charge)


_Hooks = tuple[Callable[[_PendingCharge, Charge], None], Callable[[_PendingCharge, Exception], None]]


class SettlementQueue:
    """Queue of settle and release operations not yet committed to the ledger.

    The result of an operation is set when PostgreSQL has committed it or, if that fails or exceeds
    the timeout, when it is in the WAL. It is retried until PostgreSQL is back; if this process
    dies, another process of this machine replays the WAL. At most 10,000 operations wait in memory.
    Beyond that, or with neither PostgreSQL nor disk, the hold expires with its lease.
    """

    def __init__(self, ledger: Ledger, heartbeat: LeaseHeartbeat, wal: Wal, log: Log) -> None:
        self._ledger = ledger
        self._heartbeat = heartbeat
        self._wal = wal
        self._log = log
        self._tasks: set[asyncio.Task[object]] = set()
        self._stream_timeouts = TimeoutQueue(_STREAM_TIMEOUT_SECONDS)
        self._whole_timeouts = TimeoutQueue(_WHOLE_TIMEOUT_SECONDS)
        self._first_try_hooks: _Hooks = self._on_first_charge, self._on_first_failure
        self._first_tries: set[_PendingCharge] = set()
        self._unnotified: list[tuple[_PendingSettlement, Charge]] = []
        self._waiting: dict[_PendingSettlement, None] = {}
        self._replaying: asyncio.Task[None] | None = None
        self._is_draining = False

    def settle(self, hold: Hold, usage: Usage, on_charge: OnCharge) -> Settled:
        """Settle the hold with its usage; `on_charge` is called once, after the result is set.

        Returns a future of the charge, or of None if PostgreSQL has not committed within two
        seconds: then the operation is in the WAL and is retried in the background. Cancelling the
        future does not cancel the operation.
        """
        return self._settle(hold, usage, on_charge, self._whole_timeouts)

    def start_settle(self, hold: Hold, usage: Usage, on_charge: OnCharge) -> Settled:
        """As `settle`, but the result is None after a tenth of a second."""
        return self._settle(hold, usage, on_charge, self._stream_timeouts)

    async def release(self, hold: Hold) -> None:
        """Release the hold: the call is not charged. Continues if the caller is cancelled."""
        await self._start_release(hold.user_id, hold.request_id, None, self._whole_timeouts)

    def release_uncertain(self, user_id: UUID, request_id: str, attempt: str | None) -> None:
        """Release, in the background, a hold that may exist (`Ledger.on_uncertain_hold`)."""
        self._start_release(user_id, request_id, attempt, self._stream_timeouts)

    async def drain(self, timeout_seconds: float = 8.0) -> None:
        """Wait at most `timeout_seconds` for an empty queue, and write what remains to the WAL."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                while (running := self._running()) or self._first_tries:
                    if running:
                        await asyncio.wait(running, timeout=_POLL_SECONDS)
                    else:
                        await asyncio.sleep(_POLL_SECONDS)
        self._is_draining = True
        for pending in list(self._first_tries):
            self._abandon(pending)
        unfinished = self._running()
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        self._notify()
        # Entries still within their timeout have not been written to the WAL.
        wal_writes = [self._start_wal_write(pending) for pending in self._waiting]
        if wal_writes:
            await asyncio.wait(wal_writes, timeout=_WHOLE_TIMEOUT_SECONDS)
        if self._waiting:
            self._log.error(
                "settlements_left_behind",
                calls=len(self._waiting),
                spool_bytes=self._wal.size_bytes,
                cure="the next proxy or worker that runs on this machine brings them into the account book",
            )

    @property
    def waiting(self) -> int:
        """Number of operations that PostgreSQL has not committed."""
        return len(self._waiting)

    def _running(self) -> list[asyncio.Task[object]]:
        return [*self._tasks, *(() if self._replaying is None else (self._replaying,))]

    def _settle(self, hold: Hold, usage: Usage, on_charge: OnCharge, timeouts: TimeoutQueue) -> Settled:
        # The caller gets a future, not the task: cancelling it cancels only the wait.
        result: Settled = asyncio.get_running_loop().create_future()
        pending = _PendingCharge(hold, usage, on_charge, result, timeouts, self._first_try_hooks)
        pending.tries = 1
        timeouts.start(pending, self._on_timeout)
        self._first_tries.add(pending)
        try:
            self._ledger.settle_for(pending, Settlement(pending.user_id, pending.request_id, pending.row or ()))
        except StoreUnavailable as error:
            self._on_first_failure(pending, error)
        return result

    def _start_release(self, user_id: UUID, request_id: str, attempt: str | None, timeouts: TimeoutQueue) -> Settled:
        pending = _PendingSettlement(user_id, request_id, asyncio.get_running_loop().create_future(), timeouts)
        pending.attempt = attempt
        timeouts.start(pending, self._on_timeout)
        self._spawn(self._first_try(pending))
        return pending.result

    def _on_first_charge(self, pending: _PendingCharge, charge: Charge) -> None:
        self._first_tries.discard(pending)
        pending.timeouts.end(pending)
        self._schedule_notification(pending, charge)
        self._finish(pending, charge)
        if pending.wal_write is not None:
            self._spawn(self._remove_from_wal(pending))

    def _on_first_failure(self, pending: _PendingCharge, error: Exception) -> None:
        self._first_tries.discard(pending)
        self._spawn(self._first_try(pending, error), pending.context)

    def _abandon(self, pending: _PendingCharge) -> None:
        """Give up the first try when the process stops; the operation goes to the WAL."""
        pending.is_tried = True
        self._first_tries.discard(pending)
        pending.timeouts.end(pending)
        self._enqueue(pending)
        pending.resolve(None)

    def _spawn(self, work: Coroutine[Any, Any, object], context: Context | None = None) -> None:
        task = asyncio.create_task(work, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _first_try(self, pending: _PendingSettlement, failure: Exception | None = None) -> None:
        """`failure` is the error of the first try, if it was already made."""
        try:
            if await (self._retry(pending) if failure is None else self._finish_after(pending, failure)):
                return
            self._enqueue(pending)
            await self._write_to_wal(pending)
        except asyncio.CancelledError:
            # The process stops before PostgreSQL has committed it.
            self._enqueue(pending)
            raise
        finally:
            pending.timeouts.end(pending)
            pending.resolve(None)

    def _on_timeout(self, pending: _PendingSettlement) -> None:
        # Started synchronously: code that finishes the operation next must see that there is a WAL
        # entry to remove.
        self._start_wal_write(pending)

        async def finish() -> None:
            await self._write_to_wal(pending)
            pending.resolve(None)

        self._spawn(finish())

    async def _write_to_wal(self, pending: _PendingSettlement) -> None:
        """Return when the entry is in the WAL or the write has failed."""
        if not await asyncio.shield(self._start_wal_write(pending)):
            self._log.error("settlement_in_memory_alone", user_id=pending.user_id, request_id=pending.request_id)

    def _start_wal_write(self, pending: _PendingSettlement) -> asyncio.Task[bool]:
        if pending.wal_write is None:
            pending.wal_write = asyncio.create_task(self._wal.keep(pending.entry))
        return pending.wal_write

    def _enqueue(self, pending: _PendingSettlement) -> None:
        if len(self._waiting) >= _MAX_PENDING:
            self._heartbeat.drop(pending.user_id, pending.request_id)
            self._log.error(
                "settlement_given_up",
                user_id=pending.user_id,
                request_id=pending.request_id,
                usage=pending.entry.usage,
            )
            return
        self._waiting[pending] = None
        if self._replaying is None and not self._is_draining:
            self._replaying = asyncio.create_task(self._replay())

    async def _replay(self) -> None:
        pause_seconds = _FIRST_PAUSE_SECONDS
        try:
            while self._waiting:
                await asyncio.sleep(pause_seconds)
                batch = list(islice(self._waiting, _BATCH_SIZE))
                if all(await asyncio.gather(*map(self._retry, batch))):
                    pause_seconds = 0
                else:
                    pause_seconds = min(max(pause_seconds * 2, _FIRST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS)
        finally:
            self._replaying = None

    async def _retry(self, pending: _PendingSettlement) -> bool:
        """Return False if PostgreSQL did not commit it and a retry is needed."""
        try:
            charge = await self._try_once(pending)
        except Exception as error:  # noqa: BLE001  `_is_final` decides which errors end it
            return await self._finish_after(pending, error)
        self._finish(pending, charge)
        await self._remove_from_wal(pending)
        return True

    async def _try_once(self, pending: _PendingSettlement) -> Charge | None:
        pending.tries += 1
        if pending.row is None:
            await self._ledger.give_back(pending.user_id, pending.request_id, pending.attempt)
            return None
        charge = await self._ledger.settle_recorded(pending.user_id, pending.request_id, pending.entry.usage or {})
        self._schedule_notification(pending, charge)
        return charge

    async def _finish_after(self, pending: _PendingSettlement, error: Exception) -> bool:
        """Return False if the operation is to be retried after this error."""
        if not self._is_final(pending, error):
            return False
        self._finish(pending, None)
        await self._remove_from_wal(pending)
        return True

    def _is_final(self, pending: _PendingSettlement, error: Exception) -> bool:
        user_id, request_id = pending.user_id, pending.request_id
        if isinstance(error, StoreUnavailable):
            if pending.tries == 1:
                self._log.warning("settlement_waits", user_id=user_id, request_id=request_id, cause=str(error))
            return False
        if isinstance(error, SolarisError):
            # The hold was ended elsewhere: nothing is left to do.
            self._log.error("settlement_refused", user_id=user_id, request_id=request_id, cause=str(error))
            return True
        # A full disk at PostgreSQL is temporary; a defect of ours must not be retried for ever.
        pending.refusals += 1
        self._log.error(
            "settlement_failed", user_id=user_id, request_id=request_id, usage=pending.entry.usage, exc_info=error
        )
        return pending.refusals >= _MAX_REFUSALS

    def _finish(self, pending: _PendingSettlement, charge: Charge | None) -> None:
        if pending.attempt is None:
            self._heartbeat.drop(pending.user_id, pending.request_id)
        pending.resolve(charge)
        self._waiting.pop(pending, None)

    async def _remove_from_wal(self, pending: _PendingSettlement) -> None:
        """Remove the WAL entry of a committed operation."""
        if pending.wal_write is not None:
            await asyncio.shield(pending.wal_write)
            self._wal.done(pending.entry)

    def _schedule_notification(self, pending: _PendingSettlement, charge: Charge) -> None:
        self._unnotified.append((pending, charge))
        if len(self._unnotified) == 1:
            asyncio.get_running_loop().call_soon(self._notify_after_batch)

    def _notify_after_batch(self) -> None:
        # All results of a batch are set before its callbacks run. With one charge, that is now.
        if len(self._unnotified) == 1:
            self._notify()
        else:
            asyncio.get_running_loop().call_soon(self._notify)

    def _notify(self) -> None:
        unnotified, self._unnotified = self._unnotified, []
        for pending, charge in unnotified:
            try:
                if charge.repeated:
                    pending.context.run(warn_if_late, self._log, pending.entry, charge)
                # A retry may find the charge of an earlier try whose result was lost.
                if not charge.repeated or pending.tries > 1:
                    pending.context.run(pending.notify, charge)
            except Exception as error:  # noqa: BLE001  charged already; other callbacks must run
                self._log.error(
                    "charge_not_told", user_id=pending.user_id, request_id=pending.request_id, exc_info=error
                )
