"""GET /admin/dashboard: the seed's metrics, the services' states and top consumers (SPEC 6)."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.domain.roles import MONEY_READERS
from solaris.platform.http.fields import Brl
from solaris.reporting.dashboard import Dashboard, DashboardFigures, PreviousFigures

_DESCRIPTION = """For operator, admin and super_admin. Everything is computed at the time of the request; days and
months are those of `timezone`.

- `total_users`: all accounts; `new_users_today`: accounts created today.
- `active_users_today`: users with a charge today. `tokens_consumed_today`: the sum of their charges.
  `average_tokens_per_user`: tokens consumed / active users, rounded.
- `tokens_remaining_total`: the remaining tokens (allowance left + credits − holds) of all active
  users; a user without a request this month counts with the allowance that their first request
  would open, less their overage.
- `revenue_today`, `revenue_month`: payments for credits in BRL, minus refunds.
  `credits_purchased_today`: the number of purchases.
- `proxy_response_time`: the median time of a call in the proxy itself, in ms;
  `litellm_response_time`: the median time to LiteLLM's first byte, in ms; `error_rate`: failed calls
  / calls (0..1; upstream failures count, a user's own mistakes and empty balances do not). These
  three cover the last 5 minutes of all processes, and are 0 without calls.
- `services`: the health checks. `top_consumers`: the users with the most tokens charged today.
- `previous`: the same figures to compare with: yesterday until the same time (`until`), for
  `revenue_month` last month until the same day and time (`month_until`), for response times and
  error rate the same five minutes of yesterday. They are computed once per minute.
  `tokens_remaining_total` is null there, since past values are not stored.
"""


class TopConsumerResponse(BaseModel):
    """One of today's top users; `tokens_remaining` is the value after the last charge."""

    model_config = ConfigDict(from_attributes=True)

    user_id: UUID
    name: str
    email: str | None
    plan_type: str | None
    tokens_consumed_today: int
    tokens_remaining: int


class PreviousResponse(BaseModel):
    """The figures to compare with."""

    until: datetime
    month_until: datetime
    total_users: int
    active_users_today: int
    new_users_today: int
    tokens_consumed_today: int
    tokens_remaining_total: int | None = None
    average_tokens_per_user: int
    revenue_today: Brl
    revenue_month: Brl
    credits_purchased_today: int
    proxy_response_time: float = Field(description="Milliseconds.")
    litellm_response_time: float = Field(description="Milliseconds.")
    error_rate: float = Field(ge=0, le=1)


class DashboardResponse(BaseModel):
    """The dashboard at `generated_at`. Money is BRL."""

    total_users: int
    active_users_today: int
    new_users_today: int
    tokens_consumed_today: int
    tokens_remaining_total: int
    average_tokens_per_user: int
    revenue_today: Brl
    revenue_month: Brl
    credits_purchased_today: int
    proxy_response_time: float = Field(description="Milliseconds.")
    litellm_response_time: float = Field(description="Milliseconds.")
    error_rate: float = Field(ge=0, le=1)
    previous: PreviousResponse
    services: dict[str, JsonValue]
    top_consumers: list[TopConsumerResponse]
    generated_at: datetime
    timezone: str


def routes(dashboard: Dashboard, caller: Caller) -> APIRouter:
    """Return the router."""
    router = APIRouter(prefix="/admin", tags=["reporting"])

    @router.get("/dashboard", response_model=DashboardResponse, summary="Figures of today", description=_DESCRIPTION)
    async def read_dashboard(
        _principal: Annotated[Principal, Depends(caller.having(*MONEY_READERS))],
    ) -> DashboardResponse:
        figures, previous, top, services = await asyncio.gather(
            dashboard.figures(), dashboard.previous(), dashboard.top_consumers(), dashboard.services()
        )
        return DashboardResponse(
            **_figures(figures),
            tokens_remaining_total=figures.tokens_remaining_total,
            previous=PreviousResponse(**_figures(previous), until=previous.until, month_until=previous.month_until),
            services=dict(services),
            top_consumers=[TopConsumerResponse.model_validate(consumer) for consumer in top],
            generated_at=datetime.now(UTC),
            timezone=dashboard.timezone,
        )

    return router


def _figures(figures: DashboardFigures | PreviousFigures) -> dict[str, Any]:
    return {
        "total_users": figures.total_users,
        "active_users_today": figures.active_users_today,
        "new_users_today": figures.new_users_today,
        "tokens_consumed_today": figures.tokens_consumed_today,
        "average_tokens_per_user": figures.average_tokens_per_user,
        "revenue_today": figures.revenue_today,
        "revenue_month": figures.revenue_month,
        "credits_purchased_today": figures.credits_purchased_today,
        "proxy_response_time": figures.traffic.proxy_p50_ms,
        "litellm_response_time": figures.traffic.litellm_p50_ms,
        "error_rate": figures.traffic.error_rate,
    }
