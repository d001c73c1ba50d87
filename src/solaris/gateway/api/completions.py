"""OpenAI's older text completions (https://platform.openai.com/docs/api-reference/completions)."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from solaris.domain.errors import InvalidInput
from solaris.gateway.api.base import MAX_OUTPUT_TOKENS, Json, OutputLimit, Prompt
from solaris.gateway.api.chat import ANSWER_START, INTERESTING_EVENT, MAX_CHOICES, MAX_EVENT_BYTES, finished_choices
from solaris.gateway.api.failures import choices_explain_no_text, failure_in_choices
from solaris.gateway.api.fields import (
    ask_in_stream_options,
    check_stream,
    objects,
    overwrite_user,
    plain_event,
    whole_number,
)
from solaris.gateway.api.output_text import texts_in_choices
from solaris.gateway.api.usage import usage_in

_MAX_PROMPTS = 2_048
# As the chat's: three for the message, one for its role, three for the answer.
_TOKENS_OF_A_MESSAGES_FRAME = 7
_NO_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


class CompletionsShape:
    """/v1/completions."""

    route = "/v1/completions"
    interesting_event = INTERESTING_EVENT
    begun = ANSWER_START
    max_event_bytes = MAX_EVENT_BYTES
    limit_fields = frozenset({"max_tokens", "n", "best_of"})
    supports_thinking = False
    usage_of = staticmethod(usage_in)
    finished_places = staticmethod(finished_choices)
    explains_no_text = staticmethod(choices_explain_no_text)
    error_of = staticmethod(failure_in_choices)
    texts_of = staticmethod(texts_in_choices)

    def check(self, body: Json) -> None:
        """See `ApiShape`."""
        check_token_input(body, "prompt")
        check_stream(body)

    def prompt(self, body: Json) -> Prompt:
        """See `ApiShape`. LiteLLM asks a chat model, as nearly all are, with each prompt as a message."""
        prompt = token_input(body["prompt"])
        framed = len(prompt.texts) * _TOKENS_OF_A_MESSAGES_FRAME
        if isinstance(body.get("suffix"), str):
            prompt.texts.append(body["suffix"])
        return Prompt(prompt.texts, prompt.flat_tokens + framed)

    def output_limit(self, body: Json) -> OutputLimit:
        """See `ApiShape`. Every prompt is answered `n` times; where `best_of` is larger, the unseen answers are charged too."""
        per_prompt = max(whole_number(body, field, MAX_CHOICES) or 1 for field in ("n", "best_of"))
        return OutputLimit(
            whole_number(body, "max_tokens", MAX_OUTPUT_TOKENS, minimum=0), per_prompt * _prompts_in(body["prompt"])
        )

    def limit_output(self, body: Json, tokens: int) -> None:
        """See `ApiShape`."""
        given = body.get("max_tokens")
        body["max_tokens"] = tokens if given is None else min(tokens, given)

    def prompt_echo_count(self, body: Json) -> int:
        """See `ApiShape`."""
        return whole_number(body, "n", MAX_CHOICES) or 1 if body.get("echo") is True else 0

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
        """See `ApiShape`. LiteLLM's usage event has a choice, with an index only."""
        return not any(
            choice.get("text") or choice.get("finish_reason") or choice.get("logprobs")
            for choice in objects(event.get("choices"))
        )

    def is_last(self, event: Mapping[str, Any]) -> bool:
        """See `ApiShape`. `[DONE]` is no JSON; the meter knows it."""
        return False

    def holds_answer(self, answer: Mapping[str, Any]) -> bool:
        """See `ApiShape`. A server that answers in the shape of a chat has answered too."""
        choices = objects(answer.get("choices"))
        return any(isinstance(choice.get("text"), str) or isinstance(choice.get("message"), dict) for choice in choices)

    def error_event(self, body: Json) -> bytes:
        """See `ApiShape`."""
        return plain_event(body)

    def notice(self, model: str, text: str) -> Json:
        """See `ApiShape`."""
        return {**_completion(model, [_choice(text, "stop")]), "usage": _NO_USAGE}

    def notice_stream(self, model: str, text: str, *, with_usage: bool) -> bytes:
        """See `ApiShape`."""
        events = [_completion(model, [_choice(text, None)]), _completion(model, [_choice("", "stop")])]
        if with_usage:
            events.append({**_completion(model, []), "usage": _NO_USAGE})
        same_id = events[0]["id"]
        return b"".join(plain_event({**event, "id": same_id}) for event in events) + b"data: [DONE]\n\n"


def check_token_input(body: Json, field: str) -> None:
    """Raises InvalidInput where the field is no text, no list of texts, no tokens, no list of them."""
    given = body.get(field)
    if isinstance(given, str):
        return
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_EVENT_BYTES or not _is_uniform(given):
        raise InvalidInput(
            f"O campo '{field}' é obrigatório: um texto, uma lista de textos, ou listas de tokens.", param=field
        )
    if not isinstance(given[0], int) and len(given) > _MAX_PROMPTS:
        raise InvalidInput(f"O campo '{field}' admite até 2.048 textos por chamada.", param=field)


def token_input(given: Any) -> Prompt:
    """What `check_token_input` has let through: texts to be counted, tokens as they are."""
    if isinstance(given, str):
        return Prompt([given], 0)
    texts = [one for one in given if isinstance(one, str)]
    numbers = sum(len(one) if isinstance(one, list) else 1 for one in given if not isinstance(one, str))
    return Prompt(texts, numbers)


def _is_uniform(given: list[Any]) -> bool:
    if all(isinstance(one, str) for one in given) or _are_tokens(given):
        return True
    return all(isinstance(one, list) and one and _are_tokens(one) for one in given)


def _are_tokens(given: list[Any]) -> bool:
    return all(isinstance(one, int) and not isinstance(one, bool) for one in given)


def _prompts_in(given: Any) -> int:
    return len(given) if isinstance(given, list) and not isinstance(given[0], int) else 1


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
