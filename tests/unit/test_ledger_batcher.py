import asyncio
from collections.abc import Sequence

import pytest

from solaris.domain.errors import InvalidInput, StoreUnavailable
from solaris.ledger.batcher import Batcher, BatchRefused


class Doubler:
    """Doubles numbers; notes how it was asked. Odd numbers are never done in a batch, negative ones are refused."""

    def __init__(self) -> None:
        self.singles: list[int] = []
        self.batches: list[list[int]] = []
        self.refuse_batches = False
        self.away = False

    async def single(self, item: int) -> int:
        await asyncio.sleep(0)
        if self.away:
            raise StoreUnavailable("away")
        self.singles.append(item)
        if item < 0:
            raise InvalidInput("negative")
        return item * 2

    async def batch(self, items: Sequence[int]) -> list[int | None]:
        await asyncio.sleep(0)
        if self.away:
            raise StoreUnavailable("away")
        if self.refuse_batches:
            raise BatchRefused
        self.batches.append(list(items))
        return [item * 2 if item % 2 == 0 else None for item in items]


async def submitted(batcher: Batcher[int, int], item: int) -> int:
    return await batcher.submit(item)


async def test_a_lone_item_goes_singly_and_those_that_come_meanwhile_go_together():
    doubler = Doubler()
    batcher = Batcher[int, int](single=doubler.single, batch=doubler.batch)
    first = asyncio.create_task(submitted(batcher, 2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rest = [asyncio.create_task(submitted(batcher, number)) for number in (4, 6, 8)]
    assert await asyncio.gather(first, *rest) == [4, 8, 12, 16]
    assert (doubler.singles, doubler.batches) == ([2], [[4, 6, 8]])


async def test_what_a_batch_does_not_touch_is_done_singly_and_errors_reach_their_own_caller_only():
    doubler = Doubler()
    batcher = Batcher[int, int](single=doubler.single, batch=doubler.batch)
    results = await asyncio.gather(*(batcher.submit(number) for number in (2, 3, -5, 4)), return_exceptions=True)
    assert (results[0], results[1], results[3]) == (4, 6, 8)
    assert isinstance(results[2], InvalidInput)


async def test_one_bad_row_that_fails_the_batch_does_not_fail_the_others():
    doubler = Doubler()
    doubler.refuse_batches = True
    batcher = Batcher[int, int](single=doubler.single, batch=doubler.batch)
    assert await asyncio.gather(*(batcher.submit(number) for number in (2, 4, 6))) == [4, 8, 12]
    assert doubler.singles == [2, 4, 6]


async def test_a_stalled_store_refuses_all_waiting_items_and_recovers():
    doubler = Doubler()
    doubler.away = True
    batcher = Batcher[int, int](single=doubler.single, batch=doubler.batch, max_per_batch=2)
    results = await asyncio.gather(*(batcher.submit(number) for number in range(10)), return_exceptions=True)
    assert all(isinstance(result, StoreUnavailable) for result in results)
    doubler.away = False
    assert await batcher.submit(5) == 10


async def test_beyond_the_limit_new_ones_are_refused_at_once():
    doubler = Doubler()
    batcher = Batcher[int, int](single=doubler.single, batch=doubler.batch, max_waiting=3)
    tasks = [asyncio.create_task(submitted(batcher, 2)) for _ in range(8)]
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(isinstance(result, StoreUnavailable) for result in results) == 5
    assert sum(result == 4 for result in results) == 3


async def test_the_result_of_a_cancelled_caller_is_undone():
    doubler = Doubler()
    undone: list[int] = []
    batcher = Batcher[int, int](single=doubler.single, batch=doubler.batch, abandoned=undone.append)
    task = asyncio.create_task(submitted(batcher, 21))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await batcher.close()
    assert undone == [42]


async def test_without_an_undo_a_cancelled_callers_item_is_done_all_the_same():
    doubler = Doubler()
    batcher = Batcher[int, int](single=doubler.single, batch=doubler.batch)
    tasks = [asyncio.create_task(submitted(batcher, number)) for number in (1, 3)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await batcher.close()
    assert doubler.singles == [1, 3]
