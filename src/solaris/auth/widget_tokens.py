"""Tokens of the widget on a chat page: each reads one user's balance for 30 days.

They are random keys instead of JWTs, so that they can be listed and revoked one by one
(docs/decisions/0051).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.key_material import WIDGET_TOKEN_START, new_key
from solaris.auth.principal import Principal, Via
from solaris.domain.errors import Forbidden, InvalidInput, NotFound
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

LIFETIME = timedelta(days=30)
MAX_TOKENS = 20
_ORIGIN_REFUSED_MESSAGE = "Este endereço não está autorizado a mostrar o saldo. Peça ao administrador para incluí-lo."
_WHO_MAY_MESSAGE = "Entre com e-mail e senha para conectar o contador de tokens."


@dataclass(frozen=True, slots=True)
class WidgetToken:
    """A widget token without its secret. `origin` may be empty for a chat server's request."""

    id: UUID
    origin: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CreatedWidgetToken:
    """A new widget token with its secret, which is not stored."""

    record: WidgetToken
    token: str = field(repr=False)


class WidgetTokens:
    """Creates, lists and revokes widget tokens; of a user's tokens `MAX_TOKENS` stay in force.

    `origins`: the pages that may use one, as browsers send them (`https://chat.example.com.br`).
    """

    def __init__(self, database: Database, cache_invalidation: CacheInvalidation, origins: Collection[str]) -> None:
        self._database = database
        self._cache_invalidation = cache_invalidation
        self.origins = frozenset(origins)

    def check_origin(self, origin: str) -> str:
        """Return the origin if it may show balances.

        Raises:
            InvalidInput: the origin is not one of `origins`.
        """
        if origin not in self.origins:
            raise InvalidInput(_ORIGIN_REFUSED_MESSAGE, param="origin")
        return origin

    async def create(self, principal: Principal, origin: str | None) -> CreatedWidgetToken:
        """Create a token for the caller's balance.

        The caller has a session and names the page's origin, or comes through a front end.

        Raises:
            Forbidden: the caller has an API key.
            InvalidInput: the page is not one of `origins`.
        """
        if principal.via not in (Via.JWT, Via.FRONT_END):
            raise Forbidden(_WHO_MAY_MESSAGE)
        named = "" if principal.via is Via.FRONT_END and not origin else self.check_origin(origin or "")
        key = new_key(WIDGET_TOKEN_START)
        async with self._database.transaction() as connection:
            # Locking the user's row serialises the count of their tokens.
            await connection.execute("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", principal.user_id)
            await connection.execute(load_sql("auth", "end_old_widget_tokens"), principal.user_id, MAX_TOKENS - 1)
            row = await connection.fetchrow(
                load_sql("auth", "insert_widget_token"), principal.user_id, key.digest, named, LIFETIME
            )
            if row is None:
                raise AssertionError("an INSERT … RETURNING without a conflict clause returns its row")
            change = Change("widget_token.create", "widget_token", str(row["id"]), after={"origin": named})
            await record(connection, principal, change)
        return CreatedWidgetToken(WidgetToken(**dict(row)), key.key)

    async def list(self, user_id: UUID) -> list[WidgetToken]:
        """The user's tokens in force, newest first."""
        rows = await self._database.fetch(load_sql("auth", "widget_tokens"), user_id)
        return [WidgetToken(**dict(row)) for row in rows]

    async def revoke(self, principal: Principal, token_id: UUID) -> None:
        """Revoke the token; its open streams end.

        Raises:
            NotFound: the caller has no such token in force.
        """
        async with self._database.transaction() as connection:
            origin = await connection.fetchval(load_sql("auth", "revoke_widget_token"), token_id, principal.user_id)
            if origin is None:
                raise NotFound("Esta conexão não existe ou já foi encerrada.", code="widget_token_not_found")
            change = Change("widget_token.revoke", "widget_token", str(token_id), before={"origin": origin})
            await record(connection, principal, change)
        await self._cache_invalidation.publish(principal.user_id)
