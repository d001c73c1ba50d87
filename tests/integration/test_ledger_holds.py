"""Holds through changes of the schema, of the server, and of who looks at them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from tests.expired_holds import expire_due

from solaris.domain.tokens import TokenCounts, Weights
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Charge, Ending, Hold, HoldCreate, Usage
from solaris.platform.postgres import Database

ZONE = ZoneInfo("America/Sao_Paulo")
CALL = Call(
    "/v1/chat/completions", "gpt-4", Weights(output=Decimal(3)), Decimal("0.5"), "Ana", UUID(int=5), "talk", "trace", 10
)
USAGE = Usage(TokenCounts(input=10, output=20), Ending.COMPLETE, estimated=False)
# As the version before migration 0015 made holds.
OLD_FORM = """
UPDATE holds
SET terms_id = 0, client = NULL, front_end_key_id = NULL, conversation_id = NULL, trace_id = NULL, attempt = NULL,
    counted_tokens = NULL, call = $1::jsonb || jsonb_build_object('attempt', attempt)
"""
EVENT = """SELECT route, model_asked, output_weight, conversion_factor, client, front_end_key_id, conversation_id, trace_id
           FROM usage_events WHERE request_id = $1"""
RECORDED = ("/v1/chat/completions", "gpt-4", Decimal(3), Decimal("0.5"), "Ana", UUID(int=5), "talk", "trace")


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


@pytest.fixture
async def user_id(database: Database, ledger: Ledger) -> UUID:
    created: UUID = await database.fetchval("INSERT INTO users (name) VALUES ('Ana') RETURNING id")
    await database.execute(
        "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', 100000)", created
    )
    await ledger.open_period(created)
    return created


def order_of(user_id: UUID, name: str) -> HoldCreate:
    return HoldCreate(user_id, name, "f", 40, 40, 10, CALL)


async def holds_of(ledger: Ledger, user_id: UUID, *names: str) -> list[Hold]:
    return await asyncio.gather(*(ledger.reserve(order_of(user_id, name)) for name in names))


async def test_holds_from_before_the_terms_are_settled_released_and_expired(
    database: Database, ledger: Ledger, user_id: UUID
) -> None:
    orders = [order_of(user_id, name) for name in ("a", "b", "c", "d", "given back")]
    holds = await asyncio.gather(*map(ledger.reserve, orders))
    await database.execute(OLD_FORM, CALL.as_record())

    charges = [await ledger.settle(holds[0], USAGE)]
    charges += await asyncio.gather(*(ledger.settle(hold, USAGE) for hold in holds[1:3]))
    assert [charge.tokens_charged for charge in charges] == [35, 35, 35]
    assert await ledger.give_back(user_id, "given back", "another attempt") is False
    assert await ledger.give_back(user_id, "given back", orders[4].attempt) is True
    later = Ledger(database, zone=ZONE, buy_url="", clock=lambda: datetime.now(UTC) + timedelta(minutes=2))
    (expired,) = await expire_due(later)
    assert (expired.request_id, expired.tokens_charged, expired.model_asked) == ("d", 5, "gpt-4")
    for name in ("a", "b", "c", "d"):
        assert tuple(await database.fetchrow(EVENT, name) or ()) == RECORDED
    assert await ledger.audit() == []


async def test_terms_that_a_restored_server_does_not_know_are_written_again(
    database: Database, ledger: Ledger, user_id: UUID
) -> None:
    await holds_of(ledger, user_id, "before")
    await database.execute("DELETE FROM holds")
    await database.execute("UPDATE wallets SET held = 0, open_calls = 0")
    await database.execute("ALTER TABLE call_terms DISABLE TRIGGER USER")
    await database.execute("DELETE FROM call_terms")
    await database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await asyncio.sleep(0.1)
    (hold,) = await holds_of(ledger, user_id, "after")
    await ledger.settle(hold, USAGE)
    assert tuple(await database.fetchrow(EVENT, "after") or ()) == RECORDED
    assert await ledger.audit() == []


async def test_a_hold_whose_terms_are_gone_is_not_charged_and_hinders_no_other(
    database: Database, ledger: Ledger, user_id: UUID
) -> None:
    holds = await holds_of(ledger, user_id, "a", "b", "c")
    await database.execute("UPDATE holds SET terms_id = -1 WHERE request_id = 'b'")
    charges = await asyncio.gather(*(ledger.settle(hold, USAGE) for hold in holds), return_exceptions=True)
    assert [type(charge) for charge in charges] == [Charge, asyncpg.NoDataFoundError, Charge]
    wallet = (await ledger.balance(user_id)).wallet
    assert (wallet.used, wallet.held) == (70, 40)


async def test_terms_are_written_once_and_never_changed(
    database: Database, database_url: str, ledger: Ledger, user_id: UUID
) -> None:
    other_process = Ledger(database, zone=ZONE, buy_url="")
    await asyncio.gather(
        holds_of(ledger, user_id, *(f"a{number}" for number in range(5))),
        holds_of(other_process, user_id, *(f"b{number}" for number in range(5))),
    )
    await other_process.close()
    assert await database.fetchval("SELECT count(*) FROM call_terms") == 1
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await database.execute("UPDATE call_terms SET output_weight = 1")


async def test_a_hold_that_is_being_ended_delays_no_renewal(database: Database, ledger: Ledger, user_id: UUID) -> None:
    await holds_of(ledger, user_id, "ending", "running")
    expires = "SELECT expires_at FROM holds ORDER BY request_id"
    before = await database.fetch(expires)
    async with database.transaction() as connection:
        await connection.execute("SELECT FROM holds WHERE request_id = 'ending' FOR UPDATE")
        async with asyncio.timeout(2):
            still_open = await ledger.renew([(user_id, "ending", 5), (user_id, "running", 7), (user_id, "unknown", 1)])
    assert still_open == {(user_id, "ending"), (user_id, "running")}
    after = await database.fetch(expires)
    assert (before[0] == after[0], before[1] < after[1]) == (True, True)


async def test_a_batch_finds_its_holds_by_their_key_however_many_are_open(
    database: Database, ledger: Ledger, user_id: UUID
) -> None:
    # Planned while the table is as good as empty, as on the first day of an installation.
    for hold in await holds_of(ledger, user_id, "first", "second"):
        await ledger.settle(hold, USAGE)
    holds = [
        hold
        for start in range(0, 600, 100)
        for hold in await holds_of(ledger, user_id, *map(str, range(start, start + 100)))
    ]
    for start in range(0, 400, 50):
        await asyncio.gather(*(ledger.settle(hold, USAGE) for hold in holds[start : start + 50]))
    await ledger.close()
    await asyncio.sleep(0.2)  # a session's counters are published when it ends
    by_other_ways = await database.fetchval(
        """SELECT (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'holds')
                  + (SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = 'holds_due')"""
    )
    by_key = await database.fetchval("SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = 'holds_pkey'")
    assert by_other_ways == 0
    assert 400 <= by_key < 3000
