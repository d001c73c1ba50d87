"""The Admin Dashboard's API on port 3002 (wiring only)."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI

from solaris.apps.auth_container import AuthContainer, build_auth
from solaris.apps.background import Background
from solaris.apps.pages import add_service_pages
from solaris.apps.process_container import ProcessContainer, build_frame, build_process
from solaris.apps.realtime_container import build_live
from solaris.apps.reporting_container import ReportingContainer, build_reporting
from solaris.apps.staff_routers import staff_routers
from solaris.auth import page_session_routes
from solaris.auth import routes as account_routes
from solaris.platform.http.server_protocol import ON_SHUTDOWN
from solaris.platform.logs import Log
from solaris.platform.settings import Settings
from solaris.users.default_plan import log_missing_plan

_DESCRIPTION = (
    "What staff need: figures, users, credits. Sign in at /api/auth/login; every route names the roles it admits."
)


def build_admin(settings: Settings, *, log: Log | None = None, migrates: bool = False) -> FastAPI:
    """The administration's application; stores are opened by its lifespan.

    Raises:
        SettingsError: DATABASE_URL or JWT_SECRET is not set.
    """
    parts = build_process("admin", settings, log, migrates=migrates)
    accounts = build_auth(settings, parts.database, parts.redis, parts.log, parts.metrics.registry, pages_of="admin")
    insight = build_reporting(parts, accounts.caller)
    live = build_live(parts, accounts)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        await parts.open()
        async with Background(
            parts.log,
            parts.checks.watch(parts.log),
            accounts.cache_invalidation.listen(),
            log_missing_plan(parts.database, parts.log, settings.solaris_default_plan),
            insight.gauges.run(),
            *live.work(),
        ):
            yield {ON_SHUTDOWN: (live.streams.shut,)}
        await parts.close()

    app = build_frame(parts, title="IA SOLARIS Admin", description=_DESCRIPTION, lifespan=lifespan)
    app.include_router(live.router)
    for router in _routers(parts, accounts, insight):
        app.include_router(router)
    add_service_pages(app, "admin", parts)
    return app


def _routers(parts: ProcessContainer, accounts: AuthContainer, insight: ReportingContainer) -> Iterable[APIRouter]:
    yield account_routes.routes(accounts.sign_in, accounts.users, accounts.caller, staff_only=True)
    yield page_session_routes.routes(
        accounts.sign_in, accounts.pages, timezone=parts.settings.solaris_timezone, staff_only=True
    )
    yield from insight.admin_routers
    yield from staff_routers(parts, accounts)
