"""The migrations and functions of the schema, and how to apply them."""

from pathlib import Path

from solaris.platform.migrations import (
    MigrateOptions,
    MigrationPlan,
    SchemaFiles,
    migrate,
    plan_migration,
    read_schema_files,
)
from solaris.platform.release import own_release
from solaris.platform.resources import resource_path

_FUNCTIONS = Path(__file__).resolve().parent.parent / "ledger" / "sql" / "functions"


async def apply_schema(database_url: str, *, timezone: str, options: MigrateOptions | None = None) -> list[str]:
    """Migrate to this version; returns the migrations applied now.

    Raises:
        MigrationError: see `solaris.platform.migrations.runner.migrate`.
    """
    return await migrate(database_url, schema_files(), timezone=timezone, options=options)


async def plan_schema(database_url: str, *, timezone: str, contracts: bool = False) -> MigrationPlan:
    """What `apply_schema` would do; changes nothing.

    Raises:
        MigrationError: see `solaris.platform.migrations.plan.plan_migration`.
    """
    return await plan_migration(database_url, schema_files(), timezone=timezone, contracts=contracts)


def schema_files() -> SchemaFiles:
    """The files of this version.

    Raises:
        MigrationError: they are not numbered as they must be.
        ResourceMissing: the installation lacks them.
    """
    return read_schema_files(resource_path("migrations"), sorted(_FUNCTIONS.glob("*.sql")), own_release())
