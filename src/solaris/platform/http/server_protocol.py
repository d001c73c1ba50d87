"""An HTTP connection with limits for peers that never finish a head or never read a response."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from solaris.platform.http.errors import error_body
from solaris.platform.http.load_shedding import refuse_connection
from solaris.platform.http.response_writer import ResponseWriter
from solaris.platform.tracing import current_trace_id, trace_id_from

# Unsent bytes the kernel may buffer. Its default is megabytes: memory per slow reader, and hidden
# progress.
_MAX_UNSENT_BYTES = 65_536
# Counted after the first received piece; the parser reads each further piece with all before it.
_MAX_HEAD_BYTES = 65_536
_SECONDS_TO_READ_A_REFUSAL = 1.0
# After a peer has closed its side: the reset of a closed peer takes one round trip.
_SECONDS_TO_FIRST_CHECK = 0.02
_SECONDS_BETWEEN_CHECKS = 0.25
# Key in the lifespan's state: callbacks for the start of the shutdown.
ON_SHUTDOWN = "on_shutdown"
_LONG_HEAD_MESSAGE = "Os cabeçalhos da requisição são grandes demais. Envie menos de 64 kB."
_UNREADABLE_MESSAGE = "A requisição não pôde ser entendida: ela não segue o protocolo HTTP."


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """`max_connections`: open connections, idle ones included; further ones get 503 and are closed.

    `head_seconds`: maximum time for a request's line and headers. `reader_seconds`: maximum time in
    which a peer reads no byte of a response; then the connection is cut, which the application sees
    as a disconnect. `idle_seconds`: how long a connection is kept between requests.
    """

    max_connections: int = 10_000
    head_seconds: float = 60.0
    reader_seconds: float = 120.0
    idle_seconds: int = 65


class LimitedHttpProtocol(HttpToolsProtocol):
    """uvicorn's connection with `ConnectionLimits`.

    A request that arrives in one piece and is read at once sets no timer but the first.
    """

    def __init__(self, limits: ConnectionLimits, **uvicorn_options: Any) -> None:
        super().__init__(**uvicorn_options)
        self._limits = limits
        self._in_head = False
        self._head_bytes = 0
        self._refused = False
        self._head_timer: asyncio.TimerHandle | None = None
        self._reader_timer: asyncio.TimerHandle | None = None
        self._idle_timer: asyncio.TimerHandle | None = None
        self._idle_since = 0.0
        self._writer: ResponseWriter | None = None
        self._peer_ended = False
        self._reset_timer: asyncio.TimerHandle | None = None
        self._next_early_byte = 0.0
        self._early_byte_wait_seconds = 1.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Set socket options and start the head timer (asyncio.Protocol)."""
        super().connection_made(transport)
        if len(self.connections) > self._limits.max_connections:
            self.app = refuse_connection
        peer = transport.get_extra_info("socket")
        if peer is not None and peer.family in (socket.AF_INET, socket.AF_INET6):
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _MAX_UNSENT_BYTES)
            # asyncio sets it only for sockets with an explicit protocol number; without it each small
            # response takes 40 ms longer.
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head_timer = self._after(self._limits.head_seconds, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel all timers and notify the writer (asyncio.Protocol)."""
        self._end_head_timer()
        self._end_reader_timer()
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None
        if self._reset_timer is not None:
            self._reset_timer.cancel()
            self._reset_timer = None
        super().connection_lost(exc)
        if self._writer is not None:
            self._writer.connection_lost()

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio: True keeps the sending side open
        """Handle a half-closed connection: answer a complete request, then close.

        A peer that has fully closed looks the same until something is sent. So a byte of the response
        is sent early: a closed peer replies with a reset, which is checked for; a half-closed one
        reads on.
        """
        cycle = self.cycle
        if self._refused or cycle is None or cycle.response_complete or cycle.more_body:
            return False
        self._peer_ended = True
        self._check_for_reset(_SECONDS_TO_FIRST_CHECK)
        return True

    def data_received(self, data: bytes) -> None:
        """Parse received bytes; refuses a head above its limit with 431 (asyncio.Protocol)."""
        if self._refused:
            return
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > _MAX_HEAD_BYTES:
                self._refuse(b"431 Request Header Fields Too Large", _LONG_HEAD_MESSAGE, "headers_too_large")
                return
        super().data_received(data)
        if self._in_head and self._head_timer is None and not self.transport.is_closing():
            self._head_timer = self._after(self._limits.head_seconds, self.transport.close)

    def on_message_begin(self) -> None:
        """Start of a request (httptools)."""
        self._in_head = True
        self._head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End of the request's head (httptools)."""
        self._in_head = False
        self._end_head_timer()
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._writer = ResponseWriter(app, cycle, self.loop)
        super()._start_asgi_task(cycle, self._writer)

    def on_response_complete(self) -> None:
        """Prepare for the next request, as uvicorn does, but with one idle timer per connection."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        if self._peer_ended:
            self.transport.close()
            return
        self._idle_since = self.loop.time()
        if self._idle_timer is None:
            self._idle_timer = self._after(self.timeout_keep_alive, self._check_idle)

    def _check_idle(self) -> None:
        self._idle_timer = None
        if self._in_head or (self.cycle is not None and not self.cycle.response_complete):
            return  # set again at the end of the running request
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._idle_timer = self._after(left, self._check_idle)
        else:
            self.transport.close()

    def shutdown(self) -> None:
        """Call the `ON_SHUTDOWN` callbacks, which end long-lived responses, and shut down."""
        for end_answers in self.app_state.get(ON_SHUTDOWN, ()):
            end_answers()
        super().shutdown()

    def pause_writing(self) -> None:
        """Pause writers while the peer reads too slowly, and start the reader timer."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        """Stop the reader timer and resume writers."""
        self._end_reader_timer()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that are not HTTP with 400 in the error shape."""
        self._refuse(b"400 Bad Request", _UNREADABLE_MESSAGE, "invalid_http")

    def _refuse(self, status: bytes, message: str, code: str) -> None:
        trace_id = trace_id_from(None)
        token = current_trace_id.set(trace_id)
        body = orjson.dumps(error_body(message, "invalid_request_error", code))
        current_trace_id.reset(token)
        head = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\nconnection: close\r\nx-trace-id: %s\r\ncontent-length: %d\r\n\r\n"
        self.transport.write(head % (status, trace_id.encode(), len(body)) + body)
        # Closing at once would reset a peer that is still sending, before it reads the response.
        self._refused = True
        self._end_head_timer()
        self._after(_SECONDS_TO_READ_A_REFUSAL, self.transport.close)

    def _check_for_reset(self, next_check_seconds: float) -> None:
        """Check the socket for a reset, and send an early byte at growing intervals.

        After EOF asyncio no longer reads the socket, so a reset stays unnoticed without this check.
        """
        self._reset_timer = None
        if self.transport.is_closing():
            return
        peer = self.transport.get_extra_info("socket")
        if peer is None or peer.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self.transport.abort()
            return
        now = self.loop.time()
        if self._writer is not None and now >= self._next_early_byte:
            self._next_early_byte = now + self._early_byte_wait_seconds
            self._early_byte_wait_seconds *= 2
            self._writer.send_early()
        self._reset_timer = self._after(next_check_seconds, lambda: self._check_for_reset(_SECONDS_BETWEEN_CHECKS))

    def _watch_reader(self) -> None:
        left = self.transport.get_write_buffer_size()
        self._reader_timer = self._after(self._limits.reader_seconds, lambda: self._check_reader(left))

    def _check_reader(self, left_before: int) -> None:
        # Writing is paused, so a smaller buffer means that the peer has read.
        if self.transport.get_write_buffer_size() < left_before:
            self._watch_reader()
        else:
            self._reader_timer = None
            self.transport.abort()

    def _after(self, seconds: float, act: Callable[[], None]) -> asyncio.TimerHandle:
        return self.loop.call_later(seconds, act)

    def _end_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _end_reader_timer(self) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None
