"""Processes that start while PostgreSQL is away: they say so, and recover by themselves when it is there, migrations included."""

import asyncio
import json
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.integration.own_processes import logged, running, running_proxy, user_with_key

from solaris.local.ports import any_free_port
from solaris.local.postgres_server import PostgresPlan, PostgresServer
from solaris.local.processes import http_answers, until_ready
from solaris.local.simulator import ModelSimulator
from solaris.platform.postgres import Database
from solaris.platform.release import own_release

CHAT = {"model": "gpt-4", "messages": [{"role": "user", "content": "Olá"}]}


@pytest.fixture
async def stopped_postgres() -> AsyncIterator[PostgresServer]:
    """Its database is there and empty; it does not run."""
    folder = Path(tempfile.mkdtemp(prefix="solaris-test-"))
    await asyncio.to_thread(folder.chmod, 0o711)
    plan = PostgresPlan(
        folder / "postgres", folder / "postgres.log", secrets.token_hex(16), preferred_port=any_free_port()
    )
    server = PostgresServer(plan)
    await server.start()
    await server.stop()
    yield server
    await server.stop()
    shutil.rmtree(folder, ignore_errors=True)


async def answer_of(http: aiohttp.ClientSession, url: str, **body: Any) -> tuple[int, Any]:
    method = "POST" if body else "GET"
    async with http.request(method, url, **body) as response:
        return response.status, await response.json()


async def until_healthy(http: aiohttp.ClientSession, url: str, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while (await answer_of(http, f"{url}/api/health"))[0] != 200:
        assert time.monotonic() < deadline, "it does not recover"
        await asyncio.sleep(0.2)


async def test_a_proxy_that_starts_before_postgresql_says_so_and_serves_when_it_is_there(
    tmp_path: Path, stopped_postgres: PostgresServer, simulator: ModelSimulator
) -> None:
    port = any_free_port()
    url = f"http://127.0.0.1:{port}"
    variables = {"SOLARIS_PROXY_PORT": str(port), "LITELLM_URL": simulator.url, "LITELLM_API_KEY": "sk-test"}
    headers = {"Authorization": "Bearer sk-solaris-0000000000000000000000000000000000000000"}
    async with (
        running(tmp_path, "proxy", stopped_postgres.url, **variables) as process,
        aiohttp.ClientSession() as http,
    ):
        await until_ready(process, lambda: http_answers(f"{url}/api/health", accepted=None), 30)
        status, health = await answer_of(http, f"{url}/api/health")
        assert (status, health["status"], health["checks"]["database"]["status"]) == (503, "down", "down")
        status, refused = await answer_of(http, f"{url}/v1/chat/completions", json=CHAT, headers=headers)
        assert (status, refused["error"]["code"]) == (503, "store_unavailable")
        assert "store_unavailable_at_start" in logged(tmp_path, "proxy")

        await stopped_postgres.start()
        await until_healthy(http, url)
        database = Database(stopped_postgres.url, timezone="America/Sao_Paulo", service="test")
        _, key = await user_with_key(database)
        await database.close()
        headers = {"Authorization": f"Bearer {key}"}
        assert (await answer_of(http, f"{url}/v1/chat/completions", json=CHAT, headers=headers))[0] == 200
        assert logged(tmp_path, "proxy").count("schema_ready") == 1
        assert "unhandled_error" not in logged(tmp_path, "proxy")


async def test_a_worker_that_starts_before_postgresql_waits_for_it(
    tmp_path: Path, stopped_postgres: PostgresServer
) -> None:
    async with running(tmp_path, "worker", stopped_postgres.url) as process:
        deadline = time.monotonic() + 30
        while "store_unavailable_at_start" not in logged(tmp_path, "worker"):
            assert process.exit_code is None
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)
        await stopped_postgres.start()
        while "worker_ready" not in logged(tmp_path, "worker"):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)


async def test_a_database_that_will_never_do_ends_the_start_with_one_line(tmp_path: Path, postgres_url: str) -> None:
    wrong = postgres_url.rsplit("/", 1)[0] + "/no_such_database"
    async with running(tmp_path, "proxy", wrong, SOLARIS_PROXY_PORT=str(any_free_port())) as process:
        assert await asyncio.wait_for(process.wait(), 30) == 1
    assert "no_such_database" in (tmp_path / "proxy.log").read_text()


async def test_a_proxy_serves_beside_a_schema_that_a_newer_version_only_expanded(
    tmp_path: Path, database_url: str, simulator: ModelSimulator
) -> None:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    _, key = await user_with_key(database)
    newer = "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, 'x')"
    await database.execute(newer, 9998, "pre_add_future")
    async with running_proxy(tmp_path, database_url, simulator.url) as (url, _), aiohttp.ClientSession() as http:
        answer = await answer_of(
            http, f"{url}/v1/chat/completions", json=CHAT, headers={"Authorization": f"Bearer {key}"}
        )
        assert answer[0] == 200
        sessions = await database.fetch(
            "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database()"
        )
        assert f"proxy-solaris/{own_release()}" in {row["application_name"] for row in sessions}
    progress = next(
        json.loads(line) for line in (tmp_path / "proxy.log").read_text().splitlines() if "schema_progress" in line
    )
    assert "9998_pre_add_future" in progress["details"]["detail"]
    await database.execute(newer, 9999, "post_drop_past")
    await database.close()
    async with running(tmp_path, "worker", database_url) as process:
        assert await asyncio.wait_for(process.wait(), 30) == 1
    assert "9999 (post_drop_past) of a newer version" in (tmp_path / "worker.log").read_text()
