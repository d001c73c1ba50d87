"""Gathers single operations into batches: whatever arrives while the previous batch is in flight makes the next one.

No timer, so that a lone operation waits for nothing; one batch in flight, so that batches grow with the load (DESIGN 4).
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
    """The batch as a whole was not taken and changed nothing; its items are to be tried one by one."""


class Completion(Protocol[Result_contra]):
    """Whom a result is given to, in the very turn of the event loop in which it comes: a future, or somebody who needs no waking.

    Neither of the setters may raise; none is called of one who is done.
    """

    def done(self) -> bool:
        """Whether nobody waits for the result any more."""

    def set_result(self, result: Result_contra, /) -> Any:
        """The result."""

    def set_exception(self, error: Exception, /) -> Any:
        """Why there is none."""


class Batcher(Generic[Item, Result]):
    """One operation on the ledger, in batches.

    Args:
        single: does one item; raises what the caller is to get.
        batch: does many in one transaction; a None in its answer means "not touched, do it singly". May raise `BatchRefused`.
        abandoned: undoes the result of an item whose caller was cancelled meanwhile; without it, such an item is done all the same.
        most_per_batch: items in one batch.
        most_waiting: items waiting beyond which new ones are refused at once.
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
        """The item's result, as `single` would give it; `StoreUnavailable` where PostgreSQL did not answer.

        Raises:
            StoreUnavailable: too many wait already.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self.submit_for(future, item)
        return future

    def submit_for(self, completion: Completion[Result], item: Item) -> None:
        """`submit`, for somebody who takes the result himself.

        Raises:
            StoreUnavailable: too many wait already; `taker` is told nothing.
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
                    # Those who wait would only wait longer: a stalled store ends in quick refusals.
                    taken.extend(self._waiting)
                    self._waiting.clear()
                    _fail(taken, error)
                except Exception as error:  # noqa: BLE001 - the callers get it; the drain must go on
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
            except Exception as error:  # noqa: BLE001 - the caller's to judge
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
