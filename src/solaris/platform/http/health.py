"""Health of this process: dependencies, probed in parallel; the result is cached briefly."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from solaris.domain.errors import StoreUnavailable
from solaris.platform.http_client.connection import ReadTimeout, RemoteProtocolError
from solaris.platform.http_client.pool import ConnectionPool, Origin
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.redis import RedisClient

CACHE_SECONDS = 2.0
_HEALTHY = frozenset({"ok", "off"})
_TIMEOUT_SECONDS = 2.0
_FIRST_CHECK_SECONDS = 5.0
_CHECK_EVERY_SECONDS = 10.0

_CURES = {
    "database": "start PostgreSQL or correct DATABASE_URL; calls are refused until then",
    "redis": "start Redis or correct REDIS_URL; until then rate limits count per process",
    "litellm": "start LiteLLM or correct LITELLM_URL; calls are answered 502 or 503 until then",
    "worker": "start `solaris worker` and read its log; until then abandoned calls keep their tokens held",
    "spool": "free space on the disk of SOLARIS_STATE_DIR and make its folder `spool` writable",
}

Status = Literal["ok", "degraded", "late", "absent", "down", "off"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A failed probe: the cause in a few English words, and the resulting status."""

    detail: str
    status: Status = "down"


Probe = Callable[[], Awaitable[str | Problem | None]]


class Check(BaseModel):
    """One dependency's state.

    `degraded`: it works in part. `late`, `absent`: of the worker. `off`: not configured.
    """

    status: Status
    latency_ms: int | None = None
    detail: str | None = None


class Health(BaseModel):
    """`ok`: all checks pass.

    `degraded`: calls are served, a check fails. `down`: no charges possible.
    """

    status: Literal["ok", "degraded", "down"]
    version: str
    checks: dict[str, Check]


class HealthChecks:
    """The checks of one process. If a check in `vital` is down, the service is down.

    A probe returns None on success, else the cause in a few English words (`down`) or a Problem with
    its own status; it may also raise OSError or TimeoutError.
    """

    def __init__(self, version: str, probes: Mapping[str, Probe | None], *, vital: frozenset[str]) -> None:
        self._version = version
        self._probes = dict(probes)
        self._vital = vital
        self._cached: tuple[float, Health] | None = None
        self._lock = asyncio.Lock()

    def add(self, name: str, probe: Probe) -> None:
        """Add a check that only this process has."""
        self._probes[name] = probe

    async def read(self) -> Health:
        """Return the health, at most `CACHE_SECONDS` old.

        Concurrent callers share one round of probes.
        """
        async with self._lock:
            if self._cached is not None and time.monotonic() - self._cached[0] < CACHE_SECONDS:
                return self._cached[1]
            names = list(self._probes)
            found = await asyncio.gather(*(_check(self._probes[name]) for name in names))
            checks = dict(zip(names, found, strict=True))
            health = Health(status=self._overall_status(checks), version=self._version, checks=checks)
            self._cached = (time.monotonic(), health)
            return health

    async def watch(self, log: Log) -> None:
        """Log when a dependency fails and when it recovers, until cancelled."""
        away: dict[str, float] = {}
        pause_seconds = _FIRST_CHECK_SECONDS
        while True:
            await asyncio.sleep(pause_seconds)
            pause_seconds = _CHECK_EVERY_SECONDS
            for name, check in (await self.read()).checks.items():
                if check.status not in _HEALTHY and name not in away:
                    away[name] = time.monotonic()
                    log.warning("part_away", part=name, status=check.status, cause=check.detail, cure=_CURES.get(name))
                elif check.status == "ok" and name in away:
                    log.info("part_back", part=name, seconds=round(time.monotonic() - away.pop(name)))

    def _overall_status(self, checks: Mapping[str, Check]) -> Literal["ok", "degraded", "down"]:
        if any(checks[name].status == "down" for name in self._vital):
            return "down"
        return "ok" if all(check.status in _HEALTHY for check in checks.values()) else "degraded"


async def _check(probe: Probe | None) -> Check:
    if probe is None:
        return Check(status="off", detail="not configured")
    started = time.perf_counter()
    problem: str | Problem | None
    try:
        problem = await asyncio.wait_for(probe(), _TIMEOUT_SECONDS)
    except TimeoutError:
        problem = f"no answer within {_TIMEOUT_SECONDS:.0f} s"
    except (OSError, StoreUnavailable, RemoteProtocolError, ReadTimeout) as error:
        problem = type(error).__name__
    latency_ms = round((time.perf_counter() - started) * 1000)
    if isinstance(problem, str):
        problem = Problem(problem)
    if problem is None:
        return Check(status="ok", latency_ms=latency_ms)
    return Check(status=problem.status, latency_ms=latency_ms, detail=problem.detail)


def probe_database(database: Database) -> Probe:
    """Return a probe that runs a statement on PostgreSQL."""

    async def probe() -> str | None:
        await database.fetchval("SELECT 1")
        return None

    return probe


def probe_redis(redis: RedisClient | None) -> Probe | None:
    """Return a probe that sends PING to Redis; None if Redis is not configured."""
    if redis is None:
        return None

    async def probe() -> str | None:
        return None if await redis.ping() else "does not answer PING"

    return probe


def probe_litellm(base_url: str) -> Probe:
    """Return a probe of LiteLLM's readiness route; any status below 500 passes.

    A 404 means another OpenAI-compatible server, which is up. `/health` is not used, since LiteLLM
    calls every model for it.
    """

    origin = Origin(base_url)
    head = origin.request_line("GET", "/health/readiness") + b"accept: */*\r\nconnection: close\r\n"
    if origin.authorization:
        head += b"authorization: %b\r\n" % origin.authorization

    async def probe() -> str | None:
        # A new connection: a kept one shows only that the server was up before.
        pool = ConnectionPool(origin, max_connections=1, idle_seconds=0.0, connect_seconds=_TIMEOUT_SECONDS)
        try:
            connection = await pool.connection()
            connection.begin(head + b"\r\n", b"", _TIMEOUT_SECONDS)
            await connection.head()
            return None if connection.status < 500 else f"answers {connection.status}"
        finally:
            pool.close()

    return probe


def routes(checks: HealthChecks) -> APIRouter:
    """GET /api/health."""
    router = APIRouter(tags=["health"])

    @router.get(
        "/api/health",
        summary="Health of this process and the parts it needs",
        response_model=Health,
        responses={503: {"model": Health, "description": "PostgreSQL is away: nothing can be charged."}},
    )
    async def read_health(response: Response) -> Health:
        health = await checks.read()
        response.status_code = 503 if health.status == "down" else 200
        response.headers["Cache-Control"] = "no-store"
        return health

    return router
