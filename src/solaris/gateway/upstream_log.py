"""Log fields of an upstream error: its kind, never its text, in which providers quote prompts."""

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
    """Log fields: type and code if they are known words or numbers, length and hash of the text.

    Equal texts have equal hashes, so that repeated causes are visible. The text is logged at debug
    only.
    """
    error = _error_of(body)
    fields: dict[str, Any] = {"type": _safe(error.get("type")), "code": _safe(error.get("code"))}
    return {**fields, "error_bytes": len(body), "error_sha256": hashlib.sha256(body).hexdigest()[:12]}


def event_fields(event: object) -> dict[str, Any]:
    """As `error_fields`, of an error event inside a stream; empty for None."""
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
    """Return a machine-made word, None for any other text."""
    text = str(word) if isinstance(word, (str, int)) else ""
    if not _WORD.fullmatch(text):
        return None
    return text if text in _KINDS or re.fullmatch(r"\d{3,5}", text) or _CLASS.fullmatch(text) else None
