"""The real LiteLLM on the customer's own file, with the simulator and the small real model behind it."""

import asyncio
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from solaris.local.simulator import ModelSimulator


@pytest.fixture
async def caller(litellm_api_key: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that holds the right key."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {litellm_api_key}"}) as session:
        yield session


def chat(text: str, model: str = "gpt-4", **more: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": text}], **more}


async def streamed(caller: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    async with caller.post(url, json={**body, "stream": True}) as response:
        assert response.status == 200
        lines = [line.decode().strip() async for line in response.content]
    return [json.loads(line[6:]) for line in lines if line.startswith("data: {")]


async def ended(simulator: ModelSimulator) -> str:
    for _ in range(100):
        if simulator.calls.last.outcome != "running":
            break
        await asyncio.sleep(0.05)
    return simulator.calls.last.outcome


@pytest.mark.parametrize("model", ["gpt-4", "gpt-3.5-turbo", "claude-3", "gpt-3.5", "claude"])
async def test_each_model_and_alias_of_the_customers_file_is_answered_and_priced(caller, litellm_url, model):
    async with caller.post(f"{litellm_url}/v1/chat/completions", json=chat("Olá!", model)) as response:
        answer = await response.json()
        cost = response.headers["x-litellm-response-cost"]
    assert answer["choices"][0]["message"]["content"].startswith("[simulador]")
    assert answer["usage"]["completion_tokens"] > 10
    assert Decimal(cost) > 0


async def test_the_small_real_model_answers_with_its_own_counts(caller, litellm_url):
    body = chat("Hello", "smollm2", max_tokens=8)
    async with caller.post(f"{litellm_url}/v1/chat/completions", json=body) as response:
        answer = await response.json()
    assert response.status == 200
    assert 1 <= answer["usage"]["completion_tokens"] <= 8
    chunks = await streamed(
        caller, f"{litellm_url}/v1/chat/completions", {**body, "stream_options": {"include_usage": True}}
    )
    assert any(chunk.get("usage", {}).get("completion_tokens") for chunk in chunks)


async def test_a_stream_ends_with_the_usage_that_was_counted(caller, litellm_url):
    body = chat("[[sim output_tokens=12 cached_tokens=2 reasoning_tokens=3]]", stream_options={"include_usage": True})
    chunks = await streamed(caller, f"{litellm_url}/chat/completions", body)
    usage = next(chunk["usage"] for chunk in chunks if chunk.get("usage"))
    assert usage["completion_tokens"] == 15
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 3
    assert usage["prompt_tokens_details"]["cached_tokens"] == 2


async def test_tools_come_back_as_calls(caller, litellm_url):
    tool = {
        "type": "function",
        "function": {"name": "clima", "parameters": {"properties": {"cidade": {"type": "string"}}}},
    }
    body = chat("Como está o tempo?", tools=[tool], tool_choice="required")
    async with caller.post(f"{litellm_url}/v1/chat/completions", json=body) as response:
        choice = (await response.json())["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert json.loads(choice["message"]["tool_calls"][0]["function"]["arguments"]) == {"cidade": "exemplo"}


async def test_the_other_routes_of_the_gateway_are_answered_with_usage(caller, litellm_url):
    messages = [{"role": "user", "content": "Oi"}]
    asked = {
        "/v1/embeddings": {"model": "text-embedding-3-small", "input": "Oi"},
        "/v1/responses": {"model": "gpt-4", "input": "Oi"},
        "/v1/messages": {"model": "claude-3", "max_tokens": 30, "messages": messages},
        "/v1/completions": {"model": "gpt-3.5-turbo", "prompt": "Oi", "max_tokens": 5},
    }
    for path, body in asked.items():
        async with caller.post(f"{litellm_url}{path}", json=body) as response:
            answer = await response.json()
        assert response.status == 200, (path, answer)
        assert sum(count for count in answer["usage"].values() if isinstance(count, int)) > 0, path


@pytest.mark.parametrize(("model", "path"), [("claude-3", "/v1/messages"), ("gpt-4", "/v1/chat/completions")])
async def test_the_limit_of_anthropics_messages_reaches_the_provider_as_it_is(
    caller, litellm_url, simulator, model, path
):
    body = {"model": model, "max_tokens": 9, "messages": [{"role": "user", "content": "Oi"}]}
    async with caller.post(f"{litellm_url}/v1/messages", json=body) as response:
        answer = await response.json()
    assert simulator.calls.last.path == path
    assert answer["usage"]["output_tokens"] == 9


async def test_a_wrong_key_is_refused(litellm_url):
    async with (
        aiohttp.ClientSession(headers={"Authorization": "Bearer sk-wrong"}) as stranger,
        stranger.post(f"{litellm_url}/v1/chat/completions", json=chat("Oi")) as response,
    ):
        answer = await response.json()
    assert response.status == 400
    assert answer["error"]["type"] == "no_db_connection"


async def test_metrics_are_read_by_a_plain_client_that_follows_no_redirect(litellm_url):
    async with (
        aiohttp.ClientSession() as anybody,
        anybody.get(f"{litellm_url}/metrics", allow_redirects=False) as response,
    ):
        text = await response.text()
    assert response.status == 200
    assert "# TYPE litellm_" in text


async def test_health_answers_with_the_key_and_finds_every_model_well(caller, litellm_url):
    async with caller.get(f"{litellm_url}/health") as response:
        health = await response.json()
    assert response.status == 200
    assert health["unhealthy_count"] == 0
    assert health["healthy_count"] == 5


@pytest.mark.parametrize("status", [401, 429, 500, 503])
async def test_a_providers_error_is_passed_on_at_once_and_harms_no_later_call(caller, litellm_url, simulator, status):
    url = f"{litellm_url}/v1/chat/completions"
    for _ in range(3):
        async with caller.post(url, json=chat(f"[[sim error={status}]]")) as response:
            assert response.status == status
    assert simulator.calls.count == 3
    async with caller.post(url, json=chat("Oi")) as response:
        assert response.status == 200


async def test_a_client_that_leaves_a_stream_stops_the_provider_too(caller, litellm_url, simulator: ModelSimulator):
    body = chat("[[sim output_tokens=400 chunk_delay_seconds=0.05]]", stream=True)
    async with caller.post(f"{litellm_url}/v1/chat/completions", json=body) as response:
        await response.content.readline()
    assert await ended(simulator) == "aborted"


async def test_a_provider_that_dies_in_a_stream_is_told_in_the_stream(caller, litellm_url):
    body = chat("[[sim output_tokens=50 chunk_delay_seconds=0.05 fail_after_chunks=3]]")
    chunks = await streamed(caller, f"{litellm_url}/v1/chat/completions", body)
    assert "[simulador]" in json.dumps(chunks[:-1])
    assert "error" in chunks[-1]
