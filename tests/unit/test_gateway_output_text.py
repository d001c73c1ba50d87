"""Pictures and sound are counted flat, texts wherever they stand, and base64 never as text."""

from typing import Any

import pytest

from solaris.gateway.api.anthropic import MessagesShape
from solaris.gateway.api.output_text import TOKENS_PER_GENERATED_IMAGE, flat_output_in, texts_in, texts_in_choices
from solaris.gateway.api.responses import ResponsesShape

_IMAGE_TOKENS = TOKENS_PER_GENERATED_IMAGE
_PICTURE = "data:image/png;base64," + "iVBORw0KGgo/" * 50_000


@pytest.mark.parametrize(
    ("answer", "tokens"),
    [
        ({"choices": [{"delta": {"images": [{"type": "image_url", "image_url": {"url": _PICTURE}}] * 2}}]}, 2 * _IMAGE_TOKENS),
        ({"choices": [{"message": {"content": f"![]({_PICTURE}) e ![]({_PICTURE})"}}]}, 2 * _IMAGE_TOKENS),
        ({"choices": [{"message": {"content": [{"type": "image_url"}, {"type": "text", "text": "oi"}]}}]}, _IMAGE_TOKENS),
        ({"choices": [{"delta": {"audio": {"data": "A" * 64_000}}}]}, 20),
        ({"type": "response.output_audio.delta", "delta": "A" * 64_001}, 21),
        ({"type": "response.output_item.done", "item": {"type": "image_generation_call", "result": "x"}}, _IMAGE_TOKENS),
        ({"output": [{"type": "image_generation_call", "result": "x"}, {"type": "message"}]}, _IMAGE_TOKENS),
        ({"choices": [{"delta": {"content": "oi"}}, 5, {"delta": "x"}, {"message": {"audio": 3, "images": "x"}}]}, 0),
        ({"choices": 5, "output": "x"}, 0),
    ],
)  # fmt: skip
def test_pictures_and_sound_cost_flat_figures(answer: dict[str, Any], tokens: int) -> None:
    assert flat_output_in(answer) == tokens


def test_a_file_within_a_text_is_no_text() -> None:
    answer = {"choices": [{"index": 1, "message": {"content": f"antes {_PICTURE} depois"}}]}
    assert list(texts_in_choices(answer)) == [(1, "antes  depois")]


def test_nothing_odd_breaks_the_reading_and_nothing_is_read_too_deep() -> None:
    deep: Any = "fundo"
    for _ in range(50):
        deep = [deep]
    assert list(texts_in(deep)) == []
    odd = {"content": 5, "text": None, "thinking": [None, 3], "tool_calls": {"function": 7}, "input": {"a": 1}}
    assert list(texts_in(odd)) == ['{"a":1}']


def test_what_speech_says_is_text_and_its_sound_is_none() -> None:
    said = {"type": "response.output_audio_transcript.delta", "output_index": 0, "delta": "Olá"}
    sound = {"type": "response.output_audio.delta", "output_index": 0, "delta": "AAAA"}
    typed = {"type": "response.custom_tool_call_input.delta", "output_index": 1, "delta": "SELECT 1"}
    assert [list(ResponsesShape().texts_of(event)) for event in (said, sound, typed)] == [
        [(0, "Olá")],
        [],
        [(1, "SELECT 1")],
    ]


def test_the_summary_of_a_compaction_is_text() -> None:
    # https://docs.anthropic.com/en/build-with-claude/compaction
    begun = {"type": "content_block_start", "index": 0, "content_block": {"type": "compaction"}}
    summary = {"type": "content_block_delta", "index": 0, "delta": {"type": "compaction_delta", "content": "Resumo"}}
    whole = {
        "type": "message",
        "content": [{"type": "compaction", "content": "Resumo"}, {"type": "text", "text": "oi"}],
    }
    texts = [list(MessagesShape().texts_of(value)) for value in (begun, summary, whole)]
    assert texts == [[], [(0, "Resumo")], [(0, "Resumo"), (1, "oi")]]
