"""The audit log: who changed what, from which value to which. Append-only; the database refuses anything else."""

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
    """One change. `action` is `entity.verb` (`user.suspend`); `before` and `after` hold what differs, and never a secret."""

    action: str
    entity: str
    entity_id: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


async def record(connection: Connection, actor: Principal | None, change: Change) -> None:
    """Write the change down in the transaction that makes it. Without an actor it was the system or the command line."""
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
