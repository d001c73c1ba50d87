"""`solaris proxy`, `admin`, `worker`: the product's processes, each in the foreground."""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from solaris.platform.settings import Settings


_SECONDS_BETWEEN_TRIES = 2.0


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("proxy")(proxy)
    app.command("admin")(admin)
    app.command("worker")(worker)


def proxy() -> None:
    """Run the proxy: gateway and user API. The database is migrated first, or as soon as it answers."""
    from solaris.apps.proxy import build_proxy

    settings = _settings()
    _serve("proxy", settings, settings.solaris_proxy_port, "SOLARIS_PROXY_PORT", build_proxy)


def admin() -> None:
    """Run the Admin Dashboard and its API. The database is migrated first, or as soon as it answers."""
    from solaris.apps.admin import build_admin

    settings = _settings()
    _serve("admin", settings, settings.solaris_admin_port, "SOLARIS_ADMIN_PORT", build_admin)


def worker() -> None:
    """Run the worker: expires holds, opens periods, cleans up, audits the balances. The database is migrated first."""
    from solaris.apps.worker import run_worker

    settings = _settings()
    _migrate_when_there(settings)
    asyncio.run(run_worker(settings))


def _serve(service: str, settings: "Settings", port: int, variable: str, build: "Callable[..., ASGIApp]") -> None:
    from solaris.platform.http.server import bind, serve
    from solaris.platform.http.server_protocol import ConnectionLimits
    from solaris.platform.migrations import DatabaseAway

    # The port is bound first: an accidental second start fails before it changes anything.
    with bind(settings.solaris_bind_host, port, variable) as listener:
        is_migrated = True
        try:
            _migrate(service, settings)
        except DatabaseAway:
            # Serve anyway and report the failure; the schema is migrated before the first
            # statement.
            is_migrated = False
        limits = ConnectionLimits(reader_seconds=settings.solaris_reader_timeout_seconds)
        serve(build(settings, migrates=not is_migrated), listener, limits=limits)


def _settings() -> "Settings":
    from solaris.cli.database import with_database
    from solaris.platform.settings import load_settings

    return with_database(load_settings())


def _migrate_when_there(settings: "Settings") -> None:
    from solaris.platform.logs import build_log
    from solaris.platform.migrations import DatabaseAway

    log = build_log("worker", level=settings.solaris_log_level, form=settings.solaris_log_format)
    while True:
        try:
            _migrate("worker", settings)
        except DatabaseAway as error:
            log.warning("store_unavailable_at_start", cause=str(error), next_try_seconds=_SECONDS_BETWEEN_TRIES)
            time.sleep(_SECONDS_BETWEEN_TRIES)
        else:
            return


def _migrate(service: str, settings: "Settings") -> None:
    """All but the `post` migrations, which no process runs by itself (decision 0152)."""
    from solaris.apps.schema import apply_schema
    from solaris.cli.database import database_url
    from solaris.platform.logs import build_log
    from solaris.platform.migrations import MigrateOptions

    def report(line: str) -> None:
        log = build_log(service, level=settings.solaris_log_level, form=settings.solaris_log_format)
        log.info("schema_progress", detail=line)

    options = MigrateOptions(report=report)
    asyncio.run(apply_schema(database_url(settings), timezone=settings.solaris_timezone, options=options))
