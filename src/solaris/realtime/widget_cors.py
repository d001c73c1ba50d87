"""CORS (Fetch standard 3.2) for the widget: configured origins may call three balance routes."""

from collections.abc import Collection, Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The routes that the widget calls, with their methods.
WIDGET_ROUTES: Mapping[str, str] = {
    "/api/tokens/current": "GET",
    "/api/tokens/stream": "GET",
    "/api/tokens/alerts/acknowledge": "POST",
}
_ALLOWED_HEADERS = b"authorization, content-type, last-event-id"
_EXPOSED_HEADERS = b"x-trace-id, retry-after"
_MAX_AGE_SECONDS = b"3600"


class WidgetCors:
    """Answers preflights of `WIDGET_ROUTES` and adds CORS headers to their responses.

    Cookies are not admitted.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in WIDGET_ROUTES:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        admitted = origin.encode() if origin in self._origins and origin is not None else None
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(send, WIDGET_ROUTES[scope["path"]], admitted)
            return

        async def send_with_cors(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_answer_headers(admitted)]
            await send(message)

        await self._app(scope, receive, send_with_cors)


def _answer_headers(admitted: bytes | None) -> list[tuple[bytes, bytes]]:
    # Keeps a shared cache from serving one origin's response to another.
    headers = [(b"vary", b"Origin")]
    if admitted is not None:
        headers += [
            (b"access-control-allow-origin", admitted),
            (b"access-control-expose-headers", _EXPOSED_HEADERS),
            # Safe: the routes are authenticated by a token in a header, not by a cookie.
            (b"cross-origin-resource-policy", b"cross-origin"),
        ]
    return headers


async def _preflight(send: Send, method: str, admitted: bytes | None) -> None:
    # An origin that is not admitted gets no allowing headers.
    headers = _answer_headers(admitted)
    if admitted is not None:
        headers += [
            (b"access-control-allow-methods", method.encode()),
            (b"access-control-allow-headers", _ALLOWED_HEADERS),
            (b"access-control-max-age", _MAX_AGE_SECONDS),
        ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
