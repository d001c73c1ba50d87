"""Migrations without a transaction: indexes built beside traffic, on partitions too, and mended after a failure half way."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from tests.integration.migration_files import NextVersion

from solaris.platform.migrations import MigrateOptions, MigrationError, SchemaFiles, migrate

ZONE = "America/Sao_Paulo"
MARKER = "-- transaction: none"
INDEX = "SELECT x.indisvalid FROM pg_index x WHERE x.indexrelid = to_regclass($1)"


@pytest.fixture
def version(tmp_path: Path) -> NextVersion:
    return NextVersion(tmp_path)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    opened = await asyncpg.connect(database_url)
    yield opened
    await opened.close()


async def bring_up(url: str, files: SchemaFiles, reported: list[str] | None = None) -> list[str]:
    report = [].append if reported is None else reported.append
    return await migrate(url, files, timezone=ZONE, options=MigrateOptions(report=report))


async def test_what_a_failed_build_left_is_dropped_and_built_again(
    database_url: str, version: NextVersion, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await connection.execute("CREATE TABLE things (a integer, b integer); INSERT INTO things VALUES (1, 1), (1, 2)")
    label = version.add(
        1,
        "index_things",
        MARKER,
        "CREATE INDEX CONCURRENTLY things_b ON things (b);",
        "CREATE UNIQUE INDEX CONCURRENTLY things_a ON things (a);",
        "ALTER TABLE things ADD COLUMN IF NOT EXISTS c integer;",
    )
    with pytest.raises(MigrationError) as failed:
        await bring_up(database_url, version.files())
    assert f"migration {label[:4]} index_things failed" in str(failed.value)
    assert "the next run takes it up again" in str(failed.value)
    assert await connection.fetchval(INDEX, "things_b") is True
    assert await connection.fetchval(INDEX, "things_a") is False
    recorded = "SELECT count(*) FROM schema_migrations WHERE version = $1"
    assert await connection.fetchval(recorded, int(label[:4])) == 0
    first = await connection.fetchval("SELECT 'things_b'::regclass::oid::bigint")

    # The same fault once more leaves nothing else behind.
    with pytest.raises(MigrationError):
        await bring_up(database_url, version.files())
    await connection.execute("DELETE FROM things WHERE b = 2")
    reported: list[str] = []
    assert await bring_up(database_url, version.files(), reported) == [label]
    assert reported == ["dropping what a failed build left of the index things_a"]
    assert await connection.fetchval(INDEX, "things_a") is True
    assert await connection.fetchval("SELECT 'things_b'::regclass::oid::bigint") == first
    assert (
        await connection.fetchval(
            "SELECT count(*) FROM pg_attribute WHERE attrelid = 'things'::regclass AND attname = 'c'"
        )
        == 1
    )
    assert await connection.fetchval(recorded, int(label[:4])) == 1
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute("INSERT INTO things VALUES (1, 3)")
    assert await bring_up(database_url, version.files()) == []


async def test_an_index_of_another_table_is_not_taken_for_ones_own(
    database_url: str, version: NextVersion, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await connection.execute("CREATE TABLE things (a integer)")
    version.add(1, "index_things", MARKER, "CREATE INDEX CONCURRENTLY holds_due ON things (a);")
    with pytest.raises(MigrationError, match="another table has an index holds_due"):
        await bring_up(database_url, version.files())


async def test_an_index_on_a_partitioned_table_is_built_on_each_partition_and_on_those_to_come(
    database_url: str, version: NextVersion, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    label = version.add(
        1,
        "index_models",
        MARKER,
        "CREATE INDEX CONCURRENTLY usage_events_model ON usage_events (model_asked, local_day);",
    )
    assert await bring_up(database_url, version.files()) == [label]
    assert await connection.fetchval(INDEX, "usage_events_model") is True
    partitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = $1::text::regclass"
    every = await connection.fetchval(partitions, "usage_events")
    assert every >= 5
    assert await connection.fetchval(partitions, "usage_events_model") == every
    assert await connection.fetchval(INDEX, "usage_events_default_model") is True
    await connection.execute("SELECT create_usage_partition('2031-01-01')")
    assert await connection.fetchval(partitions, "usage_events_model") == every + 1
    # What it makes is what PostgreSQL makes of the plain statement.
    await connection.execute("CREATE INDEX plainly ON usage_events (model_asked, local_day)")
    definition = "SELECT pg_get_indexdef($1::text::regclass)"
    assert (await connection.fetchval(definition, "usage_events_model")).replace("usage_events_model", "plainly") == (
        await connection.fetchval(definition, "plainly")
    )


async def test_a_partitioned_index_is_gone_on_with_where_it_stopped(
    database_url: str, version: NextVersion, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await connection.execute(
        "CREATE TABLE parts (a integer, b integer) PARTITION BY RANGE (b); "
        "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (2); "
        "CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (2) TO (3); "
        "INSERT INTO parts VALUES (1, 1), (1, 2), (1, 2)"
    )
    label = version.add(1, "index_parts", MARKER, "CREATE UNIQUE INDEX CONCURRENTLY parts_ab ON parts (a, b);")
    with pytest.raises(MigrationError, match="could not create unique index"):
        await bring_up(database_url, version.files())
    assert await connection.fetchval(INDEX, "parts_ab") is False
    assert await connection.fetchval(INDEX, "parts_1_ab") is True
    assert await connection.fetchval(INDEX, "parts_2_ab") is False
    await connection.execute("DELETE FROM parts WHERE b = 2")
    assert await bring_up(database_url, version.files()) == [label]
    for name in ("parts_ab", "parts_1_ab", "parts_2_ab"):
        assert await connection.fetchval(INDEX, name) is True


async def test_names_of_indexes_on_partitions_are_no_longer_than_names_may_be(
    database_url: str, version: NextVersion, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    name = f"usage_events_{'x' * 47}"
    version.add(1, "index_long", MARKER, f"CREATE INDEX CONCURRENTLY {name} ON usage_events (client);")
    await bring_up(database_url, version.files())
    assert await connection.fetchval(INDEX, name) is True
