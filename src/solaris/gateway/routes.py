"""The OpenAI-compatible routes."""

from typing import Any

from fastapi import APIRouter, Depends
from starlette.types import ASGIApp

from solaris.accounts.caller import Caller
from solaris.gateway.bodies import CHAT_BODY, ModelList
from solaris.gateway.documented import add_plain_route
from solaris.gateway.models import Catalogue
from solaris.platform.errors import ErrorBody

CHAT_PATHS = ("/v1/chat/completions", "/chat/completions")
_METERED_HEADERS = {
    "X-Solaris-Request-Id": "names the call, for its receipt",
    "X-Solaris-Tokens-Remaining": "allowance left + credits left − held; on a stream as it was when the stream began",
    "X-Solaris-Usage-Percent": "100 × used / (used + what is left)",
    "X-Solaris-State": "normal, alert_80, alert_90 or blocked",
    "X-Solaris-Alert": "80, 90 or 100: a threshold was crossed; told once per threshold and period",
    "X-Solaris-Tokens-Charged": "what this call cost; not on streams",
}
_CHAT_DESCRIPTION = (
    "As OpenAI's, streaming (`stream: true`, server-sent events) and not. Tokens are set aside before the call and "
    "charged after it, exactly once. The output limit is lowered where the remaining tokens do not cover it. "
    "With `Idempotency-Key` (1 to 200 visible ASCII characters) a call is made once: a repeat answers 409, while the "
    "call runs and after it was charged; answers are not stored. Without it, a new id is made and returned in "
    "`X-Solaris-Request-Id`. `user` is overwritten; fields that steer LiteLLM itself (`api_base`, `fallbacks` …) are "
    "removed; everything else passes unchanged."
)
_ERRORS: dict[int | str, dict[str, Any]] = {
    402: {"model": ErrorBody, "description": "Blocked: the remaining tokens do not cover the request"},
    404: {"model": ErrorBody, "description": "No such model"},
    409: {"model": ErrorBody, "description": "The Idempotency-Key was used before"},
    502: {"model": ErrorBody, "description": "LiteLLM or the provider failed; nothing is charged"},
    503: {"model": ErrorBody, "description": "LiteLLM or the store is away; nothing is charged"},
    504: {"model": ErrorBody, "description": "LiteLLM did not answer in time; nothing is charged"},
}


def routes(chat: ASGIApp, catalogue: Catalogue, caller: Caller) -> APIRouter:
    """The gateway's routes, with `/v1` and without. `chat` is the metered endpoint of chat completions."""
    router = APIRouter(tags=["gateway"])
    for path in CHAT_PATHS:
        add_plain_route(
            router,
            path,
            chat,
            summary="Chat completion, metered",
            description=_CHAT_DESCRIPTION,
            responses={200: _answer(), **_ERRORS},
            openapi_extra={"requestBody": CHAT_BODY},
        )

    async def list_models() -> dict[str, Any]:
        return {"object": "list", "data": await catalogue.listing()}

    for path in ("/v1/models", "/models"):
        router.add_api_route(
            path,
            list_models,
            methods=["GET"],
            summary="Models that may be called",
            description="OpenAI's list: what LiteLLM serves, without the models that are switched off.",
            response_model=ModelList,
            dependencies=[Depends(caller.any_credential)],
        )
    return router


def _answer() -> dict[str, Any]:
    return {
        "description": "OpenAI's chat completion, or its chunks as server-sent events",
        "headers": {
            name: {"description": text, "schema": {"type": "string"}} for name, text in _METERED_HEADERS.items()
        },
        "content": {
            "application/json": {"schema": {"type": "object", "additionalProperties": True}},
            "text/event-stream": {"schema": {"type": "string"}},
        },
    }
