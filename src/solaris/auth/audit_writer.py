"""Writes the audit log: who changed what, with the values before and after.

The table is append-only; a trigger refuses updates and deletes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from solaris.auth.principal import Principal
from solaris.platform.postgres import Connection
from solaris.platform.sql import load_sql
from solaris.platform.tracing import current_trace_id

SYSTEM_ROLE = "system"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `action` is `entity.verb`, such as `user.suspend`.

    `before` and `after` hold the fields that differ, never a secret.
    """

    action: str
    entity: str
    entity_id: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


async def record(connection: Connection, actor: Principal | None, change: Change) -> None:
    """Write the audit entry in the transaction of the change.

    `actor` None: the change comes from the system or the command line.
    """
    await connection.execute(
        load_sql("auth", "record_change"),
        None if actor is None else actor.user_id,
        SYSTEM_ROLE if actor is None else actor.role.value,
        change.action,
        change.entity,
        change.entity_id,
        None if change.before is None else dict(change.before),
        None if change.after is None else dict(change.after),
        current_trace_id.get(),
    )
