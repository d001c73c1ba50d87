"""Long texts are counted in slices, and as if they had been counted whole."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from solaris.gateway.estimate import text_slices, tokenizer
from solaris.gateway.estimate.text_slices import SEPARATOR, SLICE_CHARACTERS, UNBROKEN_CHARACTERS, joined, slice_ends
from solaris.gateway.estimate.tokenizer import Tokenizer

VOCABULARIES = ("o200k_base", "cl100k_base")
# A token or two for each cut of a text without any place to cut.
LEEWAY = 2

whole = Tokenizer()
# What the patterns of the vocabularies tell apart, and what lies between: marks, letters of no case, digits that are no decimals,
# blanks that are none in ASCII, a joiner, half a surrogate pair, contractions.
CHARACTERS = "abZéßſ的中あーक्ไΩ1²Ⅳ٣ \n\r\t\x0b\x1c\x85\xa0\u2028\u3000'/-_.,\"(){}[]~#=*。，！👍🏽😀\u0301\u200d\ud800"
CONTRACTIONS = ("'s", "'S", "'ll", "’s")
pieces = st.sampled_from([*CHARACTERS, *CONTRACTIONS, "\r\n", "  ", "Palavra", " palavra", "0000", "-" * 16, "\n\n\n"])
words = st.lists(pieces | st.characters(), min_size=1, max_size=30).map("".join)


def _slices(text: str) -> list[str]:
    ends = list(slice_ends(text))
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _whole(text: str, vocabulary: str) -> int:
    counter = whole._vocabulary(vocabulary)
    return tokenizer._counted(counter, text)


@pytest.fixture(scope="module")
def short_slices() -> Iterator[None]:
    """Slices of 7 characters, so that short texts have many cuts; nothing is cut where no cut is safe."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_slices, "SLICE_CHARACTERS", 7)
        yield


@pytest.mark.usefixtures("short_slices")
@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@given(st.lists(words, min_size=1, max_size=20).map("".join))
@settings(max_examples=400, deadline=None)
@example("it's 'its' it's it's it's it's")
@example("  1  1  1  1  1  1  1  1  1  1  1")
@example("a\n/b\n/c/\n/d\n\n  e\r\n\r\nf   \n g")
def test_safe_cuts_change_no_count(vocabulary: str, text: str) -> None:
    cut = _slices(text)
    assert "".join(cut) == text
    assert sum(_whole(part, vocabulary) for part in cut) == _whole(text, vocabulary)


@pytest.mark.usefixtures("short_slices")
@given(st.lists(words, min_size=5, max_size=20).map("".join), words)
@settings(max_examples=200, deadline=None)
def test_a_text_that_grew_keeps_the_slices_that_it_had(text: str, more: str) -> None:
    before, after = _slices(text), _slices(text + more)
    # The last but one may have ended where the text did not go on.
    assert after[: len(before) - 1] == before[:-1]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@given(st.lists(words, max_size=30))
@settings(max_examples=300, deadline=None)
def test_texts_joined_with_separators_count_what_they_do_alone(vocabulary: str, texts: list[str]) -> None:
    together = list(joined(texts))
    separators = sum(number for _, number in together)
    assert len(together) + separators == len(texts)
    counted = sum(_whole(text, vocabulary) for text, _ in together)
    expected = sum(_whole(text, vocabulary) for text in texts)
    assert counted - separators * _whole(SEPARATOR, vocabulary) == expected


def _repeated(unit: str, characters: int) -> str:
    return (unit * (characters // len(unit) + 1))[:characters]


RUNS: dict[str, Callable[[int], str]] = {
    "one letter": lambda n: "a" * n,
    "blanks": lambda n: " " * n,
    "line ends": lambda n: "\n" * n,
    "hyphens": lambda n: "-" * n,
    "equals signs": lambda n: "=" * n,
    "digits": lambda n: _repeated("3141592653589793238462643383279", n),
    "one ideograph": lambda n: "的" * n,
    "ideographs": lambda n: _repeated("天地玄黄宇宙洪荒日月盈昃辰宿列張", n),
    "emoji": lambda n: _repeated("😀👍🏽🎉", n),
    "marks": lambda n: "a" + "\u0301" * (n - 1),
    "words without blanks": lambda n: _repeated("ordenaçãodostextos", n),
    "blanks and line ends": lambda n: _repeated("  \n", n),
}


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
@pytest.mark.parametrize("kind", RUNS)
def test_a_run_without_a_place_to_cut_is_off_by_a_token_or_two_for_each_cut(kind: str, vocabulary: str) -> None:
    for characters in (SLICE_CHARACTERS + 1, UNBROKEN_CHARACTERS, 2 * UNBROKEN_CHARACTERS + 77):
        text = RUNS[kind](characters)
        cuts = (characters - 1) // UNBROKEN_CHARACTERS
        counted = Tokenizer().count([text], vocabulary)
        assert abs(counted - _whole(text, vocabulary)) <= LEEWAY * cuts, (characters, cuts)


@given(st.lists(words, min_size=3, max_size=12), st.integers(100, 400), st.sampled_from(VOCABULARIES))
@settings(max_examples=25, deadline=None)
def test_long_texts_count_what_they_would_whole_at_once_and_beside_the_loop(
    parts: list[str], times: int, vocabulary: str
) -> None:
    text = "".join(part * times for part in parts)
    expected = _whole(text, vocabulary)
    leeway = LEEWAY * (len(text) // UNBROKEN_CHARACTERS)
    assert abs(Tokenizer().count([text], vocabulary) - expected) <= leeway
    assert abs(asyncio.run(Tokenizer().count_long([text], vocabulary)) - expected) <= leeway
