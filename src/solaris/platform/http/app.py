"""HTTP handling shared by both services: trace id, body limit, access log, metrics, error shape."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import Token
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from solaris.domain.errors import PayloadTooLarge, SolarisError, Stopping
from solaris.platform.http.errors import (
    ErrorBody,
    error_body,
    error_response,
    render_condition,
    render_status,
)
from solaris.platform.http.load_shedding import Slots, refuse_call
from solaris.platform.http.model_api import ModelApi
from solaris.platform.http.request_context import REQUEST_CONTEXT, RequestContext
from solaris.platform.http.request_headers import headers_of
from solaris.platform.http.validation_messages import sentence_for
from solaris.platform.logs import Log
from solaris.platform.metrics import Metrics
from solaris.platform.tracing import current_trace_id, trace_id_from

_BODY_SECONDS = 60.0
SHORT_BODY_LIMIT_BYTES = 262_144
_STOPPING_MESSAGE = "O serviço está sendo reiniciado. Tente novamente em alguns segundos."
_QUIET_PATHS = frozenset({"/api/health", "/metrics"})


Routes = Mapping[tuple[str, str], ASGIApp]


@dataclass(frozen=True, slots=True)
class DirectCalls:
    """Applications by method and path that are called without the framework.

    `slots` bounds the calls in progress. `api` defines the paths of the model API, which includes
    these applications.
    """

    routes: Routes
    slots: Slots
    api: ModelApi


class RequestMiddleware:
    """Outermost ASGI layer. Renders every failure in the error shape; logs stack traces.

    `direct` lists applications that are called without the framework's layers and routing: most
    requests are model calls, and those layers cost a third of the latency budget of a call. Such an
    application finds the `RequestContext` in the scope's state and writes its own log line. A body
    that has not arrived `body_seconds` after its head raises `BodyTooSlow`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        log: Log,
        metrics: Metrics,
        body_limit_bytes: int,
        body_seconds: float = _BODY_SECONDS,
        direct: DirectCalls | None = None,
    ) -> None:
        self._app = app
        self._log = log
        self._metrics = metrics
        self._body_limit_bytes = body_limit_bytes
        self._short_limit_bytes = min(body_limit_bytes, SHORT_BODY_LIMIT_BYTES)
        self._body_seconds = body_seconds
        self._direct = dict(direct.routes) if direct else {}
        self._slots = direct.slots if direct else None
        self._api = direct.api if direct else None

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one request (ASGI). Await the result in the request's own task.

        Not a coroutine function, since each coroutine layer costs time at every event-loop turn.
        """
        if scope["type"] != "http":
            return self._app(scope, receive, send)
        if scope["method"] == "HEAD":
            # Handled as GET; the server omits the body (RFC 9110, 9.3.2).
            scope = {**scope, "method": "GET"}
        state = scope["state"] = scope.get("state") or {}
        traceparent = headers_of(scope).table.get(b"traceparent")
        trace_id = state["trace_id"] = trace_id_from(None if traceparent is None else traceparent.decode("latin-1"))
        application = self._direct.get((scope["method"], scope["path"]))
        api = self._api
        if application is None and api is not None:
            scope = api.normalised(scope)
            application = self._direct.get((scope["method"], scope["path"]))
        # Prompts may be long; bodies of the framework's routes are short, and costly to parse.
        limit_bytes = self._short_limit_bytes if application is None else self._body_limit_bytes
        context = state[REQUEST_CONTEXT] = RequestContext(scope, receive, send, limit_bytes, self._body_seconds)
        token = current_trace_id.set(trace_id)
        if api is not None and (application is not None or api.contains(scope["path"])):
            context.adds_request_id = True
            if api.admits_pages:
                context.page_headers = api.headers_for(scope)
            if application is None and api.is_preflight(scope):
                return self._serve(api.answer_preflight, scope, context, token)
        if application is None:
            return self._serve(self._app, scope, context, token)
        slots = self._slots
        if slots is not None and slots.taken >= slots.limit:
            return self._serve(refuse_call, scope, context, token)
        return self._serve(application, scope, context, token, slots)

    async def _serve(
        self,
        application: ASGIApp,
        scope: Scope,
        context: RequestContext,
        token: "Token[str | None]",
        slots: Slots | None = None,
    ) -> None:
        if slots is not None:
            slots.taken += 1
        try:
            if context.declares_too_much():
                raise PayloadTooLarge(context.too_large_message())
            await application(scope, context.receive, context.send)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - last resort: every error gets the error shape
            await self._fail(error, scope, context)
        finally:
            if slots is not None:
                slots.taken -= 1
            self._record(scope, context, is_direct=application is not self._app)
            context.close()
            current_trace_id.reset(token)

    async def _fail(self, error: BaseException, scope: Scope, context: RequestContext) -> None:
        if isinstance(error, ClientDisconnect):
            context.status = context.status or 499
            return
        if isinstance(error, asyncio.CancelledError):
            # Only the graceful-shutdown timeout cancels a request.
            error = Stopping(_STOPPING_MESSAGE)
        if isinstance(error, SolarisError):
            if not context.status:
                await render_condition(error)(scope, context.receive, context.send)
            return
        self._log.error("unhandled_error", exc_info=error, path=scope["path"])
        if context.answered:
            return
        if context.status:
            raise error
        await render_status(500)(scope, context.receive, context.send)

    def _record(self, scope: Scope, context: RequestContext, *, is_direct: bool) -> None:
        seconds = time.perf_counter() - context.started
        route = scope["path"] if is_direct else getattr(scope.get("route"), "path", "unmatched")
        self._metrics.observe_request(scope["method"], route, context.status or 499, seconds)
        state = scope["state"]
        details = state.get("log_details", {})
        if scope["path"] in _QUIET_PATHS or (is_direct and context.status == 200 and not details):
            return
        self._log.info(
            "http_request",
            user_id=state.get("user_id"),
            method=scope["method"],
            # Percent-encoded if not printable: U+0085 and U+2028 end a line in some log readers.
            path=scope["path"] if scope["path"].isprintable() else quote(scope["path"]),
            status=context.status or 499,
            response_time=round(seconds * 1000),
            **details,
        )


class Application(FastAPI):
    """FastAPI with `RequestMiddleware` outermost, so that direct calls bypass the framework."""

    _middleware: RequestMiddleware | None = None

    def install_middleware(self, **options: Any) -> None:
        """Install `RequestMiddleware` with these `options`.

        uvicorn's proxy-header handling (FORWARDED_ALLOW_IPS, with its default) wraps the framework's
        routes only: direct calls do not use client addresses.
        """
        trusted = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
        framework: Any = ProxyHeadersMiddleware(super().__call__, trusted_hosts=trusted)  # type: ignore[arg-type]
        self._middleware = RequestMiddleware(framework, **options)

    @property
    def entry(self) -> ASGIApp:
        """The ASGI application for the server: the middleware without a wrapping coroutine."""
        return self if self._middleware is None else self._middleware

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request (ASGI)."""
        if self._middleware is None or scope["type"] != "http":
            await super().__call__(scope, receive, send)
        else:
            await self._middleware(scope, receive, send)


def create_app(
    *,
    title: str,
    description: str,
    version: str,
    lifespan: Callable[[FastAPI], Any],
    tags: list[dict[str, str]] | None = None,
) -> Application:
    """Create an application that renders every error in the product's shape.

    The caller adds routes and `install_middleware`.
    """
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
    app.add_exception_handler(Exception, _on_unexpected)
    return app


async def _on_condition(_request: Request, error: Exception) -> Response:
    if not isinstance(error, SolarisError):
        raise error
    return render_condition(error)


async def _on_unexpected(_request: Request, _error: Exception) -> Response:
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
