"""Counts long texts in a thread: the compiled counter releases the interpreter lock."""

import asyncio
import heapq
import resource
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple

from solaris.platform.http.load_shedding import Overloaded

# Enough for 90 MB of ordinary text or 36 MB of base64. In a body (20 MB) only long runs of a few
# characters ("-----…", 1.6 MB/s) take longer.
MAX_SECONDS = 2.0
MAX_WAITING = 512
_TURN_SECONDS = 0.005
_MESSAGE = "Há muitas mensagens longas ao mesmo tempo. Tente novamente em alguns segundos."


def processor_seconds() -> float:
    """The CPU time of this thread in seconds, precise to a few milliseconds."""
    if sys.platform != "linux":
        return time.thread_time()
    # libfaketime, which the tests use to run on any day, does not support the clock of
    # `thread_time`.
    used = resource.getrusage(resource.RUSAGE_THREAD)
    return used.ru_utime + used.ru_stime


class Part(NamedTuple):
    """A part of a text, from `start` to `end`, and the key of its cached count."""

    key: tuple[str, int, int]
    text: str
    start: int
    end: int

    def read(self) -> str:
        """The part as a string; a copy unless it is the whole text."""
        return self.text[self.start : self.end]


class _Job:
    """The parts of one prompt; `seconds`: the CPU time used for it."""

    def __init__(self, parts: Sequence[Part], future: "asyncio.Future[list[int]]") -> None:
        self.parts = parts
        self.future = future
        self.loop = future.get_loop()
        self.counts: list[int] = []
        self.seconds = 0.0

    def advance(self, count: Callable[[str], int], max_seconds: float) -> bool:
        """Count for one turn; return whether the job is complete or out of time."""
        began, before = processor_seconds(), self.seconds
        parts, counts = self.parts, self.counts
        while len(counts) < len(parts) and self.seconds < min(before + _TURN_SECONDS, max_seconds):
            counts.append(count(parts[len(counts)].read()))
            self.seconds = before + processor_seconds() - began
        return len(counts) == len(parts) or self.seconds >= max_seconds


class CountingThread:
    """One thread, started on first use, for all long texts of a process.

    Turns of about 5 ms go to the prompt with the least CPU time so far: a short prompt waits for
    one turn of a huge one, not for all of it. At most `max_waiting` prompts wait. None takes more
    than `max_seconds` of CPU time.
    """

    def __init__(self, *, max_seconds: float = MAX_SECONDS, max_waiting: int = MAX_WAITING) -> None:
        self._max_seconds = max_seconds
        self._max_waiting = max_waiting
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="long-texts")
        self._lock = threading.Lock()
        self._queue: list[tuple[float, int, _Job, Callable[[str], int]]] = []
        self._submitted = 0
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """The number of prompts not yet counted."""
        return self._waiting

    async def count(self, parts: Sequence[Part], count: Callable[[str], int]) -> list[int]:
        """The tokens of each part, in order; fewer than parts where the time ran out.

        `count` is called in the thread. A cancelled caller frees its place immediately.

        Raises:
            Overloaded: too many prompts are waiting.
        """
        if self._waiting >= self._max_waiting:
            raise Overloaded(_MESSAGE)
        self._waiting += 1
        try:
            job = _Job(parts, asyncio.get_running_loop().create_future())
            self._submit(job, count)
            return await job.future
        finally:
            self._waiting -= 1

    def _submit(self, job: _Job, count: Callable[[str], int]) -> None:
        with self._lock:
            self._submitted += 1
            heapq.heappush(self._queue, (job.seconds, self._submitted, job, count))
        self._executor.submit(self._turn)

    def _turn(self) -> None:
        with self._lock:
            _, _, job, count = heapq.heappop(self._queue)
        if job.future.cancelled():
            return
        # RuntimeError: the loop or the process has ended, and with it the caller.
        with suppress(RuntimeError):
            try:
                is_complete = job.advance(count, self._max_seconds)
            except BaseException as error:  # noqa: BLE001 - the caller gets a panic of the compiled part too
                job.loop.call_soon_threadsafe(_fail, job.future, error)
                return
            if is_complete:
                job.loop.call_soon_threadsafe(_deliver, job.future, job.counts)
            else:
                self._submit(job, count)


def _deliver(future: "asyncio.Future[list[int]]", counts: list[int]) -> None:
    if not future.done():
        future.set_result(counts)


def _fail(future: "asyncio.Future[list[int]]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
