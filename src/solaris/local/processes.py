"""Child processes that never outlive their parent, and waiting until they are ready."""

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

from solaris.local import guardian as guardian_program
from solaris.local.errors import PartFailed

_PR_SET_PDEATHSIG = 1
_POLL_SECONDS = 0.05
_PROBE_SECONDS = 2.0
LIVENESS_SECONDS = 10.0
# A guardian ends layer after layer, and each may take its time.
_LONGEST_ENDING_SECONDS = 60.0


class Layer(IntEnum):
    """Which parts need which: what needs others is ended before them."""

    DATABASE = 0
    CACHE = 1
    MODELS = 2
    SERVICES = 3


@dataclass(frozen=True)
class RunAs:
    """The system user of a child, where it is not ours."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Command:
    """How a child is started and stopped. The environment is all it gets; nothing is inherited.

    `stop_seconds` is the time it has after `stop_signal`. When we are killed, it gets `death_signal` at once (None: `stop_signal`),
    and its `stop_signal` from the guardian when the layers above its `layer` have ended.
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
    """Something that can be started, waited for and stopped: a server of ours or a child process."""

    @property
    def name(self) -> str:
        """As shown on screen, and the name of its log."""

    async def start(self) -> None:
        """Return when it is ready; raise a LocalError if it does not become so."""

    async def wait(self) -> int:
        """Return its exit code when it has ended, for whatever reason."""

    async def answers(self) -> bool:
        """Whether it still does its work, found out within seconds; False is no proof yet, several in a row are."""

    async def stop(self) -> None:
        """Return when it has ended; harmless when it runs no more."""


class Guardian:
    """A small process that ends our children, and theirs, if we are killed (see `guardian.py`)."""

    def __init__(self, lock_file: Path) -> None:
        self._lock_file = lock_file
        self._process: subprocess.Popen[str] | None = None

    async def start(
        self, *, timeout_seconds: float = _LONGEST_ENDING_SECONDS, waiting: Callable[[], None] = lambda: None
    ) -> None:
        """Wait until the guardian of a killed run has done its work (calling `waiting` once), then start ours.

        Raises:
            PartFailed: the parts of the earlier run do not end.
        """
        descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            await self._take(descriptor, timeout_seconds, waiting)
            # Isolated and without site: it must start fast and depend on nothing that a reinstallation moves.
            self._process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own file; starting does not block
                [sys.executable, "-I", "-S", guardian_program.__file__],
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
        told = False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if not told:
                    waiting()
                    told = True
                if time.monotonic() > deadline:
                    raise PartFailed("the parts of an earlier run do not end; end them by hand") from error
                await asyncio.sleep(_POLL_SECONDS)
            else:
                return

    def started(self, group: int, command: Command) -> None:
        """A process group of ours runs from now on."""
        self._tell(f"+{group} {int(command.stop_signal)} {int(command.layer)} {command.stop_seconds}\n")

    def ended(self, group: int) -> None:
        """The process group has ended; its number may belong to a stranger soon."""
        self._tell(f"-{group}\n")

    def _tell(self, line: str) -> None:
        if self._process is None or self._process.stdin is None:
            return
        # Without a guardian the children still have their parent-death signal.
        with suppress(OSError, ValueError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def stop(self) -> None:
        """Let it go; call when every child has ended."""
        if self._process is None or self._process.stdin is None:
            return
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_LONGEST_ENDING_SECONDS)
        self._process = None


class Process:
    """One running child with its own process group, no input, and its output appended to a log."""

    def __init__(self, command: Command, popen: subprocess.Popen[bytes], guardian: Guardian | None) -> None:
        self.command = command
        self._popen = popen
        self._guardian = guardian
        self._group_ended = False

    @classmethod
    def start(cls, command: Command, guardian: Guardian | None = None, *, output: Path | None = None) -> "Process":
        """Start the child; with `output` its standard output goes there, and only the rest to its log.

        Only from the main thread: on Linux the child dies with the thread that started it.

        Raises:
            PartFailed: the system refuses to start it.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("children are started from the main thread alone")
        with command.log.open("ab") as log, (output or command.log).open("ab") as standard_output:
            try:
                popen = _popen(command, standard_output, log)
            except (OSError, subprocess.SubprocessError) as error:
                raise PartFailed(f"{command.name} can't be started: {error}") from error
        if guardian is not None:
            guardian.started(popen.pid, command)
        return cls(command, popen, guardian)

    @property
    def pid(self) -> int:
        """Its process id, and the id of its process group."""
        return self._popen.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._popen.poll()

    async def wait(self) -> int:
        """Its exit code, once it has ended."""
        while (code := self._popen.poll()) is None:  # noqa: ASYNC110 - nothing portable tells of an exit
            await asyncio.sleep(_POLL_SECONDS)
        self._end_group()
        return code

    async def stop(self) -> None:
        """End it and its own children: its stop signal, and SIGKILL to the group after `stop_seconds`."""
        if self.exit_code is None:
            self._popen.send_signal(self.command.stop_signal)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wait(), self.command.stop_seconds)
        if self.exit_code is None:
            self._popen.kill()
        await self.wait()

    def _end_group(self) -> None:
        # Once and at once: later the number may be a stranger's.
        if self._group_ended:
            return
        self._group_ended = True
        guardian_program.send(self.pid, signal.SIGKILL)
        if self._guardian is not None:
            self._guardian.ended(self.pid)


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
    """What the child does before it becomes the program, after the change of user (which clears the setting)."""
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
    """Return as soon as `ready` says yes.

    Raises:
        PartFailed: the child ended before, or `timeout_seconds` passed; quotes the last line of its log.
    """
    name = process.command.name
    deadline = time.monotonic() + timeout_seconds
    while not await ready():
        if process.exit_code is not None:
            raise PartFailed(
                f"{name} ended at its start (exit code {process.exit_code}){last_words(process.command.log)}"
            )
        if time.monotonic() > deadline:
            raise PartFailed(f"{name} is not ready after {timeout_seconds:.0f} s{last_words(process.command.log)}")
        await asyncio.sleep(_POLL_SECONDS)


def last_words(log: Path) -> str:
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
    """A probe: the server at `url` answers, whatever its status. A busy server gets longer than one that is being started."""

    async def probe() -> bool:
        return await http_answers(url, accepted=None, timeout_seconds=timeout_seconds)

    return probe


class Service:
    """A child process with a readiness check, as a Part. `ready` is asked again and again until it says yes.

    `alive` is the probe of a part that runs; where None, it counts as alive for as long as its process runs.
    """

    def __init__(
        self,
        command: Command,
        ready: Callable[[], Awaitable[bool]],
        *,
        alive: Callable[[], Awaitable[bool]] | None = None,
        timeout_seconds: float = 60.0,
        guardian: Guardian | None = None,
    ) -> None:
        self._command = command
        self._ready = ready
        self._alive = alive
        self._timeout_seconds = timeout_seconds
        self._guardian = guardian
        self._process: Process | None = None

    @property
    def name(self) -> str:
        """The command's name."""
        return self._command.name

    async def start(self) -> None:
        """Start the child and wait until it is ready; a child that does not become so is ended.

        Raises:
            PartFailed: it ended, or took longer than `timeout_seconds`.
        """
        self._process = Process.start(self._command, self._guardian)
        try:
            await until_ready(self._process, self._ready, self._timeout_seconds)
        except BaseException:
            await self.stop()
            raise

    async def wait(self) -> int:
        """Its exit code, once it has ended."""
        return await self._process.wait() if self._process else 0

    async def answers(self) -> bool:
        """What its probe says."""
        return True if self._alive is None else await self._alive()

    async def stop(self) -> None:
        """End it within the command's bound."""
        if self._process is not None:
            await self._process.stop()
