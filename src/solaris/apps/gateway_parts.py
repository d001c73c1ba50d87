"""The parts of `gateway`, wired for the proxy: what it serves, and what must be opened and closed in which order."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.types import ASGIApp

from solaris.accounts.caller import Caller
from solaris.accounts.changes import TellChanged
from solaris.apps.process_parts import ProcessParts
from solaris.gateway import routes as gateway_routes
from solaris.gateway import tokens_routes
from solaris.gateway.admission import Admission
from solaris.gateway.bookkeeping import Bookkeeping
from solaris.gateway.chat_dialect import ChatDialect
from solaris.gateway.completions_dialect import CompletionsDialect
from solaris.gateway.consumption import DirectConsumption
from solaris.gateway.counting import CountingEndpoint, CountParts, count_shapes
from solaris.gateway.current_tokens import CurrentBalance
from solaris.gateway.dialect import Dialect
from solaris.gateway.embeddings_dialect import EmbeddingsDialect
from solaris.gateway.hidden_output import HiddenOutput
from solaris.gateway.instruments import Instruments, NotesTraffic
from solaris.gateway.leases import Leases
from solaris.gateway.left_spools import LeftSpools
from solaris.gateway.messages_dialect import MessagesDialect
from solaris.gateway.metering import MeteredEndpoint
from solaris.gateway.models import Catalogue
from solaris.gateway.rate_limit import RateInstruments, RateLimiter, Spendable
from solaris.gateway.rate_limit_buckets import LocalBuckets
from solaris.gateway.rate_limit_redis import SharedBuckets
from solaris.gateway.reading_on import ReadingOn
from solaris.gateway.refusals import Refusals
from solaris.gateway.relay import Relay
from solaris.gateway.reservations import Reservations
from solaris.gateway.responses_dialect import ResponsesDialect
from solaris.gateway.served_names import ServedNames
from solaris.gateway.settlements import Settlements
from solaris.gateway.spool import Spool
from solaris.gateway.spool_check import SpoolCheck
from solaris.gateway.steering import BodyCleaner
from solaris.gateway.tokenizer import Tokenizer
from solaris.gateway.upstream import Upstream, UpstreamLimits
from solaris.ledger.records import Charge
from solaris.platform.http import Routes
from solaris.platform.settings import Settings, SettingsError

_DIALECTS: tuple[Dialect, ...] = (
    ChatDialect(),
    CompletionsDialect(),
    ResponsesDialect(),
    MessagesDialect(),
    EmbeddingsDialect(),
)


_SHARE_OF_CALLS_READ_ON = 4


@dataclass(frozen=True, slots=True)
class GatewayParts:
    """The gateway of one process."""

    routers: tuple[APIRouter, ...]
    direct: Routes
    upstream: Upstream
    catalogue: Catalogue
    leases: Leases
    settlements: Settlements
    spool: Spool
    left_spools: LeftSpools
    limiter: RateLimiter
    hidden_output: HiddenOutput
    refusals: Refusals

    async def open(self) -> None:
        """Ready to forward; holds are kept alive from now on."""
        await self.upstream.open()
        await self.spool.open()
        self.left_spools.start()
        self.leases.start()
        await self.limiter.open()
        self.hidden_output.start()

    async def close(self) -> None:
        """Everything that is owed is settled while the leases are still renewed; then the connections go."""
        await self.settlements.drain()
        await self.refusals.close()
        await self.hidden_output.stop()
        await self.left_spools.stop()
        await self.spool.close()
        await self.leases.stop()
        await self.limiter.close()
        await self.catalogue.close()
        await self.upstream.close()


def build_gateway(
    ground: ProcessParts,
    caller: Caller,
    traffic: NotesTraffic,
    on_charged: Callable[[UUID, Charge], None],
    tell_changed: TellChanged,
    limits: UpstreamLimits | None = None,
) -> GatewayParts:
    """The gateway with its routes.

    `traffic` hears of every forwarded call, `on_charged` of every charge, `tell_changed` of an alert that was acknowledged.

    Raises:
        SettingsError: LITELLM_API_KEY is not set in production.
    """
    settings, log, ledger = ground.settings, ground.log, ground.ledger
    key = settings.litellm_api_key
    if key is None and settings.solaris_env == "production":
        raise SettingsError("LITELLM_API_KEY is required in production; a right value: LiteLLM's master key (sk-…)")
    factor = settings.token_conversion_factor
    upstream = Upstream(
        settings.litellm_base_url, None if key is None else key.get_secret_value(), log, limits or _limits(settings)
    )
    names = ServedNames(upstream, ground.database, log)
    catalogue = Catalogue(names.entries, ground.database, log, names.aliases)
    tokenizer = Tokenizer()
    leases = Leases(ledger, log)
    spool_root = settings.solaris_state_dir / "spool"
    spool = Spool(spool_root, log)
    ground.checks.add("spool", SpoolCheck(ground.metrics.registry, spool).probe)
    settlements = Settlements(ledger, leases, spool, log)
    ledger.entrust_doubts(settlements.give_back)
    instruments = Instruments(ground.metrics.registry)
    instruments.open_holds.set_function(lambda: leases.open_holds)
    instruments.waiting_settlements.set_function(lambda: settlements.waiting)
    limiter = _limiter(ground)

    reservations = Reservations(ledger.reserve)
    instruments.waiting_calls.set_function(lambda: reservations.waiting)

    def charged(user_id: UUID, charge: Charge) -> None:
        reservations.freed(user_id)
        limiter.charged(user_id, charge.tokens_charged)
        on_charged(user_id, charge)

    cleaner = BodyCleaner(settings.denied_fields)
    admission = Admission(catalogue, tokenizer, reservations, ground.database, factor, cleaner)
    bookkeeping = Bookkeeping(settlements, leases, instruments, traffic, log, charged)
    hidden_output = HiddenOutput(ground.database, log)
    reading_on = _reading_on(settings)
    instruments.read_on.set_function(lambda: reading_on.reading)
    relay = Relay(upstream, bookkeeping, tokenizer, reading_on, hidden_output, ledger)
    refusals = Refusals(instruments, tell_changed)
    metered = {
        dialect.route: MeteredEndpoint(dialect, caller, limiter, admission, relay, refusals) for dialect in _DIALECTS
    }
    counting = _counting(CountParts(caller, limiter, catalogue, tokenizer, upstream, cleaner))
    consumption = DirectConsumption(ledger, catalogue, factor, instruments, log, charged)
    current = CurrentBalance(ledger, ground.database, settings.zone, tell_changed)
    routers = (
        gateway_routes.routes(metered, counting, catalogue, caller),
        tokens_routes.routes(current, consumption, limiter, caller, refusals),
    )
    direct = _direct({**metered, **counting})
    left_spools = LeftSpools(spool_root, ledger, log)
    return GatewayParts(
        routers, direct, upstream, catalogue, leases, settlements, spool, left_spools, limiter, hidden_output, refusals
    )


def _counting(parts: CountParts) -> dict[str, CountingEndpoint]:
    shapes = count_shapes(MessagesDialect(), ResponsesDialect())
    return {shape.route: CountingEndpoint(shape, parts) for shape in shapes}


def _direct(served: dict[str, ASGIApp]) -> dict[tuple[str, str], ASGIApp]:
    return {("POST", path): endpoint for route, endpoint in served.items() for path in gateway_routes.paths_of(route)}


def _limiter(ground: ProcessParts) -> RateLimiter:
    instruments = RateInstruments(ground.metrics.registry)
    buckets = SharedBuckets(ground.redis, LocalBuckets(), ground.log, instruments.judged_alone)
    return RateLimiter(buckets, Spendable(ground.ledger, ground.settings.buy_url), instruments)


def _reading_on(settings: Settings) -> ReadingOn:
    # Streams without callers leave most connections to those who wait for answers.
    most = max(1, settings.solaris_open_calls_limit // _SHARE_OF_CALLS_READ_ON)
    return ReadingOn(settings.solaris_read_on_seconds, most)


def _limits(settings: Settings) -> UpstreamLimits:
    return UpstreamLimits(
        first_byte_seconds=settings.solaris_first_byte_timeout_seconds,
        idle_seconds=settings.solaris_idle_timeout_seconds,
        most_connections=settings.solaris_open_calls_limit,
    )
