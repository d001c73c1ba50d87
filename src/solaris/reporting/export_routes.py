"""Admin routes of exports: users as CSV, one person's data as JSON (SPEC 6, export and LGPD)."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import StreamingResponse

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.domain.roles import MONEY_READERS, MONEY_WRITERS
from solaris.reporting.csv_export import csv_response
from solaris.reporting.history_routes import CSV_RESPONSES
from solaris.reporting.personal_export import PersonalExport
from solaris.reporting.users import UserSort
from solaris.reporting.users_export import HEADINGS, UsersExport
from solaris.reporting.users_routes import UserFilterQuery


class UsersExportQuery(UserFilterQuery):
    """Filters and order of the exported users."""

    sort: UserSort = UserSort.NAME
    order: Literal["asc", "desc"] = "asc"


def routes(users: UsersExport, personal: PersonalExport, caller: Caller) -> APIRouter:
    """Return the router."""
    router = APIRouter(prefix="/admin", tags=["users"])

    @router.get(
        "/exports/users",
        response_class=Response,
        responses=CSV_RESPONSES,
        summary="Users as CSV",
        description="For operator, admin and super_admin: all users that match the filters, for Brazilian Excel, "
        "streamed. The download is recorded in the audit log.",
    )
    async def export_users(
        staff: Annotated[Principal, Depends(caller.having(*MONEY_READERS))], query: Annotated[UsersExportQuery, Query()]
    ) -> Response:
        lines = await users.lines(staff, query.user_filter(), query.sort, descending=query.order == "desc")
        return csv_response(f"usuarios-{datetime.now(UTC):%Y-%m-%d}.csv", HEADINGS, lines)

    @router.get(
        "/users/{id}/export",
        response_class=Response,
        responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
        summary="One person's data (LGPD)",
        description="For admin and super_admin: all data stored about the person as one JSON download, without "
        "secrets. The download is recorded in the audit log.",
    )
    async def export_person(
        staff: Annotated[Principal, Depends(caller.having(*MONEY_WRITERS))],
        user_id: Annotated[UUID, Path(alias="id", description="The user's id.")],
    ) -> Response:
        headers = {
            "Content-Disposition": f'attachment; filename="dados-pessoais-{user_id}.json"',
            "Cache-Control": "no-store",
        }
        chunks = await personal.chunks(staff, user_id)
        return StreamingResponse(chunks, media_type="application/json", headers=headers)

    return router
