"""`solaris migrate`: bring the database to this version, or print what that would do."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from solaris.platform.migrations import MigrationPlan
    from solaris.platform.migrations.plan import PlannedStep


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("migrate")(migrate)


def migrate(
    post: Annotated[
        bool,
        typer.Option(
            "--post",
            help="Apply the post migrations too, which remove what only older versions use. Refused while a process of an older "
            "version is connected.",
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="With --post: also beside connected processes of an older version.")
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Print what would be done, in which order; apply nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --plan: print it as JSON.")] = False,
) -> None:
    """Bring the database to this version, beside processes that work with it. Safe at any time and from several processes at once.

    Proxy, admin and worker do the same when they start. Post migrations wait for --post (docs/operations.md, "Upgrading without
    stopping").
    """
    from solaris.apps.schema import apply_schema, plan_schema
    from solaris.cli.database import database_url
    from solaris.platform.migrations import MigrateOptions
    from solaris.platform.settings import load_settings

    if force and not post:
        raise typer.BadParameter("it goes with --post", param_hint="--force")
    if as_json and not plan:
        raise typer.BadParameter("it goes with --plan", param_hint="--json")
    settings = load_settings()
    url, timezone = database_url(settings), settings.solaris_timezone
    if plan:
        found = asyncio.run(plan_schema(url, timezone=timezone, contracts=post))
        typer.echo(json.dumps(plan_as_json(found), indent=2) if as_json else "\n".join(plan_as_lines(found)))
        return
    options = MigrateOptions(contracts=post, forced=force, report=lambda line: typer.echo(line, err=True))
    applied = asyncio.run(apply_schema(url, timezone=timezone, options=options))
    for name in applied:
        typer.echo(f"applied {name}")
    if not applied:
        typer.echo("the database is up to date")


def plan_as_json(plan: "MigrationPlan") -> dict[str, Any]:
    """The plan for programs; names and sizes only, in bytes."""
    return {
        "applied": plan.state.applied,
        "steps": [
            {
                "migrations": [
                    {"name": migration.label, "phase": migration.phase.value} for migration in planned.step.migrations
                ],
                "functions": [function.name for function in planned.step.functions],
                "transactional": planned.step.is_transactional,
                "tables": [
                    {"name": table.name, "size_bytes": table.size_bytes, "about_rows": table.about_rows}
                    for table in planned.tables
                ],
            }
            for planned in plan.steps
        ],
        "left_for_post": list(plan.left_for_post),
        "newer_migrations": list(plan.state.ahead),
        "newer_functions": list(plan.state.kept_functions),
        "older_processes": [
            {"name": process.name, "address": process.address, "connections": process.connections}
            for process in plan.older_processes
        ],
    }


def plan_as_lines(plan: "MigrationPlan") -> list[str]:
    """The plan for people."""
    lines = [f"{plan.state.applied} migrations are applied; " + ("to do:" if plan.steps else "nothing is to be done")]
    for number, planned in enumerate(plan.steps, 1):
        lines += _step_lines(number, planned)
    for words, names in (
        ("left for `solaris migrate --post`", plan.left_for_post),
        ("applied by a newer version, and no hindrance", plan.state.ahead),
        ("functions of a newer version, kept", plan.state.kept_functions),
        ("connected processes of an older version", [str(process) for process in plan.older_processes]),
    ):
        if names:
            lines.append(f"{words}: {', '.join(names)}")
    return lines


def _step_lines(number: int, planned: "PlannedStep") -> list[str]:
    step = planned.step
    how = "in one transaction" if step.is_transactional else "statement by statement, without a transaction"
    lines = [f"{number}. {how}"]
    lines += [f"   {migration.label} ({migration.phase.value})" for migration in step.migrations]
    if step.functions:
        lines.append(f"   functions: {', '.join(function.name for function in step.functions)}")
    for table in planned.tables:
        size = f"{table.size_bytes / 1_000_000:,.1f} MB"
        lines.append(f"   touches {table.name}: {size}, about {table.about_rows:,} rows")
    return lines
