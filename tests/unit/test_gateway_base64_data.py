"""Base64 is known by one rule, whole or in pieces, in questions and answers."""

import base64
import random

import pytest

from solaris.gateway.api.base64_data import Base64Runs, is_base64, strip_base64

_BYTES = random.Random(5).randbytes(9_000)
_STANDARD = base64.b64encode(_BYTES).decode()
_URL_SAFE = base64.urlsafe_b64encode(_BYTES).decode()
_WORDS = "\n".join(["gato", "cachorro", "1234"] * 200)


@pytest.mark.parametrize("text", [_STANDARD, _URL_SAFE, base64.encodebytes(_BYTES).decode(), _STANDARD[:1_024]])
def test_base64_as_a_whole_is_known_in_both_alphabets_and_in_lines(text: str) -> None:
    assert is_base64(text)
    assert not is_base64(text[:1_023])
    assert not is_base64(text + " fim")
    assert not is_base64(text + "é")


def test_a_text_is_left_without_its_base64() -> None:
    text = f"antes ![](data:image/png;base64,{_STANDARD}) e {_URL_SAFE} depois"
    assert strip_base64(text) == ("antes ![]() e  depois", 2)
    for plain in (_WORDS, "palavra " * 1_000, "a" * 1_023, "日本語" * 2_000, "\ud800" * 2_000, ""):
        assert strip_base64(plain) == (plain, 0)


@pytest.mark.parametrize("escape", [False, True])
def test_pieces_are_counted_the_same_however_they_are_cut(escape: bool) -> None:
    text = f"antes data:image/png;base64,{_STANDARD} e {_URL_SAFE}, {'b' * 1_023} {'c' * 1_024} " + "palavra " * 300
    text += f"[data:audio/wav;base64,{_STANDARD}](data:image/png;base64,{_STANDARD[:1_500]}"
    raw = text.replace("/", "\\/" if escape else "/").encode()
    counts = set()
    for size in (1, 2, 511, 512, 1_023, 1_024, 1_025, 4_096, len(raw)):
        runs = Base64Runs()
        for place in range(0, len(raw), size):
            runs.feed(raw[place : place + size])
        before = runs.runs, runs.plain_bytes
        runs.end_string()
        assert before == (runs.runs, runs.plain_bytes)
        counts.add(before)
    assert counts == {(5, len("antes  e , ") + 1_023 + 2 + 2_400 + len("[]("))}


def test_strings_side_by_side_are_no_picture_together() -> None:
    runs = Base64Runs()
    for _ in range(50):
        runs.feed(b"a" * 1_000)
        runs.end_string()
    runs.feed(b"\\")
    runs.end_string()
    assert (runs.runs, runs.plain_bytes) == (0, 50_001)
