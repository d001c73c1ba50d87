"""Locks of a migration: one process at a time, and never so long a wait for a table that its traffic queues up behind."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import asyncpg

from solaris.platform.migrations.errors import LockNotObtained

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

T = TypeVar("T")

_MIGRATE_KEY = 0x534F4C41  # "SOLA": one number for all processes of this product, and for its versions before
_CONTRACT_KEY = 0x534F4C43  # "SOLC": held beside the other while `post` migrations run
_SECONDS_BETWEEN_POLLS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0
_IS_HELD = """
    SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                   WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted
                     AND l.classid = 0 AND l.objid = $1::bigint::oid AND l.objsubid = 1)
"""
# Who may hold the lock: sessions in a transaction since before the try began.
_LONG_TRANSACTIONS = """
    SELECT pid, application_name, round(extract(epoch FROM clock_timestamp() - xact_start)) AS seconds
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < clock_timestamp() - make_interval(secs => $1)
    ORDER BY xact_start LIMIT 5
"""


@dataclass(frozen=True, slots=True)
class LockRetries:
    """How long one try waits for a lock, and how many tries there are; between them the traffic that queued up goes on.

    A try is shorter than a process waits for its statements (5 s), so that what queues up behind it is late and does not fail. It
    is longer than PostgreSQL's `deadlock_timeout` (1 s), after which an autovacuum that holds the lock gives way.
    """

    timeout_seconds: float = 1.5
    max_tries: int = 30


async def try_to_lock(connection: "Connection") -> bool:
    """Become the one process that migrates this database, until the connection closes; False where there is another."""
    return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", _MIGRATE_KEY))


async def wait_for_lock(connection: "Connection", on_wait: Callable[[], Awaitable[bool]]) -> bool:
    """Become the one process that migrates; False as soon as `on_wait`, which is asked between the tries, returns True.

    It asks again and again, and waits in no statement: one that waits has a snapshot, for whose end CREATE INDEX CONCURRENTLY
    of the other process would wait, and neither would ever end.
    """
    while not await try_to_lock(connection):
        if await on_wait():
            return False
        await asyncio.sleep(_SECONDS_BETWEEN_POLLS)
    return True


async def lock_contracting(connection: "Connection") -> None:
    """Keep starting processes from passing by while `post` migrations run; needs the other lock."""
    await connection.execute("SELECT pg_advisory_lock($1)", _CONTRACT_KEY)


async def is_contracting(connection: "Connection") -> bool:
    """Whether `post` migrations run now."""
    return bool(await connection.fetchval(_IS_HELD, _CONTRACT_KEY))


async def with_retries(
    connection: "Connection", work: Callable[[], Awaitable[T]], retries: LockRetries, report: Callable[[str], None]
) -> T:
    """Do `work`, which gives up when a lock does not come in time, again until it gets its locks.

    Raises:
        LockNotObtained: it never did; names the sessions that have been in a transaction for longest.
    """
    for number in range(1, retries.max_tries + 1):
        try:
            return await work()
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
            if number == retries.max_tries:
                holders = await _holders(connection, retries)
                raise LockNotObtained(
                    f"a lock did not come in {retries.max_tries} tries of {retries.timeout_seconds:g} s ({error}){holders}"
                ) from error
            report(f"a lock is held by others, try {number} of {retries.max_tries} gave up")
            await asyncio.sleep(min(0.5 * number, _LONGEST_PAUSE_SECONDS))
    raise AssertionError("max_tries is 1 or more")


async def in_transaction(
    connection: "Connection", work: Callable[[], Awaitable[T]], retries: LockRetries, report: Callable[[str], None]
) -> T:
    """Do `work` in a transaction that waits for a lock no longer than its timeout, and again where one did not come.

    Raises:
        LockNotObtained: as `with_retries`.
    """

    async def once() -> T:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL lock_timeout = {_milliseconds(retries)}")
            return await work()

    return await with_retries(connection, once, retries, report)


async def outside_transaction(
    connection: "Connection", statement: str, retries: LockRetries, report: Callable[[str], None]
) -> None:
    """Do one statement without a transaction around it, again where a lock did not come in time.

    Raises:
        LockNotObtained: as `with_retries`.
    """

    async def once() -> None:
        await connection.execute(f"SET lock_timeout = {_milliseconds(retries)}")
        try:
            await connection.execute(statement)
        finally:
            if not connection.is_closed():
                await connection.execute("SET lock_timeout = 0")

    await with_retries(connection, once, retries, report)


def _milliseconds(retries: LockRetries) -> int:
    return max(1, round(retries.timeout_seconds * 1000))


async def _holders(connection: "Connection", retries: LockRetries) -> str:
    rows = await connection.fetch(_LONG_TRANSACTIONS, retries.timeout_seconds)
    if not rows:
        return "; try again when there is less traffic"
    sessions = ", ".join(
        f"{row['application_name'] or 'unnamed'} (pid {row['pid']}, {row['seconds']} s)" for row in rows
    )
    return f"; in a transaction for longer than that: {sessions}; end them, then try again"
