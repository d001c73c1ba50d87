"""Virtual environments of their own for programs that we start and never import, built from hash-locked lists.

Built once, kept beside the running installation, and proven complete by a stamp that is written last: a folder without
it was interrupted and is built anew.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from solaris.local.errors import LocalError

Report = Callable[[str], None]

_STAMP = ".solaris-environment.json"
_PROGRESS_STEP = 20
_FETCHED = re.compile(r"^Collecting ")
_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|NameResolution|Temporary failure in name|Connection refused"
    r"|ProxyError|Network is unreachable|SSLError|SSLCertVerificationError|Max retries exceeded|Connection broken"
)


class InstallationFailed(LocalError):
    """The environment can't be built; the message is one line that names the cause and the cure."""

    code = "installation_failed"


class NoPackageForPlatform(InstallationFailed):
    """The package registry was reached, and holds no build of a package for this machine."""

    code = "no_package_for_platform"


@dataclass(frozen=True)
class LockedEnvironment:
    """One environment: what it is called, what goes into it, and where the user may move it."""

    name: str
    lock_file: Path
    location_variable: str

    @property
    def lock_sha256(self) -> str:
        """The lock's digest; another lock means another environment."""
        return hashlib.sha256(self.lock_file.read_bytes()).hexdigest()

    def location(self, variables: Mapping[str, str]) -> Path:
        """Where the environment lies, or will."""
        moved = variables.get(self.location_variable, "").strip()
        if moved:
            return Path(moved).expanduser().absolute()
        return Path(sys.prefix) / "opt" / f"{self.name}-{self.lock_sha256[:12]}"

    def pinned(self) -> dict[str, str]:
        """Every package of the lock and its version."""
        return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", self.lock_file.read_text("utf-8"), re.MULTILINE))


def environment_python(location: Path) -> Path:
    """The interpreter of the environment at `location`."""
    return location / "bin" / "python"


def is_installed(environment: LockedEnvironment, variables: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment is there, complete, and of this lock."""
    location = environment.location(variables)
    return _is_complete(environment, location) or _is_foreign_but_fitting(environment, location)


def ensure_environment(
    environment: LockedEnvironment, report: Report, variables: Mapping[str, str] = os.environ
) -> Path:
    """The environment's folder, built first where it is missing, half-built or of another lock.

    Safe when several processes ask at once: one builds, the others wait. The user's pip configuration (mirrors,
    proxies, wheel folders) is used as it stands; every file is checked against the lock's hashes.

    Raises:
        NoPackageForPlatform: a package has no build for this machine.
        InstallationFailed: no network, no disk, no permission, a wrong hash …
    """
    location = environment.location(variables)
    is_ours = not variables.get(environment.location_variable, "").strip()
    if is_installed(environment, variables):
        return location
    with _building_alone(environment, location, report) as lock_descriptor:
        if not is_installed(environment, variables):
            _clear(environment, location, is_ours=is_ours)
            _build(environment, location, report, lock_descriptor)
        if is_ours:
            _remove_older(environment, location)
    return location


def _stamp_text(environment: LockedEnvironment, location: Path) -> str:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return json.dumps({"lock": environment.lock_sha256, "python": version, "location": str(location)})


def _is_complete(environment: LockedEnvironment, location: Path) -> bool:
    try:
        written = (location / _STAMP).read_text("utf-8")
    except OSError:
        return False
    return written == _stamp_text(environment, location) and environment_python(location).exists()


def _is_foreign_but_fitting(environment: LockedEnvironment, location: Path) -> bool:
    """Whether somebody else (an image's builder) made an environment here that holds what the lock's input names."""
    if (location / _STAMP).exists() or not environment_python(location).exists():
        return False
    pinned = environment.pinned()
    present = {path.name for path in location.glob("lib/python*/site-packages/*.dist-info")}
    wanted = re.findall(
        r"^([A-Za-z0-9._-]+)", environment.lock_file.with_suffix(".in").read_text("utf-8"), re.MULTILINE
    )
    versions = {_normal(name): pinned.get(name) or pinned.get(name.replace("_", "-")) for name in wanted}
    return all(f"{name}-{version}.dist-info" in present for name, version in versions.items())


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


@contextmanager
def _building_alone(environment: LockedEnvironment, location: Path, report: Report) -> Iterator[int]:
    lock = location.parent / f".{environment.name}.lock"
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise InstallationFailed(
            f"{environment.name} can't be installed in {location.parent} ({error.strerror}); "
            f"make that folder writable, or name another one: {environment.location_variable}=/path/to/{environment.name}"
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(f"{environment.name}: another process is installing it; waiting")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _clear(environment: LockedEnvironment, location: Path, *, is_ours: bool) -> None:
    if not location.exists():
        return
    if not is_ours and not (location / _STAMP).exists() and (not location.is_dir() or any(location.iterdir())):
        raise InstallationFailed(
            f"{environment.location_variable} names {location}, which is neither empty nor an environment with the "
            f"locked versions of {environment.name}; name an empty folder"
        )
    try:
        shutil.rmtree(location)
    except OSError as error:
        raise InstallationFailed(f"{location} can't be removed ({error.strerror}); remove it by hand") from error


def _build(environment: LockedEnvironment, location: Path, report: Report, lock_descriptor: int) -> None:
    try:
        location.mkdir(parents=True)
        (location / _STAMP).write_text("{}", "utf-8")
        _make_virtual_environment(environment, location, lock_descriptor)
        _install(environment, location, report, lock_descriptor)
        (location / _STAMP).write_text(_stamp_text(environment, location), "utf-8")
    except OSError as error:
        raise InstallationFailed(
            f"{environment.name} can't be installed in {location}: {error.strerror or error}"
        ) from error
    report(f"{environment.name}: installed")


def _make_virtual_environment(environment: LockedEnvironment, location: Path, lock_descriptor: int) -> None:
    # Our own pip installs into the new environment where there is one: three seconds faster, and ensurepip may be missing.
    options = ["--without-pip"] if importlib.util.find_spec("pip") else []
    made = subprocess.run(  # noqa: S603  # our own interpreter, our own arguments
        [sys.executable, "-m", "venv", *options, str(location)],
        capture_output=True, text=True, pass_fds=[lock_descriptor], check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if made.returncode:
        said = (made.stdout + made.stderr).strip()
        cure = "; install the system's package python3-venv" if "ensurepip" in said else f": {said.splitlines()[-1:]}"
        raise InstallationFailed(f"no virtual environment can be made for {environment.name}{cure}")


def _pip(location: Path) -> list[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(environment_python(location))]
    return [str(environment_python(location)), "-m", "pip"]


def _install(environment: LockedEnvironment, location: Path, report: Report, lock_descriptor: int) -> None:
    # The lock is complete, so pip need not resolve; prebuilt wheels only, so nothing is compiled or run while installing.
    command = [
        *_pip(location), "install", "--no-input", "--disable-pip-version-check", "--no-deps", "--require-hashes",
        "--only-binary", ":all:", "-r", str(environment.lock_file),
    ]  # fmt: skip
    total = len(environment.pinned())
    report(f"{environment.name}: installing {total} packages into {location} (once; this can take some minutes)")
    lines: list[str] = []
    # The lock's descriptor is handed down: should we be killed, nobody builds here while pip is still writing.
    with subprocess.Popen(  # noqa: S603  # our own interpreter, our own arguments
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
        pass_fds=[lock_descriptor], env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as pip:  # fmt: skip
        try:
            _follow(pip, environment.name, total, report, lines)
        except BaseException:
            pip.terminate()
            raise
    if pip.returncode:
        raise _explained(environment, "\n".join(lines))


def _follow(pip: subprocess.Popen[str], name: str, total: int, report: Report, lines: list[str]) -> None:
    fetched = 0
    for line in pip.stdout or ():
        lines.append(line.rstrip())
        if _FETCHED.match(line):
            fetched += 1
            if fetched % _PROGRESS_STEP == 0:
                report(f"{name}: {min(fetched, total)} of {total} packages fetched")
        elif line.startswith("Installing collected packages"):
            report(f"{name}: all packages fetched; unpacking")


def _explained(environment: LockedEnvironment, output: str) -> InstallationFailed:
    name = environment.name
    missing = re.search(r"No matching distribution found for (\S+)", output)
    if _NETWORK.search(output):
        return InstallationFailed(
            f"{name} can't be fetched: the package registry does not answer; "
            "check the network, or pip's index-url and proxy settings, and start again"
        )
    if "DO NOT MATCH THE HASHES" in output:
        return InstallationFailed(
            f"{name} was not installed: a fetched package is not the locked one (wrong hash); check the pip mirror in use"
        )
    if "No space left on device" in output:
        return InstallationFailed(f"{name} was not installed: the disk is full; free some space, and start again")
    if missing:
        return NoPackageForPlatform(
            f"{name} can't be installed: {missing[1]} has no build for this system and Python "
            f"{sys.version_info.major}.{sys.version_info.minor}"
        )
    errors = [line for line in output.splitlines() if line.startswith("ERROR")] or output.splitlines()[-1:]
    return InstallationFailed(f"{name} was not installed: {' '.join(errors[:1]) or 'pip gave no reason'}")


def _remove_older(environment: LockedEnvironment, location: Path) -> None:
    for folder in location.parent.glob(f"{environment.name}-*"):
        if folder != location and re.fullmatch(rf"{re.escape(environment.name)}-[0-9a-f]{{12}}", folder.name):
            shutil.rmtree(folder, ignore_errors=True)
