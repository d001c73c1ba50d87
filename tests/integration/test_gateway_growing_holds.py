"""No user who can pay is refused, and no stream outgrows its wallet (SPEC 3.1): holds grow with their text."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import openai
import pytest
from aiohttp import web
from tests.integration.gateway_room import GatewayRoom, User, running_gateway

from solaris.local.simulator import ModelSimulator

MANY_CALLS = 100


@pytest.fixture
async def room(database_url: str, simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(database_url, simulator.url) as running:
        await running.database.execute("UPDATE plans SET concurrent_calls = $1", MANY_CALLS)
        yield running


async def until_held(room: GatewayRoom, user: User) -> None:
    """Returns once the user's first call has its hold."""
    for _ in range(1_000):
        if (await room.ledger.balance(user.user_id)).wallet.held:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the call gets no hold")


async def limit_of_gpt_4(room: GatewayRoom, tokens: int) -> None:
    """Before the first call: the proxy has not read its table of models yet."""
    await room.database.execute("UPDATE models SET output_limit_tokens = $1 WHERE name = 'gpt-4'", tokens)


@pytest.mark.parametrize("limit", [8_192, 128_000])
@pytest.mark.parametrize("left", [1_000, 3_000, 9_000])
@pytest.mark.parametrize("stream", [True, False])
async def test_an_open_stream_and_three_calls_at_once_are_all_answered(
    room: GatewayRoom, limit: int, left: int, stream: bool
) -> None:
    await limit_of_gpt_4(room, limit)
    user = await room.user(left)
    opened = await room.chat(user, "[[sim output_tokens=41 chunk_delay_seconds=0.02]]", stream=True)
    assert opened.status == 200

    others = await asyncio.gather(
        *(room.chat(user, f"Título {n} [[sim output_tokens=10]]", stream=stream) for n in range(3))
    )
    texts = await asyncio.gather(*(other.text() for other in (opened, *others)))

    assert [other.status for other in others] == [200, 200, 200]
    assert '"finish_reason":"length"' not in "".join(texts).replace(" ", "")
    wallet = (await room.settled(user)).wallet
    assert (wallet.used <= left, wallet.overage) == (True, 0)
    assert wallet.used == sum(event["tokens_charged"] for event in await room.events(user))


async def test_sixty_four_agents_use_up_a_small_balance_and_never_overdraw_it(room: GatewayRoom) -> None:
    user = await room.user(3_000)

    async def agent(number: int) -> int:
        response = await room.chat(
            user,
            f"Passo {number} [[sim output_tokens=140 chunk_delay_seconds=0.001]]",
            stream=True,
            max_tokens=32_000,
            model="gpt-4o",
        )
        await response.read()
        return response.status

    statuses = await asyncio.gather(*(agent(number) for number in range(64)))

    wallet = (await room.settled(user)).wallet
    assert wallet.used >= 0.95 * 3_000
    assert (wallet.used <= 3_000, wallet.overage, wallet.held) == (True, 0, 0)
    assert set(statuses) <= {200, 402, 429}
    assert statuses.count(200) == len(await room.events(user)) > 10


@pytest.mark.parametrize("left", [300, 1_000, 5_000])
async def test_a_lone_stream_gets_all_that_its_balance_pays_for(room: GatewayRoom, left: int) -> None:
    user = await room.user(left)
    response = await room.chat(user, "[[sim output_tokens=20000]]", stream=True, model="gpt-4o", max_tokens=30_000)
    text = await response.text()

    assert response.status == 200
    assert '"finish_reason":"length"' in text.replace(" ", "")
    assert text.rstrip().endswith("[DONE]")
    wallet = (await room.settled(user)).wallet
    assert wallet.used >= 0.98 * left
    assert (wallet.used <= left, wallet.overage) == (True, 0)


async def test_an_open_stream_holds_about_what_it_uses(room: GatewayRoom) -> None:
    user = await room.user(3_000)
    response = await room.chat(
        user, "[[sim output_tokens=500 chunk_delay_seconds=0.004]]", stream=True, model="gpt-4o", max_tokens=2_900
    )
    held = []
    reading = asyncio.create_task(response.read())
    while not reading.done():
        held.append((await room.ledger.balance(user.user_id)).wallet.held)
        await asyncio.sleep(0.05)
    assert len(held) > 5
    assert max(held) < 1_000
    event = await room.only_event(user)
    assert (event["ending"], event["output_tokens"]) == ("complete", 500)


async def test_a_call_whose_tokens_are_held_waits_for_them(room: GatewayRoom) -> None:
    user = await room.user(400)
    # Asks for its hold at once and keeps it for a while.
    holding = asyncio.create_task(room.chat(user, "[[sim delay_seconds=1 output_tokens=5]]", max_tokens=300))
    await until_held(room, user)
    waited = await room.chat(user, "a " * 250 + "[[sim output_tokens=3]]", max_tokens=5)
    assert (await holding).status == 200
    assert waited.status == 200
    assert (await room.settled(user)).wallet.overage == 0


async def test_a_call_whose_tokens_stay_held_is_told_so_and_not_that_they_are_spent(room: GatewayRoom) -> None:
    user = await room.user(400)
    holding = asyncio.create_task(room.chat(user, "[[sim delay_seconds=7 output_tokens=5]]", max_tokens=300))
    await until_held(room, user)

    refused = await room.chat(user, "a " * 250, max_tokens=5)

    error = (await refused.json())["error"]
    assert (refused.status, error["code"]) == (429, "tokens_held_by_calls_in_progress")
    assert int(refused.headers["Retry-After"]) >= 1
    assert "em reserva" in error["message"]
    assert (await room.ledger.balance(user.user_id)).state == "normal"
    current = await (await room.http.get(room.url + "/api/tokens/current", headers=user.headers)).json()
    assert (current["state"], current["alert"], current["refused_tokens"]) == ("normal", None, 0)
    assert current["held"] > 0
    assert (await holding).status == 200


async def test_a_user_has_no_more_calls_in_progress_than_the_plan_admits(room: GatewayRoom) -> None:
    await room.database.execute("UPDATE plans SET concurrent_calls = 3")
    user, other = await room.user(), await room.user()
    opened = [await room.chat(user, "[[sim output_tokens=40 chunk_delay_seconds=0.05]]", stream=True) for _ in range(3)]

    refused = await room.chat(user, stream=True)
    elsewhere = await room.chat(other)

    assert (refused.status, (await refused.json())["error"]["code"]) == (429, "too_many_calls_in_progress")
    assert refused.headers["Retry-After"]
    assert elsewhere.status == 200
    for stream in opened:
        await stream.read()
    await room.settled(user)
    assert (await room.chat(user)).status == 200


async def test_a_rest_that_pays_for_no_call_is_a_blocked_state_everywhere(room: GatewayRoom) -> None:
    user = await room.user(1_000)
    await (await room.chat(user, "[[sim output_tokens=930]]", stream=True, model="gpt-4o")).read()
    before = (await room.settled(user)).wallet
    assert 30 < before.left < 70

    refused = await room.chat(user, "Palavra " * 100)
    current = await (await room.http.get(room.url + "/api/tokens/current", headers=user.headers)).json()

    assert (refused.status, refused.headers["X-Solaris-State"]) == (402, "blocked")
    assert current["state"] == "blocked"
    assert current["alert"] == 100
    assert current["refused_tokens"] > 100 > current["tokens_remaining"] == before.left
    short = await room.chat(user, "[[sim output_tokens=1]]", max_tokens=1)
    current = await (await room.http.get(room.url + "/api/tokens/current", headers=user.headers)).json()
    assert (short.status, current["refused_tokens"]) == (200, 0)


async def test_one_long_request_does_not_block_a_user_with_plenty_left(room: GatewayRoom) -> None:
    user = await room.user(30_000)
    refused = await room.chat(user, "Palavra " * 20_000)
    assert (refused.status, refused.headers["X-Solaris-State"]) == (402, "normal")
    assert (await room.ledger.balance(user.user_id)).state == "normal"
    assert (await room.chat(user)).status == 200


class Endless:
    """A model that ignores every limit, in each shape of the API; it counts what it made until it was stopped."""

    def __init__(self) -> None:
        self.made = 0
        self.stopped = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        opening, delta = _SHAPES[request.path]
        try:
            await response.write(_event(opening))
            while self.made < 100_000:
                await response.write(_event(delta))
                self.made += 1
                await asyncio.sleep(0.0005)
        finally:
            self.stopped.set()
        return response


def _event(value: dict[str, Any]) -> bytes:
    name = f"event: {value['type']}\n" if "type" in value else ""
    return f"{name}data: {json.dumps(value)}\n\n".encode()


_CHUNK = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4"}
_TEXT = {"id": "c1", "object": "text_completion", "created": 1, "model": "gpt-4"}
_MESSAGE = {"id": "m1", "type": "message", "role": "assistant", "model": "gpt-4", "content": [], "stop_reason": None}
_RESPONSE = {"id": "r1", "object": "response", "created_at": 1, "model": "gpt-4", "status": "in_progress", "output": []}
_SHAPES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "/v1/chat/completions": (
        {**_CHUNK, "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]},
        {**_CHUNK, "choices": [{"index": 0, "delta": {"content": " palavra"}, "finish_reason": None}]},
    ),
    "/v1/completions": (
        {**_TEXT, "choices": [{"index": 0, "text": "", "finish_reason": None}]},
        {**_TEXT, "choices": [{"index": 0, "text": " palavra", "finish_reason": None}]},
    ),
    "/v1/messages": (
        {"type": "message_start", "message": {**_MESSAGE, "usage": {"input_tokens": 9, "output_tokens": 1}}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": " palavra"}},
    ),
    "/v1/responses": (
        {"type": "response.created", "sequence_number": 0, "response": _RESPONSE},
        {"type": "response.output_text.delta", "sequence_number": 4, "output_index": 0, "delta": " palavra"},
    ),
}
_ASKED: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {"messages": [{"role": "user", "content": "Conte"}], "max_tokens": 50},
    "/v1/completions": {"prompt": "Conte", "max_tokens": 50},
    "/v1/messages": {"messages": [{"role": "user", "content": "Conte"}], "max_tokens": 50},
    "/v1/responses": {"input": "Conte", "max_output_tokens": 50},
}
_ENDS = {
    "/v1/chat/completions": ['"finish_reason":"length"', "data:[DONE]"],
    "/v1/completions": ['"finish_reason":"length"', "data:[DONE]"],
    "/v1/messages": ['"content_block_stop"', '"stop_reason":"max_tokens"', '"message_stop"'],
    "/v1/responses": ['"response.incomplete"', '"reason":"max_output_tokens"'],
}


@asynccontextmanager
async def endless_model() -> AsyncIterator[tuple[Endless, str]]:
    model = Endless()
    async with model_that_answers(model.answer) as url:
        yield model, url


@asynccontextmanager
async def model_that_answers(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    application = web.Application()
    for path in _SHAPES:
        application.router.add_post(path, answer)

    async def models(_request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": "gpt-4", "object": "model"}]})

    application.router.add_get("/v1/models", models)
    runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("route", list(_SHAPES))
async def test_a_model_that_ignores_its_limit_is_stopped_where_the_wallet_ends(database_url: str, route: str) -> None:
    async with endless_model() as (model, url), running_gateway(database_url, url) as room:
        user = await room.user(400)
        body = {"model": "gpt-4", "stream": True, **_ASKED[route]}
        response = await room.http.post(room.url + route, json=body, headers=user.headers)
        text = (await response.text()).replace(" ", "")

        assert response.status == 200
        for ending in _ENDS[route]:
            assert ending in text
        await asyncio.wait_for(model.stopped.wait(), 10)
        event = await room.only_event(user)
        wallet = (await room.settled(user)).wallet
        assert event["ending"] == "out_of_tokens"
        assert (wallet.used <= 400, wallet.overage) == (True, 0)
        # Charged is what was delivered, a token a word, and nearly all that there was.
        assert text.count("palavra") == event["output_tokens"]
        assert wallet.used >= 0.95 * 400


class Complete:
    """A model whose prompt costs far more than we estimate: a hundred words, and a usage that says so."""

    prompt_tokens = 5_050

    async def answer(self, request: web.Request) -> web.StreamResponse:
        words = int((await request.json())["max_tokens"])
        usage = {"prompt_tokens": self.prompt_tokens, "completion_tokens": words}
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        opening, delta = _SHAPES[request.path]
        await response.write(_event(opening))
        for _ in range(words):
            await response.write(_event(delta))
        end = {"index": 0, "delta": {}, "finish_reason": "stop"}
        await response.write(_event({**_CHUNK, "choices": [end]}))
        await response.write(_event({**_CHUNK, "choices": [], "usage": usage}) + b"data: [DONE]\n\n")
        return response


@pytest.mark.parametrize("words", range(96, 104))
async def test_what_the_provider_counted_is_charged_whatever_the_wallet_holds(database_url: str, words: int) -> None:
    async with model_that_answers(Complete().answer) as url, running_gateway(database_url, url) as room:
        user = await room.user(1_000)
        body = {
            "model": "gpt-4",
            "stream": True,
            "messages": [{"role": "user", "content": "Leia"}],
            "max_tokens": words,
        }
        response = await room.http.post(room.url + "/v1/chat/completions", json=body, headers=user.headers)
        text = (await response.text()).replace(" ", "")

        event = await room.only_event(user)
        assert (event["ending"], event["estimated"]) == ("complete", False)
        assert (event["input_tokens"], event["output_tokens"]) == (Complete.prompt_tokens, words)
        assert event["overage"] == event["tokens_charged"] - 1_000
        assert '"finish_reason":"stop"' in text
        assert '"length"' not in text


async def test_the_official_client_reads_a_stream_that_was_ended_at_the_wallets_end(database_url: str) -> None:
    async with endless_model() as (_, url), running_gateway(database_url, url) as room:
        user = await room.user(200)
        async with openai.AsyncOpenAI(base_url=f"{room.url}/v1", api_key=user.key, max_retries=0) as client:
            stream = await client.chat.completions.create(
                model="gpt-4",
                messages=[{"role": "user", "content": "Conte"}],
                stream=True,
                stream_options={"include_usage": True},
            )
            chunks = [chunk async for chunk in stream]
        finished = [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
        assert finished == ["length"]
        assert chunks[-1].usage is not None
        assert chunks[-1].usage.total_tokens == (await room.only_event(user))["tokens_charged"]

        poor = await room.user(200)
        async with openai.AsyncOpenAI(base_url=f"{room.url}/v1", api_key=poor.key, max_retries=0) as client:
            events = [event async for event in await client.responses.create(model="gpt-4", input="Conte", stream=True)]
        assert events[-1].type == "response.incomplete"
        await room.settled(poor)
