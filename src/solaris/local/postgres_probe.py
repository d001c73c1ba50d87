"""The supervisor's liveness probe for PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from solaris.local.processes import LIVENESS_SECONDS


async def postgres_answers(connect: Callable[[], Awaitable["asyncpg.Connection[asyncpg.Record]"]]) -> bool:
    """Whether it answers a new connection within `LIVENESS_SECONDS`. A refusal counts: a server in recovery or full is alive."""
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
