"""Processes of the product as its users start them, on stores that the test has, and users to call them."""

import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.local.ports import any_free_port
from solaris.local.processes import Command, Process, http_answers, until_ready
from solaris.platform.postgres import Database

START_SECONDS = 30.0


@asynccontextmanager
async def running(
    folder: Path, name: str, database_url: str, python: Sequence[str] = (sys.executable,), **variables: str
) -> AsyncIterator[Process]:
    """`solaris <name>`, begun but perhaps not ready; its log is `<name>.log` in the folder. `python` starts the interpreter."""
    environment = {
        **{kept: os.environ[kept] for kept in ("PATH", "HOME", "PYTHONPATH") if kept in os.environ},
        "DATABASE_URL": database_url,
        "JWT_SECRET": "a secret of the tests, thirty-two bytes long",
        "SOLARIS_STATE_DIR": str(folder / "state"),
        **variables,
    }
    arguments = (*python, "-m", "solaris.cli.main", name)
    process = Process.start(Command(name, arguments, environment, folder / f"{name}.log", folder=folder))
    try:
        yield process
    finally:
        await process.stop()


@asynccontextmanager
async def running_proxy(
    folder: Path, database_url: str, litellm_url: str, **variables: str
) -> AsyncIterator[tuple[str, Process]]:
    """A proxy that answers, and its URL."""
    port = any_free_port()
    url = f"http://127.0.0.1:{port}"
    own = {"SOLARIS_PROXY_PORT": str(port), "LITELLM_URL": litellm_url, "LITELLM_API_KEY": "sk-test", **variables}
    async with running(folder, "proxy", database_url, **own) as process:
        await until_ready(process, lambda: http_answers(f"{url}/metrics"), START_SECONDS)
        yield url, process


async def user_with_key(database: Database, tokens: int = 250_000) -> tuple[UUID, str]:
    """A new user with so many tokens a month and no limit of rates, and his key."""
    await database.execute("UPDATE plans SET requests_per_minute = NULL, tokens_per_minute = NULL")
    user_id: UUID = await database.fetchval("INSERT INTO users (name) VALUES ('Ana') RETURNING id")
    await database.execute(
        "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', $2)", user_id, tokens
    )
    return user_id, (await ApiKeys(database, CacheInvalidation()).create(user_id, "teste")).key


def logged(folder: Path, name: str) -> list[str]:
    """The actions in a process's log, in their order."""
    lines = (folder / f"{name}.log").read_text().splitlines()
    return [json.loads(line)["action"] for line in lines if line.startswith("{")]
