"""Admin routes of charts: heat map, one user's days and alerts (SPEC 6 and 11)."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.domain.periods import local_day
from solaris.domain.roles import MONEY_READERS, STAFF
from solaris.platform.http.date_params import Day
from solaris.platform.http.pagination import (
    DEFAULT_ROWS_PER_PAGE,
    MAX_ROWS_PER_PAGE,
    Page,
    decode_cursor,
    next_cursor,
)
from solaris.reporting.heat_map import HeatMap
from solaris.reporting.user_activity import MAX_DAYS, UserActivity
from solaris.reporting.users import UserDirectory

HEAT_MAP_DAYS = 28
ACTIVITY_DAYS = 30
_FIRST_DAY = date(2000, 1, 1)
_LAST_DAY = date(2100, 12, 31)
UserId = Annotated[UUID, Path(alias="id", description="The user's id.")]
NearDay = Annotated[Day, Field(ge=_FIRST_DAY, le=_LAST_DAY)]


class HeatMapQuery(BaseModel):
    """Filters of the heat map."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first_day: NearDay | None = Field(default=None, alias="from", description="First day, YYYY-MM-DD.")
    last_day: NearDay | None = Field(default=None, alias="to", description="Last day, included; today by default.")
    user_id: UUID | None = None
    model: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")] | None = None


class HeatCellResponse(BaseModel):
    """One hour of one weekday."""

    model_config = ConfigDict(from_attributes=True)

    weekday: int = Field(description="1 is Monday, 7 is Sunday.")
    hour: int = Field(description="0–23, of `timezone`.")
    requests: int
    tokens_charged: int
    days: int = Field(description="Occurrences of the weekday in the range; divide by it for a mean.")


class HeatMapResponse(BaseModel):
    """All 168 cells from Monday, 0 h, to Sunday, 23 h."""

    model_config = ConfigDict(populate_by_name=True)

    first_day: date = Field(serialization_alias="from")
    last_day: date = Field(serialization_alias="to")
    timezone: str
    data: list[HeatCellResponse]


class DaysQuery(BaseModel):
    """The range of days."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    first_day: NearDay | None = Field(default=None, alias="from", description="First day, YYYY-MM-DD.")
    last_day: NearDay | None = Field(default=None, alias="to", description="Last day, included; today by default.")


class DayResponse(BaseModel):
    """One day in the customer's time zone."""

    model_config = ConfigDict(from_attributes=True)

    usage_date: date
    tokens_used: int
    tokens_remaining: int | None = Field(description="After the day's last charge; null on a day without any.")


class DaysResponse(BaseModel):
    """Every day of the range, in order."""

    timezone: str
    data: list[DayResponse]


class AlertResponse(BaseModel):
    """A crossed threshold of which the user was notified."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    period_start: date
    threshold_percent: int
    usage_percent: float
    created_at: AwareDatetime
    acknowledged_at: AwareDatetime | None


class PageQuery(BaseModel):
    """Page size and position."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=DEFAULT_ROWS_PER_PAGE, ge=1, le=MAX_ROWS_PER_PAGE, description="Rows per page.")
    cursor: str | None = Field(default=None, max_length=400, description="`next_cursor` of the page before.")


def routes(heat_map: HeatMap, activity: UserActivity, directory: UserDirectory, caller: Caller) -> APIRouter:
    """Return the router."""
    router = APIRouter(prefix="/admin")
    Staff = Annotated[Principal, Depends(caller.having(*STAFF))]  # noqa: N806 - a type that closes over `caller`
    Reader = Annotated[Principal, Depends(caller.having(*MONEY_READERS))]  # noqa: N806 - likewise
    zone = heat_map.zone

    def end_of(last_day: date | None) -> date:
        return last_day or local_day(datetime.now(UTC), zone)

    @router.get(
        "/usage/heatmap",
        response_model=HeatMapResponse,
        tags=["reporting"],
        summary="Use by weekday and hour",
        description=f"For operator, admin and super_admin: the last {HEAT_MAP_DAYS} days by default, at most 62; "
        "optionally of one user or model.",
    )
    async def read_heat_map(_staff: Reader, query: Annotated[HeatMapQuery, Query()]) -> HeatMapResponse:
        last_day = end_of(query.last_day)
        first_day = query.first_day or last_day - timedelta(days=HEAT_MAP_DAYS - 1)
        cells = await heat_map.read(first_day, last_day, user_id=query.user_id, model=query.model)
        return HeatMapResponse(
            first_day=first_day,
            last_day=last_day,
            timezone=zone.key,
            data=[HeatCellResponse.model_validate(cell) for cell in cells],
        )

    @router.get(
        "/users/{id}/daily",
        response_model=DaysResponse,
        tags=["users"],
        summary="One user's days",
        description=f"For all staff: every day of the range, the last {ACTIVITY_DAYS} by default, at most {MAX_DAYS}.",
    )
    async def read_days(_staff: Staff, user_id: UserId, query: Annotated[DaysQuery, Query()]) -> DaysResponse:
        await directory.check_known(user_id)
        last_day = end_of(query.last_day)
        first_day = query.first_day or last_day - timedelta(days=ACTIVITY_DAYS - 1)
        days = await activity.days(user_id, first_day, last_day)
        return DaysResponse(timezone=zone.key, data=[DayResponse.model_validate(day) for day in days])

    @router.get(
        "/users/{id}/alerts",
        response_model=Page[AlertResponse],
        tags=["users"],
        summary="One user's alerts",
        description="For all staff: the crossed thresholds of which the user was notified, newest first.",
    )
    async def read_alerts(_staff: Staff, user_id: UserId, query: Annotated[PageQuery, Query()]) -> Page[AlertResponse]:
        await directory.check_known(user_id)
        rows = await activity.alerts(user_id, decode_cursor(query.cursor), query.limit + 1)
        return Page[AlertResponse](
            data=[AlertResponse.model_validate(row) for row in rows[: query.limit]],
            next_cursor=next_cursor(rows, query.limit),
        )

    return router
