"""Migration files: their names, their phase, and whether they run in a transaction."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from solaris.platform.migrations.errors import MigrationError
from solaris.platform.migrations.statements import changed_tables, split_statements, unrepeatable, without_comments
from solaris.platform.release import Release

_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_MARKER = re.compile(r"--\s*transaction:\s*none\s*", re.IGNORECASE)


class Phase(StrEnum):
    """When a migration may run, beside processes of which versions."""

    PRE = "pre"  # expand: before the new code; old and new processes work with it
    PLAIN = "plain"  # before the new code; no old process starts afterwards
    POST = "post"  # contract: when the last old process has ended


# Migrations up to this one were released before their locks were checked.
_LAST_UNCHECKED = 22
# The order in which migrations of one number are applied.
_PHASES = list(Phase)


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration file."""

    version: int
    name: str
    text: str

    @property
    def label(self) -> str:
        """Its file name without the suffix."""
        return f"{self.version:04}_{self.name}"

    @property
    def checksum(self) -> str:
        """SHA-256 of the text."""
        return checksum_of(self.text)

    @property
    def phase(self) -> Phase:
        """As its name begins."""
        return phase_of(self.name)

    @property
    def is_transactional(self) -> bool:
        """Whether it runs in a transaction: all but those whose first line is `-- transaction: none`."""
        return not _MARKER.fullmatch(self.text.split("\n", 1)[0])

    @property
    def statements(self) -> list[str]:
        """Its statements, one by one."""
        return split_statements(self.text)


@dataclass(frozen=True, slots=True)
class FunctionFile:
    """One file of functions, replaced when its text changes."""

    name: str
    text: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text."""
        return checksum_of(self.text)


@dataclass(frozen=True, slots=True)
class SchemaFiles:
    """What a version of the product makes its schema of."""

    migrations: tuple[Migration, ...]
    functions: tuple[FunctionFile, ...]
    release: Release


def read_schema_files(folder: Path, functions: Sequence[Path], release: Release) -> SchemaFiles:
    """The migrations of a folder and the functions of some files.

    Raises:
        MigrationError: as `read_migrations`.
    """
    found = tuple(FunctionFile(path.name, path.read_text(encoding="utf-8")) for path in functions)
    return SchemaFiles(tuple(read_migrations(folder)), found, release)


def read_migrations(folder: Path) -> list[Migration]:
    """The migrations of a folder, in order.

    Raises:
        MigrationError: a name is not of the form, a number is missing or there twice, or a migration without a transaction could
            not be repeated after a failure.
    """
    found = []
    for path in sorted(folder.glob("*.sql")):
        parts = _NAME.fullmatch(path.name)
        if not parts:
            raise MigrationError(f"{path.name} is not named NNNN_verb_noun.sql, NNNN_pre_….sql or NNNN_post_….sql")
        found.append(Migration(int(parts[1]), parts[2], path.read_text(encoding="utf-8")))
    found.sort(key=order_of)
    _check_numbers(found)
    for migration in found:
        _check_kind(migration)
    return found


def order_of(migration: Migration) -> tuple[int, int]:
    """Its place: by number, and within one number `pre` before `post`."""
    return migration.version, _PHASES.index(migration.phase)


def phase_of(name: str) -> Phase:
    """The phase of a migration's name (without its number)."""
    first = name.split("_", 1)[0]
    return Phase(first) if first in (Phase.PRE, Phase.POST) else Phase.PLAIN


def checksum_of(text: str) -> str:
    """SHA-256 of a file's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _check_numbers(migrations: Sequence[Migration]) -> None:
    phases: dict[int, list[Phase]] = {}
    for migration in migrations:
        phases.setdefault(migration.version, []).append(migration.phase)
    if list(phases) != list(range(1, len(phases) + 1)):
        raise MigrationError("the migrations are not numbered 0001, 0002, … without gaps; install the package again")
    for version, found in phases.items():
        if len(found) > 1 and found != [Phase.PRE, Phase.POST]:
            raise MigrationError(
                f"the number {version:04} is used {len(found)} times; only one pre_ and one post_ may share one"
            )


def _check_kind(migration: Migration) -> None:
    if migration.is_transactional:
        if re.search(r"\bCONCURRENTLY\b", without_comments(migration.text), re.IGNORECASE):
            raise MigrationError(
                f"{migration.label} uses CONCURRENTLY: its first line has to be `-- transaction: none`, alone in its line"
            )
        _check_locks(migration)
        return
    for statement in migration.statements:
        fault = unrepeatable(statement)
        if fault:
            raise MigrationError(f"{migration.label} runs in no transaction and could not be repeated: {fault}")


def _check_locks(migration: Migration) -> None:
    """A migration that locks one table and then waits for another, which calls in progress lock the other way round, would make
    PostgreSQL end one of those calls (a deadlock)."""
    tables = changed_tables(migration.text)
    if migration.version <= _LAST_UNCHECKED or len(tables) < 2:
        return
    if not re.match(r"LOCK\s+TABLE\b", migration.statements[0], re.IGNORECASE):
        raise MigrationError(
            f"{migration.label} changes several tables ({', '.join(tables)}): begin it with LOCK TABLE, in the order in which a "
            "call locks them (users, wallets, holds, usage_events, token_usage), or make a migration for each table"
        )
