"""`solaris audit`: recompute every balance from the records and list the differences (SPEC 3.4)."""

import asyncio
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from solaris.ledger.records import AuditDifference
    from solaris.platform.settings import Settings

_COUNT_TIMEOUT_SECONDS = 600


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("audit")(audit)


def audit(
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Recompute every balance from the append-only records. Exit code 1 if a stored one differs."""
    from solaris.platform.settings import load_settings

    differences, users, events = asyncio.run(_audit(load_settings()))
    if as_json:
        typer.echo(json.dumps(_as_json(differences, users, events)))
    else:
        typer.echo(f"{len(differences)} differences; {users} users and {events} usage events checked")
        if differences:
            _print_table(differences)
    if differences:
        raise typer.Exit(1)


async def _audit(settings: "Settings") -> tuple[list["AuditDifference"], int, int]:
    from solaris.cli.database import database_url
    from solaris.ledger.ledger import Ledger
    from solaris.platform.postgres import Database

    database = Database(database_url(settings), timezone=settings.solaris_timezone, service="audit", max_connections=2)
    try:
        differences = await Ledger(database, zone=settings.zone, buy_url=settings.public_url).audit()
        async with database.connection() as connection:
            counts = await connection.fetchrow(
                "SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM usage_events) AS events",
                timeout=_COUNT_TIMEOUT_SECONDS,
            )
    finally:
        await database.close()
    return differences, 0 if counts is None else counts["users"], 0 if counts is None else counts["events"]


def _as_json(differences: Sequence["AuditDifference"], users: int, events: int) -> dict[str, object]:
    listed = [
        {
            "user_id": str(difference.user_id),
            "what": difference.what,
            "stored": int(difference.stored),
            "recomputed": int(difference.recomputed),
        }
        for difference in differences
    ]
    return {"differences": listed, "users": users, "usage_events": events}


def _print_table(differences: Sequence["AuditDifference"]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("user", "what", "stored", "recomputed", "difference")
    for difference in differences:
        table.add_row(
            str(difference.user_id),
            difference.what,
            str(difference.stored),
            str(difference.recomputed),
            str(difference.stored - difference.recomputed),
        )
    Console().print(table)
