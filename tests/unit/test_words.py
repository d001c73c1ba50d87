"""The check of the language itself: it finds what must not come back, and lets through what only looks like it."""

import pytest
from tools.check_words import fault_of, findings_in


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


@pytest.mark.parametrize(
    "subject", ["Fixed the queue", "Adds a queue", "add a queue", "Add a queue.", "Add " + "a very long queue " * 5]
)
def test_a_subject_that_is_not_short_and_imperative_is_refused(subject: str) -> None:
    assert fault_of(subject)


def test_a_short_imperative_subject_passes() -> None:
    assert fault_of("Wait for the former test's pages before counting streams") is None
