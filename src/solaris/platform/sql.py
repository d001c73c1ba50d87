"""Named SQL statements: a room keeps its own in `queries.sql`, each below a line `-- name: <name>`."""

import re
from functools import cache
from importlib.resources import files

_NAME_LINE = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


class UnknownStatement(LookupError):
    """A room has no statement of that name: a mistake in the code that asks for it."""


def load_sql(room: str, name: str) -> str:
    """The statement `name` of `src/solaris/<room>/queries.sql`, with the comments above it.

    Raises:
        UnknownStatement: the room has no such statement.
    """
    try:
        return _statements_of(room)[name]
    except KeyError:
        raise UnknownStatement(f"{room}/queries.sql has no statement {name}") from None


@cache
def _statements_of(room: str) -> dict[str, str]:
    text = files("solaris").joinpath(room, "queries.sql").read_text(encoding="utf-8")
    _, *pairs = _NAME_LINE.split(text)
    statements = {name: statement.strip("\n") + "\n" for name, statement in zip(pairs[::2], pairs[1::2], strict=True)}
    if len(statements) != len(pairs) // 2:
        raise ValueError(f"{room}/queries.sql names a statement twice")
    return statements
