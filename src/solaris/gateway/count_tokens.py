"""Counting a prompt's tokens without asking a model: free of charge, and limited like every call.

POST /v1/messages/count_tokens      https://docs.anthropic.com/en/api/messages-count-tokens
POST /v1/responses/input_tokens     https://platform.openai.com/docs/api-reference/responses/input-tokens
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import orjson
from starlette.types import Receive, Scope, Send

from solaris.auth.caller import Caller
from solaris.domain.errors import ModelServiceUnavailable, SpendingRefused, UserSuspended
from solaris.domain.notices import SUSPENDED_MESSAGE
from solaris.gateway.admission import Question
from solaris.gateway.api.base import ApiShape, Json
from solaris.gateway.api.fields import check_messages, encoded
from solaris.gateway.api.litellm_params import BodyCleaner
from solaris.gateway.api.usage import count_of
from solaris.gateway.endpoint import received_question
from solaris.gateway.errors import UpstreamRefused
from solaris.gateway.estimate.estimate import counted_for, provider_tokens
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
# No identity is needed to count, and these APIs know no such fields; nothing is answered, so nothing is limited or streamed.
_LEFT_OUT = (
    "user", "metadata", "safety_identifier", "stream", "stream_options", "max_tokens", "max_output_tokens",
    "max_completion_tokens", "n", "best_of", "background", "store",
)  # fmt: skip


class CountShape(NamedTuple):
    """One of the two routes: whose prompt is counted, and how the count is written."""

    route: str
    api: ApiShape
    check: Callable[[Json], None]
    answer: Callable[[int], Json]


class CountParts(NamedTuple):
    """What counting needs of the gateway."""

    caller: Caller
    limiter: RateLimiter
    catalogue: Catalogue
    tokenizer: Tokenizer
    upstream: Upstream
    cleaner: BodyCleaner


class CountingEndpoint:
    """Passes the question to LiteLLM; where it or the provider can't count, counts as the hold of a call is estimated."""

    def __init__(self, shape: CountShape, parts: CountParts) -> None:
        self._shape = shape
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI application. Conditions of the domain are left to the request frame."""
        parts = self._parts
        headers = headers_of(scope)
        context: RequestContext = scope["state"][REQUEST_CONTEXT]
        principal = await parts.caller.user(CallRequest(scope))
        if not principal.active:
            raise UserSuspended(SUSPENDED_MESSAGE)
        check = parts.limiter.start(principal)
        question = await received_question(context, headers)
        try:
            await parts.limiter.admit(principal, check, scope["state"])
        except SpendingRefused as refusal:
            await render_condition(refusal)(scope, receive, send)
            return
        try:
            counted = await self._count(question, headers.table, context)
        except UpstreamRefused as refusal:
            body = error_body(refusal.message, "invalid_request_error", refusal.code, refusal.param)
            await error_response(refusal.status, body)(scope, receive, send)
            return
        await context.answer([_JSON, *request_headers(question.request_id)], orjson.dumps(self._shape.answer(counted)))

    async def _count(self, question: Question, caller_headers: Mapping[bytes, bytes], client: RequestContext) -> int:
        shape, body = self._shape, question.body
        shape.check(body)
        model = await self._parts.catalogue.find(question.model_name)
        self._parts.cleaner.clean(body, shape.api.own_limits, thinks=shape.api.thinks)
        for field in _LEFT_OUT:
            body.pop(field, None)
        counted = await self._counted_upstream(encoded(body), caller_headers)
        if counted:
            return counted
        return provider_tokens(await counted_for(client, shape.api, body, model, self._parts.tokenizer), model)

    async def _counted_upstream(self, payload: bytes, caller_headers: Mapping[bytes, bytes]) -> int | None:
        """LiteLLM's count; None where it has none that can be believed."""
        try:
            answer = await self._parts.upstream.call(self._shape.route, payload, caller_headers, _nothing)
            try:
                whole, _ = await answer.start(_MAX_COUNT_BYTES)
                answered = orjson.loads(whole)
            finally:
                answer.end()
        except (ModelServiceUnavailable, orjson.JSONDecodeError):
            return None
        return count_of(answered.get("input_tokens")) if isinstance(answered, dict) else None


def _nothing() -> None:
    """Nothing is charged, so nothing begins when the question leaves."""


def count_shapes(messages: ApiShape, responses: ApiShape) -> tuple[CountShape, CountShape]:
    """Anthropic's route and OpenAI's. Anthropic's takes no `max_tokens`, which its messages must have."""
    return (
        CountShape(f"{messages.route}/count_tokens", messages, check_messages, lambda tokens: {"input_tokens": tokens}),
        CountShape(
            f"{responses.route}/input_tokens",
            responses,
            responses.check,
            lambda tokens: {"object": "response.input_tokens", "input_tokens": tokens},
        ),
    )
