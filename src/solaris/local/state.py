"""The state folder (`.solaris/`): one owner at a time, generated secrets, logs, and `run.json` for scripts."""

import fcntl
import json
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from solaris.local.errors import AlreadyRunning, StateDamaged
from solaris.platform.run_file import read_json_object, run_file

LOG_BYTES_KEPT = 10 * 1024 * 1024
LOG_BYTES_LIMIT = 50 * 1024 * 1024
_PASSABLE = 0o710


@dataclass(frozen=True)
class Secrets:
    """Secrets generated at the first start and kept for later ones."""

    jwt_secret: str
    litellm_api_key: str
    postgres_password: str
    redis_password: str

    @classmethod
    def generate(cls) -> "Secrets":
        """New random secrets, safe inside a URL."""
        return cls(
            jwt_secret=secrets.token_hex(32),
            litellm_api_key=f"sk-{secrets.token_hex(24)}",
            postgres_password=secrets.token_hex(24),
            redis_password=secrets.token_hex(24),
        )


class StateFolder:
    """The folder that holds what a run of `solaris up` leaves for the next.

    Only its owner may read it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock_descriptor: int | None = None

    @property
    def run_file(self) -> Path:
        """`run.json`; exists while everything runs."""
        return run_file(self.path)

    @property
    def lock_file(self) -> Path:
        """The lock file: locked while `solaris up` runs, with its pid as content."""
        return self.path / "lock"

    def create(self) -> None:
        """Make the folder, or correct the mode of an existing one.

        Raises:
            StateDamaged: it can't be made or belongs to another user.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Keep the mode that `allow_group` sets: a server may be running in the folder.
            if stat.S_IMODE(self.path.stat().st_mode) != _PASSABLE:
                self.path.chmod(0o700)
            (self.path / "logs").mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StateDamaged(
                f"the state folder {self.path} can't be used ({error.strerror}); set SOLARIS_STATE_DIR to a folder of yours"
            ) from error

    def allow_group(self, group: int) -> None:
        """As root: let only the group of a server's system user pass through to its data.

        The folder can't be listed.

        Raises:
            StateDamaged: the folder's group can't be changed.
        """
        try:
            os.chown(self.path, -1, group)
            self.path.chmod(_PASSABLE)
        except OSError as error:
            raise StateDamaged(f"{self.path} can't be given to group {group} ({error.strerror})") from error

    def lock(self) -> None:
        """Take the folder's lock until `unlock` or the end of this process.

        Raises:
            AlreadyRunning: another process holds it.
        """
        descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise AlreadyRunning(self.path, self.owner_pid()) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._lock_descriptor = descriptor

    def unlock(self) -> None:
        """Release the lock. Idempotent."""
        if self._lock_descriptor is not None:
            os.ftruncate(self._lock_descriptor, 0)
            os.close(self._lock_descriptor)
            self._lock_descriptor = None

    def owner_pid(self) -> int | None:
        """The pid that the current or last owner wrote into the lock file."""
        with suppress(OSError, ValueError):
            return int(self.lock_file.read_text())
        return None

    def secrets(self) -> Secrets:
        """The generated secrets, made at the first call and kept.

        A secret that an older file lacks is added.

        Raises:
            StateDamaged: the file does not hold them; it is left unchanged.
        """
        file = self.path / "secrets.json"
        try:
            known = read_json_object(file) if file.exists() else {}
        except (OSError, ValueError) as error:
            raise StateDamaged(f"{file} is damaged; delete it and start again") from error
        names = {field.name for field in fields(Secrets)}
        if any(not isinstance(known.get(name, ""), str) for name in names):
            raise StateDamaged(f"{file} is damaged; delete it to get new secrets (all users sign in again)")
        kept = {name: value for name, value in known.items() if name in names and value}
        result = Secrets(**{**asdict(Secrets.generate()), **kept})
        if asdict(result) != known:
            write_private_json(file, asdict(result))
        return result

    def write_run(self, run: Mapping[str, Any]) -> None:
        """Write `run.json` (SPEC 9) atomically, with mode 600."""
        write_private_json(self.run_file, run)

    def remove_run(self) -> None:
        """Remove `run.json`; scripts wait for it to appear."""
        self.run_file.unlink(missing_ok=True)

    def log_file(self, service: str) -> Path:
        """The log of `service`, made if absent.

        A large one is first rotated to `<service>.log.1`.
        """
        file = self.log_path(service)
        if file.exists() and file.stat().st_size > LOG_BYTES_KEPT:
            file.replace(file.with_suffix(".log.1"))
        file.touch(mode=0o600)
        return file

    def log_path(self, service: str) -> Path:
        """Path of the log of `service`; nothing is created."""
        return self.path / "logs" / f"{service}.log"

    def bound_logs(self) -> None:
        """Cut every log over the limit down to its last part; its service keeps appending."""
        for file in (self.path / "logs").glob("*.log"):
            if file.stat().st_size > LOG_BYTES_LIMIT:
                _keep_tail(file)


def write_private_json(file: Path, content: Mapping[str, Any]) -> None:
    """Replace `file` by `content` atomically; only the owner may read it.

    Raises:
        StateDamaged: the folder can't be written.
    """
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(content, stream, indent=2, ensure_ascii=False)
            stream.write("\n")
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except OSError as error:
        raise StateDamaged(f"{file} can't be written ({error.strerror})") from error


def _keep_tail(file: Path) -> None:
    with file.open("rb") as stream:
        stream.seek(-LOG_BYTES_KEPT, os.SEEK_END)
        tail = stream.read(LOG_BYTES_KEPT)
    file.with_suffix(".log.1").write_bytes(tail)
    # The service keeps its descriptor, opened for appending: truncating the file does not disturb
    # it.
    os.truncate(file, 0)
