"""From a question to what will be answered, the same for every dialect of the API."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from solaris.local.simulator.answers import Usage, Words
from solaris.local.simulator.behaviour import Behaviour

MAX_CHOICES = 16
Json = dict[str, object]


class WrongRequest(ValueError):
    """The body can't be answered; `param` names the field."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


@dataclass(frozen=True)
class ToolCall:
    """A call of one of the tools that the request offered; `arguments` is JSON text."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Question:
    """What a request asks for, read from its dialect."""

    model: str
    text: str
    input_tokens: int
    limit_tokens: int | None = None
    choices: int = 1
    tool_call: ToolCall | None = None
    is_streamed: bool = False
    usage_in_stream: bool = True


@dataclass(frozen=True)
class Plan:
    """The whole answer, decided before its first byte."""

    id: str
    created: int
    model: str
    text: str
    tool_call: ToolCall | None
    was_cut: bool
    choices: int
    usage: Usage
    tells_usage: bool


@dataclass(frozen=True)
class Dialect:
    """One shape of the API: how it is read, and how a plan is written, whole or as opening, chunks and closing."""

    read: Callable[[Json, Words], Question]
    whole: Callable[[Plan], Json]
    opening: Callable[[Plan], bytes]
    chunks: Callable[[Plan], Iterator[bytes]]
    closing: Callable[[Plan], bytes]
    error: Callable[[int, str, str | None], Json]


def planned(question: Question, behaviour: Behaviour, words: Words) -> Plan:
    """The answer to `question`: its text of the wanted length, cut at its limit, and its usage."""
    limit = question.limit_tokens
    reasoning = behaviour.reasoning_tokens if limit is None else min(behaviour.reasoning_tokens, limit)
    room = None if limit is None else limit - reasoning
    text, visible, was_cut = _text(question, behaviour, room, words)
    usage = Usage(
        input_tokens=question.input_tokens,
        output_tokens=(visible + reasoning) * question.choices,
        cached_tokens=min(behaviour.cached_tokens, question.input_tokens),
        reasoning_tokens=reasoning * question.choices,
    )
    return Plan(
        id=uuid.uuid4().hex, created=int(time.time()), model=question.model, text=text, tool_call=question.tool_call,
        was_cut=was_cut, choices=question.choices, usage=usage,
        tells_usage=not behaviour.no_usage and (question.usage_in_stream or not question.is_streamed),
    )  # fmt: skip


def _text(question: Question, behaviour: Behaviour, room: int | None, words: Words) -> tuple[str, int, bool]:
    if question.tool_call is not None:
        call = question.tool_call
        return "", words.count(call.name) + words.count(call.arguments), False
    if behaviour.output_tokens is None:
        text = words.greeting(question.model, question.text)
        tokens = words.count(text)
    else:
        text, tokens = "", behaviour.output_tokens
    if room is not None and tokens > room:
        return words.filler(room), room, True
    return text or words.filler(tokens), tokens, False


def required_text(body: Json, name: str) -> str:
    """The non-empty text of a field.

    Raises:
        WrongRequest: it is missing or no text.
    """
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise WrongRequest(f"you must provide a {name} parameter", name)
    return value


def optional_count(body: Json, *names: str, most: int = 10_000_000) -> int | None:
    """The first of these fields that is set, a whole number from 1 to `most`.

    Raises:
        WrongRequest: it is no such number.
    """
    for name in names:
        value = body.get(name)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise WrongRequest(f"{name} must be a whole number from 1 to {most}", name)
        return value
    return None


def message_list(body: Json) -> list[Json]:
    """The `messages` field.

    Raises:
        WrongRequest: it is missing, empty, or holds something else than messages.
    """
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(message, dict) for message in messages):
        raise WrongRequest("messages must be a list of messages, and not empty", "messages")
    return messages


def nested(value: object) -> Mapping[str, object]:
    """`value` where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}
