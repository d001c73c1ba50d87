"""One connection to Redis for scripts that answer integers, without the plain client's 100 µs a call."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from redis.exceptions import NoScriptError, ResponseError

from solaris.platform.redis import AWAY, RedisLink

Reply = list[int] | Exception
_END = b"\r\n"


class RedisWire(asyncio.Protocol):
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

    async def connect(self, link: RedisLink, timeout_seconds: float) -> None:
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

    def send(self, command: Sequence[bytes]) -> None:
        """Write a command at once; `on_reply` gets the answer."""
        parts = [b"*%d" % len(command)]
        for value in command:
            parts += (b"$%d" % len(value), value)
        if self._transport is not None:
            self._transport.write(_END.join(parts) + _END)

    def cut(self) -> None:
        """Drop the connection; nobody is told."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """A piece of an answer."""
        self._read += data
        if not self._read.endswith(_END):
            return
        lines = self._read.split(_END)
        if self._read[:1] == b"*" and len(lines) < int(lines[0][1:]) + 2:
            return
        self._read = b""
        self._answer(lines)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        if self._transport is not None:
            self._transport = None
            self._on_lost()

    def _answer(self, lines: list[bytes]) -> None:
        first = lines[0]
        if first.startswith(b"*"):
            self._on_reply([int(line[1:]) for line in lines[1:-1]])
        elif first.startswith(b"-NOSCRIPT"):
            self._on_reply(NoScriptError(first.decode(errors="replace")))
        elif first.startswith(b"-"):
            self._on_reply(ResponseError(first.decode(errors="replace")))
        else:
            self.cut()
            self._on_lost()
