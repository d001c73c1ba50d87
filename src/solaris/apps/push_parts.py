"""The parts that keep open pages at the present: pushed balances of the proxy, live figures of the administration, wired."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry, Gauge

from solaris.accounts import widget_routes
from solaris.accounts.widget_tokens import WidgetTokens
from solaris.alerts import live_routes, stream_routes
from solaris.alerts.balance_feed import BalanceFeed
from solaris.alerts.balance_view import Balances
from solaris.alerts.live_database import LiveDatabase
from solaris.alerts.live_feed import LiveFeed
from solaris.alerts.live_meter import LiveMeter
from solaris.alerts.open_streams import OpenStreams
from solaris.alerts.push import BalancePush, PushInstruments
from solaris.alerts.push_channel import PushChannel
from solaris.alerts.stream_places import StreamPlaces
from solaris.alerts.widget_cors import WidgetCors
from solaris.apps.accounts_parts import AccountsParts
from solaris.apps.process_parts import ProcessParts
from solaris.ledger.records import Charge
from solaris.platform.settings import Settings
from solaris.platform.traffic import TrafficRecorder

BALANCES_CHANNEL = "solaris:balances"
LIVE_CHANNEL = "solaris:live"
_MOST_STREAMS_PER_USER = 10


@dataclass(frozen=True, slots=True)
class PushParts:
    """What the proxy pushes. `work()` is to run as tasks of the process, `close()` before Redis goes."""

    routers: tuple[APIRouter, ...]
    push: BalancePush
    live: LiveMeter
    feed: BalanceFeed
    streams: OpenStreams
    channel: PushChannel

    def charged(self, user_id: UUID, charge: Charge) -> None:
        """A call was charged. Returns at once."""
        self.push.charged(user_id, charge)
        self.live.charged(user_id, charge)

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """The tasks."""
        return (
            self.channel.listen(),
            self.channel.watch(),
            self.feed.run(),
            self.streams.run(),
            self.live.run(),
        )


def build_push(parts: ProcessParts, accounts: AccountsParts, recorder: TrafficRecorder) -> PushParts:
    """The push of one proxy process."""
    settings, log, registry = parts.settings, parts.log, parts.metrics.registry
    channel = PushChannel(parts.redis, BALANCES_CHANNEL, log)
    feed = BalanceFeed(Balances(parts.database), parts.ledger, channel, settings.zone, log)
    channel.hear(feed.heard)
    streams = OpenStreams(_places(settings), log)
    push = BalancePush(channel, feed.watched, feed.charged, PushInstruments(registry))
    _gauge_streams(registry, streams)
    accounts.changes.subscribe(feed.changed)
    accounts.changes.subscribe(streams.changed)
    tokens = WidgetTokens(parts.database, accounts.changes, settings.widget_origins)
    routers = (
        stream_routes.routes(feed, streams, accounts.caller),
        widget_routes.routes(tokens, accounts.caller),
    )
    live = LiveMeter(recorder, PushChannel(parts.redis, LIVE_CHANNEL, log))
    return PushParts(routers, push, live, feed, streams, channel)


@dataclass(frozen=True, slots=True)
class LiveParts:
    """What the Admin Dashboard shows live. `work()` is to run as tasks of the process."""

    router: APIRouter
    feed: LiveFeed
    streams: OpenStreams
    channel: PushChannel

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """The tasks."""
        return self.channel.listen(), self.feed.run(), self.streams.run()


def build_live(parts: ProcessParts, accounts: AccountsParts) -> LiveParts:
    """The live figures of one administration process."""
    log, registry = parts.log, parts.metrics.registry
    channel = PushChannel(parts.redis, LIVE_CHANNEL, log)
    feed = LiveFeed(LiveDatabase(parts.database), channel, log)
    streams = OpenStreams(_places(parts.settings), log)
    _gauge_streams(registry, streams)
    accounts.changes.subscribe(streams.changed)
    return LiveParts(live_routes.routes(feed, streams, accounts.caller), feed, streams, channel)


def _places(settings: Settings) -> StreamPlaces:
    # Open streams take places that the other routes need too.
    most = min(settings.solaris_open_streams_limit, max(1, settings.solaris_open_calls_limit // 2))
    return StreamPlaces(most=most, most_per_user=_MOST_STREAMS_PER_USER)


def _gauge_streams(registry: CollectorRegistry, streams: OpenStreams) -> None:
    gauge = Gauge("solaris_open_streams", "Live streams that are open", registry=registry)
    gauge.set_function(lambda: streams.count)


def admit_widgets(app: FastAPI, parts: ProcessParts) -> None:
    """Let the named chat pages read balances."""
    app.add_middleware(WidgetCors, origins=parts.settings.widget_origins)
