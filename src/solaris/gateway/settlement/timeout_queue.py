"""How long each of many things may take, with one timer for all of them."""

import asyncio
from collections.abc import Callable
from typing import Any


class TimeoutQueue:
    """Calls back for whatever has not ended within `seconds`; for what ends in time no timer is ever set.

    All of them have the same time, so that they run out in the order in which they began.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._begun: dict[Any, tuple[float, Callable[[Any], None]]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, thing: Any, ran_out: Callable[[Any], None]) -> None:
        """From now on `thing` is waited for; `ran_out` is called with it where it takes too long."""
        loop = asyncio.get_running_loop()
        self._begun[thing] = (loop.time() + self._seconds, ran_out)
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._look)

    def end(self, thing: Any) -> None:
        """It has ended, or nobody waits for it any more."""
        self._begun.pop(thing, None)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = None
        late = []
        for thing, (due, ran_out) in self._begun.items():
            if due > loop.time():
                self._timer = loop.call_at(due, self._look)
                break
            late.append((thing, ran_out))
        for thing, ran_out in late:
            del self._begun[thing]
            ran_out(thing)
