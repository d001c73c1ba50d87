"""Open pages are notified of refusals: soon, not with every one of a chat that goes on asking, and the last one is never lost."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry

from solaris.domain.errors import InsufficientTokens, TokensHeld
from solaris.gateway import refusals as module
from solaris.gateway.instruments import Instruments
from solaris.gateway.refusals import Refusals

ANA, RUI = UUID(int=1), UUID(int=2)


def _refusal() -> InsufficientTokens:
    renews_at = datetime(2026, 12, 1, 3, tzinfo=UTC)
    return InsufficientTokens("Saldo insuficiente.", tokens_remaining=12, usage_percent=98.8, renews_at=renews_at)


class Pages:
    """Who was notified, in order."""

    def __init__(self) -> None:
        self.notified: list[UUID] = []
        self._news = asyncio.Event()

    async def publish(self, user_id: UUID | None) -> None:
        assert user_id is not None
        self.notified.append(user_id)
        self._news.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.notified) < count:
                self._news.clear()
                await self._news.wait()


async def test_a_flood_of_refusals_is_published_at_its_begin_and_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SECONDS_BETWEEN_NOTICES", 0.05)
    pages = Pages()
    refusals = Refusals(Instruments(CollectorRegistry()), pages.publish)
    for _ in range(50):
        refusals.record(ANA, _refusal())
    refusals.record(RUI, _refusal())
    await pages.until(2)
    assert sorted(pages.notified) == [ANA, RUI]

    for _ in range(50):
        refusals.record(ANA, _refusal())
    await asyncio.sleep(0)
    assert len(pages.notified) == 2
    await pages.until(3)
    assert pages.notified[2] == ANA


async def test_what_is_only_held_changes_no_page() -> None:
    pages = Pages()
    refusals = Refusals(Instruments(CollectorRegistry()), pages.publish)
    refusals.record(ANA, TokensHeld("Em reserva.", retry_after_seconds=1))
    refusals.record(RUI, _refusal())
    await pages.until(1)
    assert pages.notified == [RUI]
