"""Staff change a running period: limits and resets are exact, and the audit proves them from the records."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from solaris.domain.errors import IdempotencyConflict, InsufficientTokens, NotFound
from solaris.domain.tokens import TokenCounts
from solaris.domain.wallet import Wallet
from solaris.ledger.allowance import AllowanceChange, AllowanceChangeKind, Allowances, AllowanceUpdate, NothingToReset
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Ending, GrantCreate, HoldCreate, TransactionType, Usage
from solaris.platform.postgres import Database

ZONE = ZoneInfo("America/Sao_Paulo")
CALL = Call("/v1/chat/completions", "gpt-4")


@dataclass
class Book:
    """One user with an allowance of 1,000, and access to their wallet."""

    database: Database
    user_id: UUID
    now: datetime = field(default_factory=lambda: datetime(2026, 5, 10, 15, tzinfo=UTC))

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.database, zone=ZONE, buy_url="http://localhost", clock=lambda: self.now)
        self.allowances = Allowances(clock=lambda: self.now)

    async def use(self, tokens: int) -> None:
        order = HoldCreate(self.user_id, uuid4().hex, "f", tokens, tokens, tokens, CALL)
        await self.ledger.consume(order, Usage(TokenCounts(input=tokens), Ending.COMPLETE, estimated=False))

    async def overrun(self, held: int, used: int) -> None:
        order = HoldCreate(self.user_id, uuid4().hex, "f", held, held, held, CALL)
        hold = await self.ledger.reserve(order)
        await self.ledger.settle(hold, Usage(TokenCounts(input=used), Ending.COMPLETE, estimated=False))

    async def grant(self, tokens: int, kind: TransactionType = TransactionType.PURCHASE) -> None:
        await self.ledger.grant(GrantCreate(self.user_id, tokens, kind, uuid4().hex, Decimal(10)))

    async def limit(self, tokens: int) -> AllowanceChange:
        return await self._change(AllowanceChangeKind.LIMIT, tokens, None)

    async def reset(self, key: str | None = None, reason: str = "erro do fornecedor") -> AllowanceChange:
        return await self._change(AllowanceChangeKind.RESET, None, key, reason)

    async def _change(
        self, kind: AllowanceChangeKind, tokens: int | None, key: str | None, reason: str = "motivo"
    ) -> AllowanceChange:
        async with self.database.transaction() as connection:
            order = AllowanceUpdate(self.user_id, kind, tokens, reason, None, key)
            return await self.allowances.change(connection, order)

    async def wallet(self) -> Wallet:
        return (await self.ledger.balance(self.user_id)).wallet


@pytest.fixture
async def book(database_url: str) -> AsyncIterator[Book]:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    user_id: UUID = await database.fetchval("INSERT INTO users (email) VALUES ('ana@demo.local') RETURNING id")
    await database.execute(
        "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', 1000)", user_id
    )
    made = Book(database, user_id)
    yield made
    assert await made.ledger.audit() == []
    await made.ledger.close()
    await database.close()


async def test_a_higher_limit_is_there_at_once(book: Book) -> None:
    await book.use(1000)
    with pytest.raises(InsufficientTokens):
        await book.use(1)
    change = await book.limit(1500)
    assert (change.tokens, change.wallet.remaining, change.wallet.used) == (500, 500, 1000)
    await book.use(500)


async def test_a_lower_limit_takes_only_what_was_not_used(book: Book) -> None:
    await book.use(300)
    assert (await book.limit(400)).wallet.remaining == 100
    change = await book.limit(100)
    assert (change.tokens, change.wallet.allowance, change.wallet.remaining) == (-100, 300, 0)
    assert (await book.limit(450)).wallet.remaining == 150


async def test_a_limit_under_calls_in_flight_ends_in_debt_and_never_below_zero(book: Book) -> None:
    hold = await book.ledger.reserve(HoldCreate(book.user_id, "r", "f", 800, 800, 800, CALL))
    assert (await book.limit(500)).wallet.remaining == 0
    await book.ledger.settle(hold, Usage(TokenCounts(input=800), Ending.COMPLETE, estimated=False))
    wallet = await book.wallet()
    assert (wallet.allowance_used, wallet.overage, wallet.used) == (500, 300, 800)
    assert (await book.limit(2000)).wallet.remaining == 1200


async def test_a_reset_gives_back_what_was_used_and_the_use_stays_written(book: Book) -> None:
    await book.grant(600)
    await book.use(1200)
    change = await book.reset()
    wallet = change.wallet
    assert (wallet.allowance_left, wallet.credits, wallet.used) == (1000, 600, 1200)
    assert change.transaction_id is not None
    with pytest.raises(NothingToReset):
        await book.reset()
    await book.use(50)
    assert (await book.reset()).wallet.remaining == 1600


async def test_a_reset_forgives_an_overrun(book: Book) -> None:
    await book.use(900)
    await book.overrun(100, 180)
    assert (await book.wallet()).overage == 80
    wallet = (await book.reset()).wallet
    assert (wallet.overage, wallet.allowance_left, wallet.credits) == (0, 1000, 0)


async def test_a_reset_after_a_lower_limit_opens_the_lower_limit(book: Book) -> None:
    await book.use(900)
    await book.limit(200)
    assert (await book.reset()).wallet.remaining == 200
    assert (await book.limit(300)).wallet.remaining == 300


async def test_what_a_reset_gave_to_the_allowance_ends_with_the_period(book: Book) -> None:
    await book.grant(100)
    await book.use(1050)
    await book.reset()
    book.now += timedelta(days=31)
    wallet = await book.wallet()
    assert (wallet.allowance, wallet.allowance_used, wallet.credits, wallet.used) == (1000, 0, 100, 0)


async def test_a_reset_with_the_same_key_counts_once_even_from_two_sides(book: Book) -> None:
    await book.use(500)
    first, second = await asyncio.gather(book.reset("key"), book.reset("key"))
    assert first.id == second.id
    assert {first.repeated, second.repeated} == {True, False}
    await book.use(20)
    assert (await book.reset("key")).repeated
    assert (await book.wallet()).remaining == 980
    with pytest.raises(IdempotencyConflict):
        await book.reset("key", "outro motivo")


async def test_raising_the_limit_re_arms_the_alerts(book: Book) -> None:
    await book.use(950)
    await book.limit(2000)
    await book.use(700)
    told = await book.database.fetch(
        "SELECT threshold_percent FROM usage_alerts ORDER BY alert_round, threshold_percent"
    )
    assert [row[0] for row in told] == [80, 90, 80]


async def test_thresholds_are_ones_own_from_then_on(book: Book) -> None:
    async with book.database.transaction() as connection:
        assert await book.allowances.set_thresholds(connection, book.user_id, [95, 50, 50]) == [80, 90, 100]
        with pytest.raises(NotFound):
            await book.allowances.set_thresholds(connection, uuid4(), [80])
    await book.use(850)
    told = await book.database.fetchval("SELECT array_agg(threshold_percent) FROM usage_alerts")
    assert told == [50]


async def test_the_changes_are_append_only(book: Book) -> None:
    await book.limit(2000)
    with pytest.raises(asyncpg.RestrictViolationError):
        await book.database.execute("UPDATE allowance_changes SET tokens = 0")


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_of_changes_leaves_nothing_unproven(book: Book, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(40):
        match dice.randrange(7):
            case 0:
                await book.limit(dice.choice((0, 100, 500, 1000, 3000)))
            case 1 if (await book.wallet()).used > 0:
                try:
                    wallet = (await book.reset()).wallet
                except NothingToReset:
                    continue
                assert wallet.allowance_left >= 0
            case 2:
                await book.grant(dice.randrange(1, 500))
            case 3:
                await book.grant(-dice.randrange(1, 500), TransactionType.REFUND)
            case 4 if (left := (await book.wallet()).remaining) > 0:
                held = dice.randint(1, left)
                await book.overrun(held, held + dice.randrange(100))
            case 5 if dice.random() < 0.3:
                book.now += timedelta(days=31)
            case _ if (left := (await book.wallet()).remaining) > 0:
                await book.use(dice.randint(1, left))
        assert await book.ledger.audit() == []
