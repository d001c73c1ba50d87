"""The bench's users: on a plan whose limits are in force but never reached, each with a wallet that lasts and an API key."""

import asyncpg

from solaris.auth.key_material import API_KEY_START, NewKey, new_key

PLAN = "bench"
MONTHLY_TOKENS = 1_000_000_000
_MAX_PER_MINUTE = 2_000_000_000
_INSERT_PLAN = """
    INSERT INTO plans (plan_type, name, monthly_tokens, requests_per_minute, tokens_per_minute, concurrent_calls, sort_order)
    VALUES ($1, 'Bench', $2, $3, $3, 10000, 99) ON CONFLICT DO NOTHING
"""
_INSERT_USERS = """
    WITH made AS (
        INSERT INTO users (email, name) SELECT 'bench' || n || '@bench.local', 'Bench ' || n FROM generate_series(1, $1::int) AS n
        RETURNING id
    )
    INSERT INTO subscriptions (user_id, plan_type, monthly_tokens, start_date)
    SELECT id, $2, $3, now() - interval '90 days' FROM made
"""
_USERS = "SELECT id FROM users WHERE email LIKE 'bench%@bench.local' ORDER BY created_at, id LIMIT $1"
_INSERT_KEYS = """
    INSERT INTO api_keys (user_id, name, prefix, key_hash)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[])
"""


async def create_plan(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """The plan of every user of the bench. Its limits are checked, and so high that no user reaches them."""
    await connection.execute(_INSERT_PLAN, PLAN, MONTHLY_TOKENS, _MAX_PER_MINUTE)


async def create_users(connection: "asyncpg.Connection[asyncpg.Record]", count: int) -> None:
    """Users with a subscription; their wallets are opened by their first call."""
    await create_plan(connection)
    await connection.execute(_INSERT_USERS, count, PLAN, MONTHLY_TOKENS)


async def give_keys(connection: "asyncpg.Connection[asyncpg.Record]", count: int) -> list[str]:
    """One API key for each of the first `count` users."""
    rows = await connection.fetch(_USERS, count)
    keys: list[NewKey] = [new_key(API_KEY_START) for _ in rows]
    await connection.execute(
        _INSERT_KEYS,
        [row["id"] for row in rows],
        ["bench"] * len(rows),
        [key.prefix for key in keys],
        [key.digest for key in keys],
    )
    return [key.key for key in keys]
