"""What a database has of the schema, what it lacks, and the steps that would bring it there. Nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from solaris.platform.migrations.errors import MigrationError
from solaris.platform.migrations.files import FunctionFile, Migration, Phase, SchemaFiles, phase_of
from solaris.platform.release import Release

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[asyncpg.Record]

# `release` by way of JSON: the table may be one of a version that had no such column.
_FUNCTIONS = "SELECT name, checksum, coalesce(to_jsonb(f) ->> 'release', '') AS release FROM schema_functions f"


@dataclass(frozen=True, slots=True)
class SchemaState:
    """A database beside the files of one version."""

    is_new: bool  # nothing was ever applied
    applied: int
    ahead: tuple[str, ...]  # `pre` migrations of a newer version, which this one can work with
    pending: tuple[Migration, ...]  # without the `post` ones
    pending_post: tuple[Migration, ...]
    functions: tuple[FunctionFile, ...]  # that are missing, or differ
    kept_functions: tuple[str, ...]  # that differ, and were written by a newer version

    @property
    def is_current(self) -> bool:
        """Whether a process of this version can work with it as it is."""
        return not self.pending and not self.functions


@dataclass(frozen=True, slots=True)
class Step:
    """What is done together: in one transaction, or without one."""

    migrations: tuple[Migration, ...]
    functions: tuple[FunctionFile, ...] = ()

    @property
    def label(self) -> str:
        """What it is called in messages."""
        return ", ".join([migration.label for migration in self.migrations] or ["the functions"])

    @property
    def is_transactional(self) -> bool:
        """Whether it is done in one transaction."""
        return all(migration.is_transactional for migration in self.migrations)

    @property
    def is_plain(self) -> bool:
        """Whether it holds nothing but plain migrations in a transaction."""
        return self.is_transactional and all(migration.phase is Phase.PLAIN for migration in self.migrations)


async def read_state(connection: "Connection", files: SchemaFiles) -> SchemaState:
    """Compare a database with the files.

    Raises:
        MigrationError: it was changed by a newer version that this one can't work beside, holds something else's tables, or a
            migration differs from the one that was applied.
    """
    # Asked first: where another process migrates meanwhile, its tables appear together with its rows.
    has_users = await connection.fetchval("SELECT to_regclass('public.users') IS NOT NULL")
    rows = await _rows(connection, "schema_migrations", "SELECT version, name, checksum FROM schema_migrations")
    ahead = _check_applied(rows, files.migrations)
    if not rows and has_users:
        raise MigrationError("the database already holds a table `users` of something else; use an empty database")
    applied = {(row["version"], phase_of(row["name"])) for row in rows}
    missing = [migration for migration in files.migrations if (migration.version, migration.phase) not in applied]
    written = {row["name"]: row for row in await _rows(connection, "schema_functions", _FUNCTIONS)}
    changed: list[FunctionFile] = []
    kept: list[FunctionFile] = []
    for function in files.functions:
        row = written.get(function.name)
        if row is None or row["checksum"] != function.checksum:
            is_newer = row is not None and files.release.is_older_than(Release.parse(row["release"]))
            (kept if is_newer else changed).append(function)
    return SchemaState(
        is_new=not rows,
        applied=len(rows),
        ahead=ahead,
        pending=tuple(migration for migration in missing if migration.phase is not Phase.POST),
        pending_post=tuple(migration for migration in missing if migration.phase is Phase.POST),
        functions=tuple(changed),
        kept_functions=tuple(function.name for function in kept),
    )


def steps_of(state: SchemaState, *, contracts: bool) -> list[Step]:
    """What brings the database to this version, in order: `pre` and plain migrations, the functions, and, where it
    `contracts`, the `post` migrations.

    Plain migrations that follow one another share a transaction, with the functions if those come next: all of it or nothing. Every
    other migration stands alone, so that its locks are held for a short time.
    """
    steps: list[Step] = []
    for migration in state.pending:
        step = Step((migration,))
        if steps and steps[-1].is_plain and step.is_plain:
            steps[-1] = Step((*steps[-1].migrations, migration))
        else:
            steps.append(step)
    if state.functions:
        if steps and steps[-1].is_plain:
            steps[-1] = replace(steps[-1], functions=state.functions)
        else:
            steps.append(Step((), state.functions))
    if contracts:
        steps += [Step((migration,)) for migration in state.pending_post]
    return steps


async def _rows(connection: "Connection", table: str, statement: str) -> "list[asyncpg.Record]":
    if not await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", table):
        return []
    return await connection.fetch(statement)


def _check_applied(rows: "Sequence[asyncpg.Record]", migrations: Sequence[Migration]) -> tuple[str, ...]:
    """The names of the newer `pre` migrations. Raises MigrationError for what this version can't work with."""
    known = {(migration.version, migration.phase): migration for migration in migrations}
    ahead = []
    for row in sorted(rows, key=lambda row: (row["version"], row["name"])):
        phase = phase_of(row["name"])
        migration = known.get((row["version"], phase))
        if migration is None and phase is Phase.PRE:
            ahead.append(f"{row['version']:04}_{row['name']}")
        elif migration is None:
            raise MigrationError(
                f"the database has migration {row['version']:04} ({row['name']}) of a newer version of this product; "
                "install that version, or restore a backup made with this one"
            )
        elif migration.checksum != row["checksum"]:
            raise MigrationError(
                f"migration {row['version']:04} ({row['name']}) differs from the one that was applied; "
                "install the version the database was made with"
            )
    return tuple(ahead)
