"""GET /api/tokens/history: a user's own usage; response types are shared with staff (SPEC 6)."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.domain.errors import InvalidInput
from solaris.domain.formats import format_tokens
from solaris.platform.http.date_params import Day
from solaris.platform.http.fields import ExactNumber
from solaris.platform.http.pagination import (
    DEFAULT_ROWS_PER_PAGE,
    MAX_ROWS_PER_PAGE,
    Page,
    decode_cursor,
    next_cursor,
)
from solaris.reporting.csv_export import csv_response, wants_csv
from solaris.reporting.history import (
    MAX_EXPORTED_ROWS,
    MAX_GROUPS,
    HistoryFilter,
    HistoryGroup,
    UsageHistory,
    UsageSum,
)
from solaris.reporting.receipts import UsageReceipt

HISTORY_DESCRIPTION = (
    "Receipts of settled requests, newest first, paginated by `limit` and `cursor`. With `group_by` their sums: "
    f"at most `limit` rows, {MAX_GROUPS} without `limit` (`truncated`: there are more), and no `cursor`. `from` and "
    "`to` are days in the customer's time zone, both included. `format=csv` or `Accept: text/csv` downloads all "
    f"matching rows for Brazilian Excel, at most {MAX_EXPORTED_ROWS} rows ({MAX_GROUPS} sums); if there are more, "
    "the last line says so."
)
CSV_RESPONSES: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
RequestId = Annotated[str, Path(min_length=1, max_length=200, description="The request's id, as in its receipt.")]
Instant = Annotated[AwareDatetime, Field(description="ISO 8601, UTC.")]


class HistoryQuery(BaseModel):
    """Filters, grouping, format and page."""

    model_config = {"extra": "forbid"}

    first_day: Day | None = Field(default=None, alias="from", description="First day (YYYY-MM-DD).")
    last_day: Day | None = Field(default=None, alias="to", description="Last day (YYYY-MM-DD), included.")
    model: str | None = Field(default=None, min_length=1, max_length=200, description="The model asked for.")
    group_by: HistoryGroup | None = Field(default=None, description="Sums instead of single requests.")
    format: Literal["json", "csv"] | None = Field(default=None, description="Overrides `Accept`.")
    limit: int = Field(default=DEFAULT_ROWS_PER_PAGE, ge=1, le=MAX_ROWS_PER_PAGE, description="Rows per page.")
    cursor: str | None = Field(default=None, max_length=400, description="`next_cursor` of the page before.")

    @property
    def max_sums(self) -> int:
        """The maximum number of sums: `limit` if sent, else `MAX_GROUPS`."""
        return self.limit if "limit" in self.model_fields_set else MAX_GROUPS


class ReceiptResponse(BaseModel):
    """One settled request."""

    request_id: str
    occurred_at: Instant
    route: str
    model_asked: str
    model_answered: str | None
    input_tokens: int = Field(description="As counted by the provider; includes cached input.")
    cached_input_tokens: int
    output_tokens: int = Field(description="As counted by the provider; includes reasoning.")
    reasoning_tokens: int
    tokens_charged: int
    allowance_part: int = Field(description="Paid from the month's allowance.")
    credits_part: int = Field(description="Paid from credits.")
    overage: int = Field(description="Above the user's tokens; covered by the next grant or allowance.")
    tokens_remaining: int = Field(description="Remaining tokens right after this charge.")
    ending: Literal["complete", "no_usage", "upstream_error", "client_gone", "proxy_gone", "out_of_tokens"]
    estimated: bool = Field(description="True if the provider sent no usage and it was counted from the text.")
    first_byte_ms: int | None
    duration_ms: int | None
    client: str | None = Field(description="The key, session or front end of the call.")
    conversation_id: str | None
    trace_id: str | None


class StaffReceiptResponse(ReceiptResponse):
    """A receipt with the provider's cost, which is shown to staff only."""

    cost_usd: ExactNumber | None = Field(description="LiteLLM's cost in USD, if it sent one.")


class SumResponse(BaseModel):
    """The use of one hour, day or model."""

    key: str = Field(description="Start of the hour (ISO 8601, UTC), day (YYYY-MM-DD), or model asked for.")
    requests: int
    input_tokens: int
    output_tokens: int
    tokens_charged: int


class HistorySumsResponse(BaseModel):
    """Sums: hours and days newest first, models by tokens charged."""

    group_by: HistoryGroup
    data: list[SumResponse]
    truncated: bool = Field(description="True if there are more rows: raise `limit`, or narrow `from` and `to`.")


class PartResponse(BaseModel):
    """One kind of token; no token is counted in two parts."""

    kind: Literal["input", "cached_input", "output", "reasoning"]
    tokens: int
    weight: ExactNumber
    weighted: ExactNumber


class Arithmetic(BaseModel):
    """tokens_charged = ceil(factor × sum of weighted), rounded up once."""

    parts: list[PartResponse]
    weighted_sum: ExactNumber
    conversion_factor: ExactNumber
    before_rounding: ExactNumber
    tokens_charged: int
    allowance_part: int
    credits_part: int
    overage: int


class ReceiptDetail(ReceiptResponse):
    """One request with the arithmetic of its charge."""

    arithmetic: Arithmetic


class StaffReceiptDetail(StaffReceiptResponse):
    """One request with its cost and the arithmetic of its charge."""

    arithmetic: Arithmetic


def routes(history: UsageHistory, caller: Caller) -> APIRouter:
    """Return the router of the caller's history."""
    router = APIRouter(prefix="/api/tokens", tags=["tokens"])
    User = Annotated[Principal, Depends(caller.user)]  # noqa: N806 - a type, made here because `caller` is no global

    @router.get(
        "/history",
        response_model=Page[ReceiptResponse] | HistorySumsResponse,
        responses=CSV_RESPONSES,
        summary="Own usage",
        description=HISTORY_DESCRIPTION,
    )
    async def read_history(
        user: User, query: Annotated[HistoryQuery, Query()], accept: Annotated[str | None, Header()] = None
    ) -> Page[ReceiptResponse] | HistorySumsResponse | Response:
        wanted = HistoryFilter(user.user_id, query.first_day, query.last_day, query.model)
        as_csv = wants_csv(accept, query.format)
        if query.group_by is not None:
            return await sums_response(history, wanted, query, query.group_by, as_csv=as_csv)
        if as_csv:
            return await export(history, wanted, with_costs=False)
        rows, following = await page(history, wanted, query)
        return Page[ReceiptResponse](
            data=[ReceiptResponse(**receipt_fields(row)) for row in rows], next_cursor=following
        )

    @router.get(
        "/history/{request_id:path}",
        response_model=ReceiptDetail,
        summary="One request's receipt",
        description="Counts, weights and the arithmetic of the tokens charged. 404 for a request that was not "
        "charged, or belongs to another user.",
    )
    async def read_receipt(user: User, request_id: RequestId) -> ReceiptDetail:
        receipt = await history.receipt(user.user_id, request_id)
        return ReceiptDetail(**receipt_fields(receipt), arithmetic=arithmetic_of(receipt))

    return router


async def page(
    history: UsageHistory, wanted: HistoryFilter, query: HistoryQuery
) -> tuple[list[UsageReceipt], str | None]:
    """Return one page of receipts and the cursor of the next page."""
    rows = await history.page(wanted, decode_cursor(query.cursor), query.limit + 1)
    return rows[: query.limit], next_cursor(rows, query.limit)


async def sums_response(
    history: UsageHistory, wanted: HistoryFilter, query: HistoryQuery, group_by: HistoryGroup, *, as_csv: bool
) -> HistorySumsResponse | Response:
    """Return sums as JSON, up to the requested limit, or as CSV, up to `MAX_GROUPS`.

    Raises:
        InvalidInput: a cursor was sent; sums are not paginated.
    """
    if query.cursor:
        raise InvalidInput("Com group_by não há páginas: retire o cursor e reduza o período.", param="cursor")
    most = MAX_GROUPS if as_csv else query.max_sums
    sums = await history.sums(wanted, group_by, most + 1)
    truncated = len(sums) > most
    kept = sums[:most]
    if as_csv:
        lines: list[Sequence[object]] = [_sum_cells(entry, history) for entry in kept]
        if truncated:
            lines.append([_limit_notice(MAX_GROUPS)])
        heading = {HistoryGroup.HOUR: "Hora", HistoryGroup.DAY: "Dia", HistoryGroup.MODEL: "Modelo"}[group_by]
        header = (heading, "Requisições", "Tokens de entrada", "Tokens de saída", "Tokens cobrados")
        return csv_response("consumo.csv", header, lines)
    data = [
        SumResponse(
            key=_key_text(entry.key),
            requests=entry.requests,
            input_tokens=entry.input_tokens,
            output_tokens=entry.output_tokens,
            tokens_charged=entry.tokens_charged,
        )
        for entry in kept
    ]
    return HistorySumsResponse(group_by=group_by, data=data, truncated=truncated)


async def export(history: UsageHistory, wanted: HistoryFilter, *, with_costs: bool) -> Response:
    """Return all receipts as a CSV download, streamed page by page."""
    pages = history.pages(wanted)
    # Read before the response starts, so that an absent PostgreSQL gives an error, not half a file.
    first = await anext(pages)

    async def lines() -> AsyncIterator[Sequence[object]]:
        sent = 0
        async for row in _chained(first, pages):
            if sent >= MAX_EXPORTED_ROWS:
                yield [_limit_notice(MAX_EXPORTED_ROWS)]
                return
            yield _receipt_cells(row, history, with_costs=with_costs)
            sent += 1

    return csv_response("extrato.csv", _RECEIPT_HEADINGS + (("Custo (US$)",) if with_costs else ()), lines())


def receipt_fields(receipt: UsageReceipt) -> dict[str, Any]:
    """Return the receipt's columns by name; response models ignore the rest."""
    return {name: getattr(receipt, name) for name in UsageReceipt.__slots__}


def arithmetic_of(receipt: UsageReceipt) -> Arithmetic:
    """Return the arithmetic of the charge."""
    return Arithmetic(
        parts=[PartResponse(**_part_fields(part)) for part in receipt.parts],
        weighted_sum=receipt.weighted_sum,
        conversion_factor=receipt.conversion_factor,
        before_rounding=receipt.before_rounding,
        tokens_charged=receipt.tokens_charged,
        allowance_part=receipt.allowance_part,
        credits_part=receipt.credits_part,
        overage=receipt.overage,
    )


_RECEIPT_HEADINGS = (
    "Data e hora",
    "Requisição",
    "Rota",
    "Modelo pedido",
    "Modelo que respondeu",
    "Tokens de entrada",
    "Entrada em cache",
    "Tokens de saída",
    "Tokens de raciocínio",
    "Tokens cobrados",
    "Da franquia",
    "Dos créditos",
    "Excedente",
    "Saldo depois",
    "Término",
    "Estimado",
    "Primeiro byte (ms)",
    "Duração (ms)",
    "Cliente",
    "Conversa",
    "Código de rastreio",
)
_ENDINGS = {
    "complete": "completo",
    "no_usage": "sem contagem do provedor",
    "upstream_error": "erro do provedor",
    "client_gone": "cliente desconectou",
    "proxy_gone": "proxy interrompido",
    "out_of_tokens": "saldo livre insuficiente",
}


def _receipt_cells(row: UsageReceipt, history: UsageHistory, *, with_costs: bool) -> tuple[object, ...]:
    cells = (
        row.occurred_at.astimezone(history.zone),
        row.request_id,
        row.route,
        row.model_asked,
        row.model_answered,
        row.input_tokens,
        row.cached_input_tokens,
        row.output_tokens,
        row.reasoning_tokens,
        row.tokens_charged,
        row.allowance_part,
        row.credits_part,
        row.overage,
        row.tokens_remaining,
        _ENDINGS[row.ending],
        row.estimated,
        row.first_byte_ms,
        row.duration_ms,
        row.client,
        row.conversation_id,
        row.trace_id,
    )
    return (*cells, row.cost_usd) if with_costs else cells


def _sum_cells(entry: UsageSum, history: UsageHistory) -> tuple[object, ...]:
    key = entry.key.astimezone(history.zone) if isinstance(entry.key, datetime) else entry.key
    return key, entry.requests, entry.input_tokens, entry.output_tokens, entry.tokens_charged


def _key_text(key: datetime | date | str) -> str:
    if isinstance(key, datetime):
        return f"{key:%Y-%m-%dT%H:%M:%SZ}"
    return key if isinstance(key, str) else key.isoformat()


def _part_fields(part: Any) -> dict[str, Any]:
    return {"kind": part.kind, "tokens": part.tokens, "weight": part.weight, "weighted": part.weighted}


def _limit_notice(most: int) -> str:
    return f"Exportação limitada a {format_tokens(most)} linhas. Reduza o período para obter as demais."


async def _chained(
    first: list[UsageReceipt], following: AsyncIterator[list[UsageReceipt]]
) -> AsyncIterator[UsageReceipt]:
    for row in first:
        yield row
    async for rows in following:
        for row in rows:
            yield row
