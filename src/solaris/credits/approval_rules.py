"""The rules on which grants need a second person; super_admins change them at run time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from solaris.auth.audit_writer import Change, record
from solaris.auth.errors import ChangedMeanwhile
from solaris.auth.principal import Principal
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql

_FIELDS = ("second_person_above_tokens", "second_person_below_price")


@dataclass(frozen=True, slots=True)
class ApprovalRules:
    """Which grants need a second person.

    `second_person_above_tokens`: tokens that one person may grant to one user within 24 hours;
    0 disables the rule. `second_person_below_price`: whether a sale below the package's price needs
    a second person.
    """

    second_person_above_tokens: int
    second_person_below_price: bool
    updated_at: datetime
    updated_by: UUID | None
    updated_by_name: str | None


class ApprovalSettings:
    """Reads and changes the rules; `StoreUnavailable` if PostgreSQL does not answer in time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self) -> ApprovalRules:
        """The rules in force."""
        async with self._database.connection() as connection:
            return await read_rules(connection)

    async def change(self, actor: Principal, seen_updated_at: datetime, values: Mapping[str, Any]) -> ApprovalRules:
        """Set the rules in `values` and audit the change. Equal values change nothing.

        Raises:
            ChangedMeanwhile: the rules were changed after `seen_updated_at`.
        """
        async with self._database.transaction() as connection:
            await connection.execute("SELECT FROM approval_rules FOR UPDATE")
            before = await read_rules(connection)
            if before.updated_at != seen_updated_at:
                raise ChangedMeanwhile
            old = {name: getattr(before, name) for name in _FIELDS}
            new = {name: values.get(name, old[name]) for name in _FIELDS}
            if new == old:
                return before
            await connection.execute(load_sql("credits", "edit_approval_rules"), *new.values(), actor.user_id)
            differing = [name for name in _FIELDS if new[name] != old[name]]
            change = Change(
                "approval_rules.edit",
                "approval_rules",
                "approvals",
                {name: old[name] for name in differing},
                {name: new[name] for name in differing},
            )
            await record(connection, actor, change)
            return await read_rules(connection)


async def read_rules(connection: Connection) -> ApprovalRules:
    """The rules in force, read in this transaction."""
    row = await connection.fetchrow(load_sql("credits", "approval_rules"))
    if row is None:
        raise AssertionError("the migration writes the one row of approval_rules, and nothing deletes it")
    return ApprovalRules(**dict(row))
