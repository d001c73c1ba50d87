"""Admin routes of credit requests and of all users' transactions (SPEC 6, Admin; 8, Manual)."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.credits.grants import MAX_AMOUNT_BRL
from solaris.credits.records import RequestState, Urgency
from solaris.credits.requests import Approval, Decision, RequestFilter, RequestService, StaffRequest
from solaris.credits.schemas import PendingGrantResponse, RequestResponse, Tokens
from solaris.credits.transactions import TransactionFilter, TransactionReader
from solaris.domain.roles import MONEY_READERS, MONEY_WRITERS, STAFF
from solaris.platform.http.date_params import Day
from solaris.platform.http.fields import Brl, no_boolean, no_zero_byte
from solaris.platform.http.idempotency import REPLAY_HEADER
from solaris.platform.http.pagination import DEFAULT_ROWS_PER_PAGE, MAX_ROWS_PER_PAGE, decode_cursor, next_cursor

Ticket = Annotated[str, Path(pattern=r"^SOL-\d{4}-\d{6,18}$", description="Ticket number, such as SOL-2026-000123.")]
TransactionKind = Literal["purchase", "bonus", "adjustment", "refund", "compensation"]
MAX_REASON_CHARACTERS = 500
_STAFF_TEXT = StringConstraints(max_length=MAX_REASON_CHARACTERS, strip_whitespace=True)


class _Page(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first_day: Day | None = Field(default=None, alias="from", description="First day (YYYY-MM-DD).")
    last_day: Day | None = Field(default=None, alias="to", description="Last day (YYYY-MM-DD), included.")
    limit: int = Field(default=DEFAULT_ROWS_PER_PAGE, ge=1, le=MAX_ROWS_PER_PAGE, description="Rows per page.")
    cursor: str | None = Field(default=None, max_length=400, description="`next_cursor` of the previous page.")


class RequestsQuery(_Page):
    """Filters of requests."""

    state: RequestState | None = None
    urgency: Urgency | None = None
    user_id: UUID | None = None


class TransactionsQuery(_Page):
    """Filters of transactions."""

    user_id: UUID | None = None
    transaction_type: TransactionKind | None = None
    actor_id: UUID | None = Field(default=None, description="The user who made the transaction.")


class ApprovalBody(BaseModel):
    """The approval; absent values are the request's."""

    model_config = ConfigDict(extra="forbid")

    amount_paid: (
        Annotated[
            Decimal,
            BeforeValidator(no_boolean),
            Field(ge=0, le=MAX_AMOUNT_BRL, decimal_places=2, allow_inf_nan=False),
            WithJsonSchema({"type": "number", "minimum": 0, "maximum": int(MAX_AMOUNT_BRL)}),
        ]
        | None
    ) = Field(default=None, description="In BRL; 0 makes it a bonus. Required if the request has no price.")
    tokens: Tokens | None = Field(default=None, description="Tokens to grant instead of the requested ones.")
    reason: Annotated[str, _STAFF_TEXT, BeforeValidator(no_zero_byte)] = Field(
        default="", description="A message to the user."
    )


class RejectionBody(BaseModel):
    """The rejection; the user sees the reason."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[
        str,
        StringConstraints(min_length=3, max_length=MAX_REASON_CHARACTERS, strip_whitespace=True),
        BeforeValidator(no_zero_byte),
    ]


class StaffRequestResponse(RequestResponse):
    """A credit request with its user. `amount_brl` is null for support."""

    id: UUID
    user_id: UUID
    user_name: str
    user_email: str | None
    decided_by: UUID | None
    decided_by_name: str | None
    transaction_id: UUID | None
    pending_grant_id: UUID | None = Field(description="The pending grant, while an approval waits for a second person.")
    asked_by: UUID | None = Field(description="The first approver, while the approval waits for a second person.")
    asked_by_name: str | None


class StaffRequestsResponse(BaseModel):
    """A page of requests, newest first."""

    data: list[StaffRequestResponse]
    next_cursor: str | None
    totals_by_state: dict[RequestState, int] = Field(description="All requests by state, regardless of the filters.")


class StaffTransactionResponse(BaseModel):
    """One credit transaction."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    user_id: UUID
    user_name: str
    user_email: str | None
    transaction_type: TransactionKind
    tokens_added: int = Field(description="Negative if tokens were removed.")
    amount_paid: Brl
    note: str
    created_at: AwareDatetime
    actor_id: UUID | None = Field(description="Null: the system or the command line.")
    actor_name: str | None
    ticket_number: str | None = Field(description="The credit request that was approved, if any.")
    package_id: str | None = Field(description="The package of that request.")


class StaffTransactionsResponse(BaseModel):
    """A page of transactions, newest first."""

    data: list[StaffTransactionResponse]
    next_cursor: str | None


def routes(requests: RequestService, transactions: TransactionReader, caller: Caller) -> APIRouter:
    """The routes, bound to their services."""
    router = APIRouter(prefix="/admin", tags=["credits"])
    _add_reading(router, requests, transactions, caller)
    _add_deciding(router, requests, caller)
    return router


def _add_reading(router: APIRouter, requests: RequestService, transactions: TransactionReader, caller: Caller) -> None:
    Staff = Annotated[Principal, Depends(caller.having(*STAFF))]  # noqa: N806 - a type that closes over `caller`
    Reader = Annotated[Principal, Depends(caller.having(*MONEY_READERS))]  # noqa: N806 - likewise

    @router.get(
        "/credits/transactions",
        response_model=StaffTransactionsResponse,
        summary="Credit transactions",
        description="For operator, admin and super_admin. All additions to and removals from credits, newest first; "
        "`user_id` selects one user's.",
    )
    async def list_transactions(
        _staff: Reader, query: Annotated[TransactionsQuery, Query()]
    ) -> StaffTransactionsResponse:
        filters = TransactionFilter(
            query.user_id, query.transaction_type, query.actor_id, query.first_day, query.last_day
        )
        rows = await transactions.page(filters, decode_cursor(query.cursor), query.limit + 1)
        return StaffTransactionsResponse(
            data=[StaffTransactionResponse.model_validate(row) for row in rows[: query.limit]],
            next_cursor=next_cursor(rows, query.limit),
        )

    @router.get(
        "/credit-requests",
        response_model=StaffRequestsResponse,
        summary="Credit requests",
        description="For all staff. Newest first; support sees no amounts.",
    )
    async def list_requests(staff: Staff, query: Annotated[RequestsQuery, Query()]) -> StaffRequestsResponse:
        filters = RequestFilter(query.state, query.urgency, query.user_id, query.first_day, query.last_day)
        rows = await requests.page(filters, decode_cursor(query.cursor), query.limit + 1)
        return StaffRequestsResponse(
            data=[_answer(staff, row) for row in rows[: query.limit]],
            next_cursor=next_cursor(rows, query.limit),
            totals_by_state=await requests.counts(),
        )

    @router.get(
        "/credit-requests/{ticket_number}",
        response_model=StaffRequestResponse,
        summary="One credit request",
        description="For all staff; support sees no amount.",
    )
    async def read_request(staff: Staff, ticket_number: Ticket) -> StaffRequestResponse:
        return _answer(staff, await requests.one(ticket_number))


def _add_deciding(router: APIRouter, requests: RequestService, caller: Caller) -> None:
    Writer = Annotated[Principal, Depends(caller.having(*MONEY_WRITERS))]  # noqa: N806 - a type that closes over `caller`

    def answer(staff: Principal, decision: Decision, response: Response) -> StaffRequestResponse:
        if decision.repeated:
            response.headers[REPLAY_HEADER] = "true"
        return _answer(staff, decision.request)

    @router.post(
        "/credit-requests/{ticket_number}/approve",
        response_model=StaffRequestResponse,
        responses={202: {"model": PendingGrantResponse, "description": "A second person has to approve the grant."}},
        summary="Approve a credit request",
        description="For admin and super_admin. Grants the credits once: another decision by another person is a 409 "
        "`credit_request_already_decided`, a repeat by the same person returns the request with "
        "`Idempotent-Replay: true`. If the rules require a second person, the answer is a 202 with the pending grant, "
        "and the request stays pending. The caller's own request: 403 `own_account`; a "
        "request of an anonymised account: 409 `anonymised_account`.",
    )
    async def approve(
        staff: Writer, ticket_number: Ticket, body: ApprovalBody, response: Response
    ) -> StaffRequestResponse | Response:
        approval = Approval(body.amount_paid, body.tokens, body.reason)
        decision = await requests.approve(staff, ticket_number, approval)
        if decision.pending is not None:
            headers = {REPLAY_HEADER: "true"} if decision.repeated else {}
            return JSONResponse(PendingGrantResponse.of(decision.pending).model_dump(mode="json"), 202, headers)
        return answer(staff, decision, response)

    @router.post(
        "/credit-requests/{ticket_number}/reject",
        response_model=StaffRequestResponse,
        summary="Reject a credit request",
        description="For admin and super_admin. The user sees the reason; the balance does not change. A decided request is a "
        "409. The caller's own request: 403 `own_account`.",
    )
    async def reject(
        staff: Writer, ticket_number: Ticket, body: RejectionBody, response: Response
    ) -> StaffRequestResponse:
        return answer(staff, await requests.reject(staff, ticket_number, body.reason), response)


def _answer(staff: Principal, known: StaffRequest) -> StaffRequestResponse:
    request = known.request
    shown = {name: getattr(request, name) for name in request.__slots__}
    whose = {name: getattr(known, name) for name in known.__slots__ if name != "request"}
    if staff.role not in MONEY_READERS:
        shown["amount_brl"] = None
    return StaffRequestResponse(**shown, **whose)
