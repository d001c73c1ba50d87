"""The demo's company: believable, proven by the audit, the same after any number of loads."""

import asyncio
import io
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from solaris.auth.key_material import digest_of
from solaris.auth.passwords import Passwords
from solaris.domain.wallet import UserState
from solaris.ledger.ledger import Ledger
from solaris.local.demo.data import DemoData
from solaris.local.demo.logins import FILE_NAME, DemoKeyring, DemoLogins
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database

ZONE = ZoneInfo("America/Sao_Paulo")
FIGURES = "SELECT count(*) AS events, sum(tokens_charged) AS tokens FROM usage_events"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    yield database
    await database.close()


async def load(
    database: Database, state_dir: Path, *, now: datetime | None = None, password: str | None = None
) -> DemoLogins:
    log = build_log("test", level="error", form="json", stream=io.StringIO())
    keyring = DemoKeyring(database, state_dir, log, password=password)
    clock = None if now is None else lambda: now
    return await DemoData(database, keyring, log, zone=ZONE, clock=clock).load()


def ledger_at(database: Database, now: datetime | None = None) -> Ledger:
    return Ledger(database, zone=ZONE, buy_url="", clock=None if now is None else lambda: now)


async def percent_and_state(database: Database, email: str, now: datetime | None = None) -> tuple[float, UserState]:
    user_id = await database.fetchval("SELECT id FROM users WHERE email = $1", email)
    balance = await ledger_at(database, now).balance(user_id)
    return balance.wallet.usage_percent, balance.state


async def test_the_company_is_proven_and_every_figure_has_something_to_show(database: Database, tmp_path: Path) -> None:
    logins = await load(database, tmp_path)
    assert await ledger_at(database).audit() == []
    assert await percent_and_state(database, "joao@demo.local") == (0.0, UserState.NORMAL)
    assert await percent_and_state(database, "maria@demo.local") == (80.0, UserState.ALERT_80)
    assert await percent_and_state(database, "pedro@demo.local") == (100.0, UserState.BLOCKED)
    roles = {user.email: user.role for user in logins.users}
    assert roles["admin@demo.local"] == "super_admin"
    assert {"joao@demo.local", "maria@demo.local", "pedro@demo.local"} <= roles.keys()
    # A second person is needed to confirm what the first one asks for.
    assert sum(role in ("admin", "super_admin") for role in roles.values()) == 2
    figures = await database.fetchrow(
        """
        SELECT (SELECT count(*) FROM users) AS users,
               (SELECT count(*) FROM users WHERE created_at >= CURRENT_DATE) AS new_today,
               (SELECT count(*) FROM users WHERE NOT active) AS suspended,
               (SELECT count(*) FROM token_usage WHERE usage_date = CURRENT_DATE) AS active_today,
               (SELECT count(DISTINCT local_day) FROM usage_events) AS days,
               (SELECT count(DISTINCT model_asked) FROM usage_events) AS models,
               (SELECT count(*) FROM usage_events_default) AS outside_partitions,
               (SELECT count(*) FROM usage_events WHERE occurred_at > now()) AS in_future,
               (SELECT sum(revenue_brl) FROM reporting.revenue_daily WHERE local_day = CURRENT_DATE) AS revenue_today,
               (SELECT count(DISTINCT state) FROM credit_requests) AS request_states,
               (SELECT count(DISTINCT plan_type) FROM subscriptions) AS plans
        """
    )
    assert figures is not None
    assert figures["users"] == 41
    assert figures["new_today"] == 3
    assert figures["suspended"] == 2
    assert figures["active_today"] >= 10
    assert figures["days"] >= 55
    assert (figures["models"], figures["plans"], figures["request_states"]) == (4, 3, 4)
    assert (figures["outside_partitions"], figures["in_future"]) == (0, 0)
    assert figures["revenue_today"] >= 150


async def test_two_loads_are_one_even_at_once(database: Database, tmp_path: Path) -> None:
    first, second = await asyncio.gather(load(database, tmp_path), load(database, tmp_path))
    figures = await database.fetchrow(FIGURES)
    third = await load(database, tmp_path)
    assert third.as_json() in (first.as_json(), second.as_json())
    assert await database.fetchrow(FIGURES) == figures
    assert await database.fetchval("SELECT count(*) FROM users") == 41
    assert await database.fetchval("SELECT count(*) FROM api_keys WHERE revoked_at IS NULL") == 7


async def test_logins_work_and_are_made_anew_where_they_do_not(database: Database, tmp_path: Path) -> None:
    first = await load(database, tmp_path)
    file = tmp_path / FILE_NAME
    assert file.stat().st_mode & 0o777 == 0o600
    await _check_logins(database, first)
    file.unlink()
    second = await load(database, tmp_path)
    assert second.as_json() != first.as_json()
    await _check_logins(database, second)
    file.write_text("{broken")
    await _check_logins(database, await load(database, tmp_path, password="demonstra"))
    assert {user.password for user in (await load(database, tmp_path, password="demonstra")).users} == {"demonstra"}


async def _check_logins(database: Database, logins: DemoLogins) -> None:
    passwords = Passwords()
    for user in logins.users:
        stored = await database.fetchval(
            "SELECT password_hash FROM credentials c JOIN users u ON u.id = c.user_id WHERE email = $1", user.email
        )
        assert await passwords.matches(user.password, stored)
        keys = await database.fetch(
            "SELECT key_hash FROM api_keys k JOIN users u ON u.id = k.user_id WHERE email = $1 AND revoked_at IS NULL",
            user.email,
        )
        assert [row["key_hash"] for row in keys] == [digest_of(user.api_key)]
    stored = await database.fetch("SELECT name, key_hash FROM front_end_keys WHERE revoked_at IS NULL")
    assert {row["name"]: row["key_hash"] for row in stored} == {
        name: digest_of(key) for name, key in logins.front_end_keys
    }


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 1, 3, 0, 1, tzinfo=UTC),  # the first second of a month, a Sunday
        datetime(2026, 5, 2, 2, 59, 59, tzinfo=UTC),  # the last one of the first day
        datetime(2028, 2, 29, 15, tzinfo=UTC),
    ],
    ids=["first second of a month", "end of the first day", "leap day"],
)
async def test_any_moment_gives_a_proven_company_and_a_new_month_brings_the_figures_back(
    database: Database, tmp_path: Path, now: datetime
) -> None:
    await load(database, tmp_path, now=now)
    later = datetime(now.year, now.month + 1, 3, 4, 5, tzinfo=UTC)
    for moment in (now, later):
        await load(database, tmp_path, now=moment)
        await load(database, tmp_path, now=moment)
        assert await ledger_at(database, moment).audit() == []
        assert await percent_and_state(database, "joao@demo.local", moment) == (0.0, UserState.NORMAL)
        assert await percent_and_state(database, "maria@demo.local", moment) == (80.0, UserState.ALERT_80)
        assert await percent_and_state(database, "pedro@demo.local", moment) == (100.0, UserState.BLOCKED)
    assert await database.fetchval("SELECT count(*) FROM usage_events WHERE occurred_at > $1", later) == 0


async def test_a_user_who_was_given_credits_stays_unblocked_at_the_next_load(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path)
    await database.fetchval(
        "SELECT outcome FROM users, ledger_grant_v1(id, 1000, 0, 'bonus', '', NULL, 'k', 'f', 1000000, now()) "
        "WHERE email = 'pedro@demo.local'"
    )
    await load(database, tmp_path)
    percent, state = await percent_and_state(database, "pedro@demo.local")
    assert percent < 100
    assert state is UserState.ALERT_90


async def test_demo_data_of_an_earlier_version_gets_the_people_it_lacks(database: Database, tmp_path: Path) -> None:
    await load(database, tmp_path)
    await database.execute("UPDATE users SET email = 'outra@empresa.com.br' WHERE email = 'gestao@demo.local'")
    logins = await load(database, tmp_path)
    assert "gestao@demo.local" in {user.email for user in logins.users}
    plan = "SELECT s.plan_type FROM users u JOIN subscriptions s ON s.user_id = u.id AND s.active WHERE u.email = $1"
    assert await database.fetchval(plan, "gestao@demo.local") == "profissional"
    users = await database.fetchval("SELECT count(*) FROM users")
    await load(database, tmp_path)
    assert await database.fetchval("SELECT count(*) FROM users") == users


def test_the_command_prints_json_and_nothing_else(database_url: str, tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database_url,
        "SOLARIS_STATE_DIR": str(tmp_path / "state"),
        "SOLARIS_DEMO_PASSWORD": "uma senha de demonstração",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "solaris.cli.main", *arguments],
            env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    loaded = run("demo", "load", "--json")
    content = json.loads(loaded.stdout)
    assert content.keys() == {"users", "front_end_keys"}
    assert all(user.keys() == {"email", "password", "role", "api_key"} for user in content["users"])
    assert {user["password"] for user in content["users"]} == {"uma senha de demonstração"}
    assert [sorted(entry) for entry in content["front_end_keys"]] == [["key", "name"]] * 2
    assert run("demo", "load", "--json").stdout == loaded.stdout
    audited = run("audit")
    assert (audited.returncode, audited.stdout[:13]) == (0, "0 differences")
