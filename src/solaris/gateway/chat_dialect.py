"""OpenAI's chat completions (https://platform.openai.com/docs/api-reference/chat)."""

import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from solaris.domain.errors import InvalidInput
from solaris.domain.tokens import MAX_TOKENS_PER_REQUEST, TokenCounts
from solaris.gateway.dialect import Json, OutputWish, Prompt

MOST_OUTPUT_TOKENS = 10_000_000
_MOST_CHOICES = 128
_LIMIT_FIELDS = ("max_completion_tokens", "max_tokens")

# Three tokens frame each message and three open the answer (OpenAI's cookbook, "How to count tokens").
_TOKENS_PER_MESSAGE = 3
_TOKENS_OF_ANSWER_FRAME = 3
# A 1024 × 1024 image in high detail costs 765 with gpt-4o, about 1,400 with Claude.
_TOKENS_PER_IMAGE = 1_000
# Speech costs some 10 tokens a second, which base64 of 24 kHz PCM writes in 64,000 characters.
_AUDIO_CHARACTERS_PER_TOKEN = 6_400
# A page of a PDF costs some 2,000 tokens and takes about 80,000 characters of base64.
_FILE_CHARACTERS_PER_TOKEN = 40
_TEXT_KEYS = ("content", "reasoning_content", "reasoning", "refusal")


class ChatDialect:
    """/v1/chat/completions."""

    route = "/v1/chat/completions"

    def check(self, body: Json) -> None:
        """See `Dialect`."""
        messages = body.get("messages")
        if not isinstance(messages, list) or not messages or not all(isinstance(one, dict) for one in messages):
            raise InvalidInput("O campo 'messages' deve ser uma lista não vazia de mensagens.", param="messages")
        if not isinstance(body.get("stream"), bool | None):
            raise InvalidInput("O campo 'stream' deve ser true ou false.", param="stream")

    def prompt(self, body: Json) -> Prompt:
        """See `Dialect`."""
        texts: list[str] = []
        flat = _TOKENS_OF_ANSWER_FRAME
        for message in body["messages"]:
            flat += _TOKENS_PER_MESSAGE
            texts.extend(str(message[key]) for key in ("role", "name", "tool_call_id") if message.get(key))
            flat += _read_content(message.get("content"), texts)
            texts.extend(_dumped(message[key]) for key in ("tool_calls", "function_call") if message.get(key))
        texts.extend(_dumped(body[key]) for key in ("tools", "functions", "response_format") if body.get(key))
        return Prompt(texts, flat)

    def output_wish(self, body: Json) -> OutputWish:
        """See `Dialect`. Where both limits stand, the larger one counts: providers differ in which they heed."""
        limits = [_whole_number(body, field, MOST_OUTPUT_TOKENS) for field in _LIMIT_FIELDS]
        given = [limit for limit in limits if limit is not None]
        return OutputWish(max(given, default=None), _whole_number(body, "n", _MOST_CHOICES) or 1)

    def limit_output(self, body: Json, tokens: int) -> None:
        """See `Dialect`. `max_tokens` where the client set none: LiteLLM translates it for models that want the other."""
        fields = [field for field in _LIMIT_FIELDS if body.get(field) is not None] or ["max_tokens"]
        for field in fields:
            body[field] = min(tokens, body.get(field) or tokens)

    def ask_for_usage(self, body: Json) -> bool:
        """See `Dialect`."""
        options = body.get("stream_options")
        options = dict(options) if isinstance(options, dict) else {}
        asked = options.get("include_usage") is True
        body["stream_options"] = {**options, "include_usage": True}
        return asked

    def usage_of(self, answer: Mapping[str, Any]) -> TokenCounts | None:
        """See `Dialect`."""
        usage = answer.get("usage")
        return openai_counts(usage) if isinstance(usage, dict) else None

    def is_usage_only(self, event: Mapping[str, Any]) -> bool:
        """See `Dialect`. LiteLLM's usage event has a choice, with an empty delta."""
        choices = event.get("choices")
        if not choices:
            return True
        return isinstance(choices, list) and not any(_says_something(choice) for choice in choices)

    def texts_of(self, answer: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
        """See `Dialect`."""
        choices = answer.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if not isinstance(choice, dict):
                continue
            index = choice.get("index")
            place = index if isinstance(index, int) else 0
            said = choice.get("delta") or choice.get("message")
            if isinstance(said, dict):
                yield from ((place, text) for text in _written(said))

    def notice(self, model: str, text: str) -> Json:
        """See `Dialect`."""
        message = {"role": "assistant", "content": text, "refusal": None}
        return {
            **_frame("chat.completion", model),
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        }

    def notice_stream(self, model: str, text: str, *, with_usage: bool) -> bytes:
        """See `Dialect`."""
        frame = _frame("chat.completion.chunk", model)
        said = {"index": 0, "delta": {"role": "assistant", "content": text}, "logprobs": None, "finish_reason": None}
        end = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}
        events: list[Json] = [{**frame, "choices": [said]}, {**frame, "choices": [end]}]
        if with_usage:
            usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
            events.append({**frame, "choices": [], "usage": usage})
        return b"".join(b"data: " + orjson.dumps(event) + b"\n\n" for event in events) + b"data: [DONE]\n\n"


def openai_counts(usage: Mapping[str, Any]) -> TokenCounts | None:
    """Counts in OpenAI's names, clamped into their wholes; None where prompt or completion are missing or absurd.

    Some providers leave reasoning out of the completion's count; their total tells, and it is put back.
    """
    prompt, completion = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    if prompt is None or completion is None or prompt + completion == 0:
        return None
    cached = _count(_nested(usage, "prompt_tokens_details").get("cached_tokens")) or 0
    reasoning = _count(_nested(usage, "completion_tokens_details").get("reasoning_tokens")) or 0
    if reasoning and usage.get("total_tokens") == prompt + completion + reasoning:
        completion += reasoning
    return TokenCounts(prompt, min(cached, prompt), completion, min(reasoning, completion))


def _count(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_TOKENS_PER_REQUEST:
        return None
    return value


def _nested(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _whole_number(body: Json, field: str, most: int) -> int | None:
    value = body.get(field)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        written = f"{most:,}".replace(",", ".")
        raise InvalidInput(f"O campo '{field}' deve ser um número inteiro de 1 a {written}.", param=field)
    return value


def _dumped(value: object) -> str:
    return orjson.dumps(value).decode()


def _read_content(content: object, texts: list[str]) -> int:
    """Adds the texts of a message's content to `texts`; returns the flat tokens of its other parts."""
    if isinstance(content, str):
        texts.append(content)
        return 0
    if content is None:
        return 0
    parts = content if isinstance(content, list) else [content]
    return sum(_read_part(part, texts) for part in parts)


def _read_part(part: object, texts: list[str]) -> int:
    if not isinstance(part, dict):
        texts.append(part if isinstance(part, str) else _dumped(part))
        return 0
    kind = str(part.get("type", ""))
    if isinstance(part.get("text"), str):
        texts.append(part["text"])
        return 0
    if "image" in kind:
        return _TOKENS_PER_IMAGE
    if "audio" in kind:
        return 1 + _inner_characters(part) // _AUDIO_CHARACTERS_PER_TOKEN
    if "file" in kind:
        return 1 + _inner_characters(part) // _FILE_CHARACTERS_PER_TOKEN
    texts.append(_dumped(part))
    return 0


def _inner_characters(part: Mapping[str, Any]) -> int:
    inner = [value for value in part.values() if isinstance(value, dict)]
    return sum(len(text) for value in inner for text in value.values() if isinstance(text, str))


def _says_something(choice: object) -> bool:
    if not isinstance(choice, dict):
        return True
    delta = choice.get("delta")
    if choice.get("finish_reason") or choice.get("logprobs"):
        return True
    return isinstance(delta, dict) and any(value for key, value in delta.items() if key != "role")


def _written(said: Mapping[str, Any]) -> Iterable[str]:
    for key in _TEXT_KEYS:
        value = said.get(key)
        if isinstance(value, str):
            yield value
    calls = said.get("tool_calls")
    functions = [call.get("function") for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
    for function in [*functions, said.get("function_call")]:
        if isinstance(function, dict):
            yield from (function[key] for key in ("name", "arguments") if isinstance(function.get(key), str))


def _frame(kind: str, model: str) -> Json:
    return {"id": f"chatcmpl-{secrets.token_hex(12)}", "object": kind, "created": int(time.time()), "model": model}
