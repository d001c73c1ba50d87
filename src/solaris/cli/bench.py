"""`solaris bench`: measure this machine (SPEC 12). The bench is part of the source only, not of the installed package."""

import subprocess
import sys
from pathlib import Path

import typer

_ROOT = Path(__file__).resolve().parents[3]
_UNKNOWN_OPTIONS_TOO = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    # All options go to the bench: `solaris bench --help` shows them.
    app.command("bench", context_settings=_UNKNOWN_OPTIONS_TOO, add_help_option=False)(bench)


def bench(context: typer.Context) -> None:
    """Measure the proxy beside a bare forwarder and LiteLLM; writes docs/benchmarks.md. From a checkout of the source."""
    if not (_ROOT / "bench" / "__main__.py").is_file():
        typer.echo(
            "solaris: the bench is not part of the installed package; run it from a checkout: make bench", err=True
        )
        raise typer.Exit(1)
    # In a separate process: it divides the processors among itself and the servers that it starts.
    finished = subprocess.run([sys.executable, "-m", "bench", *context.args], cwd=_ROOT, check=False)  # noqa: S603
    raise typer.Exit(finished.returncode)
