"""`solaris psql` and `solaris logs`: inspect the running product."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlsplit, urlunsplit

import typer

if TYPE_CHECKING:
    from solaris.local.state import StateFolder

_SERVICES = ("proxy", "admin", "worker", "litellm", "postgres", "redis", "simulator", "smollm2")
_POLL_SECONDS = 0.2
_TAIL_BYTES_A_LINE = 4096


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(
        "psql", context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
    )(psql)
    app.command("logs")(logs)


def psql(context: typer.Context) -> None:
    """Open psql on the product's database, or run it with psql's own arguments: solaris psql -c 'SELECT count(*) FROM users'"""
    from solaris.cli.database import database_url
    from solaris.platform.settings import load_settings

    url = database_url(load_settings())
    program = _psql_program()
    place, password = without_password(url)
    environment = {**os.environ, "PGPASSWORD": password} if password else dict(os.environ)
    os.execve(program, [str(program), "-d", place, *context.args], environment)  # noqa: S606 - the purpose of the command


def logs(
    service: Annotated[str, typer.Argument(help=f"One of: {', '.join(_SERVICES)}, all")] = "all",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep showing new lines until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of the last lines to show first.")] = 50,
) -> None:
    """Show the log of a part, as `docker logs` does for a container: formatted on a terminal, unchanged JSON in a pipe."""
    from solaris.local.errors import LocalError

    state = _state()
    names = _SERVICES if service == "all" else (service.removesuffix("-solaris"),)
    unknown = [name for name in names if name not in _SERVICES and not state.log_path(name).exists()]
    if unknown:
        raise LocalError(f"there is no part named {unknown[0]}; one of: {', '.join(_SERVICES)}, all")
    files = {name: state.log_path(name) for name in names}
    if not any(file.exists() for file in files.values()):
        raise LocalError(f"there are no logs in {state.path / 'logs'}; is this the folder where `solaris up` runs?")
    prefixed = len(files) > 1
    offsets = {name: _show_tail(name, file, lines, prefixed=prefixed) for name, file in files.items()}
    try:
        while follow:
            for name, file in files.items():
                offsets[name] = _show_new(name, file, offsets[name], prefixed=prefixed)
            sys.stdout.flush()
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        return


def without_password(url: str) -> tuple[str, str]:
    """The URL without its password, and the password: all users of the machine can read command lines."""
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    netloc = f"{name}@{host}" if name else host
    return urlunsplit(parts._replace(netloc=netloc)), unquote(password)


def tail(file: Path, lines: int) -> list[bytes]:
    """The last lines of a file; reads only its end."""
    if lines == 0:
        return []
    with file.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - lines * _TAIL_BYTES_A_LINE))
        return stream.read().splitlines(keepends=True)[-lines:]


def _show_tail(name: str, file: Path, lines: int, *, prefixed: bool) -> int:
    if not file.exists():
        return 0
    size = file.stat().st_size
    _show(name, tail(file, lines), prefixed=prefixed)
    return size


def _show_new(name: str, file: Path, offset: int, *, prefixed: bool) -> int:
    if not file.exists():
        return 0
    size = file.stat().st_size
    # Shorter than before: the log was rotated or truncated.
    offset = 0 if size < offset else offset
    with file.open("rb") as stream:
        stream.seek(offset)
        whole, newline, _ = stream.read(size - offset).rpartition(b"\n")
    _show(name, (whole + newline).splitlines(keepends=True), prefixed=prefixed)
    return offset + len(whole) + len(newline)


def _show(name: str, content: list[bytes], *, prefixed: bool) -> None:
    from solaris.platform.logs import readable_line

    is_terminal = sys.stdout.isatty()
    for line in _printable(content):
        text = readable_line(line) if is_terminal else line
        sys.stdout.write(f"{name:<10}| {text}\n" if prefixed else f"{text}\n")


def _printable(content: list[bytes]) -> Iterator[str]:
    for line in content:
        yield line.decode(errors="replace").rstrip("\r\n")


def _state() -> "StateFolder":
    from solaris.local.state import StateFolder
    from solaris.platform.settings import load_settings

    return StateFolder(load_settings().solaris_state_dir)


def _psql_program() -> Path:
    from solaris.local.errors import PartMissing
    from solaris.local.postgres_binaries import find_postgres_binaries

    try:
        return find_postgres_binaries().psql
    except PartMissing:
        found = shutil.which("psql")
        if found is None:
            raise
        return Path(found)
