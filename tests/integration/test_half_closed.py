"""Callers who close their sending side and read on get their answer; those who have left altogether are noticed all the same."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httptools
import pytest
import uvicorn
import uvloop
from starlette.types import Message, Receive, Scope, Send
from tests.integration.gateway_room import CHAT, GatewayRoom, User, running_gateway

from solaris.local.simulator import ModelSimulator
from solaris.platform.http.app import RequestMiddleware
from solaris.platform.http.request_context import REQUEST_CONTEXT
from solaris.platform.http.server import server_config
from solaris.platform.http.server_protocol import ConnectionLimits
from solaris.platform.logs import build_log
from solaris.platform.metrics import Metrics


@pytest.fixture
async def room(database_url: str, simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(database_url, simulator.url) as running:
        yield running


class Answers:
    """Reads answers with the parser of a strict client."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.statuses: list[int] = []
        self.complete = 0
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self.bodies.append(b"")

    def on_headers_complete(self) -> None:
        self.statuses.append(self._parser.get_status_code())

    def on_body(self, body: bytes) -> None:
        self.bodies[-1] += body

    def on_message_complete(self) -> None:
        self.complete += 1


async def ask_and_shut(port: int, request: bytes) -> Answers:
    """Sends the request, shuts the sending side, and reads to the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await writer.drain()
    writer.write_eof()
    answers = Answers()
    async with asyncio.timeout(15):
        while data := await reader.read(65_536):
            answers.feed(data)
    writer.close()
    return answers


def request_of(user: User, path: str, body: dict[str, Any]) -> bytes:
    payload = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {user.key}\r\nContent-Length: {len(payload)}\r\n\r\n"
    )
    return head.encode() + payload


def port_of(room: GatewayRoom) -> int:
    return int(room.url.rpartition(":")[2])


_TEXT = "Olá [[sim output_tokens=25 delay_seconds=0.4 chunk_delay_seconds=0.01]]"
_MESSAGES = [{"role": "user", "content": _TEXT}]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CHAT, {"model": "gpt-4", "messages": _MESSAGES}),
        ("/v1/completions", {"model": "gpt-4", "prompt": _TEXT, "max_tokens": 100}),
        ("/v1/responses", {"model": "gpt-4", "input": _TEXT}),
        ("/v1/messages", {"model": "gpt-4", "messages": _MESSAGES, "max_tokens": 100}),
    ],
)
async def test_a_half_closed_caller_gets_the_whole_answer(
    room: GatewayRoom, path: str, body: dict[str, Any], stream: bool
) -> None:
    user = await room.user()
    answers = await ask_and_shut(port_of(room), request_of(user, path, {**body, "stream": stream}))
    assert (answers.statuses, answers.complete) == ([200], 1)
    event = await room.only_event(user)
    assert (event["ending"], event["estimated"], event["output_tokens"]) == ("complete", False, 25)


async def test_a_half_closed_caller_gets_refusals_and_other_routes_too(room: GatewayRoom) -> None:
    user = await room.user()
    refused = await ask_and_shut(port_of(room), request_of(user, CHAT, {"model": "none", "messages": _MESSAGES}))
    assert (refused.statuses, refused.complete) == ([404], 1)
    failed = {"model": "gpt-4", "messages": [{"role": "user", "content": "[[sim delay_seconds=0.3 error=500]]"}]}
    late = await ask_and_shut(port_of(room), request_of(user, CHAT, failed))
    assert (late.statuses, late.complete) == ([502], 1)
    head = f"GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {user.key}\r\n\r\n"
    both = await ask_and_shut(port_of(room), head.encode() * 2)
    assert (both.statuses, both.complete) == ([200, 200], 2)


async def test_a_caller_who_shuts_in_mid_stream_reads_on(room: GatewayRoom) -> None:
    user = await room.user()
    text = [{"role": "user", "content": "Olá [[sim output_tokens=25 chunk_delay_seconds=0.05]]"}]
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(room))
    writer.write(request_of(user, CHAT, {"model": "gpt-4", "messages": text, "stream": True}))
    answers = Answers()
    answers.feed(await reader.readuntil(b"data:"))
    writer.write_eof()
    while data := await reader.read(65_536):
        answers.feed(data)
    writer.close()
    assert answers.complete == 1
    assert answers.bodies[0].endswith(b"data: [DONE]\n\n")
    assert (await room.only_event(user))["ending"] == "complete"


@asynccontextmanager
async def served(app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> AsyncIterator[int]:
    """The port of a server with our connections."""
    frame = RequestMiddleware(
        app, log=build_log("t", level="error", form="json"), metrics=Metrics("t"), body_limit_bytes=999
    )
    server = uvicorn.Server(server_config(frame, ConnectionLimits(), lifespan="off", timeout_graceful_shutdown=1))
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server._serve([listener]))
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await serving


async def _slow(began: asyncio.Event, gone: asyncio.Event, go: asyncio.Event, *, starts: bool) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"][REQUEST_CONTEXT].on_disconnect(gone.set)
        chunk: Message = {"type": "http.response.body", "body": b"words", "more_body": True}
        if starts:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send(chunk)
        began.set()
        await go.wait()
        if not starts:
            await send({"type": "http.response.start", "status": 201, "headers": []})
        await send(chunk)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    return app


async def _leaves(*, starts: bool) -> None:
    """A caller who closes altogether while nothing is written is noticed before anything is written."""
    began, gone, go = asyncio.Event(), asyncio.Event(), asyncio.Event()
    async with served(await _slow(began, gone, go, starts=starts)) as port, asyncio.timeout(10):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await began.wait()
        if starts:
            await reader.readuntil(b"words\r\n")
        writer.close()
        await gone.wait()
        go.set()


async def _shuts_then_leaves(*, starts: bool) -> None:
    """One who shuts the sending side is served; when it closes altogether later, that is noticed too."""
    began, gone, go = asyncio.Event(), asyncio.Event(), asyncio.Event()
    async with served(await _slow(began, gone, go, starts=starts)) as port, asyncio.timeout(20):
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await began.wait()
        writer.write_eof()
        await asyncio.sleep(0.5)
        assert not gone.is_set()
        writer.close()
        await gone.wait()
        go.set()


async def _waits_long(*, starts: bool) -> None:
    """Several early bytes leave the answer as a strict parser wants it."""
    began, gone, go = asyncio.Event(), asyncio.Event(), asyncio.Event()
    async with served(await _slow(began, gone, go, starts=starts)) as port, asyncio.timeout(20):
        asking = asyncio.create_task(ask_and_shut(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 2))
        await asyncio.sleep(4)
        go.set()
        answers = await asking
        expected = b"wordswords" if starts else b"words"
        assert answers.statuses == [200 if starts else 201] * 2
        assert answers.bodies == [expected] * 2
        assert not gone.is_set()


@pytest.mark.parametrize("starts", [False, True])
@pytest.mark.parametrize("scene", [_leaves, _shuts_then_leaves, _waits_long])
@pytest.mark.parametrize("make_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
async def test_closed_and_half_closed_are_told_apart_on_both_loops(
    make_loop: Callable[[], asyncio.AbstractEventLoop], scene: Callable[..., Awaitable[None]], starts: bool
) -> None:
    def run() -> None:
        with asyncio.Runner(loop_factory=make_loop) as runner:
            runner.run(scene(starts=starts))  # type: ignore[arg-type]  # a coroutine function

    await asyncio.to_thread(run)


async def test_half_a_request_is_no_request(room: GatewayRoom) -> None:
    user = await room.user()
    whole = request_of(user, CHAT, {"model": "gpt-4", "messages": _MESSAGES})
    for cut in (10, 60, len(whole) - 5):
        assert (await ask_and_shut(port_of(room), whole[:cut])).statuses == []
    assert await room.events(user) == []
