"""Failures that a provider reports under a status of success: an error in a choice, an envelope of its own, or nothing at all.

What is not recognised is not taken for success: an answer that holds nothing an answer must hold is a failed call (SPEC 4).
"""

from collections.abc import Mapping
from typing import Any

from solaris.gateway.api.base import Json
from solaris.gateway.api.fields import error_body_of, nested, objects
from solaris.gateway.api.usage import usage_in

# The keys, from behind their first quote, of every event of a stream that may report a failure.
FAILURE_KEYS = rb'error"\s*:\s*[^\sn]|base_resp"|detail"\s*:\s*[^\sn]|(?:code|msg)"\s*:\s*[^\sn]'
_EXPLANATIONS = ("message", "msg", "detail", "errors", "error_msg", "error_message")
# What envelopes say beside a success; an answer without a code says nothing of it.
_SUCCESS_CODES = (0, 200, "0", "200", "ok", "OK", "success")
# Whatever says that an answer without choices failed: one without all of these did not.
_FAILURE_NAMES = frozenset({"error", "base_resp", "code", *_EXPLANATIONS})
_PLAIN_ENDS = frozenset({"", "stop", "error", "end_turn", "stop_sequence", "eos", "completed"})
_MAX_EXPLANATION_CHARACTERS = 500


def failure_in_choices(answer: Mapping[str, Any]) -> Json | None:
    """The failure in an answer of chat or text completions, or in an event of their streams; None where there is none."""
    choices = answer.get("choices")
    if not choices or not objects(choices):
        return failure_in(answer)
    failed = failed_choice(answer)
    return error_body_of(answer) if failed is None and answer.get("error") else failed


def failed_choice(answer: Mapping[str, Any]) -> Json | None:
    """The failure that every choice of an answer reports; None where one has none, or there is no choice.

    OpenRouter has it in the choice (https://openrouter.ai/docs/api/reference/errors-and-debugging), from where LiteLLM takes it
    into `provider_specific_fields`.
    """
    first = None
    for choice in objects(answer.get("choices")):
        inner = choice.get("provider_specific_fields")
        failed = choice.get("error") or (inner.get("error") if isinstance(inner, dict) else None)
        if not (failed or choice.get("finish_reason") == "error"):
            # As the first choice of nearly every answer.
            return None
        first = first or failed or True
    if first is None:
        return None
    return {"error": first if isinstance(first, dict) else {"message": str(first)}}


def explains_no_text(reason: object) -> bool:
    """Whether a reason to finish explains that there is no text: a filter, a limit; a plain end does not."""
    return isinstance(reason, str) and reason not in _PLAIN_ENDS


def choices_explain_no_text(answer: Mapping[str, Any]) -> bool:
    """Whether a choice of chat or text completions explains why there is no text."""
    choices = answer.get("choices")
    for choice in objects(choices) if choices else ():
        reason = choice.get("finish_reason")
        if reason is not None and explains_no_text(reason):
            return True
    return False


def failure_in(answer: Mapping[str, Any]) -> Json | None:
    """The failure in an answer that holds no content of its API; None where it does not say so.

    MiniMax has `base_resp` (https://www.minimax.io/platform/document/ChatCompletion_v2), FastAPI's servers `detail`, many
    others `code` and `msg`.
    """
    if answer.get("error"):
        return error_body_of(answer)
    if not answer:
        return {"error": {"message": "an empty object"}}
    if _FAILURE_NAMES.isdisjoint(answer):
        return None
    envelope = nested(answer, "base_resp")
    if envelope.get("status_code"):
        return {"error": {"code": str(envelope["status_code"]), "message": str(envelope.get("status_msg", ""))}}
    said = next((said for key in _EXPLANATIONS if (said := _explanation(answer, key))), None)
    code = answer.get("code")
    if code in _SUCCESS_CODES or (said is None and not _is_failure(code)):
        return None
    if code is None and _counts_output(answer):
        # The last event of a stream may say "success" beside its usage.
        return None
    return {"error": {"code": str(code or ""), "message": str(said or "")[:_MAX_EXPLANATION_CHARACTERS]}}


def _explanation(answer: Mapping[str, Any], key: str) -> object:
    said = answer.get(key)
    # An object named `message` is an answer's.
    return said if isinstance(said, str | list) or key == "detail" else None


def _counts_output(answer: Mapping[str, Any]) -> bool:
    counts = usage_in(answer)
    return counts is not None and counts.output > 0


def _is_failure(code: object) -> bool:
    return type(code) is int and 400 <= code < 600
