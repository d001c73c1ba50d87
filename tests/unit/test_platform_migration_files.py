"""Migration files before any database sees them: names and numbers, statements apart, what can't be repeated, versions."""

from itertools import pairwise
from pathlib import Path

import pytest

from solaris.platform.migrations import MigrationError, Phase, read_migrations
from solaris.platform.migrations.statements import changed_tables, split_statements, touched_tables, unrepeatable
from solaris.platform.release import Release, release_of_session, session_name

MARKER = "-- transaction: none\n"


def folder_of(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name.removeprefix('_')}.sql").write_text(text)
    return folder


def numbered(folder: Path, last_name: str, last_text: str) -> Path:
    """A folder whose last migration is newer than those that were released."""
    for number in range(1, 30):
        (folder / f"{number:04}_do_nothing.sql").write_text("SELECT 1;")
    (folder / f"0030_{last_name}.sql").write_text(last_text)
    return folder


def test_a_number_may_hold_an_expand_and_a_contract_step_in_this_order(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, _0001_post_b="", _0001_pre_z="", _0002_c="", _0003_post_d="")
    found = read_migrations(folder)
    assert [(migration.label, migration.phase) for migration in found] == [
        ("0001_pre_z", Phase.PRE),
        ("0001_post_b", Phase.POST),
        ("0002_c", Phase.PLAIN),
        ("0003_post_d", Phase.POST),
    ]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["0001_a", "0003_b"], "without gaps"),
        (["0002_a"], "without gaps"),
        (["0001_a", "0001_b"], "only one pre_ and one post_"),
        (["0001_a", "0001_pre_b"], "only one pre_ and one post_"),
        (["0001_pre_a", "0001_pre_b"], "only one pre_ and one post_"),
        (["0001_pre_a", "0001_b", "0001_post_c"], "used 3 times"),
        (["1_a"], "not named"),
        (["0001_Pre_a"], "not named"),
    ],
)
def test_wrong_numbers_and_names_are_refused(tmp_path: Path, names: list[str], words: str) -> None:
    for name in names:
        (tmp_path / f"{name}.sql").write_text("")
    with pytest.raises(MigrationError, match=words):
        read_migrations(tmp_path)


@pytest.mark.parametrize("first", ["-- transaction: none", "--transaction:none", "-- Transaction: NONE  "])
def test_the_first_line_chooses_the_kind_without_a_transaction(tmp_path: Path, first: str) -> None:
    (migration,) = read_migrations(folder_of(tmp_path, _0001_a=f"{first}\nVACUUM holds;"))
    assert (migration.is_transactional, migration.statements) == (False, ["VACUUM holds"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CREATE INDEX CONCURRENTLY i ON t (a);", "first line has to be"),
        ("-- what it is for\n-- transaction: none\nCREATE INDEX CONCURRENTLY i ON t (a);", "first line has to be"),
        (f"{MARKER}CREATE INDEX i ON t (a);", "IF NOT EXISTS"),
        (f"{MARKER}CREATE INDEX CONCURRENTLY ON t (a);", "needs a name"),
        (f"{MARKER}BEGIN; SELECT 1; COMMIT;", "transaction of its own"),
        ("ALTER TABLE holds ADD a text; ALTER TABLE wallets ADD a text;", "LOCK TABLE"),
        ("ALTER TABLE holds ADD a text; CREATE INDEX i ON ONLY wallets (a);", r"\(holds, wallets\)"),
    ],
)
def test_a_migration_that_could_not_run_beside_traffic_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(MigrationError, match=words):
        read_migrations(numbered(tmp_path, "pre_change", text))


@pytest.mark.parametrize(
    "text",
    [
        "-- never CONCURRENTLY\nSELECT 'CONCURRENTLY' /* CONCURRENTLY */;".replace("'CONCURRENTLY'", "1"),
        "LOCK TABLE wallets, holds IN ACCESS EXCLUSIVE MODE; ALTER TABLE holds ADD a text; ALTER TABLE wallets ADD a text;",
        "CREATE TABLE made (a text); CREATE INDEX i ON made (a); ALTER TABLE holds ADD a text;",
        "ALTER TABLE holds ADD a text; ALTER TABLE holds ADD b text;",
    ],
)
def test_a_migration_that_can_is_taken(tmp_path: Path, text: str) -> None:
    assert read_migrations(numbered(tmp_path, "change", text))[-1].text == text


def test_statements_end_at_semicolons_that_are_no_part_of_something_else() -> None:
    text = r"""
        -- a comment; with one
        CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $body$ BEGIN; RETURN '$$;'; END $body$;
        SELECT 'it''s; one', E'a\';b', "na;me", $$;$$, $1 /* two; */ -- and; more
        ; ;
        SELECT 2
    """
    create, select, last = split_statements(text)
    assert create.startswith("CREATE FUNCTION")
    assert create.endswith("$body$")
    assert select.startswith(r"""SELECT 'it''s; one', E'a\';b', "na;me", $$;$$, $1""")
    assert last == "SELECT 2"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "CREATE UNIQUE INDEX  CONCURRENTLY IF NOT EXISTS i ON t (a)",
        "CREATE INDEX  IF NOT EXISTS i ON ONLY t (a)",
        "DROP INDEX  CONCURRENTLY  IF EXISTS i",
        "DROP TABLE IF EXISTS t",
        "ALTER TABLE t ADD COLUMN  IF NOT EXISTS a text, DROP CONSTRAINT IF EXISTS c",
        "ALTER TABLE t VALIDATE CONSTRAINT c",
        "CREATE OR REPLACE VIEW v AS SELECT 1",
    ],
)
def test_what_may_run_twice_is_let_through(statement: str) -> None:
    assert unrepeatable(statement) is None


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE UNIQUE INDEX i ON t (a)",
        "CREATE TABLE t (a text)",
        "DROP INDEX CONCURRENTLY i",
        "DROP INDEX i",
        "DROP MATERIALIZED VIEW v",
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS a text, ADD COLUMN b text",
        "ALTER TABLE t DROP COLUMN a",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ON t (a)",
    ],
)
def test_what_may_not_is_named(statement: str) -> None:
    assert unrepeatable(statement)


def test_tables_are_read_out_of_the_statements() -> None:
    text = """
        CREATE TABLE made (a text); CREATE UNIQUE INDEX i ON made (a);
        -- ALTER TABLE commented
        ALTER TABLE IF EXISTS ONLY holds ADD a text;
        CREATE INDEX CONCURRENTLY i ON usage_events (a); UPDATE wallets SET a = 1; INSERT INTO models VALUES (1);
    """
    assert changed_tables(text) == ["holds", "usage_events"]
    assert touched_tables(text) == ["made", "holds", "usage_events", "wallets", "models"]


def test_versions_have_an_order_and_a_session_without_one_is_the_oldest() -> None:
    releases = [
        Release.parse(text) for text in (None, "0.1.0", "0.1.0+22", "0.1.0+23", "0.9.0+23", "0.10.0+23", "1.0.0+1")
    ]
    for older, newer in pairwise(releases):
        assert older.is_older_than(newer)
        assert not newer.is_older_than(older)
        assert not newer.is_older_than(newer)


def test_sessions_carry_service_and_version() -> None:
    release = Release("0.1.0", 22)
    assert session_name("proxy", release) == "proxy-solaris/0.1.0+22"
    assert release_of_session(session_name("proxy", release)) == release
    assert release_of_session("worker-solaris") == Release.parse(None)
    assert release_of_session("psql") is None
