"""The disk below the spool, looked at every few seconds: writable, with room, and quick enough to answer."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY_SECONDS = 10.0
MIN_FREE_BYTES = 64 * 1024 * 1024
_SILENT_SECONDS = 5.0
_PROBE_BYTES = 4096


@dataclass(slots=True)
class DiskState:
    """What the last look and the last writes found.

    `free_bytes` is None before the first look. `write_failures` counts the writes of endings that failed.
    """

    min_free_bytes: int = MIN_FREE_BYTES
    clock: Callable[[], float] = time.monotonic
    free_bytes: int | None = None
    write_failures: int = 0
    error: str | None = None
    is_full_of_endings: bool = False
    look_began: float | None = None

    @property
    def problem(self) -> str | None:
        """Why an ending might not be kept, in a few English words; None where all is well."""
        if self.error is not None:
            return self.error
        if self.look_began is not None and (silent_seconds := self.clock() - self.look_began) > _SILENT_SECONDS:
            return f"the disk has not answered for {silent_seconds:.0f} s"
        if self.is_full_of_endings:
            return "the spool is full of endings that PostgreSQL has not taken yet"
        if self.free_bytes is not None and self.free_bytes < self.min_free_bytes:
            return f"only {self.free_bytes // 1024} KiB are free on the disk"
        return None

    def write_failed(self, error: OSError) -> None:
        """Endings could not be written just now."""
        self.write_failures += 1
        self.error = error_text(error)

    def look_failed(self, error: OSError) -> None:
        """The folder can't be written to."""
        self.error = error_text(error)
        self.look_began = None

    def look_succeeded(self, free_bytes: int) -> None:
        """The folder takes what is written to it; earlier failures are over."""
        self.free_bytes = free_bytes
        self.error = None
        self.look_began = None


def write_probe(folder: Path) -> int:
    """Write a block, flush it to the disk and delete it; returns the bytes that are free. Raises OSError where that fails."""
    probe = folder / "disk.probe"
    descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        written = os.write(descriptor, b"\0" * _PROBE_BYTES)
        if written < _PROBE_BYTES:
            os.write(descriptor, b"\0" * (_PROBE_BYTES - written))
        os.fsync(descriptor)
        room = os.fstatvfs(descriptor)
    finally:
        os.close(descriptor)
        with suppress(OSError):
            probe.unlink()
    return room.f_bavail * room.f_frsize


def error_text(error: OSError) -> str:
    """The system's own words, without paths."""
    return error.strerror or type(error).__name__
