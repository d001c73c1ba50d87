"""Virtual environments, built from hash-locked lists, for programs that we start and never import.

Each is built once, inside the running installation. A stamp, written last, proves that it is
complete; a folder without one is an interrupted build and is rebuilt.
"""

import hashlib
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from solaris.local.errors import LocalError
from solaris.local.virtual_environment import (
    EnvironmentFailed,
    NoBuildForPlatform,
    Report,
    Stamps,
    exclusive_lock,
    install,
    locked_packages,
    make_environment,
    python_of,
)

_STAMP = ".solaris-environment.json"


class InstallationFailed(LocalError):
    """The environment can't be built; the message is one line that names the cause and the cure."""

    code = "installation_failed"


class NoPackageForPlatform(InstallationFailed):
    """The package registry answers, and holds no build of a package for this machine."""

    code = "no_package_for_platform"


@dataclass(frozen=True)
class LockedEnvironment:
    """One environment: its name, the list of its packages, and the variable with which users move it."""

    name: str
    lock_file: Path
    location_variable: str

    @property
    def lock_sha256(self) -> str:
        """The list's digest; another list means another environment."""
        return hashlib.sha256(self.lock_file.read_bytes()).hexdigest()

    def location(self, variables: Mapping[str, str]) -> Path:
        """The environment's folder, present or not."""
        moved = variables.get(self.location_variable, "").strip()
        if moved:
            return Path(moved).expanduser().absolute()
        return Path(sys.prefix) / "opt" / f"{self.name}-{self.lock_sha256[:12]}"

    def pinned(self) -> dict[str, str]:
        """Every package of the list and its version."""
        return locked_packages([self.lock_file])


def is_installed(environment: LockedEnvironment, variables: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment exists, is complete, and was made from this list."""
    location = environment.location(variables)
    return _is_complete(environment, location) or _is_foreign_but_fitting(environment, location)


def ensure_environment(
    environment: LockedEnvironment, report: Report, variables: Mapping[str, str] = os.environ
) -> Path:
    """The environment's folder, built first where it is missing, half-built or made from another list.

    Safe in concurrent processes: one builds, the others wait. Every file is checked against the
    list's hashes.

    Raises:
        NoPackageForPlatform: a package has no build for this machine.
        InstallationFailed: no network, no disk, no permission, a wrong hash …
    """
    location = environment.location(variables)
    is_ours = not variables.get(environment.location_variable, "").strip()
    if is_installed(environment, variables):
        return location
    with _building_alone(environment, location, report) as lock:
        if not is_installed(environment, variables):
            _clear(environment, location, is_ours=is_ours)
            _build(environment, location, report, lock)
        if is_ours:
            _remove_older(environment, location)
    return location


def _stamp(environment: LockedEnvironment, location: Path) -> dict[str, str]:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"lock": environment.lock_sha256, "python": version, "location": str(location)}


def _is_complete(environment: LockedEnvironment, location: Path) -> bool:
    return Stamps(location / _STAMP).read() == _stamp(environment, location) and python_of(location).exists()


def _is_foreign_but_fitting(environment: LockedEnvironment, location: Path) -> bool:
    """Whether the folder is an environment that was not built here (in an image) and holds what the list's input names."""
    if (location / _STAMP).exists() or not python_of(location).exists():
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
        lock.touch(0o644)
    except OSError as error:
        raise InstallationFailed(
            f"{environment.name} can't be installed in {location.parent} ({error.strerror}); "
            f"make that folder writable, or name another one: {environment.location_variable}=/path/to/{environment.name}"
        ) from error
    with exclusive_lock(
        lock, lambda: report(f"{environment.name}: another process is installing it; waiting")
    ) as descriptor:
        yield descriptor


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


def _build(environment: LockedEnvironment, location: Path, report: Report, lock: int) -> None:
    name = environment.name
    stamps = Stamps(location / _STAMP)
    try:
        location.mkdir(parents=True)
        stamps.replace({})
        make_environment(location, clear=False, with_pip=False, lock=lock)
        total = len(environment.pinned())
        report(f"{name}: installing {total} packages into {location} (once; this can take some minutes)")
        # The list is complete, so pip need not resolve; with prebuilt wheels only, installing
        # compiles and runs nothing.
        arguments = [
            "--no-deps",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--requirement",
            str(environment.lock_file),
        ]
        install(location, arguments, what=name, total=total, report=lambda line: report(f"{name}: {line}"), lock=lock)
        stamps.replace(_stamp(environment, location))
    except NoBuildForPlatform as error:
        raise NoPackageForPlatform(str(error)) from error
    except EnvironmentFailed as error:
        raise InstallationFailed(str(error)) from error
    except OSError as error:
        raise InstallationFailed(f"{name} can't be installed in {location}: {error.strerror or error}") from error
    report(f"{name}: installed")


def _remove_older(environment: LockedEnvironment, location: Path) -> None:
    for folder in location.parent.glob(f"{environment.name}-*"):
        if folder != location and re.fullmatch(rf"{re.escape(environment.name)}-[0-9a-f]{{12}}", folder.name):
            shutil.rmtree(folder, ignore_errors=True)
