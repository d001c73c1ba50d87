"""OpenAI's chat completions and the older text completions."""

from collections.abc import Callable, Iterator

import orjson

from solaris.local.simulator.answers import Usage, Words, pieces, plain_text
from solaris.local.simulator.forms import wanted_form
from solaris.local.simulator.plan import (
    MAX_CHOICES,
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

DONE = b"data: [DONE]\n\n"


def event(value: object) -> bytes:
    """One server-sent event without a name."""
    return b"data: " + orjson.dumps(value) + b"\n\n"


def openai_error(status: int, message: str, param: str | None) -> Json:
    """The body of an error as OpenAI writes it."""
    kinds = {401: "authentication_error", 429: "rate_limit_error"}
    kind = kinds.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {"error": {"message": message, "type": kind, "param": param, "code": None}}


def openai_usage(usage: Usage) -> Json:
    """The counts in OpenAI's names."""
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.total_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
    }


def _usage_in_stream(body: Json) -> bool:
    return nested(body.get("stream_options")).get("include_usage") is True


def _read_chat(body: Json, words: Words) -> Question:
    messages = message_list(body)
    asked = [plain_text(message.get("content")) for message in messages if message.get("role") == "user"]
    text = asked[-1] if asked else ""
    return Question(
        model=required_text(body, "model"),
        text=text,
        input_tokens=words.messages_tokens(messages, body.get("tools")),
        limit_tokens=optional_count(body, "max_completion_tokens", "max_tokens"),
        choices=optional_count(body, "n", maximum=MAX_CHOICES) or 1,
        tool_call=chosen_tool(body, text, already_called=messages[-1].get("role") == "tool"),
        is_streamed=body.get("stream") is True,
        usage_in_stream=_usage_in_stream(body),
        form=wanted_form(body.get("response_format"), messages),
        effort_tokens=effort_tokens(body.get("reasoning_effort") or nested(body.get("reasoning")).get("effort")),
        shows_thought=True,
    )


def _finish(plan: Plan) -> str:
    if plan.tool_call is not None:
        return "tool_calls"
    return "length" if plan.was_cut else "stop"


def _tool_calls(plan: Plan, choice: int, *, indexed: bool) -> list[Json]:
    if plan.tool_call is None:
        return []
    call: Json = {
        "id": f"call_{plan.id[:20]}{choice}",
        "type": "function",
        "function": {"name": plan.tool_call.name, "arguments": plan.tool_call.arguments},
    }
    return [{"index": 0, **call}] if indexed else [call]


def _whole_chat(plan: Plan) -> Json:
    choices = []
    for index in range(plan.choices):
        message: Json = {"role": "assistant", "content": plan.text or None, "refusal": None}
        if plan.thought:
            message["reasoning_content"] = plan.thought
        if plan.tool_call is not None:
            message["tool_calls"] = _tool_calls(plan, index, indexed=False)
        choices.append({"index": index, "message": message, "logprobs": None, "finish_reason": _finish(plan)})
    answer: Json = {
        "id": f"chatcmpl-{plan.id}", "object": "chat.completion", "created": plan.created, "model": plan.model,
        "choices": choices, "system_fingerprint": "simulador",
    }  # fmt: skip
    return {**answer, "usage": openai_usage(plan.usage)} if plan.has_usage else answer


def _chunk(plan: Plan, choices: list[Json]) -> Json:
    return {
        "id": f"chatcmpl-{plan.id}", "object": "chat.completion.chunk", "created": plan.created, "model": plan.model,
        "system_fingerprint": "simulador", "choices": choices,
    }  # fmt: skip


def _choice(index: int, delta: Json, finish: str | None = None) -> list[Json]:
    return [{"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}]


def _chat_opening(plan: Plan) -> bytes:
    first: Json = {"role": "assistant", "content": "" if plan.tool_call is None else None, "refusal": None}
    return b"".join(event(_chunk(plan, _choice(index, first))) for index in range(plan.choices))


def _chat_chunks(plan: Plan) -> Iterator[bytes]:
    # The field name of DeepSeek and LiteLLM; OpenAI's chat completions return no reasoning text.
    yield from _templated(
        plan, plan.thought, lambda index, mark: _chunk(plan, _choice(index, {"reasoning_content": mark}))
    )
    if plan.tool_call is not None:
        for index in range(plan.choices):
            yield event(_chunk(plan, _choice(index, {"tool_calls": _tool_calls(plan, index, indexed=True)})))
        return
    yield from _templated(plan, plan.text, lambda index, mark: _chunk(plan, _choice(index, {"content": mark})))


def _templated(plan: Plan, text: str, shape: Callable[[int, str], Json]) -> Iterator[bytes]:
    # All chunks differ only in their word: the rest is serialised once per stream.
    mark = "\ue000"
    halves = [event(shape(index, mark)).split(orjson.dumps(mark)) for index in range(plan.choices)]
    for piece in pieces(text):
        written = orjson.dumps(piece)
        for before, after in halves:
            yield before + written + after


def _chat_closing(plan: Plan) -> bytes:
    closing = b"".join(event(_chunk(plan, _choice(index, {}, _finish(plan)))) for index in range(plan.choices))
    if plan.has_usage:
        closing += event({**_chunk(plan, []), "usage": openai_usage(plan.usage)})
    return closing + DONE


CHAT = ApiShape(_read_chat, _whole_chat, _chat_opening, _chat_chunks, _chat_closing, openai_error)


def _read_completion(body: Json, words: Words) -> Question:
    prompt = body.get("prompt")
    prompts = [one for one in (prompt if isinstance(prompt, list) else [prompt]) if isinstance(one, str)]
    if not prompts or (isinstance(prompt, list) and len(prompts) != len(prompt)):
        raise WrongRequest("prompt must be a text or a list of texts", "prompt")
    return Question(
        model=required_text(body, "model"),
        text=prompts[-1],
        input_tokens=sum(words.count(one) for one in prompts),
        limit_tokens=optional_count(body, "max_tokens") or 16,
        choices=(optional_count(body, "n", maximum=MAX_CHOICES) or 1) * len(prompts),
        is_streamed=body.get("stream") is True,
        usage_in_stream=_usage_in_stream(body),
    )


def _completion(plan: Plan, choices: list[Json]) -> Json:
    return {
        "id": f"cmpl-{plan.id}",
        "object": "text_completion",
        "created": plan.created,
        "model": plan.model,
        "choices": choices,
    }


def _text_choice(index: int, text: str, finish: str | None) -> Json:
    return {"index": index, "text": text, "logprobs": None, "finish_reason": finish}


def _whole_completion(plan: Plan) -> Json:
    answer = _completion(plan, [_text_choice(index, plan.text, _finish(plan)) for index in range(plan.choices)])
    return {**answer, "usage": openai_usage(plan.usage)} if plan.has_usage else answer


def _completion_chunks(plan: Plan) -> Iterator[bytes]:
    yield from _templated(plan, plan.text, lambda index, mark: _completion(plan, [_text_choice(index, mark, None)]))


def _completion_closing(plan: Plan) -> bytes:
    closing = event(_completion(plan, [_text_choice(index, "", _finish(plan)) for index in range(plan.choices)]))
    if plan.has_usage:
        closing += event({**_completion(plan, []), "usage": openai_usage(plan.usage)})
    return closing + DONE


COMPLETIONS = ApiShape(
    _read_completion, _whole_completion, lambda _plan: b"", _completion_chunks, _completion_closing, openai_error
)
