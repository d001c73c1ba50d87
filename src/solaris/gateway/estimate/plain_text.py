"""Detects prompts of plain text: only these show how a provider's tokenizer differs from ours."""

from typing import Any

from solaris.gateway.api.base import Json
from solaris.gateway.api.litellm_params import USUAL_FIELDS

# Fields that providers rewrite before counting, or that add hidden tokens.
_NON_TEXT_FIELDS = frozenset(
    {
        "tools",
        "functions",
        "response_format",
        "text",
        "prompt",
        "thinking",
        "previous_response_id",
        "conversation",
        "prediction",
    }
)
_INSTRUCTIONS = frozenset({"system", "instructions"})
# The fields that each route reads as text; on other routes a server may read them uncounted.
_TEXT_FIELDS_BY_ROUTE = {
    "/v1/chat/completions": frozenset({"messages"}),
    "/v1/messages": frozenset({"messages", "system"}),
    "/v1/responses": frozenset({"input", "instructions"}),
    "/v1/embeddings": frozenset({"input"}),
}
_NO_FIELDS: frozenset[str] = frozenset()
_SETTINGS = USUAL_FIELDS - {"messages", "input", "system", "instructions"}
_MESSAGE_FIELDS = frozenset({"role", "content", "type", "id", "status", "name"})
_PART_FIELDS = frozenset({"type", "text", "annotations", "logprobs", "cache_control"})
# The maximal length of a setting's value or an id: a longer value may be a prompt.
_MAX_VALUE_CHARACTERS = 64
# Ids of a chat and a message, which models do not read.
_MAX_CHARACTERS_BY_FIELD = {"metadata": 512, "stream_options": 64}
_SHORT_SETTINGS = _SETTINGS - _MAX_CHARACTERS_BY_FIELD.keys()
_NUMBERS = (int, float, bool)
_EXTRA_FIELDS = _NON_TEXT_FIELDS | _INSTRUCTIONS
_EXTRA_MESSAGE_FIELDS = frozenset({"tool_calls", "function_call", "type"})
# A tuple: the type in a request may be a list, which cannot be looked up in a set.
_TEXT_TYPES = ("text", "input_text", "output_text")


def is_plain_text(body: Json, route: str) -> bool:
    """Whether the prompt consists of text messages: no tools, tool results, images, files, history.

    No other field may hold a text either: a text that the provider reads and we do not count would
    make the learned factor wrong.
    """
    if not _EXTRA_FIELDS.isdisjoint(body) and not _has_plain_extra_fields(body):
        return False
    read = _TEXT_FIELDS_BY_ROUTE.get(route, _NO_FIELDS)
    for name, value in body.items():
        if name in read or (name in _SHORT_SETTINGS and (type(value) in _NUMBERS or name == "model")):
            # The common case; `_is_setting` returns the same.
            continue
        if not _is_setting(name, value):
            return False
    messages = body.get("messages") or body.get("input")
    return _are_plain_messages(messages if isinstance(messages, list) else [{"content": messages}])


def _are_plain_messages(messages: list[Any]) -> bool:
    for message in messages:
        if not isinstance(message, dict) or message.get("role") in ("tool", "function"):
            return False
        if len(message) == 2 and "role" in message and isinstance(message.get("content"), str):
            # The common case.
            continue
        if not _is_plain_message(message):
            return False
    return True


def _is_setting(name: str, value: Any) -> bool:
    if value is True or not value:
        return True
    max_characters = _MAX_CHARACTERS_BY_FIELD.get(name)
    if max_characters is not None:
        return len(repr(value)) <= max_characters
    return name in _SETTINGS and (name == "model" or _is_short(value))


def _is_short(value: Any) -> bool:
    return not value or (
        len(value) <= _MAX_VALUE_CHARACTERS if isinstance(value, str) else isinstance(value, int | float)
    )


def _has_plain_extra_fields(body: Json) -> bool:
    if any(body.get(name) for name in _NON_TEXT_FIELDS):
        return False
    return all(_is_text(body.get(name)) for name in _INSTRUCTIONS)


def _is_plain_message(message: Json) -> bool:
    if not _EXTRA_MESSAGE_FIELDS.isdisjoint(message) and not _is_text_message(message):
        return False
    if not _MESSAGE_FIELDS.issuperset(message) or not all(
        _is_short(message.get(name)) for name in ("id", "status", "name")
    ):
        return False
    return _is_text(message.get("content"))


def _is_text_message(message: Json) -> bool:
    if message.get("tool_calls") or message.get("function_call"):
        return False
    return message.get("type") in (None, "message")


def _is_text(content: Any) -> bool:
    if content is None or isinstance(content, str):
        return True
    return isinstance(content, list) and all(
        isinstance(part, dict)
        and part.get("type") in _TEXT_TYPES
        and _PART_FIELDS.issuperset(part)
        and not (part.get("cache_control") or part.get("annotations") or part.get("logprobs"))
        for part in content
    )
