"""`solaris user`, `key`, `front-end` on a real database, as they are typed."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest
import yaml
from typer.testing import CliRunner, Result

from solaris.cli.main import build_app, known_failure


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("SOLARIS_STATE_DIR", str(tmp_path / ".solaris"))
    for name in ("REDIS_URL", "SOLARIS_DEFAULT_PLAN", "SOLARIS_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)


async def run(*arguments: str, typed: str = "") -> Result:
    # A command runs an event loop of its own, which needs a thread of its own here.
    return await asyncio.to_thread(CliRunner().invoke, build_app(), list(arguments), input=typed)


def refusal(result: Result) -> str:
    assert isinstance(result.exception, Exception)
    return known_failure(result.exception) or ""


async def test_a_user_is_created_listed_suspended_and_reactivated():
    created = await run("user", "create", "ana@demo.local", "--name", "Ana", "--role", "operator", "--generate")
    assert created.exit_code == 0, created.output
    assert "created ana@demo.local (operator, plan basico)" in created.output
    assert "password (shown once)" in created.output
    assert "ana@demo.local" in (await run("user", "list", "ana")).output
    assert (await run("user", "suspend", "ana@demo.local")).output == "ana@demo.local is suspended\n"
    assert "suspended" in (await run("user", "list")).output
    assert (await run("user", "reactivate", "ana@demo.local")).output == "ana@demo.local is active\n"


async def test_a_password_is_typed_twice_piped_or_made_up():
    await run("user", "create", "ana@demo.local")
    assert (await run("user", "password", "ana@demo.local", typed="cavalo bateria 42\n" * 2)).exit_code == 0
    piped = await run("user", "password", "ana@demo.local", "--password-stdin", typed="cavalo bateria 42\n")
    assert piped.exit_code == 0
    assert "cavalo" not in piped.output
    assert "too easy" in refusal(await run("user", "password", "ana@demo.local", "--password-stdin", typed="senha\n"))


async def test_a_key_is_printed_alone_so_that_scripts_can_take_it(database_url):
    await run("user", "create", "ana@demo.local")
    result = await run("key", "create", "ana@demo.local")
    assert result.output.startswith("sk-solaris-")
    assert len(result.output.split()) == 1
    connection = await asyncpg.connect(database_url)
    assert await connection.fetchval("SELECT count(*) FROM api_keys") == 1
    await connection.close()


async def test_a_front_end_comes_with_a_block_that_librechat_can_read():
    result = await run("front-end", "create", "librechat")
    key = result.output.split("shown once): ")[1].split()[0]
    assert key.startswith("fe-solaris-")
    endpoint = yaml.safe_load(result.output.split("# librechat.yaml\n")[1])["endpoints"]["custom"][0]
    assert endpoint["baseURL"] == "http://localhost:3001/v1"
    assert endpoint["headers"]["X-Librechat-User-Id"] == "{{LIBRECHAT_USER_ID}}"
    assert key not in (await run("front-end", "list")).output
    assert (await run("front-end", "revoke", "librechat")).output == "librechat is revoked\n"
    assert "revoked" in (await run("front-end", "list")).output
    assert "rotate" in refusal(await run("front-end", "create", "librechat"))
    assert key not in (await run("front-end", "rotate", "librechat")).output


async def test_a_front_ends_plan_and_new_accounts_a_day_are_edited_and_listed(database_url: str):
    await run("front-end", "create", "librechat", "--plan", "basico", "--new-accounts-per-day", "30")
    assert "plan=basico new-accounts-per-day=30" in (await run("front-end", "list")).output
    assert (await run("front-end", "create", "webui", "--new-accounts-per-day", "-1")).exit_code == 2
    connection = await asyncpg.connect(database_url)
    await connection.execute("INSERT INTO plans (plan_type, name, monthly_tokens) VALUES ('zero', 'Zero', 0)")
    edited = await run("front-end", "edit", "librechat", "--plan", "zero", "--new-accounts-per-day", "0")
    assert "plan=zero new-accounts-per-day=0" in edited.output
    row = await connection.fetchrow("SELECT plan_type, new_accounts_per_day FROM front_end_keys")
    assert tuple(row) == ("zero", 0)
    await run("front-end", "edit", "librechat", "--default-plan", "--default-new-accounts")
    row = await connection.fetchrow("SELECT plan_type, new_accounts_per_day FROM front_end_keys")
    assert tuple(row) == (None, None)
    await connection.execute("DELETE FROM plans WHERE plan_type = 'zero'")
    await connection.close()


async def test_open_webui_in_strict_mode_gets_its_secret():
    result = await run("front-end", "create", "webui", "--kind", "open_webui", "--strict")
    assert "ENABLE_FORWARD_USER_INFO_HEADERS=true" in result.output
    assert "FORWARD_USER_INFO_HEADER_JWT_SECRET=" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("user", "suspend", "ninguem@demo.local"), "no user has this"),
        (("user", "suspend", "00000000-0000-0000-0000-000000000000"), "no user has this"),
        (("user", "create", "no address"), "can't be used"),
        (("user", "create", "ana@demo.local", "--plan", "ouro"), "no such active plan"),
        (("user", "create", "ana@demo.local", "--generate", "--password-stdin"), "exclude each other"),
        (("key", "create", "ninguem@demo.local"), "no user has this"),
        (("front-end", "revoke", "nowhere"), "no front end of this name"),
        (("front-end", "create", "librechat", "--plan", "ouro"), "no such active plan"),
        (("front-end", "create", "librechat", "--strict"), "can't be used"),
        (("front-end", "edit", "nowhere", "--default-plan"), "no front end of this name"),
        (("front-end", "edit", "nowhere"), "nothing to change"),
        (("front-end", "edit", "nowhere", "--plan", "basico", "--default-plan"), "exclude each other"),
    ],
)
async def test_a_refusal_is_one_english_line(arguments, words):
    result = await run(*arguments)
    assert result.exit_code == 1
    assert words in refusal(result)


async def test_without_database_url_the_running_product_is_used(monkeypatch, tmp_path, database_url):
    monkeypatch.delenv("DATABASE_URL")
    assert "solaris up" in refusal(await run("user", "list"))
    (tmp_path / ".solaris").mkdir()
    (tmp_path / ".solaris" / "run.json").write_text(json.dumps({"database_url": database_url}))
    assert (await run("user", "list")).exit_code == 0


async def test_a_database_that_does_not_answer_is_named(monkeypatch, free_port):
    monkeypatch.setenv("DATABASE_URL", f"postgresql://solaris@127.0.0.1:{free_port}/ia_solaris")
    assert "DATABASE_URL" in refusal(await run("user", "list"))


async def test_the_command_line_grants_without_a_second_person_and_says_so_in_the_audit_log(database_url):
    await run("user", "create", "ana@demo.local", "--role", "super_admin")
    arguments = ("credits", "grant", "ana@demo.local", "5000000", "--reason", "compra_email", "--amount", "1.00")
    granted = await run(*arguments, "--key", "k")
    assert granted.exit_code == 0, granted.output
    assert "5000000 tokens added; ana@demo.local has 5000000 credits" in granted.output
    assert "added before, nothing changed now" in (await run(*arguments, "--key", "k")).output
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch(
        "SELECT actor_id, actor_role, after ->> 'via' AS via FROM audit_log WHERE action = 'credit_transaction.grant'"
    )
    assert [tuple(row) for row in rows] == [(None, "system", "command line")]
    assert await connection.fetchval("SELECT count(*) FROM pending_grants") == 0
    await connection.close()
