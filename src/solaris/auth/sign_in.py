"""Sessions: sign-in with e-mail and password, sign-out, renewal, password changes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.email_addresses import normalised_email
from solaris.auth.errors import PasswordTooWeak
from solaris.auth.login_throttle import LoginThrottle
from solaris.auth.passwords import Passwords, check_new_password
from solaris.auth.principal import Principal, Via
from solaris.auth.tokens import SESSION_OVER_MESSAGE, Claims, IssuedToken, Tokens
from solaris.auth.user_reader import UserReader, UserRecord
from solaris.domain.errors import Forbidden, InvalidCredentials, InvalidInput, NotAuthenticated
from solaris.domain.roles import STAFF
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql

_WRONG_MESSAGE = "E-mail ou senha incorretos."
_PAGES_OWN_MESSAGE = "A sessão das páginas não vale aqui: para a API, entre em /api/auth/login."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user and their new token; `must_change_password`: the password is a temporary one."""

    user: UserRecord
    token: IssuedToken
    must_change_password: bool = False


class SignIn:
    """Sessions of users. Tokens are stateless; revocations are in PostgreSQL.

    Every method raises `StoreUnavailable` when PostgreSQL does not answer.
    """

    def __init__(
        self,
        database: Database,
        users: UserReader,
        passwords: Passwords,
        tokens: Tokens,
        cache_invalidation: CacheInvalidation,
        login_throttle: LoginThrottle,
    ) -> None:
        self._database = database
        self._users = users
        self._passwords = passwords
        self._tokens = tokens
        self._cache_invalidation = cache_invalidation
        self._login_throttle = login_throttle

    async def sign_in(
        self, email: str, password: str, *, source: str, staff_only: bool = False, audience: str | None = None
    ) -> SignedIn:
        """A token for the user with this address and password.

        Unknown addresses take the same time and count as failures too. With an `audience` the token
        is a session of that page service, for its cookie; otherwise it is for API clients.

        Raises:
            InvalidCredentials: address and password do not match.
            AccountLocked: five failures for this address within 15 minutes.
            RateLimited: too many failures from this source.
            Forbidden: `staff_only`, and the user is not active staff.
            SignInOverloaded: too many sign-ins are in progress.
        """
        user_id, is_temporary = await self._verify_password(_subject(email), password, source)
        user = await self._users.get(user_id)
        if staff_only and (user.role not in STAFF or not user.active):
            self._login_throttle.refused("not_staff", source, user.id)
            raise Forbidden("O painel de administração é só para a equipe. Use o portal para ver o seu saldo.")
        return SignedIn(user, self._tokens.issue(user.id, user.role, audience=audience), is_temporary)

    async def sign_out(self, principal: Principal) -> None:
        """End the session of the caller's token.

        Raises:
            Forbidden: the caller has a key and no session.
        """
        async with self._database.connection() as connection:
            await self._revoke(connection, _token_of(principal))
        await self._cache_invalidation.publish(principal.user_id)

    async def refresh(self, principal: Principal) -> SignedIn:
        """A new token; the old one is revoked. Of concurrent refreshes one succeeds.

        Raises:
            NotAuthenticated: the token is revoked already.
            Forbidden: the caller has a key, or a page session.
        """
        if principal.is_page:
            raise Forbidden(_PAGES_OWN_MESSAGE)
        async with self._database.connection() as connection:
            if not await self._revoke(connection, _token_of(principal)):
                raise NotAuthenticated(SESSION_OVER_MESSAGE)
        await self._cache_invalidation.publish(principal.user_id)
        user = await self._users.get(principal.user_id)
        return SignedIn(user, self._tokens.issue(user.id, user.role), principal.must_change_password)

    async def prolong(self, principal: Principal, claims: Claims) -> SignedIn:
        """A page session with its full lifetime again; see `Tokens.prolong`."""
        user = await self._users.get(principal.user_id)
        token = self._tokens.prolong(claims, user.role, audience=principal.client)
        return SignedIn(user, token, principal.must_change_password)

    async def change_password(self, principal: Principal, current: str, new: str, *, source: str) -> SignedIn:
        """Change the password and end all sessions; API keys stay. Returns a new token.

        Raises:
            InvalidInput: the current password is wrong, which counts as a failed sign-in.
            PasswordTooWeak: the new password breaks a rule.
            AccountLocked, RateLimited, SignInOverloaded: as `sign_in`.
            Forbidden: the caller has a key and no session.
        """
        _token_of(principal)
        user = await self._users.get(principal.user_id)
        check_new_password(new, email=user.email or "", param="new_password")
        if principal.must_change_password and new == current:
            raise PasswordTooWeak("Escolha uma senha diferente da provisória.", param="new_password")
        try:
            await self._verify_password(_subject(user.email or ""), current, source)
        except InvalidCredentials as error:
            raise InvalidInput("A senha atual está incorreta.", param="current_password") from error
        password_hash = await self._passwords.hash(new)
        valid_from = self._tokens.clock()
        async with self._database.transaction() as connection:
            await connection.execute(load_sql("auth", "set_password"), user.id, password_hash, valid_from, False)
            await record(connection, principal, Change("user.change_password", "user", str(user.id)))
        await self._cache_invalidation.publish(user.id)
        audience = principal.client if principal.is_page else None
        return SignedIn(user, self._tokens.issue(user.id, user.role, audience=audience))

    async def end_other_sessions(self, principal: Principal) -> SignedIn:
        """End all sessions of the caller; API keys stay. Returns a new token.

        Raises:
            Forbidden: the caller has a key and no session.
        """
        _token_of(principal)
        async with self._database.transaction() as connection:
            valid_from = self._tokens.clock()
            await connection.execute(load_sql("auth", "end_sessions"), principal.user_id, valid_from)
            await record(connection, principal, Change("user.end_sessions", "user", str(principal.user_id)))
        await self._cache_invalidation.publish(principal.user_id)
        user = await self._users.get(principal.user_id)
        audience = principal.client if principal.is_page else None
        token = self._tokens.issue(user.id, user.role, audience=audience)
        return SignedIn(user, token, principal.must_change_password)

    async def _verify_password(self, address: str, password: str, source: str) -> tuple[UUID, bool]:
        """The id of the user with this address and password, and whether it is temporary."""
        async with self._login_throttle.attempt(address, source):
            row = await self._database.fetchrow(load_sql("auth", "credentials"), address)
            stored = None if row is None else row["password_hash"]
            if not await self._passwords.matches(password, stored) or row is None:
                await self._login_throttle.failed(address, source, None if row is None else row["user_id"])
                raise InvalidCredentials(_WRONG_MESSAGE)
            user_id: UUID = row["user_id"]
            await self._login_throttle.succeeded(address, source, user_id)
        if self._passwords.is_outdated(row["password_hash"]):
            await self._rehash(user_id, row["password_hash"], password)
        return user_id, row["is_temporary"]

    async def _rehash(self, user_id: UUID, old_hash: str, password: str) -> None:
        await self._database.execute(
            "UPDATE credentials SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2",
            user_id,
            old_hash,
            await self._passwords.hash(password),
        )

    async def _revoke(self, connection: Connection, token_id: str) -> bool:
        revoked = await connection.fetchval(
            "INSERT INTO revoked_tokens (jti, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING jti",
            token_id,
            self._tokens.clock() + timedelta(seconds=self._tokens.lifetime_seconds),
        )
        return revoked is not None


async def delete_ended_sign_ins(database: Database, now: datetime) -> int:
    """Delete what no sign-in needs any more; returns the number of rows.

    Deleted are revocations of tokens that have expired, failures that no longer count, and widget
    tokens that ended a month ago.

    Raises:
        StoreUnavailable: PostgreSQL did not answer.
    """
    return int(await database.fetchval(load_sql("auth", "delete_ended_sign_ins"), now) or 0)


def _subject(email: str) -> str:
    # Failures of text that is not an address count too, under a hash that PostgreSQL can store.
    return normalised_email(email) or f"sha256:{hashlib.sha256(email.encode()).hexdigest()}"


def _token_of(principal: Principal) -> str:
    if principal.via is not Via.JWT or principal.token_id is None:
        raise Forbidden("Isto só é possível depois de entrar com e-mail e senha.")
    return principal.token_id
