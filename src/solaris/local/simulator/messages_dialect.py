"""Anthropic's messages. Its input count leaves cached tokens out; they stand beside it."""

from collections.abc import Iterator

import orjson

from solaris.local.simulator.answers import Words, pieces, plain_text
from solaris.local.simulator.plan import (
    Dialect,
    Json,
    Plan,
    Question,
    WrongRequest,
    message_list,
    optional_count,
    required_text,
)
from solaris.local.simulator.tools import chosen_tool


def _named_event(kind: str, **values: object) -> bytes:
    return f"event: {kind}\ndata: ".encode() + orjson.dumps({"type": kind, **values}) + b"\n\n"


def _error(status: int, message: str, _param: str | None) -> Json:
    kinds = {401: "authentication_error", 404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error"}
    kind = kinds.get(status, "api_error" if status >= 500 else "invalid_request_error")
    return {"type": "error", "error": {"type": kind, "message": message}}


def _read(body: Json, words: Words) -> Question:
    messages = message_list(body)
    asked = [plain_text(message.get("content")) for message in messages if message.get("role") == "user"]
    text = asked[-1] if asked else ""
    limit = optional_count(body, "max_tokens")
    if limit is None:
        raise WrongRequest("max_tokens: Field required", "max_tokens")
    return Question(
        model=required_text(body, "model"),
        text=text,
        input_tokens=words.messages_tokens(messages, body.get("tools")) + words.content_tokens(body.get("system")),
        limit_tokens=limit,
        tool_call=chosen_tool(body, text, already_called=_holds_result(messages[-1])),
        is_streamed=body.get("stream") is True,
    )


def _holds_result(message: Json) -> bool:
    content = message.get("content")
    return isinstance(content, list) and any(
        isinstance(part, dict) and part.get("type") == "tool_result" for part in content
    )


def _usage(plan: Plan) -> Json:
    return {
        "input_tokens": plan.usage.input_tokens - plan.usage.cached_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": plan.usage.cached_tokens,
        "output_tokens": plan.usage.output_tokens,
    }


def _block(plan: Plan, *, is_done: bool) -> Json:
    if plan.tool_call is None:
        return {"type": "text", "text": plan.text if is_done else ""}
    arguments = orjson.loads(plan.tool_call.arguments) if is_done else {}
    return {"type": "tool_use", "id": f"toolu_{plan.id}", "name": plan.tool_call.name, "input": arguments}


def _stop_reason(plan: Plan) -> str:
    if plan.tool_call is not None:
        return "tool_use"
    return "max_tokens" if plan.was_cut else "end_turn"


def _message(plan: Plan, *, is_done: bool) -> Json:
    message: Json = {
        "id": f"msg_{plan.id}", "type": "message", "role": "assistant", "model": plan.model,
        "content": [_block(plan, is_done=True)] if is_done else [],
        "stop_reason": _stop_reason(plan) if is_done else None, "stop_sequence": None,
    }  # fmt: skip
    if plan.tells_usage:
        message["usage"] = _usage(plan) if is_done else {**_usage(plan), "output_tokens": 1}
    return message


def _whole(plan: Plan) -> Json:
    return _message(plan, is_done=True)


def _opening(plan: Plan) -> bytes:
    started = _named_event("message_start", message=_message(plan, is_done=False))
    return started + _named_event("content_block_start", index=0, content_block=_block(plan, is_done=False))


def _chunks(plan: Plan) -> Iterator[bytes]:
    if plan.tool_call is not None:
        delta: Json = {"type": "input_json_delta", "partial_json": plan.tool_call.arguments}
        yield _named_event("content_block_delta", index=0, delta=delta)
        return
    for piece in pieces(plan.text):
        yield _named_event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})


def _closing(plan: Plan) -> bytes:
    delta = {"stop_reason": _stop_reason(plan), "stop_sequence": None}
    usage: Json = {"usage": {"output_tokens": plan.usage.output_tokens}} if plan.tells_usage else {}
    closing = _named_event("content_block_stop", index=0) + _named_event("message_delta", delta=delta, **usage)
    return closing + _named_event("message_stop")


MESSAGES = Dialect(_read, _whole, _opening, _chunks, _closing, _error)
