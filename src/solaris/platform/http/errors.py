"""HTTP errors: the only module that maps domain errors to status codes (SPEC 6)."""

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import BaseModel
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from solaris.domain import errors as conditions
from solaris.domain.wallet import UserState
from solaris.platform.tracing import current_trace_id


class ErrorDetail(BaseModel):
    """What went wrong."""

    message: str
    type: str
    code: str
    param: str | None = None
    trace_id: str | None = None


class ErrorBody(BaseModel):
    """The body of every error response, on every port and for every status."""

    error: ErrorDetail


# Subclasses first: the first match decides.
_STATUSES: tuple[tuple[type[conditions.SolarisError], int, str], ...] = (
    (conditions.UnsupportedEncoding, 415, "invalid_request_error"),
    (conditions.InvalidInput, 400, "invalid_request_error"),
    (conditions.NotAuthenticated, 401, "authentication_error"),
    (conditions.InsufficientTokens, 402, "quota_exceeded"),
    (conditions.UserSuspended, 403, "permission_error"),
    (conditions.Forbidden, 403, "permission_error"),
    (conditions.NotFound, 404, "not_found_error"),
    (conditions.Conflict, 409, "conflict_error"),
    (conditions.BodyTooSlow, 408, "invalid_request_error"),
    (conditions.PayloadTooLarge, 413, "invalid_request_error"),
    (conditions.AccountLocked, 429, "rate_limit_error"),
    (conditions.RateLimited, 429, "rate_limit_error"),
    (conditions.ModelServiceTimeout, 504, "upstream_error"),
    (conditions.ModelServiceFailed, 502, "upstream_error"),
    (conditions.ModelServiceUnavailable, 503, "upstream_error"),
    (conditions.Unavailable, 503, "service_unavailable"),
)
_RETRY_AFTER_SECONDS = 5
_ANTHROPIC_PATHS = "/v1/messages"

MESSAGES_BY_STATUS = {
    400: (
        "invalid_request_error",
        "invalid_input",
        "A requisição não pôde ser entendida. Confira o formato e tente de novo.",
    ),
    401: ("authentication_error", "not_authenticated", "Entre na sua conta ou envie uma chave válida para continuar."),
    403: ("permission_error", "forbidden", "Você não tem permissão para esta ação."),
    404: (
        "not_found_error",
        "not_found",
        "Este endereço não existe. Confira o caminho; a lista completa está em /docs.",
    ),
    405: ("invalid_request_error", "method_not_allowed", "Este endereço não aceita este método HTTP. Veja /docs."),
    413: ("invalid_request_error", "payload_too_large", "O conteúdo enviado é grande demais."),
    422: ("invalid_request_error", "validation_error", "Há um valor inválido na requisição."),
    500: (
        "server_error",
        "internal_error",
        "Ocorreu um erro interno. Tente novamente; se persistir, informe o código de rastreio.",
    ),
}


def status_of(error: conditions.SolarisError) -> tuple[int, str]:
    """Return HTTP status and error type of a domain error; 500 for an unmapped one."""
    for condition, status, kind in _STATUSES:
        if isinstance(error, condition):
            return status, kind
    return 500, "server_error"


def error_body(message: str, kind: str, code: str, param: str | None = None) -> dict[str, Any]:
    """Return the error shape of SPEC 6 with the current trace id.

    Non-printable characters of the message, which may quote the caller's input, become `?`.
    """
    shown = message if message.isprintable() else "".join(sign if sign.isprintable() else "?" for sign in message)
    return {"error": {"message": shown, "type": kind, "code": code, "param": param, "trace_id": current_trace_id.get()}}


class ErrorResponse(Response):
    """A JSON error response. Under /v1/messages it has `"type": "error"` beside `error`.

    Anthropic's API sends that field (https://docs.anthropic.com/en/api/errors); clients that check
    for it show only the status without it.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response (ASGI)."""
        if scope["path"].startswith(_ANTHROPIC_PATHS):
            self.body = b'{"type":"error",' + bytes(self.body)[1:]
            self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def error_response(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON error response with `body`."""
    return ErrorResponse(orjson.dumps(body), status, headers=dict(headers or {}), media_type="application/json")


def render_status(status: int) -> Response:
    """Return the response for a status that the framework chose (404, 405 …)."""
    fallback = 500 if status >= 500 else 400
    kind, code, message = MESSAGES_BY_STATUS.get(status, MESSAGES_BY_STATUS[fallback])
    return error_response(status, error_body(message, kind, code))


def refused_balance_headers(refusal: conditions.SpendingRefused) -> dict[str, str]:
    """Return the balance headers of a refused call, for which nothing was held (SPEC 6)."""
    if not isinstance(refusal, conditions.InsufficientTokens):
        return {"X-Solaris-State": UserState.SUSPENDED.value}
    return {
        "X-Solaris-State": refusal.state.value,
        "X-Solaris-Tokens-Remaining": str(refusal.tokens_remaining),
        "X-Solaris-Usage-Percent": f"{refusal.usage_percent:.2f}",
    }


def render_condition(error: conditions.SolarisError) -> Response:
    """Return the response for a domain error, with the headers that control client retries."""
    status, kind = status_of(error)
    if status == 500:
        return render_status(500)
    headers: dict[str, str] = {}
    match error:
        case conditions.AccountLocked() | conditions.RateLimited():
            headers["Retry-After"] = str(error.retry_after_seconds)
        case conditions.InsufficientTokens():
            headers["x-should-retry"] = "false"
            headers.update(refused_balance_headers(error))
        case conditions.UserSuspended():
            headers.update(refused_balance_headers(error))
        case conditions.NotAuthenticated():
            headers["WWW-Authenticate"] = "Bearer"
        case conditions.BodyTooSlow():
            headers["Connection"] = "close"
        case conditions.Unavailable():
            headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
        case _:
            pass
    return error_response(status, error_body(error.message, kind, error.code, error.param), headers)
