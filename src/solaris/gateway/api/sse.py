"""Server-sent events as bytes: boundaries, data, and writers.

Format: https://html.spec.whatwg.org/#server-sent-events.

Line ends are LF, CRLF or CR, the same throughout a stream.
"""

import json
import re
from typing import Any

import orjson

_BOUNDARY = re.compile(rb"\n\r?\n|\r\r")
_LINE_END = re.compile(rb"\r\n|\n|\r")
DONE = b"[DONE]"


def end_of_last_event(data: bytes) -> int:
    """The length of the complete events in `data`; 0 without one."""
    if data.endswith(b"\n\n"):
        return len(data)
    ends = ((data.rfind(mark), len(mark)) for mark in (b"\n\n", b"\n\r\n", b"\r\r"))
    return max(place + length if place >= 0 else 0 for place, length in ends)


def end_of_first_event(data: bytes) -> int:
    """The offset of the end of the first event in `data`; 0 where it is incomplete."""
    found = _BOUNDARY.search(data)
    return found.end() if found is not None else 0


def events(block: bytes) -> list[bytes]:
    """Split a block into events, each with its boundary; joined, they equal the block."""
    parts = []
    start = 0
    for boundary in _BOUNDARY.finditer(block):
        parts.append(block[start : boundary.end()])
        start = boundary.end()
    if start < len(block):
        parts.append(block[start:])
    return parts


def data_of(event: bytes) -> bytes | None:
    """The event's data lines, joined; None for comments and empty lines."""
    if event.startswith(b"data: ") and event.endswith(b"\n\n") and event.count(b"\n") == 2:
        return event[6:-2]
    lines = [line[5:].removeprefix(b" ") for line in _LINE_END.split(event) if line.startswith(b"data:")]
    return b"\n".join(lines) if lines else None


def object_of(event: bytes) -> dict[str, Any] | None:
    """The JSON object in an event's data; None where there is none."""
    data = data_of(event)
    if data is None or data == DONE:
        return None
    value = parsed(data)
    return value if isinstance(value, dict) else None


def parsed(data: bytes) -> Any:
    """Parse a provider's JSON; None where it is invalid.

    Accepts `NaN` and `Infinity` as numbers.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def leading_blank(event: bytes) -> bytes:
    """The empty lines before an event."""
    return event[: len(event) - len(event.lstrip(b"\r\n"))]


def named_event(kind: str, value: dict[str, Any]) -> bytes:
    """A server-sent event with a name."""
    return b"event: " + kind.encode() + b"\ndata: " + orjson.dumps(value) + b"\n\n"


def plain_event(value: dict[str, Any]) -> bytes:
    """A server-sent event without a name."""
    return b"data: " + orjson.dumps(value) + b"\n\n"
