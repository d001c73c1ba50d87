"""API keys of users: shown once, stored hashed, listed with their first characters."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.errors import KeyLimitReached
from solaris.auth.key_material import API_KEY_START, new_key
from solaris.auth.principal import Principal
from solaris.domain.errors import InvalidInput, NotFound
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

MAX_KEYS = 20
MAX_NAME_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key without its secret part. `last_used_at` is accurate to five minutes."""

    id: UUID
    name: str
    prefix: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class CreatedApiKey:
    """A new key with its secret, which is not stored."""

    record: ApiKey
    key: str = field(repr=False)


class ApiKeys:
    """Creates, lists and revokes API keys; a user may have `MAX_KEYS` in force."""

    def __init__(self, database: Database, cache_invalidation: CacheInvalidation) -> None:
        self._database = database
        self._cache_invalidation = cache_invalidation

    async def create(self, user_id: UUID, name: str, *, actor: Principal | None = None) -> CreatedApiKey:
        """Create a key for the user and audit it.

        Raises:
            InvalidInput: the name is empty, too long, or holds control characters.
            KeyLimitReached: the user has `MAX_KEYS` keys in force.
            NotFound: no such user.
        """
        label = name.strip()
        if not 1 <= len(label) <= MAX_NAME_CHARACTERS or not label.isprintable():
            raise InvalidInput(f"O nome da chave deve ter de 1 a {MAX_NAME_CHARACTERS} caracteres.", param="name")
        key = new_key(API_KEY_START)
        async with self._database.transaction() as connection:
            # Locking the user's row serialises the count of their keys.
            if await connection.fetchval("SELECT id FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id) is None:
                raise NotFound("Usuário não encontrado.", code="user_not_found")
            count = await connection.fetchval(
                "SELECT count(*) FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL", user_id
            )
            if count >= MAX_KEYS:
                raise KeyLimitReached(f"Você já tem {MAX_KEYS} chaves. Revogue uma antes de criar outra.")
            row = await connection.fetchrow(load_sql("auth", "insert_api_key"), user_id, label, key.prefix, key.digest)
            if row is None:
                raise AssertionError("an INSERT … RETURNING without a conflict clause returns its row")
            after = {"user_id": str(user_id), "name": label, "prefix": key.prefix}
            await record(connection, actor, Change("api_key.create", "api_key", str(row["id"]), after=after))
        return CreatedApiKey(_api_key(row), key.key)

    async def list(self, user_id: UUID) -> list[ApiKey]:
        """The user's keys in force, newest first."""
        rows = await self._database.fetch(load_sql("auth", "api_keys"), user_id)
        return [_api_key(row) for row in rows]

    async def revoke(self, user_id: UUID, key_id: UUID, *, actor: Principal | None = None) -> None:
        """Revoke the key; every process refuses it from now on.

        Raises:
            NotFound: the user has no such key in force.
        """
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(load_sql("auth", "revoke_api_key"), key_id, user_id)
            if row is None:
                raise NotFound("Esta chave não existe ou já foi revogada.", code="api_key_not_found")
            before = {"user_id": str(user_id), "name": row["name"], "prefix": row["prefix"]}
            await record(connection, actor, Change("api_key.revoke", "api_key", str(key_id), before=before))
        await self._cache_invalidation.publish(user_id)


def _api_key(row: asyncpg.Record) -> ApiKey:
    return ApiKey(row["id"], row["name"], row["prefix"], row["created_at"], row["last_used_at"])
