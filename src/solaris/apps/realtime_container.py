"""The parts that keep open pages at the present: pushed balances of the proxy, live figures of the administration, wired."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry, Gauge

from solaris.apps.auth_container import AuthContainer
from solaris.apps.process_container import ProcessContainer
from solaris.auth import widget_token_routes
from solaris.auth.widget_tokens import WidgetTokens
from solaris.ledger.records import Charge
from solaris.platform.settings import Settings
from solaris.realtime import routes as stream_routes
from solaris.realtime import usage_routes
from solaris.realtime.balance_broadcaster import BalanceBroadcaster
from solaris.realtime.balance_publisher import BalancePublisher, PushInstruments
from solaris.realtime.balance_view import Balances
from solaris.realtime.connection_slots import ConnectionSlots
from solaris.realtime.connections import Connections
from solaris.realtime.redis_channel import RedisChannel
from solaris.realtime.usage_broadcaster import UsageBroadcaster
from solaris.realtime.usage_publisher import UsagePublisher
from solaris.realtime.usage_queries import UsageQueries
from solaris.realtime.widget_cors import WidgetCors
from solaris.reporting.traffic import TrafficRecorder

BALANCES_CHANNEL = "solaris:balances"
LIVE_CHANNEL = "solaris:live"
_MAX_STREAMS_PER_USER = 10


@dataclass(frozen=True, slots=True)
class RealtimeContainer:
    """What the proxy pushes. `work()` is to run as tasks of the process, `close()` before Redis goes."""

    routers: tuple[APIRouter, ...]
    push: BalancePublisher
    live: UsagePublisher
    feed: BalanceBroadcaster
    streams: Connections
    channel: RedisChannel

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


def build_realtime(parts: ProcessContainer, accounts: AuthContainer, recorder: TrafficRecorder) -> RealtimeContainer:
    """The push of one proxy process."""
    settings, log, registry = parts.settings, parts.log, parts.metrics.registry
    channel = RedisChannel(parts.redis, BALANCES_CHANNEL, log)
    feed = BalanceBroadcaster(Balances(parts.database), parts.ledger, channel, settings.zone, log)
    channel.hear(feed.heard)
    streams = Connections(_places(settings), log)
    push = BalancePublisher(channel, feed.watched, feed.charged, PushInstruments(registry))
    _gauge_streams(registry, streams)
    accounts.cache_invalidation.subscribe(feed.changed)
    accounts.cache_invalidation.subscribe(streams.changed)
    tokens = WidgetTokens(parts.database, accounts.cache_invalidation, settings.widget_origins)
    routers = (
        stream_routes.routes(feed, streams, accounts.caller),
        widget_token_routes.routes(tokens, accounts.caller),
    )
    live = UsagePublisher(recorder, RedisChannel(parts.redis, LIVE_CHANNEL, log))
    return RealtimeContainer(routers, push, live, feed, streams, channel)


@dataclass(frozen=True, slots=True)
class LiveUsageContainer:
    """What the Admin Dashboard shows live. `work()` is to run as tasks of the process."""

    router: APIRouter
    feed: UsageBroadcaster
    streams: Connections
    channel: RedisChannel

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """The tasks."""
        return self.channel.listen(), self.feed.run(), self.streams.run()


def build_live(parts: ProcessContainer, accounts: AuthContainer) -> LiveUsageContainer:
    """The live figures of one administration process."""
    log, registry = parts.log, parts.metrics.registry
    channel = RedisChannel(parts.redis, LIVE_CHANNEL, log)
    feed = UsageBroadcaster(UsageQueries(parts.database), channel, log)
    streams = Connections(_places(parts.settings), log)
    _gauge_streams(registry, streams)
    accounts.cache_invalidation.subscribe(streams.changed)
    return LiveUsageContainer(usage_routes.routes(feed, streams, accounts.caller), feed, streams, channel)


def _places(settings: Settings) -> ConnectionSlots:
    # Open streams take places that the other routes need too.
    most = min(settings.solaris_open_streams_limit, max(1, settings.solaris_open_calls_limit // 2))
    return ConnectionSlots(most=most, max_per_user=_MAX_STREAMS_PER_USER)


def _gauge_streams(registry: CollectorRegistry, streams: Connections) -> None:
    gauge = Gauge("solaris_open_streams", "Live streams that are open", registry=registry)
    gauge.set_function(lambda: streams.count)


def admit_widgets(app: FastAPI, parts: ProcessContainer) -> None:
    """Let the named chat pages read balances."""
    app.add_middleware(WidgetCors, origins=parts.settings.widget_origins)
