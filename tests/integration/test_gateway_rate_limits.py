"""Rate limits: shared by all proxies through Redis, kept by each alone without it, and never in the way of a call."""

import asyncio
import os
import secrets
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from tests.integration.gateway_room import GatewayRoom, User, running_gateway

from solaris.gateway.ratelimit.buckets import BucketState, Draw, LocalBuckets, Rates, Verdict
from solaris.gateway.ratelimit.redis_backend import SharedBuckets
from solaris.gateway.ratelimit.user_state import UserLimits
from solaris.local.ports import any_free_port
from solaris.local.redis_server import RedisPlan, RedisServer
from solaris.local.simulator import ModelSimulator
from solaris.platform.logs import build_log
from solaris.platform.redis import RedisClient


@pytest.fixture
async def room(database_url: str, redis_url: str, simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    """A proxy with Redis."""
    async with running_gateway(database_url, simulator.url, redis_url=redis_url) as running:
        yield running


@pytest.fixture
async def lonely_room(database_url: str, simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    """A proxy without Redis."""
    async with running_gateway(database_url, simulator.url) as running:
        yield running


@pytest.fixture
async def redis_server(server_folder: Path) -> AsyncIterator[RedisServer]:
    """A Valkey that the test may stop."""
    name = secrets.token_hex(4)
    server = RedisServer(
        RedisPlan(
            home=server_folder / f"redis-{name}",
            log=server_folder / f"redis-{name}.log",
            password=secrets.token_hex(16),
            preferred_port=any_free_port(),
        )
    )
    await server.start()
    yield server
    await server.stop()


async def user(
    room: GatewayRoom, *, requests: int | None = None, rate_tokens: int | None = None, monthly_tokens: int = 1_000_000
) -> User:
    """A user on a plan of his own with these limits a minute."""
    made = await room.user(monthly_tokens)
    plan = f"plano-{secrets.token_hex(4)}"
    await room.database.execute(
        "INSERT INTO plans (plan_type, name, monthly_tokens, requests_per_minute, tokens_per_minute, concurrent_calls) "
        "VALUES ($1, $1, 0, $2, $3, 1000)",
        plan,
        requests,
        rate_tokens,
    )
    await room.database.execute("UPDATE subscriptions SET plan_type = $2 WHERE user_id = $1", made.user_id, plan)
    return made


async def statuses(room: GatewayRoom, caller: User, calls: int) -> Counter[int]:
    """How many of so many calls at once were answered how."""

    async def call() -> int:
        async with await room.chat(caller, max_tokens=5) as answer:
            await answer.read()
            return answer.status

    return Counter(await asyncio.gather(*(call() for _ in range(calls))))


async def test_every_answer_tells_the_limits_and_the_first_beyond_is_429(room: GatewayRoom) -> None:
    caller = await user(room, requests=3, rate_tokens=1_000_000)
    for left in (2, 1, 0):
        answer = await room.chat(caller, stream=left == 1)
        assert answer.status == 200
        assert answer.headers["x-ratelimit-limit-requests"] == "3"
        assert answer.headers["x-ratelimit-remaining-requests"] == str(left)
        assert answer.headers["x-ratelimit-reset-requests"].endswith("s")
        assert answer.headers["x-ratelimit-limit-tokens"] == "1000000"
        await answer.read()
    refused = await room.chat(caller)
    error = (await refused.json())["error"]
    assert refused.status == 429
    assert (error["type"], error["code"]) == ("rate_limit_error", "rate_limit_exceeded")
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert refused.headers["x-ratelimit-remaining-requests"] == "0"
    assert "3 chamadas por minuto" in error["message"]
    await room.settled(caller)
    assert len(await room.events(caller)) == 3


async def test_a_plan_without_limits_has_no_headers(room: GatewayRoom) -> None:
    answer = await room.chat(await user(room))
    assert answer.status == 200
    assert not [name for name in answer.headers if name.lower().startswith("x-ratelimit")]


async def test_without_a_subscription_the_smallest_plan_counts(room: GatewayRoom) -> None:
    caller = await user(room)
    await room.database.execute("UPDATE subscriptions SET active = false WHERE user_id = $1", caller.user_id)
    answer = await room.chat(caller)
    smallest = await room.database.fetchval("SELECT min(requests_per_minute) FROM plans WHERE active")
    assert answer.status == 402
    assert answer.headers["x-ratelimit-limit-requests"] == str(smallest)


async def test_parallel_calls_get_exactly_the_limit(room: GatewayRoom) -> None:
    caller = await user(room, requests=40)
    begun = time.monotonic()
    answered = await statuses(room, caller, 120)
    # One call comes back every one and a half seconds, of which a busy machine may need some.
    assert 40 <= answered[200] <= 40 + (time.monotonic() - begun) / 1.5
    assert answered[200] + answered[429] == 120


async def test_a_user_far_from_his_limit_does_not_wait_and_still_gets_no_call_too_many(room: GatewayRoom) -> None:
    caller = await user(room, requests=60)
    begun = time.monotonic()
    seen = [await statuses(room, caller, 1) for _ in range(10)]
    assert seen == [{200: 1}] * 10
    rest = await statuses(room, caller, 100)
    # One call comes back each second, of which a busy machine may need many.
    assert 50 <= rest[200] <= 51 + time.monotonic() - begun
    assert rest[200] + rest[429] == 100


async def test_several_proxies_share_one_limit(
    room: GatewayRoom, database_url: str, redis_url: str, simulator: ModelSimulator
) -> None:
    caller = await user(room, requests=30)
    async with running_gateway(database_url, simulator.url, redis_url=redis_url) as second:
        begun = time.monotonic()
        assert await statuses(room, caller, 10) == {200: 10}
        assert await statuses(second, caller, 10) == {200: 10}
        here, there = await asyncio.gather(statuses(room, caller, 20), statuses(second, caller, 20))
    both = here + there
    # One call comes back every two seconds, of which a busy machine may need many.
    assert 10 <= both[200] <= 11 + (time.monotonic() - begun) / 2
    assert both[200] + both[429] == 40


async def test_without_redis_the_process_limits_alone(lonely_room: GatewayRoom) -> None:
    caller = await user(lonely_room, requests=5)
    assert await statuses(lonely_room, caller, 12) == {200: 5, 429: 7}
    async with lonely_room.http.get(f"{lonely_room.url}/metrics") as answer:
        metrics = await answer.text()
    assert "solaris_rate_limit_fallbacks_total 12.0" in metrics
    assert 'solaris_rate_limited_calls_total{reason="requests"} 7.0' in metrics


async def test_whoever_has_nothing_left_is_told_so_and_not_to_wait(room: GatewayRoom) -> None:
    caller = await user(room, requests=2, monthly_tokens=0)
    assert await statuses(room, caller, 6) == {402: 6}
    refused = await room.chat(caller)
    assert refused.headers["x-should-retry"] == "false"
    assert (await refused.json())["error"]["code"] == "monthly_quota_exceeded"


async def test_a_suspended_user_is_told_so(room: GatewayRoom) -> None:
    caller = await user(room, requests=1)
    await room.database.execute("UPDATE users SET active = false WHERE id = $1", caller.user_id)
    assert await statuses(room, caller, 3) == {403: 3}


async def test_tokens_count_when_they_are_charged(room: GatewayRoom) -> None:
    caller = await user(room, rate_tokens=500)
    async with await room.chat(caller, max_tokens=5) as first:
        assert first.headers["x-ratelimit-remaining-tokens"] == "500"
    charged = (await room.only_event(caller))["tokens_charged"]
    await asyncio.sleep(0.1)
    body = {"request_id": "grande", "tokens": 600}
    async with room.http.post(f"{room.url}/api/tokens/consume", json=body, headers=caller.headers) as second:
        assert second.status == 200
        assert 500 - charged <= int(second.headers["x-ratelimit-remaining-tokens"]) < 500
    await asyncio.sleep(0.1)
    refused = await room.chat(caller)
    assert refused.status == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-ratelimit-remaining-tokens"] == "0"
    assert "500 tokens por minuto" in (await refused.json())["error"]["message"]


async def test_direct_consumption_is_limited_too(room: GatewayRoom) -> None:
    caller = await user(room, requests=2)

    async def consume(number: int) -> int:
        body = {"request_id": f"n{number}", "tokens": 1}
        async with room.http.post(f"{room.url}/api/tokens/consume", json=body, headers=caller.headers) as answer:
            assert answer.headers["x-ratelimit-limit-requests"] == "2"
            return answer.status

    assert [await consume(number) for number in range(3)] == [200, 200, 429]


async def test_a_retry_of_a_refused_call_may_use_the_same_key(room: GatewayRoom) -> None:
    caller = await user(room, requests=1)
    await (await room.chat(caller)).read()
    refused = await room.chat(caller, headers={"Idempotency-Key": "again"})
    assert refused.status == 429
    await room.database.execute(
        "UPDATE plans SET requests_per_minute = 6000 WHERE plan_type = (SELECT plan_type FROM subscriptions WHERE user_id = $1)",
        caller.user_id,
    )
    for _ in range(80):
        answer = await room.chat(caller, headers={"Idempotency-Key": "again"})
        if answer.status == 200:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the raised limit is not seen")


async def test_a_redis_that_dies_costs_nobody_a_call(
    database_url: str, redis_server: RedisServer, simulator: ModelSimulator
) -> None:
    async with running_gateway(database_url, simulator.url, redis_url=redis_server.url) as room:
        caller = await user(room, requests=1000)
        assert await statuses(room, caller, 10) == {200: 10}
        await redis_server.stop()
        assert await statuses(room, caller, 20) == {200: 20}
        async with room.http.get(f"{room.url}/api/health") as answer:
            assert (await answer.json())["status"] == "degraded"
        assert room.logged("rate_limits_per_process")
        await redis_server.start()
        for _ in range(50):
            if room.logged("rate_limits_shared_again"):
                break
            await asyncio.sleep(0.1)
        answer = await room.chat(caller)
        assert answer.headers["x-ratelimit-remaining-requests"] == "999"


@contextmanager
def frozen(server: RedisServer) -> Iterator[None]:
    """The server neither answers nor goes away."""
    children = Path("/proc").glob("[0-9]*/cmdline")
    marks = f":{server.port}".encode()
    pids = [int(path.parent.name) for path in children if marks in _read(path) and b"valkey" in _read(path)]
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    yield
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


async def test_a_redis_that_hangs_is_waited_for_once_and_shortly(redis_server: RedisServer) -> None:
    link = RedisClient(redis_server.url)
    buckets = SharedBuckets(link, LocalBuckets(), build_log("test", level="error", form="json"))
    await buckets.open()
    rates = Rates(100, 0)
    user = UserLimits(uuid4(), rates)
    assert (await buckets.take(user)).requests_remaining(rates) == 99
    with frozen(redis_server):
        begun = time.perf_counter()
        together = await asyncio.gather(*(buckets.take(user) for _ in range(5)))
        assert 0.2 < time.perf_counter() - begun < 5
        assert {standing.verdict for standing in together} == {Verdict.ADMITTED}
        begun = time.perf_counter()
        for _ in range(200):
            await buckets.take(user)
        # Were it waited for again each time, 40 seconds.
        assert time.perf_counter() - begun < 10
    for _ in range(40):
        await asyncio.sleep(0.1)
        if buckets.shared:
            break
    assert buckets.shared
    await buckets.close()
    await link.close()


async def test_redis_and_the_fallback_judge_alike(redis_url: str) -> None:
    link = RedisClient(redis_url)
    local = LocalBuckets()
    buckets = SharedBuckets(link, LocalBuckets(), build_log("test", level="error", form="json"))
    await buckets.open()
    for rates in (Rates(1, 0), Rates(7, 0), Rates(0, 1000), Rates(5, 300), Rates(2_000_000_000, 2_000_000_000)):
        user = UserLimits(uuid4(), rates)
        for step in range(14):
            if step % 3 == 2:
                buckets.add_tokens(user, 90)
                local.draw(Draw(user.user_id, rates, takes=False, tokens=90))
            there = await buckets.take(user)
            here = local.draw(Draw(user.user_id, rates, takes=True))
            assert _plain(there, rates) == _plain(here, rates)
    assert buckets.shared
    await buckets.close()
    await link.close()


def _plain(standing: BucketState, rates: Rates) -> tuple[Verdict, int]:
    return standing.verdict, standing.requests_remaining(rates) if rates.requests else -1


async def test_a_redis_that_forgot_the_script_learns_it_again(redis_url: str) -> None:
    link = RedisClient(redis_url)
    buckets = SharedBuckets(link, LocalBuckets(), build_log("test", level="error", form="json"))
    await buckets.open()
    rates = Rates(10, 10)
    user = UserLimits(uuid4(), rates)
    await buckets.take(user)
    await link.client.script_flush()
    standings = await asyncio.gather(*(buckets.take(user) for _ in range(3)))
    assert [standing.requests_remaining(rates) for standing in standings] == [8, 7, 6]
    keys = await link.client.keys(f"solaris:rate:{user.user_id.hex}")
    assert [0 < await link.client.pttl(key) <= 60_000 for key in keys] == [True]
    await buckets.close()
    await link.close()
