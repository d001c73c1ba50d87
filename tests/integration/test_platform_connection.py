"""Connections that are kept: idle ones are closed in time, and requests sent one behind the other are answered in order."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from solaris.platform.http.app import RequestMiddleware
from solaris.platform.http.server import server_config
from solaris.platform.http.server_protocol import ConnectionLimits
from solaris.platform.logs import build_log
from solaris.platform.metrics import Metrics

_IDLE_SECONDS = 1


@asynccontextmanager
async def served() -> AsyncIterator[socket.socket]:
    """A connection to a server that answers with the request's path and body, a tenth of a second after it came."""

    async def echo(scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        await asyncio.sleep(0.1)
        await PlainTextResponse(scope["path"].encode() + body)(scope, receive, send)

    log = build_log("test", level="error", form="json")
    frame = RequestMiddleware(echo, log=log, metrics=Metrics("test"), body_limit_bytes=1000)
    limits = ConnectionLimits(idle_seconds=_IDLE_SECONDS)
    server = uvicorn.Server(server_config(frame, limits, lifespan="off"))
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    peer = socket.socket()
    peer.setblocking(False)
    await asyncio.get_running_loop().sock_connect(peer, listener.getsockname())
    try:
        yield peer
    finally:
        peer.close()
        server.should_exit = True
        await serving


async def ask(peer: socket.socket, *paths: str) -> bytes:
    """Sends these requests at once, and reads until the last is answered."""
    loop = asyncio.get_running_loop()
    sent = b"".join(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n!".encode() for path in paths)
    await loop.sock_sendall(peer, sent)
    told = b""
    async with asyncio.timeout(5):
        while f"{paths[-1]}!".encode() not in told:
            part = await loop.sock_recv(peer, 65_536)
            assert part, "the connection was closed"
            told += part
    return told


async def test_a_connection_is_kept_between_requests_and_closed_when_idle() -> None:
    async with served() as peer:
        loop = asyncio.get_running_loop()
        for _ in range(3):
            # Together longer than a connection may be idle; each alone is not.
            await ask(peer, "/a")
            await asyncio.sleep(_IDLE_SECONDS * 0.6)
        begun = loop.time()
        async with asyncio.timeout(5):
            assert await loop.sock_recv(peer, 1) == b""
        assert loop.time() - begun < _IDLE_SECONDS


async def test_half_a_request_is_not_idle() -> None:
    async with served() as peer:
        loop = asyncio.get_running_loop()
        await ask(peer, "/a")
        await loop.sock_sendall(peer, b"POST /b HTTP/1.1\r\nHost: x\r\nContent-")
        await asyncio.sleep(_IDLE_SECONDS * 1.5)
        await loop.sock_sendall(peer, b"Length: 1\r\n\r\n!")
        async with asyncio.timeout(5):
            assert (await loop.sock_recv(peer, 65_536)).endswith(b"/b!")


async def test_requests_that_follow_one_another_at_once_are_answered_in_order() -> None:
    async with served() as peer:
        told = await ask(peer, "/one", "/two", "/three")
        assert told.count(b"HTTP/1.1 200") == 3
        assert told.index(b"/one!") < told.index(b"/two!") < told.index(b"/three!")
