"""The system user for servers that refuse to run as root, and folders that this user can access."""

import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path

from solaris.local.errors import PartFailed, StateDamaged
from solaris.local.processes import RunAs

SYSTEM_HOME = Path("/var/lib/solaris")
_USER = "nobody"


def server_user(data: Path) -> RunAs | None:
    """The user that runs a server on `data`: None for ours.

    As root, the owner of existing data, else the user `nobody`.

    Raises:
        PartFailed: we are root, and this system has no user `nobody`.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return RunAs(data.stat().st_uid, data.stat().st_gid)
    try:
        entry = pwd.getpwnam(_USER)
    except KeyError as error:
        raise PartFailed(
            "PostgreSQL refuses to run as root and there is no user `nobody`; start solaris as another user, or set DATABASE_URL"
        ) from error
    return RunAs(entry.pw_uid, entry.pw_gid)


def user_name(uid: int) -> str:
    """The name of the system user; its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def can_reach(path: Path, user: RunAs) -> bool:
    """Whether `user` may traverse every folder down to `path`, and enter or run `path` itself.

    Raises:
        PartFailed: this process may not switch to another user.
    """
    # Tested as that user: mode bits alone do not show access lists and mounts.
    try:
        answer = subprocess.run(  # noqa: S603 - fixed program, the path is an argument
            ["/bin/sh", "-c", 'test -x "$0"', str(path)],
            user=user.uid,
            group=user.gid,
            extra_groups=[],
            env={},
            cwd="/",
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise PartFailed(
            "this system does not let root act as `nobody`, which PostgreSQL needs; "
            "start solaris as another user, or set DATABASE_URL"
        ) from error
    return answer.returncode == 0


def reachable_folder(wanted: Path, user: RunAs | None) -> Path:
    """`wanted`, made where it is absent.

    Where `user` can't access it, a system folder that `wanted` then links to.

    Never changes permissions of the folders above `wanted`.

    Raises:
        StateDamaged: `wanted` links to a missing folder, or a folder can't be made.
    """
    try:
        if wanted.is_symlink():
            return _linked(wanted)
        if user is None:
            wanted.mkdir(mode=0o700, exist_ok=True)
            return wanted
        if wanted.is_dir():
            return wanted if can_reach(wanted, user) else _moved(wanted)
        wanted.mkdir(mode=0o711)
        if can_reach(wanted, user):
            return wanted
        wanted.rmdir()
        return _link_to_system_home(wanted)
    except OSError as error:
        raise StateDamaged(f"{error.filename or wanted} can't be used ({error.strerror})") from error


def _linked(link: Path) -> Path:
    target = link.readlink()
    if not target.is_dir():
        raise StateDamaged(
            f"{link} points to {target}, which is gone: bring the data back, or remove the link to begin with empty data"
        )
    return target


def _link_to_system_home(link: Path) -> Path:
    target = _system_folder(secrets.token_hex(8))
    target.mkdir(mode=0o711)
    link.symlink_to(target)
    return target


def _moved(folder: Path) -> Path:
    target = _system_folder(secrets.token_hex(8))
    shutil.move(folder, target)
    folder.symlink_to(target)
    return target


def _system_folder(name: str) -> Path:
    SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    return SYSTEM_HOME / name


def reachable_copy(source: Path, parts: tuple[str, ...], key: str, user: RunAs | None) -> Path:
    """`source`; where `user` can't access it, a copy of its `parts` in our system folder, made once per `key`."""
    if user is None or can_reach(source, user):
        return source
    target = _system_folder(key)
    if target.is_dir():
        return target
    unfinished = target.with_name(f".{key}.{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in parts:
        shutil.copytree(source / part, unfinished / part, symlinks=True)
    unfinished.chmod(0o755)
    try:
        unfinished.rename(target)
    except OSError:
        # A concurrent start made the same copy first.
        shutil.rmtree(unfinished, ignore_errors=True)
    return target
