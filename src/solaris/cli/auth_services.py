"""The accounts room for one command: built, used, closed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.front_ends import FrontEnds
from solaris.auth.passwords import Passwords
from solaris.cli.database import database_url
from solaris.local.state import StateFolder
from solaris.platform.postgres import Database
from solaris.platform.redis import RedisClient
from solaris.platform.settings import Settings
from solaris.users.user_service import UserService


@dataclass(frozen=True, slots=True)
class AuthServices:
    """What the commands on people and keys work with."""

    users: UserService
    api_keys: ApiKeys
    front_ends: FrontEnds


@asynccontextmanager
async def open_auth_services(settings: Settings) -> AsyncIterator[AuthServices]:
    """A desk on the command's database. Running processes are told of changes through Redis, where there is one.

    Raises:
        StoreUnavailable: the database can't be reached.
        LocalError: no database is named, and none runs here.
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
    """What tells the running processes of a change, through Redis where there is one."""
    redis_at = _redis_url(settings)
    redis = None if redis_at is None else RedisClient(redis_at)
    try:
        yield CacheInvalidation(redis)
    finally:
        if redis is not None:
            await redis.close()


def _redis_url(settings: Settings) -> str | None:
    """Redis, found as the database is; None where there is none, since a change is believed within seconds without it."""
    if settings.redis_url is not None:
        return settings.redis_url.get_secret_value()
    run = StateFolder(settings.solaris_state_dir).read_run() or {}
    return str(run["redis_url"]) if run.get("redis_url") else None
