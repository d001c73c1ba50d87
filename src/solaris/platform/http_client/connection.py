"""A client connection to an HTTP/1.1 server, with keep-alive (decision 0070).

Buffering is bounded: with more than 256 kB unread, reading pauses until the buffer is taken.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import httptools

_MAX_UNREAD_BYTES = 262_144
_MAX_HEAD_BYTES = 262_144
_WITHOUT_BODY = (204, 304)


class RemoteProtocolError(Exception):
    """The connection was lost, or the server sent an invalid response."""


class ReadTimeout(Exception):
    """The server sent nothing within the allowed time."""


class ClientConnection(asyncio.Protocol):
    """One request at a time: call `begin`, await `head`, then `read` until it returns b"".

    `on_lost` is called once when the connection is lost.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, on_lost: Callable[["ClientConnection"], None]) -> None:
        self._loop = loop
        self._on_lost = on_lost
        self._transport: Any = None
        self._parser: Any = httptools.HttpResponseParser(self)
        self._read_timeout_seconds = 0.0
        self._read_timer: asyncio.TimerHandle | None = None
        self._last_received_at = 0.0
        self._waiter: asyncio.Future[None] | None = None
        self._failure: Exception | None = None
        self._is_paused = False
        self._busy = False
        self._reset()

    def _reset(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        # Received body parts not taken yet; and whether the whole body has arrived.
        self.unread: list[bytes] = []
        self.complete = False
        self._unread_bytes = 0
        self._head_bytes = 0
        self._has_head = False
        self._keep_alive = False
        self._ends_with_connection = False

    @property
    def free(self) -> bool:
        """Whether a new request may be sent."""
        return self._failure is None and not self._busy

    def begin(self, head: bytes, body: bytes, read_timeout_seconds: float) -> None:
        """Send a request; the read timeout is `read_timeout_seconds` from now on."""
        self._reset()
        self._busy = True
        if self._failure is not None:
            return  # lost just now: `head` raises
        self.set_read_timeout(read_timeout_seconds)
        if len(body) > _MAX_UNREAD_BYTES:
            self._transport.write(head)
            self._transport.write(body)
        else:
            self._transport.write(head + body)

    async def head(self) -> None:
        """Wait for `status` and `headers`.

        Raises:
            RemoteProtocolError: the connection was lost, or the response is invalid.
            ReadTimeout: the server sent nothing within the read timeout.
        """
        while not self._has_head:
            await self.wait_for_data()

    async def read(self) -> bytes:
        """Return the next bytes of the body, waiting for some; b"" at its end. Raises as `head`."""
        while not (self.unread or self.complete):
            await self.wait_for_data()
        return self.take_unread()

    def take_unread(self) -> bytes:
        """Return and clear `unread`, also if empty; resumes paused reading."""
        parts, self.unread = self.unread, []
        self._unread_bytes = 0
        if self._is_paused and self._failure is None:
            self._is_paused = False
            self._last_received_at = self._loop.time()
            self._transport.resume_reading()
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def take_rest(self) -> bytes:
        """Return the unread rest of a complete body without waiting."""
        parts, self.unread = self.unread, []
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def set_read_timeout(self, seconds: float) -> None:
        """Set the read timeout to `seconds`, starting now."""
        self._last_received_at = self._loop.time()
        if self._read_timer is not None and seconds < self._read_timeout_seconds:
            self._read_timer.cancel()
            self._read_timer = None
        self._read_timeout_seconds = seconds
        if self._read_timer is None:
            self._read_timer = self._loop.call_later(seconds, self._check_read_timeout)

    def end(self) -> bool:
        """End the request. Returns True if the connection can be reused; else closes it."""
        if self.complete and self._keep_alive and self._failure is None:
            self._busy = False
            return True
        self.close()
        return False

    def close(self) -> None:
        """Abort the connection; a waiting reader gets `RemoteProtocolError`."""
        if self._read_timer is not None:
            self._read_timer.cancel()
            self._read_timer = None
        self._fail(RemoteProtocolError("the connection was closed here"))
        if self._transport is not None:
            self._transport.abort()

    def wait_for_data(self) -> "asyncio.Future[None]":
        """Return a future for the next data or failure. Raises as `head` after a failure."""
        if self._failure is not None:
            raise self._failure
        self._waiter = self._loop.create_future()
        return self._waiter

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def _fail(self, failure: Exception) -> None:
        if self._failure is None:
            self._failure = failure
        self._wake()

    def _check_read_timeout(self) -> None:
        """Raise a read timeout if due, else reschedule: one timer serves many requests."""
        self._read_timer = None
        if not self._busy or self._failure is not None:
            return
        left = self._last_received_at + self._read_timeout_seconds - self._loop.time()
        if left <= 0 and not (self._is_paused or self.complete):
            self._fail(ReadTimeout(f"nothing came for {self._read_timeout_seconds:g} s"))
            self._transport.abort()
            return
        self._read_timer = self._loop.call_later(
            left if left > 0 else self._read_timeout_seconds, self._check_read_timeout
        )

    # asyncio.Protocol callbacks.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Parse bytes of the response."""
        self._last_received_at = self._loop.time()
        if not self._busy or self.complete:
            # Unsolicited data: later responses on this connection could not be trusted.
            self.close()
            return
        if not self._has_head:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if self.complete:
                self._keep_alive = False
                self._wake()
                return
            self._fail(RemoteProtocolError(f"no HTTP answer: {error}"))
            self._transport.abort()
            return
        if not self._has_head:
            if self._head_bytes > _MAX_HEAD_BYTES:
                self.close()
            return
        if self._unread_bytes > _MAX_UNREAD_BYTES and not (self._is_paused or self.complete):
            self._is_paused = True
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Complete a response without a declared length, or fail any other."""
        if self._read_timer is not None:
            self._read_timer.cancel()
            self._read_timer = None
        if exc is None and self._has_head and self._ends_with_connection:
            self.complete = True
        self._fail(RemoteProtocolError(str(exc) if exc else "the server closed the connection"))
        self._parser = None
        self._on_lost(self)

    # httptools parser callbacks.

    def on_message_begin(self) -> None:
        """Start of a response. Raises RemoteProtocolError for an unsolicited one."""
        if self.complete:
            self._keep_alive = False
            raise RemoteProtocolError("the server answered twice")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Store one header; names in lower case."""
        self.headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        """End of the head; interim responses (1xx) are discarded."""
        status = self._parser.get_status_code()
        if status < 200:
            self.headers = {}
            return
        self.status = status
        self._has_head = True
        is_bounded = b"content-length" in self.headers or b"transfer-encoding" in self.headers
        self._ends_with_connection = not is_bounded and status not in _WITHOUT_BODY
        self._keep_alive = self._parser.should_keep_alive() and not self._ends_with_connection

    def on_body(self, data: bytes) -> None:
        """Buffer a part of the body."""
        self.unread.append(data)
        self._unread_bytes += len(data)

    def on_message_complete(self) -> None:
        """End of a response; an interim one (1xx) is not `complete`."""
        self.complete = self._has_head
