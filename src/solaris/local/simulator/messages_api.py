"""Anthropic's messages. Its input count excludes cached tokens, which it reports separately."""

import re
from collections.abc import Iterator

import orjson

from solaris.local.simulator.answers import Words, pieces, plain_text
from solaris.local.simulator.forms import wanted_form
from solaris.local.simulator.plan import (
    ApiShape,
    Json,
    Plan,
    Question,
    WrongRequest,
    effort_tokens,
    message_list,
    nested,
    optional_count,
    required_text,
)
from solaris.local.simulator.tools import chosen_tool

_REMINDER = re.compile(r"<system-reminder>.*?</system-reminder>", re.DOTALL)
_SIGNATURE = "c2ltdWxhZG9y"
_MIN_BUDGET_TOKENS = 1_024


def _named_event(kind: str, **values: object) -> bytes:
    return f"event: {kind}\ndata: ".encode() + orjson.dumps({"type": kind, **values}) + b"\n\n"


def _error(status: int, message: str, _param: str | None) -> Json:
    kinds = {401: "authentication_error", 404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error"}
    kind = kinds.get(status, "api_error" if status >= 500 else "invalid_request_error")
    return {"type": "error", "error": {"type": kind, "message": message}}


def _read(body: Json, words: Words) -> Question:
    messages = message_list(body)
    asked = [plain_text(message.get("content")) for message in messages if message.get("role") == "user"]
    # Claude Code adds reminders to the question, which name all its tools.
    text = _REMINDER.sub("", asked[-1]).strip() if asked else ""
    limit = optional_count(body, "max_tokens")
    if limit is None:
        raise WrongRequest("max_tokens: Field required", "max_tokens")
    _check_budget(body, limit)
    form = nested(body.get("output_config")).get("format") or body.get("output_format")
    return Question(
        model=required_text(body, "model"),
        text=text,
        input_tokens=counted_prompt(body, words),
        limit_tokens=limit,
        tool_call=chosen_tool(body, text, already_called=_holds_result(messages[-1])),
        is_streamed=body.get("stream") is True,
        form=wanted_form(form, messages, body.get("system")),
        effort_tokens=_effort(body),
        shows_thought=True,
    )


def counted_prompt(body: Json, words: Words) -> int:
    """The prompt's tokens: messages, tools and system text.

    Raises:
        WrongRequest: `messages` holds no messages.
    """
    return words.messages_tokens(message_list(body), body.get("tools")) + words.content_tokens(body.get("system"))


def _check_budget(body: Json, limit: int) -> None:
    """Anthropic's rules for a budget of thinking ("Extended thinking"), in its words."""
    thinking = body.get("thinking")
    if not isinstance(thinking, dict) or thinking.get("type") != "enabled":
        return
    budget = optional_count(thinking, "budget_tokens")
    if budget is None:
        raise WrongRequest("thinking.enabled.budget_tokens: Field required", "thinking")
    if budget < _MIN_BUDGET_TOKENS:
        raise WrongRequest(
            f"thinking.enabled.budget_tokens: Input should be greater than or equal to {_MIN_BUDGET_TOKENS}",
            "thinking",
        )
    if budget >= limit:
        raise WrongRequest("`max_tokens` must be greater than `thinking.budget_tokens`.", "max_tokens")


def _effort(body: Json) -> int:
    """Reasoning tokens: those of the effort, at most the budget."""
    thinking = nested(body.get("thinking"))
    if thinking.get("type") not in {"enabled", "adaptive"}:
        return 0
    effort = nested(body.get("output_config")).get("effort") or "medium"
    budget = thinking.get("budget_tokens")
    return min(effort_tokens(effort), budget) if isinstance(budget, int) else effort_tokens(effort)


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


def _blocks(plan: Plan) -> list[Json]:
    """All content blocks: thinking where it is shown, then the text or the tool call."""
    if plan.tool_call is None:
        last: Json = {"type": "text", "text": plan.text}
    else:
        arguments = orjson.loads(plan.tool_call.arguments)
        last = {"type": "tool_use", "id": f"toolu_{plan.id}", "name": plan.tool_call.name, "input": arguments}
    if not plan.thought:
        return [last]
    return [{"type": "thinking", "thinking": plan.thought, "signature": _SIGNATURE}, last]


def _stop_reason(plan: Plan) -> str:
    if plan.tool_call is not None:
        return "tool_use"
    return "max_tokens" if plan.was_cut else "end_turn"


def _message(plan: Plan, *, is_done: bool) -> Json:
    message: Json = {
        "id": f"msg_{plan.id}", "type": "message", "role": "assistant", "model": plan.model,
        "content": _blocks(plan) if is_done else [],
        "stop_reason": _stop_reason(plan) if is_done else None, "stop_sequence": None,
    }  # fmt: skip
    if plan.has_usage:
        message["usage"] = _usage(plan) if is_done else {**_usage(plan), "output_tokens": 1}
    return message


def _whole(plan: Plan) -> Json:
    return _message(plan, is_done=True)


def _opening(plan: Plan) -> bytes:
    return _named_event("message_start", message=_message(plan, is_done=False))


def _chunks(plan: Plan) -> Iterator[bytes]:
    """One chunk per piece; events before a block are sent with its first chunk."""
    before = b""
    for index, block in enumerate(_blocks(plan)):
        before += _block_start(index, block)
        for delta in _deltas(plan, block):
            yield before + _named_event("content_block_delta", index=index, delta=delta)
            before = b""
        before = _thought_end(block)


def _block_start(index: int, block: Json) -> bytes:
    empty: Json = {"text": "", "thinking": "", "signature": "", "input": {}}
    started = {name: empty.get(name, value) for name, value in block.items()}
    return _named_event("content_block_start", index=index, content_block=started)


def _thought_end(block: Json) -> bytes:
    if block["type"] != "thinking":
        return b""
    signed = {"type": "signature_delta", "signature": _SIGNATURE}
    return _named_event("content_block_delta", index=0, delta=signed) + _named_event("content_block_stop", index=0)


def _deltas(plan: Plan, block: Json) -> Iterator[Json]:
    if block["type"] == "thinking":
        return ({"type": "thinking_delta", "thinking": piece} for piece in pieces(plan.thought))
    if plan.tool_call is not None:
        return iter([{"type": "input_json_delta", "partial_json": plan.tool_call.arguments}])
    return ({"type": "text_delta", "text": piece} for piece in pieces(plan.text))


def _closing(plan: Plan) -> bytes:
    delta = {"stop_reason": _stop_reason(plan), "stop_sequence": None}
    usage: Json = {"usage": {"output_tokens": plan.usage.output_tokens}} if plan.has_usage else {}
    blocks = _blocks(plan)
    last = len(blocks) - 1
    closing = b""
    if not plan.text and plan.tool_call is None:
        # The limit left no tokens for a text: no chunk has ended the thinking block or begun the
        # text block.
        closing = _thought_end(blocks[0]) + _block_start(last, blocks[last])
    closing += _named_event("content_block_stop", index=last) + _named_event("message_delta", delta=delta, **usage)
    return closing + _named_event("message_stop")


MESSAGES = ApiShape(_read, _whole, _opening, _chunks, _closing, _error)
