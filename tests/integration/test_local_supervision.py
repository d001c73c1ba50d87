"""The supervisor over real processes: killed as often as one likes, or stopped where they stand, they are back."""

import asyncio
import io
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio as redis
from rich.console import Console

from solaris.local.children import solaris_command
from solaris.local.heartbeat import HeartbeatService
from solaris.local.ports import any_free_port
from solaris.local.postgres_server import PostgresPlan, PostgresServer
from solaris.local.processes import Command, Part, Service, alive_at, http_answers
from solaris.local.redis_server import RedisPlan, RedisServer
from solaris.local.screen import Screen
from solaris.local.supervisor import RestartPolicy, Supervisor

_POLICY = RestartPolicy(probe_every_seconds=0.1, probe_failures=2, first_pause_seconds=0.01, longest_pause_seconds=0.1)
_WAIT_SECONDS = 90.0
_SERVER = """
import http.server, os, sys
class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = str(os.getpid()).encode()
        self.send_response(503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="solaris-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@asynccontextmanager
async def supervised(part: Part) -> AsyncIterator[io.StringIO]:
    shown = io.StringIO()
    supervisor = Supervisor(Screen(Console(file=shown, soft_wrap=True)), (), _POLICY)
    await supervisor.start(part)
    try:
        yield shown
    finally:
        await supervisor.stop()


async def until(holds: Callable[[], Awaitable[bool]], *, what: str) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while not await holds():
        assert time.monotonic() < deadline, f"not in time: {what}"
        await asyncio.sleep(0.05)


def web_server(folder: Path) -> tuple[Service, int]:
    port = any_free_port()
    url = f"http://127.0.0.1:{port}/"
    command = Command(
        "web", (sys.executable, "-c", _SERVER, str(port)), dict(os.environ), folder / "web.log", stop_seconds=0.3
    )

    async def ready() -> bool:
        return await http_answers(url, accepted=None)

    return Service(command, ready, alive=alive_at(url, timeout_seconds=1.0)), port


async def answered(port: int) -> int | None:
    """The process id that answers at `port`; None while nothing does."""
    try:
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(b"GET / HTTP/1.0\r\n\r\n")
                text = await reader.read()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return None
    body = text.rpartition(b"\r\n\r\n")[2]
    return int(body) if body.isdigit() else None


async def next_answer(port: int, not_from: int) -> int:
    found: list[int] = []

    async def another() -> bool:
        pid = await answered(port)
        if pid is not None and pid != not_from:
            found.append(pid)
        return bool(found)

    await until(another, what=f"an answer of another process than {not_from}")
    return found[0]


async def test_a_part_that_is_killed_ten_times_is_back_each_time(folder: Path) -> None:
    part, port = web_server(folder)
    async with supervised(part) as shown:
        pid = await next_answer(port, 0)
        for _ in range(10):
            os.kill(pid, signal.SIGKILL)
            pid = await next_answer(port, pid)
    assert shown.getvalue().count("exit code -9") == 10
    assert await answered(port) is None


async def test_a_part_that_is_stopped_where_it_stands_is_replaced(folder: Path) -> None:
    part, port = web_server(folder)
    async with supervised(part) as shown:
        pid = await next_answer(port, 0)
        os.kill(pid, signal.SIGSTOP)
        await next_answer(port, pid)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert "does not answer its probe; ending it" in shown.getvalue()


async def test_a_worker_that_is_stopped_where_it_stands_is_replaced(folder: Path, database_url: str) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database_url,
        "SOLARIS_STATE_DIR": str(folder),
        "SOLARIS_LOG_FORMAT": "json",
        "PYTHONUNBUFFERED": "1",
    }
    log, heartbeat = folder / "worker.log", folder / "worker.heartbeat"
    command = replace(solaris_command("worker", ("worker",), environment, log), stop_seconds=0.5)
    part = HeartbeatService(command, heartbeat, silent_seconds=7.0)

    async def is_back() -> bool:
        return log.read_text().count('"action":"worker_ready"') == 2 and heartbeat.exists()

    async with supervised(part) as shown:
        process = part._process
        assert process is not None
        os.kill(process.pid, signal.SIGSTOP)
        await until(is_back, what="a second worker")
        with pytest.raises(ProcessLookupError):
            os.kill(process.pid, 0)
    assert "does not answer its probe" in shown.getvalue()


async def test_a_postgresql_that_is_stopped_where_it_stands_is_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solaris.local.postgres_probe.LIVENESS_SECONDS", 0.5)
    monkeypatch.setattr("solaris.local.postgres_server._STOP_SECONDS", 1.0)
    plan = PostgresPlan(
        folder / "postgres", folder / "postgres.log", "secret", preferred_port=any_free_port(),
        settings={"shared_buffers": "16MB"},
    )  # fmt: skip
    server = PostgresServer(plan)

    async def serves() -> bool:
        try:
            connection = await asyncpg.connect(server.url, timeout=1)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        try:
            return bool(await connection.fetchval("SELECT to_regclass('kept') IS NOT NULL"))
        finally:
            connection.terminate()

    async with supervised(server) as shown:
        connection = await asyncpg.connect(server.url)
        await connection.execute("CREATE TABLE kept ()")
        await connection.close()
        assert server._process is not None
        os.kill(server._process.pid, signal.SIGSTOP)

        async def is_replaced() -> bool:
            return "again" in shown.getvalue().rpartition("ready in")[2] and await serves()

        await until(is_replaced, what="PostgreSQL with its data")


async def test_a_redis_that_is_stopped_where_it_stands_is_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solaris.local.redis_server.LIVENESS_SECONDS", 0.5)
    monkeypatch.setattr("solaris.local.redis_server._STOP_SECONDS", 1.0)
    server = RedisServer(RedisPlan(folder / "redis", folder / "redis.log", "secret", preferred_port=any_free_port()))

    async def is_replaced() -> bool:
        client = redis.from_url(server.url, socket_timeout=1, socket_connect_timeout=1)
        try:
            return bool(await client.get("kept") == b"this")
        except (redis.ConnectionError, redis.TimeoutError):
            return False
        finally:
            await client.aclose()

    async with supervised(server) as shown:
        client = redis.from_url(server.url)
        await client.set("kept", "this")
        await client.execute_command("WAITAOF", 1, 0, 5000)
        await client.aclose()
        assert server._process is not None
        os.kill(server._process.pid, signal.SIGSTOP)
        await until(is_replaced, what="Valkey with its data")
    assert "does not answer its probe" in shown.getvalue()
