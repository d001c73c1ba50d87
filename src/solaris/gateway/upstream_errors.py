"""Maps errors of LiteLLM, or of a provider behind it, to domain errors and log entries."""

import re
from dataclasses import dataclass
from typing import Any

import orjson

from solaris.domain.errors import (
    ModelServiceFailed,
    ModelServiceTimeout,
    ModelServiceUnavailable,
    SolarisError,
)
from solaris.gateway.errors import ModelBusy, ModelUnknownUpstream, UpstreamRefused

UNREACHABLE_MESSAGE = "O serviço de modelos está temporariamente indisponível. Tente novamente em alguns segundos."
FAILED_MESSAGE = "O modelo não conseguiu responder. Nada foi cobrado por esta tentativa; tente novamente."
TIMEOUT_MESSAGE = "O modelo demorou demais para responder. Nada foi cobrado; tente novamente."
INTERRUPTED_MESSAGE = (
    "A resposta do modelo foi interrompida. É cobrado o que o modelo escreveu até aqui; tente novamente."
)
STOPPING_MESSAGE = (
    "O serviço está sendo reiniciado e interrompeu a resposta. "
    "É cobrado o que o modelo escreveu até aqui; tente novamente."
)
_BUSY_MESSAGE = "O modelo está sobrecarregado neste momento. Tente novamente em alguns segundos."
_TOO_LONG_MESSAGE = (
    "A conversa é longa demais para este modelo. Comece uma conversa nova, ou reduza o texto e os anexos enviados."
)

_REQUEST_STATUSES = frozenset({400, 413, 415, 422})
_TOO_LONG = re.compile(
    r"context.{0,3}(length|window)|maximum context|prompt is too long|too many (input )?tokens", re.I
)
_PREFIX = re.compile(r"^(?:litellm\.)?\w*(?:Error|Exception)\s*[:\-]\s*", re.I)
# LiteLLM's additions to a provider's message: its wrapping, the request, and advice about fields
# that the proxy removes.
_SUFFIX = re.compile(
    r"\.?\s*(?:LiteLLM: |Received Model Group=|Available Model Group|LiteLLM Retried:|\bModel:|Received Messages="
    r"|To drop [\w ,]{1,40}\bset\b|If you want to use these params|\S*(?:drop_params|allowed_openai_params)\b|File an issue"
    r"|Clientside passthrough|Relevant Issue|Check supported provider).*$",
    re.S,
)
_UNSUPPORTED = re.compile(r"does not support parameters: \['([\w.-]{1,64})'")
# LiteLLM's proxy refuses fields of a body with 401 (`is_request_body_safe`).
_REFUSED_FIELD = re.compile(r"Rejected Request: (?:(\S{1,64}) is not allowed)?")
_MODERATED = re.compile(r"moderation|flagged|content.policy|usage policies", re.I)
# Things besides the model that a body may refer to: OpenAI and Anthropic return 404 if one is
# missing.
_MISSING_THING = re.compile(
    r"no such file|previous_response_not_found"
    r"|\b(?:file|response|conversation|container|vector.store|prompt|item|skill)s?\b.{0,80}\b(?:not found|does not exist|expired)",
    re.I | re.S,
)
# Python errors inside LiteLLM about a value of an unexpected type.
_WRONG_TYPE = re.compile(
    r"'(?:int|float|bool|str|list|dict)' object (?:has no attribute|is not (?:iterable|subscriptable))|Unsupported tool type"
)
_TOKENS_AS_PROMPT = re.compile(r"Unmapped prompt format|'(?:int|list)' object has no attribute 'get'")
_NO_TOKENS_MESSAGE = "Este modelo não aceita listas de tokens em 'prompt'. Envie o prompt como texto."
_WRONG_TYPE_MESSAGE = (
    "O modelo não entendeu a requisição: um campo tem um tipo que ele não aceita. Confira mensagens e ferramentas."
)
_UNKNOWN_CURE = (
    "the provider does not know the model, or the path: check LITELLM_URL and the model in LiteLLM's configuration"
)
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_REMOVED_WORDS = re.compile(r"insufficient_quota|context length", re.I)
_MAX_MESSAGE_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class UpstreamFault:
    """The error to raise and its cause; `cure` is set, for the log, if the operator must act."""

    condition: SolarisError
    cause: str
    cure: str | None = None


def fault_of(status: int, body: bytes, path: str = "") -> UpstreamFault:
    """Map an error response of status 300 or more to a call of `path`."""
    detail = _detail(body)
    message = str(detail.get("message") or "")
    cause = f"{status} {detail.get('type')} {detail.get('code')}: {message[:500]}"
    text = f"{detail.get('type')} {detail.get('code')} {message}"
    refusal = _refusal_of_body(status, detail, message, path)
    if refusal is not None:
        return UpstreamFault(refusal, cause)
    cure = _operator_cure(status, text)
    if cure is not None:
        condition = ModelUnknownUpstream if cure is _UNKNOWN_CURE else ModelServiceUnavailable
        return UpstreamFault(condition(UNREACHABLE_MESSAGE), cause, cure)
    if status in (408, 504):
        return UpstreamFault(ModelServiceTimeout(TIMEOUT_MESSAGE), cause)
    if status == 429:
        return UpstreamFault(ModelBusy(_BUSY_MESSAGE), cause)
    if status in _REQUEST_STATUSES:
        return UpstreamFault(_refusal(status, detail, text), cause)
    return UpstreamFault(ModelServiceFailed(FAILED_MESSAGE), cause)


def condition_in_stream(event: dict[str, Any]) -> SolarisError:
    """Map an error event that is the first of a stream to a domain error."""
    error = event.get("error")
    code = str(error.get("code") or error.get("status") or "") if isinstance(error, dict) else ""
    status = int(code) if re.fullmatch(r"[45]\d\d", code) else 500
    return fault_of(status, orjson.dumps(event)).condition


def _refusal_of_body(status: int, detail: dict[str, Any], message: str, path: str) -> UpstreamRefused | None:
    """A caller's error under a status that usually means an operator's or the provider's error."""
    if status in (401, 403):
        field = _REFUSED_FIELD.search(message)
        if field is not None:
            name = field[1] or "metadata"
            message = f"O campo '{name}' não pode ser enviado. Retire-o da requisição."
            return UpstreamRefused(message, status=400, code="field_not_allowed", param=name)
        if status == 403 and _MODERATED.search(message):
            return _refusal(400, detail, message)
    if status == 404 and _MISSING_THING.search(message) and "model" not in message.lower():
        return _refusal(400, detail, message)
    if status == 500:
        if path.endswith("/completions") and "chat" not in path and _TOKENS_AS_PROMPT.search(message):
            return UpstreamRefused(_NO_TOKENS_MESSAGE, status=400, code="tokens_not_supported", param="prompt")
        if "APIConnectionError" in message and _WRONG_TYPE.search(message):
            return UpstreamRefused(_WRONG_TYPE_MESSAGE, status=400, code="model_refused_request", param=None)
    return None


def _operator_cure(status: int, text: str) -> str | None:
    if "no_db_connection" in text or "No connected db" in text:
        return "LiteLLM does not know our key: LITELLM_API_KEY must be the master_key of LiteLLM"
    if status in (401, 403):
        return "LiteLLM or the provider refuses a key: check LITELLM_API_KEY, then the provider's key in LiteLLM's environment"
    if "all_deployments_in_cooldown" in text or "No deployments available" in text:
        return "LiteLLM has put all deployments of the model aside: set router_settings.disable_cooldowns: true"
    if "insufficient_quota" in text:
        return "the provider's account has no balance or budget left: pay it or raise its limit"
    if status == 404:
        return _UNKNOWN_CURE
    return None


def _refusal(status: int, detail: dict[str, Any], text: str) -> UpstreamRefused:
    param = detail.get("param")
    name = param if isinstance(param, str) and param not in ("", "None") else None
    unsupported = _UNSUPPORTED.search(text)
    if name is None and unsupported is not None:
        name = unsupported[1]
    if _TOO_LONG.search(text):
        return UpstreamRefused(_TOO_LONG_MESSAGE, status=status, code="prompt_too_long", param=name)
    code = str(detail.get("code") or "")
    sentence = _clean_message(str(detail.get("message") or ""))
    message = (
        f"O modelo recusou a requisição: {sentence}"
        if sentence
        else "O modelo recusou a requisição. Confira os parâmetros."
    )
    return UpstreamRefused(
        message, status=status, code=code if _CODE.fullmatch(code) else "model_refused_request", param=name
    )


def _clean_message(message: str) -> str:
    """The provider's message on one line, without LiteLLM's wrapping and misleading words."""
    text = _SUFFIX.sub("", " ".join(message.split()))
    for _ in range(4):
        text = _PREFIX.sub("", text)
    if text.startswith("{"):
        # For /v1/responses LiteLLM puts the provider's whole body in place of its message.
        text = str(_detail(text.encode()).get("message") or text)
    text = _REMOVED_WORDS.sub("…", text).strip()
    return text if len(text) <= _MAX_MESSAGE_CHARACTERS else text[:_MAX_MESSAGE_CHARACTERS] + "…"


def _detail(body: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {"message": body[:500].decode(errors="replace")}
    error = value.get("error", value.get("detail")) if isinstance(value, dict) else value
    return error if isinstance(error, dict) else {"message": str(error)}
