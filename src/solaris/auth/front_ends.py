"""Front-end keys for trusted chat servers: shown once, stored hashed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.errors import ChangedMeanwhile, FrontEndNameTaken
from solaris.auth.front_end import DEFAULT_HEADER_NAMES, FrontEnd, FrontEndKind, HeaderNames
from solaris.auth.key_material import FRONT_END_KEY_START, NewKey, new_key
from solaris.auth.principal import BlockStyle, Principal
from solaris.domain.errors import InvalidInput, NotFound
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql

MAX_NAME_CHARACTERS = 80
MIN_SECRET_CHARACTERS = 16
MAX_SECRET_CHARACTERS = 500
MAX_NEW_ACCOUNTS_PER_DAY = 1_000_000
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
# Headers with a fixed meaning; a front end can't send its user in one of them.
_RESERVED_HEADERS = frozenset(
    {"authorization", "x-api-key", "cookie", "host", "content-type", "content-length", "accept"}
)
_NAME_TAKEN_MESSAGE = "Já existe uma chave de front-end com este nome."
_UNKNOWN_NAME_MESSAGE = "Não há chave de front-end com este nome."
_UNKNOWN_MESSAGE = "Não há chave de front-end com este identificador."


@dataclass(frozen=True, slots=True)
class NewFrontEnd:
    """The settings of a new front end. `headers` None: the default names of the kind."""

    name: str
    kind: FrontEndKind = FrontEndKind.LIBRECHAT
    headers: HeaderNames | None = None
    link_by_email: bool = False
    strict: bool = False
    signing_secret: str | None = field(default=None, repr=False)
    block_style: BlockStyle = BlockStyle.ERROR
    plan_type: str | None = None
    new_accounts_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class FrontEndKey:
    """A front end with its new key, which is not stored."""

    front_end: FrontEnd
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewAccountsToday:
    """A front end's new accounts of today, and when one was refused; None: none was."""

    accounts: int = 0
    refused_at: datetime | None = None


class FrontEnds:
    """Creates, lists, rotates and revokes front-end keys; audits every change."""

    def __init__(self, database: Database, cache_invalidation: CacheInvalidation) -> None:
        self._database = database
        self._cache_invalidation = cache_invalidation

    async def create(self, new: NewFrontEnd, *, actor: Principal | None = None) -> FrontEndKey:
        """Create a front end and its key.

        Raises:
            InvalidInput: a name, header or secret is not valid, or strict mode has no secret.
            FrontEndNameTaken: another front end, perhaps a revoked one, has the name.
            NotFound: no such active plan.
        """
        headers = _checked(new)
        key = new_key(FRONT_END_KEY_START)
        async with self._database.transaction() as connection:
            await _check_plan(connection, new.plan_type)
            row = await connection.fetchrow(
                load_sql("auth", "insert_front_end"), new.name.strip(), key.prefix, key.digest, new.kind.value,
                headers.id, headers.email, headers.name, new.link_by_email, new.strict, new.signing_secret,
                new.block_style.value, new.plan_type, new.new_accounts_per_day,
            )  # fmt: skip
            if row is None:
                raise FrontEndNameTaken(_NAME_TAKEN_MESSAGE, param="name")
            created = front_end_of(row)
            change = Change("front_end.create", "front_end", str(created.id), after=_audited(created))
            await record(connection, actor, change)
        return FrontEndKey(created, key.key)

    async def list(self) -> list[FrontEnd]:
        """All front ends, also revoked ones, newest first; at most 1,000."""
        rows = await self._database.fetch(load_sql("auth", "front_ends"))
        return [front_end_of(row) for row in rows]

    async def revoke(self, name: str, *, actor: Principal | None = None) -> FrontEnd:
        """Revoke the key; every process refuses it from now on. A repeat changes nothing.

        Raises:
            NotFound: no such front end.
        """
        return await self._change("front_end.revoke", "revoke_front_end", name, None, actor)

    async def rotate(self, name: str, *, actor: Principal | None = None) -> FrontEndKey:
        """Replace the key; the users stay the same, the old key is refused from now on.

        A revoked front end becomes active again.

        Raises:
            NotFound: no such front end.
        """
        key = new_key(FRONT_END_KEY_START)
        return FrontEndKey(await self._change("front_end.rotate", "rotate_front_end", name, key, actor), key.key)

    async def find(self, name: str) -> FrontEnd:
        """The front end with this name, revoked or not.

        Raises:
            NotFound: no such front end.
        """
        for known in await self.list():
            if known.name == name.strip():
                return known
        raise NotFound(_UNKNOWN_NAME_MESSAGE, code="front_end_not_found", param="name")

    async def name_of(self, front_end_id: UUID) -> str:
        """The name of a front end.

        Raises:
            NotFound: no such front end.
        """
        name: str | None = await self._database.fetchval("SELECT name FROM front_end_keys WHERE id = $1", front_end_id)
        if name is None:
            raise NotFound(_UNKNOWN_MESSAGE, code="front_end_not_found", param="id")
        return name

    async def user_counts(self) -> dict[UUID, int]:
        """The number of users of each front end."""
        rows = await self._database.fetch(
            "SELECT front_end_key_id AS id, count(*) AS users FROM identities GROUP BY front_end_key_id"
        )
        return {row["id"]: row["users"] for row in rows}

    async def new_accounts_today(self) -> dict[UUID, NewAccountsToday]:
        """Today's new accounts by front end; front ends without any are absent."""
        rows = await self._database.fetch(load_sql("auth", "new_accounts_today"))
        return {row["front_end_key_id"]: NewAccountsToday(row["accounts"], row["refused_at"]) for row in rows}

    async def edit(
        self,
        front_end_id: UUID,
        seen_updated_at: datetime,
        changes: Mapping[str, Any],
        *,
        actor: Principal | None = None,
    ) -> FrontEnd:
        """Change the fields in `changes`, named as in `NewFrontEnd`; key and kind can't change.

        `seen_updated_at` is the `updated_at` that the editor last read.

        Raises:
            ChangedMeanwhile: the front end was changed after that.
            InvalidInput, FrontEndNameTaken: as `create`.
            NotFound: no such front end, or no such active plan.
        """
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(load_sql("auth", "front_end_by_id"), front_end_id)
            if row is None:
                raise NotFound(_UNKNOWN_MESSAGE, code="front_end_not_found", param="id")
            before = front_end_of(row)
            if before.updated_at != seen_updated_at:
                raise ChangedMeanwhile
            new = replace(_as_new(before), **changes)
            headers = _checked(new)
            if new.plan_type != before.plan_type:
                await _check_plan(connection, new.plan_type)
            changed_row = await connection.fetchrow(
                load_sql("auth", "edit_front_end"), front_end_id, new.name.strip(), headers.id, headers.email,
                headers.name, new.link_by_email, new.strict, new.signing_secret, new.block_style.value,
                new.plan_type, new.new_accounts_per_day,
            )  # fmt: skip
            if changed_row is None:
                raise FrontEndNameTaken(_NAME_TAKEN_MESSAGE, param="name")
            changed = front_end_of(changed_row)
            secret_change = {"signing_secret": "changed"} if before.signing_secret != changed.signing_secret else {}
            change = Change(
                "front_end.edit",
                "front_end",
                str(front_end_id),
                _audited(before),
                {**_audited(changed), **secret_change},
            )
            await record(connection, actor, change)
        await self._cache_invalidation.publish(None)
        return changed

    async def _change(
        self, action: str, statement: str, name: str, key: NewKey | None, actor: Principal | None
    ) -> FrontEnd:
        values = () if key is None else (key.prefix, key.digest)
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(load_sql("auth", statement), name.strip(), *values)
            if row is None:
                raise NotFound(_UNKNOWN_NAME_MESSAGE, code="front_end_not_found", param="name")
            changed = front_end_of(row)
            await record(connection, actor, Change(action, "front_end", str(changed.id), after=_audited(changed)))
        await self._cache_invalidation.publish(None)
        return changed


def front_end_of(row: asyncpg.Record) -> FrontEnd:
    """The front end in a row of `front_end_keys`."""
    return FrontEnd(
        row["id"],
        row["name"],
        row["prefix"],
        FrontEndKind(row["kind"]),
        HeaderNames(row["id_header"], row["email_header"], row["name_header"]),
        row["link_by_email"],
        row["strict"],
        row["signing_secret"],
        BlockStyle(row["block_style"]),
        row["plan_type"],
        row["new_accounts_per_day"],
        row["created_at"],
        row["updated_at"],
        row["revoked_at"],
    )


async def _check_plan(connection: Connection, plan_type: str | None) -> None:
    if plan_type is None:
        return
    # Locked, so that the plan stays active until the commit.
    if not await connection.fetchval("SELECT active FROM plans WHERE plan_type = $1 FOR SHARE", plan_type):
        raise NotFound("Este plano não existe ou não está ativo.", code="plan_not_found", param="plan_type")


def _checked(new: NewFrontEnd) -> HeaderNames:
    name = new.name.strip()
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise InvalidInput(f"O nome deve ter de 1 a {MAX_NAME_CHARACTERS} caracteres.", param="name")
    headers = new.headers or DEFAULT_HEADER_NAMES[new.kind]
    named = (headers.id, headers.email, headers.name)
    for header in named:
        if not _HEADER_NAME.fullmatch(header) or header.lower() in _RESERVED_HEADERS:
            raise InvalidInput(f"'{header[:100]}' não pode ser usado como nome de cabeçalho.", param="headers")
    if len({header.lower() for header in named}) < len(named):
        raise InvalidInput("Cada cabeçalho de identidade deve ter um nome próprio.", param="headers")
    if new.new_accounts_per_day is not None and not 0 <= new.new_accounts_per_day <= MAX_NEW_ACCOUNTS_PER_DAY:
        raise InvalidInput(
            f"As contas novas por dia devem ir de 0 a {MAX_NEW_ACCOUNTS_PER_DAY}.", param="new_accounts_per_day"
        )
    secret_length = len(new.signing_secret or "")
    if new.strict and new.kind is not FrontEndKind.OPEN_WEBUI:
        raise InvalidInput("O modo estrito existe só para o Open WebUI, que assina a identidade.", param="strict")
    if (new.strict or secret_length) and not MIN_SECRET_CHARACTERS <= secret_length <= MAX_SECRET_CHARACTERS:
        raise InvalidInput(
            f"O segredo da assinatura deve ter de {MIN_SECRET_CHARACTERS} a {MAX_SECRET_CHARACTERS} caracteres.",
            param="signing_secret",
        )
    return headers


def _as_new(front_end: FrontEnd) -> NewFrontEnd:
    return NewFrontEnd(
        front_end.name,
        front_end.kind,
        front_end.headers,
        front_end.link_by_email,
        front_end.strict,
        front_end.signing_secret,
        front_end.block_style,
        front_end.plan_type,
        front_end.new_accounts_per_day,
    )


def _audited(front_end: FrontEnd) -> dict[str, Any]:
    return {
        "name": front_end.name,
        "kind": front_end.kind.value,
        "prefix": front_end.prefix,
        "headers": [front_end.headers.id, front_end.headers.email, front_end.headers.name],
        "link_by_email": front_end.link_by_email,
        "strict": front_end.strict,
        "has_signing_secret": front_end.signing_secret is not None,
        "block_style": front_end.block_style.value,
        "plan_type": front_end.plan_type,
        "new_accounts_per_day": front_end.new_accounts_per_day,
        "revoked": front_end.revoked_at is not None,
    }
