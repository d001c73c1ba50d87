"""The metered routes, in OpenAI's and Anthropic's shapes, and the list of models."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.types import ASGIApp

from solaris.auth.caller import Caller
from solaris.gateway.asgi_route import add_asgi_route
from solaris.gateway.schemas import (
    CHAT_BODY,
    COMPLETIONS_BODY,
    COUNT_MESSAGES_BODY,
    COUNT_RESPONSES_BODY,
    EMBEDDINGS_BODY,
    MESSAGES_BODY,
    RESPONSES_BODY,
    CountedInput,
    ListedModel,
    ModelList,
)
from solaris.models.catalogue import Catalogue
from solaris.platform.http.errors import ErrorBody

_METERED_HEADERS = {
    "X-Solaris-Request-Id": "names the call, for its receipt",
    "X-Solaris-Tokens-Remaining": "allowance left + credits left − held; on a stream as it was when the stream began",
    "X-Solaris-Usage-Percent": "100 × used / (used + what is left)",
    "X-Solaris-State": (
        "normal, alert_80, alert_90 or blocked. Blocked: nothing is left, or a small rest (below 10,000 tokens, or a tenth of all) "
        "that did not cover the last call; never because calls in progress hold the tokens"
    ),
    "X-Solaris-Alert": (
        "80, 90 or 100: a threshold was crossed; shown once per threshold and period. A refusal that blocks the user raises 100 as "
        "well, shown by `GET /api/tokens/current`"
    ),
    "X-Solaris-Tokens-Charged": "what this call cost; not on streams, nor on answers of over 2 MB",
    "X-RateLimit-Limit-Requests": "calls a minute that the plan allows; also -Remaining- and -Reset-, and the same for -Tokens",
}
_METERED_DESCRIPTION = (
    "Tokens are set aside before the call and "
    "charged after it, exactly once. A stream's hold grows with its text; where the balance can't follow, the stream ends as one "
    "that reached its output limit. Other calls hold their output limit, but at most half of what is free beside the prompt; "
    "the limit is lowered where the hold does not cover it. "
    "With `Idempotency-Key` (1 to 200 visible ASCII characters) a call is made once: a repeat answers 409, while the "
    "call runs and after it was charged; answers are not stored. Without it, a new id is made and returned in "
    "`X-Solaris-Request-Id`. `user` is overwritten; fields that steer LiteLLM itself (`api_base`, `fallbacks` …) and "
    "other APIs' limits of the output are removed; everything else passes unchanged. Bodies may be packed with gzip or deflate."
)
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorBody, "description": "The body can't be used; `param` names the field, the message the cure"},
    401: {"model": ErrorBody, "description": "No key, or one that is not known or not valid any more"},
    413: {"model": ErrorBody, "description": "The body is longer than the limit, packed or unpacked"},
    402: {"model": ErrorBody, "description": "The tokens left, held ones included, do not cover the request"},
    404: {"model": ErrorBody, "description": "No such model"},
    408: {"model": ErrorBody, "description": "The body did not arrive within a minute"},
    415: {"model": ErrorBody, "description": "A `Content-Encoding` other than gzip or deflate"},
    409: {"model": ErrorBody, "description": "The Idempotency-Key was used before"},
    429: {
        "model": ErrorBody,
        "description": (
            "Ask again after `Retry-After` seconds. `rate_limit_exceeded`: more calls or tokens a minute than the plan allows. "
            "`tokens_held_by_calls_in_progress`: the tokens that the call needs are not spent, but held by the user's other calls, "
            "none of which ended within five seconds. `too_many_calls_in_progress`: as many of the user's calls as the plan "
            "admits are in progress"
        ),
    },
    502: {"model": ErrorBody, "description": "LiteLLM or the provider failed; nothing is charged"},
    503: {
        "model": ErrorBody,
        "description": "LiteLLM or the store is away, or too many calls at once; nothing is charged",
    },
    504: {"model": ErrorBody, "description": "LiteLLM did not answer in time; nothing is charged"},
}


@dataclass(frozen=True, slots=True)
class _Documentation:
    summary: str
    description: str
    body: dict[str, Any]
    response_description: str
    is_streamable: bool = True


_STREAMING = "streaming (`stream: true`, server-sent events) and not."
_METERED = {
    "/v1/chat/completions": _Documentation(
        "Chat completion, metered", f"As OpenAI's, {_STREAMING}", CHAT_BODY, "OpenAI's chat completion"
    ),
    "/v1/completions": _Documentation(
        "Text completion, metered",
        f"As OpenAI's, {_STREAMING} Each of several prompts is answered `n` times, and held and charged so; with a larger "
        "`best_of` the answers that are not shown are charged too.",
        COMPLETIONS_BODY,
        "OpenAI's text completion",
    ),
    "/v1/responses": _Documentation(
        "Response, metered",
        f"As OpenAI's, {_STREAMING} `background: true` is refused, and responses can't be fetched, cancelled or deleted "
        "later. With `previous_response_id` the hold covers 4,000 tokens of history; what the provider counts is charged.",
        RESPONSES_BODY,
        "OpenAI's response",
    ),
    "/v1/messages": _Documentation(
        "Message, metered",
        f"As Anthropic's, {_STREAMING} The key may stand in `x-api-key`. Tokens read from and written to the cache count as "
        "input. Errors have this API's shape, not Anthropic's; in a stream they come as Anthropic's event `error`.",
        MESSAGES_BODY,
        "Anthropic's message",
    ),
    "/v1/embeddings": _Documentation(
        "Embeddings, metered", "As OpenAI's; only the input is charged.", EMBEDDINGS_BODY, "OpenAI's embeddings", False
    ),
}


_COUNTED = {
    "/v1/messages/count_tokens": ("Anthropic's", COUNT_MESSAGES_BODY),
    "/v1/responses/input_tokens": ("OpenAI's", COUNT_RESPONSES_BODY),
}


def paths_of(route: str) -> tuple[str, str]:
    """Where a metered route is served: with `/v1` and without."""
    return route, route.removeprefix("/v1")


def routes(
    metered: Mapping[str, ASGIApp], counting: Mapping[str, ASGIApp], catalogue: Catalogue, caller: Caller
) -> APIRouter:
    """The gateway's routes, with `/v1` and without. `metered` and `counting` hold the endpoint of each such route."""
    router = APIRouter(tags=["gateway"])
    for route, doc in _METERED.items():
        for path in paths_of(route):
            add_asgi_route(
                router,
                path,
                metered[route],
                summary=doc.summary,
                description=f"{doc.description} {_METERED_DESCRIPTION}",
                responses={200: _success_response(doc), **_ERRORS},
                openapi_extra={"requestBody": doc.body},
            )

    for route, (whose, body) in _COUNTED.items():
        for path in paths_of(route):
            add_asgi_route(
                router,
                path,
                counting[route],
                summary="Count a prompt's tokens, free of charge",
                description=f"As {whose}: LiteLLM counts; where it or the provider can't, our tokenizer does. Nothing is charged; "
                "calls a minute are limited like every call's.",
                response_model=CountedInput,
                responses={status: _ERRORS[status] for status in (400, 401, 404, 408, 413, 415, 429, 503)},
                openapi_extra={"requestBody": body},
            )
    _add_models(router, catalogue, caller)
    return router


def _add_models(router: APIRouter, catalogue: Catalogue, caller: Caller) -> None:
    async def list_models() -> dict[str, Any]:
        listed = await catalogue.listing()
        ends = {"first_id": listed[0]["id"], "last_id": listed[-1]["id"]} if listed else {}
        return {"object": "list", "data": listed, "has_more": False, **ends}

    async def read_model(model: Annotated[str, Path(description="The name; it may hold slashes.")]) -> dict[str, Any]:
        return await catalogue.entry(model)

    for path in ("/v1/models", "/models"):
        router.add_api_route(
            path,
            list_models,
            methods=["GET"],
            summary="Models that may be called",
            description="What LiteLLM serves, without the models that are switched off, in OpenAI's shape and Anthropic's at once. "
            "Members of a pattern such as `openai/*` may be called also where the list does not show them.",
            response_model=ModelList,
            dependencies=[Depends(caller.any_credential)],
        )
        router.add_api_route(
            path + "/{model:path}",
            read_model,
            methods=["GET"],
            summary="One model that may be called",
            description="Its entry of the list; 404 `model_not_found` where it can't be called.",
            response_model=ListedModel,
            responses={404: _ERRORS[404]},
            dependencies=[Depends(caller.any_credential)],
        )


def _success_response(doc: _Documentation) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": {"type": "object", "additionalProperties": True}}}
    if doc.is_streamable:
        content["text/event-stream"] = {"schema": {"type": "string"}}
    return {
        "description": doc.response_description
        + (", or its chunks as server-sent events" if doc.is_streamable else ""),
        "headers": {
            name: {"description": text, "schema": {"type": "string"}} for name, text in _METERED_HEADERS.items()
        },
        "content": content,
    }
