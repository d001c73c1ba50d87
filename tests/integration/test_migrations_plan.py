"""`solaris migrate` on the command line, and its plan, which applies nothing."""

import json
from pathlib import Path

import asyncpg
import pytest
from tests.integration.migration_files import OWN, NextVersion
from typer.testing import CliRunner, Result

from solaris.apps.schema import schema_files
from solaris.cli.main import build_app
from solaris.cli.migrate import plan_as_json, plan_as_lines
from solaris.platform.migrations import plan_migration

ZONE = "America/Sao_Paulo"


def solaris(url: str, *arguments: str) -> Result:
    environment = {"DATABASE_URL": url, "JWT_SECRET": "a secret of the tests, thirty-two bytes long", "COLUMNS": "200"}
    return CliRunner().invoke(build_app(), ["migrate", *arguments], env=environment)


async def test_the_plan_lists_every_step_in_order_with_what_it_touches_and_what_is_left(
    database_url: str, tmp_path: Path
) -> None:
    version = NextVersion(tmp_path)
    expand = version.add(1, "pre_add_note", "ALTER TABLE holds ADD COLUMN note text;")
    contract = version.add(1, "post_drop_note", "ALTER TABLE holds DROP COLUMN note;")
    plain = [
        version.add(2, "create_one", "CREATE TABLE one (a text);"),
        version.add(3, "write_one", "INSERT INTO one VALUES ('a');"),
    ]
    index = version.add(
        4,
        "index_models",
        "-- transaction: none",
        "CREATE INDEX CONCURRENTLY usage_events_model ON usage_events (model_asked);",
    )
    version.change_function("06_release_v1.sql", version.function("06_release_v1.sql") + "-- newer\n")
    old = await asyncpg.connect(database_url, server_settings={"application_name": "proxy-solaris/0.0.1+3"})
    await old.execute("INSERT INTO usage_hours SELECT FROM generate_series(1, 0)")
    plan = await plan_migration(database_url, version.files(), timezone=ZONE)
    found = plan_as_json(plan)
    assert [[migration["name"] for migration in step["migrations"]] for step in found["steps"]] == [
        [expand],
        plain,
        [index],
        [],
    ]
    assert [step["transactional"] for step in found["steps"]] == [True, True, False, True]
    assert found["steps"][-1]["functions"] == ["06_release_v1.sql"]
    assert found["steps"][0]["migrations"][0]["phase"] == "pre"
    assert [[table["name"] for table in step["tables"]] for step in found["steps"]] == [
        ["holds"],
        [],
        ["usage_events"],
        [],
    ]
    assert found["steps"][2]["tables"][0]["size_bytes"] > 0
    assert (found["applied"], found["left_for_post"]) == (OWN.schema, [contract])
    assert found["older_processes"][0]["name"] == "proxy-solaris/0.0.1+3"
    lines = plan_as_lines(plan)
    assert "1. in one transaction" in lines
    assert f"   {index} (plain)" in lines
    assert f"left for `solaris migrate --post`: {contract}" in lines
    with_post = await plan_migration(database_url, version.files(), timezone=ZONE, contracts=True)
    assert [migration.label for migration in with_post.steps[-1].step.migrations] == [contract]
    assert with_post.left_for_post == ()
    # Nothing of it was done.
    assert await old.fetchval("SELECT max(version) FROM schema_migrations") == OWN.schema
    assert await old.fetchval("SELECT to_regclass('one')") is None
    await old.close()


def test_the_plan_for_an_empty_database_makes_no_table_in_it(empty_database_url: str) -> None:
    planned = solaris(empty_database_url, "--plan", "--json")
    assert planned.exit_code == 0
    found = json.loads(planned.stdout)
    names = [migration["name"] for step in found["steps"] for migration in step["migrations"]]
    assert names == [migration.label for migration in schema_files().migrations]
    again = solaris(empty_database_url, "--plan", "--json")
    assert again.stdout == planned.stdout
    applied = solaris(empty_database_url)
    assert applied.exit_code == 0
    assert applied.stdout.splitlines() == [f"applied {name}" for name in names]
    assert solaris(empty_database_url).stdout == "the database is up to date\n"
    assert solaris(empty_database_url, "--post").stdout == "the database is up to date\n"
    assert (
        solaris(empty_database_url, "--plan").stdout == f"{len(names)} migrations are applied; nothing is to be done\n"
    )


@pytest.mark.parametrize(("arguments", "option"), [(["--force"], "--force"), (["--json"], "--json")])
def test_options_that_need_another_are_refused_without_it(
    empty_database_url: str, arguments: list[str], option: str
) -> None:
    refused = solaris(empty_database_url, *arguments)
    assert refused.exit_code == 2
    assert option in refused.output


def test_the_help_says_what_post_is(empty_database_url: str) -> None:
    shown = solaris(empty_database_url, "--help").output
    for word in ("--post", "--force", "--plan", "--json", "older"):
        assert word in shown
