"""Routes that are served as plain ASGI, and documented in OpenAPI like all others."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


class AsgiRoute(APIRoute):
    """A route whose endpoint carries an ASGI application, which is called without FastAPI's dependency handling."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the application; other methods are refused as everywhere."""
        if scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        application: ASGIApp = self.endpoint.application  # type: ignore[attr-defined]  # set by `add_asgi_route`
        await application(scope, receive, send)


def add_asgi_route(router: APIRouter, path: str, application: ASGIApp, **documentation: Any) -> None:
    """Serve POST `path` by `application`; `documentation` is what `add_api_route` takes."""
    endpoint = _as_endpoint(application)
    router.add_api_route(path, endpoint, methods=["POST"], route_class_override=AsgiRoute, **documentation)


def _as_endpoint(application: ASGIApp) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        raise AssertionError("a plain route is served by its application")

    endpoint.application = application  # type: ignore[attr-defined]  # read by PlainRoute
    return endpoint
