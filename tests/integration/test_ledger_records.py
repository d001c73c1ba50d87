"""What the database itself guarantees of the records."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from solaris.domain.errors import InvalidInput, NotFound, UserSuspended
from solaris.domain.tokens import TokenCounts
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Ending, GrantCreate, HoldCreate, TransactionType, Usage
from solaris.platform.postgres import Database

ZONE = ZoneInfo("America/Sao_Paulo")
CALL = Call("/v1/chat/completions", "gpt-4")
USAGE = Usage(TokenCounts(input=10, output=5), Ending.COMPLETE, estimated=False)
NOBODY = UUID(int=0)

TOP_CONSUMERS = """
SELECT u.email, SUM(tu.tokens_used) as total_tokens
FROM users u
JOIN token_usage tu ON u.id = tu.user_id
WHERE tu.usage_date >= CURRENT_DATE - INTERVAL '7 days'
GROUP BY u.id, u.email
ORDER BY total_tokens DESC
LIMIT 10;
"""
UNSENT_ALERTS = """
SELECT u.email, tu.tokens_used, tu.tokens_remaining
FROM users u
JOIN token_usage tu ON u.id = tu.user_id
WHERE (tu.tokens_used::float / (tu.tokens_used + tu.tokens_remaining)) >= 0.8
AND tu.usage_date = CURRENT_DATE;
"""


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, timezone=ZONE.key, service="test")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, zone=ZONE, buy_url="http://localhost/creditos")


@pytest.fixture
async def user_id(database: Database) -> UUID:
    created: UUID = await database.fetchval("INSERT INTO users (email, name) VALUES ('ana@x.br', 'Ana') RETURNING id")
    await database.execute(
        "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', 15)", created
    )
    return created


async def spend_all(ledger: Ledger, user_id: UUID) -> None:
    hold = await ledger.reserve(HoldCreate(user_id, "r1", "f", 15, 15, 10, CALL))
    await ledger.settle(hold, USAGE)
    await ledger.grant(GrantCreate(user_id, -3, TransactionType.REFUND, "k1"))


@pytest.mark.parametrize(
    "table", ["usage_events", "credit_transactions", "overage_entries", "period_openings", "audit_log"]
)
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET user_id = user_id", "TRUNCATE {}"])
async def test_the_database_refuses_to_change_what_was_recorded(database, ledger, user_id, table, change):
    await spend_all(ledger, user_id)
    if table == "audit_log":
        change = change.replace("user_id", "actor_role")
        await database.execute(
            "INSERT INTO audit_log (actor_role, action, entity, entity_id) VALUES ('system', 'a', 'b', 'c')"
        )
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await database.execute(change.format(table + (" CASCADE" if change.startswith("TRUNCATE") else "")))


async def test_a_months_partition_refuses_truncation_too(database, ledger, user_id):
    await spend_all(ledger, user_id)
    partition = await database.fetchval("SELECT tableoid::regclass::text FROM usage_events")
    assert re.fullmatch(r"usage_events_\d{4}_\d{2}", partition)
    with pytest.raises(asyncpg.RestrictViolationError):
        await database.execute(f"TRUNCATE {partition}")


async def test_the_customers_debug_queries_run_as_written(database, ledger, user_id):
    await spend_all(ledger, user_id)
    seed = Path(__file__).parent.parent.parent / "docs" / "operations.md"
    text = seed.read_text()
    for query in (TOP_CONSUMERS, UNSENT_ALERTS):
        assert query.strip() in text, "docs/operations.md shows the queries as they stand in the customer's reference"
    assert [tuple(row) for row in await database.fetch(TOP_CONSUMERS)] == [("ana@x.br", 15)]
    assert [tuple(row) for row in await database.fetch(UNSENT_ALERTS)] == [("ana@x.br", 15, 0)]


async def test_a_charge_of_nothing_leaves_no_day_in_the_rollup(database, ledger, user_id):
    hold = await ledger.reserve(HoldCreate(user_id, "r0", "f", 1, 10, 1, CALL))
    await ledger.settle(hold, Usage(TokenCounts(), Ending.COMPLETE, estimated=False))
    assert await database.fetchval("SELECT count(*) FROM token_usage") == 0
    assert await ledger.audit() == []


async def test_the_audit_finds_a_tampered_wallet(database, ledger, user_id):
    await spend_all(ledger, user_id)
    await database.execute("UPDATE wallets SET credits = 99, used = 1 WHERE user_id = $1", user_id)
    await database.execute("UPDATE token_usage SET tokens_used = 14")
    found = {
        (difference.what.split()[0], int(difference.stored), int(difference.recomputed))
        for difference in await ledger.audit()
    }
    assert found == {("credits", 99, 0), ("used", 1, 15), ("token_usage", 14, 15)}


async def test_a_suspended_user_spends_nothing(database, ledger, user_id):
    await database.execute("UPDATE users SET active = false WHERE id = $1", user_id)
    with pytest.raises(UserSuspended):
        await ledger.reserve(HoldCreate(user_id, "r1", "f", 1, 1, 1, CALL))


async def test_no_wallet_is_opened_for_an_unknown_user(ledger):
    with pytest.raises(NotFound):
        await ledger.reserve(HoldCreate(NOBODY, "r1", "f", 1, 1, 1, CALL))
    with pytest.raises(NotFound):
        await ledger.balance(NOBODY)
    with pytest.raises(NotFound):
        await ledger.grant(GrantCreate(NOBODY, 5, TransactionType.BONUS, "k"))


@pytest.mark.parametrize(
    ("tokens", "kind"),
    [
        (0, TransactionType.BONUS),
        (-5, TransactionType.PURCHASE),
        (5, TransactionType.REFUND),
        (10**12, TransactionType.BONUS),
    ],
)
async def test_absurd_grants_are_refused(ledger, user_id, tokens, kind):
    with pytest.raises(InvalidInput):
        await ledger.grant(GrantCreate(user_id, tokens, kind, "k"))


async def test_the_month_of_a_charge_is_the_customers_month(database, user_id):
    last_second = datetime(2026, 2, 1, 2, 59, 59, tzinfo=UTC)
    ledger = Ledger(database, zone=ZONE, buy_url="http://localhost/creditos", clock=lambda: last_second)
    await ledger.consume(HoldCreate(user_id, "r1", "f", 15, 15, 0, CALL), USAGE)
    assert await database.fetchval("SELECT local_day::text FROM usage_events") == "2026-01-31"
    ledger = Ledger(
        database,
        zone=ZONE,
        buy_url="http://localhost/creditos",
        clock=lambda: last_second.replace(hour=3, minute=0, second=0),
    )
    assert (await ledger.balance(user_id)).wallet.remaining == 15
    assert await ledger.audit() == []
