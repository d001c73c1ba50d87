"""One request and its response: body limits, status, and the headers of every response."""

import asyncio
import contextlib
import time
from collections.abc import Callable

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from solaris.domain.errors import BodyTooSlow, PayloadTooLarge, SolarisError
from solaris.domain.formats import format_size
from solaris.platform.http.errors import render_condition
from solaris.platform.http.request_headers import headers_of
from solaris.platform.http.response_writer import RESPONSE_WRITER, Headers, ResponseWriter

_SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
_DISCARD_SECONDS = 10.0
_MAX_DISCARDED_LIMITS = 4  # multiples of the body limit read and discarded before the connection is cut
# Key of the request's `RequestContext` in the scope's state.
REQUEST_CONTEXT = "request_context"


class RequestContext:
    """Reads a request's body within its limits, and writes its response.

    `receive` and `send` are ASGI callables. The other methods are for applications that
    `RequestMiddleware` calls directly: they need no ASGI message, and no event-loop turn unless they
    must wait. They require `LimitedHttpProtocol` as the server's protocol.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit_bytes: int, body_seconds: float) -> None:
        self.started = time.perf_counter()
        self.status = 0
        self.answered = False
        # Whether responses without a request id also send the trace id as request id.
        self.adds_request_id = False
        # CORS headers for pages of other origins.
        self.page_headers: Headers = ()
        self._receive = receive
        self._send = send
        self._limit_bytes = limit_bytes
        self._body_seconds = body_seconds
        self._read_bytes = 0
        # Handlers add response headers under `answer_headers`; they are sent with any response.
        self._state = scope["state"]
        # Used by the direct methods; None if another server runs the application.
        self.writer: ResponseWriter = self._state.get(RESPONSE_WRITER)
        self._headers = headers_of(scope)
        self._body_ended = False
        self._scope = scope
        self._refusal: SolarisError | None = None
        self._refusal_sent = False

    @property
    def body_limit_bytes(self) -> int:
        """The maximum body size, also after decompression."""
        return self._limit_bytes

    @property
    def gone(self) -> bool:
        """Whether the client has disconnected."""
        return self.writer.gone

    def on_disconnect(self, act: Callable[[], object] | None) -> None:
        """Set the callback for the client's disconnect, called once; None removes it."""
        self.writer.on_gone = act

    async def whole_body(self) -> bytes:
        """Return the request's whole body.

        Raises:
            PayloadTooLarge, BodyTooSlow: the body exceeds the limit, or did not arrive in time.
            ClientDisconnect: the client disconnected before its end.
        """
        body = self.writer.arrived_body()
        if body is not None:
            # Arrived together with the head, as most bodies do.
            self._body_ended = True
            self._count(len(body))
            return body
        parts: list[bytes] = []
        while (message := await self.receive())["type"] == "http.request":
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                self.writer.resume_reading()
                return b"".join(parts)
        raise ClientDisconnect

    async def answer(self, headers: Headers, body: bytes) -> None:
        """Send a complete response with status 200."""
        self.status = 200
        self.answered = True
        complete = [*headers, (b"content-length", b"%d" % len(body)), *self._own_headers()]
        if not self.writer.write_whole(complete, body):
            await self._send({"type": "http.response.start", "status": 200, "headers": complete})
            await self._send({"type": "http.response.body", "body": body})

    async def begin(self, headers: Headers) -> None:
        """Start a response with status 200.

        The head is sent with the first part of the body, or at the next event-loop turn.
        """
        self.status = 200
        await self._send(
            {"type": "http.response.start", "status": 200, "headers": [*headers, *self._own_headers()]},
        )

    async def part(self, data: bytes, *, more: bool) -> None:
        """Send a part of the body; waits while the client reads too slowly."""
        self.answered = not more
        if not self.writer.write_part(data, more=more):
            await self._send({"type": "http.response.body", "body": data, "more_body": more})

    def close(self) -> None:
        """Break reference cycles after the request, so that no garbage collection is needed."""
        self._state.pop(REQUEST_CONTEXT, None)
        self._state.pop(RESPONSE_WRITER, None)
        del self.writer

    def declares_too_much(self) -> bool:
        """Return whether the request's Content-Length exceeds the limit."""
        declared = self._headers.table.get(b"content-length")
        return declared is not None and declared.isdigit() and int(declared) > self._limit_bytes

    def too_large_message(self) -> str:
        """Return the user-visible message for a body above the limit."""
        return f"O conteúdo enviado passa do limite de {format_size(self._limit_bytes)}. Envie menos de cada vez."

    async def receive(self) -> Message:
        """Receive a message (ASGI). Raises PayloadTooLarge and BodyTooSlow."""
        if self._body_ended:
            return await self._receive()
        message = await self._body_part()
        if message["type"] == "http.request":
            self._body_ended = not message.get("more_body", False)
            self._count(len(message.get("body", b"")))
        return message

    def _count(self, size: int) -> None:
        self._read_bytes += size
        if self._read_bytes > self._limit_bytes:
            self._refusal = PayloadTooLarge(self.too_large_message())
            raise self._refusal

    async def _body_part(self) -> Message:
        pending = self._receive().__await__()
        try:
            next(pending)
        except StopIteration as answer:
            # Already received, as most bodies are: no timeout needed.
            message: Message = answer.value
            return message
        pending.close()
        try:
            async with asyncio.timeout(self.started + self._body_seconds - time.perf_counter()):
                return await self._receive()
        except TimeoutError as error:
            self._refusal = BodyTooSlow(
                "O conteúdo da requisição não chegou a tempo. Confira sua conexão e tente de novo."
            )
            raise self._refusal from error

    async def _discard_rest(self) -> None:
        """Read and discard the rest of the body before a 413.

        A client that sends its whole body first would otherwise see a reset, not the response.
        """
        if (self._headers.get("expect") or "").lower() == "100-continue":
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DISCARD_SECONDS):
                while not self._body_ended and self._read_bytes < _MAX_DISCARDED_LIMITS * self._limit_bytes:
                    message = await self._receive()
                    if message["type"] != "http.request":
                        return
                    self._body_ended = not message.get("more_body", False)
                    self._read_bytes += len(message.get("body", b""))

    async def send(self, message: Message) -> None:
        """Send a message (ASGI)."""
        if self._refusal is not None:
            # FastAPI reports every failed body read as malformed: send the real cause instead.
            refusal, self._refusal, self._refusal_sent = self._refusal, None, True
            await render_condition(refusal)(self._scope, self.receive, self._answer)
        elif not self._refusal_sent:
            await self._answer(message)

    async def _answer(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if self.status == 413:
                await self._discard_rest()
            message["headers"] = [*message.get("headers", ()), *self._own_headers()]
            if self.adds_request_id:
                trace_id = self._state["trace_id"].encode()
                message["headers"] += [(b"x-request-id", trace_id), (b"request-id", trace_id)]
        elif not message.get("more_body", False):
            self.answered = True
        await self._send(message)

    def _own_headers(self) -> Headers:
        state = self._state
        return [
            (b"x-trace-id", state["trace_id"].encode()),
            *_SECURITY_HEADERS,
            *state.get("answer_headers", ()),
            *self.page_headers,
        ]
