"""Admin routes of pending grants and of the rules on the second person (SPEC 6, Admin)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
)

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.credits.approval_rules import ApprovalSettings
from solaris.credits.pending_grant_records import PendingState
from solaris.credits.pending_grants import PendingDecision, PendingGrants
from solaris.credits.schemas import PendingGrantResponse
from solaris.domain.roles import MONEY_READERS, MONEY_WRITERS, OWNERS
from solaris.domain.tokens import MAX_TOKENS_PER_REQUEST
from solaris.platform.http.fields import no_zero_byte
from solaris.platform.http.idempotency import REPLAY_HEADER
from solaris.platform.http.pagination import DEFAULT_ROWS_PER_PAGE, MAX_ROWS_PER_PAGE, decode_cursor, next_cursor

MIN_REASON_CHARACTERS = 20
MAX_REASON_CHARACTERS = 500
GrantId = Annotated[UUID, Path(alias="id")]


class PendingGrantsQuery(BaseModel):
    """Filters of pending grants."""

    model_config = ConfigDict(extra="forbid")

    state: PendingState | None = None
    limit: int = Field(default=DEFAULT_ROWS_PER_PAGE, ge=1, le=MAX_ROWS_PER_PAGE, description="Rows per page.")
    cursor: str | None = Field(default=None, max_length=400, description="`next_cursor` of the previous page.")


class PendingGrantsResponse(BaseModel):
    """A page of grants that need a second person, decided ones included, newest first."""

    data: list[PendingGrantResponse]
    next_cursor: str | None


class PendingDecisionBody(BaseModel):
    """The reason of an approval or rejection, for the audit log."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[
        str,
        StringConstraints(min_length=MIN_REASON_CHARACTERS, max_length=MAX_REASON_CHARACTERS, strip_whitespace=True),
        BeforeValidator(no_zero_byte),
    ]


class ApprovalRulesBody(BaseModel):
    """The rules to set; absent fields keep their values."""

    model_config = ConfigDict(extra="forbid")

    updated_at: AwareDatetime = Field(description="The value last read; 409 `changed_meanwhile` if it changed since.")
    second_person_above_tokens: Annotated[StrictInt, Field(ge=0, le=MAX_TOKENS_PER_REQUEST)] | None = Field(
        default=None, description="Tokens that one person may grant to one user within 24 hours; 0: any amount."
    )
    second_person_below_price: StrictBool | None = Field(
        default=None, description="Whether a sale below the package's price needs a second person."
    )


class ApprovalRulesResponse(BaseModel):
    """Which grants need a second person."""

    model_config = ConfigDict(from_attributes=True)

    second_person_above_tokens: int = Field(
        description="Tokens that one person may grant to one user within 24 hours; 0: any amount."
    )
    second_person_below_price: bool = Field(
        description="Whether a sale below the package's price needs a second person."
    )
    updated_at: AwareDatetime
    updated_by: UUID | None
    updated_by_name: str | None


def routes(pending: PendingGrants, settings: ApprovalSettings, caller: Caller) -> APIRouter:
    """The routes, bound to their services."""
    router = APIRouter(prefix="/admin", tags=["credits"])
    _add_reading(router, pending, caller)
    _add_deciding(router, pending, caller)
    _add_settings(router, settings, caller)
    return router


def _add_reading(router: APIRouter, pending: PendingGrants, caller: Caller) -> None:
    Reader = Annotated[Principal, Depends(caller.having(*MONEY_READERS))]  # noqa: N806 - a type that closes over `caller`

    @router.get(
        "/pending-grants",
        response_model=PendingGrantsResponse,
        summary="Grants that need a second person",
        description="For operator, admin and super_admin. Newest first, decided ones included.",
    )
    async def list_pending(_staff: Reader, query: Annotated[PendingGrantsQuery, Query()]) -> PendingGrantsResponse:
        rows = await pending.page(query.state, decode_cursor(query.cursor), query.limit + 1)
        return PendingGrantsResponse(
            data=[PendingGrantResponse.of(row) for row in rows[: query.limit]],
            next_cursor=next_cursor(rows, query.limit),
        )

    @router.get(
        "/pending-grants/{id}",
        response_model=PendingGrantResponse,
        summary="One grant that needs a second person",
        description="For operator, admin and super_admin.",
    )
    async def read_pending(_staff: Reader, grant_id: GrantId) -> PendingGrantResponse:
        return PendingGrantResponse.of(await pending.one(grant_id))


def _add_deciding(router: APIRouter, pending: PendingGrants, caller: Caller) -> None:
    Writer = Annotated[Principal, Depends(caller.having(*MONEY_WRITERS))]  # noqa: N806 - a type that closes over `caller`

    def answer(decision: PendingDecision, response: Response) -> PendingGrantResponse:
        if decision.repeated:
            response.headers[REPLAY_HEADER] = "true"
        return PendingGrantResponse.of(decision.grant)

    @router.post(
        "/pending-grants/{id}/approve",
        response_model=PendingGrantResponse,
        summary="Approve a grant as the second person",
        description="For admin and super_admin, except the requester and the receiver of the credits (403). The reason has 20 "
        "characters or more. The grant is made once; a decided or expired one is a 409 `pending_grant_already_decided`, "
        "a repeat by the same person returns it with `Idempotent-Replay: true`. An anonymised account: 409 "
        "`anonymised_account`.",
    )
    async def approve(
        staff: Writer, grant_id: GrantId, body: PendingDecisionBody, response: Response
    ) -> PendingGrantResponse:
        return answer(await pending.approve(staff, grant_id, body.reason), response)

    @router.post(
        "/pending-grants/{id}/reject",
        response_model=PendingGrantResponse,
        summary="Reject a grant as the second person",
        description="For admin and super_admin, except the requester and the receiver of the credits (403). The reason has 20 "
        "characters or more. Nothing is granted; a credit request stays pending.",
    )
    async def reject(
        staff: Writer, grant_id: GrantId, body: PendingDecisionBody, response: Response
    ) -> PendingGrantResponse:
        return answer(await pending.reject(staff, grant_id, body.reason), response)

    @router.post(
        "/pending-grants/{id}/cancel",
        response_model=PendingGrantResponse,
        summary="Cancel an own pending grant",
        description="For the admin or super_admin who requested it. Nothing is granted; a credit request stays pending.",
    )
    async def cancel(staff: Writer, grant_id: GrantId, response: Response) -> PendingGrantResponse:
        return answer(await pending.cancel(staff, grant_id), response)


def _add_settings(router: APIRouter, settings: ApprovalSettings, caller: Caller) -> None:
    Reader = Annotated[Principal, Depends(caller.having(*MONEY_READERS))]  # noqa: N806 - a type that closes over `caller`
    Owner = Annotated[Principal, Depends(caller.having(*OWNERS))]  # noqa: N806 - likewise

    @router.get(
        "/settings/approvals",
        response_model=ApprovalRulesResponse,
        summary="Which grants need a second person",
        description="For operator, admin and super_admin.",
    )
    async def read_rules(_staff: Reader) -> ApprovalRulesResponse:
        return ApprovalRulesResponse.model_validate(await settings.read())

    @router.put(
        "/settings/approvals",
        response_model=ApprovalRulesResponse,
        summary="Set which grants need a second person",
        description="For super_admin; audited. Grants that are pending already still need a second person.",
    )
    async def change_rules(staff: Owner, body: ApprovalRulesBody) -> ApprovalRulesResponse:
        values = body.model_dump(exclude={"updated_at"}, exclude_none=True)
        return ApprovalRulesResponse.model_validate(await settings.change(staff, body.updated_at, values))
