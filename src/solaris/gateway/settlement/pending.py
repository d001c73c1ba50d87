"""Operations that end a hold and are not committed to the ledger yet."""

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from typing import Any
from uuid import UUID

from solaris.gateway.settlement.timeout_queue import TimeoutQueue
from solaris.gateway.settlement.wal import WalEntry
from solaris.ledger.records import RECORD_COLUMNS, Charge, Hold, Usage

OnCharge = Callable[[Hold, Usage, Charge], None]
Settled = asyncio.Future[Charge | None]


class PendingSettlement:
    """A settle or release operation that the ledger has not committed yet.

    `row` (`Usage.as_row`) is None for a release. `wal_write` is the task that writes the WAL entry,
    once started. `context` is the caller's, so that log lines carry its trace id. `is_retried` is
    true while the retry loop has it.
    """

    __slots__ = (
        "_entry",
        "attempt",
        "context",
        "is_retried",
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
        self.is_retried = False
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
        """Set the result, unless it is set or cancelled."""
        if not self.result.done():
            self.result.set_result(charge)

    def notify(self, charge: Charge) -> None:
        """Invoke the on-charge callback; a release has none."""


class PendingCharge(PendingSettlement):
    """A charge whose first try completes without a task (`ledger.batcher.Completion`).

    `is_tried` is true when the first try has a result or error, or when `drain` abandons it.
    """

    __slots__ = ("_hold", "_on_charge", "_on_first_charge", "_on_first_failure", "_usage", "is_tried")

    def __init__(
        self,
        hold: Hold,
        usage: Usage,
        on_charge: OnCharge,
        result: Settled,
        timeouts: TimeoutQueue,
        hooks: "FirstTryHooks",
    ) -> None:
        row = usage.as_row(hold.call.charge_for(usage.counts))
        super().__init__(hold.user_id, hold.request_id, result, timeouts, row)
        self._hold = hold
        self._usage = usage
        self._on_charge = on_charge
        self._on_first_charge, self._on_first_failure = hooks
        self.is_tried = False

    def done(self) -> bool:
        """Whether the first try is over."""
        return self.is_tried

    def set_result(self, charge: Charge, /) -> None:
        """The ledger has committed the charge."""
        self.is_tried = True
        self._on_first_charge(self, charge)

    def set_exception(self, error: Exception, /) -> None:
        """The first try has failed."""
        self.is_tried = True
        self._on_first_failure(self, error)

    def notify(self, charge: Charge) -> None:
        """Invoke the on-charge callback."""
        self._on_charge(self._hold, self._usage, charge)


FirstTryHooks = tuple[Callable[[PendingCharge, Charge], None], Callable[[PendingCharge, Exception], None]]
