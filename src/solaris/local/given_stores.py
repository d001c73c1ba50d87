"""Checks of the servers that DATABASE_URL and REDIS_URL name, made before anything else starts.

Each failure is one line.
"""

import socket
from urllib.parse import urlsplit

import asyncpg
import redis.asyncio
from redis.exceptions import AuthenticationError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from solaris.local.errors import GivenStoreUnusable
from solaris.platform.migrations import describe_connection_error
from solaris.platform.settings import EXAMPLES

_OLDEST_POSTGRES = 14


async def check_postgres(url: str) -> str:
    """Address and version of the server, for the screen.

    Raises:
        GivenStoreUnusable: it can't be reached, refuses us, lacks the database, or is too old. The
            message has no password.
    """
    try:
        connection = await asyncpg.connect(url, timeout=10)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise GivenStoreUnusable(
            f"DATABASE_URL ({place_of(url)}) can't be used: {describe_connection_error(error)}; "
            f"a right value: DATABASE_URL={EXAMPLES['DATABASE_URL']}"
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
    """Address of the server, for the screen.

    Raises:
        GivenStoreUnusable: it can't be reached or refuses us. The message has no password.
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
        raise GivenStoreUnusable(
            f"REDIS_URL ({place_of(url)}) can't be used: {_why(error)}; a right value: REDIS_URL={EXAMPLES['REDIS_URL']}"
        ) from None
    return f"yours at {place_of(url)}"


def _why(error: Exception) -> str:
    if isinstance(error, RedisTimeoutError | TimeoutError):
        return "no answer in time"
    cause = error.__cause__ or error.__context__ or error
    if isinstance(cause, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(cause, socket.gaierror):
        return "the host is unknown"
    return " ".join(str(error).split())[:200]


def place_of(url: str) -> str:
    """Host, port and path of a URL; never user and password."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname or ''}{port}{parts.path}"
