"""Lowers or removes thinking where the balance lowers a call's output limit.

Anthropic refuses a thinking budget that is not smaller than the limit, and one below 1,024
("Extended thinking"). LiteLLM 1.106.2 derives such a budget from an effort too
(`AnthropicConfig._map_reasoning_effort`), and fits it into the limit on `/v1/messages` only.
"""

import re
from dataclasses import replace

from solaris.gateway.api.base import Json
from solaris.gateway.api.output_fields import BUDGETS, PLAIN_BUDGET_TOKENS, is_output_field, limit_for_budget
from solaris.models.catalogue import Model

_MIN_BUDGET_TOKENS = 1_024
# LiteLLM's DEFAULT_REASONING_EFFORT_*_THINKING_BUDGET, largest first.
_EFFORTS = {"max": 16_384, "xhigh": 8_192, "high": 4_096, "medium": 2_048, "low": 1_024, "minimal": 1_024}
_CLAUDE = re.compile(r"claude|anthropic", re.I)
_EFFORT_FIELDS = frozenset({"reasoning_effort", "reasoning"})
_FIELDS = _EFFORT_FIELDS | {field for field, _ in BUDGETS}
# Model families that accept an effort with any limit. A name that matches neither pattern may be a
# Claude.
_OTHER_FAMILIES = re.compile(
    r"(?:^|[/._-])(?:(?:chat)?gpt|o[1-9](?![0-9a-z])|codex|computer-use|grok|gemini|gemma|deepseek|qwen|llama|kimi|glm"
    r"|(?:mi|code|mini|pix|magi)stral|mixtral|command|phi-|nova|davinci|babbage)",
    re.I,
)


def with_thinking_room(model: Model, body: Json) -> Model:
    """The model with an output limit that covers the body's effort and an answer.

    For calls with an effort and no limit. LiteLLM sends Anthropic this limit; a smaller one of ours
    would leave no room for the answer.
    """
    if _EFFORT_FIELDS.isdisjoint(body):
        return model
    budgets = [_EFFORTS.get(effort, 0) for effort in _efforts_in(body)]
    limit = limit_for_budget(max(budgets, default=0)) or 0
    if not any(budgets) or limit <= model.output_limit_tokens or not _may_be_claude(model):
        return model
    if model.listed and not any(map(_CLAUDE.search, _names(model))):
        return model
    return replace(model, output_limit_tokens=limit)


def fit_thinking(body: Json, model: Model, requested: int | None, limit: int) -> None:
    """Fit thinking into `limit`, to which the balance lowered the client's limit, `requested`.

    A budget or effort that leaves a quarter of the limit to the answer stays. A larger one is
    lowered to that, or removed where that is below Anthropic's minimum. A budget that already
    exceeds the client's own limit stays: the provider reports the mistake.
    """
    if _FIELDS.isdisjoint(body) or (requested is not None and limit >= requested):
        return
    max_budget = limit * 3 // 4
    room = max_budget if max_budget >= _MIN_BUDGET_TOKENS else 0
    for field, key in BUDGETS:
        if field in body:
            _fit_budget(body, field, key, requested, room)
    if _may_be_claude(model):
        _fit_efforts(body, requested, room)


def _fit_budget(body: Json, field: str, key: str, requested: int | None, room: int) -> None:
    settings = body[field]
    if settings is True:
        settings, budget = ({"type": "enabled"} if field == "thinking" else {}), PLAIN_BUDGET_TOKENS
    elif isinstance(settings, dict) and settings.get("type") != "disabled":
        named = [value for name, value in settings.items() if value is not None and is_output_field(name)]
        budget = max(named, default=0)
    else:
        return
    if budget <= room or _exceeds_request(budget, requested):
        return
    if room:
        body[field] = {name: value for name, value in settings.items() if not is_output_field(name)} | {key: room}
    else:
        _remove(body, field)


def _fit_efforts(body: Json, requested: int | None, room: int) -> None:
    for field in _EFFORT_FIELDS & body.keys():
        effort = _effort_in(body, field)
        budget = _EFFORTS.get(effort or "", 0)
        if effort is None or budget <= room or _exceeds_request(budget, requested):
            continue
        fitting = next((name for name, tokens in _EFFORTS.items() if tokens <= room), None)
        if fitting is None:
            _remove(body, field)
        else:
            body[field] = {**body[field], "effort": fitting} if isinstance(body[field], dict) else fitting


def _remove(body: Json, field: str) -> None:
    """Remove the field, which turns thinking off; some models refuse "disabled" and "none"."""
    del body[field]
    edits = context.get("edits") if isinstance(context := body.get("context_management"), dict) else None
    if field == "thinking" and isinstance(edits, list):
        # Anthropic refuses `clear_thinking` edits in a call without thinking.
        edits_left = [edit for edit in edits if not (isinstance(edit, dict) and _clears_thinking(edit))]
        body["context_management"] = {**body["context_management"], "edits": edits_left}
        if not edits_left:
            del body["context_management"]


def _clears_thinking(edit: Json) -> bool:
    return str(edit.get("type")).startswith("clear_thinking")


def _exceeds_request(budget: int, requested: int | None) -> bool:
    return requested is not None and requested <= budget


def _efforts_in(body: Json) -> list[str]:
    found = (_effort_in(body, field) for field in _EFFORT_FIELDS & body.keys())
    return [effort for effort in found if effort is not None]


def _effort_in(body: Json, field: str) -> str | None:
    value = body.get(field)
    effort = value.get("effort") if isinstance(value, dict) else value
    return effort if isinstance(effort, str) else None


def _may_be_claude(model: Model) -> bool:
    return any(_CLAUDE.search(name) or not _OTHER_FAMILIES.search(name) for name in _names(model))


def _names(model: Model) -> tuple[str, ...]:
    return model.targets or (model.name,)
