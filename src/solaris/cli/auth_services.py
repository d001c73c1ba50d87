"""The services on users, keys and front ends, opened for one command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.front_ends import FrontEnds
from solaris.auth.passwords import Passwords
from solaris.cli.database import database_url
from solaris.platform.postgres import Database
from solaris.platform.redis import RedisClient
from solaris.platform.run_file import read_run_file
from solaris.platform.settings import Settings
from solaris.users.user_service import UserService


@dataclass(frozen=True, slots=True)
class AuthServices:
    """The services that the commands on users, keys and front ends call."""

    users: UserService
    api_keys: ApiKeys
    front_ends: FrontEnds


@asynccontextmanager
async def open_auth_services(settings: Settings) -> AsyncIterator[AuthServices]:
    """Open the services on the command's database. Running processes get changes through Redis, where it is configured.

    Raises:
        StoreUnavailable: the database can't be reached.
        NoDatabaseFound: no database is configured, and none runs here.
    """
    database = Database(database_url(settings), timezone=settings.solaris_timezone, service="cli", max_connections=2)
    try:
        async with publishing_changes(settings) as cache_invalidation:
            users = UserService(database, Passwords(), cache_invalidation, default_plan=settings.solaris_default_plan)
            await database.open()
            yield AuthServices(users, ApiKeys(database, cache_invalidation), FrontEnds(database, cache_invalidation))
    finally:
        await database.close()


@asynccontextmanager
async def publishing_changes(settings: Settings) -> AsyncIterator[CacheInvalidation]:
    """Publishes changes to running processes through Redis; without Redis it publishes nothing."""
    redis_at = _redis_url(settings)
    redis = None if redis_at is None else RedisClient(redis_at)
    try:
        yield CacheInvalidation(redis)
    finally:
        if redis is not None:
            await redis.close()


def _redis_url(settings: Settings) -> str | None:
    """The URL of Redis, found like the database; None without one, since caches expire within seconds anyway."""
    if settings.redis_url is not None:
        return settings.redis_url.get_secret_value()
    run = read_run_file(settings.solaris_state_dir) or {}
    return str(run["redis_url"]) if run.get("redis_url") else None
