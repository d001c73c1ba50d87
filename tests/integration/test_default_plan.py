"""A SOLARIS_DEFAULT_PLAN that names no plan is logged when the services start."""

import asyncio
import io
import json
import time
from pathlib import Path

import pytest
from rich.console import Console
from tests.integration.own_processes import logged, running

from solaris.cli.up import warn_missing_plan
from solaris.local.ports import any_free_port
from solaris.local.screen import Screen
from solaris.platform.postgres import Database
from solaris.platform.settings import load_settings
from solaris.users.default_plan import missing_plan


async def shown(database_url: str, plan: str) -> str:
    written = io.StringIO()
    screen = Screen(Console(file=written, width=400))
    await warn_missing_plan(database_url, load_settings(_env_file=None, solaris_default_plan=plan), screen)
    return written.getvalue()


async def test_up_shows_the_variable_the_plans_and_the_cure(database_url: str) -> None:
    assert await shown(database_url, "basico") == ""
    line = await shown(database_url, "ouro")
    assert "SOLARIS_DEFAULT_PLAN=ouro names no plan" in line
    assert "set it to one of basico, " in line


async def test_an_inactive_plan_is_missing_too(database_url: str) -> None:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    await database.execute("UPDATE plans SET active = false WHERE plan_type = 'basico'")
    missing = await missing_plan(database, "basico")
    await database.execute("UPDATE plans SET active = true WHERE plan_type = 'basico'")
    await database.close()
    assert missing is not None
    assert "basico" not in missing.active_plans
    assert "not active" in missing.cause
    assert "activate the plan" in missing.cure


@pytest.mark.parametrize("service", ["proxy", "admin"])
async def test_services_say_it_at_their_start_and_serve(tmp_path: Path, database_url: str, service: str) -> None:
    variables = {
        f"SOLARIS_{service.upper()}_PORT": str(any_free_port()),
        "LITELLM_API_KEY": "sk-test",
        "SOLARIS_DEFAULT_PLAN": "ouro",
    }
    async with running(tmp_path, service, database_url, **variables) as process:
        deadline = time.monotonic() + 30
        while "default_plan_missing" not in logged(tmp_path, service):
            assert process.exit_code is None
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)
        assert process.exit_code is None
    lines = [json.loads(line) for line in (tmp_path / f"{service}.log").read_text().splitlines() if line[:1] == "{"]
    entry = next(line for line in lines if line["action"] == "default_plan_missing")
    assert entry["level"] == "error"
    assert "SOLARIS_DEFAULT_PLAN=ouro" in entry["details"]["cause"]
    assert "basico" in entry["details"]["cure"]
