"""Counts that lie within each other are never counted twice, counts that stand beside each other are never lost (SPEC 4)."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solaris.domain.tokens import MAX_TOKENS_PER_REQUEST, TokenCounts
from solaris.gateway.api.anthropic import MessagesShape
from solaris.gateway.api.base import ApiShape
from solaris.gateway.api.chat import ChatShape
from solaris.gateway.api.completions import CompletionsShape
from solaris.gateway.api.responses import ResponsesShape
from solaris.gateway.api.usage import counts_in, usage_in
from solaris.gateway.api.usage_shapes import PLACES, SHAPES
from solaris.gateway.usage.event_scanner import EventScanner

_EXAMPLES = [(usage, counts) for shape in SHAPES for usage, counts in shape.examples]
_STREAMED: list[ApiShape] = [ChatShape(), CompletionsShape(), ResponsesShape(), MessagesShape()]
_COUNT = st.integers(0, 5_000)


@pytest.mark.parametrize(("usage", "counts"), _EXAMPLES)
def test_every_example_of_the_table_is_read_as_it_was_billed(usage: dict[str, Any], counts: TokenCounts) -> None:
    assert counts_in(usage) == counts


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.api for shape in SHAPES])
def test_every_shape_names_its_source_and_has_an_example(shape: Any) -> None:
    assert shape.source
    assert shape.examples


@pytest.mark.parametrize("api", _STREAMED)
@pytest.mark.parametrize("path", [place.path for place in PLACES])
def test_every_place_of_the_table_is_remarked_in_a_stream(api: ApiShape, path: tuple[str, ...]) -> None:
    value: Any = {"prompt_tokens": 1, "completion_tokens": 2} if path else {"prompt_eval_count": 1, "eval_count": 2}
    for key in reversed(path):
        value = [value] if key == "*" else {key: value}
    assert usage_in(value) == TokenCounts(1, 0, 2, 0)
    assert api.interesting_event.search(orjson.dumps(value))


@pytest.mark.parametrize("api", _STREAMED)
def test_no_text_looks_like_usage_or_an_error(api: ApiShape) -> None:
    text = '{"usage": {"prompt_tokens": 1}, "error": "x", "detail": "x", "code": 500, "eval_count": 3, "finish_reason": "stop"}'
    event = {"type": "x.delta", "delta": text, "choices": [{"delta": {"content": text}}]}
    assert api.interesting_event.search(orjson.dumps(event)) is None


@pytest.mark.parametrize(
    "usage",
    [
        {},
        {"prompt_tokens": -5, "completion_tokens": 3},
        {"prompt_tokens": 10**12, "completion_tokens": 3},
        {"prompt_tokens": "5", "completion_tokens": 3},
        {"prompt_tokens": True, "completion_tokens": 3},
        {"prompt_tokens": 0, "completion_tokens": 0},
        {"prompt_tokens": 1.5, "completion_tokens": 3},
        {"prompt_tokens": [5], "completion_tokens": {}},
        {"prompt_tokens": MAX_TOKENS_PER_REQUEST, "completion_tokens": 1},
    ],
)
def test_absurd_figures_are_not_believed(usage: dict[str, Any]) -> None:
    assert counts_in(usage) is None


@pytest.mark.parametrize(
    "odd", [None, "x", 5, [], [1], {"cached_tokens": "x"}, {"cached_tokens": -1}, {"cached_tokens": None}]
)
def test_odd_details_and_iterations_never_break_the_reading(odd: object) -> None:
    usage = {"prompt_tokens": 5.0, "completion_tokens": 3, "prompt_tokens_details": odd, "iterations": odd}
    assert counts_in(usage) == TokenCounts(5, 0, 3, 0)


def test_the_same_counts_in_two_apis_names_are_the_same_tokens() -> None:
    # https://github.com/songquanpeng/one-api writes both, the other API's as zeros or as the same figures.
    openai = {"prompt_tokens": 13, "completion_tokens": 7, "total_tokens": 20}
    assert counts_in({**openai, "input_tokens": 0, "output_tokens": 0}) == TokenCounts(13, 0, 7, 0)
    assert counts_in({**openai, "input_tokens": 13, "output_tokens": 7}) == TokenCounts(13, 0, 7, 0)


def test_deep_research_pays_for_its_citations_and_its_thoughts() -> None:
    # https://docs.perplexity.ai/getting-started/models/models/sonar-deep-research
    usage = {"prompt_tokens": 33, "completion_tokens": 7163, "total_tokens": 7196, "citation_tokens": 19_028,
             "num_search_queries": 18, "reasoning_tokens": 73_997}  # fmt: skip
    assert counts_in(usage) == TokenCounts(33 + 19_028, 0, 7163 + 73_997, 73_997)
    assert counts_in({**usage, "num_search_queries": 0, "reasoning_tokens": 0}) == TokenCounts(33, 0, 7163, 0)


@given(prompt=_COUNT, output=_COUNT, cached=_COUNT, thought=_COUNT, total=st.integers(0, 20_000))
def test_nothing_is_lost_and_nothing_counted_twice(
    prompt: int, output: int, cached: int, thought: int, total: int
) -> None:
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": output,
        "total_tokens": total,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": thought},
    }
    counts = counts_in(usage)
    beside = (cached if cached > prompt else 0) + (thought if thought > output else 0)
    charged = max(prompt + output + beside, total)
    assert (counts.input + counts.output if counts is not None else 0) == charged
    if counts is not None:
        assert (counts.cached_input, counts.reasoning) == (cached, thought)


@settings(deadline=None)
@given(cuts=st.lists(st.integers(0, 400_000), max_size=12), gap=st.integers(0, 70_000))
def test_usage_is_found_in_json_too_long_to_be_held_however_it_is_cut(cuts: Sequence[int], gap: int) -> None:
    first = {"prompt_tokens": 20, "note": 'a "brace" } in a text \\', "details": {"cached_tokens": 3}}
    answer = {
        "b64": "iVBORw0KGgo/" * (gap // 12),
        "text": '"usage": {"prompt_tokens": 9}',
        "usage": first,
        "tools": [{"usage": {"type": "object"}}],
        "usageMetadata": {"promptTokenCount": 7},
    }
    written = orjson.dumps(answer)
    scanner = EventScanner()
    places = sorted({cut % (len(written) + 1) for cut in cuts} | {0, len(written)})

    for start, stop in pairwise(places):
        scanner.feed(written[start:stop])

    assert scanner.found == [first, {"type": "object"}, {"promptTokenCount": 7}]


def test_what_never_ends_is_not_held() -> None:
    scanner = EventScanner()
    for part in (b'{"usage": {"a": "', *[b"x" * 5_000] * 200, b'"usage": {"prompt_tokens": 3}'):
        scanner.feed(part)
        assert len(scanner._open) + len(scanner._seam) <= 16_384 + 64
    assert scanner.found == [{"prompt_tokens": 3}]
