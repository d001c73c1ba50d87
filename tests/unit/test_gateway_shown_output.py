from decimal import Decimal

import pytest

from solaris.gateway.shown_output import shows_all_output
from solaris.models.catalogue import Model


@pytest.mark.parametrize(
    ("body", "model"),
    [
        ({"reasoning_effort": "high"}, "meu-modelo"),
        ({"reasoning": {"effort": "low"}}, "meu-modelo"),
        ({"thinking": {"type": "enabled", "budget_tokens": 2048}}, "claude-3"),
        ({"thinking": [1]}, "claude-3"),
        ({}, "o3-mini"),
        ({}, "openai/o1"),
        ({}, "gpt-5-mini"),
        ({}, "gemini/gemini-2.5-pro"),
        ({}, "us.openai.gpt-oss-120b"),
        ({}, "openai.gpt-5"),
        ({}, "azure/my-o3"),
        ({}, "gemini-flash-latest"),
        ({}, "meu-modelo"),
        ({}, "gpt-45"),
        ({"include_reasoning": False}, "gpt-4"),
        ({"reasoning_format": "hidden"}, "llama-3"),
        ({"enable_thinking": True}, "qwen3"),
        ({"reasoning": {"effort": "none", "max_tokens": 16_000}}, "gpt-4"),
        ({"thinking": {"type": "disabled", "budget_tokens": 16_000}}, "claude-3"),
    ],
)
def test_a_stream_of_a_model_that_thinks_in_secret_is_not_watched(body: dict[str, object], model: str) -> None:
    assert not shows_all_output(body, Model(model))


@pytest.mark.parametrize(
    ("body", "model"),
    [
        ({}, "gpt-4"),
        ({}, "gpt-4o"),
        ({}, "claude-3"),
        ({"reasoning_effort": "none"}, "gpt-4"),
        ({}, "anthropic/claude-3-5-sonnet"),
        ({}, "groq/llama-3.3-70b"),
        ({}, "openai/gpt-3.5-turbo"),
        ({"thinking": {"type": "disabled"}}, "claude-3"),
        ({"reasoning": None}, "gpt-4"),
    ],
)
def test_a_stream_that_shows_what_it_writes_is_watched(body: dict[str, object], model: str) -> None:
    assert shows_all_output(body, Model(model))


def test_what_calls_have_taught_of_a_model_counts_but_for_differences_in_counting() -> None:
    assert shows_all_output({}, Model("meu-modelo", prompt_factor=Decimal(1), hidden_output_tokens=20))
    assert shows_all_output({}, Model("o3", prompt_factor=Decimal(1), hidden_output_tokens=0))
    assert not shows_all_output({}, Model("gpt-4", prompt_factor=Decimal(1), hidden_output_tokens=800))


def test_an_alias_hides_what_its_target_hides() -> None:
    assert not shows_all_output({}, Model("raciocinio", targets=("openai/o3",)))
    assert shows_all_output({}, Model("conversa", targets=("gpt-4o",)))
