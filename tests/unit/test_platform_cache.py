"""The short cache: bounded, short, one load for many waiters, and nothing kept that was forgotten meanwhile."""

import asyncio

import pytest

from solaris.platform.cache import TtlCache


class Source:
    """Counts its loads; waits at the gate where it is closed."""

    def __init__(self) -> None:
        self.loads = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def load(self) -> int:
        self.loads += 1
        loaded = self.loads
        await self.gate.wait()
        return loaded


@pytest.fixture
def time_now() -> list[float]:
    return [100.0]


@pytest.fixture
def cache(time_now: list[float]) -> TtlCache[str, int]:
    return TtlCache(lifetime_seconds=5, max_entries=2, clock=lambda: time_now[0])


async def test_a_value_lives_for_its_lifetime(cache, time_now):
    source = Source()
    assert await cache.get("a", source.load) == 1
    time_now[0] += 4.9
    assert await cache.get("a", source.load) == 1
    time_now[0] += 0.1
    assert await cache.get("a", source.load) == 2


async def test_many_waiters_cost_one_load_also_when_one_gives_up(cache):
    source = Source()
    source.gate.clear()
    waiters = [asyncio.create_task(cache.get("a", source.load)) for _ in range(10)]
    await asyncio.sleep(0)
    waiters[0].cancel()
    await asyncio.sleep(0)
    source.gate.set()
    assert await asyncio.gather(*waiters[1:]) == [1] * 9
    assert source.loads == 1


async def test_what_was_forgotten_while_it_loaded_is_not_kept(cache):
    source = Source()
    source.gate.clear()
    early = asyncio.create_task(cache.get("a", source.load))
    await asyncio.sleep(0)
    cache.forget()
    late = asyncio.create_task(cache.get("a", source.load))
    await asyncio.sleep(0)
    source.gate.set()
    assert await early == 1
    assert await late == 2
    assert await cache.get("a", source.load) == 2


async def test_the_oldest_make_room_and_failures_are_not_kept(cache):
    async def fail() -> int:
        raise LookupError("away")

    with pytest.raises(LookupError):
        await cache.get("a", fail)
    source = Source()
    for key in "abc":
        await cache.get(key, source.load)
    assert len(cache) == 2
    cache.forget(lambda value: value == 2)
    assert len(cache) == 1


async def test_known_returns_a_cached_value_only_until_it_expires(cache, time_now):
    assert cache.known("a") is None
    await cache.get("a", Source().load)
    time_now[0] += 4.9
    assert cache.known("a") == 1
    time_now[0] += 0.1
    assert cache.known("a") is None
