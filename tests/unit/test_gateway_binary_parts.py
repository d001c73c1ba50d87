"""Binaries are estimated flat, in every kind of part and on every route; texts are counted as texts, however they look."""

import base64
from typing import Any

import pytest
from tests.counted_prompts import counted_prompt

from solaris.domain.errors import InvalidInput
from solaris.gateway.api.anthropic import MessagesShape
from solaris.gateway.api.chat import ChatShape
from solaris.gateway.api.responses import ResponsesShape
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.models.catalogue import Model

TOKENIZER = Tokenizer()
# 320 kB of what no tokenizer finds words in.
DATA = base64.b64encode(bytes((i * i * 7 + i // 3) % 256 for i in range(240_000))).decode()
LINES = "\n".join(DATA[at : at + 76] for at in range(0, len(DATA), 76))
URL_SAFE = DATA.replace("+", "-").replace("/", "_").rstrip("=")
PDF = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": DATA}}
BINARIES: list[dict[str, Any]] = [
    {"type": "video_url", "video_url": {"url": f"data:video/mp4;base64,{DATA}"}},
    {"type": "input_video", "input_video": {"data": DATA, "format": "mp4"}},
    {"type": "video", "video": DATA},
    {"type": "video", "source": {"type": "base64", "media_type": "video/mp4", "data": LINES}},
    {"type": "media", "mimeType": "application/pdf", "data": URL_SAFE},
    {"type": "document_url", "document_url": f"data:application/pdf;base64,{DATA}"},
    {"inlineData": {"mimeType": "image/png", "data": DATA}},
    {"inline_data": {"mime_type": "video/mp4", "data": DATA}},
    {"type": "web_fetch_tool_result", "tool_use_id": "t",
     "content": {"type": "web_fetch_result", "url": "https://a.br", "content": PDF}},
    {"type": "some_new_kind", "payload": [{"inner": {"blob": DATA}}]},
    {"type": "mcp_tool_result", "content": [{"type": "resource", "resource": {"blob": DATA, "mimeType": "application/zip"}}]},
    {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "video", "video": DATA}]},
    {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "resource", "resource": {"blob": DATA}}]},
    {"type": "text", "inlineData": {"data": DATA}},
]  # fmt: skip


def asked(route: str, content: Any) -> int:
    message = [{"role": "user", "content": content}]
    if route == "chat":
        return counted_prompt(ChatShape(), {"messages": message}, Model("m"), TOKENIZER)
    if route == "messages":
        return counted_prompt(MessagesShape(), {"messages": message, "max_tokens": 9}, Model("m"), TOKENIZER)
    return counted_prompt(ResponsesShape(), {"input": message}, Model("m"), TOKENIZER)


ROUTES = ("chat", "responses", "messages")


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("part", BINARIES, ids=lambda part: str(part.get("type", next(iter(part)))))
def test_a_binary_is_estimated_flat_whatever_part_holds_it(route: str, part: dict[str, Any]) -> None:
    plain = asked(route, [{"type": "text", "text": "veja"}])
    assert 900 < asked(route, [{"type": "text", "text": "veja"}, part]) - plain < 2_200


@pytest.mark.parametrize("route", ROUTES)
def test_the_text_beside_a_binary_is_counted(route: str) -> None:
    words = "palavras que o modelo lê " * 200
    counted = asked(route, [{"type": "text", "text": words}]) - asked(route, [])
    for key in ("text", "caption", "title"):
        part = {"type": "video", "video": DATA, key: words}
        assert counted <= asked(route, [part]) - asked(route, []) < counted + 2_100
    named = {"type": "video_url", "video_url": {"url": "https://a.br/v.mp4"}}
    assert 2_000 <= asked(route, [named]) - asked(route, []) < 2_100


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "part",
    [
        {"type": "text", "text": DATA},
        {"type": "text", "text": f"data:image/png;base64,{DATA}"},
        {"text": DATA},
        {"type": "some_new_kind", "text": DATA},
        {"type": "some_new_kind", "inner": {"text": DATA}},
        {"type": "thinking", "thinking": DATA},
        {"type": "tool_use", "id": "t", "name": "f", "input": {"a": DATA}},
        {"type": "server_tool_use", "id": "t", "name": "f", "input": {"a": f"data:video/mp4;base64,{DATA}"}},
        {"type": "tool_result", "tool_use_id": "t", "content": DATA},
        {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": DATA}]},
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": DATA}},
        {"type": "some_new_kind", "source": {"type": "text", "media_type": "text/plain", "data": DATA}},
        {"type": "search_result", "title": DATA, "content": [{"type": "text", "text": "a"}]},
        DATA,
    ],
)  # fmt: skip
def test_what_a_model_reads_as_text_is_text_whatever_it_looks_like(route: str, part: Any) -> None:
    assert asked(route, [part]) > 100_000
    assert asked(route, DATA) > 100_000


@pytest.mark.parametrize("route", ROUTES)
def test_words_without_spaces_are_no_binary_where_a_part_is_unknown(route: str) -> None:
    words = "este texto não é binário. " * 12_000
    assert asked(route, [{"type": "some_new_kind", "body": words}]) > 50_000


@pytest.mark.parametrize("route", ROUTES)
def test_text_that_is_sent_encoded_costs_about_what_it_holds(route: str) -> None:
    for part in (
        {"type": "file", "file": {"file_data": f"data:text/plain;base64,{DATA}"}},
        {"type": "media", "mimeType": "text/plain", "data": DATA},
        {"type": "document", "source": {"type": "base64", "media_type": "text/plain", "data": DATA}},
    ):
        assert 60_000 < asked(route, [part]) < 70_000


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "part",
    [
        {"type": "audio", "data": "A" * 64_000, "mimeType": "audio/wav"},
        {"type": "audio", "data": "A" * 64_000},
        {"type": "input_audio", "data": "A" * 64_000},
        {"type": "input_audio", "input_audio": {"data": "A" * 64_000, "format": "wav"}},
        {"type": "audio", "source": {"type": "base64", "media_type": "audio/wav", "data": "A" * 64_000}},
        {"type": "audio_url", "audio_url": "data:audio/wav;base64," + "A" * 64_000},
    ],
)
def test_sound_costs_what_its_length_says_wherever_it_stands(route: str, part: dict[str, Any]) -> None:
    empty = asked(route, [])
    assert 11 <= asked(route, [part]) - empty <= 12
    inside = {"type": "tool_result", "tool_use_id": "t", "content": [part]}
    assert 11 <= asked(route, [inside]) - empty <= 12


def test_the_words_beside_a_sound_are_counted_once() -> None:
    spoken = {"type": "audio", "data": "A" * 64_000, "text": "palavra " * 6_400}
    words = {"type": "text", "text": "palavra " * 6_400}
    assert 11 <= asked("messages", [spoken]) - asked("messages", [words]) <= 12


def test_no_file_is_estimated_larger_than_ten_pages() -> None:
    scan = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": DATA * 20}}
    assert 20_000 <= asked("messages", [scan]) < 20_100


def test_items_of_a_response_hold_binaries_too_but_their_calls_are_text() -> None:
    def items(*given: dict[str, Any]) -> int:
        return counted_prompt(ResponsesShape(), {"input": list(given)}, Model("m"), TOKENIZER)

    assert items({"type": "input_image", "image_url": f"data:image/png;base64,{DATA}"}) < 2_200
    assert items({"type": "some_call", "result": DATA}) < 2_200
    assert items({"type": "function_call", "name": "f", "arguments": DATA}) > 100_000
    assert items({"type": "function_call_output", "call_id": "c", "output": DATA}) > 100_000


@pytest.mark.parametrize("route", ROUTES)
def test_search_results_that_come_back_sealed_cost_about_what_they_hold(route: str) -> None:
    found = {"type": "web_search_result", "url": "https://a.br", "title": "a", "encrypted_content": DATA[:60_000]}
    part = {"type": "web_search_tool_result", "tool_use_id": "t", "content": [found]}
    assert 10_000 < asked(route, [part]) < 10_200


@pytest.mark.parametrize("route", ROUTES)
def test_parts_of_any_depth_are_read_or_refused(route: str) -> None:
    deep: Any = DATA
    for _ in range(300):
        deep = {"type": "some_new_kind", "inner": deep}
    with pytest.raises(InvalidInput, match="aninhados"):
        asked(route, [deep])
