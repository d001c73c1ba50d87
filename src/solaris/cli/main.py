"""The command line `solaris`: one group of commands per file, expected failures as one line on standard error."""

import importlib
import sys
from importlib.metadata import version
from typing import Annotated

import typer

# Each module has `register(app)`. The order is the one of `solaris --help`.
GROUPS = (
    "solaris.cli.up",
    "solaris.cli.stores",
    "solaris.cli.users",
    "solaris.cli.credits",
    "solaris.cli.services",
    "solaris.cli.migrate",
    "solaris.cli.audit",
    "solaris.cli.rollup",
    "solaris.cli.demo",
    "solaris.cli.litellm",
    "solaris.cli.openapi",
    "solaris.cli.bench",
)


def build_app() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        name="solaris",
        help="IA SOLARIS token control: exact token budgets between a chat and its language models.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    for name in GROUPS:
        importlib.import_module(name).register(app)
    return app


def _root(
    show_version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    if show_version:
        typer.echo(f"solaris {version('solaris-token-control')}")
        raise typer.Exit


def main() -> None:
    """Run the command line. A failure that has a name ends in one line on standard error and exit code 1."""
    try:
        build_app()()
    except Exception as error:  # the edge of the program: whatever has no name of ours is raised again, as it came
        line = known_failure(error)
        if line is None:
            raise
        typer.echo(f"solaris: {line}", err=True)
        sys.exit(1)


def known_failure(error: Exception) -> str | None:
    """One line for a failure that a person can act on; None for a mistake of ours, whose traceback is needed."""
    from solaris.domain.errors import SolarisError
    from solaris.local.locked_environment import InstallationFailed
    from solaris.platform.migrations import MigrationError
    from solaris.platform.resources import ResourceMissing
    from solaris.platform.settings import SettingsError

    if isinstance(error, SolarisError | SettingsError | MigrationError | InstallationFailed | ResourceMissing):
        return " ".join(str(error).split())
    return None


if __name__ == "__main__":
    main()
