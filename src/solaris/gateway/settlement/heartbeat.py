"""Renews the holds of this process's running calls.

A hold is a lease that expires unless its proxy renews it (DESIGN 3).
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from solaris.domain.errors import StoreUnavailable
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Hold
from solaris.platform.logs import Log

_SAVE_EVERY_SECONDS = 1.0
_SAVES_PER_RENEWAL = 5
# Counting this many bytes takes a few milliseconds and blocks the event loop.
_MAX_BYTES_READ_AT_ONCE = 262_144

_Progress = tuple[UUID, str, int]


class Progress(Protocol):
    """Progress of a running call."""

    @property
    def unread_bytes(self) -> int:
        """Bytes that have to be counted for an exact result."""

    def output_tokens_so_far(self, *, exact: bool) -> int:
        """Output tokens delivered so far.

        With `exact`, all delivered text is counted; otherwise the uncounted part is estimated.
        """


@dataclass(slots=True)
class _Lease:
    hold: Hold
    progress: Progress
    prompt_echo_tokens: int
    expected_hidden_output: Callable[[int], int] | None
    saved_tokens: int = 0


class LeaseHeartbeat:
    """Renews the open holds of one process and saves their progress.

    Each second one statement saves the output tokens of the holds that have more than before; each
    fifth second one statement renews all holds. If a proxy is killed, its calls are charged for all
    output except that of the last second.
    """

    def __init__(self, ledger: Ledger, log: Log, *, every_seconds: float = _SAVE_EVERY_SECONDS) -> None:
        self._ledger = ledger
        self._log = log
        self._every_seconds = every_seconds
        self._leases: dict[tuple[UUID, str], _Lease] = {}
        self._task: asyncio.Task[None] | None = None

    def add(
        self,
        hold: Hold,
        progress: Progress,
        *,
        prompt_echo_tokens: int = 0,
        expected_hidden_output: Callable[[int], int] | None = None,
    ) -> None:
        """Start renewing this hold.

        `prompt_echo_tokens` is the part of the output that repeats the prompt and is not charged.
        `expected_hidden_output` maps visible output tokens to the hidden output tokens expected with them;
        both are saved together.
        """
        self._leases[hold.user_id, hold.request_id] = _Lease(hold, progress, prompt_echo_tokens, expected_hidden_output)

    def drop(self, user_id: UUID, request_id: str) -> None:
        """Stop renewing this hold."""
        self._leases.pop((user_id, request_id), None)

    @property
    def open_holds(self) -> int:
        """Number of holds that are being renewed."""
        return len(self._leases)

    def start(self) -> None:
        """Start the renewal task."""
        self._task = asyncio.create_task(self._keep_renewing())

    async def stop(self) -> None:
        """Cancel the renewal task."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def renew_now(self) -> None:
        """Renew all holds once and save their output tokens. Raises StoreUnavailable."""
        if not self._leases:
            return
        progress = self._current_progress()
        still_open = await self._ledger.renew(progress)
        self._mark_saved(progress)
        for user_id, request_id, _ in progress:
            if (user_id, request_id) not in still_open and (user_id, request_id) in self._leases:
                self._log.debug("hold_ended_elsewhere", user_id=user_id, request_id=request_id)

    async def save_progress(self) -> None:
        """Save the output tokens of the holds that have more than last saved.

        Raises StoreUnavailable.
        """
        grown = [
            entry for entry in self._current_progress() if entry[2] > self._leases[entry[0], entry[1]].saved_tokens
        ]
        if grown:
            await self._ledger.note(grown)
            self._mark_saved(grown)

    def _current_progress(self) -> list[_Progress]:
        budget_bytes = _MAX_BYTES_READ_AT_ONCE
        progress = []
        for key, lease in self._leases.items():
            unread_bytes = lease.progress.unread_bytes
            exact = unread_bytes <= budget_bytes
            budget_bytes -= unread_bytes if exact else 0
            progress.append((*key, self._output_tokens(lease, exact=exact)))
        return progress

    def _output_tokens(self, lease: _Lease, *, exact: bool) -> int:
        try:
            delivered = lease.progress.output_tokens_so_far(exact=exact)
        except Exception as error:  # noqa: BLE001  one faulty stream must not stop the renewal of other holds
            self._log.error("progress_not_read", request_id=lease.hold.request_id, exc_info=error)
            return lease.saved_tokens
        charged = max(0, delivered - lease.prompt_echo_tokens)
        return charged if lease.expected_hidden_output is None else charged + lease.expected_hidden_output(charged)

    def _mark_saved(self, progress: Sequence[_Progress]) -> None:
        for user_id, request_id, tokens in progress:
            lease = self._leases.get((user_id, request_id))
            if lease is not None:
                lease.saved_tokens = tokens

    async def _keep_renewing(self) -> None:
        rounds = 0
        while True:
            await asyncio.sleep(self._every_seconds)
            rounds += 1
            is_renewal = rounds % _SAVES_PER_RENEWAL == 0
            try:
                await (self.renew_now() if is_renewal else self.save_progress())
            except StoreUnavailable as error:
                self._log.warning("leases_not_renewed", holds=len(self._leases), cause=str(error))
            except Exception as error:  # noqa: BLE001  if renewal stopped, every running call would expire
                self._log.error("leases_not_renewed", holds=len(self._leases), exc_info=error)
