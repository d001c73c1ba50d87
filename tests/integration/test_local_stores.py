"""The embedded PostgreSQL and Redis: durable, closed to strangers, healed after every kind of crash."""

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio as redis

from solaris.local import postgres_server
from solaris.local.errors import StateDamaged
from solaris.local.ports import any_free_port, first_free_port
from solaris.local.postgres_server import PostgresPlan, PostgresServer
from solaris.local.redis_server import RedisPlan, RedisServer

_HOLDER = """
import asyncio, sys
from pathlib import Path
from solaris.local.postgres_server import PostgresPlan, PostgresServer

async def hold():
    folder = Path(sys.argv[1])
    server = PostgresServer(PostgresPlan(folder / "postgres", folder / "postgres.log", "secret", preferred_port=int(sys.argv[2])))
    await server.start()
    print("ready", flush=True)
    await asyncio.sleep(600)

asyncio.run(hold())
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="solaris-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def plan_in(folder: Path) -> PostgresPlan:
    return PostgresPlan(
        folder / "postgres",
        folder / "postgres.log",
        "it's a secret",
        preferred_port=any_free_port(),
        settings={"shared_buffers": "16MB"},
    )


async def value_of(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_postgres_keeps_its_data_over_a_stop_and_a_start(folder: Path) -> None:
    plan = plan_in(folder)
    server = PostgresServer(plan)
    await server.start()
    await value_of(server.url, "CREATE TABLE kept AS SELECT 42 AS number")
    await server.stop()

    again = PostgresServer(plan)
    await again.start()
    try:
        assert await value_of(again.url, "SELECT number FROM kept") == 42
        assert await value_of(again.url, "SHOW fsync") == "on"
        assert (
            await value_of(again.url, "SELECT lower('JOÃO') || current_setting('timezone')") == "joãoAmerica/Sao_Paulo"
        )
    finally:
        await again.stop()


async def test_nobody_gets_into_postgres_over_tcp_without_the_password_nor_as_superuser(folder: Path) -> None:
    server = PostgresServer(plan_in(folder))
    await server.start()
    try:
        for user, password in (("solaris", None), ("solaris", "wrong"), ("postgres", "it's a secret")):
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
                await asyncpg.connect(
                    host="127.0.0.1", port=server.port, user=user, password=password, database="ia_solaris"
                )
    finally:
        await server.stop()


async def test_postgres_moves_to_the_next_port_when_its_own_is_taken(folder: Path) -> None:
    plan = plan_in(folder)
    taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", plan.preferred_port)
    server = PostgresServer(plan)
    try:
        await server.start()
        assert server.port > plan.preferred_port
        assert await value_of(server.url, "SELECT 1") == 1
    finally:
        await server.stop()
        taken.close()


async def test_postgres_leaves_a_port_of_which_it_got_but_one_address(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_in(folder)
    with socket.create_server(("127.0.0.1", plan.preferred_port)):
        # Somebody was faster, after the port had looked free.
        offered = iter([plan.preferred_port])
        monkeypatch.setattr(
            postgres_server, "first_free_port", lambda preferred: next(offered, None) or first_free_port(preferred)
        )
        server = PostgresServer(plan)
        await server.start()
        try:
            assert server.port != plan.preferred_port
            assert await value_of(server.url, "SELECT current_user") == "solaris"
        finally:
            await server.stop()


async def test_postgres_recovers_when_the_server_itself_is_killed(folder: Path) -> None:
    plan = plan_in(folder)
    server = PostgresServer(plan)
    await server.start()
    await value_of(server.url, "CREATE TABLE kept AS SELECT 42 AS number")
    port = server.port
    os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    await server.wait()

    await server.start()
    try:
        assert server.port == port
        assert await value_of(server.url, "SELECT number FROM kept") == 42
    finally:
        await server.stop()


async def test_postgres_dies_with_its_killed_starter_and_starts_again(folder: Path) -> None:
    plan = plan_in(folder)
    with subprocess.Popen(  # noqa: ASYNC220 - starting does not block
        [sys.executable, "-c", _HOLDER, str(folder), str(plan.preferred_port)], stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        assert await asyncio.to_thread(starter.stdout.readline) == "ready\n"
        starter.kill()

    server = PostgresServer(plan)
    await server.start()
    try:
        assert await value_of(server.url, "SELECT 1") == 1
    finally:
        await server.stop()
    assert "database system is shut down" in plan.log.read_text()


async def test_a_second_launcher_attaches_to_the_running_postgres(folder: Path) -> None:
    plan = plan_in(folder)
    server, second = PostgresServer(plan), PostgresServer(plan)
    await server.start()
    try:
        await second.start()
        assert second.url == server.url
        assert await value_of(second.url, "SELECT 1") == 1
    finally:
        await server.stop()


async def test_a_pid_file_that_names_a_stranger_does_not_block_the_start(folder: Path) -> None:
    plan = plan_in(folder)
    server = PostgresServer(plan)
    await server.start()
    content = (server.data / "postmaster.pid").read_text().splitlines()
    await server.stop()
    (server.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *content[1:]]) + "\n")

    await server.start()
    try:
        assert await value_of(server.url, "SELECT 1") == 1
    finally:
        await server.stop()


async def test_a_setup_that_crashed_in_the_middle_is_healed(folder: Path) -> None:
    plan = plan_in(folder)
    (folder / "postgres").mkdir(mode=0o711)
    (folder / "postgres" / "data.unfinished").mkdir()
    (folder / "postgres" / "data.unfinished" / "PG_VERSION").write_text("18")
    server = PostgresServer(plan)
    await server.start()
    connection = await server.superuser_connection()
    await connection.execute("DROP DATABASE ia_solaris")
    await connection.close()
    await server.stop()

    await server.start()
    try:
        assert await value_of(server.url, "SELECT current_database()") == "ia_solaris"
    finally:
        await server.stop()


async def test_data_of_another_major_version_is_refused_in_one_line(folder: Path) -> None:
    data = folder / "postgres" / "data"
    data.mkdir(parents=True, mode=0o711)
    (folder / "postgres").chmod(0o711)
    (data / "PG_VERSION").write_text("13\n")
    with pytest.raises(StateDamaged, match="made by PostgreSQL 13") as caught:
        await PostgresServer(plan_in(folder)).start()
    assert "\n" not in str(caught.value)


async def test_a_very_long_path_does_not_stop_postgres(folder: Path) -> None:
    deep = folder / ("x" * 100)
    deep.mkdir(mode=0o711)
    server = PostgresServer(plan_in(deep))
    await server.start()
    try:
        assert await value_of(server.url, "SELECT 1") == 1
    finally:
        await server.stop()


async def test_redis_lets_strangers_ping_and_no_more(folder: Path) -> None:
    server = RedisServer(RedisPlan(folder / "redis", folder / "redis.log", secrets.token_hex(8), any_free_port()))
    await server.start()
    stranger = redis.Redis(host="127.0.0.1", port=server.port)
    ours = redis.from_url(server.url)
    try:
        assert await stranger.ping()
        with pytest.raises(redis.RedisError):
            await stranger.set("key", "value")
        with pytest.raises(redis.RedisError):
            await stranger.execute_command("SHUTDOWN")
        assert await ours.set("key", "value")
    finally:
        await stranger.aclose()
        await ours.aclose()
        await server.stop()


async def test_redis_keeps_its_data_and_port_when_it_is_killed(folder: Path) -> None:
    server = RedisServer(RedisPlan(folder / "redis", folder / "redis.log", "secret", any_free_port()))
    await server.start()
    port = server.port
    ours = redis.from_url(server.url)
    await ours.set("key", "value")
    process_id = (await ours.info("server"))["process_id"]
    await asyncio.sleep(0.1)
    os.kill(process_id, signal.SIGKILL)
    await server.wait()
    with suppress(redis.RedisError):
        await ours.aclose()

    await server.start()
    ours = redis.from_url(server.url)
    try:
        assert server.port == port
        assert await ours.get("key") == b"value"
    finally:
        await ours.aclose()
        await server.stop()


async def test_the_values_of_a_failed_statement_are_not_in_postgresqls_log(folder: Path) -> None:
    server = PostgresServer(plan_in(folder))
    await server.start()
    try:
        connection = await asyncpg.connect(server.url)
        try:
            await connection.execute("CREATE TABLE said (word text UNIQUE CHECK (length(word) < 40), number int)")
            await connection.execute("INSERT INTO said VALUES ($1)", "segredo-bound")
            for statement, word in (
                ("INSERT INTO said VALUES ($1)", "segredo-bound"),
                ("INSERT INTO said VALUES ($1)", "segredo-too-long" * 5),
            ):
                with pytest.raises(asyncpg.PostgresError):
                    await connection.execute(statement, word)
        finally:
            await connection.close()
    finally:
        await server.stop()
    log = (folder / "postgres.log").read_text()
    assert "duplicate key value violates unique constraint" in log
    assert [line for line in log.splitlines() if "segredo-bound" in line or "segredo-too-long" in line] == []
