"""Makes virtual environments, installs locked packages into them, and records complete steps.

The standard library only: `tools/bootstrap.py` loads this file by its path, before any package is
installed.
"""

import fcntl
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

Report = Callable[[str], None]

_PROGRESS_STEP = 20
_LAST_LINES = 15
_LOCKED_PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|NameResolution|Temporary failure in name|Connection refused"
    r"|ProxyError|Network is unreachable|SSLError|SSLCertVerificationError|Max retries exceeded|Connection broken"
)
# Variables of the caller's pip or Python that would put the packages elsewhere.
_MISLEADING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__")


class EnvironmentFailed(Exception):
    """An environment can't be made; the message is one line that names the cause and the cure.

    `output` holds the last lines of pip, where pip failed.
    """

    def __init__(self, message: str, output: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.output = tuple(output)


class NoBuildForPlatform(EnvironmentFailed):
    """The package registry answers, and holds no build of a package for this machine."""


class Stamps:
    """The complete steps and what each was made from: a JSON object of texts in a file inside the environment.

    A missing or damaged file counts as empty, so that every step is repeated.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> dict[str, str]:
        """All stamps."""
        try:
            content = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def replace(self, stamps: Mapping[str, str]) -> None:
        """Replace all stamps atomically."""
        temporary = self._file.with_name(f"{self._file.name}.new")
        temporary.write_text(json.dumps(stamps), "utf-8")
        temporary.replace(self._file)

    def add(self, name: str, value: str) -> None:
        """Record that the step `name` is complete, made from `value`."""
        self.replace({**self.read(), name: value})

    def remove(self, *names: str) -> None:
        """Record that the steps are incomplete."""
        self.replace({name: value for name, value in self.read().items() if name not in names})


def python_of(location: Path) -> Path:
    """The interpreter of the environment at `location`."""
    return location / "bin" / "python"


def locked_packages(lists: Sequence[Path]) -> dict[str, str]:
    """Every package of the lists and its version."""
    return {name: version for file in lists for name, version in _LOCKED_PACKAGE.findall(file.read_text("utf-8"))}


@contextmanager
def exclusive_lock(file: Path, waiting: Callable[[], None]) -> Iterator[int]:
    """Hold the lock `file`, after calling `waiting` where another process holds it.

    Yields its descriptor.

    A child that inherits the descriptor holds the lock too: if this process is killed, no other one
    begins before pip ends.

    Raises:
        OSError: the file can't be opened or made.
    """
    is_read_only = file.exists() and not os.access(file, os.W_OK)
    descriptor = os.open(file, os.O_RDONLY if is_read_only else os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def make_environment(location: Path, *, clear: bool, with_pip: bool, lock: int) -> None:
    """Make a virtual environment with the current Python.

    With `clear`, the folder is emptied first.

    Without `with_pip`, `install` uses the pip of this Python, where it has one: three seconds
    faster, and without ensurepip.

    Raises:
        EnvironmentFailed: this Python can't make one.
    """
    has_pip = importlib.util.find_spec("pip") is not None
    options = [*(["--clear"] if clear else []), *([] if with_pip or not has_pip else ["--without-pip"])]
    done = subprocess.run(  # noqa: S603  # our own interpreter, our own arguments
        [sys.executable, "-m", "venv", *options, str(location)],
        capture_output=True, text=True, pass_fds=[lock], check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode == 0:
        return
    output = (done.stdout + done.stderr).strip()
    if "ensurepip" in output or "No module named venv" in output:
        raise EnvironmentFailed(
            "this Python has no complete venv module; install it (Debian and Ubuntu: apt install python3-venv) and start again"
        )
    cause = output.splitlines()[-1] if output else "no reason given"
    raise EnvironmentFailed(f"the folder {location} can't be made a virtual environment: {cause}")


def install(location: Path, arguments: Sequence[str], *, what: str, total: int, report: Report, lock: int) -> None:
    """Run `pip install` with `arguments` for the environment at `location`.

    `report` gets lines about its progress.

    The user's pip configuration (mirrors, proxies, wheel folders) is used as it stands. `what`
    names the packages in messages, `total` is their number.

    Raises:
        NoBuildForPlatform: a package has no build for this machine.
        EnvironmentFailed: no network, no disk, a wrong hash …
    """
    variables = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    command = [
        *_pip(location),
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "--progress-bar=off",
        *arguments,
    ]
    lines: list[str] = []
    with subprocess.Popen(  # noqa: S603  # our own interpreter, our own arguments
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
        pass_fds=[lock], env={**variables, "PYTHONUNBUFFERED": "1"},
    ) as pip:  # fmt: skip
        try:
            _follow(pip, total, report, lines)
        except BaseException:
            pip.terminate()
            raise
    if pip.returncode:
        raise failure_of(what, lines)


def _pip(location: Path) -> list[str]:
    python = str(python_of(location))
    if any(location.glob("lib/python*/site-packages/pip")):
        return [python, "-I", "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", python]


def _follow(pip: subprocess.Popen[str], total: int, report: Report, lines: list[str]) -> None:
    fetched = 0
    for line in pip.stdout or ():
        lines.append(line.rstrip())
        if line.startswith("Collecting "):
            fetched += 1
            if fetched % _PROGRESS_STEP == 0:
                report(f"{min(fetched, total)} of {total} packages fetched")
        elif line.startswith("Installing collected packages"):
            report("all packages fetched; unpacking")


def failure_of(what: str, lines: Sequence[str]) -> EnvironmentFailed:
    """The failure that pip's output describes."""
    output = "\n".join(lines)
    last = lines[-_LAST_LINES:]
    missing = re.search(r"No matching distribution found for (\S+)", output)
    if _NETWORK.search(output):
        return EnvironmentFailed(
            f"{what} can't be fetched: the package registry does not answer; "
            "check the network, or pip's index-url and proxy settings, and start again",
            last,
        )
    if "DO NOT MATCH THE HASHES" in output:
        return EnvironmentFailed(
            f"{what} can't be installed: a fetched package is not the locked one (wrong hash); check the pip mirror in use",
            last,
        )
    if "No space left on device" in output:
        return EnvironmentFailed(f"{what} can't be installed: the disk is full; free some space, and start again", last)
    if missing:
        return NoBuildForPlatform(
            f"{what} can't be installed: {missing[1]} has no build for this system and Python "
            f"{sys.version_info.major}.{sys.version_info.minor}",
            last,
        )
    errors = [line for line in lines if line.startswith("ERROR")] or list(lines[-1:])
    return EnvironmentFailed(f"{what} can't be installed: {' '.join(errors[:1]) or 'pip gives no reason'}", last)
