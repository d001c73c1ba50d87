"""The same usage through the real LiteLLM costs the same, streamed and not (SPEC 4), but for what LiteLLM's streams leave out."""

import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.integration.gateway_room import GatewayRoom, running_gateway
from tests.integration.litellm_room import running_litellm
from tests.integration.stand_in_provider import DONE, StandIn, answer_of, asked, event, stand_in, stream_of

from solaris.domain.tokens import TokenCounts
from solaris.gateway.api.usage import counts_in
from solaris.gateway.api.usage_shapes import SHAPES
from solaris.local.litellm_server import LocalModels

CHAT = "chat/completions"


@pytest.fixture(scope="module")
async def provider() -> AsyncIterator[StandIn]:
    async with stand_in() as running:
        yield running


@pytest.fixture(scope="module")
async def room(
    module_database_url: str, provider: StandIn, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[GatewayRoom]:
    folder: Path = tmp_path_factory.mktemp("litellm-usage")
    key = f"sk-{secrets.token_hex(16)}"
    async with (
        running_litellm(folder, key, LocalModels(provider.url, None)) as litellm,
        running_gateway(module_database_url, litellm.url, litellm_api_key=key) as running,
    ):
        yield running


def seen_behind_litellm(usage: Mapping[str, Any], counts: TokenCounts, stream: bool) -> TokenCounts:
    """What can be known of a call: LiteLLM's streams write the total anew, so what the total alone shows is not in them.

    docs/exactness.md names this loss. Moonshot's cached tokens, which stand in no details, are not in its streams either.
    """
    if not stream:
        return counts
    without_total = counts_in({**usage, "total_tokens": 0})
    assert without_total is not None
    return replace(without_total, cached_input=0) if "cached_tokens" in usage else without_total


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(("usage", "counts"), SHAPES[0].examples)
async def test_openais_names_cost_the_same_behind_litellm(
    room: GatewayRoom, provider: StandIn, usage: Mapping[str, Any], counts: TokenCounts, stream: bool
) -> None:
    provider.answer = orjson.dumps(answer_of(CHAT, usage=usage))
    provider.stream = stream_of(CHAT, usage=usage)
    user = await room.user(2_000_000)
    body = asked(CHAT, **({"stream": True} if stream else {}))

    response = await room.http.post(f"{room.url}/v1/{CHAT}", json=body, headers=user.headers)

    raw = await response.read()
    event = await room.only_event(user)
    seen = seen_behind_litellm(usage, counts, stream)
    assert response.status == 200, raw
    assert event["tokens_charged"] == seen.input + seen.output
    assert (event["input_tokens"], event["cached_input_tokens"]) == (seen.input, seen.cached_input)
    assert (event["output_tokens"], event["reasoning_tokens"]) == (seen.output, seen.reasoning)
    assert (event["ending"], event["estimated"]) == ("complete", False)


_FAILURES: list[dict[str, Any]] = [
    {"choices": []},
    {"choices": None, "base_resp": {"status_code": 1002, "status_msg": "rate limit"}},
    {"code": 500, "msg": "boom"},
    {"detail": "Internal error"},
    {},
    {"choices": [{"index": 0, "message": {"role": "assistant", "content": ""}, "delta": {}, "finish_reason": "error",
                  "error": {"code": 502, "message": "Provider returned error"}}]},
]  # fmt: skip


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("failure", _FAILURES, ids=str)
async def test_a_failure_under_200_costs_nothing_behind_litellm_either(
    room: GatewayRoom, provider: StandIn, failure: dict[str, Any], stream: bool
) -> None:
    provider.answer = orjson.dumps(failure)
    provider.stream = [event(failure), DONE]
    user = await room.user(2_000_000)
    body = asked(CHAT, **({"stream": True} if stream else {}))

    response = await room.http.post(f"{room.url}/v1/{CHAT}", json=body, headers=user.headers)

    raw = await response.read()
    balance = await room.settled(user)
    assert (balance.wallet.used, await room.events(user)) == (0, [])
    # LiteLLM begins its stream whatever came; ours ends in the error that it does not report.
    assert response.status >= 500 or (stream and "interrompida" in raw.decode())
