"""Equal timeouts for many items with one timer."""

import asyncio
from collections.abc import Callable
from typing import Any


class TimeoutQueue:
    """Calls a callback for each item that has not ended within `seconds`.

    All items have the same timeout, so they expire in the order in which they began; an item that
    ends in time needs no timer of its own.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: dict[Any, tuple[float, Callable[[Any], None]]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def start(self, item: Any, on_timeout: Callable[[Any], None]) -> None:
        """Start the timeout of `item`; `on_timeout(item)` is called when it expires."""
        loop = asyncio.get_running_loop()
        self._running[item] = (loop.time() + self._seconds, on_timeout)
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._check)

    def end(self, item: Any) -> None:
        """Cancel the timeout of `item`, if any."""
        self._running.pop(item, None)

    def _check(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = None
        late = []
        for item, (due, on_timeout) in self._running.items():
            if due > loop.time():
                self._timer = loop.call_at(due, self._check)
                break
            late.append((item, on_timeout))
        for item, on_timeout in late:
            # The callback of another late item may have ended this one.
            if self._running.pop(item, None) is not None:
                on_timeout(item)
