"""Authenticates callers: API key, JWT, or a front end with its user (SPEC 6)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from starlette.datastructures import Headers

from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.errors import CredentialMissing
from solaris.auth.external_users import ExternalUsers
from solaris.auth.front_end import FrontEnd
from solaris.auth.front_ends import front_end_of
from solaris.auth.identity_headers import ExternalIdentity, read_identity
from solaris.auth.key_material import (
    API_KEY_START,
    FRONT_END_KEY_START,
    MAX_KEY_CHARACTERS,
    WIDGET_TOKEN_START,
    digest_of,
)
from solaris.auth.principal import Principal, Via
from solaris.auth.signed_identity import read_signed_identity
from solaris.auth.tokens import INVALID_CREDENTIAL_MESSAGE, SESSION_OVER_MESSAGE, Claims, Tokens
from solaris.domain.errors import NotAuthenticated
from solaris.domain.roles import Role
from solaris.platform.cache import TtlCache
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

LIFETIME_SECONDS = 5.0
MAX_CALLERS = 20_000
MAX_FRONT_ENDS = 1_000
WIDGET_OVER_MESSAGE = "A conexão do contador de tokens terminou. Conecte-o de novo."
_NO_CREDENTIAL_MESSAGE = "Entre na sua conta ou envie sua chave no cabeçalho Authorization: Bearer …"


class Identifier:
    """Finds the caller that a request's headers authenticate.

    Results are cached for `lifetime_seconds`, or until `cache_invalidation` reports a change.
    Suspended users are identified too, with `active` false: they may read their balance, and the
    ledger refuses their spending.
    """

    def __init__(
        self,
        database: Database,
        tokens: Tokens,
        external_users: ExternalUsers,
        cache_invalidation: CacheInvalidation,
        *,
        lifetime_seconds: float = LIFETIME_SECONDS,
    ) -> None:
        self._database = database
        self._tokens = tokens
        self._external_users = external_users
        self._callers: TtlCache[tuple[bytes | str, str], Principal] = TtlCache(
            lifetime_seconds=lifetime_seconds, max_entries=MAX_CALLERS
        )
        self._front_ends: TtlCache[bytes, FrontEnd] = TtlCache(
            lifetime_seconds=lifetime_seconds, max_entries=MAX_FRONT_ENDS
        )
        cache_invalidation.subscribe(self.forget)

    async def identify(self, headers: Headers) -> Principal:
        """The caller that these headers authenticate.

        Raises:
            NotAuthenticated: no credential, or one that is unknown, expired or revoked.
            IdentityMissing: a front end's key is valid, but names no user.
            IdentityNotProven: strict mode, and the identity is not signed.
            UnresolvedPlaceholder: a front end sent an unfilled template instead of a value.
            InvalidInput: the header with the user's id is not valid.
            NewAccountsLimitReached: the user is new, and the front end's accounts of the day are
                used up.
            DefaultPlanMissing: the user is new, and the plan of new users does not exist.
            StoreUnavailable: PostgreSQL did not answer.
        """
        credential = _credential(headers)
        if credential.startswith(API_KEY_START):
            digest = digest_of(credential)
            key = (digest, "")
            return self._callers.known(key) or await self._callers.get(key, lambda: self._by_api_key(digest))
        if credential.startswith(FRONT_END_KEY_START):
            return await self._by_front_end(digest_of(credential), headers)
        return await self._by_token(credential)

    async def identify_reader(self, headers: Headers) -> Principal:
        """As `identify`, also for a widget token, which may only read its user's balance.

        `identify` does not accept widget tokens.

        Raises:
            As `identify`.
        """
        credential = _credential(headers)
        if not credential.startswith(WIDGET_TOKEN_START):
            return await self.identify(headers)
        digest = digest_of(credential)
        return await self._callers.get((digest, ""), lambda: self._by_widget_token(digest))

    async def identify_page(self, text: str, *, audience: str) -> tuple[Principal, Claims]:
        """The user of this session token of the page service `audience`, and its claims.

        Tokens for API clients are refused.

        Raises:
            NotAuthenticated: not valid, not for this service, expired or revoked.
            StoreUnavailable: PostgreSQL did not answer.
        """
        claims = self._tokens.verify(text, audience=audience)
        principal = await self._callers.get((claims.token_id, str(claims.user_id)), lambda: self._by_claims(claims))
        return replace(principal, client=audience, is_page=True), claims

    async def check_credential(self, headers: Headers) -> FrontEnd | None:
        """Accept any valid credential, also a front end's key without a user.

        LibreChat lists models with its key alone. Returns the front end; None for other callers.

        Raises:
            NotAuthenticated, StoreUnavailable: as `identify`.
        """
        credential = _credential(headers)
        if credential.startswith(FRONT_END_KEY_START):
            return await self._front_end(digest_of(credential))
        await self.identify(headers)
        return None

    def forget(self, user_id: UUID | None = None) -> None:
        """Drop the cached user; None: drop all users and front ends."""
        if user_id is None:
            self._callers.forget()
            self._front_ends.forget()
        else:
            self._callers.forget(lambda principal: principal.user_id == user_id)

    async def _by_api_key(self, digest: bytes) -> Principal:
        row = await self._database.fetchrow(load_sql("auth", "api_key"), digest)
        if row is None:
            raise NotAuthenticated(INVALID_CREDENTIAL_MESSAGE)
        return Principal(
            row["user_id"],
            Role(row["role"]),
            row["active"],
            Via.API_KEY,
            row["name"],
            requests_per_minute=row["requests_per_minute"],
            tokens_per_minute=row["tokens_per_minute"],
            concurrent_calls=row["concurrent_calls"],
        )

    async def _by_widget_token(self, digest: bytes) -> Principal:
        row = await self._database.fetchrow(load_sql("auth", "widget_token"), digest)
        if row is None:
            raise NotAuthenticated(WIDGET_OVER_MESSAGE)
        # A widget token gives no staff role, whatever the user's role is.
        return Principal(row["user_id"], Role.USER, row["active"], Via.WIDGET, "widget", token_id=str(row["id"]))

    async def _by_token(self, text: str) -> Principal:
        claims = self._tokens.verify(text)
        return await self._callers.get((claims.token_id, str(claims.user_id)), lambda: self._by_claims(claims))

    async def _by_claims(self, claims: Claims) -> Principal:
        row = await self._database.fetchrow(
            load_sql("auth", "token_state"), claims.user_id, claims.token_id, claims.issued_at
        )
        if row is None:
            raise NotAuthenticated(INVALID_CREDENTIAL_MESSAGE)
        if row["revoked"]:
            raise NotAuthenticated(SESSION_OVER_MESSAGE)
        return Principal(
            claims.user_id,
            Role(row["role"]),
            row["active"],
            Via.JWT,
            "portal",
            token_id=claims.token_id,
            requests_per_minute=row["requests_per_minute"],
            tokens_per_minute=row["tokens_per_minute"],
            concurrent_calls=row["concurrent_calls"],
            must_change_password=row["must_change_password"],
        )

    async def _by_front_end(self, digest: bytes, headers: Headers) -> Principal:
        front_end = await self._front_end(digest)
        identity = _identity(front_end, headers, self._tokens.clock)
        key = (digest, identity.external_id)
        return self._callers.known(key) or await self._callers.get(key, lambda: self._by_identity(front_end, identity))

    async def _by_identity(self, front_end: FrontEnd, identity: ExternalIdentity) -> Principal:
        known = await self._external_users.user_of(front_end, identity)
        # A front end can authenticate users, but not staff roles.
        return Principal(
            known.user_id,
            Role.USER,
            known.active,
            Via.FRONT_END,
            front_end.name,
            front_end_key_id=front_end.id,
            block_style=front_end.block_style,
            requests_per_minute=known.requests_per_minute,
            tokens_per_minute=known.tokens_per_minute,
            concurrent_calls=known.concurrent_calls,
        )

    async def _front_end(self, digest: bytes) -> FrontEnd:
        known = self._front_ends.known(digest)
        return known or await self._front_ends.get(digest, lambda: self._load_front_end(digest))

    async def _load_front_end(self, digest: bytes) -> FrontEnd:
        row = await self._database.fetchrow(load_sql("auth", "front_end"), digest)
        if row is None:
            raise NotAuthenticated(INVALID_CREDENTIAL_MESSAGE)
        return front_end_of(row)


def _credential(headers: Headers) -> str:
    """The bearer credential, or the `x-api-key` that Anthropic's clients send."""
    scheme, _, text = headers.get("authorization", "").strip().partition(" ")
    credential = text.strip() if scheme.lower() == "bearer" else ""
    credential = credential or headers.get("x-api-key", "").strip()
    if not credential:
        raise CredentialMissing(_NO_CREDENTIAL_MESSAGE)
    if len(credential) > MAX_KEY_CHARACTERS and credential.startswith(
        (API_KEY_START, FRONT_END_KEY_START, WIDGET_TOKEN_START)
    ):
        raise NotAuthenticated(INVALID_CREDENTIAL_MESSAGE)
    return credential


def _identity(front_end: FrontEnd, headers: Headers, clock: Callable[[], datetime]) -> ExternalIdentity:
    if front_end.strict:
        return read_signed_identity(headers, front_end.signing_secret or "", clock)
    return read_identity(headers, front_end.kind, front_end.headers)
