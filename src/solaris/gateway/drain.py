"""Reads streams on for a while after their callers disconnect (decision 0110).

Otherwise a caller could avoid the charge by disconnecting before the usage arrives.
"""

import asyncio
from collections.abc import Callable

from solaris.gateway.settlement.recorder import CallTimes
from solaris.platform.http.request_context import RequestContext


class UpstreamDrain:
    """Limits of one process: reads each such stream for `seconds`, at most `limit` at once.

    A stream beyond the limit is stopped at once.
    """

    def __init__(self, seconds: float, limit: int) -> None:
        self.seconds = seconds
        self._limit = limit
        self._active = 0

    @property
    def active(self) -> int:
        """Number of streams being read on."""
        return self._active

    def acquire(self) -> bool:
        """Reserve a slot; False if none is free. Release it with `release`."""
        if self._active >= self._limit or not self.seconds:
            return False
        self._active += 1
        return True

    def release(self) -> None:
        """Free a slot."""
        self._active -= 1


class Disconnect:
    """Handles the disconnect of the caller of one streamed call.

    A call not yet sent to LiteLLM is stopped at once, any other after `UpstreamDrain.seconds`. Call
    `end` when nothing is left to stop.
    """

    __slots__ = ("_client", "_drain", "_stop", "_timer", "_times", "is_expired")

    def __init__(
        self, drain: UpstreamDrain, client: RequestContext, times: CallTimes, stop: Callable[[], object]
    ) -> None:
        self._drain = drain
        self._client = client
        self._times = times
        self._stop = stop
        self._timer: asyncio.TimerHandle | None = None
        self.is_expired = False
        client.on_disconnect(self._on_disconnect)

    def set_stop(self, stop: Callable[[], object]) -> None:
        """Replace the function that stops the call."""
        self._stop = stop

    def end(self) -> None:
        """Cancel the pending stop and free the slot. Idempotent."""
        self._client.on_disconnect(None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._drain.release()

    def _on_disconnect(self) -> None:
        if self._times.forwarded and self._drain.acquire():
            self._timer = asyncio.get_running_loop().call_later(self._drain.seconds, self._stop_call)
        else:
            self._stop_call()

    def _stop_call(self) -> None:
        self.is_expired = True
        self._stop()
