"""Anthropic's messages (https://docs.anthropic.com/en/api/messages).

The input count excludes tokens read from or written to the cache, which have counts of their own.
A stream reports the input in its first event and running totals near its end. The output count
includes thinking.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from solaris.domain.errors import InvalidInput
from solaris.domain.tokens import TokenCounts
from solaris.gateway.api.base import EVERY_PLACE, MAX_OUTPUT_TOKENS, ApiShape, Json, OutputLimit, Prompt
from solaris.gateway.api.base64_data import strip_base64
from solaris.gateway.api.content import read_content
from solaris.gateway.api.failures import FAILURE_KEYS, explains_no_text, failure_in
from solaris.gateway.api.fields import (
    check_messages,
    check_stream,
    dumped,
    error_body_of,
    nested,
    objects,
    whole_number,
)
from solaris.gateway.api.output_fields import thinking_budget
from solaris.gateway.api.sse import named_event
from solaris.gateway.api.usage import usage_in
from solaris.gateway.api.usage_shapes import USAGE_KEYS

_TOKENS_PER_MESSAGE = 3
_ANSWER_FRAME_TOKENS = 3
# Model output in a delta, and at the start of a block or in a whole block.
_DELTA_TEXT_KEYS = ("text", "partial_json", "thinking", "content")
_BLOCK_TEXT_KEYS = ("text", "thinking", "name", "content")
# Anthropic's error types and the statuses of the same errors outside of streams. 529 "overloaded"
# is treated as a rate limit.
_STATUSES = {
    "invalid_request_error": "400",
    "authentication_error": "401",
    "permission_error": "403",
    "not_found_error": "404",
    "request_too_large": "413",
    "rate_limit_error": "429",
    "overloaded_error": "429",
}


class MessagesShape(ApiShape):
    """/v1/messages."""

    route = "/v1/messages"
    interesting_event = re.compile(
        rb'"(?:' + USAGE_KEYS + rb"|" + FAILURE_KEYS + rb'|type"\s*:\s*"message_stop"|stop_reason"\s*:\s*"\w)'
    )
    answer_start = re.compile(rb'"type"\s*:\s*"(?:content_block_start|content_block_delta|message_delta|message_stop)"')
    limit_fields = frozenset({"max_tokens"})
    supports_thinking = True

    def check(self, body: Json) -> None:
        """See `ApiShape`."""
        check_messages(body)
        check_stream(body)
        if body.get("max_tokens") is None:
            raise InvalidInput("O campo 'max_tokens' é obrigatório.", param="max_tokens")

    def prompt(self, body: Json) -> Prompt:
        """See `ApiShape`."""
        texts: list[str] = []
        flat = _ANSWER_FRAME_TOKENS + read_content(body.get("system"), texts)
        for message in body["messages"]:
            flat += _TOKENS_PER_MESSAGE
            texts.append(str(message.get("role", "")))
            flat += read_content(message.get("content"), texts)
        if body.get("tools"):
            texts.append(dumped(body["tools"]))
        return Prompt(texts, flat)

    def output_limit(self, body: Json) -> OutputLimit:
        """See `ApiShape`."""
        thinking_budget(body)
        return OutputLimit(whole_number(body, "max_tokens", MAX_OUTPUT_TOKENS), 1)

    def limit_output(self, body: Json, tokens: int) -> None:
        """See `ApiShape`."""
        body["max_tokens"] = min(tokens, body["max_tokens"])

    def set_user(self, body: Json, name: str) -> None:
        """See `ApiShape`. Anthropic refuses OpenAI's `user`; its field is in the metadata."""
        body.pop("user", None)
        body["metadata"] = {**nested(body, "metadata"), "user_id": name}

    def usage_of(self, answer: Mapping[str, Any]) -> TokenCounts | None:
        """See `ApiShape`."""
        if answer.get("type") != "message_start":
            return usage_in(answer)
        counts = usage_in(answer) or usage_in(nested(answer, "message"))
        # The first event includes a few output tokens that are delivered after it.
        return TokenCounts(counts.input, counts.cached_input) if counts is not None and counts.input else None

    def counts_output(self, event: Mapping[str, Any]) -> bool:
        """See `ApiShape`."""
        return event.get("type") != "message_start"

    def is_last(self, event: Mapping[str, Any]) -> bool:
        """See `ApiShape`."""
        return event.get("type") == "message_stop"

    def finished_places(self, event: Mapping[str, Any]) -> Iterable[int]:
        """See `ApiShape`. One stop reason completes all blocks."""
        return (EVERY_PLACE,) if nested(event, "delta").get("stop_reason") else ()

    def explains_no_text(self, answer: Mapping[str, Any]) -> bool:
        """See `ApiShape`."""
        return explains_no_text(answer.get("stop_reason") or nested(answer, "delta").get("stop_reason"))

    def holds_answer(self, answer: Mapping[str, Any]) -> bool:
        """See `ApiShape`. Anthropic completes some turns without a content block."""
        content = answer.get("content")
        return isinstance(content, list) and bool(content or answer.get("stop_reason"))

    def error_of(self, answer: Mapping[str, Any]) -> Json | None:
        """See `ApiShape`."""
        reported = error_body_of(answer) if "type" in answer or "content" in answer else failure_in(answer)
        if reported is None:
            return None
        error = reported["error"]
        if not isinstance(error, dict) or error.get("code"):
            return {"error": error}
        return {"error": {**error, "code": _STATUSES.get(str(error.get("type")), "500")}}

    def error_event(self, body: Json) -> bytes:
        """See `ApiShape`."""
        return named_event("error", {"type": "error", **body})

    def texts_of(self, answer: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
        """See `ApiShape`."""
        index = answer.get("index")
        place = index if isinstance(index, int) else 0
        for key, names in (("delta", _DELTA_TEXT_KEYS), ("content_block", _BLOCK_TEXT_KEYS)):
            yield from ((place, text) for text in _texts_of_part(nested(answer, key), names))
        for place, block in enumerate(objects(answer.get("content"))):
            yield from ((place, text) for text in _texts_of_part(block, _BLOCK_TEXT_KEYS))
            if block.get("input"):
                yield place, dumped(block["input"])

    def notice(self, model: str, text: str) -> Json:
        """See `ApiShape`."""
        content = [{"type": "text", "text": text}]
        return {**_message(model), "content": content, "stop_reason": "end_turn", "usage": _usage()}

    def notice_stream(self, model: str, text: str, *, with_usage: bool) -> bytes:
        """See `ApiShape`."""
        events: list[Json] = [
            {"type": "message_start", "message": {**_message(model), "usage": _usage()}},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
            {"type": "content_block_stop", "index": 0},
            {
                "type": "message_delta",
                "delta": {"stop_reason": "end_turn", "stop_sequence": None},
                "usage": {"output_tokens": 0},
            },
            {"type": "message_stop"},
        ]
        return b"".join(named_event(event["type"], event) for event in events)


def _texts_of_part(part: Mapping[str, Any], names: tuple[str, ...]) -> Iterable[str]:
    return (strip_base64(part[name])[0] for name in names if isinstance(part.get(name), str))


def _usage() -> Json:
    return {"input_tokens": 0, "output_tokens": 0}


def _message(model: str) -> Json:
    return {
        "id": f"msg_{secrets.token_hex(12)}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
    }
