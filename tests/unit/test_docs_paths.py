"""Documents name files and tests that exist, so that a move or a rename is carried through to them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    *sorted(ROOT.glob("docs/**/*.md")),
    *(ROOT / name for name in ("README.md", "README.pt-BR.md", "CONTRIBUTING.md", "web/README.md")),
]
# Paths in documents are as in an import: below the repository, or below the package.
ROOTS = (ROOT, ROOT / "src" / "solaris")

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w./-]+/[\w.-]+\.(?:py|sql)")
_TEST = re.compile(r"test_\w+")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)\s]*)?\)")


def without_tables_of_old_names(text: str) -> str:
    """The text without the rows of each table whose head is `| before | now |`."""
    return re.sub(r"^\| before \| now \|\n(?:\|.*\n?)+", "", text, flags=re.MULTILINE)


def spans_of(document: Path) -> list[str]:
    return _SPAN.findall(without_tables_of_old_names(_FENCE.sub("", document.read_text("utf-8"))))


def names_of_tests() -> set[str]:
    files = [path for path in (ROOT / "tests").rglob("*.py") if "artifacts" not in path.parts]
    return {name for path in files for name in re.findall(r"def (test_\w+)\(", path.read_text("utf-8"))}


def is_placeholder(path: str) -> bool:
    return "NNNN" in path


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_path_of_code_in_a_document_exists(document: Path) -> None:
    paths = [span for span in spans_of(document) if _PATH.fullmatch(span) and not is_placeholder(span)]
    assert [path for path in paths if not any((root / path).is_file() for root in ROOTS)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_of_a_document_leads_to_a_file(document: Path) -> None:
    links = _LINK.findall(_FENCE.sub("", document.read_text("utf-8")))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_test_named_in_a_document_exists() -> None:
    known = names_of_tests()
    named = {span for document in DOCUMENTS for span in spans_of(document) if _TEST.fullmatch(span)}
    assert len(named) > 100
    assert sorted(named - known) == []


def test_a_path_that_is_gone_and_one_in_a_table_of_old_names_are_distinguished(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text("| before | now |\n|---|---|\n| `gateway/old.py` | x |\n\nSee `gateway/gone.py`.\n", "utf-8")
    assert spans_of(document) == ["gateway/gone.py"]
    with pytest.raises(AssertionError, match=re.escape("gateway/gone.py")):
        test_every_path_of_code_in_a_document_exists(document)
