"""Collects operations into batches: those that arrive while a batch is in flight form the next one.

There is no timer, so a single operation does not wait; there is one batch in flight, so batches grow
with the load (DESIGN 4).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from solaris.domain.errors import StoreUnavailable
from solaris.platform.postgres import STORE_AWAY_MESSAGE

Item = TypeVar("Item")
Result = TypeVar("Result")
Result_contra = TypeVar("Result_contra", contravariant=True)


class BatchRefused(Exception):
    """The batch was refused as a whole and changed nothing; its items are retried one by one."""


class Completion(Protocol[Result_contra]):
    """Receives one result in the event-loop turn in which it arrives: a future, or a plain object.

    The setters must not raise, and are not called once `done()` is true.
    """

    def done(self) -> bool:
        """Return whether the result is no longer awaited."""

    def set_result(self, result: Result_contra, /) -> Any:
        """Set the result."""

    def set_exception(self, error: Exception, /) -> Any:
        """Set the error."""


class Batcher(Generic[Item, Result]):
    """Runs one ledger operation in batches.

    Args:
        single: processes one item; its exceptions are passed to the caller.
        batch: processes many items in one transaction; a None in its result means that the item
            was not processed and is retried by `single`. May raise `BatchRefused`.
        abandoned: undoes the result of an item whose caller was cancelled. If None, such an item
            keeps its effect.
        max_per_batch: items in one batch.
        max_waiting: queue length above which new items are refused at once.
    """

    def __init__(
        self,
        *,
        single: Callable[[Item], Awaitable[Result]],
        batch: Callable[[Sequence[Item]], Awaitable[Sequence[Result | None]]],
        abandoned: Callable[[Result], None] | None = None,
        max_per_batch: int = 256,
        max_waiting: int = 4096,
    ) -> None:
        self._single = single
        self._batch = batch
        self._abandoned = abandoned
        self._max_per_batch = max_per_batch
        self._max_waiting = max_waiting
        self._waiting: deque[tuple[Item, Completion[Result]]] = deque()
        self._draining: asyncio.Task[None] | None = None

    def submit(self, item: Item) -> "asyncio.Future[Result]":
        """Return a future for the item's result; it fails as `single` does.

        Raises:
            StoreUnavailable: the queue is full.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self.submit_for(future, item)
        return future

    def submit_for(self, completion: Completion[Result], item: Item) -> None:
        """Like `submit`, with the result passed to `completion`.

        Raises:
            StoreUnavailable: the queue is full; `completion` is not called.
        """
        waiting = self._waiting
        if len(waiting) >= self._max_waiting:
            raise StoreUnavailable(STORE_AWAY_MESSAGE)
        waiting.append((item, completion))
        if self._draining is None:
            self._draining = asyncio.get_running_loop().create_task(self._drain())

    async def close(self) -> None:
        """Wait until nothing is in flight."""
        while self._draining is not None:
            await asyncio.wait([self._draining])

    async def _drain(self) -> None:
        try:
            while self._waiting:
                taken = self._next_batch()
                try:
                    await self._do(taken)
                except StoreUnavailable as error:
                    # Fail the queue too: a stalled store must lead to quick refusals.
                    taken.extend(self._waiting)
                    self._waiting.clear()
                    _fail(taken, error)
                except Exception as error:  # noqa: BLE001 - passed to the callers; the drain must continue
                    _fail(taken, error)
        finally:
            self._draining = None

    def _next_batch(self) -> list[tuple[Item, Completion[Result]]]:
        waiting = self._waiting
        if len(waiting) > self._max_per_batch:
            return [waiting.popleft() for _ in range(self._max_per_batch)]
        taken = list(waiting)
        waiting.clear()
        return taken

    async def _do(self, taken: list[tuple[Item, Completion[Result]]]) -> None:
        if len(taken) == 1:
            await self._finish(*taken[0], None)
            return
        results: Sequence[Result | None] | None
        try:
            results = await self._batch([item for item, _ in taken])
        except BatchRefused:
            results = None
        for (item, completion), result in zip(taken, results or [None] * len(taken), strict=True):
            if result is not None and not completion.done():
                completion.set_result(result)
            else:
                await self._finish(item, completion, result)

    async def _finish(self, item: Item, completion: Completion[Result], result: Result | None) -> None:
        if result is None:
            if self._abandoned is not None and completion.done():
                return
            try:
                result = await self._single(item)
            except StoreUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - passed to the caller
                if not completion.done():
                    completion.set_exception(error)
                return
        if not completion.done():
            completion.set_result(result)
        elif self._abandoned is not None:
            self._abandoned(result)


def _fail(taken: Sequence[tuple[Item, Completion[Result]]], error: Exception) -> None:
    for _, completion in taken:
        if not completion.done():
            completion.set_exception(error)
