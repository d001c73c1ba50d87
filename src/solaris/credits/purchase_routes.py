"""Proxy routes /api/credits/* (SPEC 6 and 8)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Response

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.credits.errors import PaymentMethodUnavailable
from solaris.credits.purchases import PurchaseService
from solaris.credits.records import CreditRequest, RequestCreate
from solaris.credits.schemas import (
    PackageResponse,
    PackagesResponse,
    PurchaseBody,
    PurchaseResponse,
    RequestResponse,
    RequestsResponse,
    TransactionResponse,
    TransactionsResponse,
)
from solaris.domain.formats import tokens_text
from solaris.platform.http.idempotency import REPLAY_HEADER, optional_key
from solaris.platform.http.pagination import DEFAULT_ROWS_PER_PAGE, MAX_ROWS_PER_PAGE, decode_cursor, next_cursor

_STRIPE_MESSAGE = (
    "O pagamento por cartão, PIX ou boleto ainda não está disponível nesta instalação. "
    'Faça o pedido manual: envie method "manual" e nossa equipe conclui a compra com você.'
)

Limit = Annotated[int, Query(ge=1, le=MAX_ROWS_PER_PAGE, description="Rows per page.")]
Cursor = Annotated[str | None, Query(max_length=400, description="`next_cursor` of the previous page.")]
Ticket = Annotated[str, Path(pattern=r"^SOL-\d{4}-\d{6,18}$", description="Ticket number, such as SOL-2026-000123.")]


def routes(purchases: PurchaseService, caller: Caller) -> APIRouter:
    """The routes, bound to their services."""
    router = APIRouter(prefix="/api/credits", tags=["credits"])
    _add_purchases(router, purchases, caller)
    _add_requests(router, purchases, caller)
    return router


def _add_purchases(router: APIRouter, purchases: PurchaseService, caller: Caller) -> None:
    @router.get(
        "/packages",
        response_model=PackagesResponse,
        summary="Packages on sale",
        description="The active packages in display order, and the payment methods of this installation.",
    )
    async def packages(_principal: Annotated[Principal, Depends(caller.user)]) -> PackagesResponse:
        return PackagesResponse(
            data=[PackageResponse.of(package) for package in await purchases.packages()], methods=["manual"]
        )

    @router.post(
        "/purchase",
        status_code=201,
        response_model=PurchaseResponse,
        summary="Buy credits",
        description="`manual` creates a request with a ticket number, which staff decide; the balance does not change yet. "
        "`stripe` is refused with `payment_method_unavailable` if the installation does not accept it. With an "
        "`Idempotency-Key`, a repeat returns the first answer and the header `Idempotent-Replay: true`; the same key "
        "with another body is a 409. Suspended users get 403 `user_suspended`.",
    )
    async def purchase(
        body: PurchaseBody,
        response: Response,
        principal: Annotated[Principal, Depends(caller.active_user)],
        idempotency_key: Annotated[str | None, Header()] = None,
    ) -> PurchaseResponse:
        key = optional_key(idempotency_key)
        if body.method == "stripe":
            raise PaymentMethodUnavailable(_STRIPE_MESSAGE, param="method")
        new_request = RequestCreate(principal.user_id, body.package_id, body.tokens, body.note, body.urgency, key)
        request, repeated = await purchases.request(new_request)
        if repeated:
            response.headers[REPLAY_HEADER] = "true"
        return _purchase_answer(request)

    @router.get(
        "/transactions",
        response_model=TransactionsResponse,
        summary="Own credit transactions",
        description="All additions to and removals from the caller's credits, newest first.",
    )
    async def transactions(
        principal: Annotated[Principal, Depends(caller.user)],
        limit: Limit = DEFAULT_ROWS_PER_PAGE,
        cursor: Cursor = None,
    ) -> TransactionsResponse:
        rows = await purchases.transactions(principal.user_id, decode_cursor(cursor), limit + 1)
        data = [TransactionResponse.of(row) for row in rows[:limit]]
        return TransactionsResponse(data=data, next_cursor=next_cursor(rows, limit))


def _add_requests(router: APIRouter, purchases: PurchaseService, caller: Caller) -> None:
    @router.get(
        "/requests",
        response_model=RequestsResponse,
        summary="Own credit requests",
        description="The caller's requests with their decisions, newest first.",
    )
    async def requests(
        principal: Annotated[Principal, Depends(caller.user)],
        limit: Limit = DEFAULT_ROWS_PER_PAGE,
        cursor: Cursor = None,
    ) -> RequestsResponse:
        rows = await purchases.requests(principal.user_id, decode_cursor(cursor), limit + 1)
        return RequestsResponse(
            data=[RequestResponse.of(row) for row in rows[:limit]], next_cursor=next_cursor(rows, limit)
        )

    @router.get(
        "/requests/{ticket_number}",
        response_model=RequestResponse,
        summary="One credit request",
        description="One of the caller's requests by its ticket number; other users' requests are a 404.",
    )
    async def one_request(
        ticket_number: Ticket, principal: Annotated[Principal, Depends(caller.user)]
    ) -> RequestResponse:
        return RequestResponse.of(await purchases.request_by_ticket(principal.user_id, ticket_number))

    @router.post(
        "/requests/{ticket_number}/cancel",
        response_model=RequestResponse,
        summary="Cancel a pending request",
        description="Cancels one of the caller's pending requests. A repeat changes nothing; a decided request is a 409.",
    )
    async def cancel(ticket_number: Ticket, principal: Annotated[Principal, Depends(caller.user)]) -> RequestResponse:
        return RequestResponse.of(await purchases.cancel(principal.user_id, ticket_number))


def _purchase_answer(request: CreditRequest) -> PurchaseResponse:
    message = (
        f"Pedido {request.ticket_number} de {tokens_text(request.tokens)} registrado. Nossa equipe "
        "entrará em contato para combinar o pagamento; os créditos entram no saldo assim que o pedido for aprovado."
    )
    return PurchaseResponse(**RequestResponse.of(request).model_dump(), message=message)
