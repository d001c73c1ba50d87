"""Every metered route, streaming and not: charged once by what its provider counted, in its own shape (SPEC 3, 4, 6)."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson
import pytest
from tests.integration.gateway_room import GatewayRoom, User, running_gateway

from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.front_ends import FrontEnds, NewFrontEnd
from solaris.auth.principal import BlockStyle
from solaris.gateway.api.sse import events, object_of
from solaris.local.simulator import ModelSimulator

Json = dict[str, Any]

STREAMABLE = ("completions", "responses", "messages")
ALL = (*STREAMABLE, "embeddings")


def asked(route: str, text: str, **more: Any) -> Json:
    """A request of that route that asks `text`."""
    messages = [{"role": "user", "content": text}]
    bodies: dict[str, Json] = {
        "completions": {"model": "gpt-4", "prompt": text, "max_tokens": 300},
        "responses": {"model": "gpt-4", "input": text},
        "messages": {"model": "claude-3-sonnet-20240229", "messages": messages, "max_tokens": 300},
        "embeddings": {"model": "text-embedding-3-small", "input": text, "dimensions": 8},
    }
    return {**bodies[route], **more}


@pytest.fixture(scope="module")
async def room(module_database_url: str, running_simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    # A busy machine may need long for the rest of a stream whose caller has left.
    async with running_gateway(module_database_url, running_simulator.url, solaris_read_on_seconds=60) as running:
        await running.learns_no_hidden_output()
        yield running


async def post(room: GatewayRoom, user: User, route: str, body: Json, prefix: str = "/v1") -> aiohttp.ClientResponse:
    return await room.http.post(f"{room.url}{prefix}/{route}", json=body, headers=user.headers)


def last_events(raw: bytes) -> list[Json]:
    return [value for value in map(object_of, events(raw)) if value is not None]


@pytest.mark.parametrize("prefix", ["/v1", ""])
@pytest.mark.parametrize("route", STREAMABLE)
async def test_an_answer_costs_what_the_provider_counted_and_nothing_twice(
    room: GatewayRoom, route: str, prefix: str
) -> None:
    user = await room.user(100_000)
    body = asked(route, "Olá [[sim output_tokens=40 cached_tokens=5 reasoning_tokens=7]]", campo_novo={"a": [1]})

    response = await post(room, user, route, body, prefix)

    usage = (await response.json())["usage"]
    event = await room.only_event(user)
    told = sum(value for key, value in usage.items() if isinstance(value, int) and key != "total_tokens")
    assert response.status == 200
    assert event["tokens_charged"] == told == int(response.headers["X-Solaris-Tokens-Charged"])
    assert (event["cached_input_tokens"], event["output_tokens"]) == (5, 47)
    assert event["reasoning_tokens"] == (0 if route == "messages" else 7)
    assert (event["ending"], event["estimated"], event["route"]) == ("complete", False, f"/v1/{route}")
    assert (await room.settled(user)).wallet.remaining == 100_000 - told


@pytest.mark.parametrize("route", STREAMABLE)
async def test_a_stream_costs_the_same_and_ends_as_its_api_ends(
    room: GatewayRoom, simulator: ModelSimulator, route: str
) -> None:
    user, other = await room.user(), await room.user()
    body = asked(route, "Olá [[sim output_tokens=40 cached_tokens=5 reasoning_tokens=7]]")

    streamed = await post(room, user, route, {**body, "stream": True})

    raw = await streamed.read()
    await (await post(room, other, route, body)).read()
    event, whole = await room.only_event(user), await room.only_event(other)
    assert [event[key] for key in ("tokens_charged", "input_tokens", "cached_input_tokens", "reasoning_tokens")] == [
        whole[key] for key in ("tokens_charged", "input_tokens", "cached_input_tokens", "reasoning_tokens")
    ]
    assert (event["ending"], event["estimated"]) == ("complete", False)
    if route == "completions":
        assert raw.endswith(b"data: [DONE]\n\n")
        assert b'"usage"' not in raw
    else:
        assert last_events(raw)[-1]["type"] == {"responses": "response.completed", "messages": "message_stop"}[route]
        assert b"[DONE]" not in raw


@pytest.mark.parametrize("route", STREAMABLE)
async def test_the_balance_after_the_last_event_is_the_one_after_the_charge(room: GatewayRoom, route: str) -> None:
    user = await room.user(100_000)

    async with await post(room, user, route, asked(route, "Olá [[sim output_tokens=9]]", stream=True)) as response:
        await response.read()
        balance = await room.ledger.balance(user.user_id)

    assert balance.wallet.held == 0
    assert balance.wallet.used == (await room.only_event(user))["tokens_charged"] > 9


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("route", STREAMABLE)
async def test_without_usage_the_text_is_counted_and_the_event_says_estimated(
    room: GatewayRoom, route: str, stream: bool
) -> None:
    user = await room.user()

    response = await post(
        room, user, route, asked(route, "Olá [[sim output_tokens=30 no_usage=1]]", stream=stream, model="gpt-4o")
    )

    await response.read()
    event = await room.only_event(user)
    assert (event["ending"], event["estimated"]) == ("no_usage", True)
    assert abs(event["output_tokens"] - 30) <= 1
    assert event["input_tokens"] > 0


@pytest.mark.parametrize("route", STREAMABLE)
async def test_a_caller_who_leaves_pays_what_the_provider_counted(room: GatewayRoom, route: str) -> None:
    user = await room.user()
    body = asked(route, "Olá [[sim output_tokens=300 chunk_delay_seconds=0.01]]", stream=True)

    response = await post(room, user, route, body)
    raw = b""
    while raw.count(b"\n\n") < 15:
        raw += await response.content.readany()
    response.close()

    event = await room.only_event(user)
    assert (event["ending"], event["estimated"], event["output_tokens"]) == ("client_gone", False, 300)
    assert event["input_tokens"] > 0


@pytest.mark.parametrize("route", STREAMABLE)
async def test_a_stream_that_breaks_off_says_so_in_its_apis_words_and_costs_what_was_delivered(
    room: GatewayRoom, route: str
) -> None:
    user = await room.user()
    body = asked(route, "Olá [[sim output_tokens=60 fail_after_chunks=20 chunk_delay_seconds=0.002]]", stream=True)

    raw = await (await post(room, user, route, body)).read()

    event = await room.only_event(user)
    last = last_events(raw)[-1]
    assert "interrompida" in last["error"]["message"]
    assert last.get("type") == (None if route == "completions" else "error")
    assert event["ending"] == "upstream_error"
    assert 10 <= event["output_tokens"] < 60


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("route", ALL)
async def test_a_failed_call_costs_nothing_and_is_told_in_our_shape(
    room: GatewayRoom, route: str, stream: bool
) -> None:
    user = await room.user()
    # Embeddings take no directive.
    wrong: Json = {"dimensions": 99_999} if route == "embeddings" else {"stream": stream}

    response = await post(room, user, route, asked(route, "Olá [[sim error=400]]", **wrong))

    error = (await response.json())["error"]
    assert response.status == 400
    assert error["message"].startswith("O modelo recusou a requisição: ")
    assert set(error) == {"message", "type", "code", "param", "trace_id"}
    assert (await room.settled(user)).wallet.used == 0


async def test_embeddings_cost_their_input_alone(room: GatewayRoom, simulator: ModelSimulator) -> None:
    user = await room.user(1_000)

    response = await post(room, user, "embeddings", asked("embeddings", "x", input=["um texto", "outro texto"]))

    answer = await response.json()
    event = await room.only_event(user)
    assert len(answer["data"]) == 2
    assert (event["tokens_charged"], event["output_tokens"]) == (answer["usage"]["total_tokens"], 0)
    assert (await room.settled(user)).wallet.remaining == 1_000 - event["tokens_charged"]


async def test_every_prompt_and_every_choice_of_a_completion_is_charged(
    room: GatewayRoom, simulator: ModelSimulator
) -> None:
    user = await room.user()
    body = asked("completions", "x", prompt=["um [[sim output_tokens=9]]", "dois [[sim output_tokens=9]]"], n=2)

    answer = await (await post(room, user, "completions", body)).json()

    event = await room.only_event(user)
    assert len(answer["choices"]) == 4
    assert event["output_tokens"] == 36
    assert event["tokens_charged"] == answer["usage"]["total_tokens"]


@pytest.mark.parametrize(
    ("route", "field"), [("completions", "max_tokens"), ("responses", "max_output_tokens"), ("messages", "max_tokens")]
)
async def test_the_output_limit_is_lowered_to_what_is_left(
    room: GatewayRoom, simulator: ModelSimulator, route: str, field: str
) -> None:
    user = await room.user(70)

    response = await post(room, user, route, asked(route, "Conte [[sim output_tokens=500]]", **{field: 400}))

    sent = simulator.calls.last.body
    assert response.status == 200
    assert isinstance(sent, dict)
    assert 16 <= sent[field] < 70
    assert (await room.settled(user)).wallet.remaining >= 0
    assert (await room.only_event(user))["overage"] == 0


@pytest.mark.parametrize("route", ALL)
async def test_identity_is_overwritten_and_unknown_fields_pass_unchanged(
    room: GatewayRoom, simulator: ModelSimulator, route: str
) -> None:
    user = await room.user()
    unknown = {"campo_novo": {"a": [1, "ç", None]}}

    await post(room, user, route, asked(route, "Olá", user="eve", metadata={"user_id": "eve", "a": "b"}, **unknown))

    sent = simulator.calls.last.body
    assert isinstance(sent, dict)
    assert sent["campo_novo"] == unknown["campo_novo"]
    assert sent["metadata"] == {"user_id": str(user.user_id), "a": "b"}
    assert sent.get("user") == (None if route == "messages" else str(user.user_id))
    await room.settled(user)


async def test_anthropics_clients_send_their_key_in_their_own_header(room: GatewayRoom) -> None:
    user = await room.user()
    response = await room.http.post(
        room.url + "/v1/messages",
        json=asked("messages", "Olá"),
        headers={"x-api-key": user.key, "anthropic-version": "2023-06-01"},
    )
    assert response.status == 200
    await room.only_event(user)


async def test_a_history_that_the_provider_keeps_has_its_place_in_the_hold_and_costs_what_the_provider_counts(
    room: GatewayRoom,
) -> None:
    poor, rich = await room.user(500), await room.user(50_000)
    body = asked("responses", "Olá [[sim output_tokens=20]]", previous_response_id="resp_1")

    refused, answered = await post(room, poor, "responses", body), await post(room, rich, "responses", body)

    assert (refused.status, answered.status) == (402, 200)
    usage = (await answered.json())["usage"]
    assert (await room.only_event(rich))["tokens_charged"] == usage["total_tokens"]


async def test_what_would_be_fetched_later_is_not_offered(room: GatewayRoom) -> None:
    user = await room.user()
    response = await post(room, user, "responses", asked("responses", "Olá", background=True))
    error = (await response.json())["error"]
    assert (response.status, error["param"]) == (400, "background")
    for method, path in (("GET", "/v1/responses/resp_1"), ("DELETE", "/v1/responses/resp_1")):
        answer = await room.http.request(method, room.url + path, headers=user.headers)
        assert answer.status == 404
        assert (await answer.json())["error"]["trace_id"]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("route", ALL)
async def test_a_front_end_may_have_the_notice_in_the_shape_of_each_api(
    room: GatewayRoom, route: str, stream: bool
) -> None:
    named = NewFrontEnd(name=f"{route}-{stream}", block_style=BlockStyle.ASSISTANT_MESSAGE)
    created = await FrontEnds(room.database, CacheInvalidation()).create(named)
    headers = {"Authorization": f"Bearer {created.key}", "X-LibreChat-User-Id": "u", "X-LibreChat-User-Email": "a@b.br"}
    await room.database.execute("UPDATE plans SET monthly_tokens = 0 WHERE plan_type = 'basico'")

    response = await room.http.post(f"{room.url}/v1/{route}", json=asked(route, "Olá", stream=stream), headers=headers)

    raw = await response.read()
    await room.database.execute("UPDATE plans SET monthly_tokens = 250000 WHERE plan_type = 'basico'")
    assert response.headers["X-Solaris-State"] == "blocked"
    if route == "embeddings":
        assert (response.status, orjson.loads(raw)["error"]["code"]) == (402, "monthly_quota_exceeded")
        return
    assert response.status == 200
    assert "Sua conta não tem franquia de tokens neste mês e está sem créditos." in raw.decode()
    if stream:
        last = last_events(raw)[-1]
        assert (last.get("type") or last["object"]) in {"response.completed", "message_stop", "text_completion"}
    else:
        kinds = {"completions": "text_completion", "responses": "response", "messages": "message"}
        answer = orjson.loads(raw)
        assert (answer.get("object") or answer["type"]) == kinds[route]


async def test_a_body_that_is_nested_too_deep_is_refused_and_costs_nothing(room: GatewayRoom) -> None:
    user = await room.user()
    deep: Any = "x"
    for _ in range(300):
        deep = [deep]
    response = await post(room, user, "responses", asked("responses", "Olá", campo_novo=deep))
    assert response.status == 400
    assert "aninhados" in (await response.json())["error"]["message"]
    assert (await room.settled(user)).wallet.used == 0


async def test_openapi_documents_every_route_with_and_without_the_prefix(room: GatewayRoom) -> None:
    paths = (await (await room.http.get(room.url + "/openapi.json")).json())["paths"]
    for route in (*ALL, "chat/completions"):
        for path in (f"/v1/{route}", f"/{route}"):
            told = paths[path]["post"]
            assert told["summary"]
            assert told["requestBody"]["content"]["application/json"]["schema"]["additionalProperties"] is True
            assert ("text/event-stream" in told["responses"]["200"]["content"]) is (route != "embeddings")
