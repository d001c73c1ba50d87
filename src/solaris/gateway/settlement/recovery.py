"""Replays the WAL of dead processes of this machine into the ledger."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from solaris.domain.errors import SolarisError, StoreUnavailable
from solaris.gateway.settlement.wal import WalEntry, lock_exclusively
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Charge
from solaris.platform.logs import Log

_CHECK_EVERY_SECONDS = 5.0
_BATCH_SIZE = 64


@dataclass(frozen=True, slots=True)
class _OrphanedWal:
    """WAL folder of a dead process; the open lock gives exclusive access."""

    lock: int
    lock_path: Path
    folder: Path

    def segments(self) -> list[Path]:
        return sorted(self.folder.glob("*.spool"))

    def release(self) -> None:
        """Delete an empty folder and its lock file, then release the lock."""
        with suppress(OSError):
            if self.folder.is_dir():
                self.folder.rmdir()
            self.lock_path.unlink()
        os.close(self.lock)


class WalRecovery:
    """Replays the WAL of dead processes.

    Several processes may try at once: a lock admits one at a time, and request ids make a replay
    idempotent.
    """

    def __init__(self, root: Path, ledger: Ledger, log: Log, *, every_seconds: float = _CHECK_EVERY_SECONDS) -> None:
        self._root = root
        self._ledger = ledger
        self._log = log
        self._every_seconds = every_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Replay now and again every few seconds, since another process may die at any time."""
        self._task = asyncio.create_task(self._keep_replaying())

    async def stop(self) -> None:
        """Cancel the replay task; an unfinished segment stays."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def replay(self) -> int:
        """Replay all entries that dead processes left; returns how many were committed.

        Raises:
            StoreUnavailable: PostgreSQL does not accept them now; the entries stay on disk.
        """
        ended = 0
        for lock_path in await asyncio.to_thread(lambda: sorted(self._root.glob("*.lock"))):
            orphan = _take(lock_path)
            if orphan is None:
                continue
            try:
                ended += await self._replay_one(orphan)
            finally:
                orphan.release()
        return ended

    async def _replay_one(self, orphan: _OrphanedWal) -> int:
        ended = 0
        for segment in orphan.segments():
            endings, damaged = await asyncio.to_thread(_read, segment)
            if damaged:
                self._log.warning("spool_lines_torn", lines=damaged, segment=segment.name, process=orphan.folder.name)
            failed = 0
            for start in range(0, len(endings), _BATCH_SIZE):
                batch = endings[start : start + _BATCH_SIZE]
                results = await asyncio.gather(*map(self._end, batch), return_exceptions=True)
                failed += self._failures(batch, results)
            _put_away(segment, failed=failed > 0)
            ended += len(endings) - failed
        if ended:
            self._log.info("spool_replayed", endings=ended, process=orphan.folder.name)
        return ended

    async def _end(self, entry: WalEntry) -> None:
        if entry.usage is None:
            await self._ledger.give_back(entry.user_id, entry.request_id, entry.attempt)
            return
        charge = await self._ledger.settle_recorded(entry.user_id, entry.request_id, entry.usage)
        if not charge.repeated:
            self._log.info(
                "token_consumption",
                user_id=entry.user_id,
                tokens_consumed=charge.tokens_charged,
                tokens_remaining=charge.wallet.remaining,
                model=charge.model_asked,
            )
        warn_if_late(self._log, entry, charge)

    def _failures(self, endings: Sequence[WalEntry], results: Sequence[BaseException | None]) -> int:
        """Return how many entries failed for a reason that an operator must look at.

        Raises the error of an entry if it affects all entries, such as StoreUnavailable.
        """
        failed = 0
        for entry, error in zip(endings, results, strict=True):
            if error is None:
                continue
            if isinstance(error, StoreUnavailable) or not isinstance(error, Exception):
                raise error
            is_refused = isinstance(error, SolarisError)
            failed += not is_refused
            self._log.error(
                "spool_line_refused" if is_refused else "spool_line_failed",
                user_id=entry.user_id,
                request_id=entry.request_id,
                usage=entry.usage,
                exc_info=error,
            )
        return failed

    async def _keep_replaying(self) -> None:
        while True:
            try:
                await self.replay()
            except StoreUnavailable as error:
                self._log.warning("spool_replay_waits", cause=str(error))
            except Exception as error:  # noqa: BLE001  one unreadable WAL must not stop the replay of others
                self._log.error("spool_replay_failed", exc_info=error)
            await asyncio.sleep(self._every_seconds)


def warn_if_late(log: Log, entry: WalEntry, charge: Charge) -> None:
    """Log an error if the hold was already charged a different amount.

    The operator can then correct it by a grant.
    """
    expected = None if entry.usage is None else entry.usage["tokens_charged"]
    if charge.repeated and charge.tokens_charged != expected:
        log.error(
            "settlement_too_late",
            user_id=entry.user_id,
            request_id=entry.request_id,
            tokens_charged=charge.tokens_charged,
            tokens_used=expected,
            cure="the hold's lease had run out and it was settled at what was last seen; an adjustment can make up for it",
        )


def _read(segment: Path) -> tuple[list[WalEntry], int]:
    """Return the entries of a segment and the number of damaged lines.

    The last line is damaged if a write was cut off.
    """
    lines = segment.read_bytes().splitlines()
    endings = [WalEntry.from_line(line) for line in lines]
    return [entry for entry in endings if entry is not None], endings.count(None)


def _take(lock_path: Path) -> _OrphanedWal | None:
    lock = lock_exclusively(lock_path, create=False)
    return None if lock is None else _OrphanedWal(lock, lock_path, lock_path.with_suffix(""))


def _put_away(segment: Path, *, failed: bool) -> None:
    """Delete a replayed segment; if a line failed, rename it for the operator to inspect."""
    if failed:
        segment.rename(segment.with_suffix(".failed"))
    else:
        segment.unlink()
