"""Encodes lists for PostgreSQL as one text each, several times faster than a driver's arrays."""

from collections.abc import Sequence

from solaris.ledger.batcher import BatchRefused

BETWEEN = "\x1f"
NULL = "\x1e"


def numbers(values: Sequence[int | None]) -> str | None:
    """Return integers or booleans as an array literal; None if all are None."""
    literal = str(list(values))[1:-1]
    if "None" in literal:
        if values.count(None) == len(values):
            return None
        literal = literal.replace("None", "NULL")
    return "{" + literal + "}"


def texts(values: Sequence[str | None]) -> str | None:
    """Return texts joined by U+001F, with U+001E for None; None if all are None.

    Raises:
        BatchRefused: a value contains U+001F or U+001E, or is not a text.
    """
    gaps = values.count(None)
    if gaps == len(values):
        return None
    try:
        joined = BETWEEN.join([NULL if value is None else value for value in values])
    except TypeError as error:
        raise BatchRefused from error
    if joined.count(BETWEEN) != len(values) - 1 or joined.count(NULL) != gaps:
        raise BatchRefused
    return joined
