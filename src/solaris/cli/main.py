"""The command line `solaris`: one group of commands per file; expected failures are one line on standard error."""

import importlib
import sys
from importlib.metadata import version
from typing import Annotated

import typer

# Each module has `register(app)`. `solaris --help` lists them in this order.
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


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"solaris {version('solaris-token-control')}")
        raise typer.Exit


def _root(
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    return


def main() -> None:
    """Run the command line. A failure with a type of its own prints one line on standard error and exits with code 1."""
    try:
        build_app()()
    except Exception as error:  # the edge of the program: unknown errors are raised again
        line = known_failure(error)
        if line is None:
            raise
        typer.echo(f"solaris: {line}", err=True)
        sys.exit(1)


def known_failure(error: Exception) -> str | None:
    """One line for a failure that the user can act on; None for a programming error, whose traceback is needed."""
    from solaris.domain.errors import SolarisError
    from solaris.platform.migrations import MigrationError
    from solaris.platform.resources import ResourceMissing
    from solaris.platform.settings import SettingsError

    if isinstance(error, SolarisError | SettingsError | MigrationError | ResourceMissing):
        return " ".join(str(error).split())
    return None


if __name__ == "__main__":
    main()
