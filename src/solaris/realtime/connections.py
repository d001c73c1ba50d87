"""All open streams of one process: their slots, heartbeats and access checks."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from solaris.auth.principal import Principal
from solaris.domain.errors import Forbidden, NotAuthenticated, SolarisError, UserSuspended
from solaris.domain.notices import SUSPENDED_MESSAGE
from solaris.platform.logs import Log
from solaris.realtime.balance_events import end_event
from solaris.realtime.connection_slots import ConnectionSlots
from solaris.realtime.sse import RETRY_MS, EventStream

BEAT_SECONDS = 15.0
CHECK_SECONDS = 30.0
_TICK_SECONDS = 1.0
_MAX_CHECKS_AT_ONCE = 8
_SHUTDOWN_MESSAGE = "O serviço está sendo reiniciado. A página volta a se conectar sozinha."

# Identifies the reader again from the original request; raises as `Caller.user`.
CheckAccess = Callable[[], Awaitable[Principal]]


@dataclass(slots=True, eq=False)
class _Open:
    user_id: UUID
    stream: EventStream
    check_access: CheckAccess
    beat_at: float
    check_at: float


class Connections:
    """The open streams of one process. Run `run()` as a task of the process.

    If a reader's key is revoked, their token expires or they are suspended, the stream ends with an
    `end` event: at once if the change reaches this process, else within half a minute.
    """

    def __init__(self, slots: ConnectionSlots, log: Log, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._slots = slots
        self._log = log
        self._clock = clock
        self._open: dict[EventStream, _Open] = {}
        self._wake = asyncio.Event()
        self._is_shut = False

    @property
    def count(self) -> int:
        """The number of open streams."""
        return len(self._open)

    def open(self, principal: Principal, check_access: CheckAccess) -> EventStream:
        """Open a stream for this reader; call `close` at its end.

        Raises:
            TooManyStreams, StreamsExhausted: no slot is free.
            UserSuspended: the reader is suspended.
        """
        if not principal.active:
            raise UserSuspended(SUSPENDED_MESSAGE)
        self._slots.take(principal.user_id)
        stream, now = EventStream(), self._clock()
        self._open[stream] = _Open(principal.user_id, stream, check_access, now + BEAT_SECONDS, now + CHECK_SECONDS)
        if self._is_shut:
            _end_for_restart(stream)
        return stream

    def close(self, stream: EventStream) -> None:
        """Remove the stream and give its slot back."""
        opened = self._open.pop(stream, None)
        if opened is not None:
            self._slots.give_back(opened.user_id)

    def on_changed(self, user_id: UUID | None) -> None:
        """Check now whether this user, or every reader if None, still has access."""
        for opened in self._open.values():
            if user_id is None or opened.user_id == user_id:
                opened.check_at = 0.0
        self._wake.set()

    def shutdown(self) -> None:
        """End all streams now, and new ones at once, for the shutdown of the process."""
        self._is_shut = True
        for stream in self._open:
            _end_for_restart(stream)

    async def run(self) -> None:
        """Send heartbeats and check access, until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _TICK_SECONDS)
            self._wake.clear()
            now = self._clock()
            for opened in self._open.values():
                if opened.beat_at <= now:
                    opened.beat_at = now + BEAT_SECONDS
                    opened.stream.beat()
            await self._check_due([opened for opened in self._open.values() if opened.check_at <= now])

    async def _check_due(self, due: list[_Open]) -> None:
        for first in range(0, len(due), _MAX_CHECKS_AT_ONCE):
            await asyncio.gather(*map(self._check, due[first : first + _MAX_CHECKS_AT_ONCE]))

    async def _check(self, opened: _Open) -> None:
        opened.check_at = self._clock() + CHECK_SECONDS
        try:
            principal = await opened.check_access()
        except (NotAuthenticated, Forbidden) as error:
            opened.stream.end(end_event(error.code, error.message))
        except SolarisError as error:
            # PostgreSQL is away: the stream stays open.
            self._log.debug("stream_reader_not_looked_up", user_id=opened.user_id, cause=str(error))
        except Exception as error:  # noqa: BLE001  one reader's error must not stop the heartbeats of the others
            self._log.error("stream_reader_not_looked_up", user_id=opened.user_id, exc_info=error)
        else:
            if not principal.active:
                opened.stream.end(end_event(UserSuspended.code, SUSPENDED_MESSAGE))


def _end_for_restart(stream: EventStream) -> None:
    stream.end(b"retry: %d\n" % RETRY_MS + end_event("server_restart", _SHUTDOWN_MESSAGE))
