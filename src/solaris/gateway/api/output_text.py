"""Extracts model output from all known shapes: texts, and flat token figures for images and audio.

Used where no usage is reported. Base64 and unrecognised fields are not counted as text.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from solaris.gateway.api.base64_data import MIN_BASE64_CHARACTERS, strip_base64
from solaris.gateway.api.fields import dumped, nested, objects

# Gemini's count for a generated image (https://ai.google.dev/gemini-api/docs/image-generation).
TOKENS_PER_GENERATED_IMAGE = 1_290
# Speech costs 20 tokens per second (https://platform.openai.com/docs/guides/realtime-costs), which
# take 64,000 characters as base64 of PCM.
_AUDIO_CHARACTERS_PER_TOKEN = 3_200
# The first field present in each group counts: LiteLLM and OpenRouter repeat the same reasoning in
# several of them.
_TEXT_GROUPS = (
    ("content",),
    ("reasoning_content", "reasoning", "thinking", "thinking_blocks", "reasoning_details"),
    ("refusal",),
    ("text",),
    ("summary",),
    ("transcript",),
    ("name",),
    ("arguments",),
    ("input",),
    ("partial_json",),
    ("function", "function_call"),
    ("custom",),
    ("tool_calls",),
    ("audio",),
)
_MAX_DEPTH = 6


def texts_in(value: object, depth: int = 0) -> Iterator[str]:
    """All texts in a message, a delta, a part or a list of parts."""
    if isinstance(value, str):
        yield strip_base64(value)[0]
    elif depth >= _MAX_DEPTH:
        return
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one, depth + 1)
    elif isinstance(value, dict):
        yield from _texts_in_object(value, depth)


def _texts_in_object(value: Mapping[str, Any], depth: int) -> Iterator[str]:
    for group in _TEXT_GROUPS:
        for key in group:
            inner = value.get(key)
            if inner:
                if key == "input" and isinstance(inner, dict):
                    yield dumped(inner)
                else:
                    yield from texts_in(inner, depth + 1)
                break


def texts_in_choices(answer: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
    """(place, text) for all choices in an answer or stream event of chat or text completions."""
    for choice in objects(answer.get("choices")):
        index = choice.get("index")
        place = index if isinstance(index, int) else 0
        message = choice.get("delta") or choice.get("message")
        if type(message) is dict and len(message) <= 1 and "text" not in choice:
            # The common case: a delta with text only.
            content = message.get("content")
            if type(content) is str and len(content) < MIN_BASE64_CHARACTERS:
                yield place, content
                continue
        for text in (*texts_in(choice.get("text")), *texts_in(message)):
            if text:
                yield place, text


def flat_output_in(answer: Mapping[str, Any]) -> int:
    """The approximate tokens of images and audio in an answer or a stream event."""
    if "choices" in answer:
        return sum(
            _flat_in_message(choice.get("delta") or choice.get("message")) for choice in objects(answer.get("choices"))
        )
    kind = answer.get("type")
    if kind in ("response.audio.delta", "response.output_audio.delta"):
        return _audio_tokens(answer.get("delta"))
    if kind == "response.output_item.done":
        return _generated_image_tokens(nested(answer, "item"))
    return sum(_generated_image_tokens(item) for item in objects(answer.get("output")))


def _flat_in_message(message: object) -> int:
    if not isinstance(message, dict):
        return 0
    content = message.get("content")
    if isinstance(content, str):
        images = strip_base64(content)[1]
    else:
        images = sum("image" in str(part.get("type", "")) for part in objects(content))
    images += len(objects(message.get("images")))
    return images * TOKENS_PER_GENERATED_IMAGE + _audio_tokens(nested(message, "audio").get("data"))


def _audio_tokens(data: object) -> int:
    return -(-len(data) // _AUDIO_CHARACTERS_PER_TOKEN) if isinstance(data, str) else 0


def _generated_image_tokens(item: Mapping[str, Any]) -> int:
    return TOKENS_PER_GENERATED_IMAGE if item.get("type") == "image_generation_call" and item.get("result") else 0
