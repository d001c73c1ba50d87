"""OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat)."""

import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from solaris.gateway.api.base import MAX_OUTPUT_TOKENS, Json, OutputLimit, Prompt
from solaris.gateway.api.content import read_content
from solaris.gateway.api.failures import FAILURE_KEYS, choices_explain_no_text, failure_in_choices
from solaris.gateway.api.fields import (
    ask_in_stream_options,
    check_messages,
    check_stream,
    dumped,
    objects,
    overwrite_user,
    plain_event,
    whole_number,
)
from solaris.gateway.api.output_fields import limit_for_budget, thinking_budget
from solaris.gateway.api.output_text import texts_in_choices
from solaris.gateway.api.usage import usage_in
from solaris.gateway.api.usage_shapes import USAGE_KEYS

MAX_CHOICES = 128
MAX_EVENT_BYTES = 1_048_576
INTERESTING_EVENT = re.compile(rb'"(?:' + USAGE_KEYS + rb"|" + FAILURE_KEYS + rb'|finish_reason"\s*:\s*"\w)')
ANSWER_START = re.compile(rb'"choices"\s*:\s*\[\s*\{')
_LIMIT_FIELDS = ("max_completion_tokens", "max_tokens")

# Three tokens frame each message and three open the answer (OpenAI's cookbook, "How to count tokens").
_TOKENS_PER_MESSAGE = 3
_ANSWER_FRAME_TOKENS = 3
# Both vocabularies write each of these roles as one token.
_ROLES_OF_ONE_TOKEN = ("user", "assistant", "system", "developer", "tool", "function")
# What a prediction has in excess of the answer is billed as output; it is held for as a part of the prompt.
_READ_AS_JSON = ("tools", "functions", "response_format", "prediction")


def finished_choices(event: Mapping[str, Any]) -> list[int]:
    """The indexes of the choices that an event of chat or text completions ends."""
    places = []
    choices = event.get("choices")
    for choice in objects(choices) if choices else ():
        if choice.get("finish_reason"):
            index = choice.get("index")
            places.append(index if isinstance(index, int) else 0)
    return places


class ChatShape:
    """/v1/chat/completions."""

    route = "/v1/chat/completions"
    interesting_event = INTERESTING_EVENT
    begun = ANSWER_START
    max_event_bytes = MAX_EVENT_BYTES
    limit_fields = frozenset((*_LIMIT_FIELDS, "n"))
    supports_thinking = True
    usage_of = staticmethod(usage_in)
    finished_places = staticmethod(finished_choices)
    explains_no_text = staticmethod(choices_explain_no_text)
    error_of = staticmethod(failure_in_choices)
    texts_of = staticmethod(texts_in_choices)

    def check(self, body: Json) -> None:
        """See `ApiShape`."""
        check_messages(body)
        check_stream(body)

    def prompt(self, body: Json) -> Prompt:
        """See `ApiShape`."""
        texts: list[str] = []
        flat = _ANSWER_FRAME_TOKENS
        for message in body["messages"]:
            content = message.get("content")
            if len(message) == 2 and isinstance(content, str) and message.get("role") in _ROLES_OF_ONE_TOKEN:
                # A usual role and a text, as nearly all are.
                flat += _TOKENS_PER_MESSAGE + 1
                texts.append(content)
            else:
                flat += _TOKENS_PER_MESSAGE + _read_message(message, texts)
        for key in _READ_AS_JSON:
            if body.get(key):
                texts.append(dumped(body[key]))
        return Prompt(texts, flat)

    def output_limit(self, body: Json) -> OutputLimit:
        """See `ApiShape`. Where both limits stand, the larger one counts: providers differ in which they heed."""
        limit = whole_number(body, "max_completion_tokens", MAX_OUTPUT_TOKENS)
        other = whole_number(body, "max_tokens", MAX_OUTPUT_TOKENS)
        if limit is None or (other is not None and other > limit):
            limit = other
        choices = whole_number(body, "n", MAX_CHOICES) or 1
        budget = thinking_budget(body) if "thinking" in body or "reasoning" in body else None
        return OutputLimit(limit_for_budget(budget) if limit is None else limit, choices)

    def limit_output(self, body: Json, tokens: int) -> None:
        """See `ApiShape`. `max_tokens` where the client set none: LiteLLM translates it for models that want the other."""
        fields = [field for field in _LIMIT_FIELDS if body.get(field) is not None] or ["max_tokens"]
        for field in fields:
            body[field] = min(tokens, body.get(field) or tokens)

    def prompt_echo_count(self, body: Json) -> int:
        """See `ApiShape`."""
        return 0

    def set_user(self, body: Json, name: str) -> None:
        """See `ApiShape`."""
        overwrite_user(body, name)

    def request_usage(self, body: Json) -> bool:
        """See `ApiShape`."""
        return ask_in_stream_options(body)

    def counts_output(self, event: Mapping[str, Any]) -> bool:
        """See `ApiShape`."""
        return True

    def is_usage_only(self, event: Mapping[str, Any]) -> bool:
        """See `ApiShape`. LiteLLM's usage event has a choice, with an empty delta."""
        choices = event.get("choices")
        if not choices:
            return True
        return isinstance(choices, list) and not any(_has_content(choice) for choice in choices)

    def is_last(self, event: Mapping[str, Any]) -> bool:
        """See `ApiShape`. `[DONE]` is no JSON; the meter knows it."""
        return False

    def holds_answer(self, answer: Mapping[str, Any]) -> bool:
        """See `ApiShape`."""
        return any(
            isinstance(choice.get("message") or choice.get("delta"), dict) for choice in objects(answer.get("choices"))
        )

    def error_event(self, body: Json) -> bytes:
        """See `ApiShape`."""
        return plain_event(body)

    def notice(self, model: str, text: str) -> Json:
        """See `ApiShape`."""
        message = {"role": "assistant", "content": text, "refusal": None}
        return {
            **_frame("chat.completion", model),
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        }

    def notice_stream(self, model: str, text: str, *, with_usage: bool) -> bytes:
        """See `ApiShape`."""
        frame = _frame("chat.completion.chunk", model)
        said = {"index": 0, "delta": {"role": "assistant", "content": text}, "logprobs": None, "finish_reason": None}
        end = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}
        events: list[Json] = [{**frame, "choices": [said]}, {**frame, "choices": [end]}]
        if with_usage:
            usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
            events.append({**frame, "choices": [], "usage": usage})
        return b"".join(map(plain_event, events)) + b"data: [DONE]\n\n"


def _read_message(message: Json, texts: list[str]) -> int:
    """Adds a message's texts to `texts`; returns the flat tokens of its other parts."""
    texts.extend(str(message[key]) for key in ("role", "name", "tool_call_id") if message.get(key))
    flat = read_content(message.get("content"), texts)
    texts.extend(dumped(message[key]) for key in ("tool_calls", "function_call") if message.get(key))
    return flat


def _has_content(choice: object) -> bool:
    if not isinstance(choice, dict):
        return True
    delta = choice.get("delta")
    if choice.get("finish_reason") or choice.get("logprobs"):
        return True
    return isinstance(delta, dict) and any(value for key, value in delta.items() if key != "role")


def _frame(kind: str, model: str) -> Json:
    return {"id": f"chatcmpl-{secrets.token_hex(12)}", "object": kind, "created": int(time.time()), "model": model}
