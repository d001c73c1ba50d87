"""Creates and edits plans and packages. Every change is audited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import asyncpg

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.errors import ChangedMeanwhile
from solaris.auth.principal import Principal
from solaris.domain.errors import Conflict, NotFound
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan. A subscription copies `monthly_tokens` at its start; None rates are unlimited.

    `concurrent_calls`: model calls that a user may have in progress at the same time.
    """

    plan_type: str
    name: str
    monthly_tokens: int
    price_brl: Decimal
    requests_per_minute: int | None
    tokens_per_minute: int | None
    concurrent_calls: int
    sort_order: int
    active: bool
    updated_at: datetime
    subscribers: int


@dataclass(frozen=True, slots=True)
class OfferedPackage:
    """A package of tokens with its price, also if it is not on sale (`active` false)."""

    id: str
    name: str
    tokens: int
    amount_brl: Decimal
    badge: str | None
    sort_order: int
    active: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the two tables; its SQL statements are named after `name`."""

    name: str
    key: str
    columns: tuple[str, ...]
    word: str


_PLAN = _Kind(
    "plan",
    "plan_type",
    (
        "name",
        "monthly_tokens",
        "price_brl",
        "requests_per_minute",
        "tokens_per_minute",
        "concurrent_calls",
        "sort_order",
        "active",
    ),
    "plano",
)
_PACKAGE = _Kind("package", "id", ("name", "tokens", "amount_brl", "badge", "sort_order", "active"), "pacote")


class PlanAndPackageService:
    """Plans and packages. They are deactivated instead of deleted.

    Edits take the `updated_at` that the editor last read and the changed fields by name. They raise
    `NotFound`, and `ChangedMeanwhile` if the row was changed after that.
    """

    def __init__(self, database: Database, cache_invalidation: CacheInvalidation, *, default_plan: str) -> None:
        self._database = database
        self._cache_invalidation = cache_invalidation
        self._default_plan = default_plan

    async def plans(self) -> list[Plan]:
        """All plans in display order, also inactive ones."""
        return [Plan(**dict(row)) for row in await self._database.fetch(load_sql("credits", "plans"), None)]

    async def packages(self) -> list[OfferedPackage]:
        """All packages in display order, also inactive ones."""
        return [
            OfferedPackage(**dict(row)) for row in await self._database.fetch(load_sql("credits", "packages"), None)
        ]

    async def create_plan(self, actor: Principal, plan_type: str, values: Mapping[str, Any]) -> Plan:
        """Create a plan.

        Raises:
            Conflict: a plan with this `plan_type` exists.
        """
        return Plan(**dict(await self._create(actor, _PLAN, plan_type, values)))

    async def create_package(self, actor: Principal, package_id: str, values: Mapping[str, Any]) -> OfferedPackage:
        """Create a package.

        Raises:
            Conflict: a package with this id exists.
        """
        return OfferedPackage(**dict(await self._create(actor, _PACKAGE, package_id, values)))

    async def edit_plan(
        self, actor: Principal, plan_type: str, seen_updated_at: datetime, changes: Mapping[str, Any]
    ) -> Plan:
        """Edit a plan: rates and calls apply at once, limit and price to new subscriptions.

        Raises:
            Conflict: the edit deactivates the plan of new users, or of a front end's new users.
        """
        if plan_type == self._default_plan and changes.get("active") is False:
            raise Conflict(
                "Este é o plano inicial dos novos usuários (SOLARIS_DEFAULT_PLAN) e não pode ser desativado.",
                param="active",
            )
        row = await self._edit(actor, _PLAN, plan_type, seen_updated_at, changes)
        await self._cache_invalidation.publish(None)
        return Plan(**dict(row))

    async def edit_package(
        self, actor: Principal, package_id: str, seen_updated_at: datetime, changes: Mapping[str, Any]
    ) -> OfferedPackage:
        """Edit a package; earlier requests keep their price."""
        return OfferedPackage(**dict(await self._edit(actor, _PACKAGE, package_id, seen_updated_at, changes)))

    async def _create(self, actor: Principal, kind: _Kind, key: str, values: Mapping[str, Any]) -> asyncpg.Record:
        async with self._database.transaction() as connection:
            made = await connection.fetchval(
                load_sql("credits", f"insert_{kind.name}"), key, *(values[name] for name in kind.columns)
            )
            if made is None:
                raise Conflict(f"Já existe um {kind.word} com este identificador.", param=kind.key)
            row = await _read(connection, kind, key)
            await record(connection, actor, Change(f"{kind.name}.create", kind.name, key, after=_audited(kind, row)))
            return row

    async def _edit(
        self, actor: Principal, kind: _Kind, key: str, seen_updated_at: datetime, changes: Mapping[str, Any]
    ) -> asyncpg.Record:
        async with self._database.transaction() as connection:
            await connection.execute(load_sql("credits", f"lock_{kind.name}"), key)
            before = await _read(connection, kind, key)
            if before["updated_at"] != seen_updated_at:
                raise ChangedMeanwhile
            values = {name: changes.get(name, before[name]) for name in kind.columns}
            differing = [name for name in kind.columns if values[name] != before[name]]
            if not differing:
                return before
            if kind is _PLAN and "active" in differing and not values["active"]:
                await _check_no_front_end_gives(connection, key)
            await connection.execute(load_sql("credits", f"edit_{kind.name}"), key, *values.values())
            row = await _read(connection, kind, key)
            old, new = (
                {name: value for name, value in _audited(kind, one).items() if name in differing}
                for one in (before, row)
            )
            await record(connection, actor, Change(f"{kind.name}.edit", kind.name, key, old, new))
            return row


async def _read(connection: Connection, kind: _Kind, key: str) -> asyncpg.Record:
    row = await connection.fetchrow(load_sql("credits", f"{kind.name}s"), key)
    if row is None:
        raise NotFound(f"Não há {kind.word} com este identificador.", code=f"{kind.name}_not_found", param=kind.key)
    return row


async def _check_no_front_end_gives(connection: Connection, plan_type: str) -> None:
    rows = await connection.fetch(
        "SELECT name FROM front_end_keys WHERE plan_type = $1 AND revoked_at IS NULL ORDER BY name LIMIT 3", plan_type
    )
    if rows:
        names = ", ".join(row["name"] for row in rows)
        raise Conflict(
            f"Este é o plano dos novos usuários de: {names}. Escolha outro plano em Chaves de front-end antes de desativá-lo.",
            param="active",
        )


def _audited(kind: _Kind, row: asyncpg.Record) -> dict[str, Any]:
    values = {name: row[name] for name in kind.columns}
    return {name: f"{value:.2f}" if isinstance(value, Decimal) else value for name, value in values.items()}
