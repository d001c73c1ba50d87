"""An in-memory cache with short lifetimes, so a missed invalidation is corrected in seconds."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class TtlCache(Generic[K, V]):
    """At most `max_entries` values, none older than `lifetime_seconds`.

    Concurrent misses of one key share one load. A failed load is not stored. A load that was
    running when `forget` was called is returned to its waiters and not stored.
    """

    def __init__(
        self, *, lifetime_seconds: float, max_entries: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._lifetime_seconds = lifetime_seconds
        self._max_entries = max_entries
        self._clock = clock
        self._entries: OrderedDict[K, tuple[float, V]] = OrderedDict()
        self._loading: dict[K, asyncio.Future[V]] = {}
        self._generation = 0

    def __len__(self) -> int:
        return len(self._entries)

    def known(self, key: K) -> V | None:
        """Return the cached value of `key` without awaiting; None if it is absent or expired."""
        entry = self._entries.get(key)
        return entry[1] if entry is not None and entry[0] > self._clock() else None

    async def get(self, key: K, load: Callable[[], Awaitable[V]]) -> V:
        """Return the value of `key`, from `load()` if absent or expired.

        Raises what `load` raises.
        """
        entry = self._entries.get(key)
        if entry is not None and entry[0] > self._clock():
            return entry[1]
        loading = self._loading.get(key)
        if loading is None:
            loading = asyncio.ensure_future(self._load(key, load, self._generation))
            self._loading[key] = loading
            loading.add_done_callback(lambda done: self._loaded(key, done))
        # A cancelled waiter must not cancel the shared load.
        return await asyncio.shield(loading)

    def forget(self, matches: Callable[[V], bool] | None = None) -> None:
        """Drop the values for which `matches` returns true; all of them without `matches`."""
        self._generation += 1
        self._loading.clear()
        if matches is None:
            self._entries.clear()
            return
        for key in [key for key, (_, value) in self._entries.items() if matches(value)]:
            del self._entries[key]

    async def _load(self, key: K, load: Callable[[], Awaitable[V]], generation: int) -> V:
        value = await load()
        if generation == self._generation:
            self._entries[key] = (self._clock() + self._lifetime_seconds, value)
            self._entries.move_to_end(key)
            while len(self._entries) > self._max_entries:
                self._entries.popitem(last=False)
        return value

    def _loaded(self, key: K, done: "asyncio.Future[V]") -> None:
        if self._loading.get(key) is done:
            del self._loading[key]
        if not done.cancelled():
            # Marks the exception as retrieved, in case every waiter was cancelled.
            done.exception()
