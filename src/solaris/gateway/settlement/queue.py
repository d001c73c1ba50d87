"""Settles and releases holds in the background, even if the request is cancelled."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from contextvars import Context
from typing import Any
from uuid import UUID

from solaris.domain.errors import SolarisError, StoreUnavailable
from solaris.gateway.settlement.heartbeat import LeaseHeartbeat
from solaris.gateway.settlement.notifier import ChargeNotifier
from solaris.gateway.settlement.pending import FirstTryHooks, OnCharge, PendingCharge, PendingSettlement, Settled
from solaris.gateway.settlement.retry_loop import RetryLoop
from solaris.gateway.settlement.timeout_queue import TimeoutQueue
from solaris.gateway.settlement.wal import Wal
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Charge, Hold, Usage
from solaris.ledger.statements import Settlement
from solaris.platform.logs import Log

_MAX_REFUSALS = 5
# How long the end of a response waits for PostgreSQL before the WAL entry is enough.
_STREAM_TIMEOUT_SECONDS = 0.1
_WHOLE_TIMEOUT_SECONDS = 2.0
_POLL_SECONDS = 0.01


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
        self._first_try_hooks: FirstTryHooks = self._on_first_charge, self._on_first_failure
        self._first_tries: set[PendingCharge] = set()
        self._notifier = ChargeNotifier(log)
        self._retries = RetryLoop(self._retry)

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
        self._retries.stop()
        for pending in list(self._first_tries):
            self._abandon(pending)
        unfinished = self._running()
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        self._notifier.run()
        # Entries still within their timeout have not been written to the WAL.
        wal_writes = [self._start_wal_write(pending) for pending in self._retries.waiting]
        if wal_writes:
            await asyncio.wait(wal_writes, timeout=_WHOLE_TIMEOUT_SECONDS)
        if self._retries.count:
            self._log.error(
                "settlements_left_behind",
                calls=self._retries.count,
                spool_bytes=self._wal.size_bytes,
                cure="the next proxy or worker of this machine settles them",
            )

    @property
    def waiting(self) -> int:
        """Number of operations that PostgreSQL has not committed."""
        return self._retries.count

    def _running(self) -> list[asyncio.Task[object]]:
        return [*self._tasks, *(() if self._retries.task is None else (self._retries.task,))]

    def _settle(self, hold: Hold, usage: Usage, on_charge: OnCharge, timeouts: TimeoutQueue) -> Settled:
        # The caller gets a future, not the task: cancelling it cancels only the wait.
        result: Settled = asyncio.get_running_loop().create_future()
        pending = PendingCharge(hold, usage, on_charge, result, timeouts, self._first_try_hooks)
        pending.tries = 1
        timeouts.start(pending, self._on_timeout)
        self._first_tries.add(pending)
        try:
            self._ledger.settle_for(pending, Settlement(pending.user_id, pending.request_id, pending.row or ()))
        except StoreUnavailable as error:
            self._on_first_failure(pending, error)
        return result

    def _start_release(self, user_id: UUID, request_id: str, attempt: str | None, timeouts: TimeoutQueue) -> Settled:
        pending = PendingSettlement(user_id, request_id, asyncio.get_running_loop().create_future(), timeouts)
        pending.attempt = attempt
        timeouts.start(pending, self._on_timeout)
        self._spawn(self._first_try(pending))
        return pending.result

    def _on_first_charge(self, pending: PendingCharge, charge: Charge) -> None:
        self._first_tries.discard(pending)
        pending.timeouts.end(pending)
        self._notifier.schedule(pending, charge)
        self._finish(pending, charge)
        if pending.wal_write is not None:
            self._spawn(self._remove_from_wal(pending))

    def _on_first_failure(self, pending: PendingCharge, error: Exception) -> None:
        self._first_tries.discard(pending)
        self._spawn(self._first_try(pending, error), pending.context)

    def _abandon(self, pending: PendingCharge) -> None:
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

    async def _first_try(self, pending: PendingSettlement, failure: Exception | None = None) -> None:
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

    def _on_timeout(self, pending: PendingSettlement) -> None:
        # Started synchronously: code that finishes the operation next must see that there is a WAL
        # entry to remove.
        self._start_wal_write(pending)

        async def finish() -> None:
            await self._write_to_wal(pending)
            pending.resolve(None)

        self._spawn(finish())

    async def _write_to_wal(self, pending: PendingSettlement) -> None:
        """Return when the entry is in the WAL or the write has failed."""
        if not await asyncio.shield(self._start_wal_write(pending)):
            self._log.error("settlement_in_memory_alone", user_id=pending.user_id, request_id=pending.request_id)

    def _start_wal_write(self, pending: PendingSettlement) -> asyncio.Task[bool]:
        if pending.wal_write is None:
            pending.wal_write = asyncio.create_task(self._wal.keep(pending.entry))
        return pending.wal_write

    def _enqueue(self, pending: PendingSettlement) -> None:
        if not self._retries.add(pending):
            self._heartbeat.drop(pending.user_id, pending.request_id)
            self._log.error(
                "settlement_given_up",
                user_id=pending.user_id,
                request_id=pending.request_id,
                usage=pending.entry.usage,
            )

    async def _retry(self, pending: PendingSettlement) -> bool:
        """Return False if PostgreSQL did not commit it and a retry is needed."""
        try:
            charge = await self._try_once(pending)
        except Exception as error:  # noqa: BLE001  `_is_final` decides which errors end it
            return await self._finish_after(pending, error)
        self._finish(pending, charge)
        await self._remove_from_wal(pending)
        return True

    async def _try_once(self, pending: PendingSettlement) -> Charge | None:
        pending.tries += 1
        if pending.row is None:
            await self._ledger.give_back(pending.user_id, pending.request_id, pending.attempt)
            return None
        charge = await self._ledger.settle_recorded(pending.user_id, pending.request_id, pending.entry.usage or {})
        self._notifier.schedule(pending, charge)
        return charge

    async def _finish_after(self, pending: PendingSettlement, error: Exception) -> bool:
        """Return False if the operation is to be retried after this error."""
        if not self._is_final(pending, error):
            return False
        self._finish(pending, None)
        await self._remove_from_wal(pending)
        return True

    def _is_final(self, pending: PendingSettlement, error: Exception) -> bool:
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

    def _finish(self, pending: PendingSettlement, charge: Charge | None) -> None:
        if pending.attempt is None:
            self._heartbeat.drop(pending.user_id, pending.request_id)
        pending.resolve(charge)
        if pending.is_retried:
            self._retries.discard(pending)

    async def _remove_from_wal(self, pending: PendingSettlement) -> None:
        """Remove the WAL entry of a committed operation."""
        if pending.wal_write is not None:
            await asyncio.shield(pending.wal_write)
            self._wal.done(pending.entry)
