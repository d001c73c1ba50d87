"""A charge's first try, whose outcome is given to it at once: told once, and on the disk when the process ends."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from solaris.domain.errors import StoreUnavailable
from solaris.domain.tokens import TokenCounts
from solaris.domain.wallet import Wallet
from solaris.gateway.settlement.queue import SettlementQueue
from solaris.ledger.batcher import Batcher, Completion
from solaris.ledger.records import Call, Charge, Ending, Hold, Usage
from solaris.ledger.statements import Settlement
from solaris.platform.logs import build_log

_WALLET = Wallet(date(2026, 11, 1), 1000, 0, 0, 0, 0, 0)
_USAGE = Usage(TokenCounts(input=7), Ending.COMPLETE, estimated=False)


def hold_of(request_id: str) -> Hold:
    return Hold(uuid4(), request_id, 10, "open", False, Call("/v1/chat/completions", "gpt-4"), _WALLET)


def charge_of(request_id: str, *, repeated: bool) -> Charge:
    return Charge(request_id, uuid4(), 7, 7, 0, 0, 993, datetime.now(UTC), "gpt-4", (), repeated, _WALLET)


class Book:
    """An account book whose batches do what the test says; a later try finds what was charged."""

    def __init__(
        self,
        batch: Callable[[Sequence[Settlement]], Awaitable[Sequence[Charge | None]]],
        single: Callable[[Settlement], Awaitable[Charge]],
    ) -> None:
        self._batcher: Batcher[Settlement, Charge] = Batcher(single=single, batch=batch)
        self.charged: set[str] = set()

    def settle_for(self, taker: Completion[Charge], settlement: Settlement) -> None:
        self._batcher.submit_for(taker, settlement)

    async def settle_recorded(self, _user_id: UUID, request_id: str, _record: Any) -> Charge:
        repeated = request_id in self.charged
        self.charged.add(request_id)
        return charge_of(request_id, repeated=repeated)


class Disk:
    """Keeps what it is given."""

    size_bytes = 0

    def __init__(self) -> None:
        self.kept: set[str] = set()

    async def keep(self, entry: Any) -> bool:
        self.kept.add(entry.request_id)
        return True

    def done(self, entry: Any) -> None:
        self.kept.discard(entry.request_id)


class NoLeases:
    def drop(self, user_id: UUID, request_id: str) -> None:
        """Nothing is renewed."""


def settlements_of(book: Any, disk: Any) -> SettlementQueue:
    heartbeat: Any = NoLeases()
    return SettlementQueue(book, heartbeat, disk, build_log("test", level="error", form="json", stream=io.StringIO()))


async def test_a_charge_whose_batch_fails_after_it_is_told_once() -> None:
    async def batch(settlement_queue: Sequence[Settlement]) -> list[Charge | None]:
        first, *others = settlement_queue
        book.charged.add(first.request_id)
        return [charge_of(first.request_id, repeated=False), *(None for _ in others)]

    async def single(_settlement: Settlement) -> Charge:
        raise StoreUnavailable("away")

    book, disk = Book(batch, single), Disk()
    settlement_queue = settlements_of(book, disk)
    told: list[str] = []
    answers = [
        settlement_queue.start_settle(hold_of(name), _USAGE, lambda hold, _usage, _charge: told.append(hold.request_id))
        for name in ("first", "second", "third")
    ]
    await asyncio.gather(*answers)
    await settlement_queue.drain()
    assert sorted(told) == ["first", "second", "third"]
    assert disk.kept == set()


async def test_what_postgresql_has_not_taken_when_the_process_ends_is_on_the_disk() -> None:
    async def never(_item: object) -> Any:
        await asyncio.get_running_loop().create_future()

    book, disk = Book(never, never), Disk()
    settlement_queue = settlements_of(book, disk)
    # The timeout would expire in two seconds.
    answer = settlement_queue.settle(hold_of("late"), _USAGE, lambda *_: None)
    await settlement_queue.drain(timeout_seconds=0.05)
    assert await answer is None
    assert disk.kept == {"late"}
