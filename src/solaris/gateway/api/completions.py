"""OpenAI's older text completions (https://platform.openai.com/docs/api-reference/completions)."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from solaris.domain.errors import InvalidInput
from solaris.gateway.api.base import MAX_OUTPUT_TOKENS, Json, OutputLimit, Prompt
from solaris.gateway.api.choices import MAX_CHOICES, ZERO_USAGE, ChoicesShape
from solaris.gateway.api.fields import check_stream, objects, whole_number
from solaris.gateway.api.sse import plain_event

_MAX_ITEMS = 1_048_576
_MAX_PROMPTS = 2_048
# As in a chat: three for the message, one for its role, three for the answer.
_MESSAGE_FRAME_TOKENS = 7


class CompletionsShape(ChoicesShape):
    """/v1/completions."""

    route = "/v1/completions"
    limit_fields = frozenset({"max_tokens", "n", "best_of"})

    def check(self, body: Json) -> None:
        """See `ApiShape`."""
        check_token_input(body, "prompt")
        check_stream(body)

    def prompt(self, body: Json) -> Prompt:
        """See `ApiShape`. LiteLLM sends each prompt as a message to chat models."""
        prompt = token_input(body["prompt"])
        framed = len(prompt.texts) * _MESSAGE_FRAME_TOKENS
        if isinstance(body.get("suffix"), str):
            prompt.texts.append(body["suffix"])
        return Prompt(prompt.texts, prompt.flat_tokens + framed)

    def output_limit(self, body: Json) -> OutputLimit:
        """See `ApiShape`.

        Each prompt has `n` answers, or `best_of`, whose unseen ones are charged.
        """
        per_prompt = max(whole_number(body, field, MAX_CHOICES) or 1 for field in ("n", "best_of"))
        return OutputLimit(
            whole_number(body, "max_tokens", MAX_OUTPUT_TOKENS, minimum=0), per_prompt * _prompts_in(body["prompt"])
        )

    def limit_output(self, body: Json, tokens: int) -> None:
        """See `ApiShape`."""
        value = body.get("max_tokens")
        body["max_tokens"] = tokens if value is None else min(tokens, value)

    def prompt_echo_count(self, body: Json) -> int:
        """See `ApiShape`."""
        return whole_number(body, "n", MAX_CHOICES) or 1 if body.get("echo") is True else 0

    def is_usage_only(self, event: Mapping[str, Any]) -> bool:
        """See `ApiShape`. LiteLLM's usage event has one choice with only an index."""
        return not any(
            choice.get("text") or choice.get("finish_reason") or choice.get("logprobs")
            for choice in objects(event.get("choices"))
        )

    def holds_answer(self, answer: Mapping[str, Any]) -> bool:
        """See `ApiShape`. An answer in the shape of a chat is accepted too."""
        choices = objects(answer.get("choices"))
        return any(isinstance(choice.get("text"), str) or isinstance(choice.get("message"), dict) for choice in choices)

    def notice(self, model: str, text: str) -> Json:
        """See `ApiShape`."""
        return {**_completion(model, [_choice(text, "stop")]), "usage": ZERO_USAGE}

    def notice_stream(self, model: str, text: str, *, with_usage: bool) -> bytes:
        """See `ApiShape`."""
        events = [_completion(model, [_choice(text, None)]), _completion(model, [_choice("", "stop")])]
        if with_usage:
            events.append({**_completion(model, []), "usage": ZERO_USAGE})
        same_id = events[0]["id"]
        return b"".join(plain_event({**event, "id": same_id}) for event in events) + b"data: [DONE]\n\n"


def check_token_input(body: Json, field: str) -> None:
    """Raises InvalidInput unless the field is a text, texts, tokens or lists of tokens."""
    value = body.get(field)
    if isinstance(value, str):
        return
    if not isinstance(value, list) or not 1 <= len(value) <= _MAX_ITEMS or not _is_uniform(value):
        raise InvalidInput(
            f"O campo '{field}' é obrigatório: um texto, uma lista de textos, ou listas de tokens.", param=field
        )
    if not isinstance(value[0], int) and len(value) > _MAX_PROMPTS:
        raise InvalidInput(f"O campo '{field}' admite até 2.048 textos por chamada.", param=field)


def token_input(value: Any) -> Prompt:
    """The prompt in a field that passed `check_token_input`: texts, and tokens as flat tokens."""
    if isinstance(value, str):
        return Prompt([value], 0)
    texts = [one for one in value if isinstance(one, str)]
    numbers = sum(len(one) if isinstance(one, list) else 1 for one in value if not isinstance(one, str))
    return Prompt(texts, numbers)


def _is_uniform(value: list[Any]) -> bool:
    if all(isinstance(one, str) for one in value) or _are_tokens(value):
        return True
    return all(isinstance(one, list) and one and _are_tokens(one) for one in value)


def _are_tokens(value: list[Any]) -> bool:
    return all(isinstance(one, int) and not isinstance(one, bool) for one in value)


def _prompts_in(value: Any) -> int:
    return len(value) if isinstance(value, list) and not isinstance(value[0], int) else 1


def _choice(text: str, finish: str | None) -> Json:
    return {"index": 0, "text": text, "logprobs": None, "finish_reason": finish}


def _completion(model: str, choices: list[Json]) -> Json:
    return {
        "id": f"cmpl-{secrets.token_hex(12)}",
        "object": "text_completion",
        "created": int(time.time()),
        "model": model,
        "choices": choices,
    }
