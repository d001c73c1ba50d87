"""`solaris demo load`: demo data of an invented company."""

import asyncio
import json
import sys
from typing import Annotated

import typer

demo = typer.Typer(help="Demo data: invented users with sixty days of usage.", no_args_is_help=True)


@demo.callback()
def _group() -> None:
    """Demo data: invented users with sixty days of usage."""


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    app.add_typer(demo, name="demo")


@demo.command("load")
def load(
    as_json: Annotated[bool, typer.Option("--json", help="Print logins and keys as JSON, and nothing else.")] = False,
) -> None:
    """Load the demo data, once; print its logins. Loading again only replaces logins that stopped working."""
    from solaris.apps.schema import apply_schema
    from solaris.cli.database import database_url
    from solaris.local.demo.data import load_demo
    from solaris.platform.logs import build_log
    from solaris.platform.settings import load_settings

    settings = load_settings()
    url = database_url(settings)
    # Standard output holds only the logins.
    log = build_log("demo", level=settings.solaris_log_level, form=settings.solaris_log_format, stream=sys.stderr)
    asyncio.run(apply_schema(url, timezone=settings.solaris_timezone))
    logins = asyncio.run(load_demo(settings, url, log))
    if as_json:
        typer.echo(json.dumps(logins.as_json()))
        return
    for user in logins.users:
        typer.echo(f"{user.email:<22} {user.role:<12} password {user.password}   API key {user.api_key}")
    for name, key in logins.front_end_keys:
        typer.echo(f"{name:<22} front end    key {key}")
