"""Reads a stream while it is relayed: the usage, the error, the end; and the text, if nobody counts it for us."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from solaris.domain.tokens import TokenCounts
from solaris.gateway.dialect import Dialect, Json
from solaris.gateway.sse import DONE, data_of, end_of_last_event, events, leading_blank, object_of

_MODEL = re.compile(rb'"model"\s*:\s*"([^"\\]{1,200})"')
_MOST_UNREAD_BYTES = 16_384
_BYTES_PER_TOKEN = 4
_SEAM_BYTES = 3
# An event's bytes per token are many times more: less than this, and most of the output did not come as text.
_LEAST_BYTES_PER_TOKEN = 8
_DATA_LINE = b"data:"


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """What a stream turned out to be: `counts` as the provider told them, and the output counted from the text after that."""

    counts: TokenCounts | None
    counted_output: int


class StreamMeter:
    """Passes a stream on, event by event, byte for byte, but without a usage event that the client had not asked for.

    Memory stays flat: at most 16 kB that were not read yet, and one incomplete event of the dialect's most at most. Nothing is
    parsed but events that may hold usage, an error or the end; the text is counted in blocks of 16 kB, and not at all where
    usage arrives before. The last event (`[DONE]`, or the dialect's own, and what may follow it) is kept in `farewell`, to be
    relayed when the call is charged. `hidden_output`: what the provider counted, at its first word of that, beyond the text.
    """

    def __init__(self, dialect: Dialect, count: Callable[[Sequence[str]], int], *, keeps_usage: bool) -> None:
        self._dialect = dialect
        self._count = count
        self._keeps_usage = keeps_usage
        self._tail: list[bytes] = []
        self._tail_bytes = 0
        self._seam = b""
        self._unread: list[bytes] = []
        self._unread_bytes = 0
        self._counted = 0
        self._kept_bytes = 0
        self._counts: TokenCounts | None = None
        self.has_usage = False
        self.hidden_output = 0
        self.done = False
        self.farewell = b""
        self.error: Json | None = None
        self.model_answered: str | None = None

    def feed(self, chunk: bytes) -> bytes:
        """Takes bytes as they came; returns those to relay now. After an error event nothing more is relayed."""
        if not self._tail:
            cut = end_of_last_event(chunk)
            if cut == len(chunk):
                return self._pass(chunk)
            self._wait_for_rest(chunk[cut:])
            return self._pass(chunk[:cut]) if cut else self._overflow()
        # Only the new bytes are searched: a large event comes in hundreds of pieces.
        cut = end_of_last_event(self._seam + chunk) - len(self._seam)
        if cut <= 0:
            self._wait_for_rest(chunk)
            return self._overflow()
        whole = self._taken_tail() + chunk[:cut]
        if cut < len(chunk):
            self._wait_for_rest(chunk[cut:])
        return self._pass(whole)

    def close(self) -> bytes:
        """The stream has ended; returns what is left to relay."""
        rest = self._taken_tail()
        return self._pass(rest) if rest else b""

    @property
    def waiting_bytes(self) -> int:
        """The size of the event that is not complete yet."""
        return self._tail_bytes

    @property
    def unread_bytes(self) -> int:
        """What was delivered and not read yet."""
        return self._unread_bytes

    def output_tokens_so_far(self, *, exact: bool) -> int:
        """What was delivered; reads nothing for good. Where not `exact`, each event that was not read yet counts as one token."""
        told = self._counts.output if self._counts is not None else 0
        unread = self._counted_in_unread() if exact else sum(block.count(_DATA_LINE) for block in self._unread)
        return told + self._counted + unread

    def end(self) -> StreamEnd:
        """What was delivered; reads what was not read yet."""
        self._read()
        return StreamEnd(self._counts, self._counted)

    def _wait_for_rest(self, part: bytes) -> None:
        self._tail.append(part)
        self._tail_bytes += len(part)
        self._seam = (self._seam + part[-_SEAM_BYTES:])[-_SEAM_BYTES:]

    def _taken_tail(self) -> bytes:
        tail = b"".join(self._tail)
        self._tail, self._tail_bytes, self._seam = [], 0, b""
        return tail

    def _overflow(self) -> bytes:
        """No event of a model is so long: whatever it is, it is passed on, and its text counted by its size."""
        if self._tail_bytes <= self._dialect.most_event_bytes:
            return b""
        whole = self._taken_tail()
        self._counted += len(whole) // _BYTES_PER_TOKEN
        return whole

    def _pass(self, block: bytes) -> bytes:
        if self.error is not None:
            return b""
        if self.done:
            self.farewell += block
            return b""
        if self.model_answered is None:
            found = _MODEL.search(block)
            self.model_answered = found[1].decode(errors="replace") if found else None
        if self._dialect.remarkable.search(block) is None:
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
        self._keep(event)
        says_only_usage = self._noted_usage(value)
        self.error = self._dialect.error_of(value)
        if self.error is not None:
            return leading_blank(event)
        if self._dialect.is_last(value):
            self.done = True
            self.farewell += event
            return b""
        return leading_blank(event) if says_only_usage and not self._keeps_usage else event

    def _noted_usage(self, value: dict[str, Any]) -> bool:
        """Takes the usage an event may hold; true where the event holds nothing else."""
        counts = self._dialect.usage_of(value)
        if counts is None:
            return isinstance(value.get("usage"), dict) and self._dialect.is_usage_only(value)
        self._counts = counts if self._counts is None else _running_total(self._counts, counts)
        if self._dialect.tells_output(value):
            # The provider's counts hold everything delivered so far; only what comes after is still to be counted.
            if not self.has_usage:
                self.hidden_output = self._hidden_in(counts)
            self.has_usage = True
            self._counted = 0
            self._forget()
        return self._dialect.is_usage_only(value)

    def _hidden_in(self, counts: TokenCounts) -> int:
        """The output that did not come as text. It is counted where there are signs of it alone: a plain stream's text is not."""
        if not counts.reasoning and counts.output * _LEAST_BYTES_PER_TOKEN <= self._kept_bytes:
            return 0
        return max(0, counts.output - self._counted - self._counted_in_unread())

    def _keep(self, block: bytes) -> None:
        self._kept_bytes += len(block)
        self._unread.append(block)
        self._unread_bytes += len(block)
        if self._unread_bytes > _MOST_UNREAD_BYTES:
            self._read()

    def _read(self) -> None:
        counted = self._counted_in_unread()
        self._forget()
        self._counted += counted

    def _counted_in_unread(self) -> int:
        texts: dict[int, list[str]] = {}
        for block in self._unread:
            for event in events(block):
                value = object_of(event)
                for choice, text in self._dialect.texts_of(value) if value is not None else ():
                    texts.setdefault(choice, []).append(text)
        return self._count(["".join(parts) for parts in texts.values()])

    def _forget(self) -> None:
        self._unread = []
        self._unread_bytes = 0


def _running_total(before: TokenCounts, now: TokenCounts) -> TokenCounts:
    return TokenCounts(
        max(before.input, now.input),
        max(before.cached_input, now.cached_input),
        max(before.output, now.output),
        max(before.reasoning, now.reasoning),
    )
