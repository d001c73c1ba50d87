"""Checks of the servers that DATABASE_URL and REDIS_URL name: one line that says what is wrong, before anything else starts."""

from urllib.parse import urlsplit

import asyncpg
import redis.asyncio
from redis.exceptions import AuthenticationError, RedisError

from solaris.local.errors import GivenStoreUnusable
from solaris.platform.migrations import describe_connection_error

_OLDEST_POSTGRES = 14


async def check_postgres(url: str) -> str:
    """Where and what the server is, for the screen.

    Raises:
        GivenStoreUnusable: it can't be reached, refuses us, lacks the database, or is too old. Never tells the password.
    """
    try:
        connection = await asyncpg.connect(url, timeout=10)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise GivenStoreUnusable(
            f"DATABASE_URL ({place_of(url)}) can't be used: {describe_connection_error(error)}"
        ) from None
    try:
        major = connection.get_server_version().major
    finally:
        await connection.close()
    if major < _OLDEST_POSTGRES:
        raise GivenStoreUnusable(
            f"DATABASE_URL ({place_of(url)}) is PostgreSQL {major}; {_OLDEST_POSTGRES} or newer is needed"
        )
    return f"yours at {place_of(url)}, PostgreSQL {major}"


async def check_redis(url: str) -> str:
    """Where the server is, for the screen.

    Raises:
        GivenStoreUnusable: it can't be reached or refuses us. Never tells the password.
    """
    try:
        client = redis.asyncio.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
        try:
            await client.ping()
        finally:
            await client.aclose()
    except AuthenticationError:
        raise GivenStoreUnusable(f"REDIS_URL ({place_of(url)}) refuses the user or the password; check them") from None
    except (RedisError, OSError, TimeoutError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise GivenStoreUnusable(f"REDIS_URL ({place_of(url)}) can't be used: {reason}") from None
    return f"yours at {place_of(url)}"


def place_of(url: str) -> str:
    """Host, port and path of a URL; never user and password."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname or ''}{port}{parts.path}"
