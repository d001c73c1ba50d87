"""One request and its answer, watched: how much came in, which status went out, and what every answer says beside its own."""

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
_MAX_DISCARDED_LIMITS = 4  # how many times the body limit is read and thrown away before the connection is cut
# In the scope's state: the request's `RequestContext`.
REQUEST_CONTEXT = "request_context"


class RequestContext:
    """Reads a request's body within its limits, and writes its answer.

    `receive` and `send` are ASGI's. The others are for applications that the request frame calls directly: they cost no message,
    and no turn of the loop where nothing is to be waited for. They need our own server (`LimitedHttpProtocol`).
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit_bytes: int, body_seconds: float) -> None:
        self.started = time.perf_counter()
        self.status = 0
        self.answered = False
        # Whether an answer that names no request itself carries the trace id where the official clients look for one.
        self.adds_request_id = False
        # For pages of other origins (CORS).
        self.page_headers: Headers = ()
        self._receive = receive
        self._send = send
        self._limit_bytes = limit_bytes
        self._body_seconds = body_seconds
        self._read_bytes = 0
        # Whoever serves the request may leave headers for its answer there, whatever the answer will be.
        self._state = scope["state"]
        # What the methods beside ASGI's write to; None where another server runs the application.
        self.writer: ResponseWriter = self._state.get(RESPONSE_WRITER)
        self._headers = headers_of(scope)
        self._body_ended = False
        self._scope = scope
        self._refusal: SolarisError | None = None
        self._refusal_sent = False

    @property
    def body_limit_bytes(self) -> int:
        """The longest body that is admitted, unpacked ones included."""
        return self._limit_bytes

    @property
    def gone(self) -> bool:
        """Whether the caller has left."""
        return self.writer.gone

    def when_gone(self, act: Callable[[], object] | None) -> None:
        """What to call, once, when the caller leaves from now on; None forgets it."""
        self.writer.on_gone = act

    async def whole_body(self) -> bytes:
        """The request's body.

        Raises:
            PayloadTooLarge, BodyTooSlow: it is longer than admitted, or has not arrived in time.
            ClientDisconnect: the caller left before its end.
        """
        body = self.writer.arrived_body()
        if body is not None:
            # In one piece with the head, as most are.
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
        """A whole answer of status 200."""
        self.status = 200
        self.answered = True
        complete = [*headers, (b"content-length", b"%d" % len(body)), *self._own_headers()]
        if not self.writer.write_whole(complete, body):
            await self._send({"type": "http.response.start", "status": 200, "headers": complete})
            await self._send({"type": "http.response.body", "body": body})

    async def begin(self, headers: Headers) -> None:
        """The head of an answer of status 200; it leaves with the first part, or with the loop's next turn."""
        self.status = 200
        await self._send(
            {"type": "http.response.start", "status": 200, "headers": [*headers, *self._own_headers()]},
        )

    async def part(self, data: bytes, *, more: bool) -> None:
        """A part of the answer's body; waits while the caller reads too slowly."""
        self.answered = not more
        if not self.writer.write_part(data, more=more):
            await self._send({"type": "http.response.body", "body": data, "more_body": more})

    def close(self) -> None:
        """The request has been served: what refers to each other is let go, and need not wait for the garbage collector."""
        self._state.pop(REQUEST_CONTEXT, None)
        self._state.pop(RESPONSE_WRITER, None)
        del self.writer

    def declares_too_much(self) -> bool:
        """Whether the request's head names a body that is longer than admitted."""
        declared = self._headers.table.get(b"content-length")
        return declared is not None and declared.isdigit() and int(declared) > self._limit_bytes

    def too_large_message(self) -> str:
        """What is told to whoever sent too much."""
        return f"O conteúdo enviado passa do limite de {format_size(self._limit_bytes)}. Envie menos de cada vez."

    async def receive(self) -> Message:
        """ASGI's. Raises PayloadTooLarge and BodyTooSlow."""
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
            # It was here already: most bodies come with their heads, and need no clock.
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
        """Clients that send their whole body first would meet a closed connection instead of the answer that tells them why."""
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
        """ASGI's."""
        if self._refusal is not None:
            # FastAPI takes every failure to read a body for a malformed one: the caller is told the real cause instead.
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
