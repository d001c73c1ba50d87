"""GET /api/tokens/stream over two proxy processes, with Redis and without (SPEC 6, DESIGN 3.8)."""

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.integration.gateway_room import GatewayRoom, User, running_gateway
from tests.integration.usage_stream_reader import LiveReader, reading

from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.passwords import Passwords
from solaris.ledger.records import GrantCreate, TransactionType
from solaris.local.ports import any_free_port
from solaris.local.redis_server import RedisPlan, RedisServer
from solaris.local.simulator import ModelSimulator
from solaris.platform.http.health import CACHE_SECONDS
from solaris.platform.redis import RedisClient
from solaris.users.user_service import UserService

STREAM = "/api/tokens/stream"


@pytest.fixture(scope="module")
async def redis(server_folder: Path) -> AsyncIterator[RedisServer]:
    """A Valkey of this module's own, since it is stopped and started."""
    server = RedisServer(
        RedisPlan(
            home=server_folder / "push-redis",
            log=server_folder / "push-redis.log",
            password=secrets.token_hex(16),
            preferred_port=any_free_port(),
        )
    )
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(scope="module")
async def rooms(
    module_database_url: str, running_simulator: ModelSimulator, redis: RedisServer
) -> AsyncIterator[tuple[GatewayRoom, GatewayRoom]]:
    """Two proxies on the same stores."""
    settings: dict[str, Any] = {"redis_url": redis.url}
    async with (
        running_gateway(module_database_url, running_simulator.url, **settings) as one,
        running_gateway(module_database_url, running_simulator.url, **settings) as other,
    ):
        yield one, other


async def _consume(room: GatewayRoom, user: User, tokens: int, request_id: str) -> float:
    """Charges; returns when it was asked for."""
    asked = time.monotonic()
    body = {"tokens": tokens, "request_id": request_id}
    answer = await room.http.post(room.url + "/api/tokens/consume", json=body, headers=user.headers)
    assert answer.status == 200, await answer.text()
    return asked


def _stream(room: GatewayRoom, user: User) -> Any:
    return reading(room.http, room.url + STREAM, user.headers)


async def _settled_listening(reader: LiveReader) -> None:
    """The first event has arrived, and other processes have seen the subscriber."""
    await reader.until("balance", cause="current")
    await asyncio.sleep(1.5)


async def test_the_first_event_is_the_present_balance(rooms: tuple[GatewayRoom, GatewayRoom]) -> None:
    one, _ = rooms
    user = await one.user(1_000)
    await _consume(one, user, 250, "a")
    async with _stream(one, user) as reader:
        event = await reader.until("balance")
        current = await (await one.http.get(one.url + "/api/tokens/current", headers=user.headers)).json()
    headers = reader.response.headers
    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Accel-Buffering"] == "no"
    assert reader.retry_ms == 2_000
    assert event.data.pop("cause") == "current"
    assert date.fromisoformat(event.data.pop("renews_on")).day == 1
    assert event.data == {key: current[key] for key in event.data}
    assert {"tokens_remaining", "tokens_used", "state", "alert", "credits", "held", "renews_at"} <= set(event.data)


@pytest.mark.parametrize("served_by", [0, 1])
async def test_a_charge_of_any_process_is_seen_within_two_seconds(
    rooms: tuple[GatewayRoom, GatewayRoom], served_by: int
) -> None:
    user = await rooms[0].user(1_000)
    async with _stream(rooms[1], user) as reader:
        await _settled_listening(reader)
        asked = await _consume(rooms[served_by], user, 100, "a")
        event = await reader.until("balance", tokens_remaining=900)
        assert event.at - asked < 2.0
        assert event.data["cause"] == "charge"
        await _consume(rooms[served_by], user, 50, "b")
        later = await reader.until("balance", tokens_remaining=850)
    assert event.id < later.id


async def test_a_metered_call_is_seen_with_exact_figures(rooms: tuple[GatewayRoom, GatewayRoom]) -> None:
    one, other = rooms
    user = await one.user(100_000)
    async with _stream(other, user) as reader:
        await _settled_listening(reader)
        answer = await one.chat(user)
        assert answer.status == 200
        remaining = (await one.settled(user)).wallet.remaining
        event = await reader.until("balance", tokens_remaining=remaining, held=0)
    assert event.data["tokens_used"] == 100_000 - remaining > 0


async def test_a_stream_that_has_just_opened_misses_no_charge(rooms: tuple[GatewayRoom, GatewayRoom]) -> None:
    one, other = rooms
    user = await one.user(1_000)
    async with _stream(other, user) as reader:
        await reader.until("balance", cause="current")
        asked = await _consume(one, user, 100, "a")
        event = await reader.until("balance", tokens_remaining=900)
    assert event.at - asked < 2.5


async def test_a_crossed_threshold_is_sent_once_with_a_message(rooms: tuple[GatewayRoom, GatewayRoom]) -> None:
    one, other = rooms
    user = await one.user(1_000)
    async with _stream(other, user) as reader:
        await _settled_listening(reader)
        await _consume(one, user, 790, "a")
        await _consume(one, user, 20, "b")
        alert = await reader.until("alert")
        balance = await reader.until("balance", tokens_used=810)
        await _consume(one, user, 10, "c")
        await reader.until("balance", tokens_used=820)
        await asyncio.sleep(1)
    assert alert.data["threshold_percent"] == balance.data["alert"] == 80
    assert alert.data["message"].startswith(
        "Você já usou 80% dos seus tokens deste mês. Restam 190 até a renovação em "
    )
    assert len(reader.named("alert")) == 1
    async with _stream(one, user) as again:
        # Not acknowledged: a later reader gets it too.
        assert (await again.until("alert")).data["threshold_percent"] == 80


async def test_a_grant_is_sent_and_ends_a_block(rooms: tuple[GatewayRoom, GatewayRoom], redis: RedisServer) -> None:
    one, other = rooms
    user = await one.user(1_000)
    await _consume(one, user, 1_000, "a")
    async with _stream(other, user) as reader:
        assert (await reader.until("balance")).data["state"] == "blocked"
        await one.ledger.grant(GrantCreate(user.user_id, 500, TransactionType.PURCHASE, f"g-{user.user_id}"))
        link = RedisClient(redis.url)
        granted = time.monotonic()
        await CacheInvalidation(link).publish(user.user_id)
        await link.close()
        event = await reader.until("balance", credits=500)
        grant = await reader.until("grant")
    assert event.at - granted < 1
    assert (event.data["cause"], event.data["state"], event.data["alert"]) == ("grant", "normal", None)
    assert (grant.data["tokens_added"], grant.data["transaction_type"]) == (500, "purchase")


async def test_a_released_hold_is_seen_without_being_published(
    rooms: tuple[GatewayRoom, GatewayRoom],
) -> None:
    one, other = rooms
    user = await one.user(1_000)
    await one.database.execute("UPDATE wallets SET held = 0 WHERE user_id = $1", user.user_id)
    await _consume(one, user, 1, "a")
    await one.database.execute("UPDATE wallets SET held = 400 WHERE user_id = $1", user.user_id)
    async with _stream(other, user) as reader:
        await reader.until("balance", tokens_remaining=599)
        await one.database.execute("UPDATE wallets SET held = 0 WHERE user_id = $1", user.user_id)
        event = await reader.until("balance", tokens_remaining=999)
    assert event.data["cause"] == "change"


async def _users(room: GatewayRoom, link: RedisClient) -> UserService:
    return UserService(room.database, Passwords(), CacheInvalidation(link), default_plan="basico")


async def test_a_suspended_users_stream_ends_with_the_reason(
    rooms: tuple[GatewayRoom, GatewayRoom], redis: RedisServer
) -> None:
    one, other = rooms
    user = await one.user(1_000)
    link = RedisClient(redis.url)
    async with _stream(other, user) as reader:
        await reader.until("balance")
        await (await _users(one, link)).suspend(user.user_id)
        end = await reader.until("end", within_seconds=3)
        await reader.end()
    await link.close()
    assert end.data["reason"] == "user_suspended"
    assert end.data["message"].startswith("Sua conta está suspensa.")
    refused = await one.http.get(one.url + STREAM, headers=user.headers)
    assert (refused.status, (await refused.json())["error"]["code"]) == (403, "user_suspended")


async def test_a_revoked_key_ends_its_streams(rooms: tuple[GatewayRoom, GatewayRoom], redis: RedisServer) -> None:
    one, other = rooms
    user = await one.user(1_000)
    link = RedisClient(redis.url)
    keys = ApiKeys(one.database, CacheInvalidation(link))
    async with _stream(other, user) as reader:
        await reader.until("balance")
        (key,) = await keys.list(user.user_id)
        await keys.revoke(user.user_id, key.id)
        end = await reader.until("end", within_seconds=3)
        await reader.end()
    await link.close()
    assert end.data["reason"] == "not_authenticated"
    assert (await one.http.get(one.url + STREAM, headers=user.headers)).status == 401


async def test_one_user_has_ten_streams_and_no_more(rooms: tuple[GatewayRoom, GatewayRoom]) -> None:
    one, _ = rooms
    user = await one.user(1_000)
    opened = [await one.http.get(one.url + STREAM, headers=user.headers) for _ in range(10)]
    assert {response.status for response in opened} == {200}
    refused = await one.http.get(one.url + STREAM, headers=user.headers)
    assert refused.status == 429
    assert refused.headers["Retry-After"] == "30"
    assert (await refused.json())["error"]["code"] == "too_many_streams"
    for response in opened:
        response.close()
    await asyncio.sleep(0.3)
    again = await one.http.get(one.url + STREAM, headers=user.headers)
    assert again.status == 200
    again.close()


async def test_redis_may_go_and_come_back(rooms: tuple[GatewayRoom, GatewayRoom], redis: RedisServer) -> None:
    one, other = rooms
    user = await one.user(1_000)
    async with _stream(other, user) as reader:
        await _settled_listening(reader)
        await redis.stop()
        asked = await _consume(one, user, 100, "a")
        event = await reader.until("balance", tokens_remaining=900)
        assert event.at - asked < 3.5
        await asyncio.sleep(CACHE_SECONDS)
        health = await (await other.http.get(other.url + "/api/health")).json()
        assert health["status"] == "degraded"
        await redis.start()
        await asyncio.sleep(4)
        asked = await _consume(one, user, 100, "b")
        event = await reader.until("balance", tokens_remaining=800)
        assert event.at - asked < 1
        assert event.data["cause"] == "charge"


def _resident_kilobytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


async def _raw_stream(port: int, user: User) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**16)
    head = f"GET {STREAM} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {user.key}\r\n\r\n"
    writer.write(head.encode())
    await reader.readuntil(b"event: balance")
    return reader, writer


async def test_two_hundred_streams_cost_little_and_each_gets_its_own_balance(
    rooms: tuple[GatewayRoom, GatewayRoom],
) -> None:
    one, other = rooms
    users = [await one.user(10_000) for _ in range(20)]
    port = int(other.url.rpartition(":")[2])
    _, warm = await _raw_stream(port, users[0])
    before = _resident_kilobytes()
    asked = [_raw_stream(port, user) for user in users[1:] for _ in range(10)]
    streams = await asyncio.gather(*asked)
    await asyncio.sleep(1.2)
    for turn in range(5):
        await asyncio.gather(*(_consume(one, user, 10, f"t{turn}") for user in users))
    for reader, _writer in streams:
        async with asyncio.timeout(5):
            await reader.readuntil(b'"tokens_used":50,')
    grown = _resident_kilobytes() - before
    # The readers of this test are in it too.
    assert grown / len(streams) < 100, f"{grown} kB for {len(streams)} streams"
    for writer in (warm, *(writer for _, writer in streams)):
        writer.close()
        await writer.wait_closed()
