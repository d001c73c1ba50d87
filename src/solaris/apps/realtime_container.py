"""Wiring of `realtime`: balance streams of the proxy, usage streams of the Admin Dashboard."""

from collections.abc import Callable, Coroutine
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
from solaris.realtime.balance_publisher import BalancePublisher, PublisherInstruments
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
    """The proxy's streams and publishers.

    Run `tasks()` in the process; close `balance_publisher` before Redis.
    """

    routers: tuple[APIRouter, ...]
    balance_publisher: BalancePublisher
    usage_publisher: UsagePublisher
    broadcaster: BalanceBroadcaster
    connections: Connections
    channel: RedisChannel

    @property
    def on_charged(self) -> tuple[Callable[[UUID, Charge], None], ...]:
        """Callbacks for each charge; they return at once."""
        return self.balance_publisher.on_charged, self.usage_publisher.on_charged

    def tasks(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """Return the coroutines to run as tasks."""
        return (
            self.channel.listen(),
            self.channel.watch(),
            self.broadcaster.run(),
            self.connections.run(),
            self.usage_publisher.run(),
        )


def build_realtime(container: ProcessContainer, auth: AuthContainer, recorder: TrafficRecorder) -> RealtimeContainer:
    """Build the streams and publishers of one proxy process."""
    settings, log, registry = container.settings, container.log, container.metrics.registry
    channel = RedisChannel(container.redis, BALANCES_CHANNEL, log)
    broadcaster = BalanceBroadcaster(Balances(container.database), container.ledger, channel, settings.zone, log)
    channel.set_handler(broadcaster.on_message)
    connections = Connections(_slots(settings), log)
    balance_publisher = BalancePublisher(
        channel, broadcaster.watched, broadcaster.on_charged, PublisherInstruments(registry)
    )
    _add_streams_gauge(registry, connections)
    auth.cache_invalidation.subscribe(broadcaster.on_changed)
    auth.cache_invalidation.subscribe(connections.on_changed)
    tokens = WidgetTokens(container.database, auth.cache_invalidation, settings.widget_origins)
    routers = (
        stream_routes.routes(broadcaster, connections, auth.caller),
        widget_token_routes.routes(tokens, auth.caller),
    )
    usage_publisher = UsagePublisher(recorder, RedisChannel(container.redis, LIVE_CHANNEL, log))
    return RealtimeContainer(routers, balance_publisher, usage_publisher, broadcaster, connections, channel)


@dataclass(frozen=True, slots=True)
class LiveUsageContainer:
    """The Admin Dashboard's live usage. Run `tasks()` in the process."""

    router: APIRouter
    broadcaster: UsageBroadcaster
    connections: Connections
    channel: RedisChannel

    def tasks(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """Return the coroutines to run as tasks."""
        return self.channel.listen(), self.broadcaster.run(), self.connections.run()


def build_live_usage(container: ProcessContainer, auth: AuthContainer) -> LiveUsageContainer:
    """Build the live usage of one admin process."""
    log, registry = container.log, container.metrics.registry
    channel = RedisChannel(container.redis, LIVE_CHANNEL, log)
    broadcaster = UsageBroadcaster(UsageQueries(container.database), channel, log)
    connections = Connections(_slots(container.settings), log)
    _add_streams_gauge(registry, connections)
    auth.cache_invalidation.subscribe(connections.on_changed)
    return LiveUsageContainer(
        usage_routes.routes(broadcaster, connections, auth.caller), broadcaster, connections, channel
    )


def _slots(settings: Settings) -> ConnectionSlots:
    # Open streams count as open calls: leave half of the limit to other routes.
    max_streams = min(settings.solaris_open_streams_limit, max(1, settings.solaris_open_calls_limit // 2))
    return ConnectionSlots(max_streams=max_streams, max_per_user=_MAX_STREAMS_PER_USER)


def _add_streams_gauge(registry: CollectorRegistry, connections: Connections) -> None:
    gauge = Gauge("solaris_open_streams", "Live streams that are open", registry=registry)
    gauge.set_function(lambda: connections.count)


def admit_widgets(app: FastAPI, container: ProcessContainer) -> None:
    """Add CORS for the configured chat pages."""
    app.add_middleware(WidgetCors, origins=container.settings.widget_origins)
