"""The proxy on port 3001: gateway, and the API of a user's own account (wiring only)."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from starlette.responses import Response

from solaris.accounts import key_routes as account_key_routes
from solaris.accounts import routes as account_routes
from solaris.apps.accounts_parts import AccountsParts, build_accounts
from solaris.apps.gateway_parts import GatewayParts, Ground, build_gateway
from solaris.domain.errors import StoreUnavailable
from solaris.gateway.instruments import NotesTraffic
from solaris.ledger.ledger import Ledger
from solaris.platform.http import RequestFrame, create_app
from solaris.platform.logs import Log, build_log
from solaris.platform.metrics import Metrics
from solaris.platform.postgres import Database
from solaris.platform.redis import RedisLink
from solaris.platform.settings import EXAMPLES, Settings, SettingsError

_DESCRIPTION = "The metered gateway to the models, and the API of a user's own account."


class _NobodyWatches:
    """Stands where nobody keeps the traffic's figures."""

    def note(self, model: str, front_end: str, *, error: bool, proxy_ms: float, litellm_ms: float) -> None:
        """Nothing."""


def build_proxy(settings: Settings, *, traffic: NotesTraffic | None = None, log: Log | None = None) -> FastAPI:
    """The proxy's application; stores and clients are opened by its lifespan.

    Raises:
        SettingsError: DATABASE_URL or JWT_SECRET is not set.
    """
    if settings.database_url is None:
        raise SettingsError(f"DATABASE_URL is not set; a right value: {EXAMPLES['DATABASE_URL']}")
    log = log or build_log("proxy", level=settings.solaris_log_level, form=settings.solaris_log_format)
    metrics = Metrics("proxy")
    database = Database(settings.database_url.get_secret_value(), timezone=settings.solaris_timezone, service="proxy")
    redis = None if settings.redis_url is None else RedisLink(settings.redis_url.get_secret_value())
    ledger = Ledger(database, zone=settings.zone, buy_url=settings.public_url)
    accounts = build_accounts(settings, database, redis, log)
    ground = Ground(settings, database, ledger, metrics, log)
    gateway = build_gateway(ground, accounts.caller, traffic or _NobodyWatches())

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            await database.open()
        except StoreUnavailable:
            log.error("store_unavailable_at_start", cure="start PostgreSQL; the proxy connects by itself then")
        await gateway.open()
        listening = asyncio.create_task(accounts.changes.listen())
        yield
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await gateway.close()
        await ledger.close()
        await database.close()
        if redis is not None:
            await redis.close()

    app = create_app(
        title="IA SOLARIS Proxy",
        description=_DESCRIPTION,
        version=version("solaris-token-control"),
        lifespan=lifespan,
    )
    app.add_middleware(RequestFrame, log=log, metrics=metrics, body_limit_bytes=settings.solaris_body_limit_bytes)
    for router in _routers(accounts, gateway):
        app.include_router(router)

    @app.get("/metrics", include_in_schema=False)
    async def read_metrics() -> Response:
        return metrics.render()

    return app


def _routers(accounts: AccountsParts, gateway: GatewayParts) -> Iterable[APIRouter]:
    """Every room's routes; the gateway's first, since most requests are its."""
    yield from gateway.routers
    yield account_routes.routes(accounts.sign_in, accounts.people, accounts.caller)
    yield account_key_routes.routes(accounts.api_keys, accounts.caller)
