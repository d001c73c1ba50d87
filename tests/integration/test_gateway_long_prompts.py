"""Long prompts through the whole proxy: held for what they cost, other calls undisturbed, and nothing kept for who left."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import aiohttp
import orjson
import pytest
from tests.integration.gateway_room import CHAT, GatewayRoom, User, running_gateway

from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.gateway.estimate.tokenizer_thread import CountingThread, Part
from solaris.local.simulator import ModelSimulator

DENSE = "Zq9xK7wPv3LmT8yRj5" * 200


@pytest.fixture(scope="module")
async def room(module_database_url: str, running_simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(module_database_url, running_simulator.url) as running:
        yield running


def _dense_between_windows() -> str:
    """Blanks at each sixteenth, where the text was once looked at, and some two characters a token between."""
    blanks = " " * 3_000
    return (blanks + (DENSE * 150)[: 500_000 - len(blanks)]) * 16


def _chat(text: str) -> dict[str, Any]:
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": text}], "max_tokens": 5}


async def _post(room: GatewayRoom, user: User, route: str, body: dict[str, Any]) -> aiohttp.ClientResponse:
    # From a file: aiohttp warns of a large body in one piece.
    headers = {**user.headers, "Content-Type": "application/json"}
    return await room.http.post(room.url + route, data=io.BytesIO(orjson.dumps(body)), headers=headers)


async def test_a_prompt_that_is_dense_where_nobody_looked_is_refused_before_it_costs(room: GatewayRoom) -> None:
    user = await room.user(30_000)
    text = _dense_between_windows()
    assert Tokenizer().count([text]) > 4_000_000

    response = await _post(room, user, CHAT, _chat(text))

    assert response.status == 402
    assert (await response.json())["error"]["code"] == "monthly_quota_exceeded"
    assert (await room.settled(user)).wallet.used == 0


@pytest.mark.parametrize("route", [CHAT, "/v1/completions", "/v1/responses", "/v1/messages", "/v1/embeddings"])
async def test_every_route_counts_long_prompts_exactly(room: GatewayRoom, route: str) -> None:
    """The prompt costs some 150,000 tokens: who has a tenth less is refused, who has a tenth more is not."""
    text = (DENSE * 60)[:200_000]
    tokens = Tokenizer().count([text], "cl100k_base" if route == "/v1/embeddings" else "o200k_base")
    bodies = {
        CHAT: {"messages": [{"role": "user", "content": text}], "max_tokens": 5},
        "/v1/completions": {"prompt": text, "max_tokens": 5},
        "/v1/responses": {"input": text, "max_output_tokens": 16},
        "/v1/messages": {"messages": [{"role": "user", "content": text}], "max_tokens": 5},
        "/v1/embeddings": {"input": text, "model": "text-embedding-3-small"},
    }
    poor, rich = await room.user(tokens * 9 // 10), await room.user(tokens * 11 // 10)
    body = {"model": "gpt-4o", **bodies[route]}

    refused = await _post(room, poor, route, body)
    answered = await _post(room, rich, route, body)

    assert refused.status == 402, await refused.text()
    assert answered.status == 200, await answered.text()
    assert (await room.settled(poor)).wallet.used == 0
    assert tokens * 9 // 10 < (await room.settled(rich)).wallet.used <= tokens * 11 // 10


async def test_many_long_prompts_and_short_ones_at_once_are_all_answered(room: GatewayRoom) -> None:
    user = await room.user(100_000_000)
    texts = [f"{number} " + DENSE * 30 for number in range(8)] + [f"Olá {number}" for number in range(8)]
    answers = await asyncio.gather(*(room.chat(user, text, max_tokens=5) for text in texts))
    assert [answer.status for answer in answers] == [200] * len(texts)
    await room.settled(user)
    assert len(await room.events(user)) == len(texts)


async def test_a_caller_who_leaves_while_the_prompt_is_counted_pays_nothing_and_frees_its_place(
    room: GatewayRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = await room.user(100_000_000)
    entered, left = asyncio.Event(), asyncio.Event()
    real_count = CountingThread.count

    async def watched(thread: CountingThread, parts: Sequence[Part], count: Callable[[str], int]) -> list[int]:
        entered.set()
        try:
            return await real_count(thread, parts, count)
        except asyncio.CancelledError:
            assert thread.waiting == 0
            left.set()
            raise

    monkeypatch.setattr(CountingThread, "count", watched)
    # The slowest text there is, eight megabytes of it: two seconds.
    call = asyncio.create_task(_post(room, user, CHAT, _chat("-" * 8_000_000)))
    async with asyncio.timeout(30):
        await entered.wait()
        call.cancel()
        await left.wait()
    await asyncio.gather(call, return_exceptions=True)
    assert await room.events(user) == []
    assert await room.database.fetchval("SELECT count(*) FROM holds WHERE user_id = $1", user.user_id) == 0
