"""Every known shape of usage, on every route where it can arrive, streamed and not: charged once, and all of it (SPEC 4)."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import orjson
import pytest
from tests.integration.gateway_room import GatewayRoom, running_gateway
from tests.integration.stand_in_provider import ROUTES, STREAMED, StandIn, answer_of, asked, placed, stand_in, stream_of

from solaris.domain.tokens import TokenCounts
from solaris.gateway.api.usage_shapes import PLACES, SHAPES

_WAYS = [(route, stream) for route in ROUTES for stream in (False, True) if route in STREAMED or not stream]
_EXAMPLES = [
    pytest.param(usage, counts, id=f"{shape.api} {number}")
    for shape in SHAPES
    for number, (usage, counts) in enumerate(shape.examples)
]
_PLACES = [pytest.param(place.path, id=".".join(place.path) or "beside") for place in PLACES]
# The shape that stands in a place by itself, where it is not OpenAI's.
_OLLAMA = {"prompt_eval_count": 20, "eval_count": 9}


@pytest.fixture(scope="module")
async def provider() -> AsyncIterator[StandIn]:
    async with stand_in() as running:
        yield running


@pytest.fixture(scope="module")
async def room(module_database_url: str, provider: StandIn) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(module_database_url, provider.url) as running:
        await running.learns_no_hidden_output()
        yield running


async def charged(
    room: GatewayRoom, provider: StandIn, route: str, stream: bool, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """The one event of a call that is answered with these fields."""
    user = await room.user(2_000_000)
    provider.answer = orjson.dumps(answer_with(route, fields))
    provider.stream = stream_of(route, **fields)
    body = asked(route, **({"stream": True} if stream else {}))
    response = await room.http.post(f"{room.url}/v1/{route}", json=body, headers=user.headers)
    raw = await response.read()
    assert response.status == 200, raw
    assert b"event: error" not in raw
    return await room.only_event(user)


def answer_with(route: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    answer = answer_of(route)
    if "choices" in fields and "choices" in answer:
        answer["choices"][0].update(fields["choices"][0])
        return answer
    return {**answer, **fields}


def counts_in(event: Mapping[str, Any]) -> TokenCounts:
    return TokenCounts(
        event["input_tokens"], event["cached_input_tokens"], event["output_tokens"], event["reasoning_tokens"]
    )


@pytest.mark.parametrize(("usage", "counts"), _EXAMPLES)
@pytest.mark.parametrize(("route", "stream"), _WAYS)
async def test_every_known_shape_costs_what_the_provider_billed_on_every_route_streamed_and_not(
    room: GatewayRoom, provider: StandIn, route: str, stream: bool, usage: Mapping[str, Any], counts: TokenCounts
) -> None:
    event = await charged(room, provider, route, stream, {"usage": usage})

    assert counts_in(event) == counts
    assert event["tokens_charged"] == counts.input + counts.output
    assert (event["ending"], event["estimated"]) == ("complete", False)


@pytest.mark.parametrize("path", _PLACES)
@pytest.mark.parametrize(("route", "stream"), _WAYS)
async def test_usage_is_found_wherever_a_known_provider_puts_it(
    room: GatewayRoom, provider: StandIn, route: str, stream: bool, path: tuple[str, ...]
) -> None:
    if path[:1] == ("choices",) and "completions" not in route:
        path = ("usage",)
    usage = {"prompt_tokens": 20, "completion_tokens": 9, "total_tokens": 29} if path else _OLLAMA

    event = await charged(room, provider, route, stream, placed(path, usage))

    assert counts_in(event) == TokenCounts(20, 0, 9, 0)
    assert (event["tokens_charged"], event["ending"], event["estimated"]) == (29, "complete", False)


@pytest.mark.parametrize(
    "usage", [{"total_tokens": 7}, {"prompt_tokens": 7}, {"input_tokens": 7}, {"prompt_tokens": 7, "total_tokens": 7}]
)
async def test_an_embedding_costs_the_total_where_the_total_comes_alone(
    room: GatewayRoom, provider: StandIn, usage: dict[str, int]
) -> None:
    event = await charged(room, provider, "embeddings", False, {"usage": usage})
    assert (event["tokens_charged"], event["estimated"], event["ending"]) == (7, False, "complete")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", STREAMED)
async def test_a_count_of_zero_that_can_not_be_true_is_estimated_and_marked(
    room: GatewayRoom, provider: StandIn, route: str, stream: bool
) -> None:
    no_usage = await charged(room, provider, route, stream, {})
    no_prompt = await charged(room, provider, route, stream, {"usage": {"prompt_tokens": 0, "completion_tokens": 7}})
    no_output = await charged(room, provider, route, stream, {"usage": {"prompt_tokens": 20, "completion_tokens": 0}})
    no_name = await charged(room, provider, route, stream, {"usage": {"completion_tokens": 7}})

    assert no_usage["output_tokens"] > 3
    assert counts_in(no_prompt) == counts_in(no_name) == TokenCounts(no_usage["input_tokens"], 0, 7, 0)
    assert counts_in(no_output) == TokenCounts(20, 0, no_usage["output_tokens"], 0)
    assert [one["estimated"] for one in (no_usage, no_prompt, no_output, no_name)] == [True] * 4
    assert [one["ending"] for one in (no_usage, no_prompt, no_output)] == ["no_usage", "complete", "complete"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", STREAMED)
async def test_figures_that_can_not_be_believed_are_replaced_by_an_estimate(
    room: GatewayRoom, provider: StandIn, route: str, stream: bool
) -> None:
    plain = await charged(room, provider, route, stream, {})
    for usage in ({"prompt_tokens": -5, "completion_tokens": 3}, {"prompt_tokens": "5"}, {"output_tokens": 10**12}):
        event = await charged(room, provider, route, stream, {"usage": usage})
        assert counts_in(event) == counts_in(plain)
        assert (event["estimated"], event["ending"]) == (True, "no_usage")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("route", STREAMED)
async def test_a_total_that_comes_alone_is_charged_and_its_parts_are_estimated(
    room: GatewayRoom, provider: StandIn, route: str, stream: bool
) -> None:
    plain = await charged(room, provider, route, stream, {})
    event = await charged(room, provider, route, stream, {"usage": {"total_tokens": 623}})
    assert counts_in(event) == TokenCounts(plain["input_tokens"], 0, 623 - plain["input_tokens"], 0)
    assert (event["tokens_charged"], event["estimated"]) == (623, True)
