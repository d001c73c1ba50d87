"""Plans the answer to a question, the same for every API shape."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import orjson

from solaris.local.simulator.answers import Usage, Words, pieces
from solaris.local.simulator.behaviour import Behaviour
from solaris.local.simulator.schema_values import instance_of

MAX_CHOICES = 16
_EFFORTS: Mapping[str, int] = {"minimal": 8, "low": 32, "medium": 64, "high": 128, "xhigh": 256, "max": 256}
Json = dict[str, object]


class WrongRequest(ValueError):
    """The body is invalid; `param` names the field."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


@dataclass(frozen=True)
class ToolCall:
    """A call of one of the request's tools; `arguments` is JSON text."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Question:
    """A request, independent of its API shape. `form` is the JSON schema of the answer; `effort_tokens` the number of reasoning
    tokens, whose text is part of the answer if `shows_thought`."""

    model: str
    text: str
    input_tokens: int
    limit_tokens: int | None = None
    choices: int = 1
    tool_call: ToolCall | None = None
    is_streamed: bool = False
    usage_in_stream: bool = True
    form: Json | None = None
    effort_tokens: int = 0
    shows_thought: bool = False


@dataclass(frozen=True)
class Plan:
    """The whole answer, decided before its first byte."""

    id: str
    created: int
    model: str
    thought: str
    text: str
    tool_call: ToolCall | None
    was_cut: bool
    choices: int
    usage: Usage
    has_usage: bool

    def steps(self, words: Words) -> Iterator[tuple[int, int]]:
        """Total output tokens, and the reasoning tokens among them: first those of hidden reasoning, then as of each chunk."""
        shown = words.count(self.thought) * self.choices
        output = reasoning = self.usage.reasoning_tokens - shown
        yield output, reasoning
        for piece in pieces(self.thought):
            for _ in range(self.choices):
                output = reasoning = reasoning + words.count(piece)
                yield output, reasoning
        visible = self.usage.output_tokens - self.usage.reasoning_tokens
        for tokens in [visible // self.choices] if self.tool_call is not None else map(words.count, pieces(self.text)):
            for _ in range(self.choices):
                output = min(output + tokens, self.usage.output_tokens)
                yield output, reasoning


@dataclass(frozen=True)
class ApiShape:
    """One API shape: how requests are read, and how a plan is written, whole or as opening, chunks and closing.

    The number of `chunks` equals that of the plan's `steps` without the first.
    """

    read: Callable[[Json, Words], Question]
    whole: Callable[[Plan], Json]
    opening: Callable[[Plan], bytes]
    chunks: Callable[[Plan], Iterator[bytes]]
    closing: Callable[[Plan], bytes]
    error: Callable[[int, str, str | None], Json]


def planned(question: Question, behaviour: Behaviour, words: Words) -> Plan:
    """The answer to `question`: a text of the wanted length, cut at the limit, and its usage."""
    limit = question.limit_tokens
    wanted = behaviour.reasoning_tokens + question.effort_tokens
    reasoning = wanted if limit is None else min(wanted, limit)
    room = None if limit is None else limit - reasoning
    text, visible, was_cut = _text(question, behaviour, room, words)
    usage = Usage(
        input_tokens=question.input_tokens,
        output_tokens=(visible + reasoning) * question.choices,
        cached_tokens=min(behaviour.cached_tokens, question.input_tokens),
        reasoning_tokens=reasoning * question.choices,
    )
    return Plan(
        id=uuid.uuid4().hex, created=int(time.time()), model=question.model,
        thought=words.thought(min(question.effort_tokens, reasoning)) if question.shows_thought else "",
        text=text, tool_call=question.tool_call, was_cut=was_cut, choices=question.choices, usage=usage,
        has_usage=not behaviour.no_usage and (question.usage_in_stream or not question.is_streamed),
    )  # fmt: skip


def _text(question: Question, behaviour: Behaviour, room: int | None, words: Words) -> tuple[str, int, bool]:
    if question.tool_call is not None:
        call = question.tool_call
        return "", words.count(call.name) + words.count(call.arguments), False
    if behaviour.output_tokens is not None:
        text, tokens = "", behaviour.output_tokens
    else:
        text = words.greeting(question.model, question.text)
        if question.form is not None:
            text = _formed(question.form, text)
        tokens = words.count(text)
    if room is not None and tokens > room:
        cut = words.filler(room) if question.form is None or not text else words.cut(text, room)
        return cut, words.count(cut), True
    return text or words.filler(tokens), tokens, False


def _formed(form: Json, greeting: str) -> str:
    """A JSON text that fits the schema `form`; any object where it is empty."""
    value = instance_of(form) if form else {"resposta": greeting}
    return orjson.dumps(value).decode()


def effort_tokens(effort: object) -> int:
    """Reasoning tokens for this effort; few, so that demonstrations stay short."""
    return _EFFORTS.get(effort, 0) if isinstance(effort, str) else 0


def required_text(body: Json, name: str) -> str:
    """The non-empty text of a field.

    Raises:
        WrongRequest: the field is missing or no text.
    """
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise WrongRequest(f"you must provide a {name} parameter", name)
    return value


def optional_count(body: Json, *names: str, maximum: int = 10_000_000) -> int | None:
    """The first of these fields that is set, a whole number from 1 to `maximum`.

    Raises:
        WrongRequest: the value is no such number.
    """
    for name in names:
        value = body.get(name)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= maximum:
            raise WrongRequest(f"{name} must be a whole number from 1 to {maximum}", name)
        return value
    return None


def message_list(body: Json) -> list[Json]:
    """The `messages` field.

    Raises:
        WrongRequest: the field is missing, empty, or holds something other than messages.
    """
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(message, dict) for message in messages):
        raise WrongRequest("messages must be a list of messages, and not empty", "messages")
    return messages


def nested(value: object) -> Mapping[str, object]:
    """`value` where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}
