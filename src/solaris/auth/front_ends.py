"""Front-end keys: given to trusted chat servers, shown once, stored hashed."""

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
# Headers that mean something else on every request; naming the user in one would mix two things up.
_RESERVED_HEADERS = frozenset(
    {"authorization", "x-api-key", "cookie", "host", "content-type", "content-length", "accept"}
)
_NAME_TAKEN_MESSAGE = "Já existe uma chave de front-end com este nome."
_UNKNOWN_NAME_MESSAGE = "Não há chave de front-end com este nome."
_UNKNOWN_MESSAGE = "Não há chave de front-end com este identificador."


@dataclass(frozen=True, slots=True)
class NewFrontEnd:
    """What a new front end is to be. `headers` None: the kind's own names."""

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
    """A front end with its key, at the only moment the key is known."""

    front_end: FrontEnd
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewAccountsToday:
    """How many accounts a front end made today, and when one was refused, if one was."""

    accounts: int = 0
    refused_at: datetime | None = None


class FrontEnds:
    """Creates, lists, renews and revokes front-end keys. Every change is in the audit log."""

    def __init__(self, database: Database, changes: CacheInvalidation) -> None:
        self._database = database
        self._changes = changes

    async def create(self, order: NewFrontEnd, *, actor: Principal | None = None) -> FrontEndKey:
        """A new front end and its key.

        Raises:
            InvalidInput: a name, header or secret can't be used, or strict mode lacks its secret.
            FrontEndNameTaken: the name is or was another front end's.
            NotFound: no such active plan.
        """
        headers = _checked(order)
        key = new_key(FRONT_END_KEY_START)
        async with self._database.transaction() as connection:
            await _check_plan(connection, order.plan_type)
            row = await connection.fetchrow(
                load_sql("auth", "insert_front_end"), order.name.strip(), key.prefix, key.digest, order.kind.value,
                headers.id, headers.email, headers.name, order.link_by_email, order.strict, order.signing_secret,
                order.block_style.value, order.plan_type, order.new_accounts_per_day,
            )  # fmt: skip
            if row is None:
                raise FrontEndNameTaken(_NAME_TAKEN_MESSAGE, param="name")
            created = front_end_of(row)
            change = Change("front_end.create", "front_end", str(created.id), after=_audited(created))
            await record(connection, actor, change)
        return FrontEndKey(created, key.key)

    async def list(self) -> list[FrontEnd]:
        """All front ends, revoked ones too, the newest first; at most 1,000."""
        rows = await self._database.fetch(load_sql("auth", "front_ends"))
        return [front_end_of(row) for row in rows]

    async def revoke(self, name: str, *, actor: Principal | None = None) -> FrontEnd:
        """Refuse the front end's key from now on. A repeat changes nothing.

        Raises:
            NotFound: no such front end.
        """
        return await self._change("front_end.revoke", "revoke_front_end", name, None, actor)

    async def rotate(self, name: str, *, actor: Principal | None = None) -> FrontEndKey:
        """A new key for the same front end, whose users stay the same; the old key is refused from now on.

        Raises:
            NotFound: no such front end.
        """
        key = new_key(FRONT_END_KEY_START)
        return FrontEndKey(await self._change("front_end.rotate", "rotate_front_end", name, key, actor), key.key)

    async def find(self, name: str) -> FrontEnd:
        """The front end of that name, revoked or not.

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
        """How many users each front end brought."""
        rows = await self._database.fetch(
            "SELECT front_end_key_id AS id, count(*) AS users FROM identities GROUP BY front_end_key_id"
        )
        return {row["id"]: row["users"] for row in rows}

    async def new_accounts_today(self) -> dict[UUID, NewAccountsToday]:
        """The accounts that each front end made today; without those that made none."""
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
        """Change fields of a front end, named as `NewFrontEnd` names them; its key and its kind stay.

        Raises:
            ChangedMeanwhile: somebody else changed it since it was read.
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
            wanted = replace(_order_of(before), **changes)
            headers = _checked(wanted)
            if wanted.plan_type != before.plan_type:
                await _check_plan(connection, wanted.plan_type)
            changed_row = await connection.fetchrow(
                load_sql("auth", "edit_front_end"), front_end_id, wanted.name.strip(), headers.id, headers.email,
                headers.name, wanted.link_by_email, wanted.strict, wanted.signing_secret, wanted.block_style.value,
                wanted.plan_type, wanted.new_accounts_per_day,
            )  # fmt: skip
            if changed_row is None:
                raise FrontEndNameTaken(_NAME_TAKEN_MESSAGE, param="name")
            changed = front_end_of(changed_row)
            told = {"signing_secret": "changed"} if before.signing_secret != changed.signing_secret else {}
            change = Change(
                "front_end.edit", "front_end", str(front_end_id), _audited(before), {**_audited(changed), **told}
            )
            await record(connection, actor, change)
        await self._changes.tell(None)
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
        await self._changes.tell(None)
        return changed


def front_end_of(row: asyncpg.Record) -> FrontEnd:
    """The record of one row of front_end_keys."""
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
    # Locked, so that it can't be made inactive meanwhile.
    if not await connection.fetchval("SELECT active FROM plans WHERE plan_type = $1 FOR SHARE", plan_type):
        raise NotFound("Este plano não existe ou não está ativo.", code="plan_not_found", param="plan_type")


def _checked(order: NewFrontEnd) -> HeaderNames:
    name = order.name.strip()
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS or not name.isprintable():
        raise InvalidInput(f"O nome deve ter de 1 a {MAX_NAME_CHARACTERS} caracteres.", param="name")
    headers = order.headers or DEFAULT_HEADER_NAMES[order.kind]
    named = (headers.id, headers.email, headers.name)
    for header in named:
        if not _HEADER_NAME.fullmatch(header) or header.lower() in _RESERVED_HEADERS:
            raise InvalidInput(f"'{header[:100]}' não pode ser usado como nome de cabeçalho.", param="headers")
    if len({header.lower() for header in named}) < len(named):
        raise InvalidInput("Cada cabeçalho de identidade deve ter um nome próprio.", param="headers")
    if order.new_accounts_per_day is not None and not 0 <= order.new_accounts_per_day <= MAX_NEW_ACCOUNTS_PER_DAY:
        raise InvalidInput(
            f"As contas novas por dia devem ir de 0 a {MAX_NEW_ACCOUNTS_PER_DAY}.", param="new_accounts_per_day"
        )
    secret_length = len(order.signing_secret or "")
    if order.strict and order.kind is not FrontEndKind.OPEN_WEBUI:
        raise InvalidInput("O modo estrito existe só para o Open WebUI, que assina a identidade.", param="strict")
    if (order.strict or secret_length) and not MIN_SECRET_CHARACTERS <= secret_length <= MAX_SECRET_CHARACTERS:
        raise InvalidInput(
            f"O segredo da assinatura deve ter de {MIN_SECRET_CHARACTERS} a {MAX_SECRET_CHARACTERS} caracteres.",
            param="signing_secret",
        )
    return headers


def _order_of(front_end: FrontEnd) -> NewFrontEnd:
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
