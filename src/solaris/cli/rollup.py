"""`solaris rollup`: bring the statistics' rollups up to date, or rebuild them."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from solaris.platform.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("rollup")(rollup)


def rollup(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Delete the rollups and count all usage events again.")
    ] = False,
) -> None:
    """Roll usage up for the statistics, as the worker does every minute, and correct days that differ from their events.

    Statistics stay correct while it runs. Usage whose events were detached keeps its rollup.
    """
    from solaris.platform.settings import load_settings

    mended = asyncio.run(_rollup(load_settings(), rebuild=rebuild))
    typer.echo(f"rolled up; {mended} days counted again")


async def _rollup(settings: "Settings", *, rebuild: bool) -> int:
    from solaris.cli.database import database_url
    from solaris.platform.postgres import Database
    from solaris.reporting.usage_rollup import UsageRollup

    database = Database(database_url(settings), timezone=settings.solaris_timezone, service="rollup", max_connections=2)
    try:
        usage = UsageRollup(database)
        if rebuild:
            await usage.reset()
        await usage.advance()
        return len(await usage.mend())
    finally:
        await database.close()
