"""A database full of the past: users and usage events loaded set by set, so consistent that the audit finds nothing."""

from collections.abc import Callable
from pathlib import Path

import asyncpg

from bench.accounts import create_users, give_keys
from bench.servers import TIMEZONE
from solaris.apps.schema import apply_schema

DAYS = 60
KEYS = 100
ADMIN_EMAIL = "admin@bench.local"
_SQL = Path(__file__).parent / "sql"
# For the loading session alone: what is measured later runs with the durable settings.
_QUICKER = "SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'; SET statement_timeout = 0"
_PARTITIONS = """
    SELECT create_usage_partition(m::date)
    FROM generate_series(date_trunc('month', CURRENT_DATE - $1::int), CURRENT_DATE + interval '1 month', interval '1 month') AS m
"""
_SECONDARY_INDEXES = """
    SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
    FROM pg_index i WHERE i.indrelid = 'usage_events'::regclass AND NOT i.indisunique
"""
_ADMIN = "INSERT INTO users (email, name, role) VALUES ($1, 'Bench', 'admin')"


async def fill(database_url: str, users: int, events: int, say: Callable[[str], None]) -> list[str]:
    """Migrate an empty database and load it; returns API keys of some users.

    The calls are spread evenly over the last 60 days, each with its settled hold.
    """
    await apply_schema(database_url, timezone=TIMEZONE)
    connection = await asyncpg.connect(database_url, server_settings={"timezone": TIMEZONE}, command_timeout=3600)
    try:
        await connection.execute(_QUICKER)
        await create_users(connection, users)
        await connection.execute(_text("load_people"))
        await connection.fetch(_PARTITIONS, DAYS)
        await _load_events(connection, users, events, say)
        await connection.execute(_text("load_balances"))
        await connection.execute(_ADMIN, ADMIN_EMAIL)
        keys = await give_keys(connection, min(KEYS, users))
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()
    return keys


async def _load_events(
    connection: "asyncpg.Connection[asyncpg.Record]", users: int, events: int, say: Callable[[str], None]
) -> None:
    # Built once afterwards: maintaining them row by row takes several times as long.
    indexes = await connection.fetch(_SECONDARY_INDEXES)
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['name']}")
    statement = await connection.prepare(_text("load_day"))
    for day in range(DAYS):
        share = events * (day + 1) // DAYS - events * day // DAYS
        await statement.fetch(DAYS - 1 - day, share, users)
        if events >= 1_000_000 and day % 10 == 9:
            say(f"  {events * (day + 1) // DAYS:,} of {events:,} events loaded")
    for index in indexes:
        await connection.execute(index["definition"].replace(" ON ONLY ", " ON "))


def _text(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text("utf-8")


def seed_query(name: str) -> str:
    """One of the customer's two debug queries, verbatim."""
    return _text(f"seed_{name}").rstrip().rstrip(";")
