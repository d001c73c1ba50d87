"""Completions, responses, messages and embeddings: limits, prompts and usage as they come from everywhere."""

from typing import Any

import pytest
from tests.counted_prompts import counted_prompt

from solaris.domain.errors import InvalidInput
from solaris.domain.tokens import TokenCounts
from solaris.gateway.api.anthropic import MessagesShape
from solaris.gateway.api.base import ApiShape, OutputLimit
from solaris.gateway.api.completions import CompletionsShape
from solaris.gateway.api.embeddings import EmbeddingsShape
from solaris.gateway.api.responses import STORED_HISTORY_TOKENS, ResponsesShape
from solaris.gateway.estimate.estimate import estimate
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.ledger.records import Call
from solaris.models.catalogue import Model

COMPLETIONS, RESPONSES, MESSAGES, EMBEDDINGS = (
    CompletionsShape(),
    ResponsesShape(),
    MessagesShape(),
    EmbeddingsShape(),
)
TOKENIZER = Tokenizer()
USER = [{"role": "user", "content": "Olá"}]


def tokens(api: ApiShape, body: dict[str, Any]) -> int:
    api.check(body)
    return counted_prompt(api, body, Model("m"), TOKENIZER)


@pytest.mark.parametrize(
    ("api", "body", "field"),
    [
        (COMPLETIONS, {}, "prompt"),
        (COMPLETIONS, {"prompt": []}, "prompt"),
        (COMPLETIONS, {"prompt": ["a", 1]}, "prompt"),
        (COMPLETIONS, {"prompt": [True]}, "prompt"),
        (COMPLETIONS, {"prompt": [[]]}, "prompt"),
        (COMPLETIONS, {"prompt": ["a"] * 2049}, "prompt"),
        (COMPLETIONS, {"prompt": "a", "stream": 1}, "stream"),
        (EMBEDDINGS, {"input": {"a": 1}}, "input"),
        (EMBEDDINGS, {"input": None}, "input"),
        (RESPONSES, {}, "input"),
        (RESPONSES, {"input": 5}, "input"),
        (RESPONSES, {"input": ["oi"]}, "input"),
        (RESPONSES, {"input": "oi", "background": True}, "background"),
        (RESPONSES, {"input": "oi", "stream": "sim"}, "stream"),
        (MESSAGES, {"messages": USER}, "max_tokens"),
        (MESSAGES, {"max_tokens": 5}, "messages"),
        (MESSAGES, {"max_tokens": 5, "messages": []}, "messages"),
    ],
)
def test_what_cannot_be_metered_is_refused_by_name(api: ApiShape, body: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput, match=field) as refusal:
        api.check(body)
    assert refusal.value.param == field


@pytest.mark.parametrize("value", [-1, 1.5, "100", True, 10_000_001, [], {}])
@pytest.mark.parametrize(
    ("api", "body", "field"),
    [
        (COMPLETIONS, {"prompt": "a"}, "max_tokens"),
        (COMPLETIONS, {"prompt": "a"}, "best_of"),
        (RESPONSES, {"input": "a"}, "max_output_tokens"),
        (MESSAGES, {"messages": USER}, "max_tokens"),
    ],
)
def test_a_limit_that_is_no_sensible_whole_number_is_refused(
    api: ApiShape, body: dict[str, Any], field: str, value: object
) -> None:
    with pytest.raises(InvalidInput, match=field):
        api.output_limit({**body, field: value})


@pytest.mark.parametrize(
    ("api", "body", "limit"),
    [
        (COMPLETIONS, {"prompt": "a"}, OutputLimit(None, 1)),
        (COMPLETIONS, {"prompt": "a", "max_tokens": 0, "echo": True}, OutputLimit(0, 1)),
        (COMPLETIONS, {"prompt": [1, 2, 3], "n": 2, "max_tokens": 9}, OutputLimit(9, 2)),
        (COMPLETIONS, {"prompt": ["a", "b", "c"], "n": 2, "best_of": 4}, OutputLimit(None, 12)),
        (COMPLETIONS, {"prompt": [[1, 2], [3]], "n": 2}, OutputLimit(None, 4)),
        (RESPONSES, {"input": "a", "max_output_tokens": 50}, OutputLimit(50, 1, 16)),
        (MESSAGES, {"messages": USER, "max_tokens": 50}, OutputLimit(50, 1)),
        (
            MESSAGES,
            {"messages": USER, "max_tokens": 5000, "thinking": {"type": "enabled", "budget_tokens": 2000}},
            OutputLimit(5000, 1),
        ),
        (EMBEDDINGS, {"input": "a"}, OutputLimit(0, 0)),
    ],
)
def test_every_answer_that_is_written_counts_in_the_limit(
    api: ApiShape, body: dict[str, Any], limit: OutputLimit
) -> None:
    assert api.output_limit(body) == limit


def test_an_embedding_holds_its_prompt_alone() -> None:
    call = Call(EMBEDDINGS.route, "m")
    expected = estimate(7, OutputLimit(0, 0), Model("m"), call)
    assert (expected.min_charge, expected.max_charge) == (7, 7)
    assert expected.output_limit_for(7, call) == 1


def test_a_response_is_never_held_below_the_least_limit_that_the_provider_takes() -> None:
    call = Call(RESPONSES.route, "m")
    assert estimate(7, OutputLimit(None, 1, 16), Model("m"), call).min_charge == 23
    assert estimate(7, OutputLimit(5, 1, 16), Model("m"), call).min_charge == 12


def test_limits_are_only_ever_lowered_in_the_dialects_own_field() -> None:
    for api, field in ((COMPLETIONS, "max_tokens"), (RESPONSES, "max_output_tokens"), (MESSAGES, "max_tokens")):
        body: dict[str, Any] = {field: 50}
        api.limit_output(body, 80)
        assert body == {field: 50}
        api.limit_output(body, 20)
        assert body == {field: 20}
    bare: dict[str, Any] = {}
    RESPONSES.limit_output(bare, 20)
    assert bare == {"max_output_tokens": 20}
    echoed: dict[str, Any] = {"max_tokens": 0}
    COMPLETIONS.limit_output(echoed, 20)
    assert echoed == {"max_tokens": 0}


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"input_tokens": 5, "output_tokens": 3}, TokenCounts(5, 0, 3, 0)),
        (
            {
                "input_tokens": 5,
                "cache_read_input_tokens": 100,
                "cache_creation_input_tokens": 40,
                "output_tokens": 3,
            },
            TokenCounts(145, 100, 3, 0),
        ),
        ({"input_tokens": 0, "cache_read_input_tokens": 9, "output_tokens": 3}, TokenCounts(9, 9, 3, 0)),
        ({"input_tokens": 5, "cache_read_input_tokens": None, "output_tokens": 3.0}, TokenCounts(5, 0, 3, 0)),
        ({"input_tokens": 5}, TokenCounts(5, 0, 0, 0)),
        ({"input_tokens": 10**9, "cache_read_input_tokens": 10**9, "output_tokens": 1}, None),
        ({}, None),
        (None, None),
    ],
)
def test_what_anthropic_reads_from_or_writes_to_its_cache_is_input_beside_the_input(
    usage: Any, counts: TokenCounts | None
) -> None:
    assert MESSAGES.usage_of({"type": "message", "usage": usage}) == counts


def test_cached_and_reasoning_tokens_of_a_response_are_parts_and_outside_reasoning_is_put_back_once() -> None:
    inside = {
        "input_tokens": 20,
        "input_tokens_details": {"cached_tokens": 12},
        "output_tokens": 9,
        "output_tokens_details": {"reasoning_tokens": 4},
        "total_tokens": 29,
    }
    assert RESPONSES.usage_of({"object": "response", "usage": inside}) == TokenCounts(20, 12, 9, 4)
    outside = {**inside, "output_tokens": 5}
    assert RESPONSES.usage_of({"object": "response", "usage": outside}) == TokenCounts(20, 12, 9, 4)
    event = {"type": "response.completed", "response": {"usage": inside}}
    assert RESPONSES.usage_of(event) == TokenCounts(20, 12, 9, 4)
    assert RESPONSES.usage_of({"type": "response.created", "response": {"usage": None}}) is None


def test_an_embedding_costs_its_prompt() -> None:
    assert EMBEDDINGS.usage_of({"usage": {"prompt_tokens": 7, "total_tokens": 7}}) == TokenCounts(7)
    assert EMBEDDINGS.usage_of({"usage": {"prompt_tokens": 0, "total_tokens": 0}}) is None
    assert EMBEDDINGS.usage_of({"usage": "x"}) is None


def test_token_ids_are_counted_as_they_are_and_every_text_of_a_list() -> None:
    assert tokens(COMPLETIONS, {"prompt": [1, 2, 3]}) == 3
    assert tokens(EMBEDDINGS, {"input": [[1, 2], [3]]}) == 3
    one = tokens(EMBEDDINGS, {"input": "palavra"})
    assert tokens(EMBEDDINGS, {"input": ["palavra", "palavra"]}) == 2 * one
    assert tokens(COMPLETIONS, {"prompt": "palavra", "suffix": "palavra"}) == 2 * one + 7


def test_images_files_and_sealed_reasoning_are_estimated_by_what_they_are_not_by_their_bytes() -> None:
    data = "A" * 400_000
    plain = tokens(RESPONSES, {"input": [{"role": "user", "content": [{"type": "input_text", "text": "veja"}]}]})
    for part, extra in (
        ({"type": "input_image", "image_url": f"data:image/png;base64,{data}"}, 1_000),
        ({"type": "input_file", "filename": "a.pdf", "file_data": data}, 10_001),
        ({"type": "input_file", "file_id": "file-1"}, 2_000),
    ):
        seen = [{"role": "user", "content": [{"type": "input_text", "text": "veja"}, part]}]
        assert tokens(RESPONSES, {"input": seen}) == plain + extra
    sealed = {"type": "reasoning", "id": "r", "encrypted_content": "A" * 6_000, "summary": []}
    assert 900 < tokens(RESPONSES, {"input": [sealed]}) < 1_100
    shot = {"type": "computer_call_output", "output": {"type": "computer_screenshot", "image_url": data}}
    assert tokens(RESPONSES, {"input": [shot]}) < 1_100


def test_anthropics_blocks_are_estimated_by_what_they_are() -> None:
    def asked(content: Any, **more: Any) -> int:
        return tokens(MESSAGES, {"max_tokens": 9, "messages": [{"role": "user", "content": content}], **more})

    plain = asked("veja")
    data = "A" * 400_000
    text = {"type": "text", "text": "veja"}
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}}
    paper = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": data}}
    words = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "veja"}}
    assert asked([text]) == plain
    assert asked([text, image]) == plain + 1_000
    assert asked([{"type": "tool_result", "tool_use_id": "t", "content": [text, image]}]) == plain + 1_000
    assert asked([text, paper]) == plain + 10_001
    assert asked([text, {"type": "document", "source": {"type": "url", "url": "https://a.br"}}]) == plain + 2_000
    assert asked([words]) == plain
    assert asked([{"type": "thinking", "thinking": "veja", "signature": data}]) == plain
    assert asked([text], system=[text]) == asked([text], system="veja") > plain
    assert asked([text], tools=[{"name": "buscar", "input_schema": {}}]) > plain
    deep: Any = "veja"
    for _ in range(100):
        deep = [{"type": "tool_result", "content": deep}]
    assert asked(deep) > plain
    for _ in range(300):
        deep = [{"type": "tool_result", "content": deep}]
    with pytest.raises(InvalidInput, match="aninhados"):
        asked(deep)


def test_a_history_that_the_provider_keeps_has_its_place_in_the_hold() -> None:
    plain = tokens(RESPONSES, {"input": "oi"})
    assert tokens(RESPONSES, {"input": "oi", "previous_response_id": "resp_1"}) == plain + STORED_HISTORY_TOKENS
    assert tokens(RESPONSES, {"input": "oi", "conversation": {"id": "c"}}) == plain + STORED_HISTORY_TOKENS
    assert tokens(RESPONSES, {"previous_response_id": "resp_1"}) > STORED_HISTORY_TOKENS


@pytest.mark.parametrize("odd", [5, None, {"a": 1}, [1, None, "a", {"type": None}], [{"type": "file", "file": 3}]])
def test_odd_content_never_breaks_the_estimate(odd: Any) -> None:
    assert tokens(MESSAGES, {"max_tokens": 1, "messages": [{"role": 7, "content": odd}], "system": odd}) > 0
    assert tokens(RESPONSES, {"input": [{"content": odd, "output": odd, "summary": odd}], "instructions": odd}) > 0


def test_who_asks_is_said_in_the_place_that_each_api_has_for_it() -> None:
    body: dict[str, Any] = {"user": "eve", "metadata": {"user_id": "eve", "a": "b"}, "safety_identifier": "eve"}
    MESSAGES.set_user(anthropic := dict(body), "ana")
    assert anthropic == {"metadata": {"user_id": "ana", "a": "b"}, "safety_identifier": "eve"}
    for api in (COMPLETIONS, RESPONSES, EMBEDDINGS):
        api.set_user(openai := dict(body), "ana")
        assert openai == {"user": "ana", "metadata": {"user_id": "ana", "a": "b"}, "safety_identifier": "ana"}


@pytest.mark.parametrize("api", [COMPLETIONS, RESPONSES, MESSAGES, EMBEDDINGS])
@pytest.mark.parametrize("odd", [{"id": "x"}, {"choices": 5, "output": "x", "content": {}, "usage": [], "response": 3}])
def test_odd_answers_have_no_text_and_no_usage(api: ApiShape, odd: dict[str, Any]) -> None:
    assert list(api.texts_of(odd)) == []
    assert api.usage_of(odd) is None
    assert api.error_of(odd) is None
    assert not api.holds_answer(odd)


def test_what_tools_and_thinking_write_is_text_too() -> None:
    response = {
        "output": [
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "penso"}]},
            {"type": "function_call", "name": "buscar", "arguments": "{}"},
            {"type": "message", "content": [{"type": "output_text", "text": "oi"}, {"refusal": "não"}]},
        ]
    }
    assert [text for _, text in RESPONSES.texts_of(response)] == ["penso", "buscar", "{}", "oi", "não"]
    message = {
        "content": [
            {"type": "thinking", "thinking": "penso"},
            {"type": "text", "text": "oi"},
            {"type": "tool_use", "name": "buscar", "input": {"a": 1}},
        ]
    }
    assert [text for _, text in MESSAGES.texts_of(message)] == ["penso", "oi", "buscar", '{"a":1}']


def test_the_echoed_prompt_is_counted_out_once_per_answer() -> None:
    assert COMPLETIONS.prompt_echo_count({"prompt": "a", "echo": True, "n": 3, "best_of": 5}) == 3
    assert COMPLETIONS.prompt_echo_count({"prompt": "a", "echo": True}) == 1
    assert COMPLETIONS.prompt_echo_count({"prompt": "a", "n": 3}) == 0
