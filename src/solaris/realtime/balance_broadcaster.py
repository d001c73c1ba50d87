"""Broadcasts balances to this process's open streams, from published charges and from PostgreSQL.

All users due are read in one statement: at once after a connect or a change other than a charge,
every two seconds while Redis is away, every ten otherwise, so that no unpublished change is missed.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from solaris.domain.errors import SolarisError, StoreUnavailable
from solaris.ledger.ledger import Ledger
from solaris.platform.logs import Log
from solaris.realtime.balance_events import cause_of, changes
from solaris.realtime.balance_view import BalanceView, PublishedCharge, ReadsBalances, decode
from solaris.realtime.redis_channel import RedisChannel
from solaris.realtime.sse import EventStream

READ_SECONDS = 10.0
READ_SECONDS_ALONE = 2.0
_TICK_SECONDS = 0.5
_SECONDS_BETWEEN_READS = 0.1
# Other processes learn of a new subscriber within a second, and publish nothing until then.
_WARM_UP_SECONDS = 3.0
_LINGER_SECONDS = 30.0
_MAX_PER_READ = 2_000


@dataclass(slots=True, eq=False)
class _Watched:
    """A user with open streams. `read_at`: start of their last read, on the monotonic clock."""

    streams: set[EventStream] = field(default_factory=set)
    new_streams: set[EventStream] = field(default_factory=set)
    view: BalanceView | None = None
    is_due: bool = True
    read_at: float = 0.0


class BalanceBroadcaster:
    """Keeps every open stream up to date. Run `run()` as a task of the process."""

    def __init__(
        self,
        balances: ReadsBalances,
        ledger: Ledger,
        channel: RedisChannel,
        zone: ZoneInfo,
        log: Log,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._balances = balances
        self._ledger = ledger
        self._channel = channel
        self._zone = zone
        self._log = log
        self._clock = clock
        self._watched: dict[UUID, _Watched] = {}
        self._wake = asyncio.Event()
        self._warm_until = 0.0
        self._empty_since = 0.0
        self._is_failing = False

    @property
    def watched(self) -> Collection[UUID]:
        """The users with open streams: a live view that always reflects the present set."""
        return self._watched.keys()

    def join(self, user_id: UUID, stream: EventStream) -> None:
        """Add a stream: it gets the present balance as soon as it is read, then every change."""
        if not self._watched:
            self._warm_until = self._clock() + _WARM_UP_SECONDS
            self._channel.set_subscribed(True)
        watched = self._watched.setdefault(user_id, _Watched())
        watched.new_streams.add(stream)
        self._mark_due(watched)

    def leave(self, user_id: UUID, stream: EventStream) -> None:
        """Remove a closed stream."""
        watched = self._watched.get(user_id)
        if watched is None:
            return
        watched.streams.discard(stream)
        watched.new_streams.discard(stream)
        if not (watched.streams or watched.new_streams):
            del self._watched[user_id]
            self._empty_since = self._clock()

    def on_message(self, message: bytes) -> None:
        """Handle charges published by another process through Redis."""
        self.on_charged(decode(message))

    def on_charged(self, charges: Iterable[PublishedCharge]) -> None:
        """Apply charges of this or another process; outdated ones are ignored."""
        for charge in charges:
            watched = self._watched.get(charge.user_id)
            if watched is None:
                continue
            if watched.view is None:
                self._mark_due(watched)  # a running read may not include this charge
                continue
            if charge.order <= watched.view.order:
                continue
            if charge.wallet.period_start != watched.view.wallet.period_start:
                self._mark_due(watched)  # a renewal: the old alerts no longer apply
                continue
            self._show(watched, watched.view.after(charge), "charge")
            if watched.view.wallet.refused_tokens:
                self._mark_due(watched)  # the charged call may have lifted the block

    def on_changed(self, user_id: UUID | None) -> None:
        """Read the user now, or all users if None, after a change other than a charge."""
        if user_id is None:
            for watched in self._watched.values():
                self._mark_due(watched)
        elif (watched_user := self._watched.get(user_id)) is not None:
            self._mark_due(watched_user)

    async def run(self) -> None:
        """Read the users due, until cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _TICK_SECONDS)
            self._wake.clear()
            if not self._watched and self._clock() - self._empty_since > _LINGER_SECONDS:
                self._channel.set_subscribed(False)
            for users in _portions(self._users_due()):
                await self._read(users)
            await asyncio.sleep(_SECONDS_BETWEEN_READS)

    def _mark_due(self, watched: _Watched) -> None:
        watched.is_due = True
        self._wake.set()

    def _users_due(self) -> list[UUID]:
        now, month = self._clock(), datetime.now(self._zone).date().replace(day=1)
        must_poll = not self._channel.connected or now < self._warm_until
        return [user_id for user_id, watched in self._watched.items() if _is_due(watched, now, month, must_poll)]

    async def _read(self, users: list[UUID]) -> None:
        now = self._clock()
        for user_id in users:
            if (watched := self._watched.get(user_id)) is not None:
                watched.is_due, watched.read_at = False, now
        try:
            views = await self._balances.read(users)
            for user_id, view in views.items():
                if view is None:
                    await self._open_period(user_id)
                else:
                    self._apply(user_id, view)
        except StoreUnavailable as error:
            if not self._is_failing:
                self._log.warning("balances_not_read", users=len(users), cause=str(error.__cause__ or error))
            self._is_failing = True
        except Exception as error:  # noqa: BLE001  any error: the other streams must continue
            self._log.error("balances_not_read", users=len(users), exc_info=error)
        else:
            self._is_failing = False

    async def _open_period(self, user_id: UUID) -> None:
        """Open the new period (SPEC 3.6); the balance is read in the next round."""
        with suppress(SolarisError):
            await self._ledger.open_period(user_id)
        self.on_changed(user_id)

    def _apply(self, user_id: UUID, view: BalanceView) -> None:
        watched = self._watched.get(user_id)
        if watched is None:
            return
        if watched.view is not None and view.order < watched.view.order:
            # A published charge overtook this read: keep it, and read the other changes again.
            view = watched.view
            self._mark_due(watched)
        self._show(watched, view, cause_of(watched.view, view))
        for stream in watched.new_streams:
            _put(stream, changes(None, view, "current", self._zone))
        watched.streams |= watched.new_streams
        watched.new_streams.clear()

    def _show(self, watched: _Watched, view: BalanceView, cause: str) -> None:
        events = changes(watched.view, view, cause, self._zone)
        watched.view = view
        for stream in watched.streams:
            _put(stream, events)


def _is_due(watched: _Watched, now: float, month: date, must_poll: bool) -> bool:
    view = watched.view
    if watched.is_due or view is None or view.wallet.period_start < month:
        return watched.is_due or now - watched.read_at >= _TICK_SECONDS
    # A hold may end without a charge, which is not published.
    soon = must_poll or view.wallet.held > 0
    return now - watched.read_at >= (READ_SECONDS_ALONE if soon else READ_SECONDS)


def _put(stream: EventStream, events: Iterable[tuple[str, bytes]]) -> None:
    for slot, payload in events:
        stream.put(slot, payload)


def _portions(users: list[UUID]) -> Iterable[list[UUID]]:
    return (users[first : first + _MAX_PER_READ] for first in range(0, len(users), _MAX_PER_READ))
