"""Broadcasts the usage of all proxies per second to the live charts of one admin process."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from solaris.domain.errors import StoreUnavailable
from solaris.platform.logs import Log
from solaris.realtime.redis_channel import RedisChannel
from solaris.realtime.sse import EventStream, event
from solaris.realtime.usage_publisher import Consumption, decode
from solaris.realtime.usage_queries import NamedUser, UsageQueries, UserEvent

HISTORY_SECONDS = 300
WINDOW_SECONDS = 60
MAX_CONSUMERS = 10
_QUERY_SECONDS = 2
# The proxies publish a second right after its end.
_PUBLISH_AFTER_SECONDS = 0.3
_PROXY_GONE_SECONDS = 60


class UsageBroadcaster:
    """Sums what the proxies publish and sends it to the streams once a second.

    Run `run()` as a task of the process. While Redis is away and streams are open, the figures come
    from PostgreSQL every two seconds.
    """

    def __init__(
        self, queries: UsageQueries, channel: RedisChannel, log: Log, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._queries = queries
        self._channel = channel
        self._log = log
        self._clock = clock
        self._seconds: deque[tuple[int, Consumption]] = deque()
        self._proxies: dict[str, int] = {}
        self._streams: set[EventStream] = set()
        self._is_failing = False
        channel.set_handler(self.on_message)
        channel.set_subscribed(True)

    def on_message(self, message: bytes) -> None:
        """Add a proxy's published usage of its last second."""
        decoded = decode(message)
        if decoded is not None:
            process, consumed = decoded
            self._proxies[process] = int(self._clock())
            self._add(consumed)

    def join(self, stream: EventStream) -> None:
        """Add a stream: it gets the last minutes at once, then every second."""
        self._streams.add(stream)
        stream.put("history", event("history", self._history()))

    def leave(self, stream: EventStream) -> None:
        """Remove a closed stream."""
        self._streams.discard(stream)

    async def run(self) -> None:
        """Send every second, until cancelled."""
        while True:
            now = self._clock()
            await asyncio.sleep(1 - (now - _PUBLISH_AFTER_SECONDS) % 1)
            try:
                await self._publish(int(self._clock()))
            except StoreUnavailable as error:
                if not self._is_failing:
                    self._log.warning("live_figures_not_read", cause=str(error.__cause__ or error))
                self._is_failing = True
            except Exception as error:  # noqa: BLE001  any error: the next second is sent again
                self._log.error("live_figures_not_read", exc_info=error)
            else:
                self._is_failing = False

    async def _publish(self, now: int) -> None:
        self._drop_old(now)
        if not self._streams:
            self._queries.reset()
            return
        if now % _QUERY_SECONDS == 0:
            if self._channel.connected:
                self._queries.reset()
            else:
                self._add(await self._queries.consumed())
            for one in await self._queries.new_events():
                self._put(f"news {one.id}", event(one.kind, _event_fields(one)))
        self._put("live", event("live", await self._live_figures(now)))

    def _put(self, slot: str, payload: bytes) -> None:
        for stream in self._streams:
            stream.put(slot, payload)

    def _add(self, consumed: Consumption) -> None:
        now = int(self._clock())
        if not self._seconds or self._seconds[-1][0] != now:
            self._seconds.append((now, Consumption()))
        self._seconds[-1][1].add(consumed)

    def _drop_old(self, now: int) -> None:
        while self._seconds and self._seconds[0][0] <= now - HISTORY_SECONDS:
            self._seconds.popleft()
        for process, received_at in list(self._proxies.items()):
            if received_at <= now - _PROXY_GONE_SECONDS:
                del self._proxies[process]

    async def _live_figures(self, now: int) -> dict[str, Any]:
        window, last = Consumption(), Consumption()
        for second, consumed in self._seconds:
            if second > now - WINDOW_SECONDS:
                window.add(consumed)
            if second == now:
                last = consumed
        top = window.users.most_common(MAX_CONSUMERS)
        names: Mapping[UUID, NamedUser] = {}
        with suppress(StoreUnavailable):  # figures without names are better than none
            names = await self._queries.names(user_id for user_id, _ in top)
        return {
            "at": datetime.fromtimestamp(now, UTC),
            "source": "push" if self._channel.connected else "database",
            "proxies": len(self._proxies),
            "tokens": last.tokens,
            "requests": last.requests,
            "errors": last.errors,
            "tokens_per_minute": window.tokens,
            "requests_per_minute": window.requests,
            "errors_per_minute": window.errors,
            "error_rate": round(window.errors / window.requests, 4) if window.requests else 0.0,
            "models": _models(window, by_tokens=self._channel.connected),
            "top_consumers": [_consumer(user_id, tokens, names.get(user_id)) for user_id, tokens in top],
        }

    def _history(self) -> dict[str, Any]:
        now = int(self._clock())
        figures: dict[str, list[int]] = {name: [0] * HISTORY_SECONDS for name in ("tokens", "requests", "errors")}
        for second, consumed in self._seconds:
            place = second - now + HISTORY_SECONDS - 1
            if 0 <= place < HISTORY_SECONDS:
                for name, values in figures.items():
                    values[place] = getattr(consumed, name)
        return {"until": datetime.fromtimestamp(now, UTC), "seconds": HISTORY_SECONDS, **figures}


def _models(window: Consumption, *, by_tokens: bool) -> list[dict[str, Any]]:
    models = [
        {"model": name, "requests": requests, "tokens": tokens if by_tokens else None, "errors": errors}
        for name, (requests, tokens, errors) in window.models.items()
    ]
    return sorted(models, key=lambda model: (-(model["tokens"] or 0), -model["requests"]))


def _consumer(user_id: UUID, tokens: int, named: NamedUser | None) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "name": "" if named is None else named.name,
        "email": None if named is None else named.email,
        "tokens": tokens,
    }


def _event_fields(user_event: UserEvent) -> dict[str, Any]:
    return {
        "id": user_event.id,
        "created_at": user_event.created_at,
        "user_id": user_event.user_id,
        "name": user_event.name,
        "email": user_event.email,
        **user_event.figures,
    }
