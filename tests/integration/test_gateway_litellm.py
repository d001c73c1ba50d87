"""The gateway in front of the real LiteLLM, driven by the official `openai` package."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from openai import APIError, APIStatusError, AsyncOpenAI
from tests.integration.gateway_room import GatewayRoom, User, running_gateway

from solaris.local.simulator import ModelSimulator


@pytest.fixture
async def room(database_url: str, litellm_url: str, litellm_api_key: str) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(
        database_url, litellm_url, litellm_api_key=litellm_api_key, solaris_read_on_seconds=0.5
    ) as running:
        yield running


def _openai(room: GatewayRoom, user: User) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=room.url + "/v1", api_key=user.key, max_retries=0)


async def test_the_official_client_chats_and_the_balance_goes_down_by_the_usage(room: GatewayRoom) -> None:
    user = await room.user()
    async with _openai(room, user) as client:
        answer = await client.chat.completions.create(
            model="gpt-4", messages=[{"role": "user", "content": "Olá [[sim output_tokens=25]]"}]
        )
        names = [model.id async for model in client.models.list()]
    event = await room.only_event(user)
    assert answer.usage is not None
    assert event["tokens_charged"] == answer.usage.total_tokens
    assert (event["ending"], event["estimated"]) == ("complete", False)
    assert event["cost_usd"] is not None
    assert {"gpt-4", "claude-3"} <= set(names)


@pytest.mark.parametrize("model", ["gpt-4", "claude"])
async def test_the_official_client_streams_and_the_providers_usage_is_charged(room: GatewayRoom, model: str) -> None:
    user = await room.user()
    async with _openai(room, user) as client:
        stream = await client.chat.completions.create(
            model=model, stream=True, messages=[{"role": "user", "content": "Olá [[sim output_tokens=25]]"}]
        )
        chunks = [chunk async for chunk in stream]
    event = await room.only_event(user)
    assert "simulador" in "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert all(chunk.usage is None for chunk in chunks)
    assert (event["ending"], event["estimated"], event["output_tokens"]) == ("complete", False, 25)


async def test_a_caller_who_leaves_stops_the_model_behind_litellm(room: GatewayRoom, simulator: ModelSimulator) -> None:
    user = await room.user()
    response = await room.chat(user, "Olá [[sim output_tokens=500 chunk_delay_seconds=0.05]]", stream=True)
    for _ in range(5):
        await response.content.readuntil(b"\n\n")
    response.close()
    event = await room.only_event(user)
    assert (event["ending"], event["estimated"]) == ("client_gone", True)
    for _ in range(750):  # 15 of the answer's 25 seconds
        if simulator.calls.last.outcome != "running":
            break
        await asyncio.sleep(0.02)
    assert simulator.calls.last.outcome == "aborted"


async def test_a_provider_that_breaks_off_in_mid_stream_is_told_and_charged_by_what_was_delivered(
    room: GatewayRoom,
) -> None:
    user = await room.user()
    async with _openai(room, user) as client:
        stream = await client.chat.completions.create(
            model="gpt-4",
            stream=True,
            messages=[
                {
                    "role": "user",
                    "content": "Olá [[sim output_tokens=60 fail_after_chunks=20 chunk_delay_seconds=0.03]]",
                }
            ],
        )
        with pytest.raises(Exception, match="interrompida"):
            _ = [chunk async for chunk in stream]
    event = await room.only_event(user)
    assert event["ending"] == "upstream_error"
    assert event["output_tokens"] > 0


async def test_what_the_provider_refuses_is_told_in_our_shape(room: GatewayRoom) -> None:
    user = await room.user()
    async with _openai(room, user) as client:
        with pytest.raises(APIStatusError) as refusal:
            await client.chat.completions.create(
                model="gpt-4", messages=[{"role": "user", "content": "Olá [[sim error=400]]"}]
            )
    assert refusal.value.status_code == 400
    assert "O modelo recusou a requisição: [simulador] erro 400 pedido" in str(refusal.value)
    assert "litellm" not in str(refusal.value).lower()
    assert (await room.settled(user)).wallet.used == 0


async def test_a_wrong_key_for_litellm_is_our_fault_and_the_log_names_the_cure(
    database_url: str, litellm_url: str
) -> None:
    async with running_gateway(database_url, litellm_url, litellm_api_key="sk-wrong") as room:
        response = await room.chat(await room.user())
        assert response.status == 503
        line = room.logged("model_service_refuses_us")[0]
        assert "LITELLM_API_KEY" in line["details"]["cure"]


async def test_the_official_client_completes_texts_and_is_charged_by_the_usage(room: GatewayRoom) -> None:
    whole, streamed = await room.user(), await room.user()
    async with _openai(room, whole) as client:
        answer = await client.completions.create(
            model="gpt-4", prompt="Olá [[sim output_tokens=25]]", max_tokens=100, n=2
        )
    async with _openai(room, streamed) as client:
        stream = await client.completions.create(
            model="gpt-4", prompt="Olá [[sim output_tokens=25]]", max_tokens=100, stream=True
        )
        chunks = [chunk async for chunk in stream]
    first, second = await room.only_event(whole), await room.only_event(streamed)
    assert answer.usage is not None
    assert (first["tokens_charged"], first["output_tokens"]) == (answer.usage.total_tokens, 50)
    assert "simulador" in "".join(chunk.choices[0].text or "" for chunk in chunks)
    assert (second["ending"], second["estimated"], second["output_tokens"]) == ("complete", False, 25)
    assert second["input_tokens"] == first["input_tokens"]


async def test_the_official_client_has_responses_and_is_charged_by_the_usage(room: GatewayRoom) -> None:
    whole, streamed = await room.user(), await room.user()
    question = "Olá [[sim output_tokens=25 cached_tokens=6 reasoning_tokens=9]]"
    async with _openai(room, whole) as client:
        answer = await client.responses.create(model="gpt-4", input=question)
    async with _openai(room, streamed) as client:
        stream = await client.responses.create(model="gpt-4", input=question, stream=True)
        events = [event async for event in stream]
    for event in (await room.only_event(whole), await room.only_event(streamed)):
        assert answer.usage is not None
        assert event["tokens_charged"] == answer.usage.total_tokens
        assert (event["cached_input_tokens"], event["output_tokens"], event["reasoning_tokens"]) == (6, 34, 9)
        assert (event["ending"], event["estimated"]) == ("complete", False)
    assert answer.output_text.startswith("[simulador]")
    assert events[-1].type == "response.completed"


async def test_the_official_client_embeds_texts_and_is_charged_by_the_usage(room: GatewayRoom) -> None:
    user = await room.user(10_000)
    async with _openai(room, user) as client:
        vectors = await client.embeddings.create(model="text-embedding-3-small", input=["um", "dois"], dimensions=8)
    event = await room.only_event(user)
    assert [len(one.embedding) for one in vectors.data] == [8, 8]
    assert (event["tokens_charged"], event["output_tokens"]) == (vectors.usage.total_tokens, 0)
    assert (await room.settled(user)).wallet.remaining == 10_000 - vectors.usage.total_tokens


@pytest.mark.parametrize("stream", [True, False])
async def test_anthropics_messages_are_charged_by_what_the_provider_counted_behind_litellm(
    room: GatewayRoom, stream: bool
) -> None:
    user, plain = await room.user(), await room.user()
    question = "Olá [[sim output_tokens=25 cached_tokens=6]]"
    body = {
        "model": "claude-3",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": question}],
        "stream": stream,
    }

    response = await room.http.post(room.url + "/v1/messages", json=body, headers={"x-api-key": user.key})

    raw = await response.read()
    # The same question by the other route tells the whole input, cached tokens included.
    await (await room.chat(plain, question, model="claude-3")).read()
    event, other = await room.only_event(user), await room.only_event(plain)
    assert response.status == 200
    assert (event["ending"], event["estimated"]) == ("complete", False)
    for column in ("input_tokens", "cached_input_tokens", "output_tokens", "tokens_charged"):
        assert event[column] == other[column]
    assert raw.rstrip().endswith(b'"message_stop"}') is stream
    assert b"simulador" in raw


@pytest.mark.parametrize("route", ["completions", "responses", "messages"])
async def test_on_every_route_a_caller_who_leaves_stops_the_model_behind_litellm(
    room: GatewayRoom, simulator: ModelSimulator, route: str
) -> None:
    user = await room.user()
    question = "Olá [[sim output_tokens=500 chunk_delay_seconds=0.05]]"

    response = await room.http.post(
        f"{room.url}/v1/{route}", json=_asked(route, question, stream=True), headers=user.headers
    )
    for _ in range(12):
        await response.content.readuntil(b"\n\n")
    response.close()

    event = await room.only_event(user)
    assert (event["ending"], event["estimated"]) == ("client_gone", True)
    assert 0 < event["output_tokens"] < 400
    for _ in range(750):  # 15 of the answer's 25 seconds
        if simulator.calls.last.outcome != "running":
            break
        await asyncio.sleep(0.02)
    assert simulator.calls.last.outcome == "aborted"


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("route", ["completions", "responses", "messages"])
async def test_on_every_route_what_the_provider_refuses_costs_nothing_and_is_told_in_our_shape(
    room: GatewayRoom, route: str, stream: bool
) -> None:
    user = await room.user()
    question = "Olá [[sim error=400]]"

    response = await room.http.post(
        f"{room.url}/v1/{route}", json=_asked(route, question, stream=stream), headers=user.headers
    )

    error = (await response.json())["error"]
    assert response.status == 400
    assert error["message"].startswith("O modelo recusou a requisição: [simulador] erro 400 pedido")
    assert (await room.settled(user)).wallet.used == 0


def _asked(route: str, question: str, *, stream: bool) -> dict[str, Any]:
    said: dict[str, dict[str, Any]] = {
        "completions": {"prompt": question, "max_tokens": 600},
        "responses": {"input": question},
        "messages": {"messages": [{"role": "user", "content": question}], "max_tokens": 600},
    }
    return {"model": "gpt-4", "stream": stream, **said[route]}


@pytest.mark.parametrize("route", ["completions", "responses", "messages"])
async def test_on_every_route_a_provider_that_breaks_off_in_mid_stream_is_charged_by_what_was_delivered(
    room: GatewayRoom, route: str
) -> None:
    user = await room.user()
    question = "Olá [[sim output_tokens=60 fail_after_chunks=20 chunk_delay_seconds=0.03]]"

    response = await room.http.post(
        f"{room.url}/v1/{route}", json=_asked(route, question, stream=True), headers=user.headers
    )

    raw = await response.text()
    event = await room.only_event(user)
    assert "interrompida" in raw
    assert event["ending"] == "upstream_error"
    assert 0 < event["output_tokens"] < 60


async def test_the_official_client_raises_our_sentence_where_a_stream_of_responses_breaks_off(
    room: GatewayRoom,
) -> None:
    user = await room.user()
    question = "Olá [[sim output_tokens=60 fail_after_chunks=20 chunk_delay_seconds=0.03]]"
    async with _openai(room, user) as client:
        stream = await client.responses.create(model="gpt-4", input=question, stream=True)
        with pytest.raises(APIError, match="interrompida"):
            _ = [event async for event in stream]
    await room.settled(user)
