"""One HTTP connection, guarded against peers that never finish: heads that do not end, answers that nobody reads."""

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

# What the kernel may hold that was not sent yet. Its own bound is megabytes: memory for each slow reader, and his progress unseen.
_MAX_UNSENT_BYTES = 65_536
# Beyond the first piece that the system hands over; each further piece is read together with all before it.
_MAX_HEAD_BYTES = 65_536
_SECONDS_TO_READ_A_REFUSAL = 1.0
# After a peer has ended its side: the reset of one that has left altogether takes one round trip.
_SECONDS_TO_FIRST_CHECK = 0.02
_SECONDS_BETWEEN_CHECKS = 0.25
# In the lifespan's state: what to call when the server begins to end.
ON_SHUTDOWN = "on_shutdown"
_LONG_HEAD_MESSAGE = "Os cabeçalhos da requisição são grandes demais. Envie menos de 64 kB."
_UNREADABLE_MESSAGE = "A requisição não pôde ser entendida: ela não segue o protocolo HTTP."


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """`most`: connections together, idle ones counted too; one more is answered 503 and closed.

    `head_seconds`: how long a request's line and headers may take. `reader_seconds`: how long a peer may leave an answer unread
    without taking a single byte; then the connection is cut, and whoever writes to it learns that the caller has gone.
    `idle_seconds`: how long a connection is kept between requests.
    """

    max_connections: int = 10_000
    head_seconds: float = 60.0
    reader_seconds: float = 120.0
    idle_seconds: int = 65


class LimitedHttpProtocol(HttpToolsProtocol):
    """uvicorn's connection with those limits. A request that comes in one piece and is read at once sets no timer but the first."""

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
        """A peer has connected, and is to send a request."""
        super().connection_made(transport)
        if len(self.connections) > self._limits.max_connections:
            self.app = refuse_connection
        peer = transport.get_extra_info("socket")
        if peer is not None and peer.family in (socket.AF_INET, socket.AF_INET6):
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _MAX_UNSENT_BYTES)
            # The standard library leaves it off for a listener made without a protocol number: 40 ms for each small answer.
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head_timer = self._after(self._limits.head_seconds, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone; nothing is to be watched any more."""
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

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio's: true keeps the sending side open
        """The peer sends no more. A request that is here in whole is answered, and the connection closed after the answer.

        A peer that has left altogether ends its side too, and the two look the same until something is sent: so a byte of
        the answer leaves early. One that has left replies with a reset, which is looked for; one that reads on does not mind.
        """
        cycle = self.cycle
        if self._refused or cycle is None or cycle.response_complete or cycle.more_body:
            return False
        self._peer_ended = True
        self._check_for_reset(_SECONDS_TO_FIRST_CHECK)
        return True

    def data_received(self, data: bytes) -> None:
        """Bytes of a request."""
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
        """The first byte of a request."""
        self._in_head = True
        self._head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is here."""
        self._in_head = False
        self._end_head_timer()
        super().on_headers_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._writer = ResponseWriter(app, cycle, self.loop)
        super()._start_asgi_task(cycle, self._writer)

    def on_response_complete(self) -> None:
        """An answer has left. As uvicorn's own, but one timer watches over all the waits between a connection's requests."""
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
            return  # the end of what is under way sets it again
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._idle_timer = self._after(left, self._check_idle)
        else:
            self.transport.close()

    def shutdown(self) -> None:
        """The server ends. Whoever keeps answers open for hours is asked to end them now, as the lifespan's state names him."""
        for end_answers in self.app_state.get(ON_SHUTDOWN, ()):
            end_answers()
        super().shutdown()

    def pause_writing(self) -> None:
        """The peer reads too slowly: whoever writes waits, and progress is watched."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        """The peer has read most of it."""
        self._end_reader_timer()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """The answer to bytes that are no HTTP, in the shape of every error."""
        self._refuse(b"400 Bad Request", _UNREADABLE_MESSAGE, "invalid_http")

    def _refuse(self, status: bytes, message: str, code: str) -> None:
        trace_id = trace_id_from(None)
        token = current_trace_id.set(trace_id)
        body = orjson.dumps(error_body(message, "invalid_request_error", code))
        current_trace_id.reset(token)
        head = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\nconnection: close\r\nx-trace-id: %s\r\ncontent-length: %d\r\n\r\n"
        self.transport.write(head % (status, trace_id.encode(), len(body)) + body)
        # A peer that is still sending would meet a reset instead of the answer, were the connection closed at once.
        self._refused = True
        self._end_head_timer()
        self._after(_SECONDS_TO_READ_A_REFUSAL, self.transport.close)

    def _check_for_reset(self, next_check_seconds: float) -> None:
        """The socket is not read from any more, so a reset waits in it unseen; each early byte asks for one, ever more seldom."""
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
        # Nobody writes while it is paused: what has become less was taken by the peer.
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
