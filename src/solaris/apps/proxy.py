"""The proxy on port 3001: gateway, and the API of a user's own account (wiring only)."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI

from solaris.apps.auth_container import AuthContainer, build_auth
from solaris.apps.background import Background
from solaris.apps.gateway_container import GatewayContainer, build_gateway
from solaris.apps.pages import add_service_pages
from solaris.apps.process_container import ProcessContainer, build_app, build_process
from solaris.apps.realtime_container import RealtimeContainer, admit_widgets, build_realtime
from solaris.apps.reporting_container import ReportingContainer, build_reporting
from solaris.apps.widget_pages import add_widget_pages
from solaris.auth import api_key_routes, page_session_routes
from solaris.auth import routes as auth_routes
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
    """Build the proxy's application; its lifespan opens stores and clients.

    `limits` bound its connections to LiteLLM.

    Raises:
        SettingsError: DATABASE_URL or JWT_SECRET is not set.
    """
    container = build_process("proxy", settings, log, migrates=migrates)
    auth = build_auth(
        settings, container.database, container.redis, container.log, container.metrics.registry, page_service="portal"
    )
    recorder = TrafficRecorder(container.database, container.log)
    reporting = build_reporting(container, auth.caller, OPERATING)
    realtime = build_realtime(container, auth, recorder)
    gateway = build_gateway(
        container, auth.caller, realtime.usage_publisher, realtime.on_charged, auth.cache_invalidation.publish, limits
    )
    auth.cache_invalidation.subscribe_models(gateway.catalogue.forget_weights)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        await container.open()
        await gateway.open()
        async with Background(
            container.log,
            container.checks.watch(container.log),
            auth.cache_invalidation.listen(),
            log_missing_plan(container.database, container.log, settings.solaris_default_plan),
            recorder.run(),
            reporting.gauges.run(),
            *realtime.tasks(),
        ):
            yield {ON_SHUTDOWN: (realtime.connections.shutdown,)}
            await gateway.close()
            await realtime.balance_publisher.close()
        await container.close()

    app = build_app(
        container, title="IA SOLARIS Proxy", description=_DESCRIPTION, lifespan=lifespan, direct=gateway.direct
    )
    admit_widgets(app, container)
    for router in _routers(container, auth, gateway, reporting, realtime):
        app.include_router(router)
    add_widget_pages(app, container)
    add_service_pages(app, "portal", container)
    app.router.routes.append(UnsupportedPaths())
    return app


def _routers(
    container: ProcessContainer,
    auth: AuthContainer,
    gateway: GatewayContainer,
    reporting: ReportingContainer,
    realtime: RealtimeContainer,
) -> Iterable[APIRouter]:
    """Yield all routers, the gateway's first, since most requests are for it."""
    yield from gateway.routers
    yield auth_routes.routes(auth.sign_in, auth.users, auth.caller)
    yield page_session_routes.routes(auth.sign_in, auth.pages, timezone=container.settings.solaris_timezone)
    yield api_key_routes.routes(auth.api_keys, auth.caller)
    yield from realtime.routers
    yield from reporting.proxy_routers
    yield credit_routes.routes(PurchaseService(container.database, container.log), auth.caller)
