"""The check of the language itself: it finds what must not come back, and lets through what only looks like it."""

import pytest
from tools.check_words import checked_documents, fault_of, findings_in, findings_in_document


@pytest.mark.parametrize(
    "line", ["Whoever calls waits.", "# somebody else's", "the user and his plan", "one dialect each"]
)
def test_a_word_of_the_old_dialect_is_found_with_its_line(line: str) -> None:
    ((number, _, cure),) = findings_in(f"\n{line}\n")
    assert number == 2
    assert cure


@pytest.mark.parametrize(
    "line", ['user = "nobody"', "`nobody` owns the files", "the history of this", "caller.anybody"]
)
def test_names_of_the_system_and_parts_of_words_are_let_through(line: str) -> None:
    assert list(findings_in(line)) == []


@pytest.mark.parametrize("line", ["Nobody waits.", "It is told once.", "the spool of a proxy", "`queue` owes a charge"])
def test_a_word_of_the_old_dialect_is_found_in_a_document(line: str) -> None:
    assert [number for number, _, _ in findings_in_document(f"\n{line}\n")] == [2]


@pytest.mark.parametrize(
    "line", ["| `gateway/bookkeeping`, `patience` | `recorder` |", "the folder `spool/<process>/`"]
)
def test_names_in_code_spans_of_a_document_are_let_through(line: str) -> None:
    assert list(findings_in_document(line)) == []


def test_the_documents_use_the_glossarys_words() -> None:
    documents = list(checked_documents())
    assert len(documents) > 40
    assert [
        f"{path.name}:{number}: {word}"
        for path in documents
        for number, word, _ in findings_in_document(path.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize(
    "subject", ["Fixed the queue", "Adds a queue", "add a queue", "Add a queue.", "Add " + "a very long queue " * 5]
)
def test_a_subject_that_is_not_short_and_imperative_is_refused(subject: str) -> None:
    assert fault_of(subject)


def test_a_short_imperative_subject_passes() -> None:
    assert fault_of("Wait for the former test's pages before counting streams") is None
