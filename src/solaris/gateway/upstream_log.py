"""What is logged of an upstream's error: what kind it is, never its text, in which providers quote prompts."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import orjson

_WORD = re.compile(r"[A-Za-z0-9_.-]{1,48}")
_KINDS = frozenset(
    "invalid_request_error authentication_error permission_error not_found_error request_too_large rate_limit_error "
    "api_error overloaded_error timeout_error billing_error server_error insufficient_quota invalid_api_key "
    "context_length_exceeded model_not_found string_above_max_length content_filter content_policy_violation "
    "rate_limit_exceeded tokens requests upstream_error no_db_connection internal_server_error service_unavailable "
    "throttling_error unsupported_parameter unsupported_value invalid_value missing_required_parameter".split()
)
_CLASS = re.compile(r"[A-Z][A-Za-z]{2,40}(?:Error|Exception|Timeout)")


def error_fields(body: bytes) -> dict[str, Any]:
    """For a log line: the error's type and code where they are known words or numbers, and length and hash of its text.

    Equal texts have equal hashes, so that a person sees that one cause repeats; the text itself is logged at debug alone.
    """
    error = _error_of(body)
    fields: dict[str, Any] = {"type": _safe(error.get("type")), "code": _safe(error.get("code"))}
    return {**fields, "error_bytes": len(body), "error_sha256": hashlib.sha256(body).hexdigest()[:12]}


def event_fields(event: object) -> dict[str, Any]:
    """As `error_fields`, of an error event inside a stream; empty where there was none."""
    if event is None:
        return {}
    try:
        return error_fields(event if isinstance(event, bytes) else orjson.dumps(event, default=str))
    except (TypeError, ValueError):
        return {}


def _error_of(body: bytes) -> Mapping[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    error = value.get("error", value) if isinstance(value, dict) else {}
    return error if isinstance(error, dict) else {}


def _safe(word: object) -> str | None:
    """A word that code, not a person, has written; None for every other."""
    text = str(word) if isinstance(word, (str, int)) else ""
    if not _WORD.fullmatch(text):
        return None
    return text if text in _KINDS or re.fullmatch(r"\d{3,5}", text) or _CLASS.fullmatch(text) else None
