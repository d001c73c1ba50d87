"""Brings a database to this version, beside processes that work with it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import asyncpg

from solaris.platform.migrations.concurrent_indexes import StatementRunner
from solaris.platform.migrations.errors import (
    DatabaseAway,
    LockNotObtained,
    MigrationError,
    OlderProcessesConnected,
    describe_connection_error,
)
from solaris.platform.migrations.files import Migration, SchemaFiles
from solaris.platform.migrations.locks import (
    LockRetries,
    in_transaction,
    is_contracting,
    lock_contracting,
    wait_for_lock,
)
from solaris.platform.migrations.processes import older_processes
from solaris.platform.migrations.state import SchemaState, Step, read_state, steps_of
from solaris.platform.postgres import AWAY
from solaris.platform.release import session_name

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

_OLDEST_SUPPORTED = 14
_MONTHS_AHEAD = 3
_MAKE_PARTITION = "SELECT create_usage_partition((date_trunc('month', now()) + make_interval(months => $1))::date)"
_TABLES = """
    CREATE TABLE IF NOT EXISTS schema_migrations (
        version integer NOT NULL, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (version, name));
    CREATE TABLE IF NOT EXISTS schema_functions (
        name text PRIMARY KEY, checksum text NOT NULL, release text NOT NULL DEFAULT '');
"""
# Versions before had one migration a number, and did not note whose text a function has.
_HAS_TABLES = """
    SELECT count(*) = 2 FROM pg_attribute
    WHERE (attrelid, attname) IN ((to_regclass('schema_functions'), 'release'), (to_regclass('schema_migrations'), 'name'))
      AND (attname = 'release' OR EXISTS (SELECT FROM pg_index WHERE indrelid = attrelid AND indisprimary AND indnatts = 2))
"""
_MEND_TABLES = """
    ALTER TABLE schema_functions ADD COLUMN IF NOT EXISTS release text NOT NULL DEFAULT '';
    ALTER TABLE schema_migrations DROP CONSTRAINT schema_migrations_pkey, ADD PRIMARY KEY (version, name);
"""


def no_report(_line: str) -> None:
    """For those who want no progress."""


@dataclass(frozen=True, slots=True)
class MigrateOptions:
    """How to migrate. `contracts`: the `post` migrations too, which only `forced` runs beside processes of an older version.

    `report` gets a line for what is done or waited for.
    """

    contracts: bool = False
    forced: bool = False
    report: Callable[[str], None] = no_report
    retries: LockRetries = field(default_factory=LockRetries)


async def migrate(url: str, files: SchemaFiles, *, timezone: str, options: MigrateOptions | None = None) -> list[str]:
    """Bring the database to this version of the product; returns the names of the migrations applied now.

    Processes that start at once take turns; those for which nothing is missing do not wait. A migration in a transaction is applied
    whole or not at all, one without is taken up again by the next call. A new database gets the `post` migrations too.

    Raises:
        DatabaseAway: it can't be reached now.
        OlderProcessesConnected: `post` migrations are asked for, and processes of an older version work with the database.
        LockNotObtained: a table was locked by others at every try.
        MigrationError: it is too old a PostgreSQL, comes from a newer version of the product, or was changed.
    """
    options = options or MigrateOptions()
    async with connected(url, files, timezone) as connection, describe_failures():
        return await _migrate(connection, files, timezone, options)


@asynccontextmanager
async def describe_failures() -> AsyncIterator[None]:
    """Make what PostgreSQL raises inside a migration error of one line.

    Raises:
        DatabaseAway: the connection is lost.
        MigrationError: a statement failed.
    """
    try:
        yield
    except AWAY as error:
        raise DatabaseAway(
            f"PostgreSQL went away while it was migrated; the next start goes on from there: {error}"
        ) from error
    except asyncpg.PostgresError as error:
        raise MigrationError(f"the database could not be migrated: {error}") from error


@asynccontextmanager
async def connected(url: str, files: SchemaFiles, timezone: str) -> "AsyncIterator[Connection]":
    """A connection for migrations, without time limits but those that they set.

    Raises:
        DatabaseAway: the server can't be reached now.
        MigrationError: the URL is wrong, or the PostgreSQL too old.
    """
    settings = {
        "timezone": timezone,
        "application_name": session_name("migrate", files.release),
        "lock_timeout": "0",
        "statement_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
    }
    try:
        connection = await asyncpg.connect(url, timeout=10, server_settings=settings)
    except (*AWAY, asyncpg.PostgresError, ValueError) as error:
        is_away = isinstance(error, AWAY) and not isinstance(error, ValueError)
        kind = DatabaseAway if is_away else MigrationError
        raise kind(f"DATABASE_URL can't be used: {describe_connection_error(error)}") from None
    try:
        if connection.get_server_version().major < _OLDEST_SUPPORTED:
            raise MigrationError("PostgreSQL 14 or newer is needed; point DATABASE_URL at one")
        yield connection
    finally:
        await connection.close()


async def _migrate(connection: "Connection", files: SchemaFiles, timezone: str, options: MigrateOptions) -> list[str]:
    is_first = True

    async def nothing_is_missing() -> bool:
        nonlocal is_first
        may_pass = not options.contracts and not await is_contracting(connection)
        if may_pass and (await read_state(connection, files)).is_current:
            return True
        if is_first:
            options.report("waiting for another process, which migrates this database")
        is_first = False
        return False

    if not await wait_for_lock(connection, nothing_is_missing):
        return []
    return await _Run(connection, files, options).bring_up(timezone)


class _Run:
    """One run under the lock."""

    def __init__(self, connection: "Connection", files: SchemaFiles, options: MigrateOptions) -> None:
        self._connection = connection
        self._files = files
        self._options = options

    async def bring_up(self, timezone: str) -> list[str]:
        # Read before anything is written: a database that this version can't work with stays as it is.
        state = await read_state(self._connection, self._files)
        self._report_rest(state)
        if self._options.contracts and state.pending_post:
            await lock_contracting(self._connection)
            await self._refuse_beside_older()
        if not await self._connection.fetchval(_HAS_TABLES):
            await self._in_transaction(self._make_tables)
        applied = []
        for step in steps_of(state, contracts=self._options.contracts or state.is_new):
            await self._apply(step)
            applied += [migration.label for migration in step.migrations]
        await self._make_partitions()
        await self._set_role_timezone(timezone)
        return applied

    def _report_rest(self, state: SchemaState) -> None:
        if state.ahead:
            self._options.report(f"the database is prepared for a newer version already: {', '.join(state.ahead)}")
        if state.kept_functions:
            self._options.report(f"functions of a newer version are kept: {', '.join(state.kept_functions)}")
        if state.pending_post and not state.is_new and not self._options.contracts:
            names = ", ".join(migration.label for migration in state.pending_post)
            self._options.report(f"left for `solaris migrate --post`: {names}")

    async def _refuse_beside_older(self) -> None:
        older = await older_processes(self._connection, self._files.release)
        if not older:
            return
        names = "; ".join(str(process) for process in older)
        if not self._options.forced:
            raise OlderProcessesConnected(
                f"processes of an older version than {self._files.release} use this database: {names}; "
                "stop or upgrade them first (--force runs the post migrations all the same)"
            )
        self._options.report(f"forced beside processes of an older version: {names}")

    async def _make_tables(self) -> None:
        await self._connection.execute(_TABLES)
        if not await self._connection.fetchval(_HAS_TABLES):
            await self._connection.execute(_MEND_TABLES)

    async def _apply(self, step: Step) -> None:
        if step.is_transactional:
            try:
                await self._in_transaction(lambda: self._apply_whole(step))
            except LockNotObtained as error:
                raise LockNotObtained(f"{step.label} changed nothing: {error}") from error
            return
        runner = StatementRunner(self._connection, self._options.retries, self._options.report)
        for migration in step.migrations:
            try:
                for statement in migration.statements:
                    await runner.run(statement)
            except (asyncpg.PostgresError, MigrationError) as error:
                _reraise_away(error)
                raise _failure(migration, error, "; what it did stays, and the next run takes it up again") from error
            await self._record(migration)

    async def _apply_whole(self, step: Step) -> None:
        for migration in step.migrations:
            try:
                await self._connection.execute(migration.text)
            except asyncpg.PostgresError as error:
                _reraise_away(error)
                if isinstance(error, asyncpg.LockNotAvailableError | asyncpg.DeadlockDetectedError):
                    raise  # tried again
                raise _failure(migration, error, "; it changed nothing") from error
            await self._record(migration)
        for function in step.functions:
            await self._connection.execute(function.text)
            await self._connection.execute(
                "INSERT INTO schema_functions (name, checksum, release) VALUES ($1, $2, $3) "
                "ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, release = excluded.release",
                function.name,
                function.checksum,
                str(self._files.release),
            )

    async def _record(self, migration: Migration) -> None:
        await self._connection.execute(
            "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
            migration.version,
            migration.name,
            migration.checksum,
        )

    async def _make_partitions(self) -> None:
        """The months ahead. A month at a time: a new partition locks the whole table until its transaction ends."""
        for months in range(_MONTHS_AHEAD + 1):
            await self._in_transaction(partial(self._connection.execute, _MAKE_PARTITION, months))

    async def _set_role_timezone(self, timezone: str) -> None:
        """People's own psql sessions then mean the customer's day by CURRENT_DATE, too (SPEC 5)."""
        statement = await self._connection.fetchval(
            "SELECT format('ALTER ROLE %I IN DATABASE %I SET timezone = %L', current_user, current_database(), $1::text)",
            timezone,
        )
        await self._in_transaction(lambda: self._connection.execute(statement))

    async def _in_transaction(self, work: Callable[[], Awaitable[object]]) -> None:
        await in_transaction(self._connection, work, self._options.retries, self._options.report)


def _reraise_away(error: Exception) -> None:
    """Raise an error again that says that the server is away: it is no fault of the migration."""
    if isinstance(error, AWAY):
        raise error


def _failure(migration: Migration, error: Exception, rest: str) -> MigrationError:
    kind = LockNotObtained if isinstance(error, LockNotObtained) else MigrationError
    return kind(f"migration {migration.version:04} {migration.name} failed: {error}{rest}")
