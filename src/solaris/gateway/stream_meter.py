"""Reads a stream while it is relayed: the usage, the error, the end; and the text, if nobody counts it for us."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from solaris.domain.tokens import TokenCounts
from solaris.gateway.dialect import Dialect, Json
from solaris.gateway.sse import DONE, data_of, end_of_last_event, events, leading_blank, object_of

# JSON escapes quotes inside texts, and a text holds no raw line end: nothing the model writes can look like these.
_REMARKABLE = re.compile(rb'"usage"\s*:\s*\{|"error"\s*:|(?:^|[\r\n])data:\s*\[DONE\]')
_MODEL = re.compile(rb'"model"\s*:\s*"([^"\\]{1,200})"')
_MOST_UNREAD_BYTES = 16_384
_MOST_EVENT_BYTES = 1_048_576
_BYTES_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """What a stream turned out to be: `counts` as the provider told them, and the output counted from the text after that."""

    counts: TokenCounts | None
    counted_output: int


class StreamMeter:
    """Passes a stream on, event by event, byte for byte, but without a usage event that the client had not asked for.

    Memory stays flat: at most 16 kB that were not read yet, and one incomplete event of 1 MB at most. Nothing is parsed but
    events that may hold usage or an error; the text is counted in blocks of 16 kB, and not at all where usage arrives before.
    The last event (`[DONE]`, and what may follow it) is kept in `farewell`, to be relayed when the call is charged.
    """

    def __init__(self, dialect: Dialect, count: Callable[[Sequence[str]], int], *, keeps_usage: bool) -> None:
        self._dialect = dialect
        self._count = count
        self._keeps_usage = keeps_usage
        self._tail = b""
        self._unread: list[bytes] = []
        self._unread_bytes = 0
        self._counted = 0
        self._counts: TokenCounts | None = None
        self.done = False
        self.farewell = b""
        self.error: Json | None = None
        self.model_answered: str | None = None

    def feed(self, chunk: bytes) -> bytes:
        """Takes bytes as they came; returns those to relay now. After an error event nothing more is relayed."""
        data = self._tail + chunk if self._tail else chunk
        cut = end_of_last_event(data)
        if cut == len(data):
            self._tail = b""
            return self._pass(data)
        self._tail = data[cut:]
        if len(self._tail) > _MOST_EVENT_BYTES:
            # No event of a model is so long: whatever it is, it is passed on, and its text counted by its size.
            whole, self._tail = data, b""
            self._counted += len(whole) // _BYTES_PER_TOKEN
            return whole
        return self._pass(data[:cut]) if cut else b""

    def close(self) -> bytes:
        """The stream has ended; returns what is left to relay."""
        rest, self._tail = self._tail, b""
        return self._pass(rest) if rest else b""

    @property
    def has_usage(self) -> bool:
        """Whether the provider has told its counts."""
        return self._counts is not None

    @property
    def output_tokens_so_far(self) -> int:
        """Roughly what was delivered, without reading it: blocks that were not read yet count one each."""
        told = self._counts.output if self._counts is not None else 0
        return told + self._counted + len(self._unread)

    def end(self) -> StreamEnd:
        """What was delivered; reads what was not read yet."""
        self._read()
        return StreamEnd(self._counts, self._counted)

    def _pass(self, block: bytes) -> bytes:
        if self.error is not None:
            return b""
        if self.done:
            self.farewell += block
            return b""
        if self.model_answered is None:
            found = _MODEL.search(block)
            self.model_answered = found[1].decode(errors="replace") if found else None
        if _REMARKABLE.search(block) is None:
            self._keep(block)
            return block
        return b"".join(self._remarked(event) for event in events(block))

    def _remarked(self, event: bytes) -> bytes:
        if self.error is not None:
            return b""
        if self.done or data_of(event) == DONE:
            self.done = True
            self.farewell += event
            return b""
        value = object_of(event)
        if value is None:
            return event
        if value.get("error"):
            self.error = value
            return leading_blank(event)
        self._keep(event)
        says_only_usage = self._noted_usage(value)
        return leading_blank(event) if says_only_usage and not self._keeps_usage else event

    def _noted_usage(self, value: dict[str, Any]) -> bool:
        """Takes the usage an event may hold; true where the event holds nothing else."""
        if not isinstance(value.get("usage"), dict):
            return False
        counts = self._dialect.usage_of(value)
        if counts is not None:
            # The provider's counts hold everything delivered so far; only what comes after is still to be counted.
            self._counts = counts
            self._counted = 0
            self._forget()
        return self._dialect.is_usage_only(value)

    def _keep(self, block: bytes) -> None:
        self._unread.append(block)
        self._unread_bytes += len(block)
        if self._unread_bytes > _MOST_UNREAD_BYTES:
            self._read()

    def _read(self) -> None:
        texts: dict[int, list[str]] = {}
        for block in self._unread:
            for event in events(block):
                value = object_of(event)
                for choice, text in self._dialect.texts_of(value) if value is not None else ():
                    texts.setdefault(choice, []).append(text)
        self._forget()
        self._counted += self._count(["".join(parts) for parts in texts.values()])

    def _forget(self) -> None:
        self._unread = []
        self._unread_bytes = 0
