"""The proxy and the Admin Dashboard, served for a browser on free ports over one fresh database with a few people in it."""

import asyncio
import contextlib
import io
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from tests.integration.auth_room import PASSWORD

from solaris.apps.admin import build_admin
from solaris.apps.proxy import build_proxy
from solaris.domain.roles import Role
from solaris.platform.http.server import server_config
from solaris.platform.http.server_protocol import ConnectionLimits
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database
from solaris.platform.settings import Settings, load_settings

JWT_SECRET = "a secret of the browser's tests, long enough"
# Cheap to check: what the tests are about is not how slow a password's hash is.
_HASH = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


@dataclass
class Services:
    """Both services, and what the tests need to arrange things behind them."""

    portal_url: str
    admin_url: str
    database: Database
    proxy_app: FastAPI
    admin_app: FastAPI

    async def user(
        self, email: str, name: str, *, role: Role = Role.USER, plan: str = "basico", monthly_tokens: int = 100_000
    ) -> UUID:
        """Somebody who can sign in with `PASSWORD`."""
        user_id: UUID = await self.database.fetchval(
            "INSERT INTO users (email, name, role, email_verified) VALUES ($1, $2, $3, true) RETURNING id",
            email,
            name,
            role.value,
        )
        await self.database.execute("INSERT INTO credentials (user_id, password_hash) VALUES ($1, $2)", user_id, _HASH)
        await self.database.execute(
            "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens, start_date) "
            "VALUES ($1, $2, $3, date_trunc('month', now()))",
            user_id,
            plan,
            monthly_tokens,
        )
        return user_id


@asynccontextmanager
async def running(database_url: str, redis_url: str | None, **more: Any) -> AsyncIterator[Services]:
    """Both services, until the block ends; `more` are settings."""
    listeners = [_listener(), _listener()]
    ports = [listener.getsockname()[1] for listener in listeners]
    settings = _settings(database_url, redis_url, ports, **more)
    log = build_log("browser-tests", level="error", form="json", stream=io.StringIO())
    apps = [build_proxy(settings, log=log), build_admin(settings, log=log)]
    database = Database(database_url, timezone=settings.solaris_timezone, service="test", max_connections=4)
    await database.open()
    async with contextlib.AsyncExitStack() as stack:
        for app, listener in zip(apps, listeners, strict=True):
            await stack.enter_async_context(_served(app, listener))
        urls = [f"http://localhost:{port}" for port in ports]
        yield Services(urls[0], urls[1], database, apps[0], apps[1])
    await database.close()


def _settings(database_url: str, redis_url: str | None, ports: list[int], **more: Any) -> Settings:
    return load_settings(
        _env_file=None,
        database_url=database_url,
        redis_url=redis_url,
        jwt_secret=JWT_SECRET,
        solaris_proxy_port=ports[0],
        solaris_admin_port=ports[1],
        **{"litellm_url": "http://127.0.0.1:1", "litellm_api_key": "sk-nobody-answers", **more},
    )


def _listener() -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    return listener


@asynccontextmanager
async def _served(app: FastAPI, listener: socket.socket) -> AsyncIterator[None]:
    server = uvicorn.Server(server_config(app, ConnectionLimits(), lifespan="on", timeout_graceful_shutdown=1))
    # The test's process keeps its own signal handlers.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        if task.done():
            task.result()
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task
        listener.close()
