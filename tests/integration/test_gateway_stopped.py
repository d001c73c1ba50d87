"""A proxy that is asked to end while calls run: a bounded grace, an error that says so, and the charge; no trace in its log."""

import asyncio
from typing import Any

import orjson
import pytest
from tests.integration.gateway_room import GatewayRoom, User, running_gateway

from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.local.simulator import ModelSimulator

# As many tokens as would take long beyond the grace, which is one second in these tests.
LONG = "Conte [[sim output_tokens=2000 chunk_delay_seconds=0.02]]"
CUT_SHORT = {"ASGI", "Traceback", "unhandled_error"}


def body_of(route: str) -> dict[str, Any]:
    said: dict[str, Any] = {"messages": [{"role": "user", "content": LONG}]}
    if route == "/v1/messages":
        said["max_tokens"] = 4000
    return {"model": "gpt-4", "stream": True, **said}


async def told_until_the_end(room: GatewayRoom, user: User, route: str) -> tuple[int, list[bytes]]:
    async with room.http.post(room.url + route, json=body_of(route), headers=user.headers) as response:
        asyncio.get_running_loop().call_later(0.5, setattr, room.server, "should_exit", True)
        return response.status, [line async for line in response.content if line.startswith(b"data: ")]


def said_in(told: list[bytes]) -> str:
    """The text of OpenAI's chunks or Anthropic's events."""
    said = ""
    for line in told:
        event = orjson.loads(line[6:])
        delta = event["choices"][0]["delta"] if event.get("choices") else event.get("delta", {})
        said += delta.get("content") or delta.get("text") or ""
    return said


@pytest.mark.parametrize("route", ["/v1/chat/completions", "/v1/messages"])
async def test_a_stopped_proxys_stream_ends_in_an_error_event_and_costs_what_was_delivered(
    database_url: str, simulator: ModelSimulator, route: str
) -> None:
    async with running_gateway(database_url, simulator.url) as room:
        user = await room.user()
        status, told = await told_until_the_end(room, user, route)
        error = orjson.loads(told[-1][6:])["error"]
        event = await room.only_event(user)
        assert status == 200
        assert error["code"] == "service_stopping"
        assert error["message"].startswith("O serviço está sendo reiniciado")
        assert (event["ending"], event["estimated"]) == ("proxy_gone", True)
        assert event["output_tokens"] == Tokenizer().count([said_in(told)], "cl100k_base") > 20
        assert not [word for word in CUT_SHORT if word in room.log.getvalue()]


async def test_a_stopped_proxy_answers_what_it_can_not_finish_with_a_503_in_our_shape(
    database_url: str, simulator: ModelSimulator
) -> None:
    async with running_gateway(database_url, simulator.url) as room:
        user = await room.user()
        asyncio.get_running_loop().call_later(0.5, setattr, room.server, "should_exit", True)
        response = await room.chat(user, LONG)
        assert response.status == 503
        assert (await response.json())["error"]["code"] == "service_stopping"
        assert response.headers["Retry-After"]
        await room.only_event(user)
        assert not [word for word in CUT_SHORT if word in room.log.getvalue()]


async def test_a_stream_that_ends_within_the_grace_ends_as_ever(database_url: str, simulator: ModelSimulator) -> None:
    async with running_gateway(database_url, simulator.url) as room:
        user = await room.user()
        text = "Conte [[sim output_tokens=30 chunk_delay_seconds=0.02]]"
        async with await room.chat(user, text, stream=True) as response:
            room.server.should_exit = True
            assert (await response.read()).endswith(b"data: [DONE]\n\n")
        event = await room.only_event(user)
        assert (event["ending"], event["estimated"]) == ("complete", False)
