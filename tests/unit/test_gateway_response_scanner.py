"""What is found in an answer of any length while it passes, in whatever pieces it comes."""

import base64
import random
import tracemalloc
from typing import Any

import orjson
import pytest

from solaris.gateway.usage.response_scanner import ResponseScanner

USAGE = {"prompt_tokens": 7, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 2}}
TRICKY = 'ele disse: \\"usage\\": {"prompt_tokens": 1} \\\\ "usage":{"a":1} [}]{ \u00e9 \n'
VECTORS = {
    "object": "list",
    "data": [{"object": "embedding", "embedding": [0.1] * 50, "index": 0}],
    "model": "m",
    "usage": USAGE,
}
ANSWERS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (VECTORS, {"object": "list", "model": "m", "usage": USAGE}),
    ({"usage": USAGE, "model": "m", "data": VECTORS["data"]}, {"usage": USAGE, "model": "m"}),
    ({"choices": [{"message": {"content": TRICKY * 20}}], "usage": USAGE}, {"usage": USAGE}),
    ({TRICKY: 1, "usage": USAGE}, {"usage": USAGE}),
    (
        {"choices": [{"message": {"content": "x", "usage": {"a": 1}}, "usage": USAGE}]},
        {"choices": [{"usage": USAGE}]},
    ),
    ({"choices": [{"usage": {"a": 1}}], "usage": USAGE}, {"usage": USAGE}),
    ({"output": [{"arguments": {"usage": {"a": 1}}}], "metadata": {"usage": {"a": 1}}}, {}),
    ({"x_groq": {"id": "r", "usage": USAGE}, "choices": []}, {"x_groq": {"id": "r", "usage": USAGE}}),
    ({"error": {"message": TRICKY, "code": 500}}, {"error": {"message": TRICKY, "code": 500}}),
    ({"error": TRICKY * 40, "usage": None}, {"error": TRICKY * 40}),
    ({"content": [{"type": "tool_use", "input": {"usage": {"input_tokens": 1}}}], "usage": USAGE}, {"usage": USAGE}),
]


def scanned(raw: bytes, cuts: list[int]) -> ResponseScanner:
    scanner = ResponseScanner()
    for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True):
        scanner.feed(raw[start:end])
    return scanner


@pytest.mark.parametrize(("answer", "expected"), ANSWERS)
@pytest.mark.parametrize("pretty", [0, orjson.OPT_INDENT_2])
def test_only_what_stands_in_the_right_place_is_found_whatever_the_pieces(
    answer: dict[str, Any], expected: dict[str, Any], pretty: int
) -> None:
    raw = orjson.dumps(answer, option=pretty)
    cuts_at = random.Random(7)
    everywhere = list(range(1, len(raw)))
    cuts = [[], everywhere, *([place] for place in everywhere[:400])]
    cuts += [sorted(cuts_at.sample(everywhere, min(len(everywhere), 9))) for _ in range(200)]
    for places in cuts:
        found = scanned(raw, places).found()
        if "error" in expected and len(str(expected["error"])) > 1_000:
            # A text of a kilobyte need not be found in every piece-meal.
            found = {**expected, **found}
        assert found == expected, places


def test_the_bytes_of_what_the_model_wrote_are_counted_whatever_the_pieces() -> None:
    words = "palavra " * 2_000
    answer = {"id": "x" * 500, "choices": [{"message": {"content": words}, "logprobs": [{"token": "palavra"}] * 50}]}
    raw = orjson.dumps(answer)
    for size in (1, 100, 1_023, 1_024, 1_025, 5_000, len(raw)):
        assert scanned(raw, list(range(size, len(raw), size))).text_bytes == len(words), size


@pytest.mark.parametrize("head", ["", "data:image/png;base64,", "![desenho](data:image/jpeg;base64,"])
@pytest.mark.parametrize("key", ["content", "b64_json", "url"])
@pytest.mark.parametrize(("length", "is_picture"), [(1_000, False), (1_100, True), (4_000, True), (70_000, True)])
def test_pictures_are_found_whatever_the_pieces(head: str, key: str, length: int, is_picture: bool) -> None:
    picture = head + base64.b64encode(random.Random(length).randbytes(length)).decode()[:length]
    picture += ")" if head.startswith("!") else ""
    answer = {"choices": [{"message": {key: picture, "text": "oi"}}, {"message": {key: picture}}]}
    raw = orjson.dumps(answer)
    plain = len("![desenho]()") * head.startswith("!") if is_picture else len(picture)
    text = 2 + (2 * plain if key == "content" else 0)
    for size in (1, 100, 1_023, 1_024, 1_025, 4_095, 4_096, 65_536, len(raw)):
        scanner = scanned(raw, list(range(size, len(raw), size)))
        assert (scanner.images, scanner.text_bytes) == (2 * is_picture, text), size


def test_text_that_breaks_off_is_counted_and_encrypted_reasoning_is_not() -> None:
    raw = orjson.dumps({"content": [{"signature": "A" * 9_000, "text": "palavra " * 1_000}]})
    for size in (7, 1_024, 8_000, len(raw)):
        scanner = scanned(raw[:-500], list(range(size, len(raw) - 500, size)))
        assert scanner.images == 0
        assert 7_400 < scanner.text_bytes <= 7_504, size


@pytest.mark.parametrize(
    "junk", [b"<html>" * 99, b"}}}]]]" * 99, b'"' * 999, b"\\" * 999, b"[" * 9_999, b"\xff\x00{" * 99]
)
def test_what_is_no_json_is_read_without_harm(junk: bytes) -> None:
    scanner = scanned(junk, list(range(5, len(junk), 5)))
    assert scanner.found() == {}


def test_memory_stays_flat_whatever_is_long() -> None:
    scanner = ResponseScanner()
    scanner.feed(b'{"usage": {"a": "')
    tracemalloc.start()
    for _ in range(200):
        scanner.feed(b"x" * 65_536)
    scanner.feed(b'"}, "error": {"b": [')
    for _ in range(200):
        scanner.feed(b"0.123456," * 7_000)
    scanner.feed(b"0]}, " + orjson.dumps({"model": "m"})[1:])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert scanner.found() == {"model": "m"}
    assert peak < 1_000_000
