"""GET /admin/stream: the consumption of all proxies, live (issue 4, Live)."""

import asyncio
import contextlib
import io
import secrets
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import uvicorn
from tests.integration.gateway_room import JWT_SECRET, GatewayRoom, User, running_gateway
from tests.integration.usage_stream_reader import LiveReader, reading

from solaris.apps.admin import build_admin
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.tokens import Tokens
from solaris.domain.roles import Role
from solaris.ledger.records import GrantCreate, TransactionType
from solaris.local.ports import any_free_port
from solaris.local.redis_server import RedisPlan, RedisServer
from solaris.local.simulator import ModelSimulator
from solaris.platform.http.server import server_config
from solaris.platform.http.server_protocol import ConnectionLimits
from solaris.platform.logs import build_log
from solaris.platform.redis import RedisClient
from solaris.platform.settings import load_settings


@dataclass
class Admin:
    """A running administration."""

    url: str
    proxy: GatewayRoom
    server: uvicorn.Server

    async def token(self, role: Role) -> str:
        """What a new person of that role has after signing in."""
        user_id: UUID = await self.proxy.database.fetchval(
            "INSERT INTO users (email, name, role) VALUES (gen_random_uuid() || '@exemplo.com.br', 'Equipe', $1) RETURNING id",
            role.value,
        )
        return Tokens(JWT_SECRET, lifetime_seconds=600).issue(user_id, role).text

    async def watching(self, role: Role = Role.OPERATOR) -> contextlib.AbstractAsyncContextManager[LiveReader]:
        """The stream, read by a new person of that role."""
        headers = {"Authorization": f"Bearer {await self.token(role)}"}
        return reading(self.proxy.http, self.url + "/admin/stream", headers)


@contextlib.asynccontextmanager
async def _running_admin(database_url: str, redis_url: str, proxy: GatewayRoom) -> AsyncIterator[Admin]:
    settings = load_settings(
        _env_file=None,
        database_url=database_url,
        redis_url=redis_url,
        jwt_secret=JWT_SECRET,
        litellm_url="http://127.0.0.1:9",
    )
    app = build_admin(settings, log=build_log("admin", level="error", form="json", stream=io.StringIO()))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(server_config(app, ConnectionLimits(), timeout_graceful_shutdown=5))
    serving = asyncio.create_task(server._serve([listener]))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with proxy.http.get(url + "/metrics") as ready:
        assert ready.status == 200
    try:
        yield Admin(url, proxy, server)
    finally:
        server.should_exit = True
        await serving


@pytest.fixture(scope="module")
async def redis(server_folder: Path) -> AsyncIterator[RedisServer]:
    """A Valkey of this module's own, since it is stopped and started."""
    plan = RedisPlan(
        home=server_folder / "live-redis",
        log=server_folder / "live-redis.log",
        password=secrets.token_hex(16),
        preferred_port=any_free_port(),
    )
    server = RedisServer(plan)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def admin(database_url: str, running_simulator: ModelSimulator, redis: RedisServer) -> AsyncIterator[Admin]:
    async with (
        running_gateway(database_url, running_simulator.url, redis_url=redis.url) as proxy,
        _running_admin(database_url, redis.url, proxy) as running,
    ):
        yield running


async def _chat(admin: Admin, user: User, model: str = "gpt-4") -> int:
    """One model call; the tokens it was charged."""
    answer = await admin.proxy.chat(user, model=model)
    assert answer.status == 200, await answer.text()
    return int(answer.headers["X-Solaris-Tokens-Charged"])


async def test_consumption_is_shown_within_two_seconds_by_model_and_user(admin: Admin) -> None:
    user = await admin.proxy.user()
    await admin.proxy.database.execute("UPDATE users SET name = 'Maria' WHERE id = $1", user.user_id)
    async with await admin.watching() as reader:
        history = await reader.until("history")
        assert len(history.data["tokens"]) == history.data["seconds"] == 300
        await reader.until("live", source="push")
        charged = await _chat(admin, user)
        live = await reader.until("live", within_seconds=3, tokens_per_minute=charged)
    assert (live.data["requests_per_minute"], live.data["errors_per_minute"], live.data["proxies"]) == (1, 0, 1)
    assert live.data["models"] == [{"model": "gpt-4", "requests": 1, "tokens": charged, "errors": 0}]
    (consumer,) = live.data["top_consumers"]
    assert (consumer["user_id"], consumer["name"], consumer["tokens"]) == (str(user.user_id), "Maria", charged)
    async with await admin.watching() as later:
        assert sum((await later.until("history")).data["tokens"]) == charged


async def test_alerts_requests_and_grants_are_sent(admin: Admin) -> None:
    user = await admin.proxy.user(1_000)
    async with await admin.watching() as reader:
        await reader.until("live")
        order = GrantCreate(user.user_id, 500, TransactionType.BONUS, "bonus-1")
        await admin.proxy.ledger.grant(order)
        body = {"tokens": 1_300, "request_id": "a"}
        await admin.proxy.http.post(admin.proxy.url + "/api/tokens/consume", json=body, headers=user.headers)
        packages = await admin.proxy.http.get(admin.proxy.url + "/api/credits/packages", headers=user.headers)
        asked = {"package_id": (await packages.json())["data"][0]["id"], "method": "manual"}
        bought = await admin.proxy.http.post(
            admin.proxy.url + "/api/credits/purchase",
            json=asked,
            headers={**user.headers, "Idempotency-Key": "p1"},
        )
        assert bought.status == 201, await bought.text()
        alert = await reader.until("alert", user_id=str(user.user_id))
        request = await reader.until("request", user_id=str(user.user_id))
        grant = await reader.until("grant", user_id=str(user.user_id))
        await asyncio.sleep(2.5)
    assert alert.data["threshold_percent"] == 80
    assert request.data["ticket_number"]
    assert grant.data["tokens_added"] == 500
    assert [len(reader.named(name)) for name in ("alert", "request", "grant")] == [1, 1, 1]


async def test_with_redis_away_the_figures_come_from_postgresql(admin: Admin, redis: RedisServer) -> None:
    user = await admin.proxy.user()
    async with await admin.watching() as reader:
        await reader.until("live", source="push")
        await redis.stop()
        try:
            await reader.until("live", source="database")
            await asyncio.sleep(2.5)
            charged = await _chat(admin, user)
            live = await reader.until("live", within_seconds=8, tokens_per_minute=charged, requests_per_minute=1)
            assert live.data["models"] == [{"model": "gpt-4", "requests": 1, "tokens": None, "errors": 0}]
        finally:
            await redis.start()
        await reader.until("live", within_seconds=5)
        await asyncio.sleep(2)
        assert reader.named("live")[-1].data["source"] == "push"


@pytest.mark.parametrize("role", list(Role))
async def test_only_staff_may_watch(admin: Admin, role: Role) -> None:
    headers = {"Authorization": f"Bearer {await admin.token(role)}"}
    async with admin.proxy.http.get(admin.url + "/admin/stream", headers=headers) as response:
        assert response.status == (403 if role is Role.USER else 200)


async def test_the_end_of_the_server_ends_the_streams_and_says_so(admin: Admin) -> None:
    user = await admin.proxy.user()
    async with (
        await admin.watching() as reader,
        reading(admin.proxy.http, admin.proxy.url + "/api/tokens/stream", user.headers) as balance,
    ):
        await reader.until("live")
        await balance.until("balance")
        admin.server.should_exit = admin.proxy.server.should_exit = True
        for one in (reader, balance):
            assert (await one.until("end", within_seconds=2)).data["reason"] == "server_restart"
            await one.end(within_seconds=2)


async def test_a_lost_role_ends_the_stream(admin: Admin, redis: RedisServer) -> None:
    async with await admin.watching() as reader:
        await reader.until("live")
        await admin.proxy.database.execute("UPDATE users SET role = 'user' WHERE role = 'operator'")
        link = RedisClient(redis.url)
        await CacheInvalidation(link).publish(None)
        await link.close()
        assert (await reader.until("end", within_seconds=3)).data["reason"] == "forbidden"
