"""Named statements: every one that the source asks for exists, and every one that exists is asked for."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import solaris
from solaris.platform.sql import UnknownStatement, load_sql

_ROOT = Path(solaris.__file__).parent
# Statements that are asked for by a name that is put together, with the file that does so.
_PUT_TOGETHER = {
    "credits": re.compile(r"(?:insert|edit|lock)_(?:plan|package)"),
    "reporting": re.compile(r"usage_stats_\w+"),
}


def asked_for() -> Iterator[tuple[str, str]]:
    """Room and name of every `load_sql` whose arguments are plain texts."""
    for path in _ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "load_sql":
                texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                if len(texts) == 2:
                    yield str(texts[0]), str(texts[1])


def kept() -> Iterator[tuple[str, str]]:
    for path in _ROOT.rglob("queries.sql"):
        for name in re.findall(r"^-- name: (\w+)$", path.read_text("utf-8"), re.MULTILINE):
            yield path.parent.name, name


@pytest.mark.parametrize(("room", "name"), sorted(set(asked_for())))
def test_a_statement_that_is_asked_for_exists(room: str, name: str) -> None:
    statement = load_sql(room, name)
    assert statement.strip()
    assert "-- name:" not in statement


def test_every_statement_is_named_somewhere_in_its_source() -> None:
    words = {word for path in _ROOT.rglob("*.py") for word in re.findall(r"\w+", path.read_text("utf-8"))}
    unused = [
        (room, name)
        for room, name in kept()
        if name not in words and not (room in _PUT_TOGETHER and _PUT_TOGETHER[room].fullmatch(name))
    ]
    assert unused == []


def test_a_name_is_given_once_in_a_room() -> None:
    named = list(kept())
    assert len(named) == len(set(named)) > 100


def test_an_unknown_name_is_reported_with_its_room() -> None:
    with pytest.raises(UnknownStatement, match=r"users/queries\.sql has no statement nothing"):
        load_sql("users", "nothing")
