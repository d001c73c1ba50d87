"""The metered endpoint, as plain ASGI: identify, limit, admit, forward, settle."""

import asyncio

from starlette.types import Receive, Scope, Send

from solaris.auth.caller import Caller
from solaris.domain.errors import SpendingRefused, TokensHeld, TooManyCalls
from solaris.gateway.admission import Admission, ParsedRequest, parse_request
from solaris.gateway.api.base import ApiShape
from solaris.gateway.errors import ModelUnknownUpstream, UpstreamRefused
from solaris.gateway.forward import Forwarder
from solaris.gateway.ratelimit.limiter import RateLimiter
from solaris.gateway.refusal_response import blocked_response, refusal_details
from solaris.gateway.refusals import Refusals
from solaris.gateway.request_json import is_quick, unpacked
from solaris.gateway.settlement.recorder import CallTimes
from solaris.models.errors import ModelNotFound
from solaris.platform.http.errors import error_body, error_response
from solaris.platform.http.request_context import REQUEST_CONTEXT, RequestContext
from solaris.platform.http.request_headers import CallRequest, RequestHeaders, headers_of


class MeteredEndpoint:
    """One metered route. Domain errors are left to the application's error handlers."""

    def __init__(
        self,
        api: ApiShape,
        caller: Caller,
        limiter: RateLimiter,
        admission: Admission,
        forwarder: Forwarder,
        refusals: Refusals,
    ) -> None:
        self._api = api
        self._caller = caller
        self._limiter = limiter
        self._admission = admission
        self._forwarder = forwarder
        self._refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        times = CallTimes()
        headers = headers_of(scope)
        context: RequestContext = scope["state"][REQUEST_CONTEXT]
        principal = await self._caller.user(CallRequest(scope))
        # Sent now, so that Redis replies while the body is read and parsed.
        decision = self._limiter.start(principal)
        parsed = await read_request(context, headers)
        try:
            await self._limiter.admit(principal, decision, scope["state"])
            call = await self._admission.admit(self._api, parsed, principal, headers, context)
        except SpendingRefused as refusal:
            self._refusals.record(principal.user_id, refusal)
            scope["state"]["log_details"] = refusal_details(refusal, parsed.body.get("model"))
            response = blocked_response(refusal, principal.block_style, self._api, parsed.body)
            await response(scope, receive, send)
            return
        except (TokensHeld, TooManyCalls) as refusal:
            self._refusals.record(principal.user_id, refusal)
            raise
        try:
            await self._forwarder.run(call, headers.table, times, context)
        except UpstreamRefused as refusal:
            body = error_body(refusal.message, "invalid_request_error", refusal.code, refusal.param)
            await error_response(refusal.status, body)(scope, receive, send)
        except ModelUnknownUpstream as refusal:
            if call.model.pattern is None:
                raise
            # LiteLLM's configuration contains only the pattern: the name is the caller's.
            raise ModelNotFound(
                f"O modelo '{call.model.name[:100]}' não existe no provedor. Confira o campo 'model'."
            ) from refusal


async def read_request(context: RequestContext, headers: RequestHeaders) -> ParsedRequest:
    """Read, unpack and parse the request's body.

    Raises as `RequestContext.whole_body`, `unpacked` and `parse_request`.
    """
    raw = await context.whole_body()
    encoding = headers.table.get(b"content-encoding")
    if encoding is not None:
        raw = await unpacked(raw, encoding.decode("latin-1"), context.body_limit_bytes, context.too_large_message())
    if is_quick(raw):
        return parse_request(raw, headers)
    # For the fingerprint and for Python's parser: orjson blocks the event loop also in a thread
    # (decision 0102).
    return await asyncio.to_thread(parse_request, raw, headers)
