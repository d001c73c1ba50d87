"""What a migration would do, as `solaris migrate --plan` prints it. Nothing here writes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from solaris.platform.migrations.files import SchemaFiles
from solaris.platform.migrations.processes import ConnectedProcess, older_processes
from solaris.platform.migrations.runner import connected, describe_failures
from solaris.platform.migrations.state import SchemaState, Step, read_state, steps_of
from solaris.platform.migrations.statements import touched_tables

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[asyncpg.Record]

# A partitioned table is as large as its partitions.
_SIZE = """
    SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint AS bytes,
           coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint AS about_rows
    FROM (SELECT to_regclass($1) AS oid UNION SELECT relid FROM pg_partition_tree(to_regclass($1))) AS t
    JOIN pg_class c ON c.oid = t.oid AND c.relkind IN ('r', 'm')
    HAVING count(*) > 0
"""


@dataclass(frozen=True, slots=True)
class TouchedTable:
    """A table that a migration names, with its indexes; the rows are PostgreSQL's estimate."""

    name: str
    size_bytes: int
    about_rows: int


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step, and the tables of it that are there already."""

    step: Step
    tables: tuple[TouchedTable, ...]


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """All steps in their order, and what would be left."""

    state: SchemaState
    steps: tuple[PlannedStep, ...]
    left_for_post: tuple[str, ...]
    older_processes: tuple[ConnectedProcess, ...]


async def plan_migration(url: str, files: SchemaFiles, *, timezone: str, contracts: bool = False) -> MigrationPlan:
    """What `migrate` would do now, from the same list of steps; changes nothing and waits for no other process.

    Raises:
        DatabaseAway, MigrationError: as `migrate`.
    """
    async with connected(url, files, timezone) as connection, describe_failures():
        await connection.execute("SET default_transaction_read_only = on")
        state = await read_state(connection, files)
        contracts = contracts or state.is_new
        steps = [
            PlannedStep(step, tuple(await _tables(connection, step))) for step in steps_of(state, contracts=contracts)
        ]
        older = await older_processes(connection, files.release)
        left = () if contracts else tuple(migration.label for migration in state.pending_post)
        return MigrationPlan(state, tuple(steps), left, tuple(older))


async def _tables(connection: "Connection", step: Step) -> list[TouchedTable]:
    names = dict.fromkeys(name for migration in step.migrations for name in touched_tables(migration.text))
    found = []
    for name in names:
        row = await connection.fetchrow(_SIZE, name)
        if row is not None:
            found.append(TouchedTable(name, row["bytes"], row["about_rows"]))
    return found
