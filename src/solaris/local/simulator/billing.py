"""Records how a call ends, in the call log and in the bill."""

import asyncio
from types import TracebackType
from typing import Self

from solaris.local.simulator.bill import Bill, BilledCall
from solaris.local.simulator.calls import Call


class ConnectionCut(Exception):
    """The connection was closed by the fault, in the middle of an answer."""


class Billing:
    """Context manager of one accepted call on the bill. An exception ends it as aborted or cut."""

    def __init__(self, bill: Bill, billed: BilledCall, call: Call) -> None:
        self.call = call
        self._bill = bill
        self._billed = billed

    def generated(self, output_tokens: int, reasoning_tokens: int) -> None:
        """Set the totals that were generated so far, sent or not."""
        self._bill.generated(self._billed, output_tokens, reasoning_tokens)

    def end(self, outcome: str) -> None:
        """Record that the call has ended."""
        self.call.end(outcome)
        self._bill.end(self._billed, outcome)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, ConnectionCut):
            self.end("cut")
        elif isinstance(error, asyncio.CancelledError | ConnectionError):
            self.end("aborted")
