"""Named SQL statements: a package keeps its own in `queries.sql`, each below a line `-- name: <name>`."""

import re
from functools import cache
from importlib.resources import files

_NAME_LINE = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


class UnknownStatement(LookupError):
    """A package has no statement of that name: a mistake in the code that asks for it."""


def load_sql(package: str, name: str) -> str:
    """The statement `name` of `src/solaris/<package>/queries.sql`, with the comments above it.

    Raises:
        UnknownStatement: the package has no such statement.
    """
    try:
        return _statements_of(package)[name]
    except KeyError:
        raise UnknownStatement(f"{package}/queries.sql has no statement {name}") from None


@cache
def _statements_of(package: str) -> dict[str, str]:
    text = files("solaris").joinpath(package, "queries.sql").read_text(encoding="utf-8")
    _, *pairs = _NAME_LINE.split(text)
    statements = {name: statement.strip("\n") + "\n" for name, statement in zip(pairs[::2], pairs[1::2], strict=True)}
    if len(statements) != len(pairs) // 2:
        raise ValueError(f"{package}/queries.sql names a statement twice")
    return statements
