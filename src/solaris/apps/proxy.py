"""The proxy on port 3001: gateway, and the API of a user's own account (wiring only)."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI

from solaris.apps.auth_container import AuthContainer, build_auth
from solaris.apps.background import Background
from solaris.apps.gateway_container import GatewayContainer, build_gateway
from solaris.apps.pages import add_service_pages
from solaris.apps.process_container import ProcessContainer, build_frame, build_process
from solaris.apps.realtime_container import RealtimeContainer, admit_widgets, build_realtime
from solaris.apps.reporting_container import ReportingContainer, build_reporting
from solaris.apps.widget_pages import add_widget_pages
from solaris.auth import api_key_routes as account_key_routes
from solaris.auth import page_session_routes
from solaris.auth import routes as account_routes
from solaris.credits import purchase_routes as credit_routes
from solaris.credits.purchases import PurchaseService
from solaris.gateway.unsupported_paths import UnsupportedPaths
from solaris.gateway.upstream import UpstreamLimits
from solaris.platform.http.server_protocol import ON_SHUTDOWN
from solaris.platform.logs import Log
from solaris.platform.settings import Settings
from solaris.reporting.gauges import OPERATING
from solaris.reporting.traffic import TrafficRecorder
from solaris.users.default_plan import log_missing_plan

_DESCRIPTION = "The metered gateway to the models, and the API of a user's own account."


def build_proxy(
    settings: Settings, *, log: Log | None = None, limits: UpstreamLimits | None = None, migrates: bool = False
) -> FastAPI:
    """The proxy's application; stores and clients are opened by its lifespan. `limits` bound its connections to LiteLLM.

    Raises:
        SettingsError: DATABASE_URL or JWT_SECRET is not set.
    """
    parts = build_process("proxy", settings, log, migrates=migrates)
    accounts = build_auth(settings, parts.database, parts.redis, parts.log, parts.metrics.registry, pages_of="portal")
    recorder = TrafficRecorder(parts.database, parts.log)
    insight = build_reporting(parts, accounts.caller, OPERATING)
    push = build_realtime(parts, accounts, recorder)
    gateway = build_gateway(
        parts, accounts.caller, push.live, push.charged, accounts.cache_invalidation.publish, limits
    )
    accounts.cache_invalidation.subscribe_models(gateway.catalogue.forget_weights)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        await parts.open()
        await gateway.open()
        async with Background(
            parts.log,
            parts.checks.watch(parts.log),
            accounts.cache_invalidation.listen(),
            log_missing_plan(parts.database, parts.log, settings.solaris_default_plan),
            recorder.run(),
            insight.gauges.run(),
            *push.work(),
        ):
            yield {ON_SHUTDOWN: (push.streams.shut,)}
            await gateway.close()
            await push.push.close()
        await parts.close()

    app = build_frame(
        parts, title="IA SOLARIS Proxy", description=_DESCRIPTION, lifespan=lifespan, direct=gateway.direct
    )
    admit_widgets(app, parts)
    for router in _routers(parts, accounts, gateway, insight, push):
        app.include_router(router)
    add_widget_pages(app, parts)
    add_service_pages(app, "portal", parts)
    app.router.routes.append(UnsupportedPaths())
    return app


def _routers(
    parts: ProcessContainer,
    accounts: AuthContainer,
    gateway: GatewayContainer,
    insight: ReportingContainer,
    push: RealtimeContainer,
) -> Iterable[APIRouter]:
    """Every room's routes; the gateway's first, since most requests are its."""
    yield from gateway.routers
    yield account_routes.routes(accounts.sign_in, accounts.users, accounts.caller)
    yield page_session_routes.routes(accounts.sign_in, accounts.pages, timezone=parts.settings.solaris_timezone)
    yield account_key_routes.routes(accounts.api_keys, accounts.caller)
    yield from push.routers
    yield from insight.proxy_routers
    yield credit_routes.routes(PurchaseService(parts.database, parts.log), accounts.caller)
