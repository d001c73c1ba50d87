"""FastAPI dependencies that turn a request into its caller, or refuse it."""

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


class IdentifiesCallers(Protocol):
    """What `accounts.identify.Identifier` promises."""

    async def identify(self, headers: Headers) -> Principal:
        """The caller behind these headers.

        Raises:
            NotAuthenticated: no credential, or one that is unknown, expired or revoked.
            UnresolvedPlaceholder: a front end sent a template instead of a value.
        """

    async def identify_reader(self, headers: Headers) -> Principal:
        """As `identify`; also the user of a widget token, which is good for reading his balance alone."""

    async def check_credential(self, headers: Headers) -> object:
        """Accept any valid credential, also a front end's key that names no user. Raises as `identify`."""


class Caller:
    """The dependencies every room's routes use: `Depends(caller.user)`, `Depends(caller.having(*roles))`."""

    def __init__(self, identifier: IdentifiesCallers, pages: PageSessions | None = None) -> None:
        self._identifier = identifier
        self._pages = pages

    async def user(self, request: Request) -> Principal:
        """Any known caller: API key, JWT, a front end that names its user, or a browser's session on our pages.

        Who signed in with a temporary password may read, and nothing else.
        """
        # Every model call passes here: written out, since a coroutine more is felt.
        try:
            principal = await self._identifier.identify(request.headers)
        except CredentialMissing as missing:
            principal = await self._page_caller(request, missing)
        _record_user_id(request, principal)
        if principal.must_change_password and request.method not in _READING:
            raise PasswordChangeRequired
        return principal

    async def user_with_any_password(self, request: Request) -> Principal:
        """As `user`, also with a temporary password: for the ways to change it, and out."""
        try:
            principal = await self._identifier.identify(request.headers)
        except CredentialMissing as missing:
            principal = await self._page_caller(request, missing)
        _record_user_id(request, principal)
        return principal

    async def balance_reader(self, request: Request) -> Principal:
        """Any known caller, also the counter on a chat's page: for the routes that show one's own balance, and no others."""
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
        """A person with a session (JWT), suspended or not; keys of chat clients do not count."""
        principal = await self.user(request)
        if principal.via is not Via.JWT:
            raise Forbidden("Isto só é possível depois de entrar com e-mail e senha.")
        return principal

    async def active_user(self, request: Request) -> Principal:
        """As `user`, and not suspended: for what makes something new. Who is suspended may look, and end what he has."""
        return _active(await self.user(request))

    async def active_signed_in(self, request: Request) -> Principal:
        """As `signed_in`, and not suspended."""
        return _active(await self.signed_in(request))

    async def any_credential(self, request: Request) -> None:
        """Any valid credential, also a front end's key that names no user: chat servers list the models so."""
        await self._identifier.check_credential(request.headers)

    def having(self, *roles: Role) -> Callable[[Request], Awaitable[Principal]]:
        """A signed-in person (JWT) with one of these roles; keys of chat clients never open the administration."""
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
    """Leave his id for the log, where `request.state.user_id` finds it too."""
    request.scope.setdefault("state", {})["user_id"] = principal.user_id


def _active(principal: Principal) -> Principal:
    if not principal.active:
        raise UserSuspended(SUSPENDED_MESSAGE)
    return principal
