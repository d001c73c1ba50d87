"""Failures that a provider reports with a success status: an error in a choice or in an envelope.

An unrecognised answer is not a success: without the structure that its API requires the call has
failed (SPEC 4).
"""

from collections.abc import Mapping
from typing import Any

from solaris.gateway.api.base import Json
from solaris.gateway.api.fields import error_body_of, nested, objects
from solaris.gateway.api.usage import usage_in

# Matches the keys, after their opening quote, of stream events that may report a failure.
FAILURE_KEYS = rb'error"\s*:\s*[^\sn]|base_resp"|detail"\s*:\s*[^\sn]|(?:code|msg)"\s*:\s*[^\sn]'
_EXPLANATIONS = ("message", "msg", "detail", "errors", "error_msg", "error_message")
# Codes that envelopes hold for a success; an answer without a code reports none.
_SUCCESS_CODES = (0, 200, "0", "200", "ok", "OK", "success")
# The keys that report a failure of an answer without choices; without all of them it has not
# failed.
_FAILURE_FIELDS = frozenset({"error", "base_resp", "code", *_EXPLANATIONS})
_NORMAL_FINISH_REASONS = frozenset({"", "stop", "error", "end_turn", "stop_sequence", "eos", "completed"})
_MAX_EXPLANATION_CHARACTERS = 500


def failure_in_choices(answer: Mapping[str, Any]) -> Json | None:
    """The failure in an answer or stream event of chat or text completions; None without one."""
    choices = answer.get("choices")
    if not choices or not objects(choices):
        return failure_in(answer)
    failed = failed_choice(answer)
    return error_body_of(answer) if failed is None and answer.get("error") else failed


def failed_choice(answer: Mapping[str, Any]) -> Json | None:
    """The failure reported by all choices; None where a choice reports none or there is no choice.

    OpenRouter reports it in the choice
    (https://openrouter.ai/docs/api/reference/errors-and-debugging); LiteLLM moves it to
    `provider_specific_fields`.
    """
    first = None
    for choice in objects(answer.get("choices")):
        inner = choice.get("provider_specific_fields")
        failed = choice.get("error") or (inner.get("error") if isinstance(inner, dict) else None)
        if not (failed or choice.get("finish_reason") == "error"):
            # The common case: the first choice has not failed.
            return None
        first = first or failed or True
    if first is None:
        return None
    return {"error": first if isinstance(first, dict) else {"message": str(first)}}


def explains_no_text(reason: object) -> bool:
    """Whether a finish reason explains an absent text: a filter, a limit; a normal end does not."""
    return isinstance(reason, str) and reason not in _NORMAL_FINISH_REASONS


def choices_explain_no_text(answer: Mapping[str, Any]) -> bool:
    """Whether a choice of chat or text completions explains an absent text."""
    choices = answer.get("choices")
    for choice in objects(choices) if choices else ():
        reason = choice.get("finish_reason")
        if reason is not None and explains_no_text(reason):
            return True
    return False


def failure_in(answer: Mapping[str, Any]) -> Json | None:
    """The failure in an answer without content of its API; None where it reports none.

    MiniMax reports `base_resp` (https://www.minimax.io/platform/document/ChatCompletion_v2),
    FastAPI servers `detail`, many others `code` and `msg`.
    """
    if answer.get("error"):
        return error_body_of(answer)
    if not answer:
        return {"error": {"message": "an empty object"}}
    if _FAILURE_FIELDS.isdisjoint(answer):
        return None
    envelope = nested(answer, "base_resp")
    if envelope.get("status_code"):
        return {"error": {"code": str(envelope["status_code"]), "message": str(envelope.get("status_msg", ""))}}
    explanation = next((explanation for key in _EXPLANATIONS if (explanation := _explanation(answer, key))), None)
    code = answer.get("code")
    if code in _SUCCESS_CODES or (explanation is None and not _is_failure(code)):
        return None
    if code is None and _counts_output(answer):
        # The last event of a stream may hold "success" beside its usage.
        return None
    return {"error": {"code": str(code or ""), "message": str(explanation or "")[:_MAX_EXPLANATION_CHARACTERS]}}


def _explanation(answer: Mapping[str, Any], key: str) -> object:
    explanation = answer.get(key)
    # An object under `message` belongs to an answer.
    return explanation if isinstance(explanation, str | list) or key == "detail" else None


def _counts_output(answer: Mapping[str, Any]) -> bool:
    counts = usage_in(answer)
    return counts is not None and counts.output > 0


def _is_failure(code: object) -> bool:
    return type(code) is int and 400 <= code < 600
