"""Passwords and keys of the demo users: random, stored in the state folder since the database has only hashes."""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.errors import FrontEndNameTaken
from solaris.auth.front_end import FrontEndKind
from solaris.auth.front_ends import FrontEnds, NewFrontEnd
from solaris.auth.key_material import digest_of
from solaris.auth.passwords import Passwords
from solaris.local.demo.users import WITH_LOGIN, DemoUser
from solaris.local.state import write_private_json
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

FILE_NAME = "demo_logins.json"
API_KEY_NAME = "Demonstração"
FRONT_ENDS = (("LibreChat", FrontEndKind.LIBRECHAT), ("Open WebUI", FrontEndKind.OPEN_WEBUI))


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """The credentials of a demo user."""

    email: str
    password: str = field(repr=False)
    role: str
    api_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DemoLogins:
    """All credentials of the demo, for users and scripts."""

    users: tuple[DemoLogin, ...]
    front_end_keys: tuple[tuple[str, str], ...] = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """The object that `solaris demo load --json` prints."""
        return {
            "users": [
                {"email": user.email, "password": user.password, "role": user.role, "api_key": user.api_key}
                for user in self.users
            ],
            "front_end_keys": [{"name": name, "key": key} for name, key in self.front_end_keys],
        }


class DemoKeyring:
    """Returns working logins: those of the file while they match the database, else new ones."""

    def __init__(self, database: Database, state_dir: Path, log: Log, *, password: str | None) -> None:
        cache_invalidation = CacheInvalidation(None, log)
        self._database = database
        self._file = state_dir / FILE_NAME
        self._known = _read(self._file)
        self._given_password = password
        self._passwords = Passwords()
        self._api_keys = ApiKeys(database, cache_invalidation)
        self._front_ends = FrontEnds(database, cache_invalidation)

    async def front_end_keys(self) -> tuple[tuple[str, str], ...]:
        """Create the demo's front ends where they are missing; returns their names and keys."""
        return tuple([(name, await self._front_end_key(name, kind)) for name, kind in FRONT_ENDS])

    async def logins(self, user_ids: dict[str, UUID], front_end_keys: tuple[tuple[str, str], ...]) -> DemoLogins:
        """Create working logins and store them in the file; `user_ids` are by e-mail.

        Raises:
            StateDamaged: the state folder can't be written.
        """
        users = [await self._login(user, user_ids[user.email]) for user in WITH_LOGIN]
        logins = DemoLogins(tuple(users), front_end_keys)
        if logins.as_json() != self._known:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private_json(self._file, logins.as_json())
        return logins

    async def _login(self, user: DemoUser, user_id: UUID) -> DemoLogin:
        kept: dict[str, Any] = next((entry for entry in self._known["users"] if entry.get("email") == user.email), {})
        password = self._given_password or kept.get("password") or secrets.token_urlsafe(12)
        stored = await self._database.fetchval("SELECT password_hash FROM credentials WHERE user_id = $1", user_id)
        if stored is None or not await self._passwords.matches(password, stored):
            password_hash = await self._passwords.hash(password)
            await self._database.execute(load_sql("auth", "set_password"), user_id, password_hash, None, False)
        return DemoLogin(user.email, password, user.role.value, await self._api_key(user_id, kept.get("api_key")))

    async def _api_key(self, user_id: UUID, kept: str | None) -> str:
        rows = await self._database.fetch(
            "SELECT id, key_hash FROM api_keys WHERE user_id = $1 AND name = $2 AND revoked_at IS NULL",
            user_id,
            API_KEY_NAME,
        )
        if kept is not None and digest_of(kept) in {row["key_hash"] for row in rows}:
            return kept
        for row in rows:
            await self._api_keys.revoke(user_id, row["id"])
        return (await self._api_keys.create(user_id, API_KEY_NAME)).key

    async def _front_end_key(self, name: str, kind: FrontEndKind) -> str:
        kept = next((entry.get("key") for entry in self._known["front_end_keys"] if entry.get("name") == name), None)
        stored = await self._database.fetchval(
            "SELECT key_hash FROM front_end_keys WHERE name = $1 AND revoked_at IS NULL", name
        )
        if kept is not None and stored == digest_of(kept):
            return str(kept)
        try:
            return (await self._front_ends.create(NewFrontEnd(name, kind))).key
        except FrontEndNameTaken:
            return (await self._front_ends.rotate(name)).key


def _read(file: Path) -> dict[str, Any]:
    """The content of the file; empty where it is missing or damaged, since all of it can be generated again."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return {
            "users": [dict(user) for user in content["users"]],
            "front_end_keys": [dict(entry) for entry in content["front_end_keys"]],
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {"users": [], "front_end_keys": []}
