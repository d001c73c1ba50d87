"""The Admin Dashboard's API on port 3002 (wiring only)."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI

from solaris.apps.auth_container import AuthContainer, build_auth
from solaris.apps.background import Background
from solaris.apps.pages import add_service_pages
from solaris.apps.process_container import ProcessContainer, build_app, build_process
from solaris.apps.realtime_container import build_live_usage
from solaris.apps.reporting_container import ReportingContainer, build_reporting
from solaris.apps.staff_routers import staff_routers
from solaris.auth import page_session_routes
from solaris.auth import routes as auth_routes
from solaris.platform.http.server_protocol import ON_SHUTDOWN
from solaris.platform.logs import Log
from solaris.platform.settings import Settings
from solaris.users.default_plan import log_missing_plan

_DESCRIPTION = "Metrics, users and credits, for staff. Sign in at /api/auth/login; every route lists its roles."


def build_admin(settings: Settings, *, log: Log | None = None, migrates: bool = False) -> FastAPI:
    """Build the Admin Dashboard's application; its lifespan opens the stores.

    Raises:
        SettingsError: DATABASE_URL or JWT_SECRET is not set.
    """
    container = build_process("admin", settings, log, migrates=migrates)
    auth = build_auth(
        settings, container.database, container.redis, container.log, container.metrics.registry, page_service="admin"
    )
    reporting = build_reporting(container, auth.caller)
    live_usage = build_live_usage(container, auth)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        await container.open()
        async with Background(
            container.log,
            container.checks.watch(container.log),
            auth.cache_invalidation.listen(),
            log_missing_plan(container.database, container.log, settings.solaris_default_plan),
            reporting.gauges.run(),
            *live_usage.tasks(),
        ):
            yield {ON_SHUTDOWN: (live_usage.connections.shutdown,)}
        await container.close()

    app = build_app(container, title="IA SOLARIS Admin", description=_DESCRIPTION, lifespan=lifespan)
    app.include_router(live_usage.router)
    for router in _routers(container, auth, reporting):
        app.include_router(router)
    add_service_pages(app, "admin", container)
    return app


def _routers(container: ProcessContainer, auth: AuthContainer, reporting: ReportingContainer) -> Iterable[APIRouter]:
    yield auth_routes.routes(auth.sign_in, auth.users, auth.caller, staff_only=True)
    yield page_session_routes.routes(
        auth.sign_in, auth.pages, timezone=container.settings.solaris_timezone, staff_only=True
    )
    yield from reporting.admin_routers
    yield from staff_routers(container, auth)
