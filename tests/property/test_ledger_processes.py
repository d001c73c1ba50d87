"""The account book under real concurrency: several operating system processes, one PostgreSQL, one small wallet."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from tests.expired_holds import expire_due

from solaris.domain.tokens import TokenCounts
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Charge, Ending, GrantCreate, HoldCreate, TransactionType, Usage
from solaris.platform.postgres import Database

ZONE = ZoneInfo("America/Sao_Paulo")
SPENDER = Path(__file__).with_name("spender.py")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, timezone=ZONE.key, service="test")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, zone=ZONE, buy_url="http://localhost/creditos")


async def user_with(database: Database, monthly_tokens: int) -> UUID:
    user_id: UUID = await database.fetchval("INSERT INTO users (name) VALUES ('Ana') RETURNING id")
    await database.execute(
        "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', $2)",
        user_id,
        monthly_tokens,
    )
    return user_id


async def start_spenders(url: str, user_id: UUID, count: int, calls: int) -> list[asyncio.subprocess.Process]:
    return [
        await asyncio.create_subprocess_exec(
            sys.executable,
            str(SPENDER),
            url,
            str(user_id),
            f"worker{number}",
            str(calls),
            "16",
            stdout=asyncio.subprocess.PIPE,
        )
        for number in range(count)
    ]


async def begun_calls(spender: asyncio.subprocess.Process, calls: int = 20) -> dict[str, int]:
    """The first calls that the spender finished: it is in the middle of others by then."""
    assert spender.stdout is not None
    assert await spender.stdout.readline() == b"ready\n"
    pairs = [(await spender.stdout.readline()).split() for _ in range(calls)]
    return {name.decode(): int(tokens) for name, tokens in pairs}


async def finished_calls(spender: asyncio.subprocess.Process) -> dict[str, int]:
    output, _ = await spender.communicate()
    pairs = [line.split() for line in output.decode().splitlines() if line and line != "ready"]
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2}


async def statements_of_the_dead_are_over(database: Database) -> None:
    """PostgreSQL ends a statement that it was given, and commits it, also when whoever sent it has died meanwhile."""
    for _ in range(1000):
        working = await database.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'worker%'"
        )
        if not working:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("PostgreSQL still works for the dead")


async def test_four_processes_on_one_small_wallet_never_overdraw_it(database_url, database, ledger):
    user_id = await user_with(database, 2000)
    spenders = await start_spenders(database_url, user_id, count=4, calls=150)
    charged = [await finished_calls(spender) for spender in spenders]

    wallet = (await ledger.balance(user_id)).wallet
    assert sum(sum(calls.values()) for calls in charged) == wallet.used
    assert wallet.used <= 2000
    assert (wallet.held, wallet.overage) == (0, 0)
    assert wallet.remaining < 7, "600 calls of seven tokens or more use the wallet up"
    assert await ledger.audit() == []


async def test_processes_killed_in_the_middle_lose_nothing_and_leak_no_hold(database_url, database, ledger):
    user_id = await user_with(database, 1_000_000)
    spenders = await start_spenders(database_url, user_id, count=3, calls=5000)
    first = [await begun_calls(spender) for spender in spenders]
    for spender in spenders:
        spender.kill()
    charged = [{**begun, **await finished_calls(spender)} for begun, spender in zip(first, spenders, strict=True)]
    await statements_of_the_dead_are_over(database)

    later = Ledger(
        database,
        zone=ZONE,
        buy_url="http://localhost/creditos",
        clock=lambda: datetime.now(UTC) + timedelta(seconds=61),
    )
    expired = await expire_due(later)

    for calls in charged:
        for name, tokens in calls.items():
            stored = await database.fetchval("SELECT tokens_charged FROM usage_events WHERE request_id = $1", name)
            assert stored == tokens
    assert all(charge.tokens_charged == 7 for charge in expired), "the prompt is charged, marked estimated"
    assert (await ledger.balance(user_id)).wallet.held == 0
    assert await ledger.audit() == []


async def test_one_request_id_sent_a_hundred_times_at_once_is_charged_once(database, ledger):
    user_id = await user_with(database, 1000)
    order = HoldCreate(user_id, "same", "same", 30, 30, 0, Call("/api/tokens/consume", "gpt-4"))
    usage = Usage(TokenCounts(input=30), Ending.COMPLETE, estimated=False)

    charges: list[Charge] = await asyncio.gather(*(ledger.consume(order, usage) for _ in range(100)))

    assert len({charge.event_id for charge in charges}) == 1
    assert sum(not charge.repeated for charge in charges) == 1
    assert (await ledger.balance(user_id)).wallet.used == 30


async def test_one_grant_key_sent_fifty_times_at_once_grants_once(database, ledger):
    user_id = await user_with(database, 0)
    order = GrantCreate(user_id, 500, TransactionType.BONUS, "key-1")

    grants = await asyncio.gather(*(ledger.grant(order) for _ in range(50)))

    assert len({grant.transaction_id for grant in grants}) == 1
    assert (await ledger.balance(user_id)).wallet.credits == 500


async def test_two_calls_that_cross_eighty_percent_together_raise_one_alert(database, ledger):
    user_id = await user_with(database, 1000)
    call = Call("/v1/chat/completions", "gpt-4")
    holds = [await ledger.reserve(HoldCreate(user_id, f"r{n}", "f", 1, 90, 1, call)) for n in range(10)]

    charges = await asyncio.gather(
        *(ledger.settle(hold, Usage(TokenCounts(input=85), Ending.COMPLETE, estimated=False)) for hold in holds)
    )

    assert [threshold for charge in charges for threshold in charge.crossed_percent] == [80]
    assert await database.fetchval("SELECT count(*) FROM usage_alerts WHERE user_id = $1", user_id) == 1
