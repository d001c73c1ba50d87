"""JSON Web Tokens of sessions, HS256 only. `identify` checks revocation in PostgreSQL."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt

from solaris.domain.errors import NotAuthenticated
from solaris.domain.roles import Role

_ALGORITHM = "HS256"
_REQUIRED = ("sub", "exp", "iat", "jti")
MAX_TOKEN_CHARACTERS = 4096
# A page session that is in use is extended, up to this age; then the user has to sign in again.
MAX_SESSION = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token and its expiry."""

    text: str = field(repr=False)
    token_id: str
    expires_in_seconds: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a valid token. The claim `role` is left out: the server reads roles from the
    database.
    """

    user_id: UUID
    token_id: str
    issued_at: datetime
    expires_at: datetime


class Tokens:
    """Issues and verifies tokens with one secret. Instants come from `clock` (aware UTC)."""

    def __init__(
        self, secret: str, *, lifetime_seconds: int, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._secret = secret
        self.lifetime_seconds = lifetime_seconds
        self.clock = clock

    def issue(self, user_id: UUID, role: Role, *, audience: str | None = None) -> IssuedToken:
        """A token valid for `lifetime_seconds`; with an `audience` for that page service only."""
        now = self.clock()
        expires_at = now + timedelta(seconds=self.lifetime_seconds)
        return self._signed(Claims(user_id, uuid4().hex, now, expires_at), role, audience)

    def prolong(self, claims: Claims, role: Role, *, audience: str) -> IssuedToken:
        """A token of the same session, valid for `lifetime_seconds`, up to `MAX_SESSION` in total.

        Id and issue time stay the same, so a revocation applies to all tokens of the session.
        """
        lifetime = timedelta(seconds=self.lifetime_seconds)
        end = claims.issued_at + max(MAX_SESSION, lifetime)
        expires_at = max(claims.expires_at, min(self.clock() + lifetime, end))
        return self._signed(replace(claims, expires_at=expires_at), role, audience)

    def _signed(self, session: Claims, role: Role, audience: str | None) -> IssuedToken:
        claims: dict[str, object] = {
            "sub": str(session.user_id),
            "role": role.value,
            "exp": math.floor(session.expires_at.timestamp()),
            # With a fraction (RFC 7519 allows it): compared with the time of a password change.
            "iat": session.issued_at.timestamp(),
            "jti": session.token_id,
        }
        if audience is not None:
            claims["aud"] = audience
        text = jwt.encode(claims, self._secret, algorithm=_ALGORITHM)
        seconds = round((session.expires_at - self.clock()).total_seconds())
        return IssuedToken(text, session.token_id, seconds, session.expires_at)

    def verify(self, text: str, *, audience: str | None = None) -> Claims:
        """The token's claims.

        Raises:
            NotAuthenticated: wrong signature, malformed, issued in the future, expired, or not for
                this `audience`; a token with an audience is valid only for it.
        """
        if len(text) > MAX_TOKEN_CHARACTERS:
            raise NotAuthenticated(INVALID_CREDENTIAL_MESSAGE)
        options: Any = {"require": list(_REQUIRED), "verify_exp": False, "verify_iat": False, "verify_nbf": False}
        try:
            raw = jwt.decode(text, self._secret, algorithms=[_ALGORITHM], options=options, audience=audience)
            claims = Claims(
                UUID(raw["sub"]),
                _token_id(raw["jti"]),
                datetime.fromtimestamp(_number(raw["iat"]), UTC),
                datetime.fromtimestamp(_number(raw["exp"]), UTC),
            )
        except (jwt.InvalidTokenError, ValueError, OverflowError, OSError, AttributeError) as error:
            raise NotAuthenticated(INVALID_CREDENTIAL_MESSAGE) from error
        now = self.clock()
        if claims.expires_at <= now:
            raise NotAuthenticated(SESSION_OVER_MESSAGE)
        if claims.issued_at > now + timedelta(minutes=1):
            raise NotAuthenticated(INVALID_CREDENTIAL_MESSAGE)
        return claims


INVALID_CREDENTIAL_MESSAGE = "Esta credencial não é válida. Entre de novo na sua conta ou confira a chave."
SESSION_OVER_MESSAGE = "Sua sessão terminou. Entre de novo na sua conta."


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("is not a NumericDate")
    return float(value)


def _token_id(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 100 or not (value.isascii() and value.isprintable()):
        raise ValueError("is not a token id")
    return value
