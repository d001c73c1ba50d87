"""Response to a call that is refused for lack of tokens (SPEC 6).

402 or 403, or the notice as an assistant's message.
"""

import orjson
from starlette.responses import Response

from solaris.auth.principal import BlockStyle
from solaris.domain.errors import InsufficientTokens, SpendingRefused
from solaris.gateway.api.base import ApiShape, Json
from solaris.platform.http.errors import refused_balance_headers, render_condition

_MAX_MODEL_CHARACTERS = 200


def blocked_response(refusal: SpendingRefused, style: BlockStyle, api: ApiShape, body: Json) -> Response:
    """Response to a call that the balance does not cover; it costs nothing."""
    assistant_response = _as_assistant(refusal.message, api, body) if style is BlockStyle.ASSISTANT_MESSAGE else None
    if assistant_response is not None:
        assistant_response.headers.update(refused_balance_headers(refusal))
        return assistant_response
    response = render_condition(refusal)
    # OpenAI clients retry some statuses; a retry of this one would fail again.
    response.headers["x-should-retry"] = "false"
    return response


def refusal_details(refusal: SpendingRefused, model: object) -> dict[str, object]:
    """Log fields of a refusal, besides the user."""
    details: dict[str, object] = {"code": refusal.code, "model": str(model)[:_MAX_MODEL_CHARACTERS]}
    if isinstance(refusal, InsufficientTokens):
        details["tokens_remaining"] = refusal.tokens_remaining
    return details


def _as_assistant(message: str, api: ApiShape, body: Json) -> Response | None:
    """Return the notice as a model's response; None for APIs whose responses have no text."""
    model = str(body.get("model"))
    if body.get("stream") is not True:
        notice = api.notice(model, message)
        return None if notice is None else Response(orjson.dumps(notice), media_type="application/json")
    options = body.get("stream_options")
    with_usage = isinstance(options, dict) and options.get("include_usage") is True
    events = api.notice_stream(model, message, with_usage=with_usage)
    if events is None:
        return None
    return Response(
        events,
        headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"},
    )
