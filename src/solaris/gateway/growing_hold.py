"""Grows a stream's hold ahead of its text; the balance limits the stream (SPEC 3.1)."""

import re
from collections import deque
from dataclasses import replace

from solaris.domain.errors import StoreUnavailable
from solaris.domain.tokens import output_tokens_affordable
from solaris.gateway.admission import AdmittedCall
from solaris.gateway.api.sse import events
from solaris.gateway.usage.outcomes import counts_of_stream
from solaris.gateway.usage.stream_usage import StreamEnd, StreamUsage
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Extension

# Minimum bytes per token of a stream, and the value assumed before anything is measured: JSON
# escapes, keys and frames add to the text. Only a model that ignores its output limit exceeds a
# hold that covers the limit.
_MIN_BYTES_COVERED_BY_TOKEN = 2
_FIRST_BYTES_PER_TOKEN = 3
_FIRST_BYTES_PER_TOKEN_WITHIN_LIMIT = 16
# With fewer tokens, bytes per token can't be measured.
_MIN_TOKENS_MEASURED = 2
# A longer event contains many tokens at once, regardless of the measured value.
_USUAL_EVENT_BYTES = 2_048
_DATA_LINE = b"data:"
_USAGE = re.compile(rb'"usage(?:Metadata)?"\s*:\s*\{')
# These parts contain the event that the final event must follow.
_RECENT_PARTS = 4


class GrowingHold:
    """The hold of one stream.

    While the hold surely covers the text, only bytes are counted. Beyond that the text is
    tokenised. An extension is requested before the hold is used up; only an event that exceeds the
    hold waits for it.
    """

    __slots__ = (
        "_bytes",
        "_bytes_until_check",
        "_call",
        "_first",
        "_is_extending",
        "_ledger",
        "_recent",
        "_tokens",
        "_unchecked_bytes",
        "cut",
        "stream_usage",
    )

    def __init__(self, call: AdmittedCall, stream_usage: StreamUsage, ledger: Ledger) -> None:
        self._call = call
        self.stream_usage = stream_usage
        self._ledger = ledger
        self._tokens = call.hold.tokens
        per_token = _FIRST_BYTES_PER_TOKEN_WITHIN_LIMIT if self._covers_limit else _FIRST_BYTES_PER_TOKEN
        self._bytes = 0
        self._bytes_until_check = self._unchecked_bytes = self._tokens_covered(call.estimate.prompt_charge) * per_token
        self._is_extending = False
        self._first = b""
        self._recent: deque[bytes] = deque(maxlen=_RECENT_PARTS)
        # What was delivered when the balance did not cover more.
        self.cut: StreamEnd | None = None

    @property
    def first(self) -> bytes:
        """The stream's first bytes."""
        return self._first

    @property
    def recent(self) -> bytes:
        """The last bytes delivered; they may begin inside an event."""
        return b"".join(self._recent)

    def covers(self, part: bytes) -> bool:
        """Whether the hold covers these bytes without counting; if not, pass them to `feed`."""
        if not self._first:
            self._first = part
        size = len(part)
        self._unchecked_bytes -= size
        if self._unchecked_bytes < 0:
            return False
        if size > _USUAL_EVENT_BYTES and size > _USUAL_EVENT_BYTES * part.count(_DATA_LINE):
            return False
        self._recent.append(part)
        return True

    async def feed(self, part: bytes) -> bytes:
        """Return the bytes to relay that the balance covers, else set `cut` to what was delivered.

        Only text beyond the hold is withheld: tokens that the provider has counted are charged
        regardless of the balance.
        """
        stream_usage = self.stream_usage
        if stream_usage.has_usage or (self._covers_limit and _USAGE.search(part) is not None):
            # The part has the provider's count or is an opening event; the output limit that was
            # sent keeps the text within the hold.
            return self._feed_counted(part)
        ready = []
        after = stream_usage.result_so_far()
        expected = self._used(replace(after, counted_output=after.counted_output + stream_usage.tokens_in(part)))
        fits = await self._covers(expected)
        for piece in (part,) if fits else events(part):
            before = after
            out = stream_usage.feed(piece)
            after = stream_usage.result_so_far()
            is_counted_by_us = after.counts is before.counts and not stream_usage.done
            # The first event is always delivered: the final events need it.
            if is_counted_by_us and self._recent and not await self._covers(self._used(after)):
                self.cut = before
                break
            ready.append(out)
            if out:
                self._recent.append(out)
        else:
            self._extend_ahead(after)
        return b"".join(ready)

    def _feed_counted(self, part: bytes) -> bytes:
        out = self.stream_usage.feed(part)
        if out:
            self._recent.append(out)
        if not self.stream_usage.has_usage:
            self._extend_ahead(self.stream_usage.result_so_far())
        return out

    # The ledger calls `done`, `set_result` and `set_exception` (`ledger.batcher.Completion`); no
    # task waits.

    def done(self) -> bool:
        """Whether no extension is in flight."""
        return not self._is_extending

    def set_result(self, tokens: int, /) -> None:
        """The ledger has extended the hold to `tokens`."""
        self._is_extending = False
        self._tokens = max(self._tokens, tokens)

    def set_exception(self, error: Exception, /) -> None:
        """The extension failed; the event that needs more tokens requests it again."""
        self._is_extending = False

    @property
    def _covers_limit(self) -> bool:
        return self._tokens >= self._call.estimate.max_charge

    def _used(self, end: StreamEnd) -> int:
        return self._call.hold.call.charge_for(counts_of_stream(self._call, end))

    def _tokens_covered(self, used: int) -> int:
        call = self._call.hold.call
        return output_tokens_affordable(self._tokens, used, call.weights, call.conversion_factor)

    def _extend_ahead(self, seen: StreamEnd) -> None:
        used = self._used(seen)
        self._bytes += self._bytes_until_check - self._unchecked_bytes
        tokens = seen.counted_output
        # Half of the measured bytes per token, so that the next check comes before the hold is used
        # up.
        measured = self._bytes // (2 * tokens) if tokens >= _MIN_TOKENS_MEASURED else _FIRST_BYTES_PER_TOKEN
        per_token = max(_MIN_BYTES_COVERED_BY_TOKEN, measured)
        self._bytes_until_check = self._unchecked_bytes = self._tokens_covered(used) * per_token
        if (
            self._is_extending
            or self._tokens - used > self._ahead(used) // 2
            or self.stream_usage.has_usage
            or self.stream_usage.done
        ):
            return
        if self._covers_limit:
            # Only a model that ignores its limit needs more, and its events wait for an extension.
            return
        self._is_extending = True
        try:
            self._ledger.extend_for(self, self._extension(used))
        except StoreUnavailable as error:
            self.set_exception(error)

    async def _covers(self, used: int) -> bool:
        return used <= self._tokens or await self._extend_to(used)

    async def _extend_to(self, used: int) -> bool:
        """Extend the hold; returns whether it covers `used` tokens."""
        try:
            self._tokens = max(self._tokens, await self._ledger.extend(self._extension(used)))
        except StoreUnavailable:
            # Tokens that can't be held are not spent.
            return False
        return self._tokens >= used

    def _extension(self, used: int) -> Extension:
        hold = self._call.hold
        return Extension(hold.user_id, hold.request_id, used, used + self._ahead(used))

    def _ahead(self, used: int) -> int:
        """Tokens to hold beyond `used`: half as much again, within bounds.

        So a hold stays near the actual use of its call.
        """
        one_slice = self._call.estimate.slice_charge(self._call.hold.call)
        return max(one_slice // 16, min(used // 2, max(one_slice, used // 4)))
