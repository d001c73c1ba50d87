"""Chat completions: limits, prompts and usage as they come from everywhere."""

from decimal import Decimal
from typing import Any

import pytest
from tests.counted_prompts import counted_prompt

from solaris.domain.errors import InvalidInput
from solaris.domain.tokens import TokenCounts, Weights
from solaris.gateway.api.base import OutputLimit
from solaris.gateway.api.chat import ChatShape
from solaris.gateway.estimate.estimate import estimate, provider_tokens
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.ledger.records import Call
from solaris.models.catalogue import Model

CHAT = ChatShape()


@pytest.mark.parametrize("value", [0, -1, 1.5, "100", True, 10_000_001, 10**30, [], {}])
@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens", "n"])
def test_a_limit_that_is_no_sensible_whole_number_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(InvalidInput, match=field) as refusal:
        CHAT.output_limit({field: value})
    assert refusal.value.param == field


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        ({}, OutputLimit(None, 1)),
        ({"max_tokens": None, "n": None}, OutputLimit(None, 1)),
        ({"max_tokens": 10}, OutputLimit(10, 1)),
        ({"max_tokens": 10, "max_completion_tokens": 30, "n": 3}, OutputLimit(30, 3)),
    ],
)
def test_the_larger_limit_counts_for_each_choice(body: dict[str, Any], limit: OutputLimit) -> None:
    assert CHAT.output_limit(body) == limit


@pytest.mark.parametrize("messages", [None, [], "oi", {}, ["oi"], [None]])
def test_messages_must_be_a_list_of_messages(messages: object) -> None:
    with pytest.raises(InvalidInput, match="messages"):
        CHAT.check({"messages": messages})


def test_a_limit_is_only_ever_lowered_and_in_the_fields_that_the_client_used() -> None:
    body: dict[str, Any] = {"max_completion_tokens": 50}
    CHAT.limit_output(body, 20)
    assert body == {"max_completion_tokens": 20}
    CHAT.limit_output(body, 90)
    assert body == {"max_completion_tokens": 20}
    empty: dict[str, Any] = {}
    CHAT.limit_output(empty, 7)
    assert empty == {"max_tokens": 7}


def test_the_prompt_counts_texts_parts_names_tools_and_images() -> None:
    plain = {"messages": [{"role": "user", "content": "Olá, tudo bem?"}]}
    tokenizer = Tokenizer()
    base = counted_prompt(CHAT, plain, Model("m"), tokenizer)
    parts = {"messages": [{"role": "user", "content": [{"type": "text", "text": "Olá, tudo bem?"}]}]}
    assert counted_prompt(CHAT, parts, Model("m"), tokenizer) == base
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 500_000}}
    seen = {"messages": [{"role": "user", "content": [{"type": "text", "text": "Olá, tudo bem?"}, image]}]}
    assert counted_prompt(CHAT, seen, Model("m"), tokenizer) == base + 1000
    tools = {**plain, "tools": [{"type": "function", "function": {"name": "buscar", "parameters": {}}}]}
    assert counted_prompt(CHAT, tools, Model("m"), tokenizer) > base
    assert provider_tokens(base, Model("m", prompt_factor=Decimal("1.5"))) == -(-base * 3 // 2)


@pytest.mark.parametrize("vocabulary", ["o200k_base", "cl100k_base"])
@pytest.mark.parametrize("role", ["system", "developer", "user", "assistant", "tool", "function", "narrador", ""])
def test_a_message_costs_its_role_and_its_text_whatever_else_stands_beside_them(role: str, vocabulary: str) -> None:
    tokenizer, model = Tokenizer(), Model("m", tokenizer=vocabulary)
    message = {"role": role, "content": "Olá, tudo bem?"}
    counted = counted_prompt(CHAT, {"messages": [message]}, model, tokenizer)
    assert counted == 6 + tokenizer.count([role, "Olá, tudo bem?"], vocabulary)
    assert counted == counted_prompt(CHAT, {"messages": [{**message, "name": None}]}, model, tokenizer)


def test_odd_content_never_breaks_the_estimate() -> None:
    odd = [{"content": 5}, {"content": [1, None, "a", {"type": None}]}, {"role": 7, "content": {"a": 1}}, {}]
    assert counted_prompt(CHAT, {"messages": odd}, Model("m"), Tokenizer()) > 0


def test_long_texts_are_estimated_from_samples_close_to_the_exact_count() -> None:
    tokenizer = Tokenizer()
    text = "A empresa controla os tokens de cada pessoa, e cada palavra conta. " * 20_000
    exact = sum(tokenizer.count([text[start : start + 50_000]]) for start in range(0, len(text), 50_000))
    assert abs(tokenizer.count([text]) - exact) < exact * 0.02


@pytest.mark.parametrize("factor", ["1", "0.376", "2.5"])
@pytest.mark.parametrize("held_extra", [0, 1, 7, 100])
def test_the_limit_that_a_hold_pays_for_never_costs_more_than_the_hold(factor: str, held_extra: int) -> None:
    weights = Weights(Decimal("0.7"), Decimal("0.1"), Decimal("3.3"), Decimal("4.1"))
    call = Call("/v1/chat/completions", "m", weights, Decimal(factor))
    expected = estimate(123, OutputLimit(None, 3), Model("m", weights), call)
    held = expected.min_charge + held_extra
    output = expected.output_limit_for(held, call) * 3
    assert call.charge_for(TokenCounts(123, 0, output, output)) <= held
    assert call.charge_for(TokenCounts(123, 0, output, 0)) <= held
