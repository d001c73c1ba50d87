"""Keeps a stream inside its hold: it grows ahead of the text, and the stream ends where the wallet can't follow (SPEC 3.1)."""

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

# A token of a stream takes this many bytes at least, and this many where nothing is known of the stream yet: JSON escapes, keys and
# frames come on top of its text. A hold that covers the whole output limit is exceeded only by a model that ignores its limit.
_MIN_BYTES_COVERED_BY_TOKEN = 2
_FIRST_BYTES_PER_TOKEN = 3
_FIRST_BYTES_PER_TOKEN_WITHIN_LIMIT = 16
# With fewer tokens their size says little.
_MIN_TOKENS_MEASURED = 2
# A longer event holds many tokens at once, whatever those before it held.
_USUAL_EVENT_BYTES = 2_048
_DATA_LINE = b"data:"
_USAGE = re.compile(rb'"usage(?:Metadata)?"\s*:\s*\{')
# The event that an ending has to follow stands in these.
_RECENT_PARTS = 4


class GrowingHold:
    """One stream's hold. As long as less came than it covers, nothing is looked at but the number of bytes.

    Beyond that the text is counted. An extension is asked for before the hold is used up, and waited for only by the event that the
    hold does not cover.
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
        # What was delivered when the wallet could not follow any more.
        self.cut: StreamEnd | None = None

    @property
    def first(self) -> bytes:
        """The stream's first bytes."""
        return self._first

    @property
    def recent(self) -> bytes:
        """The bytes that were delivered last; they may begin in the middle of an event."""
        return b"".join(self._recent)

    def covers(self, part: bytes) -> bool:
        """Whether the hold covers these bytes as far as can be told without counting; if not, they go through `feed`."""
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
        """The bytes to relay, as far as the wallet follows. Where it does not, `cut` says what was delivered.

        Only text that goes beyond the hold is kept back: what the provider has counted is owed, whatever the wallet holds.
        """
        stream_usage = self.stream_usage
        if stream_usage.has_usage or (self._covers_limit and _USAGE.search(part) is not None):
            # The provider's own count is here, or an opening event; the limit that was sent keeps the text within the hold.
            return self._feed_counted(part)
        ready = []
        after = stream_usage.seen()
        expected = self._used(replace(after, counted_output=after.counted_output + stream_usage.tokens_in(part)))
        fits = await self._covers(expected)
        for piece in (part,) if fits else events(part):
            before = after
            out = stream_usage.feed(piece)
            after = stream_usage.seen()
            is_counted_by_us = after.counts is before.counts and not stream_usage.done
            # An API's first event frames those that end the stream: it is always delivered.
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
            self._extend_ahead(self.stream_usage.seen())
        return out

    # The ledger gives its answer to `done`, `set_result` and `set_exception` (`ledger.batcher.Completion`): no task waits for it.

    def done(self) -> bool:
        """Whether no extension is awaited."""
        return not self._is_extending

    def set_result(self, tokens: int, /) -> None:
        """The ledger has grown the hold to `tokens`."""
        self._is_extending = False
        self._tokens = max(self._tokens, tokens)

    def set_exception(self, error: Exception, /) -> None:
        """The ledger could not be asked: the event that needs more asks again."""
        self._is_extending = False

    @property
    def _covers_limit(self) -> bool:
        return self._tokens >= self._call.estimate.most

    def _used(self, end: StreamEnd) -> int:
        return self._call.hold.call.charge_for(counts_of_stream(self._call, end))

    def _tokens_covered(self, used: int) -> int:
        call = self._call.hold.call
        return output_tokens_affordable(self._tokens, used, call.weights, call.conversion_factor)

    def _extend_ahead(self, seen: StreamEnd) -> None:
        used = self._used(seen)
        self._bytes += self._bytes_until_check - self._unchecked_bytes
        tokens = seen.counted_output
        # Half of what a token took so far: the next look comes well before the hold is used up.
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
            # Only a model that ignores its limit needs more: it has to wait for it.
            return
        self._is_extending = True
        try:
            self._ledger.extend_for(self, self._extension(used))
        except StoreUnavailable as error:
            self.set_exception(error)

    async def _covers(self, used: int) -> bool:
        return used <= self._tokens or await self._extend_to(used)

    async def _extend_to(self, used: int) -> bool:
        """Whether the hold covers `used` tokens now."""
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
        """What is held beyond what is used: half as much again, within bounds, so that a hold is about what its call uses."""
        one_slice = self._call.estimate.slice_charge(self._call.hold.call)
        return max(one_slice // 16, min(used // 2, max(one_slice, used // 4)))
