"""Write-ahead log of settle and release operations that PostgreSQL has not committed (SPEC 3.3).

`<state folder>/spool/<process>.lock` is locked while the process lives; `<process>/` beside it
holds its segments: append-only files of checksummed lines. The process that acquires the lock of a
dead process replays its segments (`recovery.py`).
"""

import asyncio
import fcntl
import os
import secrets
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from solaris.gateway.settlement.wal_disk import LOOK_EVERY_SECONDS, DiskState, error_text, write_probe
from solaris.platform.logs import Log

MAX_BYTES = 64 * 1024 * 1024
SEGMENT_BYTES = 1024 * 1024
_FORMAT = 1


@dataclass(frozen=True, slots=True, eq=False)
class WalEntry:
    """One settle or release operation.

    `usage` holds the usage event's columns, as `Usage.as_record` returns them; None for a release.
    A release with an `attempt` releases the hold only if that attempt made it.
    """

    user_id: UUID
    request_id: str
    usage: Mapping[str, Any] | None
    attempt: str | None = None

    def as_line(self) -> bytes:
        """Return checksum and JSON as one line."""
        payload = orjson.dumps([_FORMAT, str(self.user_id), self.request_id, self.usage, self.attempt])
        return b"%08x %s\n" % (zlib.crc32(payload), payload)

    @classmethod
    def from_line(cls, line: bytes) -> "WalEntry | None":
        """Parse what `as_line` returned; None if the line is damaged."""
        checksum, _, payload = line.partition(b" ")
        try:
            if int(checksum, 16) != zlib.crc32(payload):
                return None
            format_number, user_id, request_id, usage, attempt = orjson.loads(payload)
            return cls(UUID(user_id), request_id, usage, attempt) if format_number == _FORMAT else None
        except (ValueError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class _LockedFolder:
    lock: int
    lock_path: Path
    folder: Path


@dataclass(slots=True, eq=False)
class _Segment:
    locked: _LockedFolder
    path: Path
    descriptor: int
    size_bytes: int = 0
    waiting: set[WalEntry] = field(default_factory=set)

    def append(self, data: bytes) -> None:
        """Append and fsync; on failure the file is truncated to its former size."""
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self.descriptor, rest) :]
            os.fsync(self.descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(self.descriptor, self.size_bytes)
            raise
        self.size_bytes += len(data)


class Wal:
    """The write-ahead log of one process. Concurrent entries share one fsync, off the event loop.

    Args:
        root: `<state folder>/spool`.
        max_bytes: limit for all segments of this process; further entries are refused.
        disk: state of the disk; `wal.disk.problem` says why an entry might not be written.
    """

    def __init__(
        self,
        root: Path,
        log: Log,
        *,
        max_bytes: int = MAX_BYTES,
        segment_bytes: int = SEGMENT_BYTES,
        disk: DiskState | None = None,
    ) -> None:
        self.disk = disk or DiskState()
        self._root = root
        self._log = log
        self._max_bytes = max_bytes
        self._segment_bytes = segment_bytes
        self._locked_folder: _LockedFolder | None = None
        self._executor = ThreadPoolExecutor(1, "spool")
        self._segments: list[_Segment] = []
        self._segment_of: dict[WalEntry, _Segment] = {}
        self._segment_count = 0
        self._pending: list[tuple[WalEntry, bytes, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._checking: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Create and lock this process's folder.

        If that fails, it is logged and retried every `LOOK_EVERY_SECONDS`; until then entries wait
        only in memory.
        """
        await self.look_at_disk()
        if self._locked_folder is None:
            self._log.error(
                "spool_unavailable",
                cause=self.disk.error,
                cure=f"make {self._root} writable (SOLARIS_STATE_DIR); until then endings wait in memory alone",
            )
        self._checking = asyncio.create_task(self._keep_checking())

    async def look_at_disk(self) -> None:
        """Check that the disk accepts writes and update `disk`.

        Creates and locks a new folder if there is none or it was deleted.
        """
        self.disk.look_began = self.disk.clock()
        try:
            locked, free_bytes = await asyncio.get_running_loop().run_in_executor(
                self._executor, self._probe, self._locked_folder
            )
        except OSError as error:
            self.disk.look_failed(error)
            return
        if locked is not self._locked_folder:
            self._use(locked)
        self.disk.look_succeeded(free_bytes)
        self.disk.is_full_of_endings = self.disk.is_full_of_endings and self.size_bytes > self._max_bytes // 2

    async def _keep_checking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            await self.look_at_disk()

    def _probe(self, locked: _LockedFolder | None) -> tuple[_LockedFolder, int]:
        if locked is None or not locked.folder.is_dir():
            locked = _create_locked_folder(self._root)
        return locked, write_probe(locked.folder)

    def _use(self, locked: _LockedFolder) -> None:
        """Use `locked` for new segments.

        Segments in the previous, deleted folder get no more writes.
        """
        previous, self._locked_folder = self._locked_folder, locked
        if previous is not None:
            os.close(previous.lock)

    async def close(self) -> None:
        """Release the folder.

        Entries that remain are replayed by the next process of this machine.
        """
        if self._checking is not None:
            self._checking.cancel()
            await asyncio.gather(self._checking, return_exceptions=True)
        while self._writing is not None:
            await asyncio.wait([self._writing])
        locked, self._locked_folder = self._locked_folder, None
        if locked is not None:
            await asyncio.get_running_loop().run_in_executor(self._executor, self._release, locked)
        self._executor.shutdown(wait=False)

    async def keep(self, entry: WalEntry) -> bool:
        """Write the entry; True when it is durable on disk, False if the disk refuses it."""
        line = entry.as_line()
        if self._locked_folder is None:
            return False
        if self.size_bytes + len(line) > self._max_bytes:
            self.disk.is_full_of_endings = True
            return False
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._pending.append((entry, line, written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await written

    def done(self, entry: WalEntry) -> None:
        """Forget a committed entry; a segment without uncommitted entries is deleted."""
        segment = self._segment_of.pop(entry, None)
        if segment is None or self._locked_folder is None:
            return
        segment.waiting.discard(entry)
        if not segment.waiting:
            self._segments.remove(segment)
            self._executor.submit(_delete, segment)

    @property
    def size_bytes(self) -> int:
        """Bytes on disk or about to be written."""
        return sum(segment.size_bytes for segment in self._segments) + sum(len(line) for _, line, _ in self._pending)

    async def _write(self) -> None:
        try:
            while self._pending:
                batch, self._pending = self._pending, []
                is_written = await self._append(
                    [entry for entry, _, _ in batch], b"".join(line for _, line, _ in batch)
                )
                for _, _, written in batch:
                    if not written.done():
                        written.set_result(is_written)
        finally:
            self._writing = None

    async def _append(self, entries: list[WalEntry], data: bytes) -> bool:
        loop = asyncio.get_running_loop()
        try:
            segment = self._segments[-1] if self._segments else None
            if (
                segment is None
                or segment.size_bytes >= self._segment_bytes
                or segment.locked is not self._locked_folder
            ):
                segment = await loop.run_in_executor(self._executor, self._new_segment)
                self._segments.append(segment)
            # Registered first: the segment must not be deleted while it is written to.
            segment.waiting.update(entries)
            self._segment_of.update(dict.fromkeys(entries, segment))
            await loop.run_in_executor(self._executor, segment.append, data)
        except OSError as error:
            for entry in entries:
                self.done(entry)
            self.disk.write_failed(error)
            self._log.error(
                "spool_not_written", endings=len(entries), cause=error_text(error), cure=f"look after {self._root}"
            )
            return False
        return True

    def _new_segment(self) -> _Segment:
        locked = self._locked_folder
        assert locked is not None, "only an open WAL is written to"  # noqa: S101  see `keep`
        self._segment_count += 1
        path = locked.folder / f"{self._segment_count:08}.spool"
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            sync_folder(locked.folder)
        except OSError:
            os.close(descriptor)
            raise
        return _Segment(locked, path, descriptor)

    def _release(self, locked: _LockedFolder) -> None:
        for segment in self._segments:
            os.close(segment.descriptor)
        if not self._segments:
            with suppress(OSError):
                locked.folder.rmdir()
                locked.lock_path.unlink()
        os.close(locked.lock)


def lock_exclusively(path: Path, *, create: bool) -> int | None:
    """Return a descriptor that holds the lock of `path`, or None.

    None if another process holds the lock or the file is missing.
    """
    flags = os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0)
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The previous owner may have deleted the file; then the lock excludes no other process.
        if path.stat().st_ino == os.fstat(descriptor).st_ino:
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def sync_folder(folder: Path) -> None:
    """Fsync a folder, so that its file names are durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _create_locked_folder(root: Path) -> _LockedFolder:
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    while True:
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        lock_path = root / f"{name}.lock"
        lock = lock_exclusively(lock_path, create=True)
        if lock is not None:
            folder = root / name
            try:
                folder.mkdir(mode=0o700)
                sync_folder(root)
            except OSError:
                # This is retried periodically: remove what the failed attempt created.
                with suppress(OSError):
                    folder.rmdir()
                with suppress(OSError):
                    lock_path.unlink()
                os.close(lock)
                raise
            return _LockedFolder(lock, lock_path, folder)


def _delete(segment: _Segment) -> None:
    os.close(segment.descriptor)
    with suppress(OSError):
        segment.path.unlink()
