"""Whether a PostgreSQL still serves: the probe of its supervisor."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from solaris.local.processes import LIVENESS_SECONDS


async def postgres_answers(connect: Callable[[], Awaitable["asyncpg.Connection[asyncpg.Record]"]]) -> bool:
    """Whether it answers a new connection within `LIVENESS_SECONDS`, be it with a refusal: one that recovers or is full lives."""
    try:
        async with asyncio.timeout(LIVENESS_SECONDS):
            connection = await connect()
            try:
                await connection.fetchval("SELECT 1")
            finally:
                connection.terminate()
    except asyncpg.PostgresError:
        return True
    except (OSError, TimeoutError, asyncpg.InterfaceError):
        return False
    return True
