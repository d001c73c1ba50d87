"""The browser's session on one of our page services: a token in a cookie that no script reads, and who may use it.

A browser sends its cookies along with whatever a foreign page makes it ask. So the cookie is SameSite=Strict, and counts for a
request that changes something only where the request names our own page as its origin and carries a header that a foreign
page can't send without our leave. Browsers hold cookies by host, not by port: each service has a name of its own, and the token in
it names the service it is for.
"""

from typing import Literal
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from solaris.auth.errors import ForeignPage
from solaris.auth.identify import Identifier
from solaris.auth.principal import Principal
from solaris.auth.tokens import Claims, IssuedToken
from solaris.domain.errors import NotAuthenticated

PageService = Literal["portal", "admin"]
PAGE_HEADER = "x-solaris-page"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class PageSessions:
    """The cookie of one service. `public_url` is where browsers find it; https there makes the cookie Secure."""

    def __init__(self, service: PageService, identifier: Identifier, *, public_url: str) -> None:
        parts = urlsplit(public_url)
        self.service = service
        self._identifier = identifier
        self._public_origin = f"{parts.scheme}://{parts.netloc}"
        self._secure = parts.scheme == "https"
        # A browser takes a cookie so named only over TLS, for this very host and every path.
        self.cookie_name = f"__Host-solaris_{service}" if self._secure else f"solaris_{service}"

    async def caller_of(self, request: Request) -> Principal:
        """The person whose session the request's cookie is.

        Raises:
            NotAuthenticated: no cookie, or one that is unknown, expired or revoked, or of the other service.
            ForeignPage: the request would change something and does not come from our pages.
            StoreUnavailable: PostgreSQL did not answer.
        """
        return (await self.session_of(request))[0]

    async def session_of(self, request: Request) -> tuple[Principal, Claims]:
        """As `caller_of`, with what the token says."""
        text = request.cookies.get(self.cookie_name)
        if not text:
            raise NotAuthenticated("Entre na sua conta para continuar.")
        self.check_origin(request)
        return await self._identifier.identify_page(text, audience=self.service)

    def check_origin(self, request: Request) -> None:
        """Refuse a request that would change something on behalf of a page that is not ours.

        Raises:
            ForeignPage
        """
        if request.method in _SAFE_METHODS:
            return
        fetched_from = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin")
        if (
            PAGE_HEADER not in request.headers
            or fetched_from not in (None, "same-origin")
            or (origin is not None and not self._is_ours(origin, request))
        ):
            raise ForeignPage

    def _is_ours(self, origin: str, request: Request) -> bool:
        parts = urlsplit(origin)
        own = origin == self._public_origin or parts.netloc == request.headers.get("host", "")
        return own and parts.scheme in ("http", "https")

    def set_cookie(self, request: Request, response: Response, token: IssuedToken) -> None:
        """Give the browser this session."""
        self._set(request, response, token.text, token.expires_in_seconds)

    def clear_cookie(self, request: Request, response: Response) -> None:
        """Take the session from the browser."""
        self._set(request, response, "", 0)

    def _set(self, request: Request, response: Response, value: str, max_age_seconds: int) -> None:
        response.set_cookie(
            self.cookie_name,
            value,
            max_age=max_age_seconds,
            path="/",
            secure=self._secure or request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
