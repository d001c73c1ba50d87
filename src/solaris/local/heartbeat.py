"""A child whose liveness is the age of a file that it touches: the worker, which serves no port."""

import os
import time
from pathlib import Path

from solaris.local.processes import Command, Reaper, Service

READY_SECONDS = 60.0
SILENT_SECONDS = 30.0  # the worker touches the file every five


class HeartbeatService(Service):
    """A Part that is ready when `file` exists, and hangs when the last touch is more than `silent_seconds` ago."""

    def __init__(
        self,
        command: Command,
        file: Path,
        *,
        silent_seconds: float = SILENT_SECONDS,
        timeout_seconds: float = READY_SECONDS,
        reaper: Reaper | None = None,
    ) -> None:
        super().__init__(command, self._has_beaten, alive=self._beats, timeout_seconds=timeout_seconds, reaper=reaper)
        self._file = file
        self._silent_seconds = silent_seconds

    async def start(self) -> None:
        """As `Service.start`; the file of an earlier run is removed first.

        Raises:
            PartFailed: the child ended, or did not touch the file within `timeout_seconds`.
            OSError: the file of an earlier run can't be removed.
        """
        self._file.unlink(missing_ok=True)
        await super().start()

    async def _has_beaten(self) -> bool:
        return self._file.exists()

    async def _beats(self) -> bool:
        try:
            age_seconds = time.time() - self._file.stat().st_mtime
        except OSError:
            return False
        # On a disk that became read-only the file's age proves nothing about the worker.
        return age_seconds <= self._silent_seconds or not os.access(self._file, os.W_OK)
