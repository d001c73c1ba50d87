"""OpenAI's responses."""

from collections.abc import Iterator

import orjson

from solaris.local.simulator.answers import Words, pieces, plain_text
from solaris.local.simulator.chat_api import openai_error
from solaris.local.simulator.forms import wanted_form
from solaris.local.simulator.plan import (
    ApiShape,
    Json,
    Plan,
    Question,
    WrongRequest,
    effort_tokens,
    nested,
    optional_count,
    required_text,
)
from solaris.local.simulator.tools import chosen_tool


def _named_event(kind: str, number: int, **values: object) -> bytes:
    return (
        f"event: {kind}\ndata: ".encode() + orjson.dumps({"type": kind, "sequence_number": number, **values}) + b"\n\n"
    )


def _items(body: Json) -> list[Json]:
    given = body.get("input")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise WrongRequest("input must be a text or a list of items, and not empty", "input")
    return items


def counted_input(body: Json, words: Words) -> int:
    """The input's tokens: items, tools and instructions.

    Raises:
        WrongRequest: the input is neither a text nor a list of items.
    """
    instructions = body.get("instructions")
    own = words.count(instructions) if isinstance(instructions, str) else 0
    return words.messages_tokens(_items(body), body.get("tools")) + own


def _read(body: Json, words: Words) -> Question:
    items = _items(body)
    asked = [plain_text(item.get("content")) for item in items if item.get("role") == "user"]
    text = asked[-1] if asked else ""
    return Question(
        model=required_text(body, "model"),
        text=text,
        input_tokens=counted_input(body, words),
        limit_tokens=optional_count(body, "max_output_tokens"),
        tool_call=chosen_tool(body, text, already_called=items[-1].get("type") == "function_call_output"),
        is_streamed=body.get("stream") is True,
        form=wanted_form(nested(body.get("text")).get("format"), items, body.get("instructions")),
        effort_tokens=effort_tokens(nested(body.get("reasoning")).get("effort")),
    )


def _item(plan: Plan, *, is_done: bool) -> Json:
    status = "completed" if is_done else "in_progress"
    if plan.tool_call is not None:
        return {
            "type": "function_call", "id": f"fc_{plan.id}", "call_id": f"call_{plan.id}", "name": plan.tool_call.name,
            "arguments": plan.tool_call.arguments if is_done else "", "status": status,
        }  # fmt: skip
    content = [{"type": "output_text", "text": plan.text, "annotations": []}] if is_done else []
    return {"type": "message", "id": f"msg_{plan.id}", "status": status, "role": "assistant", "content": content}


def _response(plan: Plan, *, is_done: bool) -> Json:
    status = ("incomplete" if plan.was_cut else "completed") if is_done else "in_progress"
    usage: Json = {
        "input_tokens": plan.usage.input_tokens,
        "input_tokens_details": {"cached_tokens": plan.usage.cached_tokens},
        "output_tokens": plan.usage.output_tokens,
        "output_tokens_details": {"reasoning_tokens": plan.usage.reasoning_tokens},
        "total_tokens": plan.usage.total_tokens,
    }
    return {
        "id": f"resp_{plan.id}", "object": "response", "created_at": plan.created, "status": status, "model": plan.model,
        "output": [_item(plan, is_done=True)] if is_done else [], "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if is_done and plan.was_cut else None,
        "instructions": None, "metadata": {}, "parallel_tool_calls": True, "temperature": 1.0, "top_p": 1.0,
        "tool_choice": "auto", "tools": [], "usage": usage if is_done and plan.has_usage else None,
    }  # fmt: skip


def _whole(plan: Plan) -> Json:
    return _response(plan, is_done=True)


def _place(plan: Plan) -> Json:
    return {"item_id": f"msg_{plan.id}", "output_index": 0, "content_index": 0}


def _opening(plan: Plan) -> bytes:
    started = _response(plan, is_done=False)
    opening = _named_event("response.created", 0, response=started) + _named_event(
        "response.in_progress", 1, response=started
    )
    opening += _named_event("response.output_item.added", 2, output_index=0, item=_item(plan, is_done=False))
    if plan.tool_call is None:
        part = {"type": "output_text", "text": "", "annotations": []}
        opening += _named_event("response.content_part.added", 3, **_place(plan), part=part)
    return opening


def _chunks(plan: Plan) -> Iterator[bytes]:
    if plan.tool_call is not None:
        where: Json = {"item_id": f"fc_{plan.id}", "output_index": 0}
        arguments = plan.tool_call.arguments
        delta = _named_event("response.function_call_arguments.delta", 4, **where, delta=arguments)
        yield delta + _named_event("response.function_call_arguments.done", 5, **where, arguments=arguments)
        return
    for number, piece in enumerate(pieces(plan.text), start=4):
        yield _named_event("response.output_text.delta", number, **_place(plan), delta=piece, logprobs=[])


def _closing(plan: Plan) -> bytes:
    number = 6 if plan.tool_call is not None else 4 + len(pieces(plan.text))
    closing = b""
    if plan.tool_call is None:
        part = {"type": "output_text", "text": plan.text, "annotations": []}
        closing += _named_event("response.output_text.done", number, **_place(plan), text=plan.text, logprobs=[])
        closing += _named_event("response.content_part.done", number + 1, **_place(plan), part=part)
    closing += _named_event("response.output_item.done", number + 2, output_index=0, item=_item(plan, is_done=True))
    kind = "response.incomplete" if plan.was_cut else "response.completed"
    return closing + _named_event(kind, number + 3, response=_response(plan, is_done=True))


RESPONSES = ApiShape(_read, _whole, _opening, _chunks, _closing, openai_error)
