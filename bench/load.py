"""The load generator: one process, raw HTTP/1.1 over keep-alive connections, answers found by scanning for their ends.

Three ways of loading: a number of requests over some connections as fast as answers come (closed), at a given rate whatever the
answers do (paced), and all at once, one on each connection (`closed` with as many requests as connections).
"""

import asyncio
import re
import time
from array import array
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import cast

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_STAMP = re.compile(rb'"content":" (\d{6,20}) "')
_STREAM_END = b"\r\n0\r\n\r\n"
_DONE = b"data: [DONE]"
_TICK_SECONDS = 0.001
NO_CONNECTION = 0
CUT_SHORT = -1
NO_ANSWER = -2
_PATIENCE_SECONDS = 30.0
_ACCEPT_SECONDS = 0.2


@dataclass
class Result:
    """What was sent and what came. Times are seconds; `failures` counts answers by status (0: the connection broke off;
    −1: a stream without its end; −2: no answer within 30 s of the load's end), `led_in` those that came within the lead-in."""

    sent: int = 0
    seconds: "array[float]" = field(default_factory=lambda: array("d"))
    first_byte_seconds: "array[float]" = field(default_factory=lambda: array("d"))
    chunk_seconds: "array[float]" = field(default_factory=lambda: array("d"))
    failures: Counter[int] = field(default_factory=Counter)
    elapsed_seconds: float = 0.0
    first_failure: str = ""
    led_in: int = 0

    @property
    def answered(self) -> int:
        """Answers of status 200 that came whole."""
        return len(self.seconds)

    @property
    def per_second(self) -> float:
        """Whole answers a second."""
        return self.answered / self.elapsed_seconds if self.elapsed_seconds else 0.0

    def percentile_ms(self, percent: float) -> float:
        """The latency that `percent` of the answers kept within, in ms."""
        return percentile_ms(self.seconds[self.led_in :], percent)

    def first_byte_ms(self, percent: float) -> float:
        """The same for the first byte of the body."""
        return percentile_ms(self.first_byte_seconds[self.led_in :], percent)


def percentile_ms(seconds: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of `seconds` do not exceed, in ms; not a number where there are none."""
    if not seconds:
        return float("nan")
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * percent // 100).__int__() - 1))]


class Lane(asyncio.Protocol):
    """One connection: a request, its answer, then the owner decides what comes next."""

    def __init__(self, owner: "Load") -> None:
        self._owner = owner
        self.transport: asyncio.Transport | None = None
        self._parts: list[bytes] = []
        self._left = -1
        self._status = 0
        self._tail = b""
        self._begun = 0.0
        self.first_byte = 0.0
        self.busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def send(self, request: bytes, due: float) -> None:
        """Send one request; its latency counts from `due` (a performance counter's time)."""
        if self.transport is None:
            self._owner.failed(self, NO_CONNECTION, b"the connection was closed")
            return
        self._parts.clear()
        self._left = -1
        self._status = 0
        self._tail = b""
        self.first_byte = 0.0
        self._begun = due
        self.busy = True
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._status == 0:
            data = self._head(data)
            if self._status == 0:
                return
        if data and self.first_byte == 0.0:
            self.first_byte = time.perf_counter()
        if self._left >= 0:
            self._left -= len(data)
            if self._status != 200:
                self._parts.append(data)
            if self._left <= 0:
                self._end(whole=True)
            return
        self._streamed(data)

    def _head(self, data: bytes) -> bytes:
        self._parts.append(data)
        data = b"".join(self._parts) if len(self._parts) > 1 else data
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return b""
        self._parts.clear()
        self._status = int(data[9:12])
        length = _LENGTH.search(data, 0, end)
        self._left = int(length[1]) if length else -1
        return data[end + 4 :]

    def _streamed(self, data: bytes) -> None:
        if self._owner.reads_stamps:
            now = time.monotonic_ns()
            self._owner.result.chunk_seconds.extend((now - int(stamp)) / 1e9 for stamp in _STAMP.findall(data))
        # The end may come in pieces: what is compared is the end of all that came.
        self._tail = (self._tail + data)[-256:]
        if self._tail.endswith(_STREAM_END):
            self._end(whole=_DONE in self._tail)

    def _end(self, *, whole: bool) -> None:
        self.busy = False
        if self._status == 200 and whole:
            self._owner.answered(self, time.perf_counter() - self._begun, self.first_byte - self._begun)
        else:
            status = self._status if self._status != 200 else CUT_SHORT
            self._owner.failed(self, status, b"".join(self._parts) or self._tail)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.busy:
            self.busy = False
            self._owner.failed(self, NO_CONNECTION, repr(exc).encode())


class Load:
    """One load on one port. `limit` requests at most, and none is begun after `seconds`."""

    def __init__(self, requests: Sequence[bytes], *, limit: int | None, seconds: float, reads_stamps: bool) -> None:
        self.result = Result()
        self.reads_stamps = reads_stamps
        self._requests = cycle(requests)
        self._limit = limit
        self._ends_at = time.perf_counter() + seconds
        self._seconds = seconds
        self._done = asyncio.get_running_loop().create_future()
        self._lanes: list[Lane] = []
        self._open = 0
        self._idle: list[Lane] | None = None
        self._queue: deque[float] = deque()
        self._releasing = False

    async def connect(self, port: int, connections: int) -> None:
        """Open every connection before the clock starts."""
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            _, lane = await loop.create_connection(lambda: Lane(self), "127.0.0.1", port)
            self._lanes.append(lane)
        # The server takes them in one by one, after our side believes them open.
        await asyncio.sleep(_ACCEPT_SECONDS)

    async def closed(self) -> Result:
        """Each connection sends its next request when its answer is here."""
        begun = time.perf_counter()
        self._ends_at = begun + self._seconds
        self._releasing = True
        for lane in self._lanes:
            self._next(lane)
        self._releasing = False
        self._end_if_over()
        return await self._finished(begun)

    async def paced(self, per_second: float, lead_in_seconds: float) -> Result:
        """Requests fall due evenly, whatever the answers do; one that finds no free connection waits, and its wait counts.

        A request's time runs from the tick (1 ms) in which it fell due. The times of answers that come within the lead-in, while
        the server wakes and opens connections of its own, are left out of the percentiles.
        """
        begun = time.perf_counter()
        self._idle = list(self._lanes)
        self._releasing = True
        due = 0
        while (passed := time.perf_counter() - begun) < self._seconds:
            now = time.perf_counter()
            if passed < lead_in_seconds:
                self.result.led_in = self.result.answered
            while due <= passed * per_second:
                due += 1
                self._release(now)
            await asyncio.sleep(_TICK_SECONDS)
        self._releasing = False
        self._end_if_over()
        return await self._finished(begun)

    async def _finished(self, begun: float) -> Result:
        try:
            await asyncio.wait_for(self._done, self._seconds + _PATIENCE_SECONDS)
        except TimeoutError:
            self.result.failures[NO_ANSWER] += self._open + len(self._queue)
            self.result.first_failure = self.result.first_failure or "no answer"
        self.result.elapsed_seconds = time.perf_counter() - begun
        return self.result

    def close(self) -> None:
        """Close every connection."""
        for lane in self._lanes:
            if lane.transport is not None:
                lane.transport.abort()

    def answered(self, lane: Lane, seconds: float, first_byte_seconds: float) -> None:
        """A whole answer of status 200."""
        self.result.seconds.append(seconds)
        self.result.first_byte_seconds.append(first_byte_seconds)
        self._after(lane)

    def failed(self, lane: Lane, status: int, body: bytes) -> None:
        """Anything else."""
        self.result.failures[status] += 1
        self.result.first_failure = self.result.first_failure or f"{status} {body[:300].decode(errors='replace')}"
        self._after(lane)

    def _after(self, lane: Lane) -> None:
        self._open -= 1
        if self._idle is None:
            self._next(lane)
        elif self._queue:
            self._send(lane, self._queue.popleft())
        elif lane.transport is not None:
            self._idle.append(lane)
        self._end_if_over()

    def _next(self, lane: Lane) -> None:
        over = self._limit is not None and self.result.sent >= self._limit
        if lane.transport is not None and not over and time.perf_counter() < self._ends_at:
            self._send(lane, time.perf_counter())

    def _release(self, now: float) -> None:
        if self._idle:
            self._send(self._idle.pop(), now)
        else:
            self._queue.append(now)

    def _send(self, lane: Lane, due: float) -> None:
        self.result.sent += 1
        self._open += 1
        lane.send(next(self._requests), due)

    def _end_if_over(self) -> None:
        if self._open == 0 and not self._queue and not self._releasing and not self._done.done():
            self._done.set_result(None)


@dataclass(frozen=True)
class Shape:
    """How a load is given: over how many connections, how many requests at most, for how long, at which rate (None: closed).

    `lead_in_seconds`: of a paced load, how long its answers' times are not counted.
    """

    connections: int = 1
    requests: int | None = None
    seconds: float = 60.0
    per_second: float | None = None
    reads_stamps: bool = False
    lead_in_seconds: float = 0.0


async def run(port: int, requests: Sequence[bytes], shape: Shape) -> Result:
    """Load the server on `port` of this machine; returns when the last answer is here."""
    load = Load(requests, limit=shape.requests, seconds=shape.seconds, reads_stamps=shape.reads_stamps)
    try:
        await load.connect(port, shape.connections)
        if shape.per_second is None:
            return await load.closed()
        return await load.paced(shape.per_second, shape.lead_in_seconds)
    finally:
        load.close()
