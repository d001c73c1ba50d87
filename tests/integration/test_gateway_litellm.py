"""The gateway in front of the real LiteLLM, driven by the official `openai` package."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from openai import APIStatusError, AsyncOpenAI
from tests.integration.gateway_room import GatewayRoom, Person, running_gateway

from solaris.local.simulator import ModelSimulator


@pytest.fixture
async def room(database_url: str, litellm_url: str, litellm_api_key: str) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(database_url, litellm_url, litellm_api_key=litellm_api_key) as running:
        yield running


def _openai(room: GatewayRoom, person: Person) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=room.url + "/v1", api_key=person.key, max_retries=0)


async def test_the_official_client_chats_and_the_balance_goes_down_by_the_usage(room: GatewayRoom) -> None:
    person = await room.person()
    async with _openai(room, person) as client:
        answer = await client.chat.completions.create(
            model="gpt-4", messages=[{"role": "user", "content": "Olá [[sim output_tokens=25]]"}]
        )
        names = [model.id async for model in client.models.list()]
    event = await room.only_event(person)
    assert answer.usage is not None
    assert event["tokens_charged"] == answer.usage.total_tokens
    assert (event["ending"], event["estimated"]) == ("complete", False)
    assert event["cost_usd"] is not None
    assert {"gpt-4", "claude-3"} <= set(names)


@pytest.mark.parametrize("model", ["gpt-4", "claude"])
async def test_the_official_client_streams_and_the_providers_usage_is_charged(room: GatewayRoom, model: str) -> None:
    person = await room.person()
    async with _openai(room, person) as client:
        stream = await client.chat.completions.create(
            model=model, stream=True, messages=[{"role": "user", "content": "Olá [[sim output_tokens=25]]"}]
        )
        chunks = [chunk async for chunk in stream]
    event = await room.only_event(person)
    assert "simulador" in "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert all(chunk.usage is None for chunk in chunks)
    assert (event["ending"], event["estimated"], event["output_tokens"]) == ("complete", False, 25)


async def test_a_caller_who_leaves_stops_the_model_behind_litellm(room: GatewayRoom, simulator: ModelSimulator) -> None:
    person = await room.person()
    response = await room.chat(person, "Olá [[sim output_tokens=500 chunk_delay_seconds=0.02]]", stream=True)
    for _ in range(5):
        await response.content.readuntil(b"\n\n")
    response.close()
    event = await room.only_event(person)
    assert (event["ending"], event["estimated"]) == ("client_gone", True)
    for _ in range(200):
        if simulator.calls.last.outcome != "running":
            break
        await asyncio.sleep(0.02)
    assert simulator.calls.last.outcome == "aborted"


async def test_a_provider_that_breaks_off_in_mid_stream_is_told_and_charged_by_what_was_delivered(
    room: GatewayRoom,
) -> None:
    person = await room.person()
    async with _openai(room, person) as client:
        stream = await client.chat.completions.create(
            model="gpt-4",
            stream=True,
            messages=[
                {
                    "role": "user",
                    "content": "Olá [[sim output_tokens=60 fail_after_chunks=20 chunk_delay_seconds=0.005]]",
                }
            ],
        )
        with pytest.raises(Exception, match="interrompida"):
            _ = [chunk async for chunk in stream]
    event = await room.only_event(person)
    assert event["ending"] == "upstream_error"
    assert event["output_tokens"] > 0


async def test_what_the_provider_refuses_is_told_in_our_shape(room: GatewayRoom) -> None:
    person = await room.person()
    async with _openai(room, person) as client:
        with pytest.raises(APIStatusError) as refusal:
            await client.chat.completions.create(
                model="gpt-4", messages=[{"role": "user", "content": "Olá [[sim error=400]]"}]
            )
    assert refusal.value.status_code == 400
    assert "O modelo recusou a requisição: [simulador] erro 400 pedido" in str(refusal.value)
    assert "litellm" not in str(refusal.value).lower()
    assert (await room.settled(person)).wallet.used == 0


async def test_a_wrong_key_for_litellm_is_our_fault_and_the_log_names_the_cure(
    database_url: str, litellm_url: str
) -> None:
    async with running_gateway(database_url, litellm_url, litellm_api_key="sk-wrong") as room:
        response = await room.chat(await room.person())
        assert response.status == 503
        line = room.logged("model_service_refuses_us")[0]
        assert "LITELLM_API_KEY" in line["details"]["cure"]
