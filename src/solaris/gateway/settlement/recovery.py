"""What dead processes of this machine left in their spools, brought into the account book by a living one."""

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

_LOOK_EVERY_SECONDS = 5.0
_TOGETHER = 64


@dataclass(frozen=True, slots=True)
class _LeftWal:
    """The spool of a dead process, ours alone while the lock is held."""

    lock: int
    lock_path: Path
    folder: Path

    def segments(self) -> list[Path]:
        return sorted(self.folder.glob("*.spool"))

    def let_go(self) -> None:
        """Delete what is empty; the rest is for the next who comes."""
        with suppress(OSError):
            if self.folder.is_dir():
                self.folder.rmdir()
            self.lock_path.unlink()
        os.close(self.lock)


class WalRecovery:
    """Replays the spools of dead processes. Any number of processes may try: a lock lets one at a time, request ids do the rest."""

    def __init__(self, root: Path, ledger: Ledger, log: Log, *, every_seconds: float = _LOOK_EVERY_SECONDS) -> None:
        self._root = root
        self._ledger = ledger
        self._log = log
        self._every_seconds = every_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Replay now, and look again every few seconds: a sibling may die at any time."""
        self._task = asyncio.create_task(self._keep_looking())

    async def stop(self) -> None:
        """Look no more; a segment that was not finished stays."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def replay(self) -> int:
        """Bring everything that dead processes left into the account book; returns how many endings.

        Raises:
            StoreUnavailable: PostgreSQL does not take them now; nothing is lost.
        """
        ended = 0
        for lock_path in await asyncio.to_thread(lambda: sorted(self._root.glob("*.lock"))):
            left = _take(lock_path)
            if left is None:
                continue
            try:
                ended += await self._replay_one(left)
            finally:
                left.let_go()
        return ended

    async def _replay_one(self, left: _LeftWal) -> int:
        ended = 0
        for segment in left.segments():
            endings, torn = await asyncio.to_thread(_read, segment)
            if torn:
                self._log.warning("spool_lines_torn", lines=torn, segment=segment.name, process=left.folder.name)
            failed = 0
            for start in range(0, len(endings), _TOGETHER):
                together = endings[start : start + _TOGETHER]
                results = await asyncio.gather(*map(self._end, together), return_exceptions=True)
                failed += self._failures(together, results)
            _put_away(segment, failed=failed > 0)
            ended += len(endings) - failed
        if ended:
            self._log.info("spool_replayed", endings=ended, process=left.folder.name)
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
        """How many could not be ended for a reason that a person must look at. Raises what all of them wait for."""
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

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self.replay()
            except StoreUnavailable as error:
                self._log.warning("spool_replay_waits", cause=str(error))
            except Exception as error:  # noqa: BLE001  a spool that can't be read must not keep the others from being replayed later
                self._log.error("spool_replay_failed", exc_info=error)
            await asyncio.sleep(self._every_seconds)


def warn_if_late(log: Log, entry: WalEntry, charge: Charge) -> None:
    """An error line where a hold had been charged otherwise before, so that a person can correct it by a grant."""
    wanted = None if entry.usage is None else entry.usage["tokens_charged"]
    if charge.repeated and charge.tokens_charged != wanted:
        log.error(
            "settlement_too_late",
            user_id=entry.user_id,
            request_id=entry.request_id,
            tokens_charged=charge.tokens_charged,
            tokens_used=wanted,
            cure="the hold's lease had run out and it was settled at what was last seen; an adjustment can make up for it",
        )


def _read(segment: Path) -> tuple[list[WalEntry], int]:
    """The endings of a segment, and how many lines are no whole ones (the last, where a write was cut off)."""
    lines = segment.read_bytes().splitlines()
    endings = [WalEntry.of_line(line) for line in lines]
    return [entry for entry in endings if entry is not None], endings.count(None)


def _take(lock_path: Path) -> _LeftWal | None:
    lock = lock_exclusively(lock_path, create=False)
    return None if lock is None else _LeftWal(lock, lock_path, lock_path.with_suffix(""))


def _put_away(segment: Path, *, failed: bool) -> None:
    """Delete what was replayed; where a line failed, the file stays under another name for a person to look at."""
    if failed:
        segment.rename(segment.with_suffix(".failed"))
    else:
        segment.unlink()
