"""The shared components of both HTTP processes (wiring only)."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI

from solaris.apps.schema import apply_schema
from solaris.domain.errors import StoreUnavailable
from solaris.ledger.ledger import Ledger
from solaris.platform.http import health, metrics_routes
from solaris.platform.http.app import DirectCalls, Routes, create_app
from solaris.platform.http.docs_page import add_docs_page
from solaris.platform.http.health import HealthChecks, probe_database, probe_litellm, probe_redis
from solaris.platform.http.load_shedding import LoadShedding, Slots
from solaris.platform.http.model_api import ModelApi
from solaris.platform.http.openapi import document_common
from solaris.platform.logs import Log, build_log
from solaris.platform.metrics import Metrics
from solaris.platform.migrations import DatabaseAway, MigrationError
from solaris.platform.postgres import STORE_AWAY_MESSAGE, Database
from solaris.platform.redis import RedisClient
from solaris.platform.settings import EXAMPLES, Settings, SettingsError
from solaris.platform.worker_heartbeats import WorkerCheck, WorkerHeartbeats

VERSION = version("solaris-token-control")
# Documented routes that need no credential.
OPEN_ROUTES = frozenset(
    {
        "GET /api/health",
        "POST /api/auth/login",
        "GET /api/auth/session",
        "POST /api/auth/session",
        "DELETE /api/auth/session",
    }
)


@dataclass(frozen=True, slots=True)
class ProcessContainer:
    """Log, metrics, stores and the ledger of one process."""

    settings: Settings
    log: Log
    metrics: Metrics
    database: Database
    redis: RedisClient | None
    ledger: Ledger
    checks: HealthChecks

    async def open(self) -> None:
        """Connect; if PostgreSQL is away, log an error and start anyway."""
        try:
            await self.database.open()
        except StoreUnavailable:
            self.log.error("store_unavailable_at_start", cure="start PostgreSQL; this process connects by itself then")

    async def close(self) -> None:
        """Finish operations in flight, then close the stores."""
        await self.ledger.close()
        await self.database.close()
        if self.redis is not None:
            await self.redis.close()


def build_process(
    service: str, settings: Settings, log: Log | None = None, *, migrates: bool = False
) -> ProcessContainer:
    """Build the components of the process `service`, not connected yet.

    `migrates`: migrate the schema before the first statement.

    Raises:
        SettingsError: DATABASE_URL is not set.
    """
    if settings.database_url is None:
        raise SettingsError(f"DATABASE_URL is not set; a right value: {EXAMPLES['DATABASE_URL']}")
    url = settings.database_url.get_secret_value()
    log = log or build_log(service, level=settings.solaris_log_level, form=settings.solaris_log_format)
    prepare = partial(_apply_schema, url, settings.solaris_timezone, log) if migrates else None
    database = Database(url, timezone=settings.solaris_timezone, service=service, prepare=prepare)
    redis = None if settings.redis_url is None else RedisClient(settings.redis_url.get_secret_value())
    metrics = Metrics(service)
    probes = {
        "database": probe_database(database),
        "redis": probe_redis(redis),
        "litellm": probe_litellm(settings.litellm_base_url),
        "worker": WorkerCheck(metrics.registry, WorkerHeartbeats(database)).probe,
    }
    return ProcessContainer(
        settings,
        log,
        metrics,
        database,
        redis,
        Ledger(database, zone=settings.zone, buy_url=settings.buy_url),
        HealthChecks(VERSION, probes, vital=frozenset({"database"})),
    )


async def _apply_schema(url: str, timezone: str, log: Log) -> None:
    """Migrate the schema.

    Raises:
        StoreUnavailable: it failed; the next statement retries.
    """
    try:
        applied = await apply_schema(url, timezone=timezone)
    except DatabaseAway as error:
        raise StoreUnavailable(STORE_AWAY_MESSAGE) from error
    except MigrationError as error:
        log.error(
            "schema_not_brought_up",
            cause=str(error),
            cure="`solaris migrate` reports the same; nothing is served before",
        )
        raise StoreUnavailable(STORE_AWAY_MESSAGE) from error
    log.info("schema_ready", applied=applied)


def _model_api(direct: Routes, settings: Settings) -> ModelApi:
    return ModelApi({path for _, path in direct} | {"/models"}, settings.gateway_origins)


def build_app(
    container: ProcessContainer,
    *,
    title: str,
    description: str,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[Any]],
    direct: Routes | None = None,
) -> FastAPI:
    """Build an application with error shape, trace ids, health, metrics and documentation."""
    app = create_app(title=title, description=description, version=VERSION, lifespan=lifespan)
    limit = container.settings.solaris_open_calls_limit
    app.add_middleware(LoadShedding, slots=Slots(limit))
    app.install_middleware(
        log=container.log,
        metrics=container.metrics,
        body_limit_bytes=container.settings.solaris_body_limit_bytes,
        direct=None if direct is None else DirectCalls(direct, Slots(limit), _model_api(direct, container.settings)),
    )
    app.include_router(health.routes(container.checks))
    app.include_router(metrics_routes.routes(container.metrics, container.settings.solaris_metrics_token))
    add_docs_page(app)
    document_common(app, open_routes=OPEN_ROUTES)
    return app
