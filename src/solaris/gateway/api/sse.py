"""Server-sent events as bytes: where they end, and what they carry (https://html.spec.whatwg.org/#server-sent-events).

Line ends may be LF, CRLF or CR, the same throughout a stream.
"""

import json
import re
from typing import Any

import orjson

_BOUNDARY = re.compile(rb"\n\r?\n|\r\r")
_LINE_END = re.compile(rb"\r\n|\n|\r")
DONE = b"[DONE]"


def end_of_last_event(data: bytes) -> int:
    """How many bytes of `data` are whole events; 0 where none is complete."""
    if data.endswith(b"\n\n"):
        return len(data)
    ends = ((data.rfind(mark), len(mark)) for mark in (b"\n\n", b"\n\r\n", b"\r\r"))
    return max(place + length if place >= 0 else 0 for place, length in ends)


def end_of_first_event(data: bytes) -> int:
    """Where the first event in `data` ends; 0 where it is not complete."""
    found = _BOUNDARY.search(data)
    return found.end() if found is not None else 0


def events(block: bytes) -> list[bytes]:
    """The events in a block, each with its own end; together they are the block."""
    parts = []
    start = 0
    for boundary in _BOUNDARY.finditer(block):
        parts.append(block[start : boundary.end()])
        start = boundary.end()
    if start < len(block):
        parts.append(block[start:])
    return parts


def data_of(event: bytes) -> bytes | None:
    """The event's data, its lines joined; None for comments and empty lines."""
    if event.startswith(b"data: ") and event.endswith(b"\n\n") and event.count(b"\n") == 2:
        return event[6:-2]
    lines = [line[5:].removeprefix(b" ") for line in _LINE_END.split(event) if line.startswith(b"data:")]
    return b"\n".join(lines) if lines else None


def object_of(event: bytes) -> dict[str, Any] | None:
    """The JSON object an event carries, if it carries one."""
    data = data_of(event)
    if data is None or data == DONE:
        return None
    value = parsed(data)
    return value if isinstance(value, dict) else None


def parsed(data: bytes) -> Any:
    """The JSON that a provider wrote; None where it is none. `NaN` and `Infinity`, which some write, are numbers of no use."""
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
