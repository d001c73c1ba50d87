"""The migrations and functions of the schema, and how to apply them."""

from pathlib import Path

from solaris.platform.migrations import migrate
from solaris.platform.resources import resource_path

_FUNCTIONS = Path(__file__).resolve().parent.parent / "ledger" / "sql" / "functions"


async def apply_schema(database_url: str, *, timezone: str) -> list[str]:
    """Migrate to this version; returns the migrations applied now.

    Raises:
        MigrationError: see `solaris.platform.migrations.migrate`.
    """
    return await migrate(
        database_url,
        timezone=timezone,
        folder=resource_path("migrations"),
        functions=sorted(_FUNCTIONS.glob("*.sql")),
    )
