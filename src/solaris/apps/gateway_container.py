"""Builds the gateway of a proxy process, and opens and closes its parts in order."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.types import ASGIApp

from solaris.apps.process_container import ProcessContainer
from solaris.auth.cache_invalidation import PublishChange
from solaris.auth.caller import Caller
from solaris.gateway import routes as gateway_routes
from solaris.gateway import tokens_routes
from solaris.gateway.admission import Admission
from solaris.gateway.api.anthropic import MessagesShape
from solaris.gateway.api.base import ApiShape
from solaris.gateway.api.chat import ChatShape
from solaris.gateway.api.completions import CompletionsShape
from solaris.gateway.api.embeddings import EmbeddingsShape
from solaris.gateway.api.litellm_params import BodyCleaner
from solaris.gateway.api.responses import ResponsesShape
from solaris.gateway.count_tokens import CountDependencies, CountingEndpoint, count_shapes
from solaris.gateway.current_balance import CurrentBalance
from solaris.gateway.direct_consumption import DirectConsumption
from solaris.gateway.drain import UpstreamDrain
from solaris.gateway.endpoint import MeteredEndpoint
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.gateway.forward import Forwarder
from solaris.gateway.instruments import Instruments, RecordsTraffic
from solaris.gateway.ratelimit.buckets import LocalBuckets
from solaris.gateway.ratelimit.limiter import RateInstruments, RateLimiter, Spendable
from solaris.gateway.ratelimit.redis_backend import SharedBuckets
from solaris.gateway.refusals import Refusals
from solaris.gateway.reservations import Reservations
from solaris.gateway.settlement.heartbeat import LeaseHeartbeat
from solaris.gateway.settlement.queue import SettlementQueue
from solaris.gateway.settlement.recorder import CallRecorder, OnCharged
from solaris.gateway.settlement.recovery import WalRecovery
from solaris.gateway.settlement.wal import Wal
from solaris.gateway.settlement.wal_disk import WalCheck
from solaris.gateway.upstream import Upstream, UpstreamLimits
from solaris.gateway.usage.hidden_output import HiddenOutput
from solaris.models.catalogue import Catalogue
from solaris.models.served_names import ServedNames
from solaris.platform.http.app import Routes
from solaris.platform.logs import Log
from solaris.platform.settings import Settings, SettingsError

_APIS: tuple[ApiShape, ...] = (
    ChatShape(),
    CompletionsShape(),
    ResponsesShape(),
    MessagesShape(),
    EmbeddingsShape(),
)


_SHARE_OF_CALLS_READ_ON = 4


@dataclass(frozen=True, slots=True)
class GatewayContainer:
    """The gateway of one process."""

    routers: tuple[APIRouter, ...]
    direct: Routes
    upstream: Upstream
    catalogue: Catalogue
    heartbeat: LeaseHeartbeat
    settlement_queue: SettlementQueue
    wal: Wal
    recovery: WalRecovery
    limiter: RateLimiter
    hidden_output: HiddenOutput
    refusals: Refusals

    async def open(self) -> None:
        """Connect to LiteLLM and Redis, open the WAL and start the background tasks."""
        await self.upstream.open()
        await self.wal.open()
        self.recovery.start()
        self.heartbeat.start()
        await self.limiter.open()
        self.hidden_output.start()

    async def close(self) -> None:
        """Settle what is pending while leases are still renewed, then close the connections."""
        await self.settlement_queue.drain()
        await self.refusals.close()
        await self.hidden_output.stop()
        await self.recovery.stop()
        await self.wal.close()
        await self.heartbeat.stop()
        await self.limiter.close()
        await self.catalogue.close()
        await self.upstream.close()


def build_gateway(
    container: ProcessContainer,
    caller: Caller,
    traffic: RecordsTraffic,
    on_charged: Sequence[OnCharged],
    publish_changed: PublishChange,
    limits: UpstreamLimits | None = None,
) -> GatewayContainer:
    """Build the gateway with its routes.

    `traffic` records each forwarded call, `on_charged` are callbacks for each charge, and
    `publish_changed` announces a refusal or an acknowledged alert.

    Raises:
        SettingsError: LITELLM_API_KEY is not set in production.
    """
    settings, log, ledger = container.settings, container.log, container.ledger
    factor = settings.token_conversion_factor
    upstream = _upstream(settings, log, limits)
    names = ServedNames(upstream, container.database, log)
    catalogue = Catalogue(names.entries, container.database, log, names.aliases)
    tokenizer = Tokenizer()
    heartbeat = LeaseHeartbeat(ledger, log)
    wal_root = settings.solaris_state_dir / "spool"
    wal = Wal(wal_root, log)
    container.checks.add("spool", WalCheck(container.metrics.registry, wal.disk).probe)
    settlement_queue = SettlementQueue(ledger, heartbeat, wal, log)
    ledger.on_uncertain_hold(settlement_queue.release_uncertain)
    instruments = Instruments(container.metrics.registry)
    instruments.open_holds.set_function(lambda: heartbeat.open_holds)
    instruments.waiting_settlements.set_function(lambda: settlement_queue.waiting)
    limiter = _limiter(container)

    reservations = Reservations(ledger.reserve)
    instruments.waiting_calls.set_function(lambda: reservations.waiting)

    cleaner = BodyCleaner(settings.denied_fields)
    admission = Admission(catalogue, tokenizer, reservations, container.database, factor, cleaner)
    after_charge = (reservations.on_charged, limiter.on_charged, *on_charged)
    recorder = CallRecorder(settlement_queue, heartbeat, instruments, traffic, log, after_charge)
    hidden_output = HiddenOutput(container.database, log)
    drain = _drain(settings)
    instruments.read_on.set_function(lambda: drain.active)
    forwarder = Forwarder(upstream, recorder, tokenizer, drain, hidden_output, ledger)
    refusals = Refusals(instruments, publish_changed)
    metered = {api.route: MeteredEndpoint(api, caller, limiter, admission, forwarder, refusals) for api in _APIS}
    counting = _counting(CountDependencies(caller, limiter, catalogue, tokenizer, upstream, cleaner))
    consumption = DirectConsumption(ledger, catalogue, factor, recorder, log)
    current = CurrentBalance(ledger, container.database, settings.zone, publish_changed)
    routers = (
        gateway_routes.routes(metered, counting, catalogue, caller),
        tokens_routes.routes(current, consumption, limiter, caller, refusals),
    )
    direct = _direct({**metered, **counting})
    recovery = WalRecovery(wal_root, ledger, log)
    return GatewayContainer(
        routers,
        direct,
        upstream,
        catalogue,
        heartbeat,
        settlement_queue,
        wal,
        recovery,
        limiter,
        hidden_output,
        refusals,
    )


def _upstream(settings: Settings, log: Log, limits: UpstreamLimits | None) -> Upstream:
    key = settings.litellm_api_key
    if key is None and settings.solaris_env == "production":
        raise SettingsError("LITELLM_API_KEY is required in production; a right value: LiteLLM's master key (sk-…)")
    return Upstream(
        settings.litellm_base_url, None if key is None else key.get_secret_value(), log, limits or _limits(settings)
    )


def _counting(parts: CountDependencies) -> dict[str, CountingEndpoint]:
    shapes = count_shapes(MessagesShape(), ResponsesShape())
    return {shape.route: CountingEndpoint(shape, parts) for shape in shapes}


def _direct(served: dict[str, ASGIApp]) -> dict[tuple[str, str], ASGIApp]:
    return {("POST", path): endpoint for route, endpoint in served.items() for path in gateway_routes.paths_of(route)}


def _limiter(container: ProcessContainer) -> RateLimiter:
    instruments = RateInstruments(container.metrics.registry)
    buckets = SharedBuckets(container.redis, LocalBuckets(), container.log, instruments.count_fallback)
    return RateLimiter(buckets, Spendable(container.ledger, container.settings.buy_url), instruments)


def _drain(settings: Settings) -> UpstreamDrain:
    # Streams without a caller may use only a part of the connections.
    most = max(1, settings.solaris_open_calls_limit // _SHARE_OF_CALLS_READ_ON)
    return UpstreamDrain(settings.solaris_read_on_seconds, most)


def _limits(settings: Settings) -> UpstreamLimits:
    return UpstreamLimits(
        first_byte_seconds=settings.solaris_first_byte_timeout_seconds,
        idle_seconds=settings.solaris_idle_timeout_seconds,
        max_connections=settings.solaris_open_calls_limit,
    )
