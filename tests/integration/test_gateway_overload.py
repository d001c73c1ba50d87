"""Floods, peers that never finish and upstreams that never answer: quick refusals, bounded memory, every ending charged."""

import asyncio
import json
import resource
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web
from starlette.types import Message, Receive, Scope, Send
from tests.integration.gateway_room import CHAT, GatewayRoom, User, running_gateway
from tests.integration.stand_in_provider import DONE, event, stand_in

from solaris.local.simulator import Behaviour, ModelSimulator
from solaris.platform.http.app import RequestMiddleware
from solaris.platform.http.server_protocol import ConnectionLimits
from solaris.platform.logs import build_log
from solaris.platform.metrics import Metrics

_CHUNK = b'data: {"choices":[{"index":0,"delta":{"content":"' + b"palavra " * 500 + b'"}}]}\n\n'


@dataclass
class Flood:
    """An upstream that streams for ever: how much it could send, and whether its call was ended."""

    url: str = ""
    sent_bytes: int = 0
    ended: bool = False


@asynccontextmanager
async def endless_upstream() -> AsyncIterator[Flood]:
    """Streams as fast as it is read."""
    flood = Flood()

    async def chat(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            while True:
                await response.write(_CHUNK)
                flood.sent_bytes += len(_CHUNK)
                await asyncio.sleep(0)
        except (OSError, asyncio.CancelledError):
            flood.ended = True
            raise

    async def models(_request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": "gpt-4"}]})

    app = web.Application()
    app.router.add_post(CHAT, chat)
    app.router.add_get("/v1/models", models)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    flood.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield flood
    await runner.cleanup()


async def connect(room: GatewayRoom, sent: bytes = b"", receive_buffer: int = 65_536) -> socket.socket:
    """A plain connection to the proxy."""
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    peer.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(peer, ("127.0.0.1", urlsplit(room.url).port))
    await loop.sock_sendall(peer, sent)
    return peer


def request_of(user: User) -> bytes:
    """A streamed chat call as bytes."""
    body = json.dumps({"model": "gpt-4", "stream": True, "messages": [{"role": "user", "content": "oi"}]}).encode()
    head = f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {user.key}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def all_of(peer: socket.socket) -> bytes:
    """What comes until the other side closes."""
    loop, parts = asyncio.get_running_loop(), []
    async with asyncio.timeout(10):
        while part := await loop.sock_recv(peer, 65_536):
            parts.append(part)
    peer.close()
    return b"".join(parts)


async def test_a_flood_is_refused_at_once_and_in_our_shape(database_url: str) -> None:
    async with (
        stand_in() as provider,
        running_gateway(database_url, provider.url, solaris_open_calls_limit=5) as room,
    ):
        provider.stream = (b"", event({"choices": [{"index": 0, "delta": {"content": "sim"}}]}), DONE)
        user = await room.user()
        statuses: Counter[int] = Counter()

        async def call() -> None:
            async with await room.chat(user, stream=True) as answer:
                body = await answer.read()
                if answer.status == 503:
                    error = json.loads(body)["error"]
                    assert error["code"] == "overloaded"
                    assert error["trace_id"] == answer.headers["x-trace-id"]
                    assert int(answer.headers["retry-after"]) >= 1
                statuses[answer.status] += 1
                if statuses[503] == 55:
                    # Until now the five have no answer: no refusal waits for one of them.
                    provider.gate.set()

        await asyncio.gather(*(call() for _ in range(60)))
        assert statuses == {200: 5, 503: 55}
        await call()
        assert statuses[200] == 6
        async with room.http.get(f"{room.url}/api/health") as health:
            assert health.status == 200


async def test_a_connection_too_many_is_answered_and_closed(database_url: str, simulator: ModelSimulator) -> None:
    async with running_gateway(database_url, simulator.url, connections=ConnectionLimits(max_connections=3)) as room:
        idle = [await connect(room) for _ in range(3)]
        await asyncio.sleep(0.05)
        peer = await connect(room, b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await all_of(peer)
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b'"code":"overloaded"' in answer
        for one in idle:
            one.close()
        await asyncio.sleep(0.05)
        async with room.http.get(f"{room.url}/api/health") as health:
            assert health.status == 200


async def test_a_caller_that_never_reads_stops_the_upstream_and_is_charged(database_url: str) -> None:
    limits = ConnectionLimits(reader_seconds=3.0)
    async with (
        endless_upstream() as flood,
        running_gateway(database_url, flood.url, connections=limits, solaris_read_on_seconds=0) as room,
    ):
        await a_first_call_has_its_memory(room, flood)
        user = await room.user(100_000_000)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peer = await connect(room, request_of(user))
        paused_at = await paused(flood)
        assert not flood.ended
        grown_kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown_kilobytes < 30_000
        charged = await room.only_event(user)
        assert (charged["ending"], charged["estimated"]) == ("client_gone", True)
        assert 0 < charged["output_tokens"] * 3 < paused_at
        await has_ended(flood)
        peer.close()


async def a_first_call_has_its_memory(room: GatewayRoom, flood: Flood) -> None:
    """A call that takes what the first one takes for good: the vocabulary, buffers."""
    user = await room.user(100_000_000)
    peer = await connect(room, request_of(user))
    assert await asyncio.get_running_loop().sock_recv(peer, 65_536)
    peer.close()
    await room.only_event(user)
    await has_ended(flood)
    flood.sent_bytes, flood.ended = 0, False


async def paused(flood: Flood) -> int:
    """Wait until the upstream has sent something and for a while no more; returns how many bytes."""
    async with asyncio.timeout(20):
        sent = 0
        while sent == 0 or sent != flood.sent_bytes:
            sent = flood.sent_bytes
            await asyncio.sleep(0.3)
    return sent


async def has_ended(flood: Flood) -> None:
    """Wait until the upstream has seen its call end."""
    async with asyncio.timeout(20):
        while not flood.ended:  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.01)


async def test_a_caller_that_reads_slowly_is_served(database_url: str) -> None:
    limits = ConnectionLimits(reader_seconds=0.5)
    async with (
        endless_upstream() as flood,
        running_gateway(database_url, flood.url, connections=limits, solaris_read_on_seconds=0) as room,
    ):
        user = await room.user(100_000_000)
        peer = await connect(room, request_of(user), receive_buffer=8_192)
        loop, begun = asyncio.get_running_loop(), time.perf_counter()
        while time.perf_counter() - begun < 2.5:
            await asyncio.sleep(0.05)
            assert await loop.sock_recv(peer, 16_384)
        assert not flood.ended
        peer.close()
        assert (await room.only_event(user))["ending"] == "client_gone"


async def test_a_head_that_never_ends_is_cut(database_url: str, simulator: ModelSimulator) -> None:
    limits = ConnectionLimits(head_seconds=0.3)
    async with running_gateway(database_url, simulator.url, connections=limits) as room:
        silent = await connect(room)
        begun = await connect(room, b"GET /api/health HTTP/1.1\r\nHost:")
        second = await connect(room, b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\nGET /api/health HTTP/1.1\r\nHo")
        assert await all_of(silent) == b""
        assert await all_of(begun) == b""
        assert (await all_of(second)).startswith(b"HTTP/1.1 200 ")


async def test_bytes_that_are_no_http_are_answered_in_our_shape(database_url: str, simulator: ModelSimulator) -> None:
    async with running_gateway(database_url, simulator.url) as room:
        answer = await all_of(await connect(room, b"\x16\x03\x01 what is this\r\n\r\n"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["error"]["code"] == "invalid_http"


async def test_a_body_that_does_not_arrive_is_408() -> None:
    async def reads_all(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (await receive()).get("more_body"):
            pass

    sent: list[Message] = []
    parts = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def receive() -> Message:
        if parts:
            return parts.pop()
        await asyncio.sleep(30)
        raise AssertionError("nobody waits so long")

    async def send(message: Message) -> None:
        sent.append(message)

    log = build_log("test", level="error", form="json")
    frame = RequestMiddleware(reads_all, log=log, metrics=Metrics("test"), body_limit_bytes=1000, body_seconds=0.1)
    scope: Scope = {"type": "http", "method": "POST", "path": "/x", "headers": [], "query_string": b""}
    await frame(scope, receive, send)
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert json.loads(sent[1]["body"])["error"]["code"] == "request_timeout"


@pytest.mark.parametrize("is_stream", [False, True])
async def test_the_first_bytes_time_out_is_settable(
    database_url: str, simulator: ModelSimulator, is_stream: bool
) -> None:
    simulator.behaviour = Behaviour(hang=True)
    async with running_gateway(database_url, simulator.url, solaris_first_byte_timeout_seconds=0.3) as room:
        user = await room.user()
        # This client waits for 30 seconds; the proxy's own setting is ten minutes.
        answer = await room.chat(user, stream=is_stream)
        assert answer.status == 504
        await room.settled(user)
        assert await room.events(user) == []


async def test_the_silence_inside_a_stream_is_settable(database_url: str, simulator: ModelSimulator) -> None:
    simulator.behaviour = Behaviour(hang=True, fail_after_chunks=3)
    async with running_gateway(database_url, simulator.url, solaris_idle_timeout_seconds=0.3) as room:
        user = await room.user()
        answer = await room.chat(user, stream=True)
        with_error = await asyncio.wait_for(answer.read(), 5)
        assert b'"error"' in with_error
        assert (await room.only_event(user))["ending"] == "upstream_error"


async def test_a_thousand_refusals_leave_nothing_behind(database_url: str, simulator: ModelSimulator) -> None:
    simulator.behaviour = Behaviour(delay_seconds=0.5)
    async with running_gateway(database_url, simulator.url, solaris_open_calls_limit=1) as room:
        user = await room.user()
        first = asyncio.create_task(room.chat(user))
        async with asyncio.timeout(10):
            while not simulator.calls.count:  # noqa: ASYNC110 - only asking tells
                await asyncio.sleep(0.01)
        async with aiohttp.ClientSession() as http:
            for _ in range(300):
                body = {"model": "gpt-4", "messages": []}
                async with http.post(room.url + CHAT, json=body, headers=user.headers) as answer:
                    assert answer.status in (503, 400)
                    await answer.read()
        assert (await first).status == 200
        simulator.behaviour = Behaviour()
        assert (await room.chat(user)).status == 200
