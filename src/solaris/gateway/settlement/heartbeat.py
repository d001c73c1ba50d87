"""Keeps the holds of this process's running calls alive: a hold is a lease, and only a living proxy renews it (DESIGN 3)."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from solaris.domain.errors import StoreUnavailable
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Hold
from solaris.platform.logs import Log

_NOTE_EVERY_SECONDS = 1.0
_NOTES_PER_RENEWAL = 5
# Reading and counting this much takes a few milliseconds, in which nothing else is done.
_MAX_BYTES_READ_AT_ONCE = 262_144

_Seen = tuple[UUID, str, int]


class Progress(Protocol):
    """How far a call has come."""

    @property
    def unread_bytes(self) -> int:
        """What would have to be read to know exactly."""

    def output_tokens_so_far(self, *, exact: bool) -> int:
        """Output tokens delivered so far: counted, or where not `exact`, told from what needs no reading."""


@dataclass(slots=True)
class _Lease:
    hold: Hold
    progress: Progress
    prompt_echo_tokens: int
    expected_hidden_output: Callable[[int], int] | None
    noted_tokens: int = 0


class LeaseHeartbeat:
    """The open holds of one process.

    Every second one statement notes the output of those that wrote more; every fifth renews all of them. A proxy that is killed
    is so charged for all but the last second of what it delivered.
    """

    def __init__(self, ledger: Ledger, log: Log, *, every_seconds: float = _NOTE_EVERY_SECONDS) -> None:
        self._ledger = ledger
        self._log = log
        self._every_seconds = every_seconds
        self._heartbeat: dict[tuple[UUID, str], _Lease] = {}
        self._task: asyncio.Task[None] | None = None

    def add(
        self,
        hold: Hold,
        progress: Progress,
        *,
        prompt_echo_tokens: int = 0,
        expected_hidden_output: Callable[[int], int] | None = None,
    ) -> None:
        """Renew this hold from now on.

        `prompt_echo_tokens`: the part of the output that repeats the prompt, and is not charged. `expected_hidden_output`:
        the output to expect that does not come as text, beside so many tokens that did; it is noted with them.
        """
        self._heartbeat[hold.user_id, hold.request_id] = _Lease(
            hold, progress, prompt_echo_tokens, expected_hidden_output
        )

    def drop(self, user_id: UUID, request_id: str) -> None:
        """The hold has ended."""
        self._heartbeat.pop((user_id, request_id), None)

    @property
    def open_holds(self) -> int:
        """How many holds are kept alive now."""
        return len(self._heartbeat)

    def start(self) -> None:
        """Begin to renew."""
        self._task = asyncio.create_task(self._keep_renewing())

    async def stop(self) -> None:
        """Renew no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def renew_now(self) -> None:
        """Renew all holds once, and note their output. Raises StoreUnavailable."""
        if not self._heartbeat:
            return
        asked = self._seen()
        still_open = await self._ledger.renew(asked)
        self._noted(asked)
        for user_id, request_id, _ in asked:
            if (user_id, request_id) not in still_open and (user_id, request_id) in self._heartbeat:
                self._log.debug("hold_ended_elsewhere", user_id=user_id, request_id=request_id)

    async def note_now(self) -> None:
        """Note the output of the holds that have more than at the last note. Raises StoreUnavailable."""
        moved = [one for one in self._seen() if one[2] > self._heartbeat[one[0], one[1]].noted_tokens]
        if moved:
            await self._ledger.note(moved)
            self._noted(moved)

    def _seen(self) -> list[_Seen]:
        left_bytes = _MAX_BYTES_READ_AT_ONCE
        seen = []
        for key, lease in self._heartbeat.items():
            unread_bytes = lease.progress.unread_bytes
            exact = unread_bytes <= left_bytes
            left_bytes -= unread_bytes if exact else 0
            seen.append((*key, self._output_of(lease, exact=exact)))
        return seen

    def _output_of(self, lease: _Lease, *, exact: bool) -> int:
        try:
            delivered = lease.progress.output_tokens_so_far(exact=exact)
        except Exception as error:  # noqa: BLE001  one stream that can't be read must not keep all other holds from being renewed
            self._log.error("progress_not_read", request_id=lease.hold.request_id, exc_info=error)
            return lease.noted_tokens
        written = max(0, delivered - lease.prompt_echo_tokens)
        return written if lease.expected_hidden_output is None else written + lease.expected_hidden_output(written)

    def _noted(self, seen: Sequence[_Seen]) -> None:
        for user_id, request_id, tokens in seen:
            lease = self._heartbeat.get((user_id, request_id))
            if lease is not None:
                lease.noted_tokens = tokens

    async def _keep_renewing(self) -> None:
        rounds = 0
        while True:
            await asyncio.sleep(self._every_seconds)
            rounds += 1
            is_renewal = rounds % _NOTES_PER_RENEWAL == 0
            try:
                await (self.renew_now() if is_renewal else self.note_now())
            except StoreUnavailable as error:
                self._log.warning("leases_not_renewed", holds=len(self._heartbeat), cause=str(error))
            except Exception as error:  # noqa: BLE001  renewing must go on whatever happened, or every running call would expire
                self._log.error("leases_not_renewed", holds=len(self._heartbeat), exc_info=error)
