"""One connection to Redis for scripts that answer integers, without the plain client's 100 µs a call."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from typing import Any

from redis.exceptions import NoScriptError, ResponseError

from solaris.platform.redis import AWAY, RedisClient

Reply = list[int] | Exception
_END = b"\r\n"


class ScriptConnection(asyncio.Protocol):
    """Redis's client connects, encrypts and signs in; from then on bytes are written and read here.

    One command is under way at a time. `on_reply` gets its integers, or the error that Redis answered; `on_lost` is told once that
    the connection is gone, or answers what no such script can.
    """

    def __init__(self, on_reply: Callable[[Reply], None], on_lost: Callable[[], None]) -> None:
        self._on_reply = on_reply
        self._on_lost = on_lost
        self._transport: asyncio.WriteTransport | None = None
        self._read = b""
        # Kept, since a stream's writer closes its transport when nobody holds it any more.
        self._writer: Any = None

    async def connect(self, link: RedisClient, timeout_seconds: float) -> None:
        """Connect.

        Raises:
            RedisError, OSError, TimeoutError: Redis is away, or does not let us in.
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
        # The client's connection is told to forget its streams: the transport is ours from here on.
        self._writer, connection._writer, connection._reader = connection._writer, None, None
        self._transport = self._writer.transport
        self._transport.set_protocol(self)

    def send(self, values: int, command: Iterable[bytes]) -> None:
        """Write a command of so many values, `encoded`, at once; `on_reply` gets the answer."""
        if self._transport is not None:
            self._transport.write(b"*%d\r\n" % values + b"".join(command))

    def cut(self) -> None:
        """Drop the connection; nobody is told."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """A piece of an answer."""
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
        """The connection is gone."""
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
    """Values of a command as they go over the wire: what is sent often is written once."""
    return b"".join([b"$%d\r\n%b\r\n" % (len(value), value) for value in values])


def encoded_integer(number: int) -> bytes:
    """As `encoded`, for one number that is another each time."""
    digits = b"%d" % number
    return b"$%d\r\n%b\r\n" % (len(digits), digits)
