"""The accounts room for one command: built, used, closed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from solaris.accounts.api_keys import ApiKeys
from solaris.accounts.changes import CallerChanges
from solaris.accounts.front_ends import FrontEnds
from solaris.accounts.passwords import Passwords
from solaris.accounts.people import People
from solaris.cli.database import database_url
from solaris.local.state import StateFolder
from solaris.platform.postgres import Database
from solaris.platform.redis import RedisLink
from solaris.platform.settings import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """What the commands on people and keys work with."""

    people: People
    api_keys: ApiKeys
    front_ends: FrontEnds


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """A desk on the command's database. Running processes are told of changes through Redis, where there is one.

    Raises:
        StoreUnavailable: the database can't be reached.
        LocalError: no database is named, and none runs here.
    """
    database = Database(database_url(settings), timezone=settings.solaris_timezone, service="cli", most_connections=2)
    try:
        async with telling_changes(settings) as changes:
            people = People(database, Passwords(), changes, default_plan=settings.solaris_default_plan)
            await database.open()
            yield Desk(people, ApiKeys(database, changes), FrontEnds(database, changes))
    finally:
        await database.close()


@asynccontextmanager
async def telling_changes(settings: Settings) -> AsyncIterator[CallerChanges]:
    """What tells the running processes of a change, through Redis where there is one."""
    redis_at = _redis_url(settings)
    redis = None if redis_at is None else RedisLink(redis_at)
    try:
        yield CallerChanges(redis)
    finally:
        if redis is not None:
            await redis.close()


def _redis_url(settings: Settings) -> str | None:
    """Redis, found as the database is; None where there is none, since a change is believed within seconds without it."""
    if settings.redis_url is not None:
        return settings.redis_url.get_secret_value()
    run = StateFolder(settings.solaris_state_dir).read_run() or {}
    return str(run["redis_url"]) if run.get("redis_url") else None
