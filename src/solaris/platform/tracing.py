"""Trace ids, read from and sent in W3C Trace Context (https://www.w3.org/TR/trace-context/)."""

import random
import re
from contextvars import ContextVar

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?")
_ZERO_TRACE = "0" * 32

current_trace_id: ContextVar[str | None] = ContextVar("current_trace_id", default=None)


def trace_id_from(traceparent: str | None) -> str:
    """Return the trace id of a valid `traceparent`, else a new one (32 hex digits)."""
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    if found and found[1] != _ZERO_TRACE and not (traceparent or "").startswith("ff"):
        return found[1]
    return f"{random.getrandbits(128) or 1:032x}"


def traceparent_for(trace_id: str) -> str:
    """Return a sampled `traceparent` header that continues the trace with a new span."""
    return f"00-{trace_id}-{random.getrandbits(64) or 1:016x}-01"
