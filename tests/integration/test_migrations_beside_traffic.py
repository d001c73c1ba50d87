"""Migrations of every kind run while the database is charged to: no charge fails, the balances are proven, stalls are bounded."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from tests.integration.migration_files import NextVersion

from solaris.domain.errors import SolarisError, StoreUnavailable
from solaris.domain.tokens import TokenCounts, Weights
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Ending, GrantCreate, HoldCreate, TransactionType, Usage
from solaris.platform.migrations import LockRetries, MigrateOptions, OlderProcessesConnected, migrate
from solaris.platform.postgres import Database

ZONE = ZoneInfo("America/Sao_Paulo")
CALL = Call("/v1/chat/completions", "gpt-4", Weights(), 1, "Ana", None, None, "trace", 10)
USAGE = Usage(TokenCounts(input=10, output=20), Ending.COMPLETE, estimated=False)
USERS = 16
CALLERS = 24
# A caller's statement fails after this time (`Database`), and a call with it.
STATEMENT_SECONDS = 5.0
OLD_HOLDS = """
    INSERT INTO holds (user_id, request_id, state, tokens, fingerprint, expires_at, ended_at)
    SELECT $1, 'old-' || n, 'released', 1, 'f', now(), now() FROM generate_series(1, 200000) AS n
"""
LOCKS = "LOCK TABLE wallets, holds, usage_events IN ACCESS EXCLUSIVE MODE;"
MARKER = "-- transaction: none"


@dataclass
class Traffic:
    """Two processes' ledgers, charged to by many callers without a pause."""

    databases: list[Database]
    ledgers: list[Ledger]
    users: list[UUID]
    charged: int = 0
    grants: int = 0
    repeated_grants: int = 0
    longest_seconds: float = 0.0
    failures: list[BaseException] = field(default_factory=list)
    _stopping: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def _call(self, caller: int) -> None:
        ledger = self.ledgers[caller % len(self.ledgers)]
        number = 0
        while not self._stopping:
            number += 1
            user = self.users[(caller + number) % len(self.users)]
            began = time.perf_counter()
            try:
                hold = await ledger.reserve(HoldCreate(user, f"{caller}-{number}", "f", 40, 40, 10, CALL))
                await ledger.settle(hold, USAGE)
                if number % 10 == 0:
                    await self._grant(caller, ledger, user, f"{caller}-{number}")
            except (SolarisError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                self.failures.append(error)
            else:
                self.charged += 1
                self._news.set()
            self.longest_seconds = max(self.longest_seconds, time.perf_counter() - began)

    async def _grant(self, caller: int, ledger: Ledger, user: UUID, key: str) -> None:
        """As staff do: in a transaction that writes more, and once more where the service says that it is unavailable."""
        order = GrantCreate(user, 100, TransactionType.BONUS, idempotency_key=key)
        while True:
            try:
                async with self.databases[caller % len(self.databases)].transaction() as connection:
                    await ledger.grant(order, connection=connection)
            except StoreUnavailable:
                self.repeated_grants += 1
            else:
                self.grants += 1
                return

    async def until_more(self, calls: int) -> None:
        """Wait for so many more charges."""
        wanted = self.charged + calls
        async with asyncio.timeout(30):
            while self.charged < wanted:
                self._news.clear()
                await self._news.wait()

    async def take_longest(self) -> float:
        """The longest call since the last time this was asked, those included that run now."""
        await self.until_more(2 * CALLERS)
        longest, self.longest_seconds = self.longest_seconds, 0.0
        return longest

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Calls come, and have ended afterwards."""
        callers = [asyncio.create_task(self._call(caller)) for caller in range(CALLERS)]
        try:
            await self.until_more(10 * CALLERS)
            yield
        finally:
            self._stopping = True
            await asyncio.gather(*callers)


@pytest.fixture
async def traffic(database_url: str) -> AsyncIterator[Traffic]:
    databases = [Database(database_url, timezone=ZONE.key, service="test") for _ in range(2)]
    ledgers = [Ledger(database, zone=ZONE, buy_url="") for database in databases]
    rows = await databases[0].fetch(
        "INSERT INTO users (name) SELECT n::text FROM generate_series(1, $1) AS n RETURNING id", USERS
    )
    users = [row["id"] for row in rows]
    await databases[0].execute(
        "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) SELECT id, 'basico', 1000000000 FROM users"
    )
    for user in users:
        await ledgers[0].open_period(user)
    await databases[0].execute("UPDATE plans SET concurrent_calls = 10000")
    yield Traffic(databases, ledgers, users)
    for ledger in ledgers:
        await ledger.close()
    for database in databases:
        await database.close()


async def fetchval(url: str, statement: str, *values: object) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement, *values)
    finally:
        await connection.close()


async def assert_proven(traffic: Traffic, database_url: str) -> None:
    assert traffic.failures == []
    assert await traffic.ledgers[0].audit() == []
    assert await fetchval(database_url, "SELECT count(*) FROM usage_events") == traffic.charged
    assert await fetchval(database_url, "SELECT sum(used) FROM wallets") == traffic.charged * 30
    assert await fetchval(database_url, "SELECT sum(tokens_added) FROM credit_transactions") == traffic.grants * 100
    assert await fetchval(database_url, "SELECT sum(held) + sum(open_calls) FROM wallets") == 0


async def test_migrations_of_every_kind_run_on_a_database_that_is_charged_to(
    tmp_path: Path, database_url: str, traffic: Traffic
) -> None:
    await fetchval(database_url, OLD_HOLDS, traffic.users[0])
    version = NextVersion(tmp_path)
    longest = {}

    async def bring_up(kind: str, *, contracts: bool = False) -> list[str]:
        await traffic.take_longest()
        applied = await migrate(
            database_url, version.files(), timezone=ZONE.key, options=MigrateOptions(contracts=contracts)
        )
        longest[kind] = await traffic.take_longest()
        return applied

    async with traffic.running():
        await bring_up("nothing to do")
        expand = version.add(
            1,
            "pre_add_note",
            LOCKS,
            "ALTER TABLE holds ADD COLUMN note text NOT NULL DEFAULT 'none';",
            "ALTER TABLE wallets ADD COLUMN notes integer NOT NULL DEFAULT 0;",
            "ALTER TABLE usage_events ADD COLUMN note text NOT NULL DEFAULT 'none';",
        )
        assert await bring_up("columns with a default") == [expand]
        plain = version.add(
            2, "create_notes", "CREATE TABLE notes (id integer PRIMARY KEY, user_id uuid REFERENCES users (id));"
        )
        assert await bring_up("table with a foreign key") == [plain]
        index = version.add(
            3, "index_notes", MARKER, "CREATE INDEX CONCURRENTLY holds_note ON holds (note, request_id);"
        )
        assert await bring_up("index on holds") == [index]
        index = version.add(
            4,
            "index_models",
            MARKER,
            "CREATE INDEX CONCURRENTLY usage_events_model ON usage_events (model_asked, local_day);",
        )
        assert await bring_up("index on usage events") == [index]
        for name in ("03_reserve_v3.sql", "11_reserve_batch_v3.sql", "04_settle_v2.sql", "12_settle_batch_v2.sql"):
            version.change_function(name, version.function(name) + "-- as it will be\n")
        assert await bring_up("functions") == []
        contract = version.add(
            1,
            "post_drop_note",
            LOCKS,
            "ALTER TABLE holds DROP COLUMN note;",
            "ALTER TABLE wallets DROP COLUMN notes;",
            "ALTER TABLE usage_events DROP COLUMN note;",
        )
        assert await bring_up("the contract step, not asked for") == []
        with pytest.raises(OlderProcessesConnected, match=r"test-solaris/\S+ from"):
            await bring_up("refused", contracts=True)
        options = MigrateOptions(contracts=True, forced=True)
        assert await migrate(database_url, version.files(), timezone=ZONE.key, options=options) == [contract]
        longest["columns dropped"] = await traffic.take_longest()

    await assert_proven(traffic, database_url)
    print(f"{traffic.charged} charges, {traffic.grants} grants of which {traffic.repeated_grants} were done again")
    print("longest call in seconds:", {kind: round(seconds, 3) for kind, seconds in longest.items()})
    assert max(longest.values()) < STATEMENT_SECONDS
    invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
    assert await fetchval(database_url, invalid) == 0
    assert (
        await fetchval(
            database_url,
            "SELECT count(*) FROM schema_functions WHERE release = '99.0.0+' || $1::text",
            f"{version.files().release.schema}",
        )
        == 4
    )


@pytest.mark.parametrize(("retries", "tries"), [(LockRetries(0.3, max_tries=50), 4), (LockRetries(), 2)])
async def test_a_migration_that_waits_for_a_lock_keeps_no_charge_waiting_behind_it(
    tmp_path: Path, database_url: str, traffic: Traffic, retries: LockRetries, tries: int
) -> None:
    version = NextVersion(tmp_path)
    label = version.add(1, "pre_add_note", "ALTER TABLE holds ADD COLUMN note text NOT NULL DEFAULT 'none';")
    given_up: list[str] = []
    options = MigrateOptions(report=given_up.append, retries=retries)
    report_reader = await asyncpg.connect(database_url)
    try:
        async with traffic.running():
            await traffic.take_longest()
            async with report_reader.transaction():
                # As a psql that was left open does: charges go on, but an ALTER TABLE waits, and everything behind it.
                await report_reader.fetchval("SELECT count(*) FROM holds")
                migrating = asyncio.create_task(
                    migrate(database_url, version.files(), timezone=ZONE.key, options=options)
                )
                async with asyncio.timeout(60):
                    while len(given_up) < tries:
                        before = traffic.charged
                        await traffic.until_more(CALLERS)
                        assert traffic.charged > before
                assert not migrating.done()
            assert await migrating == [label]
            longest = await traffic.take_longest()
    finally:
        await report_reader.close()
    await assert_proven(traffic, database_url)
    print(f"longest call behind a lock that waits {retries.timeout_seconds} s: {longest:.3f} s")
    assert longest < STATEMENT_SECONDS
    assert "lock" in given_up[0]
