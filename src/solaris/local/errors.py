"""Errors of starting servers on this machine, named after the condition.

LocalError                    (a SolarisError; its message is one English line for the person at the terminal)
├── AlreadyRunning            another `solaris up` holds the state folder
├── StateDamaged              a file of the state folder can't be read or written
├── PartMissing               this installation lacks a binary for this platform
├── PartFailed                a part did not start, or did not become ready in time
└── GivenStoreUnusable        DATABASE_URL or REDIS_URL names a server that can't be used

A port in use is `solaris.platform.ports.PortTaken`, the same error as when a service binds its
port.
"""

from pathlib import Path

from solaris.domain.errors import SolarisError


class LocalError(SolarisError):
    """Root of this package's errors.

    The message is English: developers and operators read it, users never do.
    """

    code = "local_error"


class AlreadyRunning(LocalError):
    """Another `solaris up` holds the state folder; `pid` is its process, where known."""

    code = "already_running"

    def __init__(self, state_dir: Path, pid: int | None) -> None:
        who = f" (pid {pid})" if pid else ""
        super().__init__(f"already running in {state_dir}{who}; stop it, or set SOLARIS_STATE_DIR to another folder")
        self.pid = pid


class StateDamaged(LocalError):
    """A file of the state folder can't be read or written; the message names it and the cure."""

    code = "state_damaged"


class PartMissing(LocalError):
    """This installation has no binary of the part for this platform."""

    code = "part_missing"


class PartFailed(LocalError):
    """A part did not start, or did not become ready in time.

    The message says which and where its log is.
    """

    code = "part_failed"


class GivenStoreUnusable(LocalError):
    """DATABASE_URL or REDIS_URL names a server that can't be used.

    The message never holds the password.
    """

    code = "given_store_unusable"
