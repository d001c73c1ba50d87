"""Cuts long texts so that the token counts of the parts add up to that of the whole."""

import re
from collections.abc import Iterable, Iterator

# 1 ms of counting for ordinary text, 30 ms for the slowest known.
SLICE_CHARACTERS = 48_000
# A multiple of 3, the digits of one piece, and of all powers of two up to 65,536, the token lengths
# in long runs.
UNBROKEN_CHARACTERS = 3 * 2**16

# Both vocabularies first split a text into pieces (words with the character before them, three
# digits, punctuation with the line ends after it, white space) and then tokenize each piece
# separately. Between these pairs of characters a piece always ends, and the text before is split
# the same way without the text after:
# - anything but white space, and a blank;
# - a line end, and a letter or digit;
# - a letter or digit, and a line end or punctuation, except the apostrophe ("it's");
# - a digit and a letter, in either order.
# Source: the patterns of `cl100k_base` and `o200k_base` in github.com/openai/tiktoken,
# tiktoken_ext/openai_public.py.
_SAFE_CUT = re.compile(
    r"\S |\n[^\W_]|[^\W_][\n!-&(-/:-@\[-`{-~\u3001\u3002\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]|[0-9][A-Za-z]|[A-Za-z][0-9]"
)

# After a text that does not end in white space and before one that starts with a letter or digit,
# both ends of the separator are safe cuts.
SEPARATOR = " a\n"
_ENDS_SAFELY = re.compile(r"\S\Z")
_BEGINS_SAFELY = re.compile(r"[^\W_]")


def slice_ends(text: str) -> Iterator[int]:
    """The ends of the text's slices in order; the last is the end of the text.

    A slice has 48,000 characters, plus those up to the next safe cut. Where 196,608 characters have
    none (no blank, no punctuation, no digit beside a letter), the text is cut there: each such cut
    may change the count by a token or two.

    Texts with a common prefix have the same slices up to the first difference.
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
    """Join texts into fewer ones of up to 48,000 characters; yields each with its separator count.

    A joined text has the tokens of its parts and separators. Texts without safe cuts at their ends
    are not joined.
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
