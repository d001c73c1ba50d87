"""Near the end of a balance a call that thinks is answered with what is left, instead of failing at the provider.

LiteLLM's Anthropic provider stands between the proxy and the simulator, which refuses what Anthropic refuses.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from tests.integration.gateway_room import GatewayRoom, running_gateway
from tests.integration.litellm_room import log_of, running_litellm
from tests.integration.test_gateway_output_fields import LONG, asked, post

from solaris.local.litellm_server import LocalModels, PreparedLiteLLM
from solaris.local.simulator import ModelSimulator

Json = dict[str, Any]
CONFIG = """
model_list:
  - model_name: pensador
    litellm_params: {{model: anthropic/claude-3-7-sonnet-20250219, api_base: "{url}", api_key: simulator}}
  - model_name: pensador-novo
    litellm_params: {{model: anthropic/claude-opus-4-7, api_base: "{url}", api_key: simulator}}
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_base: "{url}/v1"
      api_key: simulator
      allowed_openai_params: [reasoning_effort]
"""
OWN = {
    "chat/completions": "max_tokens",
    "completions": "max_tokens",
    "responses": "max_output_tokens",
    "messages": "max_tokens",
}
BUDGET = {"thinking": {"type": "enabled", "budget_tokens": 10_000}}
ASKED = [
    *((route, BUDGET) for route in OWN),
    *((route, {"reasoning_effort": effort}) for route in OWN for effort in ("minimal", "low", "high", "max")),
    ("responses", {"reasoning": {"effort": "high"}}),
    ("responses", {"reasoning": {"effort": "low", "summary": "auto"}}),
    ("messages", {"output_config": {"effort": "high"}}),
    ("messages", {"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}}),
    ("chat/completions", {"thinking": {"type": "adaptive"}}),
    ("chat/completions", {"thinking": {"type": "enabled", "budgetTokens": 10_000}}),
    ("chat/completions", {"reasoning_effort": {"effort": "high", "summary": "auto"}}),
]


@pytest.fixture(scope="module")
async def litellm(
    tmp_path_factory: pytest.TempPathFactory, running_simulator: ModelSimulator, litellm_api_key: str
) -> AsyncIterator[PreparedLiteLLM]:
    folder = tmp_path_factory.mktemp("litellm-thinking")
    models, config = LocalModels(running_simulator.url), CONFIG.format(url=running_simulator.url)
    async with running_litellm(folder, litellm_api_key, models, config=config) as running:
        yield running
    with suppress(OSError):
        print("\n".join(log_of(folder).read_text(errors="replace").splitlines()[-40:]))


@pytest.fixture(scope="module")
async def room(module_database_url: str, litellm: PreparedLiteLLM, litellm_api_key: str) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(module_database_url, litellm.url, litellm_api_key=litellm_api_key) as running:
        yield running


def sent(simulator: ModelSimulator) -> Json:
    assert simulator.calls.count == 1
    body = simulator.calls.last.body
    assert isinstance(body, dict)
    return body


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize(("model", "balance"), [("pensador", 60), ("pensador", 3_200), ("pensador-novo", 3_200)])
@pytest.mark.parametrize(("route", "more"), ASKED, ids=str)
async def test_a_call_that_thinks_is_answered_with_what_is_left(
    room: GatewayRoom, simulator: ModelSimulator, model: str, route: str, more: Json, balance: int, stream: bool
) -> None:
    simulator.calls.clear()
    user = await room.user(balance)

    status, raw = await post(
        room, user, route, asked(route, model, LONG, stream=stream, **more, **{OWN[route]: 32_000})
    )

    wallet = (await room.settled(user)).wallet
    assert status == 200, raw
    assert (wallet.overage, 0 < wallet.used <= balance) == (0, True)
    body = sent(simulator)
    assert body["max_tokens"] <= balance
    budget = (body.get("thinking") or {}).get("budget_tokens", 0)
    assert budget == 0 or 1_024 <= budget < body["max_tokens"]


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize(
    ("route", "more"),
    [
        ("chat/completions", BUDGET),
        ("responses", BUDGET),
        ("messages", BUDGET),
        ("chat/completions", {"reasoning_effort": "high"}),
        ("responses", {"reasoning": {"effort": "high"}}),
        ("completions", {"reasoning_effort": "high"}),
    ],
    ids=str,
)
async def test_thinking_stays_as_large_as_the_balance_allows(
    room: GatewayRoom, simulator: ModelSimulator, route: str, more: Json, stream: bool
) -> None:
    found = {}
    for balance in (2_000, 6_000, 200_000):
        simulator.calls.clear()
        body = asked(route, "pensador", "Olá", stream=stream, **more, **{OWN[route]: 32_000})
        status, raw = await post(room, await room.user(balance), route, body)
        assert status == 200, raw
        found[balance] = (sent(simulator).get("thinking") or {}).get("budget_tokens")
    # What the wallet pays for is a half of what is free: a call that thinks can't be watched.
    whole, lowered = (10_000, range(2_100, 2_260)) if more is BUDGET else (4_096, [2_048])
    assert (found[2_000], found[200_000]) == (None, whole)
    assert found[6_000] in lowered


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("balance", [60, 100_000])
@pytest.mark.parametrize(
    ("route", "more", "limit"),
    [
        ("chat/completions", BUDGET, 10_000),
        ("messages", BUDGET, 16),
        ("messages", BUDGET, 10_000),
        ("chat/completions", {"reasoning_effort": "high"}, 4_096),
        ("responses", {"reasoning": {"effort": "low"}}, 1_000),
    ],
    ids=str,
)
async def test_a_callers_own_limit_below_their_own_budget_is_refused_whatever_is_left(
    room: GatewayRoom, simulator: ModelSimulator, route: str, more: Json, limit: int, balance: int, stream: bool
) -> None:
    user = await room.user(balance)
    body = asked(route, "pensador", "Olá", stream=stream, **more, **{OWN[route]: limit})
    status, raw = await post(room, user, route, body)
    assert (status, b"must be greater than" in raw) == (400, True), raw
    assert (await room.settled(user)).wallet.used == 0


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("balance", [60, 3_000, 100_000])
@pytest.mark.parametrize(
    ("route", "more"),
    [
        ("chat/completions", {"reasoning_effort": "high"}),
        ("completions", {"reasoning_effort": "high"}),
        ("responses", {"reasoning": {"effort": "max"}}),
        ("chat/completions", BUDGET),
        ("chat/completions", {"thinking": True}),
    ],
    ids=str,
)
async def test_an_effort_without_a_limit_is_answered_too(
    room: GatewayRoom, simulator: ModelSimulator, route: str, more: Json, balance: int, stream: bool
) -> None:
    simulator.calls.clear()
    user = await room.user(balance)
    body = asked(route, "pensador", LONG, stream=stream, **more)
    del body[OWN[route]]

    status, raw = await post(room, user, route, body)

    wallet = (await room.settled(user)).wallet
    assert (status, wallet.overage) == (200, 0), raw
    if balance == 100_000 and "thinking" not in more:
        budget = 16_384 if route == "responses" else 4_096
        body = sent(simulator)
        assert (body["max_tokens"], body["thinking"]["budget_tokens"]) == (budget + 4_096, budget)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("balance", [60, 3_000])
async def test_a_model_that_is_no_claude_keeps_its_effort(
    room: GatewayRoom, simulator: ModelSimulator, balance: int, stream: bool
) -> None:
    simulator.calls.clear()
    body = asked("chat/completions", "gpt-4o", LONG, stream=stream, reasoning_effort="high", max_tokens=9_000)
    status, raw = await post(room, await room.user(balance), "chat/completions", body)
    assert status == 200, raw
    assert sent(simulator)["reasoning_effort"] == "high"
    assert sent(simulator)["max_tokens"] < balance


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
async def test_thoughts_of_a_tools_turn_stay_in_the_history_when_thinking_is_left_out(
    room: GatewayRoom, simulator: ModelSimulator, stream: bool
) -> None:
    simulator.calls.clear()
    tool = {"name": "clima", "input_schema": {"type": "object"}}
    history = [
        {"role": "user", "content": "Chove?"},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Vejo o clima.", "signature": "c2ltdWxhZG9y"},
                {"type": "tool_use", "id": "toolu_1", "name": "clima", "input": {}},
            ],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "sol"}]},
    ]
    body = {
        **asked("messages", "pensador", "", stream=stream, **BUDGET, max_tokens=32_000),
        "messages": history,
        "tools": [tool],
        "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
    }
    status, raw = await post(room, await room.user(1_000), "messages", body)
    assert status == 200, raw
    assert sent(simulator)["messages"] == history
    assert "thinking" not in sent(simulator)
    assert "context_management" not in sent(simulator)
