"""The proxy on port 3001: gateway, and the API of a user's own account (wiring only)."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI

from solaris.accounts import key_routes as account_key_routes
from solaris.accounts import routes as account_routes
from solaris.accounts import session_routes as page_session_routes
from solaris.accounts.default_plan import tell_missing_plan
from solaris.apps.accounts_parts import AccountsParts, build_accounts
from solaris.apps.background import Background
from solaris.apps.gateway_parts import GatewayParts, build_gateway
from solaris.apps.insight_parts import InsightParts, build_insight
from solaris.apps.pages import add_service_pages
from solaris.apps.process_parts import ProcessParts, build_frame, build_process
from solaris.apps.push_parts import PushParts, admit_widgets, build_push
from solaris.apps.widget_pages import add_widget_pages
from solaris.credits import routes as credit_routes
from solaris.credits.shop import CreditShop
from solaris.gateway.not_offered import NotOfferedPaths
from solaris.gateway.upstream import UpstreamLimits
from solaris.insight.gauges import OPERATING
from solaris.platform.connection import ON_SHUTDOWN
from solaris.platform.logs import Log
from solaris.platform.settings import Settings
from solaris.platform.traffic import TrafficRecorder

_DESCRIPTION = "The metered gateway to the models, and the API of a user's own account."


def build_proxy(
    settings: Settings, *, log: Log | None = None, limits: UpstreamLimits | None = None, migrates: bool = False
) -> FastAPI:
    """The proxy's application; stores and clients are opened by its lifespan. `limits` bound its connections to LiteLLM.

    Raises:
        SettingsError: DATABASE_URL or JWT_SECRET is not set.
    """
    parts = build_process("proxy", settings, log, migrates=migrates)
    accounts = build_accounts(
        settings, parts.database, parts.redis, parts.log, parts.metrics.registry, pages_of="portal"
    )
    recorder = TrafficRecorder(parts.database, parts.log)
    insight = build_insight(parts, accounts.caller, OPERATING)
    push = build_push(parts, accounts, recorder)
    gateway = build_gateway(parts, accounts.caller, push.live, push.charged, accounts.changes.tell, limits)
    accounts.changes.subscribe_models(gateway.catalogue.forget_weights)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        await parts.open()
        await gateway.open()
        async with Background(
            parts.log,
            parts.checks.watch(parts.log),
            accounts.changes.listen(),
            tell_missing_plan(parts.database, parts.log, settings.solaris_default_plan),
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
    app.router.routes.append(NotOfferedPaths())
    return app


def _routers(
    parts: ProcessParts, accounts: AccountsParts, gateway: GatewayParts, insight: InsightParts, push: PushParts
) -> Iterable[APIRouter]:
    """Every room's routes; the gateway's first, since most requests are its."""
    yield from gateway.routers
    yield account_routes.routes(accounts.sign_in, accounts.people, accounts.caller)
    yield page_session_routes.routes(accounts.sign_in, accounts.pages, timezone=parts.settings.solaris_timezone)
    yield account_key_routes.routes(accounts.api_keys, accounts.caller)
    yield from push.routers
    yield from insight.proxy_routers
    yield credit_routes.routes(CreditShop(parts.database, parts.log), accounts.caller)
