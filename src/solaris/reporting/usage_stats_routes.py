"""GET /admin/usage/stats (SPEC 6), as JSON or as CSV."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.domain.periods import local_day
from solaris.domain.roles import MONEY_READERS
from solaris.platform.http.date_params import Day
from solaris.platform.http.fields import ExactNumber
from solaris.reporting.csv_export import csv_response, wants_csv
from solaris.reporting.usage_stats import (
    DEFAULT_DAYS,
    MAX_DAYS,
    MAX_DAYS_BY_HOUR,
    Split,
    StatsRow,
    StatsSelection,
    StatsSums,
    Unit,
    UsageStatistics,
)

_DESCRIPTION = f"""For operator, admin and super_admin. Days are those of `timezone`; `from` and `to` are
included: the last {DEFAULT_DAYS} days by default, at most {MAX_DAYS} days ({MAX_DAYS_BY_HOUR} by hour). The first
and last week or month include only the selected days.

- Without `split_by` every bucket has a row; with it, only keys with usage. `split_by=user` returns
  rows for the `top` users by tokens charged in the whole range; the others share a row with
  `key: null`. `totals` covers everything.
- `requests` are settled requests. `p50_ms`, `p95_ms`, `p99_ms` are percentiles of their durations,
  estimated in bands of 12 %.
- `cost_usd` is the cost reported by LiteLLM. `revenue_brl` is payments for credits; null by model and
  front end, or with `model`.
- `error_rate` is failed calls / calls at the gateway (0..1), recorded per minute; null by user and
  plan, with `user_id`, and without calls.
- A plan is the user's plan at the time of the request.

CSV by `Accept: text/csv` or `format=csv`: for Brazilian Excel, in local time, with Portuguese headings.
"""
_HEADINGS = (
    "Início", "Chave", "Nome", "Requisições", "Tokens de entrada", "Tokens de saída", "Tokens cobrados", "Custo (US$)",
    "Receita (R$)", "Taxa de erro", "p50 (ms)", "p95 (ms)", "p99 (ms)",
)  # fmt: skip


class StatsQuery(BaseModel):
    """Range, grouping, filters and format."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    group_by: Unit = Unit.DAY
    split_by: Split | None = None
    from_day: Day | None = Field(default=None, alias="from", description="First day, YYYY-MM-DD.")
    to_day: Day | None = Field(default=None, alias="to", description="Last day, included; today by default.")
    user_id: UUID | None = Field(default=None, description="Only this user's requests.")
    model: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")] | None = Field(
        default=None, description="Only requests that asked for this model."
    )
    top: int = Field(
        default=50, ge=1, le=1000, description="Number of users with rows of their own for `split_by=user`."
    )
    format: Literal["json", "csv"] | None = None

    def selection(self, zone: ZoneInfo) -> StatsSelection:
        """Return the selection, with default days filled in.

        Raises:
            InvalidInput: the order is wrong, or there are too many days or rows.
        """
        last_day = self.to_day or local_day(datetime.now(UTC), zone)
        if self.from_day is not None:
            first_day = self.from_day
        else:
            first_day = last_day - timedelta(days=min(DEFAULT_DAYS - 1, last_day.toordinal() - 1))
        return StatsSelection(first_day, last_day, self.group_by, self.split_by, self.user_id, self.model, self.top)


class SumsResponse(BaseModel):
    """Sums. Money is USD and BRL, durations are milliseconds."""

    requests: int
    input_tokens: int
    output_tokens: int
    tokens_charged: int
    cost_usd: ExactNumber
    revenue_brl: ExactNumber | None
    error_rate: float | None
    p50_ms: int | None
    p95_ms: int | None
    p99_ms: int | None


class StatsRowResponse(SumsResponse):
    """One bucket, or one key in it with `split_by`."""

    bucket_start: datetime = Field(description="The bucket's first instant.")
    bucket: str = Field(description="The same in local time: a date, or by hour a date and time with offset.")
    key: str | None
    label: str | None


class StatsResponse(BaseModel):
    """The rows by time, in each bucket by tokens charged, most first."""

    model_config = ConfigDict(populate_by_name=True)

    group_by: Unit
    split_by: Split | None
    from_day: date = Field(serialization_alias="from")
    to_day: date = Field(serialization_alias="to")
    timezone: str
    data: list[StatsRowResponse]
    totals: SumsResponse


def routes(statistics: UsageStatistics, caller: Caller) -> APIRouter:
    """Return the router."""
    router = APIRouter(prefix="/admin/usage", tags=["reporting"])

    @router.get(
        "/stats",
        response_model=StatsResponse,
        responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
        summary="Usage by time and user, model, plan or front end",
        description=_DESCRIPTION,
    )
    async def read_stats(
        _principal: Annotated[Principal, Depends(caller.having(*MONEY_READERS))],
        query: Annotated[StatsQuery, Query()],
        accept: Annotated[str | None, Header()] = None,
    ) -> StatsResponse | Response:
        zone = statistics.zone
        selection = query.selection(zone)
        stats = await statistics.read(selection)
        if wants_csv(accept, query.format):
            filename = f"uso-{selection.first_day}-a-{selection.last_day}.csv"
            return csv_response(filename, _HEADINGS, _cells(stats.rows, selection.unit, zone))
        return StatsResponse(
            group_by=selection.unit,
            split_by=selection.split,
            from_day=selection.first_day,
            to_day=selection.last_day,
            timezone=zone.key,
            data=[_row_response(row, selection.unit, zone) for row in stats.rows],
            totals=SumsResponse(**_sums(stats.totals)),
        )

    return router


def _local(row: StatsRow, unit: Unit, zone: ZoneInfo) -> date | datetime:
    at = row.bucket_start.astimezone(zone)
    return at if unit is Unit.HOUR else at.date()


def _sums(row: StatsSums) -> dict[str, Any]:
    usage = row.usage
    p50_ms, p95_ms, p99_ms = usage.percentiles_ms((50, 95, 99))
    return {
        "requests": usage.requests,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "tokens_charged": usage.tokens_charged,
        "cost_usd": usage.cost_usd,
        "revenue_brl": row.revenue_brl,
        "error_rate": row.error_rate,
        "p50_ms": p50_ms,
        "p95_ms": p95_ms,
        "p99_ms": p99_ms,
    }


def _row_response(row: StatsRow, unit: Unit, zone: ZoneInfo) -> StatsRowResponse:
    return StatsRowResponse(
        **_sums(row),
        bucket_start=row.bucket_start,
        bucket=_local(row, unit, zone).isoformat(),
        key=row.key,
        label=row.label,
    )


def _cells(rows: Sequence[StatsRow], unit: Unit, zone: ZoneInfo) -> Iterator[Sequence[object]]:
    for row in rows:
        yield (_local(row, unit, zone), row.key, row.label, *_sums(row).values())
