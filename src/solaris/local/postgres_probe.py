"""Probes of a PostgreSQL: whether it serves connections, and whether a process is a server on some data."""

import asyncio
import subprocess
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import asyncpg

from solaris.local.processes import LIVENESS_SECONDS


async def postgres_answers(connect: Callable[[], Awaitable["asyncpg.Connection[asyncpg.Record]"]]) -> bool:
    """Whether it answers a new connection within `LIVENESS_SECONDS`.

    A refusal counts: a server in recovery or full is alive.
    """
    try:
        async with asyncio.timeout(LIVENESS_SECONDS):
            connection = await connect()
            try:
                await connection.fetchval("SELECT 1")
            finally:
                connection.terminate()
    except asyncpg.PostgresError:
        return True
    except (OSError, TimeoutError, asyncpg.InterfaceError):
        return False
    return True


def is_server_of(pid: int, data: Path) -> bool:
    """Whether process `pid` is a PostgreSQL server on `data`: its working directory is the data directory."""
    link = Path(f"/proc/{pid}/cwd")
    if Path("/proc/self/cwd").exists():
        with suppress(OSError):
            return link.readlink() == data.resolve()
        return False
    answer = subprocess.run(["/bin/ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603
    return "postgres" in answer.stdout
