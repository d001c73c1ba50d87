"""Every path that the real LiteLLM serves is metered, free by name, or refused: nothing is passed on unmetered."""

import re
from collections.abc import AsyncIterator

import pytest
from openai import AsyncOpenAI
from tests.integration.gateway_room import GatewayRoom, running_gateway

from solaris.gateway.unsupported_paths import SERVED
from solaris.local.simulator import ModelSimulator

_METERED = {f"/v1/{name}" for name in ("chat/completions", "completions", "responses", "messages", "embeddings")}
_COUNTED = {"/v1/messages/count_tokens", "/v1/responses/input_tokens"}


@pytest.fixture
async def room(database_url: str, litellm_url: str, litellm_api_key: str) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(database_url, litellm_url, litellm_api_key=litellm_api_key) as running:
        yield running


async def test_no_path_of_litellm_is_passed_on_unmetered(
    room: GatewayRoom, litellm_url: str, simulator: ModelSimulator
) -> None:
    user = await room.user()
    async with room.http.get(f"{litellm_url}/openapi.json") as response:
        paths = (await response.json())["paths"]
    assert len(paths) > 500
    ours = set((await (await room.http.get(room.url + "/openapi.json")).json())["paths"])
    assert ours & set(paths) >= _METERED | _COUNTED
    refused = 0
    for path, methods in paths.items():
        filled = re.sub(r"\{[^}]*\}", "x", path)
        if path in ours or filled in {"/", "/v1/models/x", "/models/x", "/openapi.json", "/docs", "/metrics"}:
            continue
        for method in set(methods) & {"get", "post", "put", "patch", "delete"}:
            body = {"model": "gpt-4", "messages": [{"role": "user", "content": "Olá"}], "input": "Olá"}
            async with room.http.request(method, room.url + filled, json=body, headers=user.headers) as response:
                error = (await response.json())["error"]
                assert response.status in (404, 405), (method, filled)
                if response.status == 404 and not filled.startswith(("/api/", "/docs")):
                    assert SERVED in error["message"], (method, filled)
                refused += 1
    assert refused > 700
    assert simulator.calls.count == 0
    assert await room.events(user) == []


async def test_the_real_litellm_counts_for_the_official_client_free_of_charge(
    room: GatewayRoom, simulator: ModelSimulator
) -> None:
    user = await room.user()
    async with AsyncOpenAI(base_url=room.url + "/v1", api_key=user.key, max_retries=0) as client:
        counted = await client.responses.input_tokens.count(model="gpt-4", input="Olá, tudo bem com você?")
        assert (await client.models.retrieve("claude-3")).id == "claude-3"
    assert (counted.object, 5 <= counted.input_tokens <= 25) == ("response.input_tokens", True)
    asked = {"model": "claude-3", "messages": [{"role": "user", "content": "Olá, tudo bem com você?"}]}
    headers = {"x-api-key": user.key, "anthropic-version": "2023-06-01"}
    path = room.url + "/v1/messages/count_tokens?beta=true"
    async with room.http.post(path, json=asked, headers=headers) as response:
        told = await response.json()
    assert (response.status, list(told)) == (200, ["input_tokens"])
    assert 5 <= told["input_tokens"] <= 25
    assert not [call for call in simulator.calls.latest if call.path in _METERED]
    assert (await room.settled(user)).wallet.used == 0
    assert await room.events(user) == []
