"""Finds usage objects in JSON that is too long to be held or parsed: an event or an answer of many megabytes, piece by piece."""

import re

import orjson

from solaris.gateway.api.base import Json

_KEY = re.compile(rb'"(?:usage|usageMetadata|usage_metadata)"\s*:\s*\{')
_SIGN = re.compile(rb'["{}]')
# To the end of a string: what is escaped does not end it.
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SEAM_BYTES = 64
_MAX_OBJECT_BYTES = 16_384
_MAX_FOUND = 16


class EventScanner:
    """Takes the bytes as they come. Memory stays flat: the last few bytes, and one object of 16 kB at most.

    A text can hold nothing that looks like a key: JSON escapes its quotes. Objects of that name that hold no counts (a tool's
    schema) are found too; the reading leaves them aside.
    """

    def __init__(self) -> None:
        self.found: list[Json] = []
        self._seam = b""
        self._open = b""

    def feed(self, part: bytes) -> None:
        """Look through the next bytes; `found` grows by what ends in them."""
        data = (self._open or self._seam) + part
        place = 0
        self._open = b""
        while (key := _KEY.search(data, place)) is not None:
            start = key.end() - 1
            end = _end_of_object(data, start)
            if end is None:
                # Not complete yet; one that is too long is no usage.
                if len(data) - key.start() <= _MAX_OBJECT_BYTES:
                    self._open = data[key.start() :]
                    return
                end = start + 1
            else:
                self._take(data[start:end])
            place = end
        self._seam = data[max(place, len(data) - _SEAM_BYTES) :]

    def _take(self, raw: bytes) -> None:
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return
        self.found = [*self.found, value][-_MAX_FOUND:]


def _end_of_object(data: bytes, start: int) -> int | None:
    """Where the object that begins at `start` ends; None where it does not end in `data`, or within the longest that is read."""
    depth, place, last = 0, start, start + _MAX_OBJECT_BYTES
    while (sign := _SIGN.search(data, place, last)) is not None:
        if sign[0] == b'"':
            string = _STRING.match(data, sign.start(), last)
            if string is None:
                return None
            place = string.end()
            continue
        depth += 1 if sign[0] == b"{" else -1
        place = sign.end()
        if depth == 0:
            return place
    return None
