"""The HTTP frame of both services: trace id, body limit, access log, request metrics, security headers, error shape."""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from solaris.domain.errors import BodyTooSlow, PayloadTooLarge, SolarisError, Stopping
from solaris.domain.formats import format_size
from solaris.platform.errors import (
    ErrorBody,
    error_body,
    error_response,
    render_condition,
    render_status,
)
from solaris.platform.logs import Log
from solaris.platform.metrics import Metrics
from solaris.platform.request_headers import headers_of
from solaris.platform.tracing import current_trace_id, trace_id_from
from solaris.platform.validation_messages import sentence_for

_SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
_BODY_SECONDS = 60.0
_SWALLOW_SECONDS = 10.0
_SWALLOW_LIMITS = 4  # how many times the body limit is read and thrown away before the connection is cut
SHORT_BODY_LIMIT_BYTES = 262_144
_STOPPING_MESSAGE = "O serviço está sendo reiniciado. Tente novamente em alguns segundos."
_QUIET_PATHS = frozenset({"/api/health", "/metrics"})


Direct = Mapping[tuple[str, str], ASGIApp]


class RequestFrame:
    """Outermost ASGI layer. Answers every failure in our error shape; a stack trace goes to the log, never to the caller.

    `direct` names, by method and path, applications that are called without the framework's layers and routing in between: most
    requests are model calls, and those layers cost a third of what the proxy may add to one. Such an application writes a log line
    of its own for what it served. A body that has not arrived `body_seconds` after its head raises `BodyTooSlow`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        log: Log,
        metrics: Metrics,
        body_limit_bytes: int,
        body_seconds: float = _BODY_SECONDS,
        direct: Direct | None = None,
    ) -> None:
        self._app = app
        self._log = log
        self._metrics = metrics
        self._body_limit_bytes = body_limit_bytes
        self._body_seconds = body_seconds
        self._direct = dict(direct or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            # GET without its body, which the server leaves out (RFC 9110, 9.3.2).
            scope = {**scope, "method": "GET"}
        headers = headers_of(scope)
        trace_id = trace_id_from(headers.get("traceparent"))
        token = current_trace_id.set(trace_id)
        scope["state"]["trace_id"] = trace_id
        application = self._direct.get((scope["method"], scope["path"]))
        # A model's question may be long; what the framework's own routes take is short, and costly to read.
        limit_bytes = self._body_limit_bytes if application else min(self._body_limit_bytes, SHORT_BODY_LIMIT_BYTES)
        exchange = _Exchange(scope, receive, send, limit_bytes, self._body_seconds)
        try:
            await self._serve(application or self._app, scope, exchange)
        finally:
            self._record(scope, exchange, is_direct=application is not None)
            current_trace_id.reset(token)

    async def _serve(self, application: ASGIApp, scope: Scope, exchange: "_Exchange") -> None:
        try:
            if exchange.declares_too_much():
                raise PayloadTooLarge(exchange.too_large_message())
            await application(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            exchange.status = exchange.status or 499
        except asyncio.CancelledError:
            # The server's patience at its end is over: nothing else cancels a request.
            if not exchange.status:
                await render_condition(Stopping(_STOPPING_MESSAGE))(scope, exchange.receive, exchange.send)
        except SolarisError as error:
            if not exchange.status:
                await render_condition(error)(scope, exchange.receive, exchange.send)
        except Exception as error:
            # The last line of defence: whatever it was, the caller gets our shape and the log the trace.
            self._log.error("unhandled_error", exc_info=error, path=scope["path"])
            if exchange.answered:
                return
            if exchange.status:
                raise
            await render_status(500)(scope, exchange.receive, exchange.send)

    def _record(self, scope: Scope, exchange: "_Exchange", *, is_direct: bool) -> None:
        seconds = time.perf_counter() - exchange.started
        route = scope["path"] if is_direct else getattr(scope.get("route"), "path", "unmatched")
        self._metrics.observe_request(scope["method"], route, exchange.status or 499, seconds)
        details = scope["state"].get("log_details", {})
        if scope["path"] in _QUIET_PATHS or (is_direct and exchange.status == 200 and not details):
            return
        self._log.info(
            "http_request",
            user_id=scope["state"].get("user_id"),
            method=scope["method"],
            path=scope["path"],
            status=exchange.status or 499,
            response_time=round(seconds * 1000),
            **details,
        )


class _Exchange:
    """One request's receive and send, watched: how much came in, which status went out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit_bytes: int, body_seconds: float) -> None:
        self.started = time.perf_counter()
        self.status = 0
        self.answered = False
        self._receive = receive
        self._send = send
        self._limit_bytes = limit_bytes
        self._body_seconds = body_seconds
        self._read_bytes = 0
        # Whoever serves the request may leave headers for its answer there, whatever the answer will be.
        self._state = scope["state"]
        self._headers = headers_of(scope)
        self._body_ended = False
        self._scope = scope
        self._refusal: SolarisError | None = None
        self._told_instead = False

    def declares_too_much(self) -> bool:
        declared = self._headers.get("content-length")
        return declared is not None and declared.isdigit() and int(declared) > self._limit_bytes

    def too_large_message(self) -> str:
        return f"O conteúdo enviado passa do limite de {format_size(self._limit_bytes)}. Envie menos de cada vez."

    async def receive(self) -> Message:
        if self._body_ended:
            return await self._receive()
        message = await self._body_part()
        if message["type"] == "http.request":
            self._body_ended = not message.get("more_body", False)
            self._read_bytes += len(message.get("body", b""))
            if self._read_bytes > self._limit_bytes:
                self._refusal = PayloadTooLarge(self.too_large_message())
                raise self._refusal
        return message

    async def _body_part(self) -> Message:
        asking = self._receive().__await__()
        try:
            next(asking)
        except StopIteration as answer:
            # It was here already: most bodies come with their heads, and need no clock.
            message: Message = answer.value
            return message
        asking.close()
        try:
            async with asyncio.timeout(self.started + self._body_seconds - time.perf_counter()):
                return await self._receive()
        except TimeoutError as error:
            self._refusal = BodyTooSlow(
                "O conteúdo da requisição não chegou a tempo. Confira sua conexão e tente de novo."
            )
            raise self._refusal from error

    async def _swallow_rest(self) -> None:
        """Clients that send their whole body first would meet a closed connection instead of the answer that tells them why."""
        if (self._headers.get("expect") or "").lower() == "100-continue":
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SWALLOW_SECONDS):
                while not self._body_ended and self._read_bytes < _SWALLOW_LIMITS * self._limit_bytes:
                    message = await self._receive()
                    if message["type"] != "http.request":
                        return
                    self._body_ended = not message.get("more_body", False)
                    self._read_bytes += len(message.get("body", b""))

    async def send(self, message: Message) -> None:
        if self._refusal is not None:
            # FastAPI takes every failure to read a body for a malformed one: the caller is told the real cause instead.
            refusal, self._refusal, self._told_instead = self._refusal, None, True
            await render_condition(refusal)(self._scope, self.receive, self._answer)
        elif not self._told_instead:
            await self._answer(message)

    async def _answer(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if self.status == 413:
                await self._swallow_rest()
            message["headers"] = [
                *message.get("headers", ()),
                (b"x-trace-id", self._state["trace_id"].encode()),
                *_SECURITY_HEADERS,
                *self._state.get("answer_headers", ()),
            ]
        elif not message.get("more_body", False):
            self.answered = True
        await self._send(message)


class Application(FastAPI):
    """FastAPI with the request frame before the framework's own layers, which cost a model call more than its bookkeeping."""

    _frame: RequestFrame | None = None

    def frame_with(self, **parts: Any) -> None:
        """Put the frame up; `parts` are those of `RequestFrame`.

        Only what is served by the framework looks at addresses: model calls are spared uvicorn's search for those that reverse
        proxies tell. The variable, its default and its meaning are uvicorn's.
        """
        trusted = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
        framework: Any = ProxyHeadersMiddleware(super().__call__, trusted_hosts=trusted)  # type: ignore[arg-type]
        self._frame = RequestFrame(framework, **parts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection's request."""
        if self._frame is None or scope["type"] != "http":
            await super().__call__(scope, receive, send)
        else:
            await self._frame(scope, receive, send)


def create_app(
    *,
    title: str,
    description: str,
    version: str,
    lifespan: Callable[[FastAPI], Any],
    tags: list[dict[str, str]] | None = None,
) -> Application:
    """An application whose every error has the product's shape. Routes and the frame are added by the caller."""
    app = Application(
        title=title,
        description=description,
        version=version,
        lifespan=lifespan,
        openapi_tags=tags,
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        responses={
            "4XX": {"model": ErrorBody, "description": "Error"},
            "5XX": {"model": ErrorBody, "description": "Error"},
        },
    )
    app.add_exception_handler(SolarisError, _on_condition)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_status)
    app.add_exception_handler(Exception, _on_mistake)
    return app


async def _on_condition(_request: Request, error: Exception) -> Response:
    if not isinstance(error, SolarisError):
        raise error
    return render_condition(error)


async def _on_mistake(_request: Request, _error: Exception) -> Response:
    return render_status(500)


async def _on_validation(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = error.errors()
    message, param = sentence_for(errors)
    status = 400 if errors[0].get("type") == "json_invalid" else 422
    code = "invalid_json" if status == 400 else "validation_error"
    return error_response(status, error_body(message, "invalid_request_error", code, param))


async def _on_status(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    response = render_status(error.status_code)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response
