"""What a lowered limit makes of a call's thinking, and when it is left alone."""

import copy
from typing import Any

import pytest

from solaris.gateway.api.thinking_limits import fit_thinking, with_thinking_room
from solaris.models.catalogue import Model

Json = dict[str, Any]
CLAUDE = Model("claude-3-7-sonnet")
UNKNOWN = Model("assistente")
KNOWN_OTHERS = [
    Model(name)
    for name in ("gpt-4o", "gpt-5", "openai/o3-mini", "xai/grok-4", "gemini-2.5-pro", "mistral-large", "azure/gpt-4.1")
]


def enabled(budget: int) -> Json:
    return {"thinking": {"type": "enabled", "budget_tokens": budget}}


@pytest.mark.parametrize("model", [CLAUDE, UNKNOWN, *KNOWN_OTHERS], ids=lambda model: model.name)
@pytest.mark.parametrize(
    ("body", "limit", "fitted"),
    [
        (enabled(4_000), 3_000, enabled(2_250)),
        (enabled(2_000), 3_000, enabled(2_000)),
        (enabled(4_000), 1_366, enabled(1_024)),
        (enabled(4_000), 1_365, {}),
        (enabled(4_000), 16, {}),
        (enabled(0), 16, enabled(0)),
        ({"thinking": {"type": "enabled", "budget_tokens": 2, "budgetTokens": 9_000}}, 3_000, enabled(2_250)),
        ({"thinking": True}, 2_000, enabled(1_500)),
        ({"thinking": True}, 100, {}),
        ({"thinking": {"type": "adaptive"}}, 16, {"thinking": {"type": "adaptive"}}),
        (
            {"thinking": {"type": "disabled", "budget_tokens": 9_000}},
            16,
            {"thinking": {"type": "disabled", "budget_tokens": 9_000}},
        ),
        ({"thinking": "muito"}, 16, {"thinking": "muito"}),
        ({"reasoning": {"max_tokens": 4_000, "exclude": True}}, 2_000, {"reasoning": {"max_tokens": 1_500, "exclude": True}}),
        ({"reasoning": {"max_tokens": 4_000, "exclude": True}}, 500, {}),
    ],
)  # fmt: skip
def test_a_budget_leaves_a_quarter_of_the_lowered_limit_or_goes(
    model: Model, body: Json, limit: int, fitted: Json
) -> None:
    body = copy.deepcopy(body)
    fit_thinking(body, model, 10_000, limit)
    assert body == fitted


@pytest.mark.parametrize("model", [CLAUDE, UNKNOWN, Model("alias", targets=("gpt-4o", "claude-3"))])
@pytest.mark.parametrize(
    ("effort", "limit", "fitted"),
    [
        ("max", 30_000, "max"),
        ("max", 20_000, "xhigh"),
        ("xhigh", 6_000, "high"),
        ("high", 5_000, "medium"),
        ("high", 2_000, "low"),
        ("medium", 1_366, "low"),
        ("low", 1_366, "low"),
        ("minimal", 1_366, "minimal"),
        ("high", 1_365, None),
        ("low", 1_365, None),
        ("minimal", 16, None),
        ("none", 16, "none"),
        ("default", 16, "default"),
    ],
)
def test_an_effort_is_lowered_to_what_fits_or_goes(model: Model, effort: str, limit: int, fitted: str | None) -> None:
    for body, kept in (
        ({"reasoning_effort": effort}, {"reasoning_effort": fitted}),
        (
            {"reasoning_effort": {"effort": effort, "summary": "auto"}},
            {"reasoning_effort": {"effort": fitted, "summary": "auto"}},
        ),
        ({"reasoning": {"effort": effort, "summary": "auto"}}, {"reasoning": {"effort": fitted, "summary": "auto"}}),
    ):
        left: Json = copy.deepcopy(body)
        fit_thinking(left, model, 100_000, limit)
        assert left == ({} if fitted is None else kept)


@pytest.mark.parametrize("model", [*KNOWN_OTHERS, Model("alias", targets=("gpt-4o", "o3"))], ids=lambda one: one.name)
@pytest.mark.parametrize("body", [{"reasoning_effort": "high"}, {"reasoning": {"effort": "max"}}])
def test_models_that_take_an_effort_beside_any_limit_keep_it(model: Model, body: Json) -> None:
    left = copy.deepcopy(body)
    fit_thinking(left, model, 100_000, 16)
    assert left == body
    assert with_thinking_room(model, body) is model


@pytest.mark.parametrize(
    ("body", "requested", "limit"),
    [
        # The caller's own limit has no room for it: their mistake, the same with every balance.
        (enabled(1_024), 1_024, 300),
        (enabled(2_000), 16, 7),
        ({"reasoning": {"max_tokens": 5_000}}, 5_000, 2_000),
        ({"reasoning_effort": "high"}, 4_096, 2_000),
        ({"reasoning": {"effort": "low"}}, 200, 100),
        # The limit is not lowered.
        (enabled(2_000), 2_500, 2_500),
        ({"reasoning_effort": "high"}, 4_097, 4_097),
    ],
)
def test_what_the_wallet_did_not_cause_stays_as_it_is(body: Json, requested: int, limit: int) -> None:
    left = copy.deepcopy(body)
    fit_thinking(left, CLAUDE, requested, limit)
    assert left == body


def test_what_clears_thoughts_goes_with_the_thinking() -> None:
    clearing = {"type": "clear_thinking_20251015", "keep": "all"}
    tools = {"type": "clear_tool_uses_20250919"}
    alone: Json = {**enabled(4_000), "context_management": {"edits": [clearing]}}
    both: Json = {**enabled(4_000), "context_management": {"edits": [clearing, tools]}}
    lowered: Json = copy.deepcopy(alone)
    odd: Json = {**enabled(4_000), "context_management": [{"type": "compaction"}]}
    fit_thinking(lowered, CLAUDE, 5_000, 3_000)
    for body in (alone, both, odd):
        fit_thinking(body, CLAUDE, 5_000, 300)
    assert alone == {}
    assert both == {"context_management": {"edits": [tools]}}
    assert odd == {"context_management": [{"type": "compaction"}]}
    assert lowered["context_management"] == {"edits": [clearing]}


@pytest.mark.parametrize(
    ("model", "body", "limit"),
    [
        (UNKNOWN, {"reasoning_effort": "high"}, 8_192),
        (UNKNOWN, {"reasoning_effort": "low", "reasoning": {"effort": "max"}}, 20_480),
        (UNKNOWN, {"reasoning_effort": "none"}, 4_096),
        (UNKNOWN, {}, 4_096),
        (Model("assistente", listed=True), {"reasoning_effort": "high"}, 4_096),
        (Model("claude-3", listed=True), {"reasoning": {"effort": "high"}}, 8_192),
        (Model("claude-3", output_limit_tokens=64_000), {"reasoning_effort": "max"}, 64_000),
    ],
)
def test_an_effort_without_a_limit_has_room_for_thinking_and_answer(model: Model, body: Json, limit: int) -> None:
    assert with_thinking_room(model, body).output_limit_tokens == limit
