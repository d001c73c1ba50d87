"""The embedded PostgreSQL: durable, on loopback with a password, ended together with its parent process.

Problems that this launcher avoids (DESIGN 4): PostgreSQL refuses root, so the system user `nobody`
runs it; an incomplete data directory never gets its final name; a stale `postmaster.pid` of another
container would block the start; other local users must not connect without a password.
"""

import asyncio
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import asyncpg

from solaris.local.errors import PartFailed, StateDamaged
from solaris.local.ports import first_free_port, is_free
from solaris.local.postgres_binaries import PostgresBinaries, postgres_binaries_for
from solaris.local.postgres_probe import is_server_of, postgres_answers
from solaris.local.processes import Command, Layer, Process, Reaper, log_tail, until_ready
from solaris.local.unprivileged import reachable_folder, server_user, user_name

_READY_SECONDS = 120.0  # recovery after a crash replays the log first
_RETRY_SECONDS = 20.0
_STOP_SECONDS = 20.0
_SOCKET_PATH_LIMIT = 90
_SOCKET_PREFIX = "solaris-postgres-"
_SUPERUSER = "postgres"
_BUSY_SIGNS = ("Address already in use", "could not create any TCP/IP sockets", "pre-existing shared memory block")
_SETTINGS = {
    "listen_addresses": "127.0.0.1,::1",
    "max_connections": "200",
    "shared_buffers": "192MB",
    "max_wal_size": "2GB",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_connections": "",
    # Logs of failed statements have no values: no parameters, no row in a DETAIL, no text in a
    # CONTEXT.
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
_ACCESS = """\
# Written by solaris at every start.
# The superuser comes in over the socket alone, and only as the system user that started the server: the one it runs as for root is
# shared with others.
local all {superuser} peer map=solaris
host  all {superuser} all reject
local all all scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
host  all all ::1/128 scram-sha-256
"""


@dataclass(frozen=True)
class PostgresPlan:
    """How the server runs: `home` is its folder, `log` its log file; `settings` override ours."""

    home: Path
    log: Path
    password: str = field(repr=False)
    role: str = "solaris"
    database: str = "ia_solaris"
    preferred_port: int = 5432
    timezone: str = "America/Sao_Paulo"
    settings: Mapping[str, str] = field(default_factory=dict)


class PostgresServer:
    """One PostgreSQL on its own data directory. A Part; a start after a crash keeps the port."""

    def __init__(self, plan: PostgresPlan, reaper: Reaper | None = None) -> None:
        self._plan = plan
        self._reaper = reaper
        self._process: Process | None = None
        self._attached_pid: int | None = None
        self._home = plan.home
        self._socket_folder: Path | None = None
        self._port: int | None = None

    @property
    def name(self) -> str:
        """The name shown on the screen."""
        return "postgres"

    @property
    def port(self) -> int:
        """The port it listens on. Only after `start`."""
        if self._port is None:
            raise RuntimeError("PostgreSQL is not started")
        return self._port

    @property
    def url(self) -> str:
        """The connection URL of the product's role and database, password included.

        Only after `start`.
        """
        plan = self._plan
        return f"postgresql://{plan.role}:{quote(plan.password, safe='')}@127.0.0.1:{self.port}/{plan.database}"

    @property
    def data(self) -> Path:
        """The data directory."""
        return self._home / "data"

    async def start(self) -> None:
        """Return when role and database exist and accept connections.

        Attaches to a server that runs on this data.

        Raises:
            PartMissing: no binaries for this platform.
            PartFailed: it does not start; the message quotes its log.
            StateDamaged: the data is of another major version, or inaccessible.
        """
        user = server_user(self._plan.home / "data")
        binaries = postgres_binaries_for(user)
        self._home = reachable_folder(self._plan.home, user)
        await self._make_data(binaries)
        self._check_version(binaries)
        if not await self._attach():
            await self._launch(binaries)
        await self._make_database()

    async def wait(self) -> int:
        """Wait until it ends; returns its exit code (0 for a server that we attached to)."""
        if self._process is not None:
            return await self._process.wait()
        pid = self._attached_pid
        while pid is not None and is_server_of(pid, self.data):  # noqa: ASYNC110 - no event for the exit of a process that is not our child
            await asyncio.sleep(0.2)
        return 0

    async def answers(self) -> bool:
        """Whether it accepts a new connection, or refuses it with an error message."""
        return await postgres_answers(self.superuser_connection)

    async def stop(self) -> None:
        """Fast shutdown: open transactions roll back, then it writes a checkpoint.

        SIGQUIT after 20 s.
        """
        if self._process is not None:
            await self._stop_process(self._process)
        elif self._attached_pid is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(self._attached_pid, signal.SIGINT)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wait(), _STOP_SECONDS)
        self._process = self._attached_pid = None
        self._remove_socket_folder()

    async def _stop_process(self, process: Process) -> None:
        if process.exit_code is None:
            os.kill(process.pid, signal.SIGINT)
            try:
                await asyncio.wait_for(process.wait(), _STOP_SECONDS)
            except TimeoutError:
                os.kill(process.pid, signal.SIGQUIT)
                with suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), 5)
        await process.stop()

    # --- data directory

    async def _make_data(self, binaries: PostgresBinaries) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        if self.data.exists() and any(self.data.iterdir()):
            raise StateDamaged(f"{self.data} is no PostgreSQL data directory; move it away and start again")
        user = server_user(self.data)
        # A crash in the middle must not leave a directory that looks complete: it gets its name
        # last.
        unfinished = self._home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if user is not None:
            os.chown(unfinished, user.uid, user.gid)
        arguments = (
            *(str(binaries.initdb), "-D", str(unfinished), "-U", _SUPERUSER, "--encoding=UTF8", "--locale=C"),
            # Case conversion of accented letters, which the plain C locale lacks; sorting is by
            # code point.
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *("--auth-local=peer", "--auth-host=scram-sha-256", "--no-instructions"),
        )
        command = Command("initdb", arguments, _environment(), self._plan.log, user, folder=Path("/"))
        process = Process.start(command, self._reaper)
        if await process.wait() != 0:
            raise PartFailed(f"PostgreSQL's data directory can't be made{log_tail(self._plan.log)}")
        if self.data.exists():
            self.data.rmdir()
        unfinished.rename(self.data)

    def _check_version(self, binaries: PostgresBinaries) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != str(binaries.major_version):
            raise StateDamaged(
                f"{self.data} was made by PostgreSQL {found}, this version brings {binaries.major_version}: "
                "restore a backup into a new folder, or go back to the version that made it"
            )

    # --- the server process

    async def _attach(self) -> bool:
        lines = self._pid_lines()
        if len(lines) < 5:
            return False
        pid = int(lines[0])
        if not is_server_of(pid, self.data):
            # No server runs on this data: the file is stale, and its pid may belong to another
            # process.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            if Path(lines[4]).name.startswith(_SOCKET_PREFIX):
                shutil.rmtree(lines[4], ignore_errors=True)
            return False
        self._attached_pid, self._port, self._socket_folder = pid, int(lines[3]), Path(lines[4])
        deadline = time.monotonic() + _RETRY_SECONDS
        while not self._says_ready():
            if not is_server_of(pid, self.data):
                self._attached_pid = self._socket_folder = None
                return False
            if time.monotonic() > deadline:
                raise PartFailed(
                    f"a PostgreSQL (pid {pid}) holds {self.data} and is not ready; stop it with: kill -INT {pid}"
                )
            await asyncio.sleep(0.05)
        return True

    async def _launch(self, binaries: PostgresBinaries) -> None:
        deadline = time.monotonic() + _RETRY_SECONDS
        while True:
            if self._port is None or not is_free(self._port):
                self._port = first_free_port(self._plan.preferred_port)
            try:
                await self._launch_once(binaries)
            except PartFailed as error:
                # Another process took the port meanwhile, or backends of a killed server are still
                # ending.
                if time.monotonic() > deadline or not any(sign in str(error) for sign in _BUSY_SIGNS):
                    raise
                # A random pause, so that two starts do not collide again.
                await asyncio.sleep(random.uniform(0.1, 0.5))  # noqa: S311 - no secret
            else:
                return

    async def _launch_once(self, binaries: PostgresBinaries) -> None:
        self._write_access()
        self._socket_folder = self._make_socket_folder()
        written = self._plan.log.stat().st_size if self._plan.log.exists() else 0
        settings = {
            **_SETTINGS,
            "port": str(self._port),
            "timezone": self._plan.timezone,
            "unix_socket_directories": str(self._socket_folder),
            "unix_socket_permissions": "0700",
            **self._plan.settings,
        }
        options = [text for name, value in settings.items() for text in ("-c", f"{name}={value}")]
        command = Command(
            name="postgres",
            arguments=(str(binaries.postgres), "-D", str(self.data), *options),
            environment=_environment(),
            log=self._plan.log,
            run_as=server_user(self.data),
            folder=Path("/"),
            # Fast shutdown; SIGTERM would wait for every client to disconnect.
            stop_signal=signal.SIGINT,
            stop_seconds=_STOP_SECONDS,
            # If we are killed, it waits for its clients, since proxies have calls to settle; the
            # reaper then sends SIGINT.
            death_signal=None if self._reaper is None else signal.SIGTERM,
            layer=Layer.DATABASE,
        )
        process = Process.start(command, self._reaper)
        try:
            await until_ready(process, self._is_ready, _READY_SECONDS)
            self._check_addresses(written)
        except BaseException as error:
            await self._stop_process(process)
            self._remove_socket_folder()
            if isinstance(error, PartFailed):
                raise PartFailed(f"{error}{_busy_sign(self._plan.log, written)}") from error
            raise
        self._process = process

    def _check_addresses(self, written: int) -> None:
        """PostgreSQL starts with one bound address.

        Two servers that start together could each hold one address of the same port.

        Raises:
            PartFailed: another server holds the port at one of the addresses.
        """
        if _busy_sign(self._plan.log, written):
            raise PartFailed(
                f"another server holds port {self._port} at one of the addresses {_SETTINGS['listen_addresses']}"
            )

    async def _is_ready(self) -> bool:
        return self._says_ready()

    def _says_ready(self) -> bool:
        lines = self._pid_lines()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _pid_lines(self) -> list[str]:
        with suppress(OSError):
            return (self.data / "postmaster.pid").read_text().splitlines()
        return []

    def _write_access(self) -> None:
        (self.data / "pg_hba.conf").write_text(_ACCESS.format(superuser=_SUPERUSER))
        (self.data / "pg_ident.conf").write_text(f"solaris {user_name(os.geteuid())} {_SUPERUSER}\n")

    # --- socket folder (its path must be short: the system's limit is about 100 characters)

    def _make_socket_folder(self) -> Path:
        folder = self._home / "socket"
        if len(str(folder)) <= _SOCKET_PATH_LIMIT - len("/.s.PGSQL.65535.lock"):
            # A lock file of a killed server is honoured while any process has its pid.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
        else:
            folder = Path(tempfile.mkdtemp(prefix=_SOCKET_PREFIX, dir="/tmp"))
        user = server_user(self.data)
        if user is not None:
            os.chown(folder, user.uid, user.gid)
        return folder

    def _remove_socket_folder(self) -> None:
        if self._socket_folder is not None and self._socket_folder != self._home / "socket":
            shutil.rmtree(self._socket_folder, ignore_errors=True)
        self._socket_folder = None

    # --- role and database

    async def superuser_connection(self, database: str = "postgres") -> "asyncpg.Connection[asyncpg.Record]":
        """A connection as the superuser over the socket.

        Only after `start`; the caller closes it.
        """
        return await asyncpg.connect(
            host=str(self._socket_folder), port=self.port, user=_SUPERUSER, database=database, ssl=False, timeout=30
        )

    async def _make_database(self) -> None:
        """Make role and database.

        Idempotent: each step checks what exists, so a start after a crash completes an earlier one.
        """
        plan = self._plan
        try:
            connection = await self.superuser_connection()
        except (OSError, asyncpg.PostgresError) as error:
            raise PartFailed(f"PostgreSQL refuses its own superuser: {error} (log: {plan.log})") from error
        try:
            # The log of a failed statement would contain the password.
            await connection.execute("SET log_min_error_statement = panic; SET log_statement = none")
            if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", plan.role):
                await connection.execute(
                    await connection.fetchval("SELECT format('CREATE ROLE %I', $1::text)", plan.role)
                )
            await connection.execute(
                await connection.fetchval(
                    "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)", plan.role, plan.password
                )
            )
            if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", plan.database):
                await connection.execute(
                    await connection.fetchval(
                        "SELECT format('CREATE DATABASE %I OWNER %I', $1::text, $2::text)", plan.database, plan.role
                    )
                )
        finally:
            await connection.close()


def _environment() -> dict[str, str]:
    # Not inherited: PGDATA, PGOPTIONS or a locale of the caller must not affect the server.
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _busy_sign(log: Path, offset: int) -> str:
    with suppress(OSError), log.open("rb") as stream:
        stream.seek(offset)
        text = stream.read(65536).decode(errors="replace")
        return next((f" ({sign})" for sign in _BUSY_SIGNS if sign in text), "")
    return ""
