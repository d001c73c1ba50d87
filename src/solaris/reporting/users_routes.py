"""GET /admin/users: the list, one user, and their usage, for staff (SPEC 6, Admin Dashboard)."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.domain.periods import period_of
from solaris.domain.projection import run_out_date
from solaris.domain.roles import MONEY_READERS, STAFF, Role
from solaris.domain.wallet import UserState, Wallet
from solaris.platform.http.date_params import Day
from solaris.platform.http.pagination import Page
from solaris.reporting.csv_export import wants_csv
from solaris.reporting.history import HistoryFilter, UsageHistory
from solaris.reporting.history_routes import (
    CSV_RESPONSES,
    HISTORY_DESCRIPTION,
    HistoryQuery,
    HistorySumsResponse,
    RequestId,
    StaffReceiptDetail,
    StaffReceiptResponse,
    arithmetic_of,
    export,
    page,
    receipt_fields,
    sums_response,
)
from solaris.reporting.users import UserDetail, UserDirectory, UserFilter, UserPageQuery, UserRow, UserSort

MAX_USERS_PER_PAGE = 200
UserId = Annotated[UUID, Path(alias="id", description="The user's id.")]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class UserFilterQuery(BaseModel):
    """Filters of users."""

    model_config = {"extra": "forbid"}

    q: str | None = Field(
        default=None, max_length=200, description="Words in name or e-mail addresses, or a prefix of an id (8+)."
    )
    state: UserState | None = None
    plan: str | None = Field(default=None, max_length=40, description="The plan's `plan_type`.")
    usage_percent_min: Percent | None = None
    usage_percent_max: Percent | None = None
    created_from: Day | None = Field(default=None, description="First day (YYYY-MM-DD, customer's time zone).")
    created_to: Day | None = Field(default=None, description="Last day, included.")
    role: Role | None = None

    def user_filter(self) -> UserFilter:
        """Return the filter. Raises InvalidInput if a range ends before it starts."""
        return UserFilter(
            self.q,
            self.state,
            self.plan,
            self.usage_percent_min,
            self.usage_percent_max,
            self.created_from,
            self.created_to,
            self.role,
        )


class UsersQuery(UserFilterQuery):
    """Filters, order and page."""

    sort: UserSort = UserSort.CREATED_AT
    order: Literal["asc", "desc"] = "desc"
    page: int = Field(default=1, ge=1, le=1_000_000)
    page_size: int = Field(default=50, ge=1, le=MAX_USERS_PER_PAGE)


class UserResponse(BaseModel):
    """One user with the balance in the present period."""

    id: UUID
    email: str | None
    contact_email: str | None
    name: str
    role: Role
    plan: str | None
    state: UserState
    usage_percent: float
    tokens_used: int
    tokens_remaining: int
    credits: int
    held: int
    monthly_tokens: int
    created_at: AwareDatetime
    last_used_at: AwareDatetime | None


class UsersResponse(BaseModel):
    """A page of users."""

    data: list[UserResponse]
    page: int
    page_size: int
    total: int = Field(description="Users that match all filters.")
    totals_by_state: dict[UserState, int] = Field(
        description="Users that match all filters but `state`, per state; every state is listed."
    )


class SubscriptionResponse(BaseModel):
    """The active subscription."""

    id: UUID
    plan: str
    plan_name: str
    monthly_tokens: int
    start_date: AwareDatetime
    end_date: AwareDatetime | None


class WalletResponse(BaseModel):
    """The wallet in the present period, as renewed if it is not open yet. Figures are tokens."""

    period_start: date
    allowance: int
    allowance_used: int
    allowance_left: int
    credits: int
    held: int
    used: int
    overage: int
    refused_tokens: int = Field(
        description="Tokens required by the last call if it was refused for lack of tokens; else 0."
    )


class CountsResponse(BaseModel):
    """Counts of the user's records."""

    requests_this_period: int
    days_with_use: int
    open_holds: int
    credit_transactions: int
    pending_credit_requests: int


class IdentityResponse(BaseModel):
    """The user's identity in a front end."""

    front_end: str
    kind: Literal["librechat", "open_webui"]
    external_id: str
    created_at: AwareDatetime


class ApiKeyResponse(BaseModel):
    """An API key, identified by name and prefix."""

    id: UUID
    name: str
    prefix: str
    created_at: AwareDatetime
    last_used_at: AwareDatetime | None
    revoked_at: AwareDatetime | None


class UserDetailResponse(UserResponse):
    """All details of one user, without secrets."""

    active: bool
    email_verified: bool
    has_password: bool = Field(description="Whether the user can sign in with a password.")
    suspension_reason: str | None
    anonymised_at: AwareDatetime | None
    updated_at: AwareDatetime = Field(description="Send it back with an edit (PATCH /admin/users/{id}).")
    alert_thresholds_percent: list[int]
    renews_at: AwareDatetime = Field(description="When the next allowance opens.")
    projected_run_out_date: date | None = Field(
        description="The day on which no tokens remain at this period's pace; null if not before the renewal."
    )
    subscription: SubscriptionResponse | None
    wallet: WalletResponse
    counts: CountsResponse
    identities: list[IdentityResponse]
    api_keys: list[ApiKeyResponse]


_FACTS = (
    "email_verified",
    "has_password",
    "suspension_reason",
    "anonymised_at",
    "updated_at",
    "alert_thresholds_percent",
)


def routes(directory: UserDirectory, history: UsageHistory, caller: Caller) -> APIRouter:
    """Return the router."""
    router = APIRouter(prefix="/admin", tags=["users"])
    _add_users(router, directory, caller, history.zone)
    _add_usage(router, directory, history, caller)
    return router


def _add_users(router: APIRouter, directory: UserDirectory, caller: Caller, zone: ZoneInfo) -> None:
    Staff = Annotated[Principal, Depends(caller.having(*STAFF))]  # noqa: N806 - a type that closes over `caller`

    @router.get(
        "/users",
        response_model=UsersResponse,
        summary="Users",
        description="For all staff. Search, filters, order and pages; balances are current. The search ignores case "
        "and accents and must match every word; ties are sorted by id.",
    )
    async def list_users(_staff: Staff, query: Annotated[UsersQuery, Query()]) -> UsersResponse:
        order = UserPageQuery(query.sort, query.order == "desc", query.page, query.page_size)
        found = await directory.find(query.user_filter(), order)
        return UsersResponse(
            data=[UserResponse(**_fields(row)) for row in found.rows],
            page=query.page,
            page_size=query.page_size,
            total=found.total,
            totals_by_state=found.totals_by_state,
        )

    @router.get(
        "/users/{id}",
        response_model=UserDetailResponse,
        summary="One user",
        description="For all staff: balance, subscription, wallet, counts, identities, and API keys without their secret.",
    )
    async def read_user(_staff: Staff, user_id: UserId) -> UserDetailResponse:
        return _detail_response(await directory.detail(user_id), zone)


def _add_usage(router: APIRouter, directory: UserDirectory, history: UsageHistory, caller: Caller) -> None:
    Staff = Annotated[Principal, Depends(caller.having(*STAFF))]  # noqa: N806 - a type that closes over `caller`

    @router.get(
        "/users/{id}/usage",
        response_model=Page[StaffReceiptResponse] | HistorySumsResponse,
        responses=CSV_RESPONSES,
        summary="One user's usage",
        description=f"For all staff; the provider's cost is shown to roles that may see money. {HISTORY_DESCRIPTION}",
    )
    async def read_usage(
        staff: Staff,
        user_id: UserId,
        query: Annotated[HistoryQuery, Query()],
        accept: Annotated[str | None, Header()] = None,
    ) -> Page[StaffReceiptResponse] | HistorySumsResponse | Response:
        user_filter = HistoryFilter(user_id, query.first_day, query.last_day, query.model)
        await directory.check_known(user_id)
        as_csv = wants_csv(accept, query.format)
        if query.group_by is not None:
            return await sums_response(history, user_filter, query, query.group_by, as_csv=as_csv)
        if as_csv:
            return await export(history, user_filter, with_costs=staff.role in MONEY_READERS)
        rows, following = await page(history, user_filter, query)
        return Page[StaffReceiptResponse](
            data=[StaffReceiptResponse(**_visible_to(staff, receipt_fields(row))) for row in rows],
            next_cursor=following,
        )

    @router.get(
        "/users/{id}/usage/{request_id:path}",
        response_model=StaffReceiptDetail,
        summary="One request's receipt",
        description="For all staff: the receipt with its arithmetic; the provider's cost for roles that may see money.",
    )
    async def read_receipt(staff: Staff, user_id: UserId, request_id: RequestId) -> StaffReceiptDetail:
        receipt = await history.receipt(user_id, request_id)
        return StaffReceiptDetail(**_visible_to(staff, receipt_fields(receipt)), arithmetic=arithmetic_of(receipt))


def _visible_to(staff: Principal, receipt: dict[str, Any]) -> dict[str, Any]:
    """Return the receipt without its cost for the role support (SPEC 6, roles)."""
    return receipt if staff.role in MONEY_READERS else {**receipt, "cost_usd": None}


def _fields(row: UserRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in UserRow.__slots__}


def _detail_response(detail: UserDetail, zone: ZoneInfo) -> UserDetailResponse:
    fields, facts = _fields(detail.row), dict(detail.facts)
    period = period_of(detail.row.period_start, zone)
    subscription = None
    if facts["subscription_id"] is not None:
        subscription = {
            **facts,
            "id": facts["subscription_id"],
            "plan": facts["plan_type"],
            "monthly_tokens": detail.row.monthly_tokens,
        }
    return UserDetailResponse.model_validate(
        {
            **fields,
            **{name: facts[name] for name in _FACTS},
            "renews_at": period.ends_at,
            "projected_run_out_date": run_out_date(_wallet(detail.row), period, datetime.now(UTC), zone),
            "subscription": subscription,
            "wallet": {**fields, "used": detail.row.tokens_used},
            "counts": facts,
            "identities": [dict(row) for row in detail.identities],
            "api_keys": [dict(row) for row in detail.api_keys],
        }
    )


def _wallet(row: UserRow) -> Wallet:
    return Wallet(
        row.period_start,
        row.allowance,
        row.allowance_used,
        row.credits,
        row.held,
        row.tokens_used,
        row.overage,
        row.refused_tokens,
    )
