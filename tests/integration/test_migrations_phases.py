"""Expand before the new code, contract after the last old process; old processes beside a newer schema; several at once."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.integration.migration_files import NEXT, OWN, NextVersion

from solaris.apps.schema import apply_schema, schema_files
from solaris.domain.errors import StoreUnavailable
from solaris.platform.migrations import (
    LockNotObtained,
    LockRetries,
    MigrateOptions,
    MigrationError,
    OlderProcessesConnected,
    SchemaFiles,
    migrate,
    plan_migration,
)
from solaris.platform.postgres import Database
from solaris.platform.release import session_name

ZONE = "America/Sao_Paulo"
COLUMN = (
    "SELECT count(*) FROM pg_attribute WHERE attrelid = 'holds'::regclass AND attname = 'note' AND NOT attisdropped"
)
EXPAND = "ALTER TABLE holds ADD COLUMN note text;"
CONTRACT = "ALTER TABLE holds DROP COLUMN note;"


@pytest.fixture
def version(tmp_path: Path) -> NextVersion:
    return NextVersion(tmp_path)


async def fetchval(url: str, statement: str, *values: object) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement, *values)
    finally:
        await connection.close()


async def bring_up(url: str, files: SchemaFiles, **options: Any) -> list[str]:
    return await migrate(url, files, timezone=ZONE, options=MigrateOptions(**options))


async def test_a_start_expands_and_leaves_the_contract_step_for_later(database_url: str, version: NextVersion) -> None:
    expand = version.add(1, "pre_add_note", EXPAND)
    contract = version.add(1, "post_drop_note", CONTRACT)
    plain = version.add(2, "do_nothing", "SELECT 1;")
    assert await bring_up(database_url, version.files()) == [expand, plain]
    reported: list[str] = []
    assert await bring_up(database_url, version.files(), report=reported.append) == []
    assert reported == [f"left for `solaris migrate --post`: {contract}"]
    assert await fetchval(database_url, COLUMN) == 1
    assert await bring_up(database_url, version.files(), contracts=True) == [contract]
    assert await fetchval(database_url, COLUMN) == 0
    assert await bring_up(database_url, version.files(), contracts=True) == []


async def test_a_new_database_gets_all_of_them_at_once_with_the_contract_steps_last(
    empty_database_url: str, version: NextVersion
) -> None:
    expand = version.add(1, "pre_add_note", EXPAND)
    contract = version.add(1, "post_drop_note", CONTRACT)
    plain = version.add(2, "do_nothing", "SELECT 1;")
    assert (await bring_up(empty_database_url, version.files()))[-3:] == [expand, plain, contract]


async def test_contracting_is_refused_beside_an_older_process_and_says_which(
    database_url: str, version: NextVersion
) -> None:
    version.add(1, "pre_add_note", EXPAND)
    contract = version.add(1, "post_drop_note", CONTRACT)
    proxy = Database(database_url, timezone=ZONE, service="proxy")
    await proxy.open()
    stranger = await asyncpg.connect(database_url, server_settings={"application_name": "psql"})
    new_process = await asyncpg.connect(
        database_url, server_settings={"application_name": session_name("worker", NEXT)}
    )
    before_versions = await asyncpg.connect(database_url, server_settings={"application_name": "admin-solaris"})
    with pytest.raises(OlderProcessesConnected) as refused:
        await bring_up(database_url, version.files(), contracts=True)
    message = str(refused.value)
    assert f"proxy-solaris/{OWN} from" in message
    assert "admin-solaris from" in message
    assert "--force" in message
    assert "psql" not in message
    assert "worker" not in message
    # All or nothing: not even the expand step was done.
    assert await fetchval(database_url, COLUMN) == 0
    await before_versions.close()
    await proxy.close()
    assert (await bring_up(database_url, version.files(), contracts=True))[-1] == contract
    await stranger.close()
    await new_process.close()


async def test_contracting_beside_an_older_process_can_be_forced(database_url: str, version: NextVersion) -> None:
    contract = version.add(1, "post_do_nothing", "SELECT 1;")
    reported: list[str] = []
    old = await asyncpg.connect(database_url, server_settings={"application_name": "proxy-solaris/0.0.1+3"})
    assert await bring_up(database_url, version.files(), contracts=True, forced=True, report=reported.append) == [
        contract
    ]
    assert "proxy-solaris/0.0.1+3" in reported[0]
    await old.close()


async def test_an_old_process_starts_beside_a_schema_that_was_only_expanded(
    database_url: str, version: NextVersion
) -> None:
    expand = version.add(1, "pre_add_note", EXPAND)
    await bring_up(database_url, version.files())
    reported: list[str] = []
    assert await apply_schema(database_url, timezone=ZONE, options=MigrateOptions(report=reported.append)) == []
    assert expand in reported[0]
    plan = await plan_migration(database_url, schema_files(), timezone=ZONE)
    assert (plan.steps, plan.state.ahead) == ((), (expand,))


@pytest.mark.parametrize("name", ["post_do_nothing", "do_nothing"])
async def test_an_old_process_does_not_start_beside_any_other_newer_migration(
    database_url: str, version: NextVersion, name: str
) -> None:
    label = version.add(1, name, "SELECT 1;")
    await bring_up(database_url, version.files(), contracts=True)
    with pytest.raises(MigrationError, match=f"{label[:4]} .*newer version of this product"):
        await apply_schema(database_url, timezone=ZONE)


async def test_an_old_process_leaves_the_functions_of_a_newer_version(database_url: str, version: NextVersion) -> None:
    version.change_function("06_release_v1.sql", version.function("06_release_v1.sql") + "-- newer\n")
    version.change_function(
        "99_new_v1.sql", "CREATE OR REPLACE FUNCTION new_v1() RETURNS int LANGUAGE sql AS 'SELECT 1';"
    )
    await bring_up(database_url, version.files())
    reported: list[str] = []
    await apply_schema(database_url, timezone=ZONE, options=MigrateOptions(report=reported.append))
    assert "06_release_v1.sql" in reported[0]
    written = "SELECT release FROM schema_functions WHERE name = '06_release_v1.sql'"
    assert await fetchval(database_url, written) == str(NEXT)
    assert await fetchval(database_url, "SELECT new_v1()") == 1
    # The newer version itself, and a still newer one, replace it.
    version.change_function("06_release_v1.sql", version.function("06_release_v1.sql") + "-- once more\n")
    assert [
        function.name
        for function in (await plan_migration(database_url, version.files(), timezone=ZONE)).state.functions
    ]
    await bring_up(database_url, version.files())
    assert (await plan_migration(database_url, version.files(), timezone=ZONE)).steps == ()


async def test_a_database_of_the_version_before_is_taken_over(database_url: str, version: NextVersion) -> None:
    await fetchval(database_url, "ALTER TABLE schema_functions DROP COLUMN release")
    await fetchval(
        database_url, "ALTER TABLE schema_migrations DROP CONSTRAINT schema_migrations_pkey, ADD PRIMARY KEY (version)"
    )
    assert await apply_schema(database_url, timezone=ZONE) == []
    labels = [version.add(1, "pre_add_note", EXPAND), version.add(1, "post_drop_note", CONTRACT)]
    assert await bring_up(database_url, version.files(), contracts=True) == labels


async def test_plain_migrations_and_functions_change_nothing_where_one_fails(
    database_url: str, version: NextVersion
) -> None:
    version.add(1, "create_one", "CREATE TABLE one (a text);")
    second = version.add(2, "create_two", "CREATE TABLE two (a no_such_type);")
    with pytest.raises(MigrationError, match=f"{second[:4]} create_two failed: .*no_such_type.* changed nothing"):
        await bring_up(database_url, version.files())
    assert await fetchval(database_url, "SELECT to_regclass('one')") is None
    version.add(2, "create_two", "CREATE TABLE two (a text);")
    version.change_function("99_bad_v1.sql", "CREATE FUNCTION bad_v1() RETURNS no_such_type LANGUAGE sql AS '';")
    with pytest.raises(MigrationError, match="no_such_type"):
        await bring_up(database_url, version.files())
    assert await fetchval(database_url, "SELECT to_regclass('one')") is None


async def test_a_lock_that_never_comes_ends_with_the_session_that_holds_it(
    database_url: str, version: NextVersion
) -> None:
    label = version.add(1, "pre_add_note", EXPAND)
    holder = await asyncpg.connect(database_url, server_settings={"application_name": "forgotten"})
    async with holder.transaction():
        await holder.fetchval("SELECT count(*) FROM holds")
        with pytest.raises(LockNotObtained) as failed:
            await bring_up(database_url, version.files(), retries=LockRetries(timeout_seconds=0.1, max_tries=2))
    await holder.close()
    assert label in str(failed.value)
    assert "forgotten (pid " in str(failed.value)
    assert await bring_up(database_url, version.files()) == [label]


async def test_several_processes_start_at_once_on_an_empty_database_and_each_thing_is_done_once(
    empty_database_url: str, version: NextVersion
) -> None:
    version.add(1, "create_runs", "CREATE TABLE runs (what text);")
    version.add(2, "pre_count", "INSERT INTO runs VALUES ('pre');")
    version.add(2, "post_count", "INSERT INTO runs VALUES ('post');")
    version.add(3, "index_runs", "-- transaction: none", "CREATE INDEX CONCURRENTLY runs_what ON runs (what);")
    version.add(4, "count", "INSERT INTO runs VALUES ('plain');")
    files = version.files()
    async with asyncio.timeout(120):
        applied = await asyncio.gather(*(bring_up(empty_database_url, files) for _ in range(6)))
    assert sorted(label for labels in applied for label in labels) == sorted(m.label for m in files.migrations)
    runs = "SELECT array_agg(what ORDER BY what) FROM runs"
    assert await fetchval(empty_database_url, runs) == ["plain", "post", "pre"]
    assert await fetchval(empty_database_url, "SELECT count(*) FROM schema_migrations") == len(files.migrations)


async def test_a_process_for_which_nothing_is_missing_does_not_wait_for_one_that_migrates(
    database_url: str, version: NextVersion
) -> None:
    label = version.add(
        1, "index_holds", "-- transaction: none", "CREATE INDEX CONCURRENTLY holds_made ON holds (created_at);"
    )
    old = await asyncpg.connect(database_url)
    async with old.transaction(isolation="repeatable_read"):
        # A snapshot, for whose end the index waits.
        await old.fetchval("SELECT count(*) FROM users")
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'"
        migrating = asyncio.create_task(bring_up(database_url, version.files()))
        async with asyncio.timeout(30):
            while await fetchval(database_url, waiting) == 0:  # noqa: ASYNC110 - another process's state has no event
                await asyncio.sleep(0.05)
            assert await apply_schema(database_url, timezone=ZONE) == []
        # One that lacks the index waits, in no statement.
        another = asyncio.create_task(bring_up(database_url, version.files()))
        done, _ = await asyncio.wait([another], timeout=1)
        assert not done
        assert not migrating.done()
    async with asyncio.timeout(30):
        assert await migrating == [label]
        assert await another == []
    await old.close()


async def test_a_statement_prepared_before_a_migration_is_answered_with_unavailable_once_and_then_works(
    database_url: str, version: NextVersion
) -> None:
    database = Database(database_url, timezone=ZONE, service="admin", max_connections=1)

    async def columns() -> int:
        async with database.transaction() as connection:
            (row,) = await connection.fetch("SELECT * FROM approval_rules")
            return len(row)

    before = await columns()
    version.add(1, "pre_add_rule", "ALTER TABLE approval_rules ADD COLUMN added integer NOT NULL DEFAULT 0;")
    await bring_up(database_url, version.files())
    with pytest.raises(StoreUnavailable):
        await columns()
    assert await columns() == before + 1
    await database.close()
