"""Cuts long texts where the parts, counted one by one, have as many tokens as the whole."""

import re
from collections.abc import Iterable, Iterator

# 1 ms of counting for ordinary text, 30 ms for the slowest known.
SLICE_CHARACTERS = 48_000
# A multiple of the three digits that make one piece, and of every power of two up to 65,536: such are the tokens of long runs.
UNBROKEN_CHARACTERS = 3 * 2**16

# Both vocabularies first split a text into pieces (words with what stands before them, three digits, punctuation with the line ends
# after it, white space) and then look at each piece alone. Between these two characters a piece always ends, and what comes before
# is split the same way without what comes after:
# - anything but white space, and a blank;
# - a line end, and a letter or digit;
# - a letter or digit, and a line end or punctuation (but the apostrophe, which may begin the end of a word: "it's");
# - a digit and a letter, and the other way round.
# Source: the patterns of `cl100k_base` and `o200k_base` in github.com/openai/tiktoken, tiktoken_ext/openai_public.py.
_SAFE_CUT = re.compile(
    r"\S |\n[^\W_]|[^\W_][\n!-&(-/:-@\[-`{-~\u3001\u3002\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]|[0-9][A-Za-z]|[A-Za-z][0-9]"
)

# Between a text that ends in no white space and one that begins with a letter or digit: both its ends are safe cuts.
SEPARATOR = " a\n"
_ENDS_SAFELY = re.compile(r"\S\Z")
_BEGINS_SAFELY = re.compile(r"[^\W_]")


def slice_ends(text: str) -> Iterator[int]:
    """The ends of the text's slices in order; the last is the text's.

    A slice has 48,000 characters, and more up to the next safe cut. Where 196,608 characters have none (no blank, no punctuation,
    no digit beside a letter), the text is cut there: each such cut may count a token or two more or less than the whole.

    A text that begins like another has the same slices up to where they differ.
    """
    start = 0
    while len(text) - start > SLICE_CHARACTERS:
        found = _SAFE_CUT.search(text, start + SLICE_CHARACTERS - 1, start + UNBROKEN_CHARACTERS + 1)
        if found is not None:
            start = found.start() + 1
        elif len(text) - start > UNBROKEN_CHARACTERS:
            start += UNBROKEN_CHARACTERS
        else:
            break
        yield start
    yield len(text)


def joined(texts: Iterable[str]) -> Iterator[tuple[str, int]]:
    """The texts in fewer ones of up to 48,000 characters, and how many separators each holds.

    Such a text has the tokens of its parts and of its separators. Texts whose ends are no safe cuts stay alone.
    """
    group: list[str] = []
    characters = 0
    for text in texts:
        fits = characters + len(text) <= SLICE_CHARACTERS and _BEGINS_SAFELY.match(text)
        if group and not (fits and _ENDS_SAFELY.search(group[-1], len(group[-1]) - 1)):
            yield SEPARATOR.join(group), len(group) - 1
            group, characters = [], 0
        group.append(text)
        characters += len(text) + len(SEPARATOR)
    if group:
        yield SEPARATOR.join(group), len(group) - 1
