"""GET /admin/audit-log (SPEC 6, Admin Dashboard)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.domain.roles import MONEY_READERS
from solaris.platform.http.date_params import Day
from solaris.platform.http.pagination import DEFAULT_ROWS_PER_PAGE, MAX_ROWS_PER_PAGE, decode_cursor, next_cursor
from solaris.users.audit_reader import AuditFilter, AuditReader


class AuditQuery(BaseModel):
    """Filters of the audit log."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    actor_id: UUID | None = Field(default=None, description="The user who made the change.")
    action: str | None = Field(
        default=None, max_length=100, description="Such as `user.suspend`; `user.*` matches all actions on users."
    )
    entity: str | None = Field(
        default=None,
        max_length=100,
        description="user, api_key, front_end, credit_transaction, credit_request, model, plan or package.",
    )
    entity_id: str | None = Field(default=None, max_length=200)
    first_day: Day | None = Field(default=None, alias="from", description="First day (YYYY-MM-DD).")
    last_day: Day | None = Field(default=None, alias="to", description="Last day (YYYY-MM-DD), included.")
    limit: int = Field(default=DEFAULT_ROWS_PER_PAGE, ge=1, le=MAX_ROWS_PER_PAGE, description="Rows per page.")
    cursor: str | None = Field(default=None, max_length=400, description="`next_cursor` of the previous page.")


class AuditEntryResponse(BaseModel):
    """One change. `before` and `after` hold the fields that differ, never a secret."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    created_at: AwareDatetime
    actor_id: UUID | None = Field(description="Null: the system or the command line.")
    actor_name: str | None
    actor_email: str | None
    actor_role: str = Field(description="The actor's role at that time; `system` without an actor.")
    action: str
    entity: str
    entity_id: str
    entity_label: str | None = Field(description="For a user: their name or address.")
    before: dict[str, JsonValue] | None
    after: dict[str, JsonValue] | None
    trace_id: str | None


class AuditLogResponse(BaseModel):
    """A page of the audit log, newest first."""

    data: list[AuditEntryResponse]
    next_cursor: str | None


def routes(audit: AuditReader, caller: Caller) -> APIRouter:
    """The route, bound to its service."""
    router = APIRouter(prefix="/admin", tags=["audit"])

    @router.get(
        "/audit-log",
        response_model=AuditLogResponse,
        summary="Audit log",
        description="For operator, admin and super_admin. Every change with actor, action, and values before and "
        "after, newest first. Names and addresses of anonymised users are masked.",
    )
    async def read_audit_log(
        _staff: Annotated[Principal, Depends(caller.having(*MONEY_READERS))], query: Annotated[AuditQuery, Query()]
    ) -> AuditLogResponse:
        filters = AuditFilter(
            query.actor_id, query.action, query.entity, query.entity_id, query.first_day, query.last_day
        )
        rows = await audit.page(filters, decode_cursor(query.cursor), query.limit + 1)
        return AuditLogResponse(
            data=[AuditEntryResponse.model_validate(row) for row in rows[: query.limit]],
            next_cursor=next_cursor(rows, query.limit),
        )

    return router
