"""Counts a prompt's tokens without calling a model; free of charge, and rate limited.

POST /v1/messages/count_tokens  https://docs.anthropic.com/en/api/messages-count-tokens
POST /v1/responses/input_tokens
    https://platform.openai.com/docs/api-reference/responses/input-tokens
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import orjson
from starlette.types import Receive, Scope, Send

from solaris.auth.caller import Caller
from solaris.domain.errors import ModelServiceUnavailable, SpendingRefused, UserSuspended
from solaris.domain.notices import SUSPENDED_MESSAGE
from solaris.gateway.admission import ParsedRequest
from solaris.gateway.api.base import ApiShape, Json
from solaris.gateway.api.fields import check_messages, encoded
from solaris.gateway.api.litellm_params import BodyCleaner
from solaris.gateway.api.usage import count_of
from solaris.gateway.endpoint import read_request
from solaris.gateway.errors import UpstreamRefused
from solaris.gateway.estimate.estimate import count_prompt, provider_tokens
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.gateway.ratelimit.limiter import RateLimiter
from solaris.gateway.response_headers import request_headers
from solaris.gateway.upstream import Upstream
from solaris.models.catalogue import Catalogue
from solaris.platform.http.errors import error_body, error_response, render_condition
from solaris.platform.http.request_context import REQUEST_CONTEXT, RequestContext
from solaris.platform.http.request_headers import CallRequest, headers_of

_MAX_COUNT_BYTES = 65_536
_JSON = (b"content-type", b"application/json")
# These routes do not accept these fields; without output there is nothing to limit or stream.
_LEFT_OUT = (
    "user", "metadata", "safety_identifier", "stream", "stream_options", "max_tokens", "max_output_tokens",
    "max_completion_tokens", "n", "best_of", "background", "store",
)  # fmt: skip


class CountShape(NamedTuple):
    """One of the two routes: its API, its check, and its response for a count."""

    route: str
    api: ApiShape
    check: Callable[[Json], None]
    response: Callable[[int], Json]


class CountDependencies(NamedTuple):
    """Parts of the gateway that counting uses."""

    caller: Caller
    limiter: RateLimiter
    catalogue: Catalogue
    tokenizer: Tokenizer
    upstream: Upstream
    cleaner: BodyCleaner


class CountingEndpoint:
    """Forwards the request to LiteLLM; if that can't count, estimates as for a hold."""

    def __init__(self, shape: CountShape, dependencies: CountDependencies) -> None:
        self._shape = shape
        self._dependencies = dependencies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI application. Domain errors are left to the request middleware."""
        dependencies = self._dependencies
        headers = headers_of(scope)
        context: RequestContext = scope["state"][REQUEST_CONTEXT]
        principal = await dependencies.caller.user(CallRequest(scope))
        if not principal.active:
            raise UserSuspended(SUSPENDED_MESSAGE)
        decision = dependencies.limiter.start(principal)
        parsed = await read_request(context, headers)
        try:
            await dependencies.limiter.admit(principal, decision, scope["state"])
        except SpendingRefused as refusal:
            await render_condition(refusal)(scope, receive, send)
            return
        try:
            counted = await self._count(parsed, headers.table, context)
        except UpstreamRefused as refusal:
            body = error_body(refusal.message, "invalid_request_error", refusal.code, refusal.param)
            await error_response(refusal.status, body)(scope, receive, send)
            return
        await context.answer([_JSON, *request_headers(parsed.request_id)], orjson.dumps(self._shape.response(counted)))

    async def _count(self, parsed: ParsedRequest, caller_headers: Mapping[bytes, bytes], client: RequestContext) -> int:
        shape, body = self._shape, parsed.body
        shape.check(body)
        model = await self._dependencies.catalogue.find(parsed.model_name)
        self._dependencies.cleaner.clean(body, shape.api.limit_fields, supports_thinking=shape.api.supports_thinking)
        for field in _LEFT_OUT:
            body.pop(field, None)
        counted = await self._counted_upstream(encoded(body), caller_headers)
        if counted:
            return counted
        return provider_tokens(await count_prompt(client, shape.api, body, model, self._dependencies.tokenizer), model)

    async def _counted_upstream(self, payload: bytes, caller_headers: Mapping[bytes, bytes]) -> int | None:
        """LiteLLM's count; None if it returned no usable one."""
        try:
            response = await self._dependencies.upstream.call(self._shape.route, payload, caller_headers, _ignore_sent)
            try:
                whole, _ = await response.start(_MAX_COUNT_BYTES)
                body = orjson.loads(whole)
            finally:
                response.end()
        except (ModelServiceUnavailable, orjson.JSONDecodeError):
            return None
        return count_of(body.get("input_tokens")) if isinstance(body, dict) else None


def _ignore_sent() -> None:
    """Ignores that the request was sent: nothing is charged."""


def count_shapes(messages: ApiShape, responses: ApiShape) -> tuple[CountShape, CountShape]:
    """Return Anthropic's and OpenAI's route.

    Anthropic's requires no `max_tokens`, unlike its messages.
    """
    return (
        CountShape(f"{messages.route}/count_tokens", messages, check_messages, lambda tokens: {"input_tokens": tokens}),
        CountShape(
            f"{responses.route}/input_tokens",
            responses,
            responses.check,
            lambda tokens: {"object": "response.input_tokens", "input_tokens": tokens},
        ),
    )
