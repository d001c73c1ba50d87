"""Batches keep the same books as single operations, whatever is in them, and never get in each other's way."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solaris.domain.errors import IdempotencyConflict, SolarisError, TokensHeld
from solaris.domain.tokens import TokenCounts, Weights
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Charge, Ending, GrantCreate, Hold, HoldCreate, TransactionType, Usage
from solaris.platform.postgres import Database

ZONE = ZoneInfo("America/Sao_Paulo")
CALL = Call("/v1/chat/completions", "gpt-4")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
CROSSER = Path(__file__).with_name("batch_crosser.py")


def usage_of(amount: int, model: str | None = None) -> Usage:
    return Usage(TokenCounts(input=amount), Ending.COMPLETE, estimated=False, model_answered=model)


async def new_user(database: Database, monthly_tokens: int) -> UUID:
    user_id: UUID = await database.fetchval("INSERT INTO users (name) VALUES ('Ana') RETURNING id")
    await database.execute(
        "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', $2)",
        user_id,
        monthly_tokens,
    )
    return user_id


def order_of(user_id: UUID, request_id: str, most: int, *, least: int = 1, fingerprint: str = "f") -> HoldCreate:
    return HoldCreate(user_id, request_id, fingerprint, least, most, least, CALL)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, timezone=ZONE.key, service="test")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def ledger(database: Database) -> AsyncIterator[Ledger]:
    opened = Ledger(database, zone=ZONE, buy_url="")
    yield opened
    await opened.close()


async def warm(ledger: Ledger, *user_ids: UUID) -> None:
    """Open the period: only then does a batch touch a wallet."""
    for user_id in user_ids:
        await ledger.open_period(user_id)


async def test_processes_that_batch_the_same_users_in_opposite_orders_never_deadlock_and_lose_nothing(
    database_url: str, database: Database, ledger: Ledger
) -> None:
    users = sorted([await new_user(database, 1_000_000_000) for _ in range(12)])
    await warm(ledger, *users)
    deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, str(CROSSER), database_url, order, "6", *map(str, users), stdout=asyncio.subprocess.PIPE
        )
        for order in ("up", "down", "mixed")
    ]
    outputs = await asyncio.gather(*(process.communicate() for process in processes))

    assert [process.returncode for process in processes] == [0, 0, 0]
    charged: dict[str, int] = {}
    for output, _ in outputs:
        for line in output.decode().splitlines():
            user_id, tokens = line.split()
            charged[user_id] = charged.get(user_id, 0) + int(tokens)
    stored = {str(row["user_id"]): row["used"] for row in await database.fetch("SELECT user_id, used FROM wallets")}
    assert stored == charged
    assert await database.fetchval("SELECT count(*) FROM holds WHERE state = 'open'") == 0
    await asyncio.sleep(1.1)  # PostgreSQL publishes a session's counters at most once a second
    assert await database.fetchval(deadlocks) == 0
    assert await ledger.audit() == []


async def test_duplicates_of_one_request_id_inside_one_batch_hold_and_charge_once(
    database: Database, ledger: Ledger
) -> None:
    user_id, other = await new_user(database, 1000), await new_user(database, 1000)
    await warm(ledger, user_id, other)
    orders = [order_of(user_id, "same", 100) for _ in range(5)]
    orders += [order_of(user_id, "same", 200, fingerprint="another body"), order_of(other, "same", 50)]
    made = await asyncio.gather(*map(ledger.reserve, orders), return_exceptions=True)
    holds = [hold for hold in made if isinstance(hold, Hold)]
    assert sum(not hold.repeated for hold in holds) == 2
    assert [type(hold) for hold in made if not isinstance(hold, Hold)] == [IdempotencyConflict]
    assert (await ledger.balance(user_id)).wallet.held == 100

    amounts = [30, 40, 50]
    charges: list[Charge] = await asyncio.gather(*(ledger.settle(holds[0], usage_of(amount)) for amount in amounts))
    assert [charge.tokens_charged for charge in charges] == [30, 30, 30]
    assert [charge.repeated for charge in charges] == [False, True, True]
    assert (await ledger.balance(user_id)).wallet.used == 30
    assert [difference for difference in await ledger.audit() if difference.user_id == user_id] == []


async def test_a_sum_that_does_not_fit_is_admitted_one_by_one_in_order(database: Database, ledger: Ledger) -> None:
    user_id, rich = await new_user(database, 1000), await new_user(database, 1_000_000)
    await warm(ledger, user_id, rich)
    orders = [
        order_of(user_id, "first", 600, least=100),
        order_of(rich, "beside", 5000),
        order_of(user_id, "shrunk", 600, least=100),
        order_of(user_id, "refused", 600, least=100),
        order_of(rich, "behind", 5000),
    ]
    made = await asyncio.gather(*map(ledger.reserve, orders), return_exceptions=True)
    assert isinstance(made[3], TokensHeld)
    assert [hold.tokens for hold in made if isinstance(hold, Hold)] == [600, 5000, 400, 5000]
    assert (await ledger.balance(user_id)).wallet.held == 1000


@pytest.mark.parametrize(
    "bad",
    [
        usage_of(10, "a model's name with a \x00 in it"),
        usage_of(10, "half a \ud800 pair"),
    ],
)
async def test_what_a_provider_writes_never_keeps_a_call_from_being_charged(
    database: Database, ledger: Ledger, bad: Usage
) -> None:
    user_id = await new_user(database, 10_000)
    holds = [await ledger.reserve(order_of(user_id, f"r{number}", 100)) for number in range(6)]
    usages = [usage_of(10) for _ in holds]
    usages[2] = bad
    charges = await asyncio.gather(*(ledger.settle(*pair) for pair in zip(holds, usages, strict=True)))
    assert [charge.tokens_charged for charge in charges] == [10] * 6
    assert (await ledger.balance(user_id)).wallet.used == 60


async def test_one_bad_row_does_not_fail_the_others(database: Database, ledger: Ledger) -> None:
    user_id = await new_user(database, 10_000)
    await warm(ledger, user_id)
    orders: list[HoldCreate] = [order_of(user_id, f"r{number}", 100) for number in range(6)]
    orders[1] = order_of(user_id, "x" * 201, 100)
    made = await asyncio.gather(*map(ledger.reserve, orders), return_exceptions=True)
    assert [isinstance(hold, Hold) for hold in made] == [True, False, True, True, True, True]
    holds = [hold for hold in made if isinstance(hold, Hold)]
    records: list[dict[str, Any]] = [usage_of(10).as_record(10) for _ in holds]
    records[3] = {**records[3], "tokens_charged": 10**30}
    charges = await asyncio.gather(
        *(
            ledger.settle_recorded(user_id, hold.request_id, record)
            for hold, record in zip(holds, records, strict=True)
        ),
        return_exceptions=True,
    )
    assert [isinstance(charge, Charge) for charge in charges] == [True, True, True, False, True]
    wallet = (await ledger.balance(user_id)).wallet
    assert (wallet.used, wallet.held) == (40, 100)


async def test_names_that_can_not_be_sent_together_are_sent_one_by_one(database: Database, ledger: Ledger) -> None:
    user_id = await new_user(database, 10_000)
    await warm(ledger, user_id)
    names = ["plain", "with \x1f in it", "with \x1e in it", ""]
    orders = [order_of(user_id, name, 100) for name in names]
    made = await asyncio.gather(*map(ledger.reserve, orders), return_exceptions=True)
    assert [isinstance(hold, Hold) for hold in made] == [True, True, True, False]
    holds = [hold for hold in made if isinstance(hold, Hold)]
    charges = await asyncio.gather(*(ledger.settle(hold, usage_of(10)) for hold in holds))
    assert [charge.request_id for charge in charges] == names[:3]
    assert (await ledger.balance(user_id)).wallet.held == 0


async def test_terms_that_can_not_be_written_hinder_no_other_order(database: Database, ledger: Ledger) -> None:
    user_id = await new_user(database, 10_000)
    await warm(ledger, user_id)
    absurd = Call("/v1/chat/completions", "absurd", Weights(input=Decimal(10**9)))
    orders = [HoldCreate(user_id, f"r{number}", "f", 1, 100, 1, absurd if number == 2 else CALL) for number in range(5)]
    made = await asyncio.gather(*map(ledger.reserve, orders), return_exceptions=True)
    assert [isinstance(hold, Hold) for hold in made] == [True, True, False, True, True]
    assert (await ledger.balance(user_id)).wallet.held == 400


async def test_one_order_sent_twice_at_once_and_again_later_holds_once(database: Database, ledger: Ledger) -> None:
    user_id = await new_user(database, 10_000)
    await warm(ledger, user_id)
    order = order_of(user_id, "same", 100)
    for _ in range(2):
        made = await asyncio.gather(*map(ledger.reserve, [order, order_of(user_id, str(uuid4()), 10), order]))
        assert made[2].repeated
    wallet = (await ledger.balance(user_id)).wallet
    assert wallet.held == 120
    assert await ledger.audit() == []


@dataclass(frozen=True)
class Reserve:
    user: int
    name: int
    least: int
    more: int
    body: str


@dataclass(frozen=True)
class Settle:
    user: int
    name: int
    amount: int


@dataclass(frozen=True)
class Release:
    user: int
    name: int


@dataclass(frozen=True)
class Give:
    user: int
    amount: int


@dataclass(frozen=True)
class Wait:
    """Until the next month has begun."""

    user: int = 0


USERS = 3
whose, names = st.integers(0, USERS - 1), st.integers(0, 7)
reserves = st.builds(Reserve, whose, names, st.integers(1, 150), st.integers(0, 300), st.sampled_from("aab"))
settles = st.builds(Settle, whose, names, st.integers(0, 500))
rounds = st.one_of(
    st.lists(reserves, min_size=1, max_size=12),
    st.lists(settles, min_size=1, max_size=12),
    st.lists(st.builds(Release, whose, names), min_size=1, max_size=2, unique=True),
    st.lists(st.builds(Give, whose, st.integers(1, 300)), min_size=1, max_size=1),
    st.just([Wait()]),
)
ALLOWANCES = (1000, 300, 0)
# Several terms in one batch, and every column of a hold that an event takes over.
CALLS = (
    CALL,
    Call("/v1/embeddings", "ada", Weights(input=Decimal("0.5")), Decimal("0.376")),
    Call(
        "/v1/chat/completions",
        "gpt-4",
        CALL.weights,
        CALL.conversion_factor,
        "chave\x1f da Ana",
        UUID(int=7),
        "talk",
        "trace",
        9,
    ),
)


class Book:
    """One history's users, and what their operations answered."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.ledger = Ledger(database, zone=ZONE, buy_url="", clock=lambda: self.now)
        self.users: list[UUID] = []
        self.answers: list[list[tuple[Any, ...]]] = []
        self.grants = 0

    async def open(self) -> None:
        self.users = [await new_user(self.database, allowance) for allowance in ALLOWANCES]
        await warm(self.ledger, *self.users)

    async def run(self, operations: list[Any], *, together: bool) -> None:
        if together:
            answers = await asyncio.gather(*map(self._answer, operations))
        else:
            answers = [await self._answer(operation) for operation in operations]
        self.answers.append(answers)

    async def _answer(self, operation: Any) -> tuple[Any, ...]:
        user_id = self.users[operation.user]
        try:
            match operation:
                case Reserve(_, name, least, more, body):
                    hold = await self.ledger.reserve(
                        HoldCreate(user_id, str(name), body, least, least + more, least, CALLS[name % len(CALLS)])
                    )
                    return hold.tokens, hold.state, hold.repeated
                case Settle(_, name, amount):
                    charge = await self.ledger.settle_recorded(user_id, str(name), usage_of(amount).as_record(amount))
                    parts = charge.allowance_part, charge.credits_part, charge.overage, charge.tokens_remaining
                    return charge.tokens_charged, charge.repeated, *parts
                case Release(_, name):
                    return (await self.ledger.give_back(user_id, str(name), None),)
                case Give(_, amount):
                    self.grants += 1
                    key = f"{user_id} {self.grants}"
                    grant = await self.ledger.grant(GrantCreate(user_id, amount, TransactionType.BONUS, key))
                    return (grant.tokens_added,)
                case Wait():
                    self.now = (self.now.replace(day=1) + timedelta(days=40)).replace(day=10)
                    return ()
        except SolarisError as condition:
            return (type(condition).__name__,)
        raise AssertionError(operation)

    async def kept(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that is written down, without ids and times of writing."""
        statements = {
            "wallets": "SELECT allowance, allowance_used, credits, held, used, overage, alert_round, alerted_percent FROM wallets",
            "holds": "SELECT request_id, state, tokens, counted_tokens, event_id IS NULL FROM holds",
            "events": """SELECT request_id, tokens_charged, allowance_part, credits_part, overage, tokens_remaining, local_day,
                         ending, estimated, route, model_asked, input_tokens, input_weight, conversion_factor, client,
                         front_end_key_id, conversation_id, trace_id FROM usage_events""",
            "days": "SELECT usage_date, tokens_used, tokens_remaining FROM token_usage",
            "alerts": "SELECT period_start, alert_round, threshold_percent FROM usage_alerts",
        }
        kept = {}
        for name, statement in statements.items():
            kept[name] = [
                tuple(row)
                for user_id in self.users
                for row in await self.database.fetch(f"{statement} WHERE user_id = $1 ORDER BY 1, 2, 3", user_id)
            ]
        return kept


class BatchComparison:
    """One event loop and one pool for all examples."""

    def __init__(self, database_url: str) -> None:
        self.runner = asyncio.Runner()
        self.database = Database(database_url, timezone=ZONE.key, service="test")
        self.runner.run(self.database.open())

    def compare(self, history: list[list[Any]]) -> None:
        self.runner.run(self._compare(history))

    async def _compare(self, history: list[list[Any]]) -> None:
        batched, single = Book(self.database), Book(self.database)
        for book in (batched, single):
            await book.open()
            for operations in history:
                await book.run(operations, together=book is batched)
            await book.ledger.close()
        assert batched.answers == single.answers
        assert await batched.kept() == await single.kept()
        ours = {*batched.users, *single.users}
        assert [difference for difference in await single.ledger.audit() if difference.user_id in ours] == []

    def close(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()


@pytest.fixture
def comparison(module_database_url: str) -> Iterator[BatchComparison]:
    opened = BatchComparison(module_database_url)
    yield opened
    opened.close()


@pytest.mark.timeout(300)
def test_batches_and_single_operations_write_the_same_books_for_the_same_history(comparison: BatchComparison) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(rounds, min_size=1, max_size=10))
    def check(history: list[list[Any]]) -> None:
        comparison.compare(history)

    check()


def test_a_long_busy_history_is_the_same_too(comparison: BatchComparison) -> None:
    chance = random.Random(20260310)
    history: list[list[Any]] = []
    for start in range(0, 240, 40):
        calls = [(chance.randrange(USERS), 1000 + start + number) for number in range(40)]
        history.append([Reserve(user, name, 5, chance.randrange(60), "a") for user, name in calls])
        chance.shuffle(calls)
        history.append([Settle(user, name, chance.randrange(80)) for user, name in calls])
        history.append([Give(chance.randrange(USERS), 200)])
    comparison.compare(history)
