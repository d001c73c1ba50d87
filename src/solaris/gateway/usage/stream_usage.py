"""Reads usage, error and end of a relayed stream, and its text where no usage is reported."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from solaris.domain.tokens import TokenCounts
from solaris.gateway.api.base import EVERY_PLACE, ApiShape, Json
from solaris.gateway.api.base64_data import Base64Runs
from solaris.gateway.api.output_text import TOKENS_PER_GENERATED_IMAGE, flat_output_in
from solaris.gateway.api.sse import (
    DONE,
    data_of,
    end_of_first_event,
    end_of_last_event,
    events,
    leading_blank,
    object_of,
    parsed,
)
from solaris.gateway.api.usage import total_in
from solaris.gateway.usage.event_scanner import EventScanner

_MODEL = re.compile(rb'"model"\s*:\s*"([^"\\]{1,200})"')
_TYPE = re.compile(rb'"type"\s*:\s*"([a-z_.]{1,64})"')
_MAX_UNREAD_BYTES = 16_384
_LONG_HEAD_BYTES = 4_096
_SEAM_BYTES = 3
# Events of text have many more bytes per token: with fewer, most of the output is hidden.
_MIN_EVENT_BYTES_PER_SHOWN_TOKEN = 8
_DATA_LINE = b"data:"
# The end of nearly every chunk.
_END = b"\n\n"


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """The result of a stream: the provider's `counts`, and the output counted after them.

    Where the provider counted no output, `counted_output` covers the whole text.
    """

    counts: TokenCounts | None
    counted_output: int


class StreamUsage:
    """Relays a stream byte for byte, without a usage event that the client did not request.

    Memory is bounded: up to 16 kB of unread events, and one incomplete event of up to the API's
    `max_event_bytes`. A longer event is relayed in pieces, which are scanned for usage and images;
    without usage it costs its images, at least one.

    Only events that may hold usage, an error or the end are parsed. The text is counted in blocks
    of 16 kB, and not at all where usage arrives before.

    The last event (`[DONE]` or the API's own, and the bytes after it) is kept in `final_event`, to
    be relayed after the charge. `total_only` is the largest total of a usage without other
    readable counts. `hidden_output`: the output beyond the text in the provider's first count.
    """

    def __init__(self, api: ApiShape, count: Callable[[Sequence[str]], int], *, keeps_usage: bool) -> None:
        self._api = api
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
        self._long: _LongEvent | None = None
        self._places: set[int] = set()
        self._finished: set[int] = set()
        self.has_usage = False
        self.total_only = 0
        self.answered = False
        self._explains_no_text = False
        self.hidden_output = 0
        self.done = False
        self.final_event = b""
        self.error: Json | None = None
        self.model_answered: str | None = None

    def feed(self, chunk: bytes) -> bytes:
        """Process received bytes; return the bytes to relay now: none after an error event."""
        if self._long is not None:
            return self._feed_long(self._long, chunk)
        if not self._tail:
            if chunk.endswith(_END):
                return self._pass(chunk)
            cut = end_of_last_event(chunk)
            if cut == len(chunk):
                return self._pass(chunk)
            self._keep_tail(chunk[cut:])
            return self._pass(chunk[:cut]) if cut else self._overflow()
        # Search only the new bytes: a large event arrives in hundreds of pieces.
        cut = end_of_last_event(self._seam + chunk) - len(self._seam)
        if cut <= 0:
            self._keep_tail(chunk)
            return self._overflow()
        whole = self._take_tail() + chunk[:cut]
        if cut < len(chunk):
            self._keep_tail(chunk[cut:])
        return self._pass(whole)

    def close(self) -> bytes:
        """Process the end of the stream; return the remaining bytes to relay."""
        if self._long is not None:
            self._end_long(self._long)
        rest = self._take_tail()
        return self._pass(rest) if rest else b""

    @property
    def is_empty(self) -> bool:
        """Whether no answer was received: no text, no reason for its absence, no usage with output.

        LiteLLM turns some failures into a stream with only a `finish_reason`. Valid after `end`.
        """
        if self._counts is not None and self._counts.output:
            return False
        return not self.answered or not (self._counted or self._explains_no_text or self.total_only)

    @property
    def finished(self) -> bool:
        """Whether the stream marked all of its texts as complete. Valid after `end`."""
        return EVERY_PLACE in self._finished or (bool(self._finished) and self._places <= self._finished)

    @property
    def unread_bytes(self) -> int:
        """The number of delivered bytes not yet read."""
        return self._unread_bytes

    def output_tokens_so_far(self, *, exact: bool) -> int:
        """The output delivered so far, without changing the state.

        Where not `exact`, each unread event counts as one token.
        """
        reported = self._counts.output if self._counts is not None else 0
        unread = self._unread_output() if exact else sum(block.count(_DATA_LINE) for block in self._unread)
        return reported + self._counted + unread

    def result_so_far(self) -> StreamEnd:
        """The exact result so far, without changing the state.

        The unread events stay unread, so that a word split over two events is counted as one.
        """
        return StreamEnd(self._counts, self._counted + self._unread_output())

    def tokens_in(self, block: bytes) -> int:
        """The tokens of the texts in whole events that have not been fed."""
        return self._counted_in([block])

    def end(self) -> StreamEnd:
        """The result of what was delivered; reads the unread events."""
        if self._unread:
            self._read()
        return StreamEnd(self._counts, self._counted)

    def _keep_tail(self, part: bytes) -> None:
        self._tail.append(part)
        self._tail_bytes += len(part)
        self._seam = (self._seam + part[-_SEAM_BYTES:])[-_SEAM_BYTES:]

    def _take_tail(self) -> bytes:
        tail = b"".join(self._tail)
        self._tail, self._tail_bytes, self._seam = [], 0, b""
        return tail

    def _overflow(self) -> bytes:
        """Switch to a long event, relayed as it arrives and scanned, where the tail is too long.

        Return the bytes to relay.
        """
        if self._tail_bytes <= self._api.max_event_bytes:
            return b""
        seam = self._seam
        whole = self._take_tail()
        self._long = _LongEvent(self._api, whole)
        self._seam = seam
        self.answered = self.answered or self._api.answer_start.search(whole) is not None
        return b"" if self.error is not None else whole

    def _feed_long(self, event: "_LongEvent", chunk: bytes) -> bytes:
        end = end_of_first_event(self._seam + chunk) - len(self._seam)
        if end <= 0:
            self._seam = (self._seam + chunk[-_SEAM_BYTES:])[-_SEAM_BYTES:]
            event.feed(chunk)
            return b"" if self.error is not None else chunk
        event.feed(chunk[:end])
        self._end_long(event)
        ready = chunk[:end]
        if event.is_last and self.error is None:
            # Only the end of the long last event waits for the charge; its start was already
            # relayed.
            self.done, self.final_event, ready = True, self.final_event + ready, b""
        rest = chunk[end:]
        return (b"" if self.error is not None else ready) + (self.feed(rest) if rest else b"")

    def _end_long(self, event: "_LongEvent") -> None:
        self._long, self._seam = None, b""
        raw_output = False
        for usage in event.scanner.found:
            value = {"type": event.kind, "usage": usage}
            counts = self._api.usage_of(value)
            raw_output = raw_output or (counts is not None and counts.output > 0)
            self._take_usage(value)
        if not (raw_output or event.is_last):
            self._counted += TOKENS_PER_GENERATED_IMAGE * max(1, event.images)

    def _pass(self, block: bytes) -> bytes:
        if self.error is not None:
            return b""
        if self.done:
            self.final_event += block
            return b""
        if self.model_answered is None:
            found = _MODEL.search(block)
            self.model_answered = found[1].decode(errors="replace") if found else None
        if not self.answered:
            self.answered = self._api.answer_start.search(block) is not None
        if self.answered and DONE not in block and self._api.interesting_event.search(block) is None:
            self._keep(block)
            return block
        parts = events(block)
        return self._read_event(block) if len(parts) == 1 else b"".join(map(self._pass_event, parts))

    def _pass_event(self, event: bytes) -> bytes:
        """Process one event of a block in which at least one event needs to be read."""
        if not self.answered or self.done or self.error is not None:
            return self._read_event(event)
        if DONE in event or self._api.interesting_event.search(event) is not None:
            return self._read_event(event)
        self._keep(event)
        return event

    def _read_event(self, event: bytes) -> bytes:
        if self.error is not None:
            return b""
        data = data_of(event)
        if self.done or data == DONE:
            self.done = True
            self.final_event += event
            return b""
        value = None if data is None else parsed(data)
        if not isinstance(value, dict):
            return event
        self._keep(event)
        is_usage_only = self._take_usage(value)
        self._finished.update(self._api.finished_places(value))
        self._explains_no_text = self._explains_no_text or self._api.explains_no_text(value)
        self.error = self._api.error_of(value)
        if self.error is not None:
            return leading_blank(event)
        if self._api.is_last(value):
            self.done = True
            self.final_event += event
            return b""
        return leading_blank(event) if is_usage_only and not self._keeps_usage else event

    def _take_usage(self, value: dict[str, Any]) -> bool:
        """Record the usage in an event; return whether the event holds nothing else."""
        counts = self._api.usage_of(value)
        if counts is None:
            self.total_only = max(self.total_only, total_in(value))
            return isinstance(value.get("usage"), dict) and self._api.is_usage_only(value)
        self._counts = counts if self._counts is None else _running_total(self._counts, counts)
        if self._api.counts_output(value):
            if not self.has_usage:
                self.hidden_output = self._hidden_in(counts)
            self.has_usage = True
            if counts.output:
                # The provider's counts include all output so far; only later output remains to be
                # counted.
                self._counted = 0
                self._forget()
        return self._api.is_usage_only(value)

    def _hidden_in(self, counts: TokenCounts) -> int:
        """The output that was not delivered as text; computed only where there are signs of it."""
        if not counts.reasoning and counts.output * _MIN_EVENT_BYTES_PER_SHOWN_TOKEN <= self._kept_bytes:
            return 0
        return max(0, counts.output - self._counted - self._unread_output())

    def _keep(self, block: bytes) -> None:
        self._kept_bytes += len(block)
        self._unread.append(block)
        self._unread_bytes += len(block)
        if self._unread_bytes > _MAX_UNREAD_BYTES:
            self._read()

    def _read(self) -> None:
        texts, flat = self._texts_in(self._unread)
        self._places.update(texts)
        self._forget()
        self._counted += self._count_of(texts) + flat

    def _unread_output(self) -> int:
        return self._counted_in(self._unread)

    def _counted_in(self, blocks: Sequence[bytes]) -> int:
        texts, flat = self._texts_in(blocks)
        return self._count_of(texts) + flat

    def _count_of(self, texts: dict[int, list[str]]) -> int:
        return self._count(["".join(parts) for parts in texts.values()])

    def _texts_in(self, blocks: Sequence[bytes]) -> tuple[dict[int, list[str]], int]:
        """The texts in whole events by place, and the approximate tokens of images and audio."""
        texts: dict[int, list[str]] = {}
        flat = 0
        for block in blocks:
            for event in events(block):
                value = object_of(event)
                if value is None:
                    continue
                for choice, text in self._api.texts_of(value):
                    texts.setdefault(choice, []).append(text)
                flat += flat_output_in(value)
        return texts, flat

    def _forget(self) -> None:
        self._unread = []
        self._unread_bytes = 0


class _LongEvent:
    """An event that is too long to keep: its type, from its start, and the usage in it."""

    def __init__(self, api: ApiShape, start: bytes) -> None:
        head = start[:_LONG_HEAD_BYTES]
        kind = _TYPE.search(head)
        self.kind = kind[1].decode() if kind is not None else ""
        self.is_last = api.is_last({"type": self.kind})
        self.scanner = EventScanner()
        self._encoded = Base64Runs()
        self.feed(start)

    @property
    def images(self) -> int:
        """The number of base64 runs so far."""
        return self._encoded.runs

    def feed(self, part: bytes) -> None:
        """Scan the next bytes."""
        self.scanner.feed(part)
        self._encoded.feed(part)


def _running_total(before: TokenCounts, now: TokenCounts) -> TokenCounts:
    return TokenCounts(
        max(before.input, now.input),
        max(before.cached_input, now.cached_input),
        max(before.output, now.output),
        max(before.reasoning, now.reasoning),
    )
