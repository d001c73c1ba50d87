"""FastAPI dependencies that return the caller of a request or raise."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.datastructures import Headers
from starlette.requests import Request

from solaris.auth.errors import CredentialMissing, PasswordChangeRequired
from solaris.auth.page_sessions import PageSessions
from solaris.auth.principal import Principal, Via
from solaris.domain.errors import Forbidden, UserSuspended
from solaris.domain.notices import SUSPENDED_MESSAGE
from solaris.domain.roles import Role

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_KEYS_DO_NOT_ADMINISTER = (
    "A API de administração não aceita chaves de API: entre em /api/auth/login e envie o token da sessão (JWT)."
)


class CallerIdentifier(Protocol):
    """The interface of `auth.identify.Identifier`."""

    async def identify(self, headers: Headers) -> Principal:
        """The caller that these headers authenticate.

        Raises:
            NotAuthenticated: no credential, or one that is unknown, expired or revoked.
            UnresolvedPlaceholder: a front end sent an unfilled template instead of a value.
        """

    async def identify_reader(self, headers: Headers) -> Principal:
        """As `identify`; also accepts a widget token, which may only read its user's balance."""

    async def check_credential(self, headers: Headers) -> object:
        """Accept any valid credential, also a front end's key alone. Raises as `identify`."""


class Caller:
    """The dependencies of all routes: `Depends(caller.user)`, `Depends(caller.having(*roles))`."""

    def __init__(self, identifier: CallerIdentifier, pages: PageSessions | None = None) -> None:
        self._identifier = identifier
        self._pages = pages

    async def user(self, request: Request) -> Principal:
        """Any authenticated caller: API key, JWT, front end with a user, or a page session.

        With a temporary password only reading methods are allowed.
        """
        # Every model call runs this. Inlined: one more coroutine is measurable.
        try:
            principal = await self._identifier.identify(request.headers)
        except CredentialMissing as missing:
            principal = await self._page_caller(request, missing)
        _record_user_id(request, principal)
        if principal.must_change_password and request.method not in _READING:
            raise PasswordChangeRequired
        return principal

    async def user_with_any_password(self, request: Request) -> Principal:
        """As `user`, also with a temporary password: for changing it and signing out."""
        try:
            principal = await self._identifier.identify(request.headers)
        except CredentialMissing as missing:
            principal = await self._page_caller(request, missing)
        _record_user_id(request, principal)
        return principal

    async def balance_reader(self, request: Request) -> Principal:
        """As `user`, also with a widget token; for routes that read the caller's balance only."""
        try:
            principal = await self._identifier.identify_reader(request.headers)
        except CredentialMissing as missing:
            principal = await self._page_caller(request, missing)
        _record_user_id(request, principal)
        return principal

    async def _page_caller(self, request: Request, missing: CredentialMissing) -> Principal:
        if self._pages is None or self._pages.cookie_name not in request.cookies:
            raise missing
        return await self._pages.caller_of(request)

    async def signed_in(self, request: Request) -> Principal:
        """A caller with a session (JWT), suspended or not. Raises Forbidden for keys."""
        principal = await self.user(request)
        if principal.via is not Via.JWT:
            raise Forbidden("Isto só é possível depois de entrar com e-mail e senha.")
        return principal

    async def active_user(self, request: Request) -> Principal:
        """As `user`, and not suspended: for routes that create something.

        Suspended users may read, and revoke what they have.
        """
        return _active(await self.user(request))

    async def active_signed_in(self, request: Request) -> Principal:
        """As `signed_in`, and not suspended."""
        return _active(await self.signed_in(request))

    async def any_credential(self, request: Request) -> None:
        """Any valid credential, also a front end's key alone: chat servers list models so."""
        await self._identifier.check_credential(request.headers)

    def having(self, *roles: Role) -> Callable[[Request], Awaitable[Principal]]:
        """An active caller with a session (JWT) and one of `roles`. Raises Forbidden for keys."""
        allowed = frozenset(roles)

        async def dependency(request: Request) -> Principal:
            principal = await self.user(request)
            if principal.via is not Via.JWT:
                raise Forbidden(_KEYS_DO_NOT_ADMINISTER)
            if principal.role not in allowed or not principal.active:
                raise Forbidden("Seu perfil não permite esta ação. Peça acesso a um administrador.")
            return principal

        dependency.allowed_roles = allowed  # type: ignore[attr-defined]  # read by the test that walks all routes
        return dependency


def _record_user_id(request: Request, principal: Principal) -> None:
    """Set `request.state.user_id`, which the request log reads."""
    request.scope.setdefault("state", {})["user_id"] = principal.user_id


def _active(principal: Principal) -> Principal:
    if not principal.active:
        raise UserSuspended(SUSPENDED_MESSAGE)
    return principal
