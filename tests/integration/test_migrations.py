import asyncio
import re

import asyncpg
import pytest

from solaris.apps.schema import apply_schema
from solaris.platform.migrations import MigrationError, read_migrations
from solaris.platform.resources import resource_path

ZONE = "America/Sao_Paulo"

_FOLLOWED_PROFILES = 18


async def run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


async def test_several_processes_may_migrate_at_once_and_one_does_it(empty_database_url):
    applied = await asyncio.gather(*(apply_schema(empty_database_url, timezone=ZONE) for _ in range(5)))
    every = [f"{migration.version:04}_{migration.name}" for migration in read_migrations(resource_path("migrations"))]
    assert sorted(applied, key=len)[:-1] == [[], [], [], []]
    assert max(applied, key=len) == every


async def test_a_schema_of_a_newer_version_is_refused_with_the_cure(database_url):
    await run(database_url, "INSERT INTO schema_migrations (version, name, checksum) VALUES (9999, 'add_future', 'x')")
    with pytest.raises(MigrationError, match="newer version of this product"):
        await apply_schema(database_url, timezone=ZONE)


async def test_a_migration_that_was_changed_afterwards_is_refused(database_url):
    await run(database_url, "UPDATE schema_migrations SET checksum = 'x' WHERE version = 1")
    with pytest.raises(MigrationError, match=r"0001 .* differs"):
        await apply_schema(database_url, timezone=ZONE)


async def test_somebody_elses_database_is_left_alone(empty_database_url):
    await run(empty_database_url, "CREATE TABLE users (id integer)")
    with pytest.raises(MigrationError, match="use an empty database"):
        await apply_schema(empty_database_url, timezone=ZONE)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda url: re.sub(r"//[^@]*@", "//stranger:secret-word@", url), "password is refused"),
        (lambda url: url.rsplit("/", 1)[0] + "/no_such_database", "create the database first"),
        (lambda _: "postgresql://solaris:secret-word@127.0.0.1:1/ia_solaris", "is PostgreSQL running"),
    ],
)
async def test_a_wrong_database_url_is_named_with_its_cure_and_without_the_password(empty_database_url, change, words):
    url = change(empty_database_url)
    with pytest.raises(MigrationError) as refused:
        await apply_schema(url, timezone=ZONE)
    message = str(refused.value)
    assert message.startswith("DATABASE_URL")
    assert words in message
    assert "\n" not in message
    assert "secret-word" not in message


async def test_peoples_own_sessions_mean_the_customers_day(empty_database_url):
    await apply_schema(empty_database_url, timezone="Pacific/Auckland")
    connection = await asyncpg.connect(empty_database_url)
    try:
        assert await connection.fetchval("SHOW timezone") == "Pacific/Auckland"
    finally:
        await connection.close()


async def test_accounts_from_before_follow_the_front_end_that_made_them_but_for_what_staff_edited(empty_database_url):
    connection = await asyncpg.connect(empty_database_url)
    migrations = read_migrations(resource_path("migrations"))
    for migration in migrations:
        if migration.version < _FOLLOWED_PROFILES:
            await connection.execute(migration.text)
    front_end = await connection.fetchval(
        "INSERT INTO front_end_keys (name, prefix, key_hash, id_header, email_header, name_header) "
        "VALUES ('chat', 'fe', 'x', 'I', 'E', 'N') RETURNING id"
    )
    ids = {}
    for name in ("made", "edited", "linked"):
        async with connection.transaction():
            ids[name] = await connection.fetchval("INSERT INTO users (name) VALUES ($1) RETURNING id", name)
            if name != "linked":
                await _identify(connection, front_end, name, ids[name])
    await _identify(connection, front_end, "linked", ids["linked"])
    await connection.execute(
        "INSERT INTO audit_log (actor_role, action, entity, entity_id, after) VALUES ('admin', 'user.edit', 'user', $1, $2)",
        str(ids["edited"]),
        '{"name": "edited"}',
    )
    await connection.execute(
        next(migration.text for migration in migrations if migration.version == _FOLLOWED_PROFILES)
    )
    rows = await connection.fetch(
        "SELECT u.name, i.made_account, u.name_by_staff, u.contact_by_staff FROM users u JOIN identities i ON i.user_id = u.id "
        "ORDER BY u.name"
    )
    calls = await connection.fetch("SELECT DISTINCT concurrent_calls FROM plans")
    await connection.close()
    assert [tuple(row) for row in rows] == [
        ("edited", True, True, False),
        ("linked", False, False, False),
        ("made", True, False, False),
    ]
    assert [row["concurrent_calls"] for row in calls] == [20]


async def _identify(connection, front_end, external_id, user_id):
    await connection.execute(
        "INSERT INTO identities (front_end_key_id, external_id, user_id) VALUES ($1, $2, $3)",
        front_end,
        external_id,
        user_id,
    )
