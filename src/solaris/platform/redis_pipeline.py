"""A Redis connection for scripts that return integers, without redis-py's 100 µs per call."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from typing import Any

from redis.exceptions import NoScriptError, ResponseError

from solaris.platform.redis import AWAY, RedisClient

Reply = list[int] | Exception
_END = b"\r\n"


class ScriptConnection(asyncio.Protocol):
    """redis-py connects, negotiates TLS and authenticates; then bytes are written and read here.

    One command is in flight at a time. `on_reply` receives its integers, or the error that Redis
    returned; `on_lost` is called once, when the connection is lost or the reply is malformed.
    """

    def __init__(self, on_reply: Callable[[Reply], None], on_lost: Callable[[], None]) -> None:
        self._on_reply = on_reply
        self._on_lost = on_lost
        self._transport: asyncio.WriteTransport | None = None
        self._read = b""
        # Referenced, since a StreamWriter closes its transport when it is garbage-collected.
        self._writer: Any = None

    async def connect(self, link: RedisClient, timeout_seconds: float) -> None:
        """Connect.

        Raises:
            RedisError, OSError, TimeoutError: Redis is away, or refuses the credentials.
        """
        pool: Any = link.client.connection_pool
        connection = pool.make_connection()
        async with asyncio.timeout(timeout_seconds):
            try:
                await connection.connect()
            except BaseException:
                with contextlib.suppress(*AWAY):
                    await connection.disconnect(nowait=True)
                raise
        # Detach the streams from redis-py's connection: this object owns the transport now.
        self._writer, connection._writer, connection._reader = connection._writer, None, None
        self._transport = self._writer.transport
        self._transport.set_protocol(self)

    def send(self, values: int, command: Iterable[bytes]) -> None:
        """Write a command of `values` encoded values at once; `on_reply` receives the reply."""
        if self._transport is not None:
            self._transport.write(b"*%d\r\n" % values + b"".join(command))

    def cut(self) -> None:
        """Drop the connection without calling `on_lost`."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Handle a part of a reply (asyncio.Protocol)."""
        read = self._read = self._read + data
        if not read.endswith(_END):
            return
        if not read.startswith(b"*"):
            self._read = b""
            self._failed(read)
            return
        count, *integers = read.split(b"\r\n:")
        if len(integers) >= int(count[1:]):
            self._read = b""
            self._on_reply(list(map(int, integers)))

    def connection_lost(self, exc: Exception | None) -> None:
        """Call `on_lost` unless the connection was cut here (asyncio.Protocol)."""
        if self._transport is not None:
            self._transport = None
            self._on_lost()

    def _failed(self, read: bytes) -> None:
        error = read.partition(_END)[0].decode(errors="replace")
        if error.startswith("-NOSCRIPT"):
            self._on_reply(NoScriptError(error))
        elif error.startswith("-"):
            self._on_reply(ResponseError(error))
        else:
            self.cut()
            self._on_lost()


def encoded(*values: bytes) -> bytes:
    """Encode values as RESP bulk strings, so that a command's constant parts are encoded once."""
    return b"".join([b"$%d\r\n%b\r\n" % (len(value), value) for value in values])


def encoded_integer(number: int) -> bytes:
    """Encode one integer as a RESP bulk string."""
    digits = b"%d" % number
    return b"$%d\r\n%b\r\n" % (len(digits), digits)
