"""Browser sessions on a page service: a token in an HttpOnly cookie, protected against CSRF.

The cookie is SameSite=Strict. A request that changes something must also name our own origin and
carry `X-Solaris-Page`, a header that other origins can't send without CORS. Browsers store cookies
by host, not by port, so each service has its own cookie name, and the token names its service.
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
    """The sessions of one service at `public_url`; https there makes the cookie Secure."""

    def __init__(self, service: PageService, identifier: Identifier, *, public_url: str) -> None:
        parts = urlsplit(public_url)
        self.service = service
        self._identifier = identifier
        self._public_origin = f"{parts.scheme}://{parts.netloc}"
        self._secure = parts.scheme == "https"
        # Browsers accept the prefix `__Host-` only over TLS, for this exact host and path `/`.
        self.cookie_name = f"__Host-solaris_{service}" if self._secure else f"solaris_{service}"

    async def caller_of(self, request: Request) -> Principal:
        """The user whose session is in the request's cookie.

        Raises:
            NotAuthenticated: no cookie, or its token is not valid, expired, revoked or of the
                other service.
            ForeignPage: the request changes something and does not come from our pages.
            StoreUnavailable: PostgreSQL did not answer.
        """
        return (await self.session_of(request))[0]

    async def session_of(self, request: Request) -> tuple[Principal, Claims]:
        """As `caller_of`, with the token's claims."""
        text = request.cookies.get(self.cookie_name)
        if not text:
            raise NotAuthenticated("Entre na sua conta para continuar.")
        self.check_origin(request)
        return await self._identifier.identify_page(text, audience=self.service)

    def check_origin(self, request: Request) -> None:
        """Refuse a request that changes something and does not come from our pages.

        Raises:
            ForeignPage: a wrong origin, or no header `X-Solaris-Page`.
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
        """Store the session in the browser."""
        self._set(request, response, token.text, token.expires_in_seconds)

    def clear_cookie(self, request: Request, response: Response) -> None:
        """Delete the session from the browser."""
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
