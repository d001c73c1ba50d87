"""Real stores for every test that asks: PostgreSQL and Valkey of our own in a temporary folder, or TEST_DATABASE_URL.

A test that takes `database_url` gets a fresh, migrated database, copied from a template in some 50 ms.
"""

import asyncio
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from solaris.local.ports import any_free_port
from solaris.local.postgres_server import PostgresPlan, PostgresServer
from solaris.local.redis_server import RedisPlan, RedisServer

TIMEZONE = "America/Sao_Paulo"
# Longer than nearly every test.
_BEFORE_MIDNIGHT = timedelta(seconds=30)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """No test begins on one of the customer's days and ends on the next: what was charged "today" would be of yesterday, and at a
    month's end there would be nothing left of it. What happens at midnight is tested with clocks that are given.
    """
    now = datetime.now(ZoneInfo(TIMEZONE))
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    if midnight - now < _BEFORE_MIDNIGHT:
        time.sleep((midnight - now).total_seconds() + 0.1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where two processes share the tests, spread each folder's files over the run: some wait, and some (the browser's) compute."""
    if not hasattr(config, "workerinput"):
        return
    files: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(item.path for item in items):
        files.setdefault(path.parent, []).append(path)
    places = {path: place / len(paths) for paths in files.values() for place, path in enumerate(paths)}
    items.sort(key=lambda item: places[item.path])


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder that another system user may pass through: as root, PostgreSQL runs as `nobody`."""
    folder = Path(tempfile.mkdtemp(prefix="solaris-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def free_port() -> int:
    """A port nobody listens on."""
    return any_free_port()


@pytest.fixture(scope="session")
async def postgres_url(server_folder: Path) -> AsyncIterator[str]:
    """A PostgreSQL whose role may create databases: TEST_DATABASE_URL, or the embedded one, without fsync."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    server = PostgresServer(
        PostgresPlan(
            home=server_folder / "postgres",
            log=server_folder / "postgres.log",
            password=secrets.token_hex(16),
            preferred_port=any_free_port(),
            settings={"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB"},
        )
    )
    await server.start()
    try:
        connection = await server.superuser_connection()
        await connection.execute("ALTER ROLE solaris CREATEDB")
        await connection.close()
        yield server.url
    finally:
        await server.stop()


@pytest.fixture(scope="session")
async def template_database(postgres_url: str) -> AsyncIterator[str]:
    """The name of a migrated database that nobody is connected to, to copy from."""
    from solaris.apps.schema import apply_schema

    name = f"solaris_template_{secrets.token_hex(4)}"
    await _execute(postgres_url, f'CREATE DATABASE "{name}"')
    await apply_schema(url_of(postgres_url, name), timezone=TIMEZONE)
    yield name
    await _drop(postgres_url, name)


@pytest.fixture
async def database_url(postgres_url: str, template_database: str) -> AsyncIterator[str]:
    """A fresh database with the product's schema, gone after the test."""
    name = f"solaris_test_{secrets.token_hex(4)}"
    await _copy(postgres_url, template_database, name)
    yield url_of(postgres_url, name)
    await _drop(postgres_url, name)


@pytest.fixture(scope="session")
async def session_database_url(postgres_url: str, template_database: str) -> AsyncIterator[str]:
    """One database with the product's schema for modules that share what is in it."""
    name = f"solaris_test_{secrets.token_hex(4)}"
    await _copy(postgres_url, template_database, name)
    yield url_of(postgres_url, name)
    await _drop(postgres_url, name)


@pytest.fixture(scope="module")
async def module_database_url(postgres_url: str, template_database: str) -> AsyncIterator[str]:
    """A fresh database with the product's schema for all tests of one module."""
    name = f"solaris_test_{secrets.token_hex(4)}"
    await _copy(postgres_url, template_database, name)
    yield url_of(postgres_url, name)
    await _drop(postgres_url, name)


@pytest.fixture
async def empty_database_url(postgres_url: str) -> AsyncIterator[str]:
    """A fresh database without any table."""
    name = f"solaris_test_{secrets.token_hex(4)}"
    await _execute(postgres_url, f'CREATE DATABASE "{name}"')
    yield url_of(postgres_url, name)
    await _drop(postgres_url, name)


@pytest.fixture(scope="session")
async def redis_url(server_folder: Path) -> AsyncIterator[str]:
    """An embedded Valkey with a password."""
    server = RedisServer(
        RedisPlan(
            home=server_folder / "redis",
            log=server_folder / "redis.log",
            password=secrets.token_hex(16),
            preferred_port=any_free_port(),
        )
    )
    await server.start()
    yield server.url
    await server.stop()


def url_of(server_url: str, database: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{database}"))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _copy(url: str, template: str, name: str) -> None:
    for _ in range(50):
        try:
            await _execute(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        except asyncpg.ObjectInUseError:
            # An autovacuum worker may be looking at the template.
            await asyncio.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the template {template} stays in use")


async def _drop(url: str, name: str) -> None:
    for _ in range(50):
        try:
            await _execute(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except asyncpg.InsufficientPrivilegeError:
            # An autovacuum worker is in it, whom only a superuser may send away.
            await asyncio.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the database {name} stays in use")
