"""Our HTTP/1.1 client against servers that answer in every way the protocol admits, and in some that it does not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from solaris.platform.http_client.connection import ClientConnection, ReadTimeout, RemoteProtocolError
from solaris.platform.http_client.pool import CONNECT_FAILURES, ConnectionPool, Origin

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


@asynccontextmanager
async def pool_of(
    serve: Serve, *, most: int = 10, idle_seconds: float = 4, connect_seconds: float = 1
) -> AsyncIterator:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    origin = Origin(f"http://127.0.0.1:{port}")
    pool = ConnectionPool(origin, max_connections=most, idle_seconds=idle_seconds, connect_seconds=connect_seconds)
    try:
        yield pool
    finally:
        pool.close()
        server.close()


def answering(*pieces: bytes, closes: bool = False) -> Serve:
    """A server that sends these pieces, apart from each other, for every request on a connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0.01)
                if closes:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    return serve


async def ask(pool: ConnectionPool, *, silence_seconds: float = 2.0) -> ClientConnection:
    connection = pool.take() or await pool.connection()
    connection.begin(b"GET / HTTP/1.1\r\nhost: test\r\n\r\n", b"", silence_seconds)
    await connection.head()
    return connection


async def body_of(connection: ClientConnection) -> bytes:
    parts = []
    while part := await connection.read():
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize(
    ("pieces", "body"),
    [
        ((OK,), b"ok"),
        ((b"HTTP/1.1 200 OK\r\ncontent-", b"length: 4\r\n\r\nab", b"cd"), b"abcd"),
        ((b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n", b"1\r\nc\r\n0\r\n\r\n"), b"abc"),
        ((b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + OK), b"ok"),
        ((b"HTTP/1.1 204 No Content\r\n\r\n",), b""),
    ],
)
async def test_an_answer_is_read_whole_and_its_connection_used_again(pieces: tuple[bytes, ...], body: bytes) -> None:
    async with pool_of(answering(*pieces)) as pool:
        first = await ask(pool)
        assert await body_of(first) == body
        assert b"link" not in first.headers
        pool.give_back(first)
        second = await ask(pool)
        assert second is first
        assert await body_of(second) == body


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n"]
)
async def test_an_answer_that_ends_with_its_connection_is_whole_and_the_connection_is_not_used_again(
    head: bytes,
) -> None:
    async with pool_of(answering(head + b"ok", closes=True)) as pool:
        first = await ask(pool)
        assert await body_of(first) == b"ok"
        pool.give_back(first)
        assert await ask(pool) is not first


@pytest.mark.parametrize(
    "pieces",
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab",),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",),
        (b"HTTP/1.1 200 OK\r\ncontent-",),
        (b"",),
        (b"SSH-2.0-OpenSSH\r\n\r\n",),
        (b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 400_000,),
    ],
)
async def test_an_answer_that_is_cut_short_or_none_is_a_failure(pieces: tuple[bytes, ...]) -> None:
    async with pool_of(answering(*pieces, closes=True)) as pool:
        with pytest.raises(RemoteProtocolError):
            await body_of(await ask(pool))


async def test_an_unsolicited_second_response_is_discarded() -> None:
    async with pool_of(answering(OK + OK)) as pool:
        first = await ask(pool)
        assert await body_of(first) == b"ok"
        pool.give_back(first)
        assert await ask(pool) is not first


async def test_silence_before_the_head_and_inside_the_body_ends_the_exchange() -> None:
    async with pool_of(answering(b"")) as pool:
        with pytest.raises(ReadTimeout):
            await ask(pool, silence_seconds=0.05)
    async with pool_of(answering(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab")) as pool:
        connection = await ask(pool)
        connection.set_read_timeout(0.05)
        with pytest.raises(ReadTimeout):
            await body_of(connection)


async def test_bytes_in_time_keep_a_slow_answer_alive() -> None:
    pieces = [b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n", *[b"x"] * 20]
    async with pool_of(answering(*pieces)) as pool:
        assert len(await body_of(await ask(pool, silence_seconds=0.1))) == 20


async def test_a_connection_beyond_the_bound_waits_for_one_and_not_for_ever() -> None:
    async with pool_of(answering(OK), most=1, connect_seconds=0.3) as pool:
        first = await ask(pool)
        waiting = asyncio.create_task(ask(pool))
        await asyncio.sleep(0.01)
        assert await body_of(first) == b"ok"
        pool.give_back(first)
        second = await waiting
        assert second is first
        with pytest.raises(CONNECT_FAILURES):
            await ask(pool)
        second.close()
        assert await body_of(await ask(pool)) == b"ok"


async def test_a_cancelled_waiter_passes_its_turn_on() -> None:
    async with pool_of(answering(OK), most=1) as pool:
        first = await ask(pool)
        gives_up, stays = asyncio.create_task(ask(pool)), asyncio.create_task(ask(pool))
        await asyncio.sleep(0.01)
        await body_of(first)
        pool.give_back(first)
        gives_up.cancel()
        assert await body_of(await asyncio.wait_for(stays, 0.5)) == b"ok"


async def test_a_free_connection_that_the_server_closed_or_that_grew_old_is_not_used() -> None:
    async with pool_of(answering(OK, closes=True)) as pool:
        first = await ask(pool)
        await body_of(first)
        pool.give_back(first)
        await asyncio.sleep(0.05)
        assert pool.take() is None
    async with pool_of(answering(OK), idle_seconds=0.05) as pool:
        first = await ask(pool)
        await body_of(first)
        pool.give_back(first)
        await asyncio.sleep(1.2)
        assert pool.take() is None


async def test_reading_pauses_while_the_buffer_is_unread() -> None:
    sent = 0

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n")
        while sent < 100_000_000:
            writer.write(b"x" * 100_000)
            await writer.drain()
            sent += 100_000

    async with pool_of(flood) as pool:
        connection = await ask(pool)
        await asyncio.sleep(0.3)
        waiting = sent
        assert waiting < 20_000_000  # what the two kernels' buffers hold, and a quarter of a megabyte
        taken = len(await connection.read())
        while taken < waiting:
            taken += len(await connection.read())
        assert sent > waiting
        connection.close()
        with pytest.raises(RemoteProtocolError):
            await body_of(connection)


async def test_a_refused_connection_is_a_connect_failure(free_port: int) -> None:
    pool = ConnectionPool(Origin(f"http://127.0.0.1:{free_port}"), max_connections=1, idle_seconds=1, connect_seconds=1)
    with pytest.raises(CONNECT_FAILURES):
        await pool.connection()


def test_the_request_line_holds_the_path_of_the_address_and_the_port_where_it_is_not_the_usual_one() -> None:
    assert Origin("http://[::1]:4000/base/").request_line("POST", "/v1/x") == (
        b"POST /base/v1/x HTTP/1.1\r\nhost: [::1]:4000\r\n"
    )
    secured = Origin("https://user:secret@models.example")
    assert secured.request_line("GET", "/") == b"GET / HTTP/1.1\r\nhost: models.example\r\n"
    assert secured.port == 443
    assert secured.tls is not None
    assert secured.authorization == b"Basic dXNlcjpzZWNyZXQ="
    with pytest.raises(ValueError, match="http"):
        Origin("ftp://models.example")
