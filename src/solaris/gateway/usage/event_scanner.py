"""Finds usage objects in JSON that is too long to keep or parse, from its pieces."""

import re

import orjson

from solaris.gateway.api.base import Json

_KEY = re.compile(rb'"(?:usage|usageMetadata|usage_metadata)"\s*:\s*\{')
_SIGN = re.compile(rb'["{}]')
# A whole string, with escaped characters.
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SEAM_BYTES = 64
_MAX_OBJECT_BYTES = 16_384
_MAX_FOUND = 16


class EventScanner:
    """Scans bytes as they arrive; `found` holds the usage objects, the latest 16 at most.

    Memory is bounded: the last few bytes, and one object of up to 16 kB. JSON escapes quotes inside
    texts, so no text matches a key. Objects under these keys without counts (a tool's schema) are
    found too; the usage reader ignores them.
    """

    def __init__(self) -> None:
        self.found: list[Json] = []
        self._seam = b""
        self._open = b""

    def feed(self, part: bytes) -> None:
        """Scan the next bytes; append the objects that end in them to `found`."""
        data = (self._open or self._seam) + part
        place = 0
        self._open = b""
        while (key := _KEY.search(data, place)) is not None:
            start = key.end() - 1
            end = _end_of_object(data, start)
            if end is None:
                # Incomplete; an object beyond the maximal length is not usage.
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
    """The end of the object at `start`; None where it exceeds `data` or the maximal length."""
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
