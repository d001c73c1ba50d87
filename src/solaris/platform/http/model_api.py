"""The model API's paths: normalisation, and access from other origins (CORS, Fetch 3.2)."""

import re
from collections.abc import Collection
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

from solaris.platform.http.request_headers import headers_of
from solaris.platform.http.response_writer import Headers

_START = "/v1/"
_METHODS = b"GET, POST"
# The official clients' browser builds send x-stainless-*, anthropic-* and openai-* headers.
_HEADER_NAMES = re.compile(rb"[A-Za-z0-9-]+(?: *, *[A-Za-z0-9-]+)*")
_MAX_HEADER_NAMES_BYTES = 2_000
_PLAIN_HEADERS = b"authorization, content-type"
_EXPOSED = (
    b"x-request-id, request-id, x-trace-id, x-solaris-request-id, x-solaris-tokens-remaining, x-solaris-usage-percent, "
    b"x-solaris-state, x-solaris-alert, x-solaris-tokens-charged, x-ratelimit-limit-requests, "
    b"x-ratelimit-remaining-requests, x-ratelimit-reset-requests, x-ratelimit-limit-tokens, x-ratelimit-remaining-tokens, "
    b"x-ratelimit-reset-tokens, retry-after, x-should-retry"
)
_MAX_AGE_SECONDS = b"3600"
_VARY = (b"vary", b"Origin")


class ModelApi:
    """Paths below `/v1/`, and `paths` served without the prefix.

    `origins` are the other origins whose pages may call them.
    """

    def __init__(self, paths: Collection[str] = (), origins: Collection[str] = ()) -> None:
        self._paths = frozenset(paths)
        self._origins = frozenset(origin.encode() for origin in origins)
        # Whether any other origin is admitted; if not, `headers_for` returns nothing.
        self.admits_pages = bool(self._origins)

    def contains(self, path: str) -> bool:
        """Return whether the normalised path belongs to the model API."""
        return path.startswith(_START) or path in self._paths

    def normalised(self, scope: Scope) -> Scope:
        """Return the scope with doubled and trailing slashes removed from a model API path.

        Routing, limits, CORS, logs and metrics then see one spelling. Other paths stay unchanged.
        """
        path: str = scope["path"]
        if "//" not in path and not path.endswith("/"):
            return scope
        path_normalised = "/" + "/".join(part for part in path.split("/") if part)
        if not self.contains(path_normalised):
            return scope
        return {**scope, "path": path_normalised, "raw_path": quote(path_normalised).encode()}

    def headers_for(self, scope: Scope) -> Headers:
        """Return the CORS headers of a model API response; none if no origin is admitted.

        Cookies are not admitted: `access-control-allow-credentials` is never sent.
        """
        if not self._origins:
            return ()
        origin = headers_of(scope).table.get(b"origin")
        if origin not in self._origins or origin is None:
            # Keeps a shared cache from serving one origin's response to another.
            return (_VARY,)
        return (_VARY, (b"access-control-allow-origin", origin), (b"access-control-expose-headers", _EXPOSED))

    def is_preflight(self, scope: Scope) -> bool:
        """Return whether this is a CORS preflight, which carries no credentials."""
        return (
            bool(self._origins)
            and scope["method"] == "OPTIONS"
            and b"access-control-request-method" in headers_of(scope).table
        )

    async def answer_preflight(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer a preflight with 204 and the allowed methods and headers (ASGI).

        The middleware adds the origin (`headers_for`).
        """
        headers: list[tuple[bytes, bytes]] = []
        table = headers_of(scope).table
        if table.get(b"origin") in self._origins:
            requested = table.get(b"access-control-request-headers", b"")
            is_list = len(requested) <= _MAX_HEADER_NAMES_BYTES and _HEADER_NAMES.fullmatch(requested) is not None
            headers = [
                (b"access-control-allow-methods", _METHODS),
                (b"access-control-allow-headers", requested if is_list else _PLAIN_HEADERS),
                (b"access-control-max-age", _MAX_AGE_SECONDS),
            ]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
