"""GET /admin/finance: revenue, and credits sold, given and spent (SPEC 11, Financeiro)."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.domain.periods import local_day
from solaris.domain.roles import MONEY_READERS
from solaris.platform.http.date_params import Day
from solaris.platform.http.fields import Brl
from solaris.reporting.finance import MAX_DAYS, Finance, FinanceBucket, FinanceSelection, FinanceUnit

DEFAULT_DAYS = 30

NearDay = Annotated[Day, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]


class FinanceQuery(BaseModel):
    """Range and bucket length."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first_day: NearDay | None = Field(default=None, alias="from", description="First day, YYYY-MM-DD.")
    last_day: NearDay | None = Field(default=None, alias="to", description="Last day, included; today by default.")
    group_by: FinanceUnit = FinanceUnit.DAY


class FinanceSumsResponse(BaseModel):
    """Sums. Money is BRL."""

    model_config = ConfigDict(from_attributes=True)

    revenue_brl: Brl = Field(description="Payments for purchases minus refunds; amounts of gifts don't count.")
    refunds_brl: Brl
    purchases: int
    buyers: int = Field(description="Users with a purchase.")
    average_ticket_brl: Brl | None = Field(description="Mean payment per purchase; null without purchases.")
    tokens_sold: int
    tokens_given: int = Field(description="Bonus, compensation, positive adjustments.")
    tokens_taken_back: int = Field(description="Refunds and negative adjustments.")
    credits_spent: int = Field(description="Tokens charged to credits.")


class FinanceBucketResponse(FinanceSumsResponse):
    """The sums of one day or month."""

    first_day: date = Field(description="The bucket's first day inside the range.")


class TypeResponse(BaseModel):
    """The sums of one transaction type."""

    model_config = ConfigDict(from_attributes=True)

    transaction_type: Literal["purchase", "bonus", "adjustment", "refund", "compensation"]
    transactions: int
    tokens_added: int
    amount_paid: Brl


class PackageResponse(BaseModel):
    """The purchases of one package; `package_id` null: purchases without a package."""

    model_config = ConfigDict(from_attributes=True)

    package_id: str | None
    name: str | None
    purchases: int
    tokens: int
    revenue_brl: Brl


class OpenRequestsResponse(BaseModel):
    """The open credit requests."""

    model_config = ConfigDict(from_attributes=True)

    requests: int
    tokens: int
    amount_brl: Brl
    oldest_created_at: AwareDatetime | None


class FinanceResponse(BaseModel):
    """The report; `previous` is the period of equal length before the range."""

    model_config = ConfigDict(populate_by_name=True)

    first_day: date = Field(serialization_alias="from")
    last_day: date = Field(serialization_alias="to")
    group_by: FinanceUnit
    timezone: str
    totals: FinanceSumsResponse
    previous: FinanceSumsResponse
    data: list[FinanceBucketResponse]
    by_type: list[TypeResponse]
    by_package: list[PackageResponse]
    open_requests: OpenRequestsResponse


def routes(finance: Finance, caller: Caller) -> APIRouter:
    """Return the router."""
    router = APIRouter(prefix="/admin", tags=["reporting"])

    @router.get(
        "/finance",
        response_model=FinanceResponse,
        summary="Revenue and credits",
        description=f"For operator, admin and super_admin: the last {DEFAULT_DAYS} days by default, at most "
        f"{MAX_DAYS}, in the customer's time zone. A purchase's package is that of its request, else the one with "
        "the same number of tokens.",
    )
    async def read_finance(
        _staff: Annotated[Principal, Depends(caller.having(*MONEY_READERS))], query: Annotated[FinanceQuery, Query()]
    ) -> FinanceResponse:
        last_day = query.last_day or local_day(datetime.now(UTC), finance.zone)
        first_day = query.first_day or last_day - timedelta(days=DEFAULT_DAYS - 1)
        report = await finance.read(FinanceSelection(first_day, last_day, query.group_by))
        return FinanceResponse(
            first_day=first_day,
            last_day=last_day,
            group_by=query.group_by,
            timezone=finance.zone.key,
            totals=FinanceSumsResponse.model_validate(report.totals),
            previous=FinanceSumsResponse.model_validate(report.previous),
            data=[_bucket(one) for one in report.buckets],
            by_type=[TypeResponse.model_validate(one) for one in report.by_type],
            by_package=[PackageResponse.model_validate(one) for one in report.by_package],
            open_requests=OpenRequestsResponse.model_validate(report.open_requests),
        )

    return router


def _bucket(bucket: FinanceBucket) -> FinanceBucketResponse:
    sums = FinanceSumsResponse.model_validate(bucket.sums)
    return FinanceBucketResponse.model_validate({"first_day": bucket.first_day, **dict(sums)})
