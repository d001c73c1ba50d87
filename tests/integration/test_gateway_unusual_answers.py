"""Failures under a status of success, texts and pictures without usage, streams that end without their mark (SPEC 3.3, 4)."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp
import orjson
import pytest
from tests.integration.gateway_room import GatewayRoom, User, running_gateway
from tests.integration.stand_in_provider import (
    DONE,
    ROUTES,
    STREAMED,
    TEXT,
    StandIn,
    answer_of,
    asked,
    chunk,
    event,
    message,
    stand_in,
    stream_of,
)

from solaris.gateway.api.output_text import TOKENS_PER_PICTURE
from solaris.gateway.estimate.tokenizer import Tokenizer

Json = dict[str, Any]
CHAT = "chat/completions"
VOCABULARY = "cl100k_base"
COUNTED = Tokenizer().count([TEXT], VOCABULARY)
_ENVELOPES: list[Json] = [
    {"choices": []},
    {"choices": [], "usage": {"prompt_tokens": 20, "completion_tokens": 0, "total_tokens": 20}},
    {"choices": [], "usage": {"total_tokens": 20}},
    {"choices": None, "base_resp": {"status_code": 1002, "status_msg": "rate limit"}},
    {"code": 500, "msg": "boom"},
    {"code": 503, "message": "busy", "data": None},
    {"detail": "Internal error"},
    {"detail": {"reason": "x"}},
    {"errors": [{"message": "boom"}]},
    {"error": {"message": "boom", "code": 500}},
    {"error": "boom"},
    {},
]
_IN_CHOICE: list[Json] = [
    {"error": {"code": 502, "message": "Provider returned error"}, "finish_reason": "error"},
    {"error": "boom", "finish_reason": None},
    {"finish_reason": "error"},
]


@pytest.fixture(scope="module")
async def provider() -> AsyncIterator[StandIn]:
    async with stand_in() as running:
        yield running


@pytest.fixture(scope="module")
async def room(module_database_url: str, provider: StandIn) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(module_database_url, provider.url) as running:
        await running.learns_no_hidden_output()
        yield running


async def call(
    room: GatewayRoom, user: User, route: str = CHAT, *, stream: bool = False, **more: Any
) -> tuple[aiohttp.ClientResponse, bytes]:
    body = asked(route, **({"stream": True} if stream else {}), **more)
    response = await room.http.post(f"{room.url}/v1/{route}", json=body, headers=user.headers)
    return response, await response.read()


def begun(room: GatewayRoom, user: User) -> Any:
    """A streamed chat call, up to its head."""
    return room.http.post(f"{room.url}/v1/{CHAT}", json=asked(CHAT, stream=True), headers=user.headers)


async def refused_free_of_charge(room: GatewayRoom, route: str, *, stream: bool = False) -> None:
    user = await room.user()
    response, raw = await call(room, user, route, stream=stream)
    balance = await room.settled(user)
    assert response.status in (502, 503, 504), raw
    assert "modelo" in orjson.loads(raw)["error"]["message"]
    assert await room.events(user) == []
    assert balance.wallet.used == 0


@pytest.mark.parametrize("envelope", _ENVELOPES, ids=str)
@pytest.mark.parametrize("route", ROUTES)
async def test_an_answer_that_holds_nothing_is_a_failed_call(
    room: GatewayRoom, provider: StandIn, route: str, envelope: Json
) -> None:
    provider.answer = orjson.dumps(envelope)
    await refused_free_of_charge(room, route)


@pytest.mark.parametrize("failed", _IN_CHOICE, ids=str)
@pytest.mark.parametrize("route", [CHAT, "completions"])
async def test_an_error_inside_the_choice_is_a_failed_call(
    room: GatewayRoom, provider: StandIn, route: str, failed: Json
) -> None:
    answer = answer_of(route)
    answer["choices"][0].update(failed)
    provider.answer = orjson.dumps(answer)
    await refused_free_of_charge(room, route)


@pytest.mark.parametrize("envelope", _ENVELOPES[3:], ids=str)
@pytest.mark.parametrize("route", STREAMED)
async def test_a_stream_that_begins_with_a_failure_is_one(
    room: GatewayRoom, provider: StandIn, route: str, envelope: Json
) -> None:
    provider.stream = [event(envelope), DONE]
    await refused_free_of_charge(room, route, stream=True)


@pytest.mark.parametrize("failed", _IN_CHOICE, ids=str)
@pytest.mark.parametrize("route", [CHAT, "completions"])
async def test_a_stream_whose_first_choice_is_an_error_is_a_failed_call(
    room: GatewayRoom, provider: StandIn, route: str, failed: Json
) -> None:
    provider.stream = [event({"choices": [{"index": 0, "delta": {"content": ""}, **failed}]}), DONE]
    await refused_free_of_charge(room, route, stream=True)


@pytest.mark.parametrize("failed", _IN_CHOICE, ids=str)
async def test_an_error_inside_a_choice_ends_a_stream_which_costs_what_came_before(
    room: GatewayRoom, provider: StandIn, failed: Json
) -> None:
    said, broken = event(chunk({"content": TEXT})), event({"choices": [{"index": 0, "delta": {}, **failed}]})
    provider.gate.clear()
    provider.stream = [said, b"", broken, DONE]
    user = await room.user()

    async with begun(room, user) as response:
        assert await response.content.readuntil(b"\n\n") == said
        provider.gate.set()
        raw = await response.read()

    charged = await room.only_event(user)
    assert "interrompida" in raw.decode()
    assert (charged["ending"], charged["output_tokens"], charged["estimated"]) == ("upstream_error", COUNTED, True)


@pytest.mark.parametrize("route", STREAMED)
@pytest.mark.parametrize("nothing", [[], [event({"choices": []})], [event({"id": "x", "choices": None})]])
async def test_a_stream_in_which_nothing_comes_costs_nothing_and_is_reported_as_failed(
    room: GatewayRoom, provider: StandIn, route: str, nothing: Sequence[bytes]
) -> None:
    provider.stream = [*nothing, DONE]
    user = await room.user()

    _, raw = await call(room, user, route, stream=True)

    balance = await room.settled(user)
    assert b"error" in raw
    assert (await room.events(user), balance.wallet.used) == ([], 0)


def silent(finish: str, **more: Any) -> tuple[Json, list[bytes]]:
    """An answer and a stream of chat completions without a word."""
    answer = message("", **more)
    answer["choices"][0]["finish_reason"] = finish
    usage = [event({"choices": [], **more})] if more else []
    return answer, [event(chunk({"role": "assistant", "content": ""})), event(chunk({}, finish)), *usage, DONE]


@pytest.mark.parametrize(
    "usage", [{}, {"usage": {"prompt_tokens": 20, "completion_tokens": 0, "total_tokens": 20}}], ids=str
)
@pytest.mark.parametrize("stream", [False, True])
async def test_an_answer_without_a_word_or_a_reason_for_it_is_a_failed_call_and_one_with_a_reason_is_none(
    room: GatewayRoom, provider: StandIn, stream: bool, usage: Json
) -> None:
    for finish, is_charged in (("stop", False), ("content_filter", True), ("length", True)):
        answer, provider.stream = silent(finish, **usage)
        provider.answer = orjson.dumps(answer)
        user = await room.user()
        response, raw = await call(room, user, stream=stream)
        balance = await room.settled(user)
        failed = response.status >= 500 or "interrompida" in raw.decode()
        assert (failed, balance.wallet.used > 0) == (not is_charged, is_charged)


async def test_an_answer_whose_tokens_all_went_into_thoughts_is_a_success(room: GatewayRoom, provider: StandIn) -> None:
    usage = {"prompt_tokens": 20, "completion_tokens": 300, "completion_tokens_details": {"reasoning_tokens": 300}}
    provider.answer = orjson.dumps(message("", usage=usage))
    provider.stream = [event(chunk({"content": ""}, "length")), event({"choices": [], "usage": usage}), DONE]
    for stream in (False, True):
        user = await room.user()
        response, _ = await call(room, user, stream=stream)
        charged = await room.only_event(user)
        assert (response.status, charged["tokens_charged"], charged["reasoning_tokens"]) == (200, 320, 300)
        assert (charged["ending"], charged["estimated"]) == ("complete", False)


@pytest.mark.parametrize("route", ROUTES)
async def test_an_envelope_that_reports_success_around_an_answer_is_no_failure(
    room: GatewayRoom, provider: StandIn, route: str
) -> None:
    success = {"code": 0, "msg": "success", "message": "ok", "base_resp": {"status_code": 0, "status_msg": ""}}
    usage = {"prompt_tokens": 20, "completion_tokens": 9}
    provider.answer = orjson.dumps({**success, **answer_of(route, usage=usage)})
    provider.stream = stream_of(route, usage=usage, **success)
    for stream in (False, True) if route in STREAMED else (False,):
        user = await room.user()
        response, _ = await call(room, user, route, stream=stream)
        assert response.status == 200
        assert (await room.only_event(user))["tokens_charged"] == 29


async def test_what_a_filter_says_before_the_answer_and_beside_it_is_no_failure(
    room: GatewayRoom, provider: StandIn
) -> None:
    # https://learn.microsoft.com/azure/ai-services/openai/concepts/content-streaming
    opening = {"id": "", "model": "", "choices": [], "prompt_filter_results": [{"content_filter_results": {}}]}
    provider.stream = [event(opening), *stream_of(CHAT, usage={"prompt_tokens": 20, "completion_tokens": 9})]
    user = await room.user()
    response, raw = await call(room, user, stream=True, stream_options={"include_usage": True})
    assert (response.status, raw) == (200, b"".join(provider.stream))
    assert (await room.only_event(user))["tokens_charged"] == 29


_WRITTEN: list[tuple[Json, list[str]]] = [
    # https://docs.mistral.ai/capabilities/reasoning
    (
        {
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": "Penso. "}]},
                {"type": "text", "text": TEXT},
            ]
        },
        ["Penso. ", TEXT],
    ),
    # https://platform.openai.com/docs/guides/function-calling#custom-tools
    (
        {
            "content": None,
            "tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "sql", "input": "SELECT 1 FROM t"}}],
        },
        ["sql", "SELECT 1 FROM t"],
    ),
    ({"tool_calls": [{"index": 0, "function": {"name": "buscar", "arguments": '{"q":1}'}}]}, ["buscar", '{"q":1}']),
    # https://platform.openai.com/docs/guides/audio
    ({"content": None, "audio": {"id": "a", "data": "", "transcript": TEXT}}, [TEXT]),
    ({"content": None, "refusal": TEXT}, [TEXT]),
    # LiteLLM repeats Anthropic's thinking, OpenRouter its reasoning.
    (
        {
            "content": "oi",
            "reasoning_content": TEXT,
            "thinking_blocks": [{"type": "thinking", "thinking": TEXT, "signature": "x" * 900}],
        },
        ["oi", TEXT],
    ),
    (
        {"content": "oi", "reasoning": TEXT, "reasoning_details": [{"type": "reasoning.text", "text": TEXT}]},
        ["oi", TEXT],
    ),
    ({"content": "oi", "thinking_blocks": [{"type": "thinking", "thinking": TEXT}]}, ["oi", TEXT]),
    ({"content": "oi", "reasoning_details": [{"type": "reasoning.summary", "summary": TEXT}]}, ["oi", TEXT]),
]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(("said", "texts"), _WRITTEN, ids=str)
async def test_what_a_model_writes_is_counted_in_every_shape_where_no_usage_comes(
    room: GatewayRoom, provider: StandIn, said: Json, texts: list[str], stream: bool
) -> None:
    provider.answer = orjson.dumps(message(said))
    provider.stream = [event(chunk({"role": "assistant", **said})), event(chunk({}, "stop")), DONE]
    user = await room.user()

    await call(room, user, stream=stream)

    charged = await room.only_event(user)
    assert charged["output_tokens"] == Tokenizer().count(["".join(texts)] if stream else texts, VOCABULARY)
    assert (charged["ending"], charged["estimated"]) == ("no_usage", True)


def picture(size_bytes: int) -> Json:
    """https://openrouter.ai/docs/features/multimodal/image-generation"""
    url = "data:image/png;base64," + "iVBORw0KGgo+/" * (size_bytes // 13)
    return {"content": "", "images": [{"type": "image_url", "image_url": {"url": url}}]}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("size_bytes", [300_000, 3_000_000])
@pytest.mark.parametrize("drawn", ["images", "markdown"])
async def test_a_picture_in_one_event_costs_what_its_usage_says_and_a_picture_where_none_comes(
    room: GatewayRoom, provider: StandIn, stream: bool, size_bytes: int, drawn: str
) -> None:
    said = picture(size_bytes)
    if drawn == "markdown":
        said = {"content": f"![]({said['images'][0]['image_url']['url']})"}
    usage = {"prompt_tokens": 20, "completion_tokens": 1290, "total_tokens": 1310}
    for usage_fields, outcome in (({"usage": usage}, (1290, False)), ({}, (TOKENS_PER_PICTURE, True))):
        provider.answer = orjson.dumps(message(said, **usage_fields))
        # The event comes in pieces that end anywhere, and the next event with its last one.
        whole = event(chunk({"role": "assistant", **said}, "stop", **usage_fields)) + DONE
        provider.stream = [whole[place : place + 65_537] for place in range(0, len(whole), 65_537)]
        user = await room.user()

        response, raw = await call(room, user, stream=stream)

        charged = await room.only_event(user)
        assert response.status == 200
        assert raw == (whole if stream else provider.answer)
        near = range(outcome[0], outcome[0] + 4)
        assert charged["output_tokens"] in near
        assert charged["estimated"] is outcome[1]
        assert (charged["tokens_charged"] == 1310) is not outcome[1]


async def test_the_last_event_of_a_response_with_pictures_of_many_megabytes_ends_it(
    room: GatewayRoom, provider: StandIn
) -> None:
    drawn = {"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": "iVBORw0KGgo+" * 1_500_000}
    usage = {"input_tokens": 20, "output_tokens": 1290, "total_tokens": 1310}
    last = event({"type": "response.completed", "response": {**answer_of("responses", usage=usage), "output": [drawn]}})
    whole = event({"type": "response.created", "response": {"usage": None}}) + last
    provider.stream = [whole[place : place + 1_000_003] for place in range(0, len(whole), 1_000_003)]
    user = await room.user()

    response, raw = await call(room, user, "responses", stream=True)

    charged = await room.only_event(user)
    assert (response.status, raw == whole) == (200, True)
    assert (charged["tokens_charged"], charged["ending"], charged["estimated"]) == (1310, "complete", False)


@pytest.mark.parametrize("route", [CHAT, "completions", "messages"])
async def test_a_complete_answer_without_its_last_mark_is_complete(
    room: GatewayRoom, provider: StandIn, route: str
) -> None:
    provider.stream = stream_of(route)[:-1]
    user = await room.user()

    response, raw = await call(room, user, route, stream=True)

    charged = await room.only_event(user)
    assert (response.status, raw) == (200, b"".join(provider.stream))
    assert (charged["ending"], charged["output_tokens"], charged["estimated"]) == ("no_usage", COUNTED, True)
    assert room.logged_of(user, "model_stream_broken") == []


async def test_a_stream_in_which_one_of_two_answers_is_not_complete_has_broken_off(
    room: GatewayRoom, provider: StandIn
) -> None:
    both = [chunk({"content": TEXT}), chunk({"content": TEXT}, index=1), chunk({}, "stop", index=1)]
    for events, ending in ((both, "upstream_error"), ([*both, chunk({}, "stop")], "no_usage")):
        provider.stream = [*map(event, events)]
        user = await room.user()
        _, raw = await call(room, user, stream=True)
        charged = await room.only_event(user)
        assert (charged["ending"], charged["output_tokens"]) == (ending, 2 * COUNTED)
        assert (b"interrompida" in raw) is (ending == "upstream_error")


async def test_a_caller_who_leaves_pays_for_texts_in_every_shape(room: GatewayRoom, provider: StandIn) -> None:
    said = {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": TEXT * 20}]}]}
    provider.gate.clear()
    provider.stream = [event(chunk(said)), b"", DONE]
    user = await room.user()

    async with begun(room, user) as response:
        await response.content.readuntil(b"\n\n")
        response.close()

    # The stream is read on until the provider ends it, without usage.
    provider.gate.set()
    charged = await room.only_event(user)
    assert charged["ending"] in ("client_gone", "no_usage")
    assert charged["output_tokens"] >= Tokenizer().count([TEXT * 20], VOCABULARY)


@pytest.mark.parametrize("stream", [False, True])
async def test_a_usage_that_is_no_number_is_no_failure_of_the_answer(
    room: GatewayRoom, provider: StandIn, stream: bool
) -> None:
    usage = b'"usage":{"prompt_tokens":NaN,"completion_tokens":Infinity}'
    provider.answer = orjson.dumps(message({"content": TEXT}))[:-1] + b"," + usage + b"}"
    said = event(chunk({"role": "assistant", "content": TEXT}, "stop")).rstrip()
    provider.stream = [said[:-1] + b"," + usage + b"}\n\n", DONE]
    user = await room.user()

    response, _ = await call(room, user, stream=stream)

    charged = await room.only_event(user)
    assert response.status == 200
    assert (charged["output_tokens"], charged["estimated"], charged["ending"]) == (COUNTED, True, "no_usage")
