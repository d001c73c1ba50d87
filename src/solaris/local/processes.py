"""Child processes that end with their parent, and waiting until they are ready."""

import asyncio
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import IO, Protocol
from urllib.parse import urlsplit

from solaris.local import reaper as reaper_program
from solaris.local.errors import PartFailed

_PR_SET_PDEATHSIG = 1
_POLL_SECONDS = 0.05
_PROBE_SECONDS = 2.0
LIVENESS_SECONDS = 10.0
# The reaper ends one layer after the other; this bounds all of them.
_LONGEST_ENDING_SECONDS = 60.0


class Layer(IntEnum):
    """Order of dependency: parts of a higher layer are ended before those of a lower one."""

    DATABASE = 0
    CACHE = 1
    MODELS = 2
    SERVICES = 3


@dataclass(frozen=True)
class RunAs:
    """The system user of a child, where it differs from ours."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Command:
    """How a child is started and stopped.

    `environment` is complete; the child inherits no variables.

    `stop_seconds` is the time between `stop_signal` and SIGKILL. If this process is killed, the
    child gets `death_signal` at once (None: `stop_signal`), and `stop_signal` from the reaper when
    the layers above its `layer` have ended.
    """

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    run_as: RunAs | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15.0
    death_signal: signal.Signals | None = None
    layer: Layer = Layer.SERVICES


class Part(Protocol):
    """A server or child process that can be started, waited for and stopped."""

    @property
    def name(self) -> str:
        """The name shown on the screen, and of its log."""

    async def start(self) -> None:
        """Return when it is ready. Raises a LocalError if it does not become ready."""

    async def wait(self) -> int:
        """Wait until it ends, for any reason; returns its exit code."""

    async def answers(self) -> bool:
        """Liveness, found out within seconds.

        One False is no proof of a hang; several in a row are.
        """

    async def stop(self) -> None:
        """Return when it has ended. Idempotent."""


class Reaper:
    """A small process that ends our children and their children if we are killed (see `reaper.py`)."""

    def __init__(self, lock_file: Path) -> None:
        self._lock_file = lock_file
        self._process: subprocess.Popen[str] | None = None

    async def start(
        self, *, timeout_seconds: float = _LONGEST_ENDING_SECONDS, waiting: Callable[[], None] = lambda: None
    ) -> None:
        """Wait until the reaper of a killed run has ended (calling `waiting` once), then start ours.

        Raises:
            PartFailed: the parts of the earlier run do not end within `timeout_seconds`.
        """
        descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            await self._take(descriptor, timeout_seconds, waiting)
            # Isolated and without site: it starts fast, and a reinstallation does not affect it.
            self._process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own file; starting does not block
                [sys.executable, "-I", "-S", reaper_program.__file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(descriptor,),
                start_new_session=True,
                text=True,
            )
        finally:
            os.close(descriptor)

    async def _take(self, descriptor: int, timeout_seconds: float, waiting: Callable[[], None]) -> None:
        deadline = time.monotonic() + timeout_seconds
        has_waited = False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if not has_waited:
                    waiting()
                    has_waited = True
                if time.monotonic() > deadline:
                    raise PartFailed("the parts of an earlier run do not end; end them by hand") from error
                await asyncio.sleep(_POLL_SECONDS)
            else:
                return

    def started(self, group: int, command: Command) -> None:
        """Register a process group that was started."""
        self._send(f"+{group} {int(command.stop_signal)} {int(command.layer)} {command.stop_seconds}\n")

    def ended(self, group: int) -> None:
        """Remove a process group that has ended: another process may get its number."""
        self._send(f"-{group}\n")

    def _send(self, line: str) -> None:
        if self._process is None or self._process.stdin is None:
            return
        # Without a reaper the children still get their parent-death signal.
        with suppress(OSError, ValueError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def stop(self) -> None:
        """End the reaper. Call it when every child has ended."""
        if self._process is None or self._process.stdin is None:
            return
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_LONGEST_ENDING_SECONDS)
        self._process = None


class Process:
    """One running child in its own process group, without input.

    Its output is appended to a log.
    """

    def __init__(self, command: Command, popen: subprocess.Popen[bytes], reaper: Reaper | None) -> None:
        self.command = command
        self._popen = popen
        self._reaper = reaper
        self._group_ended = False

    @classmethod
    def start(cls, command: Command, reaper: Reaper | None = None, *, output: Path | None = None) -> "Process":
        """Start the child; with `output`, its standard output goes to that file and only standard error to its log.

        Must run in the main thread: on Linux the parent-death signal follows the thread that
        started the child.

        Raises:
            PartFailed: the system can't start it.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("children are started from the main thread alone")
        with command.log.open("ab") as log, (output or command.log).open("ab") as standard_output:
            try:
                popen = _popen(command, standard_output, log)
            except (OSError, subprocess.SubprocessError) as error:
                raise PartFailed(f"{command.name} can't be started: {error}") from error
        if reaper is not None:
            reaper.started(popen.pid, command)
        return cls(command, popen, reaper)

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its process group."""
        return self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._popen.poll()

    async def wait(self) -> int:
        """Wait until it ends; returns its exit code."""
        while (code := self._popen.poll()) is None:  # noqa: ASYNC110 - there is no portable event for an exit
            await asyncio.sleep(_POLL_SECONDS)
        self._end_group()
        return code

    async def stop(self) -> None:
        """End it and its children: the stop signal, then SIGKILL to the group after `stop_seconds`."""
        if self.exit_code is None:
            self._popen.send_signal(self.command.stop_signal)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wait(), self.command.stop_seconds)
        if self.exit_code is None:
            self._popen.kill()
        await self.wait()

    def _end_group(self) -> None:
        # Once, and right after the end: later another process may have the number.
        if self._group_ended:
            return
        self._group_ended = True
        reaper_program.send(self.pid, signal.SIGKILL)
        if self._reaper is not None:
            self._reaper.ended(self.pid)


def _popen(command: Command, output: IO[bytes], log: IO[bytes]) -> subprocess.Popen[bytes]:
    run_as = command.run_as
    return subprocess.Popen(  # noqa: S603 - the commands are ours
        command.arguments,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=log,
        env=dict(command.environment),
        cwd=command.folder,
        process_group=0,
        user=run_as.uid if run_as else None,
        group=run_as.gid if run_as else None,
        extra_groups=[] if run_as else None,
        preexec_fn=_death_with_parent(command.death_signal or command.stop_signal),  # noqa: PLW1509 - one system call, prepared beforehand
    )


def _death_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    """A function for the child to run before exec, after the change of user, which clears the parent-death signal."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def prepare() -> None:
        prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


async def until_ready(process: Process, ready: Callable[[], Awaitable[bool]], timeout_seconds: float) -> None:
    """Return as soon as `ready` returns true.

    Raises:
        PartFailed: the child ended first, or `timeout_seconds` passed; the message quotes the last
            line of its log.
    """
    name = process.command.name
    deadline = time.monotonic() + timeout_seconds
    while not await ready():
        if process.exit_code is not None:
            raise PartFailed(
                f"{name} ended at its start (exit code {process.exit_code}){log_tail(process.command.log)}"
            )
        if time.monotonic() > deadline:
            raise PartFailed(f"{name} is not ready after {timeout_seconds:.0f} s{log_tail(process.command.log)}")
        await asyncio.sleep(_POLL_SECONDS)


def log_tail(log: Path) -> str:
    """`: <last line of the log> (log: <path>)`, for the end of an error message."""
    with suppress(OSError):
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - 4096))
            lines = [line.strip() for line in stream.read().decode(errors="replace").splitlines() if line.strip()]
        if lines:
            return f": {lines[-1][:300]} (log: {log})"
    return f" (log: {log})"


async def http_answers(
    url: str, *, accepted: tuple[int, ...] | None = (200,), timeout_seconds: float = _PROBE_SECONDS
) -> bool:
    """Whether a GET of the plain-HTTP `url` answers one of the `accepted` statuses (None: any) within `timeout_seconds`."""
    parts = urlsplit(url)
    request = f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
    try:
        async with asyncio.timeout(timeout_seconds):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
            try:
                writer.write(request.encode())
                status_line = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    words = status_line.split()
    if len(words) < 2 or not words[1].isdigit():
        return False
    return accepted is None or int(words[1]) in accepted


def alive_at(url: str, *, timeout_seconds: float = LIVENESS_SECONDS) -> Callable[[], Awaitable[bool]]:
    """A liveness probe: any HTTP answer of `url` counts.

    Its default timeout is longer than that of a readiness check.
    """

    async def probe() -> bool:
        return await http_answers(url, accepted=None, timeout_seconds=timeout_seconds)

    return probe


class Service:
    """A child process with a readiness check, as a Part. `ready` is polled until it returns true.

    `alive` is the liveness probe; without it, a running process counts as alive.
    """

    def __init__(
        self,
        command: Command,
        ready: Callable[[], Awaitable[bool]],
        *,
        alive: Callable[[], Awaitable[bool]] | None = None,
        timeout_seconds: float = 60.0,
        reaper: Reaper | None = None,
    ) -> None:
        self._command = command
        self._ready = ready
        self._alive = alive
        self._timeout_seconds = timeout_seconds
        self._reaper = reaper
        self._process: Process | None = None

    @property
    def name(self) -> str:
        """The command's name."""
        return self._command.name

    async def start(self) -> None:
        """Start the child and wait until it is ready; a child that does not become ready is ended.

        Raises:
            PartFailed: the child ended, or was not ready within `timeout_seconds`.
        """
        self._process = Process.start(self._command, self._reaper)
        try:
            await until_ready(self._process, self._ready, self._timeout_seconds)
        except BaseException:
            await self.stop()
            raise

    async def wait(self) -> int:
        """Wait until it ends; returns its exit code."""
        return await self._process.wait() if self._process else 0

    async def answers(self) -> bool:
        """The result of its liveness probe."""
        return True if self._alive is None else await self._alive()

    async def stop(self) -> None:
        """End it within the command's `stop_seconds`."""
        if self._process is not None:
            await self._process.stop()
