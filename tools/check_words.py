"""Checks the language of the source (docs/glossary.md): words that must not come back, and the form of commit subjects.

python tools/check_words.py            the words in src, bench, tools, docs, the READMEs, CONTRIBUTING
python tools/check_words.py --commits  the subjects of the commits since this check exists
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAX_SUBJECT_CHARACTERS = 72
_FOLDERS = ("src", "bench", "tools")
_SUFFIXES = frozenset({".py", ".sql", ".lua"})
# Released text of CHANGELOG is not edited; README.pt-BR is Portuguese.
_DOCUMENTS = ("docs/**/*.md", "README.md", "CONTRIBUTING.md", "web/README.md")
_CODE_SPAN = re.compile(r"`[^`\n]+`")
# Released SQL is replaced by a new version, never edited for its prose.
_RELEASED = ("src/solaris/ledger/sql/functions/",)
_WORDS = {
    r"whoever|whomever": "name who: the caller, a process, the worker",
    r"somebody|someone|nobody|anybody|everybody": "name who: a user, a caller, no process",
    r"he|his|him|himself": "a user is 'they'",
    r"owes|owed": "name what is not written yet: a pending settlement, a WAL entry",
    r"hears?|heard": "receive, be notified",
    r"dialects?": "API shape",
    r"left_spools?|bookkeeping|alert_notes|patience": "the glossary's word: recovery, recorder, pending_alerts, timeout",
}
# Words that only documents are free of, so far.
_DOCUMENT_WORDS = {
    r"tells?|told|telling": "notify, report, publish, return, log, distinguish",
    r"owe|owing": "name what is not written yet: a pending settlement, a WAL entry",
    r"spools?": "WAL; the names of the folder, metrics and log actions are code",
}


def _patterns(words_and_cures: dict[str, str]) -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(rf"(?<![\w.\"'`])(?:{words})(?![\w(])", re.IGNORECASE), cure)
        for words, cure in words_and_cures.items()
    ]


_PATTERNS = _patterns(_WORDS)
_DOCUMENT_PATTERNS = _patterns(_DOCUMENT_WORDS)
_IMPERATIVE_ENEMIES = re.compile(r"^(?:\w+ed|\w+ing|Adds|Fixes|Makes|Removes)\b")


def findings_in(text: str) -> Iterator[tuple[int, str, str]]:
    """Line number, word and cure of every word that must not come back."""
    yield from _findings(text, _PATTERNS)


def findings_in_document(text: str) -> Iterator[tuple[int, str, str]]:
    """The same for Markdown: code spans are left out, since they quote names, old ones included."""
    yield from _findings(_CODE_SPAN.sub("``", text), [*_PATTERNS, *_DOCUMENT_PATTERNS])


def _findings(text: str, patterns: list[tuple[re.Pattern[str], str]]) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, cure in patterns:
            for match in pattern.finditer(line):
                yield number, match.group(0), cure


def fault_of(subject: str) -> str | None:
    """What is wrong with a commit's subject; None where nothing is."""
    if len(subject) > MAX_SUBJECT_CHARACTERS:
        return f"longer than {MAX_SUBJECT_CHARACTERS} characters"
    if subject.endswith("."):
        return "ends with a full stop"
    if not subject[:1].isupper():
        return "does not begin with a capital"
    if _IMPERATIVE_ENEMIES.match(subject):
        return "is not imperative"
    return None


def checked_files() -> Iterator[Path]:
    """The files whose words are checked; this one names them and is not."""
    for folder in _FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            relative = path.relative_to(ROOT).as_posix()
            if path.suffix in _SUFFIXES and path != Path(__file__).resolve() and not relative.startswith(_RELEASED):
                yield path


def checked_documents() -> Iterator[Path]:
    """The documents whose words are checked."""
    for pattern in _DOCUMENTS:
        yield from sorted(ROOT.glob(pattern))


def subjects() -> list[str]:
    """The subjects of the commits since this file exists; none outside of a repository with its history."""

    def git(*arguments: str) -> list[str]:
        found = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
        return found.stdout.splitlines() if found.returncode == 0 else []

    first = git("log", "--diff-filter=A", "--format=%H", "--", "tools/check_words.py")
    return git("log", "--first-parent", "--no-merges", "--format=%s", f"{first[-1]}..HEAD") if first else []


def main() -> int:
    """Prints each fault on a line; the exit status is 1 where there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", action="store_true")
    if parser.parse_args().commits:
        faults = [f"commit subject {fault}: {subject}" for subject in subjects() if (fault := fault_of(subject))]
    else:
        checks = [(checked_files(), findings_in), (checked_documents(), findings_in_document)]
        faults = [
            f"{path.relative_to(ROOT)}:{number}: {word!r}: {cure}"
            for paths, check in checks
            for path in paths
            for number, word, cure in check(path.read_text("utf-8"))
        ]
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
