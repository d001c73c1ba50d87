"""How a prompt factor is learned: bounded, slowly, from enough prompts of nothing but text."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solaris.gateway.estimate.plain_text import is_plain_text
from solaris.models.prompt_factors import MAX_FACTOR, MIN_FACTOR, MIN_SAMPLES, LearnedFactor

_RATIOS = st.decimals("0.3", "5", places=3)


def fresh(model: str = "claude-3", factor: str = "1") -> LearnedFactor:
    return LearnedFactor(model, Decimal(factor), 0, Decimal(0), Decimal(0))


def after(experience: LearnedFactor, ratio: Decimal | str, samples: int = 100, tokens: int = 50) -> LearnedFactor:
    counted = Decimal(samples * tokens)
    return experience.after(samples, counted, counted * Decimal(ratio))


def test_a_few_calls_teach_nothing_and_are_remembered() -> None:
    few = after(fresh(), "1.3", samples=MIN_SAMPLES - 1)
    assert few.factor == 1
    assert after(few, "1.3", samples=1).factor == Decimal("1.25")


def test_enough_calls_bring_the_factor_to_the_providers_count() -> None:
    learned = fresh()
    for _ in range(3):
        learned = after(learned, "1.3")
    assert learned.factor == Decimal("1.3")
    assert after(after(fresh(), "0.9"), "0.9").factor == Decimal("0.9")


def test_one_odd_round_moves_a_learned_factor_a_little_and_is_forgotten() -> None:
    learned = fresh()
    for _ in range(20):
        learned = after(learned, "1.3")
    odd = after(learned, "3", samples=30)
    assert Decimal("1.3") < odd.factor < Decimal("1.5")
    for _ in range(30):
        odd = after(odd, "1.3")
    assert abs(odd.factor - Decimal("1.3")) < Decimal("0.01")


@pytest.mark.parametrize("model", ["gpt-4", "gpt-4o-mini", "o3-mini", "openai/gpt-4.1", "text-embedding-3-small"])
def test_models_with_our_own_tokenizer_stay_at_one_unless_clearly_off(model: str) -> None:
    assert after(fresh(model), "1.08").factor == 1
    assert after(fresh(model), "1.2").factor == Decimal("1.2")


@given(st.lists(st.tuples(_RATIOS, st.integers(1, 500)), max_size=30))
def test_a_factor_stays_in_its_bounds_and_moves_by_a_quarter_at_most(rounds: list[tuple[Decimal, int]]) -> None:
    experience = fresh()
    for ratio, samples in rounds:
        before, experience = experience, after(experience, ratio, samples=samples)
        assert MIN_FACTOR <= experience.factor <= MAX_FACTOR
        assert Decimal("0.7999") <= experience.factor / before.factor <= Decimal("1.2501")


_TEXT = {"role": "user", "content": "Olá"}


def _route_of(body: dict[str, Any]) -> str:
    if "prompt" in body:
        return "/v1/completions"
    return "/v1/responses" if "input" in body else "/v1/messages"


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [_TEXT, {"role": "assistant", "content": "Oi"}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Olá"}]}], "temperature": 1, "tools": []},
        {"messages": [_TEXT], "system": [{"type": "text", "text": "Seja breve."}]},
        {"input": "Olá"},
        {
            "model": "m",
            "messages": [_TEXT],
            "stream": True,
            "temperature": 0.7,
            "max_tokens": 9,
            "tool_choice": "auto",
            "metadata": {"chat_id": "0b6f2a0e-5a0f-4c3b-9f0b-0d8a4d1c7e55"},
            "stream_options": {"include_usage": True},
        },
        {"input": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Olá"}]}]},
    ],
)
def test_messages_of_text_are_plain(body: dict[str, Any]) -> None:
    assert is_plain_text(body, _route_of(body))


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [_TEXT], "tools": [{"type": "function"}]},
        {"messages": [_TEXT], "response_format": {"type": "json_object"}},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://x"}}]}]},
        {"messages": [_TEXT, {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}]},
        {"messages": [_TEXT, {"role": "tool", "tool_call_id": "1", "content": "42"}]},
        {"messages": [_TEXT], "system": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}]},
        {"messages": ["Olá"]},
        {"messages": [{"role": ["user"], "content": [{"type": ["text"], "text": "Olá"}]}]},
        {"input": [{"type": "function_call_output", "call_id": "1", "output": "42"}]},
        {"input": "e agora?", "previous_response_id": "resp_1"},
        {"input": [[1, 2, 3]]},
        {"prompt": "Era uma vez"},
    ],
)
def test_whatever_holds_more_than_text_is_not(body: dict[str, Any]) -> None:
    assert not is_plain_text(body, _route_of(body))
