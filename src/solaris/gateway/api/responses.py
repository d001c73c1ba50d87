"""OpenAI's responses (https://platform.openai.com/docs/api-reference/responses)."""

import re
import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any

from solaris.domain.errors import InvalidInput
from solaris.domain.tokens import TokenCounts
from solaris.gateway.api.base import MAX_OUTPUT_TOKENS, ApiShape, Json, OutputLimit, Prompt
from solaris.gateway.api.base64_data import strip_base64
from solaris.gateway.api.content import TOKENS_PER_IMAGE, encrypted_tokens, read_content, read_value
from solaris.gateway.api.failures import failure_in
from solaris.gateway.api.fields import (
    check_stream,
    dumped,
    error_body_of,
    nested,
    objects,
    whole_number,
)
from solaris.gateway.api.output_fields import limit_for_budget, thinking_budget
from solaris.gateway.api.output_text import texts_in
from solaris.gateway.api.sse import named_event
from solaris.gateway.api.usage import usage_in
from solaris.gateway.api.usage_shapes import USAGE_KEYS

_TOKENS_PER_ITEM = 3
_ANSWER_FRAME_TOKENS = 3
# The history that the provider stores is unknown here: about twenty turns of two hundred tokens are
# held. The reported usage settles it; cost beyond the hold is overage (docs/decisions/0021).
STORED_HISTORY_TOKENS = 4_000
_STORED_STATE_FIELDS = ("previous_response_id", "conversation", "prompt")
# OpenAI refuses a smaller limit.
_MIN_OUTPUT_TOKENS = 16
_LAST = frozenset({"response.completed", "response.incomplete"})
# The first and the last event repeat instructions, tools and the whole answer; an image is one
# event.
_MAX_EVENT_BYTES = 16 * 1_048_576
_READ_SEPARATELY = frozenset({"id", "status", "type", "content", "output", "encrypted_content"})
_ITEM_TEXT_KEYS = ("name", "arguments", "input", "code")
_AUDIO_EVENTS = ("response.audio.delta", "response.output_audio.delta")


class ResponsesShape(ApiShape):
    """/v1/responses. Background responses are refused: their usage cannot be metered."""

    route = "/v1/responses"
    interesting_event = re.compile(
        rb'"(?:type"\s*:\s*"(?:response\.(?:completed|incomplete|failed)|error)"|(?:error|detail|msg|base_resp)"\s*:\s*[^\sn]|'
        + USAGE_KEYS
        + rb")"
    )
    answer_start = re.compile(rb'"type"\s*:\s*"response\.(?!created"|in_progress"|queued"|failed")')
    max_event_bytes = _MAX_EVENT_BYTES
    limit_fields = frozenset({"max_output_tokens"})
    supports_thinking = True

    def check(self, body: Json) -> None:
        """See `ApiShape`."""
        value = body.get("input")
        if value is None and not any(body.get(field) for field in _STORED_STATE_FIELDS):
            raise InvalidInput("O campo 'input' é obrigatório: um texto ou uma lista de itens.", param="input")
        if not isinstance(value, str | list | None) or (
            isinstance(value, list) and not all(isinstance(item, dict) for item in value)
        ):
            raise InvalidInput("O campo 'input' deve ser um texto ou uma lista de itens.", param="input")
        check_stream(body)
        if body.get("background"):
            raise InvalidInput(
                "Respostas em segundo plano ('background') não são oferecidas. Use 'stream' para respostas longas.",
                param="background",
            )

    def prompt(self, body: Json) -> Prompt:
        """See `ApiShape`."""
        texts: list[str] = []
        flat = _ANSWER_FRAME_TOKENS + read_content(body.get("instructions"), texts)
        value = body.get("input")
        items = value if isinstance(value, list) else [{"role": "user", "content": value}]
        for item in items:
            flat += _TOKENS_PER_ITEM + _read_item(item, texts)
        texts.extend(dumped(body[key]) for key in ("tools", "text", "prompt") if body.get(key))
        if any(body.get(field) for field in _STORED_STATE_FIELDS):
            flat += STORED_HISTORY_TOKENS
        return Prompt(texts, flat)

    def output_limit(self, body: Json) -> OutputLimit:
        """See `ApiShape`. LiteLLM raises a limit below OpenAI's minimum to it."""
        limit = whole_number(body, "max_output_tokens", MAX_OUTPUT_TOKENS)
        budget = thinking_budget(body)
        if limit is None:
            limit = limit_for_budget(budget)
        return OutputLimit(None if limit is None else max(limit, _MIN_OUTPUT_TOKENS), 1, _MIN_OUTPUT_TOKENS)

    def limit_output(self, body: Json, tokens: int) -> None:
        """See `ApiShape`."""
        body["max_output_tokens"] = min(tokens, body.get("max_output_tokens") or tokens)

    def usage_of(self, answer: Mapping[str, Any]) -> TokenCounts | None:
        """See `ApiShape`."""
        return usage_in(_response_in(answer)) or usage_in(answer)

    def is_last(self, event: Mapping[str, Any]) -> bool:
        """See `ApiShape`. OpenAI sends no `[DONE]`; LiteLLM adds one."""
        return event.get("type") in _LAST

    def explains_no_text(self, answer: Mapping[str, Any]) -> bool:
        """See `ApiShape`."""
        return _response_in(answer).get("status") == "incomplete"

    def holds_answer(self, answer: Mapping[str, Any]) -> bool:
        """See `ApiShape`. An answer may consist of hidden reasoning alone."""
        output = answer.get("output")
        return isinstance(output, list) and bool(output or answer.get("status") in ("completed", "incomplete"))

    def error_of(self, answer: Mapping[str, Any]) -> Json | None:
        """See `ApiShape`."""
        response = _response_in(answer)
        if response.get("status") == "failed" or answer.get("type") == "response.failed":
            error: Any = response.get("error") or {}
        elif answer.get("type") == "error":
            error = answer.get("error") or answer
        else:
            return error_body_of(answer) if "type" in answer or "output" in answer else failure_in(answer)
        code = error.get("code") if isinstance(error, dict) else None
        return {"error": {**error, "code": "429"}} if code == "rate_limit_exceeded" else {"error": error}

    def error_event(self, body: Json) -> bytes:
        """See `ApiShape`.

        OpenAI's event, with our error shape added: official clients raise both.
        """
        error = body["error"]
        fields = {key: error.get(key) for key in ("code", "message", "param")}
        return named_event("error", {"type": "error", **fields, **body})

    def texts_of(self, answer: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
        """See `ApiShape`. A stream repeats texts at their end; only the first occurrence counts."""
        kind = str(answer.get("type", ""))
        index = answer.get("output_index")
        place = index if isinstance(index, int) else 0
        if kind.endswith(".delta"):
            if kind not in _AUDIO_EVENTS:
                yield from ((place, text) for text in texts_in(answer.get("delta")))
        elif kind == "response.output_item.added" and isinstance(nested(answer, "item").get("name"), str):
            yield place, answer["item"]["name"]
        elif not kind:
            for place, item in enumerate(objects(answer.get("output"))):
                yield from ((place, text) for text in _texts_of_item(item))

    def notice(self, model: str, text: str) -> Json:
        """See `ApiShape`."""
        return _response(model, "completed", [_item(text)])

    def notice_stream(self, model: str, text: str, *, with_usage: bool) -> bytes:
        """See `ApiShape`."""
        whole = self.notice(model, text)
        item = whole["output"][0]
        started = {**whole, "status": "in_progress", "output": [], "usage": None}
        where: Json = {"item_id": item["id"], "output_index": 0}
        inside: Json = {**where, "content_index": 0}
        empty = {"type": "output_text", "text": "", "annotations": []}
        events: list[Json] = [
            {"type": "response.created", "response": started},
            {"type": "response.in_progress", "response": started},
            {
                "type": "response.output_item.added",
                "output_index": 0,
                "item": {**item, "status": "in_progress", "content": []},
            },
            {"type": "response.content_part.added", **inside, "part": empty},
            {"type": "response.output_text.delta", **inside, "delta": text, "logprobs": []},
            {"type": "response.output_text.done", **inside, "text": text, "logprobs": []},
            {"type": "response.content_part.done", **inside, "part": item["content"][0]},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": whole},
        ]
        return b"".join(
            named_event(event["type"], {**event, "sequence_number": number}) for number, event in enumerate(events)
        )


def _response_in(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The response: the answer itself, or the response in a stream event."""
    return nested(answer, "response") if "type" in answer else answer


def _read_item(item: Json, texts: list[str]) -> int:
    """Append the texts of an input item to `texts`; return the flat tokens of the rest."""
    if item.get("type") == "image_generation_call":
        return TOKENS_PER_IMAGE
    flat = encrypted_tokens(item.get("encrypted_content"))
    item_texts: list[str] = []
    for key, value in item.items():
        if key in _ITEM_TEXT_KEYS and isinstance(value, str):
            item_texts.append(value)
        elif key not in _READ_SEPARATELY and value:
            flat += read_value(value, item_texts)
    texts.append(" ".join(item_texts))
    for key in ("content", "output"):
        flat += read_content(item.get(key), texts)
    return flat


def _texts_of_item(item: Json) -> Iterable[str]:
    yield from (strip_base64(item[name])[0] for name in _ITEM_TEXT_KEYS if isinstance(item.get(name), str))
    for key in ("content", "summary"):
        yield from texts_in(item.get(key))


def _item(text: str) -> Json:
    return {
        "type": "message",
        "id": f"msg_{secrets.token_hex(12)}",
        "status": "completed",
        "role": "assistant",
        "content": [{"type": "output_text", "text": text, "annotations": []}],
    }


def _response(model: str, status: str, output: list[Json]) -> Json:
    return {
        "id": f"resp_{secrets.token_hex(12)}",
        "object": "response",
        "created_at": int(time.time()),
        "status": status,
        "model": model,
        "output": output,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "top_p": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": 0,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 0,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 0,
        },
    }
