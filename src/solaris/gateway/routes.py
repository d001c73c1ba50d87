"""The metered routes, in OpenAI's and Anthropic's shapes, and the list of models."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from solaris.auth.caller import Caller
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
    "X-Solaris-Request-Id": "the id of the call, which its receipt also shows",
    "X-Solaris-Tokens-Remaining": "allowance left + credits left − held; on a stream, the value when the stream began",
    "X-Solaris-Usage-Percent": "100 × used / (used + what is left)",
    "X-Solaris-State": (
        "normal, alert_80, alert_90 or blocked. Blocked: no tokens are left, or so few (below 10,000, or a "
        "tenth of all) that they did not cover the last call. Tokens held by calls in progress never block"
    ),
    "X-Solaris-Alert": (
        "80, 90 or 100: a threshold was crossed; sent once per threshold and period. A refusal that blocks "
        "the user also raises 100, shown by `GET /api/tokens/current`"
    ),
    "X-Solaris-Tokens-Charged": "tokens charged for this call; absent on streams and on responses of over 2 MB",
    "X-RateLimit-Limit-Requests": "calls per minute that the plan allows; also -Remaining- and -Reset-, and the same for -Tokens",
}
_METERED_DESCRIPTION = (
    "Tokens are held before the call and charged after it, exactly once. The hold of a stream grows with "
    "its text; if the balance does not cover more, the stream ends as one that reached its output limit. "
    "Other calls hold their output limit, but at most half of the free tokens beside the prompt; the limit "
    "is lowered to what the hold covers. With `Idempotency-Key` (1 to 200 visible ASCII characters) a call "
    "is made once: a repeat returns 409, while the call runs and after it was charged; responses are not "
    "stored. Without it, a new id is made and returned in `X-Solaris-Request-Id`. `user` is overwritten; "
    "fields that control LiteLLM itself (`api_base`, `fallbacks` …) and output limits of other APIs are "
    "removed; other fields are forwarded unchanged. Bodies may be compressed with gzip or deflate."
)
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {
        "model": ErrorBody,
        "description": "The body is invalid; `param` names the field, and the message how to correct it",
    },
    401: {"model": ErrorBody, "description": "No key, or one that is unknown or no longer valid"},
    413: {"model": ErrorBody, "description": "The body exceeds the limit, compressed or not"},
    402: {"model": ErrorBody, "description": "The tokens left, held ones included, do not cover the request"},
    404: {"model": ErrorBody, "description": "No such model"},
    408: {"model": ErrorBody, "description": "The body did not arrive within a minute"},
    415: {"model": ErrorBody, "description": "A `Content-Encoding` other than gzip or deflate"},
    409: {"model": ErrorBody, "description": "The Idempotency-Key was used before"},
    429: {
        "model": ErrorBody,
        "description": (
            "Retry after `Retry-After` seconds. `rate_limit_exceeded`: more calls or tokens per minute than the plan "
            "allows. "
            "`tokens_held_by_calls_in_progress`: the tokens that the call needs are held by the user's other "
            "calls, none of which ended within five seconds. `too_many_calls_in_progress`: the user's calls in "
            "progress reach the plan's limit"
        ),
    },
    502: {"model": ErrorBody, "description": "LiteLLM or the provider failed; nothing is charged"},
    503: {
        "model": ErrorBody,
        "description": "LiteLLM or the database is unreachable, or too many calls at once; nothing is charged",
    },
    504: {"model": ErrorBody, "description": "LiteLLM did not respond in time; nothing is charged"},
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
        f"As OpenAI's, {_STREAMING} Each of several prompts gets `n` completions, all held and charged; with a "
        "larger `best_of`, the completions that are not returned are charged too.",
        COMPLETIONS_BODY,
        "OpenAI's text completion",
    ),
    "/v1/responses": _Documentation(
        "Response, metered",
        f"As OpenAI's, {_STREAMING} `background: true` is refused, and responses can't be fetched, cancelled or "
        "deleted later. With `previous_response_id` the hold covers 4,000 tokens of history; the charge follows "
        "the provider's count.",
        RESPONSES_BODY,
        "OpenAI's response",
    ),
    "/v1/messages": _Documentation(
        "Message, metered",
        f"As Anthropic's, {_STREAMING} The key may be sent in `x-api-key`. Tokens read from and written to the "
        "cache count as input. Errors have the shape of this API, not Anthropic's; in a stream they are "
        "Anthropic's event `error`.",
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


class AsgiRoute(APIRoute):
    """A route that calls its endpoint's ASGI application without FastAPI's dependency handling."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application; other methods get FastAPI's 405."""
        if scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        application: ASGIApp = self.endpoint.application  # type: ignore[attr-defined]  # set by `_as_endpoint`
        await application(scope, receive, send)


def paths_of(route: str) -> tuple[str, str]:
    """Paths of a metered route: with `/v1` and without."""
    return route, route.removeprefix("/v1")


def routes(
    metered: Mapping[str, ASGIApp], counting: Mapping[str, ASGIApp], catalogue: Catalogue, caller: Caller
) -> APIRouter:
    """The gateway's routes, with `/v1` and without.

    `metered` and `counting` map each route to its endpoint.
    """
    router = APIRouter(tags=["gateway"])
    for route, doc in _METERED.items():
        for path in paths_of(route):
            _add_asgi_route(
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
            _add_asgi_route(
                router,
                path,
                counting[route],
                summary="Count a prompt's tokens, free of charge",
                description=f"As {whose}: LiteLLM counts; if it or the provider can't, our tokenizer does. Nothing is "
                "charged; the calls count for the plan's limit per minute.",
                response_model=CountedInput,
                responses={status: _ERRORS[status] for status in (400, 401, 404, 408, 413, 415, 429, 503)},
                openapi_extra={"requestBody": body},
            )
    _add_models(router, catalogue, caller)
    return router


def _add_asgi_route(router: APIRouter, path: str, application: ASGIApp, **documentation: Any) -> None:
    """Serve POST `path` with `application`; `documentation` are arguments of `add_api_route`."""
    endpoint = _as_endpoint(application)
    router.add_api_route(path, endpoint, methods=["POST"], route_class_override=AsgiRoute, **documentation)


def _as_endpoint(application: ASGIApp) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        raise AssertionError("an AsgiRoute calls its application instead")

    endpoint.application = application  # type: ignore[attr-defined]  # read by AsgiRoute
    return endpoint


def _add_models(router: APIRouter, catalogue: Catalogue, caller: Caller) -> None:
    async def list_models() -> dict[str, Any]:
        listed = await catalogue.listing()
        ends = {"first_id": listed[0]["id"], "last_id": listed[-1]["id"]} if listed else {}
        return {"object": "list", "data": listed, "has_more": False, **ends}

    async def read_model(
        model: Annotated[str, Path(description="The name; it may contain slashes.")],
    ) -> dict[str, Any]:
        return await catalogue.entry(model)

    for path in ("/v1/models", "/models"):
        router.add_api_route(
            path,
            list_models,
            methods=["GET"],
            summary="Models that may be called",
            description="The models that LiteLLM serves, except disabled ones, with OpenAI's fields and Anthropic's. "
            "Models matched by a pattern such as `openai/*` may be called even if the list does not show them.",
            response_model=ModelList,
            dependencies=[Depends(caller.any_credential)],
        )
        router.add_api_route(
            path + "/{model:path}",
            read_model,
            methods=["GET"],
            summary="One model that may be called",
            description="The model's entry in the list; 404 `model_not_found` if it can't be called.",
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
