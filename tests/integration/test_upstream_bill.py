"""The charge of a call is what a provider bills for it, whatever was asked; and the judge of that finds every fault."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.integration.gateway_room import GatewayRoom, User, running_gateway
from tests.integration.upstream_bill import compared

from solaris.local.simulator import ModelSimulator
from solaris.local.simulator.bill import BilledCall

CALLS = 150
BILLED = BilledCall(1, "/v1/chat/completions", "gpt-4", "a", "t", "u", 20, 5, 30, 10, "complete")
CHARGED = {
    "request_id": "a", "trace_id": "t", "ending": "complete", "estimated": False, "input_tokens": 20, "cached_input_tokens": 5,
    "output_tokens": 30, "reasoning_tokens": 10, "tokens_charged": 50,
}  # fmt: skip
ESTIMATED = {**CHARGED, "estimated": True, "cached_input_tokens": 0, "reasoning_tokens": 0, "output_tokens": 12}


def wrong(event: dict[str, Any] | None, *bill: BilledCall, **more: Any) -> list[str]:
    return compared([] if event is None else [event], bill, by="request_id", **more).wrong


def test_a_charge_that_differs_from_the_bill_is_found() -> None:
    assert wrong(CHARGED, BILLED) == []
    for name in ("input_tokens", "cached_input_tokens", "output_tokens", "reasoning_tokens"):
        assert wrong({**CHARGED, name: CHARGED[name] + 1}, BILLED), name  # type: ignore[operator]  # these are counts
    assert wrong({**CHARGED, "ending": "client_gone", "output_tokens": 29}, BILLED)
    assert wrong(CHARGED)
    assert wrong(CHARGED, BILLED, BILLED)
    assert wrong(None, BILLED)
    assert wrong(None, BILLED, failed=["a"]) == []
    assert wrong(None, replace(BILLED, ending="cut")) == []


def test_an_estimate_out_of_its_bounds_is_found() -> None:
    for ending in ("client_gone", "proxy_gone", "out_of_tokens", "upstream_error"):
        assert wrong({**ESTIMATED, "ending": ending}, BILLED) == []
        assert wrong({**ESTIMATED, "ending": ending, "output_tokens": 31}, BILLED), ending
        assert wrong({**ESTIMATED, "ending": ending, "input_tokens": 19}, BILLED), ending
    assert wrong({**ESTIMATED, "ending": "client_gone"}, BILLED, delivered_tokens={"a": 13})
    assert wrong({**ESTIMATED, "ending": "client_gone"}, BILLED, delivered_tokens={"a": 12}) == []
    assert wrong({**ESTIMATED, "ending": "no_usage"}, BILLED)
    assert wrong({**ESTIMATED, "ending": "no_usage", "output_tokens": 20}, BILLED) == []
    assert wrong({**ESTIMATED, "ending": "client_gone", "output_tokens": 45, "reasoning_tokens": 20}, BILLED) == []
    assert wrong({**ESTIMATED, "ending": "complete"}, BILLED)
    assert wrong({**ESTIMATED, "ending": "client_gone", "output_tokens": 0}) == []
    assert wrong({**ESTIMATED, "ending": "client_gone", "output_tokens": 1})


def asked(chance: random.Random) -> tuple[str, dict[str, Any]]:
    """A route, and something that a client may send there."""
    told = {
        "output_tokens": chance.randrange(1, 60), "reasoning_tokens": chance.choice([0, 0, 7, 200]),
        "cached_tokens": chance.choice([0, 3, 500]),
    }  # fmt: skip
    directive = " ".join(f"{name}={value}" for name, value in told.items())
    text = f"{'palavra e mais ' * chance.randrange(0, 40)}{chance.choice(['', 'é', '日本', '🙂'])} [[sim {directive}]]"
    limit = chance.choice([None, 1, 20, 100, 4000])
    messages = [{"role": "user", "content": chance.choice([text, [{"type": "text", "text": text}]])}]
    stream = chance.random() < 0.5
    chat = {
        "messages": messages, "n": chance.choice([None, 1, 3]), chance.choice(["max_tokens", "max_completion_tokens"]): limit,
        "stream_options": {"include_usage": chance.random() < 0.5} if stream else None,
    }  # fmt: skip
    bodies: dict[str, dict[str, Any]] = {
        "/v1/chat/completions": {**chat, "stream": stream},
        "/v1/completions": {"prompt": text, "n": chance.choice([None, 2]), "max_tokens": limit, "stream": stream},
        "/v1/responses": {"input": chance.choice([text, messages]), "max_output_tokens": limit, "stream": stream},
        "/v1/messages": {"messages": messages, "max_tokens": limit or 300, "stream": stream},
        "/v1/embeddings": {"input": chance.choice([text, [text, "outro"], [1, 2, 3]])},
    }
    route = chance.choice(list(bodies))
    more = (
        {"tools": [_tool(route)], "tool_choice": _choice(route)}
        if _takes_tools(route) and chance.random() < 0.2
        else {}
    )
    model = chance.choice(["gpt-4", "gpt-4o", "claude-3-sonnet-20240229"])
    return route, {
        "model": model,
        **{name: value for name, value in {**bodies[route], **more}.items() if value is not None},
    }


def _takes_tools(route: str) -> bool:
    return route not in {"/v1/completions", "/v1/embeddings"}


def _tool(route: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"cidade": {"type": "string"}}, "required": ["cidade"]}
    if route == "/v1/messages":
        return {"name": "clima", "input_schema": schema}
    function = {"name": "clima", "parameters": schema}
    return (
        {"type": "function", "function": function}
        if route == "/v1/chat/completions"
        else {"type": "function", **function}
    )


def _choice(route: str) -> object:
    return {"type": "any"} if route == "/v1/messages" else "required"


async def ask(room: GatewayRoom, user: User, route: str, body: dict[str, Any], name: str | None = None) -> None:
    headers = {**user.headers, **({"Idempotency-Key": name} if name else {})}
    async with room.http.post(room.url + route, json=body, headers=headers) as response:
        assert response.status == 200, (route, body, await response.text())
        await response.read()


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_is_asked_the_charge_is_what_the_provider_bills(
    database_url: str, simulator: ModelSimulator, seed: int
) -> None:
    chance = random.Random(seed)
    async with running_gateway(database_url, simulator.url) as room:
        user = await room.user(100_000_000)
        await room.database.execute("UPDATE plans SET requests_per_minute = NULL, tokens_per_minute = NULL")
        for _ in range(CALLS // 10):
            await asyncio.gather(*(ask(room, user, *asked(chance)) for _ in range(10)))
        await room.settled(user)
        judged = compared(await room.events(user), simulator.bill.calls, by="trace_id")
        assert judged.wrong == []
        assert judged.exact == {"complete": CALLS}
        assert judged.billed_tokens == judged.charged_tokens


@pytest.mark.parametrize("model", ["gpt-4", "claude-3"])
async def test_behind_the_real_litellm_the_charge_is_what_the_provider_bills(
    database_url: str, litellm_url: str, litellm_api_key: str, simulator: ModelSimulator, model: str
) -> None:
    async with running_gateway(database_url, litellm_url, litellm_api_key=litellm_api_key) as room:
        user = await room.user(100_000_000)
        calls = list(through_litellm(model))
        for first in range(0, len(calls), 8):
            await asyncio.gather(*(ask(room, user, *call) for call in calls[first : first + 8]))
        await room.settled(user)
        judged = compared(await room.events(user), simulator.bill.calls, by="request_id")
        assert judged.wrong == []
        assert judged.exact == {"complete": len(calls)}


def through_litellm(model: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every route whose prompt can name its call, streamed and not, with thoughts and cached tokens, cut and not."""
    for stream in (False, True):
        for limit in (30, 4000):
            for told in ("", "cached_tokens=5", "reasoning_tokens=20"):
                for route in ("chat/completions", "completions", "responses", "messages"):
                    name = f"{route.replace('/', '-')}-{stream}-{limit}-{told.partition('=')[0]}"
                    text = f"Oi [[sim name={name} output_tokens=40 {told}]]"
                    messages = [{"role": "user", "content": text}]
                    fields: dict[str, dict[str, Any]] = {
                        "chat/completions": {"messages": messages, "max_tokens": limit},
                        "completions": {"prompt": text, "max_tokens": limit},
                        "responses": {"input": text, "max_output_tokens": limit},
                        "messages": {"messages": messages, "max_tokens": limit},
                    }
                    yield f"/v1/{route}", {"model": model, "stream": stream, **fields[route]}, name
