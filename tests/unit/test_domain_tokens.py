from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solaris.domain.tokens import TokenCounts, Weights, output_tokens_affordable, tokens_charged

counts = st.builds(
    lambda prompt, cached, output, reasoning: TokenCounts(prompt + cached, cached, output + reasoning, reasoning),
    *[st.integers(0, 10**7)] * 4,
)
weight = st.decimals(min_value=0, max_value=100, places=6)
weights = st.builds(Weights, weight, weight, weight, weight)
factor = st.decimals(min_value=Decimal("0.000001"), max_value=100, places=6)


def test_weights_of_one_charge_every_token_once_though_cached_and_reasoning_are_parts_of_their_wholes():
    assert tokens_charged(TokenCounts(100, 40, 50, 30), Weights(), Decimal(1)) == 150


def test_the_customers_factor_rounds_up_once_per_request_not_once_per_kind():
    assert tokens_charged(TokenCounts(10, 0, 11, 0), Weights(), Decimal("0.376")) == 8  # 7.896, not 4 + 5


def test_a_cached_token_costs_its_own_weight_only():
    assert tokens_charged(TokenCounts(100, 80, 0, 0), Weights(cached_input=Decimal("0.1")), Decimal(1)) == 28


@pytest.mark.parametrize("wrong", [(-1, 0, 0, 0), (1, 2, 0, 0), (0, 0, 1, 2), (0, 0, -1, 0)])
def test_impossible_counts_are_refused(wrong):
    with pytest.raises(ValueError, match=r"part of|never negative"):
        TokenCounts(*wrong)


@given(counts, weights, factor)
def test_the_charge_is_the_smallest_integer_that_covers_the_exact_sum(counts, weights, factor):
    exact = factor * (
        weights.input * (counts.input - counts.cached_input)
        + weights.cached_input * counts.cached_input
        + weights.output * (counts.output - counts.reasoning)
        + weights.reasoning * counts.reasoning
    )
    charged = tokens_charged(counts, weights, factor)
    assert exact <= charged < exact + 1


@given(st.integers(0, 10**6), st.integers(0, 10**6), weights, factor)
def test_what_is_affordable_never_costs_more_than_the_hold(held, prompt_charged, weights, factor):
    affordable = output_tokens_affordable(held, prompt_charged, weights, factor)
    if affordable == 0 or max(weights.output, weights.reasoning) == 0:
        return
    dearest = Weights(output=max(weights.output, weights.reasoning))
    assert tokens_charged(TokenCounts(output=affordable), dearest, factor) <= held - prompt_charged
