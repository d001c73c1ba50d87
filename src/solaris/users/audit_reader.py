"""Reads the audit log, newest first. Personal data of anonymised users is masked."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from solaris.domain.errors import InvalidInput
from solaris.platform.http.date_params import check_days
from solaris.platform.http.pagination import BEFORE_THE_NEWEST, Cursor
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

# Fields with personal data; staff may write names into notes and reasons.
_PERSONAL = frozenset({"name", "email", "contact_email", "note", "reason", "decision_reason", "suspension_reason"})
_HIDDEN = "[anonimizado]"


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Filters entries by the customer's days, inclusive; `action` may end in `.*` (`user.*`).

    Raises InvalidInput if the last day is before the first, or a text has a null character.
    """

    actor_id: UUID | None = None
    action: str | None = None
    entity: str | None = None
    entity_id: str | None = None
    first_day: date | None = None
    last_day: date | None = None

    def __post_init__(self) -> None:
        check_days(self.first_day, self.last_day)
        if "\x00" in "".join(filter(None, (self.action, self.entity, self.entity_id))):
            raise InvalidInput("O filtro não pode conter o caractere nulo.")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One recorded change. `actor_id` None: the system or the command line."""

    id: UUID
    created_at: datetime
    actor_id: UUID | None
    actor_name: str | None
    actor_email: str | None
    actor_role: str
    action: str
    entity: str
    entity_id: str
    entity_label: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    trace_id: str | None

    @property
    def position(self) -> Cursor:
        """The entry's position in the list, newest first."""
        return Cursor(self.created_at, self.id)


class AuditReader:
    """Reads the audit log. Raises `StoreUnavailable` if PostgreSQL does not answer in time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, filters: AuditFilter, after: Cursor | None, limit: int) -> list[AuditEntry]:
        """Up to `limit` entries after the cursor, newest first."""
        start = after or BEFORE_THE_NEWEST
        prefix = filters.action[:-1] if filters.action is not None and filters.action.endswith(".*") else None
        rows = await self._database.fetch(
            load_sql("users", "audit_log"),
            filters.actor_id,
            None if prefix else filters.action,
            prefix,
            filters.entity,
            filters.entity_id,
            filters.first_day or date.min,
            filters.last_day or date.max,
            start.at,
            start.id,
            limit,
        )
        return [_entry(row) for row in rows]


def _entry(row: asyncpg.Record) -> AuditEntry:
    fields = dict(row)
    # The reason of an anonymisation stays readable: it was written for the audit log.
    if fields.pop("anonymised") and row["action"] != "user.anonymise":
        fields["before"], fields["after"] = _masked(row["before"]), _masked(row["after"])
    return AuditEntry(**fields)


def _masked(values: dict[str, Any] | None) -> dict[str, Any] | None:
    return values and {name: _HIDDEN if name in _PERSONAL and text else text for name, text in values.items()}
