"""OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat)."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from solaris.gateway.api.base import MAX_OUTPUT_TOKENS, Json, OutputLimit, Prompt
from solaris.gateway.api.choices import MAX_CHOICES, ZERO_USAGE, ChoicesShape
from solaris.gateway.api.content import read_content
from solaris.gateway.api.fields import check_messages, check_stream, dumped, objects, whole_number
from solaris.gateway.api.output_fields import limit_for_budget, thinking_budget
from solaris.gateway.api.sse import plain_event

_LIMIT_FIELDS = ("max_completion_tokens", "max_tokens")

# Each message adds three tokens, and the answer three more (OpenAI's cookbook, "How to count
# tokens").
_TOKENS_PER_MESSAGE = 3
_ANSWER_FRAME_TOKENS = 3
# Each of these roles is one token in both vocabularies.
_ROLES_OF_ONE_TOKEN = ("user", "assistant", "system", "developer", "tool", "function")
# Rejected tokens of a prediction are billed as output; the hold covers them as part of the prompt.
_READ_AS_JSON = ("tools", "functions", "response_format", "prediction")


class ChatShape(ChoicesShape):
    """/v1/chat/completions."""

    route = "/v1/chat/completions"
    limit_fields = frozenset((*_LIMIT_FIELDS, "n"))
    supports_thinking = True

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
                # The common case: a known role and a text.
                flat += _TOKENS_PER_MESSAGE + 1
                texts.append(content)
            else:
                flat += _TOKENS_PER_MESSAGE + _read_message(message, texts)
        for key in _READ_AS_JSON:
            if body.get(key):
                texts.append(dumped(body[key]))
        return Prompt(texts, flat)

    def output_limit(self, body: Json) -> OutputLimit:
        """See `ApiShape`. The larger limit counts where both are set: providers differ."""
        limit = whole_number(body, "max_completion_tokens", MAX_OUTPUT_TOKENS)
        other = whole_number(body, "max_tokens", MAX_OUTPUT_TOKENS)
        if limit is None or (other is not None and other > limit):
            limit = other
        choices = whole_number(body, "n", MAX_CHOICES) or 1
        budget = thinking_budget(body) if "thinking" in body or "reasoning" in body else None
        return OutputLimit(limit_for_budget(budget) if limit is None else limit, choices)

    def limit_output(self, body: Json, tokens: int) -> None:
        """See `ApiShape`. Sets `max_tokens` where the client set no limit.

        LiteLLM translates it for models that require `max_completion_tokens`.
        """
        fields = [field for field in _LIMIT_FIELDS if body.get(field) is not None] or ["max_tokens"]
        for field in fields:
            body[field] = min(tokens, body.get(field) or tokens)

    def is_usage_only(self, event: Mapping[str, Any]) -> bool:
        """See `ApiShape`. LiteLLM's usage event has one choice with an empty delta."""
        choices = event.get("choices")
        if not choices:
            return True
        return isinstance(choices, list) and not any(_has_content(choice) for choice in choices)

    def holds_answer(self, answer: Mapping[str, Any]) -> bool:
        """See `ApiShape`."""
        return any(
            isinstance(choice.get("message") or choice.get("delta"), dict) for choice in objects(answer.get("choices"))
        )

    def notice(self, model: str, text: str) -> Json:
        """See `ApiShape`."""
        message = {"role": "assistant", "content": text, "refusal": None}
        return {
            **_frame("chat.completion", model),
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
            "usage": ZERO_USAGE,
        }

    def notice_stream(self, model: str, text: str, *, with_usage: bool) -> bytes:
        """See `ApiShape`."""
        frame = _frame("chat.completion.chunk", model)
        first = {"index": 0, "delta": {"role": "assistant", "content": text}, "logprobs": None, "finish_reason": None}
        end = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}
        events: list[Json] = [{**frame, "choices": [first]}, {**frame, "choices": [end]}]
        if with_usage:
            events.append({**frame, "choices": [], "usage": ZERO_USAGE})
        return b"".join(map(plain_event, events)) + b"data: [DONE]\n\n"


def _read_message(message: Json, texts: list[str]) -> int:
    """Append a message's texts to `texts`; return the flat tokens of its other parts."""
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
