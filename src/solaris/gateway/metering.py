"""The metered endpoint: identify, limit, admit, forward, settle; plain ASGI, so that nothing stands before the model."""

import asyncio

from starlette.types import Receive, Scope, Send

from solaris.accounts.caller import Caller
from solaris.domain.errors import SpendingRefused, TokensHeld, TooManyCalls
from solaris.gateway.admission import Admission, Question, read_question
from solaris.gateway.blocked import blocked_response, refusal_details
from solaris.gateway.bookkeeping import CallTimes
from solaris.gateway.dialect import Dialect
from solaris.gateway.errors import ModelNotFound, ModelUnknownUpstream, UpstreamRefused
from solaris.gateway.rate_limit import RateLimiter
from solaris.gateway.refusals import Refusals
from solaris.gateway.relay import Relay
from solaris.gateway.request_json import is_quick, unpacked
from solaris.platform.errors import error_body, error_response
from solaris.platform.exchange import EXCHANGE, Exchange
from solaris.platform.request_headers import CallRequest, RequestHeaders, headers_of


class MeteredEndpoint:
    """One metered route. Conditions of the domain are left to the application's error handlers."""

    def __init__(
        self,
        dialect: Dialect,
        caller: Caller,
        limiter: RateLimiter,
        admission: Admission,
        relay: Relay,
        refusals: Refusals,
    ) -> None:
        self._dialect = dialect
        self._caller = caller
        self._limiter = limiter
        self._admission = admission
        self._relay = relay
        self._refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        times = CallTimes()
        headers = headers_of(scope)
        exchange: Exchange = scope["state"][EXCHANGE]
        principal = await self._caller.user(CallRequest(scope))
        # The question to Redis leaves now, and is answered while the body is read and parsed.
        check = self._limiter.start(principal)
        question = await received_question(exchange, headers)
        try:
            await self._limiter.admit(principal, check, scope["state"])
            call = await self._admission.admit(self._dialect, question, principal, headers, exchange)
        except SpendingRefused as refusal:
            self._refusals.refused(principal.user_id, refusal)
            scope["state"]["log_details"] = refusal_details(refusal, question.body.get("model"))
            response = blocked_response(refusal, principal.block_style, self._dialect, question.body)
            await response(scope, receive, send)
            return
        except (TokensHeld, TooManyCalls) as refusal:
            self._refusals.refused(principal.user_id, refusal)
            raise
        try:
            await self._relay.run(call, headers.table, times, exchange)
        except UpstreamRefused as refusal:
            body = error_body(refusal.message, "invalid_request_error", refusal.code, refusal.param)
            await error_response(refusal.status, body)(scope, receive, send)
        except ModelUnknownUpstream as refusal:
            if call.model.pattern is None:
                raise
            # LiteLLM's configuration names the pattern alone: the name is the caller's own.
            raise ModelNotFound(
                f"O modelo '{call.model.name[:100]}' não existe no provedor. Confira o campo 'model'."
            ) from refusal


async def received_question(exchange: Exchange, headers: RequestHeaders) -> Question:
    """The request's body, unpacked and parsed. Raises as `Exchange.whole_body`, `unpacked` and `read_question`."""
    raw = await exchange.whole_body()
    encoding = headers.get("content-encoding")
    if encoding is not None:
        raw = await unpacked(raw, encoding, exchange.body_limit_bytes, exchange.too_large_message())
    if is_quick(raw):
        return read_question(raw, headers)
    # For the fingerprint and for Python's own parser: while orjson parses, the event loop waits all the same (decision 0102).
    return await asyncio.to_thread(read_question, raw, headers)
