"""Streams whose callers have left are read on for a while: leaving before the usage comes is no discount (decision 0110)."""

import asyncio
from collections.abc import Callable

from solaris.gateway.settlement.recorder import CallTimes
from solaris.platform.http.request_context import RequestContext


class UpstreamDrain:
    """The bounds of one process: each such stream is read for `seconds`, `most` of them at once. One more is stopped at once."""

    def __init__(self, seconds: float, most: int) -> None:
        self.seconds = seconds
        self._most = most
        self._reading = 0

    @property
    def reading(self) -> int:
        """How many streams are read on now."""
        return self._reading

    def take_place(self) -> bool:
        """Whether one more may be read on; it gives its place back."""
        if self._reading >= self._most or not self.seconds:
            return False
        self._reading += 1
        return True

    def give_back(self) -> None:
        """A place is free again."""
        self._reading -= 1


class Disconnect:
    """What happens when the caller of one streamed call leaves.

    A call that LiteLLM does not know of yet is stopped at once; any other one when the time for reading on is over. `end` has to
    be called when nothing is to be stopped any more.
    """

    __slots__ = ("_bounds", "_client", "_stop", "_timer", "_times", "is_over")

    def __init__(
        self, bounds: UpstreamDrain, client: RequestContext, times: CallTimes, stop: Callable[[], object]
    ) -> None:
        self._bounds = bounds
        self._client = client
        self._times = times
        self._stop = stop
        self._timer: asyncio.TimerHandle | None = None
        self.is_over = False
        client.on_disconnect(self._left)

    def stops_with(self, stop: Callable[[], object]) -> None:
        """How the call is stopped from now on."""
        self._stop = stop

    def end(self) -> None:
        """Nothing is stopped any more; may be called again."""
        self._client.on_disconnect(None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._bounds.give_back()

    def _left(self) -> None:
        if self._times.forwarded and self._bounds.take_place():
            self._timer = asyncio.get_running_loop().call_later(self._bounds.seconds, self._cut)
        else:
            self._cut()

    def _cut(self) -> None:
        self.is_over = True
        self._stop()
