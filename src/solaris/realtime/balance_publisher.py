"""Publishes charges outside the request path, batched into one message per 0.1 seconds."""

import asyncio
import contextlib
from collections.abc import Callable, Container
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter

from solaris.ledger.records import Charge
from solaris.realtime.balance_view import PublishedCharge, encode
from solaris.realtime.redis_channel import RedisChannel

_BATCH_SECONDS = 0.1
_MAX_WAITING = 5_000


class PublisherInstruments:
    """The publisher's metrics in the process's registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.published = Counter("solaris_push_balances_total", "Balances told to other processes", registry=registry)
        self.dropped = Counter(
            "solaris_push_dropped_total", "Balances not told: Redis was away, or too many waited", registry=registry
        )


class BalancePublisher:
    """Publishes every charge to this process's streams and, through Redis, to other processes.

    Charges of one user in one batch are merged into the latest. Without open streams `on_charged`
    does nothing. A charge that can't be published is dropped and counted: broadcasters also read
    PostgreSQL.
    """

    def __init__(
        self,
        channel: RedisChannel,
        watched_here: Container[UUID],
        publish_here: Callable[[list[PublishedCharge]], None],
        instruments: PublisherInstruments,
    ) -> None:
        self._channel = channel
        self._watched_here = watched_here
        self._publish_here = publish_here
        self._instruments = instruments
        self._waiting: dict[UUID, PublishedCharge] = {}
        self._sending: asyncio.Task[None] | None = None

    def on_charged(self, user_id: UUID, charge: Charge) -> None:
        """Queue a charge for publication. Returns at once."""
        if not (self._channel.others_listen or user_id in self._watched_here) or charge.repeated:
            return
        crossed = max(charge.crossed_percent, default=None)
        before = self._waiting.get(user_id)
        if before is None and len(self._waiting) >= _MAX_WAITING:
            self._instruments.dropped.inc()
            return
        published = PublishedCharge(user_id, charge.wallet, crossed)
        self._waiting[user_id] = published if before is None else _later(before, published)
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())

    async def close(self) -> None:
        """Publish what is queued and wait for it."""
        while self._sending is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([self._sending])

    async def _send(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(_BATCH_SECONDS)
                published, self._waiting = list(self._waiting.values()), {}
                self._publish_here(published)
                if not self._channel.others_listen:
                    continue
                done = await self._channel.publish(encode(published))
                (self._instruments.published if done else self._instruments.dropped).inc(len(published))
        finally:
            self._sending = None


def _later(before: PublishedCharge, published: PublishedCharge) -> PublishedCharge:
    """Return the later charge with the higher of the two crossed thresholds."""
    latest = published if published.order >= before.order else before
    crossed = max(before.crossed_percent or 0, published.crossed_percent or 0)
    return PublishedCharge(latest.user_id, latest.wallet, crossed or None)
