"""Streams whose callers have left are read on for a while: leaving before the usage comes is no discount (decision 0110)."""

import asyncio
from collections.abc import Callable

from solaris.gateway.settlement.recorder import CallTimes
from solaris.platform.http.request_context import RequestContext


class UpstreamDrain:
    """The bounds of one process: each such stream is read for `seconds`, `most` of them at once. One more is stopped at once."""

    def __init__(self, seconds: float, limit: int) -> None:
        self.seconds = seconds
        self._limit = limit
        self._active = 0

    @property
    def active(self) -> int:
        """How many streams are read on now."""
        return self._active

    def acquire(self) -> bool:
        """Whether one more may be read on; it gives its place back."""
        if self._active >= self._limit or not self.seconds:
            return False
        self._active += 1
        return True

    def release(self) -> None:
        """A place is free again."""
        self._active -= 1


class Disconnect:
    """What happens when the caller of one streamed call leaves.

    A call that LiteLLM does not know of yet is stopped at once; any other one when the time for reading on is over. `end` has to
    be called when nothing is to be stopped any more.
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
        client.when_gone(self._on_disconnect)

    def set_stop(self, stop: Callable[[], object]) -> None:
        """How the call is stopped from now on."""
        self._stop = stop

    def end(self) -> None:
        """Nothing is stopped any more; may be called again."""
        self._client.when_gone(None)
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
