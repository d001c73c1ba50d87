"""Who may call, with what, and how much: bad input, models, repeats, blocked users, tiny balances."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.integration.gateway_room import CHAT, GatewayRoom, running_gateway

from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.front_ends import FrontEnds
from solaris.local.simulator import ModelSimulator


@pytest.fixture(scope="module")
async def room(module_database_url: str, running_simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(module_database_url, running_simulator.url) as running:
        yield running


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"model": "gpt-4",\n "messages": [}', "linha 2"),
        (b"", "JSON"),
        (b"[]", "objeto JSON"),
        (b'"gpt-4"', "objeto JSON"),
        (b'{"messages": [{"role": "user", "content": "a"}]}', "'model'"),
        (b'{"model": 4, "messages": [{"role": "user", "content": "a"}]}', "'model'"),
        (b'{"model": "gpt-4"}', "'messages'"),
        (b'{"model": "gpt-4", "messages": []}', "'messages'"),
        (b'{"model": "gpt-4", "messages": [{}], "stream": "yes"}', "'stream'"),
        (b'{"model": "gpt-4", "messages": [{}], "max_tokens": -1}', "'max_tokens'"),
        (b'{"model": "gpt-4", "messages": [{}], "n": 1000000}', "'n'"),
        (b'{"model": "gpt-4", "messages": [{"content": "\xff"}]}', "JSON"),
    ],
)
async def test_a_body_that_can_not_be_used_is_a_400_that_names_the_mistake(
    room: GatewayRoom, body: bytes, said: str
) -> None:
    user = await room.user()

    response = await room.http.post(room.url + CHAT, data=body, headers=user.headers)

    error = (await response.json())["error"]
    assert response.status == 400
    assert said in error["message"]
    assert error["type"] == "invalid_request_error"
    assert (await room.ledger.balance(user.user_id)).wallet.held == 0


async def test_an_unknown_model_is_a_404_that_names_the_known_ones(room: GatewayRoom) -> None:
    response = await room.chat(await room.user(), model="gpt-99")

    error = (await response.json())["error"]
    assert response.status == 404
    assert (error["code"], error["param"]) == ("model_not_found", "model")
    assert "gpt-99" in error["message"]
    assert "gpt-4" in error["message"]


async def test_a_huge_body_is_a_413(room: GatewayRoom) -> None:
    user = await room.user()
    huge = io.BytesIO(b"x" * (20 * 1024 * 1024 + 1))
    response = await room.http.post(room.url + CHAT, data=huge, headers=user.headers)
    assert response.status == 413
    assert "limite de 20 MB." in (await response.json())["error"]["message"]


async def test_a_large_body_within_the_limit_passes(room: GatewayRoom, simulator: ModelSimulator) -> None:
    user = await room.user(100_000_000)
    messages = [{"role": "user", "content": "palavra " * 100_000}] * 3
    body = json.dumps({"model": "gpt-4", "messages": messages}).encode()
    response = await room.http.post(room.url + CHAT, data=io.BytesIO(body), headers=user.headers)
    assert response.status == 200
    assert simulator.calls.count == 1


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer sk-wrong"}, {"Authorization": "Basic YTpi"}])
async def test_nobody_known_is_a_401(room: GatewayRoom, headers: dict[str, str]) -> None:
    body = {"model": "gpt-4", "messages": [{"role": "user", "content": "a"}]}
    for response in (
        await room.http.post(room.url + CHAT, json=body, headers=headers),
        await room.http.get(room.url + "/v1/models", headers=headers),
        await room.http.get(room.url + "/api/tokens/current", headers=headers),
    ):
        assert response.status == 401
        assert (await response.json())["error"]["type"] == "authentication_error"


async def test_models_are_listed_in_openais_shape(room: GatewayRoom) -> None:
    user = await room.user()
    for path in ("/v1/models", "/models"):
        listing = await (await room.http.get(room.url + path, headers=user.headers)).json()
        assert listing["object"] == "list"
        entry = next(model for model in listing["data"] if model["id"] == "gpt-4")
        assert {"object": "model", "created": 0, "owned_by": "simulador"}.items() <= entry.items()


async def test_a_model_that_is_switched_off_is_hidden_and_refused(
    database_url: str, running_simulator: ModelSimulator
) -> None:
    async with running_gateway(database_url, running_simulator.url) as own:
        await own.database.execute("UPDATE models SET active = false WHERE name = 'gpt-4'")
        user = await own.user()
        listing = await (await own.http.get(own.url + "/v1/models", headers=user.headers)).json()
        assert "gpt-4" not in [model["id"] for model in listing["data"]]
        assert (await own.chat(user)).status == 404


async def test_weights_and_conversion_factor_decide_the_charge(
    database_url: str, running_simulator: ModelSimulator
) -> None:
    async with running_gateway(database_url, running_simulator.url, token_conversion_factor="0.376") as own:
        await own.database.execute(
            "UPDATE models SET output_weight = 3, cached_input_weight = 0.5 WHERE name = 'gpt-4'"
        )
        user = await own.user()
        response = await own.chat(user, "Olá [[sim output_tokens=100 cached_tokens=10]]")
        usage = (await response.json())["usage"]
        weighted = (usage["prompt_tokens"] - 10) * 1000 + 10 * 500 + 100 * 3000
        assert int(response.headers["X-Solaris-Tokens-Charged"]) == -(-weighted * 376 // 1_000_000)


async def test_a_repeat_with_the_same_key_is_not_made_twice(room: GatewayRoom, simulator: ModelSimulator) -> None:
    user = await room.user()
    key = {"Idempotency-Key": "pedido-1"}
    slow = "Olá [[sim delay_seconds=0.5 output_tokens=10]]"

    first = asyncio.ensure_future(room.chat(user, slow, headers=key))
    await asyncio.sleep(0.25)
    running = await room.chat(user, slow, headers=key)
    answered = await first
    charged = await room.chat(user, slow, headers=key)
    other = await room.chat(user, "outra pergunta", headers=key)
    somebody = await room.chat(await room.user(), "outra pergunta", headers=key)

    assert answered.status == 200
    assert answered.headers["X-Solaris-Request-Id"] == "pedido-1"
    assert (running.status, charged.status, other.status, somebody.status) == (409, 409, 409, 200)
    assert "em andamento" in (await running.json())["error"]["message"]
    told = (await charged.json())["error"]
    assert told["code"] == "duplicate_request"
    assert f"custou {answered.headers['X-Solaris-Tokens-Charged']} tokens" in told["message"]
    assert (await other.json())["error"]["code"] == "idempotency_conflict"
    assert simulator.calls.count == 2
    assert len(await room.events(user)) == 1


async def test_the_key_of_a_call_that_failed_says_that_nothing_was_charged(room: GatewayRoom) -> None:
    user = await room.user()
    key = {"Idempotency-Key": "pedido-2"}
    assert (await room.chat(user, "[[sim error=500]]", headers=key)).status == 502
    repeat = await room.chat(user, "[[sim error=500]]", headers=key)
    assert repeat.status == 409
    assert "nada foi cobrado" in (await repeat.json())["error"]["message"]


@pytest.mark.parametrize("key", ["com espaço", "x" * 201])
async def test_an_idempotency_key_that_can_not_be_used_is_refused(room: GatewayRoom, key: str) -> None:
    response = await room.chat(await room.user(), headers={"Idempotency-Key": key})
    assert response.status == 400
    error = (await response.json())["error"]
    assert (error["code"], error["param"]) == ("idempotency_key_invalid", "Idempotency-Key")


async def test_who_has_nothing_left_is_told_in_one_line_with_the_way_on(
    room: GatewayRoom, simulator: ModelSimulator
) -> None:
    user = await room.user(0)
    response = await room.chat(user)

    error = (await response.json())["error"]
    assert response.status == 402
    (line,) = room.logged_of(user, "http_request")
    assert {"code": "monthly_quota_exceeded", "model": "gpt-4", "tokens_remaining": 0}.items() <= line[
        "details"
    ].items()
    assert (error["type"], error["code"]) == ("quota_exceeded", "monthly_quota_exceeded")
    assert response.headers["x-should-retry"] == "false"
    assert response.headers["X-Solaris-State"] == "blocked"
    assert len(error["message"]) < 240
    assert "\n" not in error["message"]
    assert "http://localhost:3001" in error["message"]
    assert simulator.calls.count == 0


async def test_a_suspended_user_is_refused(room: GatewayRoom) -> None:
    user = await room.user()
    await room.database.execute("UPDATE users SET active = false WHERE id = $1", user.user_id)
    response = await room.chat(user)
    assert response.status == 403
    assert (await response.json())["error"]["code"] == "user_suspended"


@pytest.mark.parametrize("stream", [True, False])
async def test_a_front_end_may_have_the_notice_as_the_assistants_message(room: GatewayRoom, stream: bool) -> None:
    created = await FrontEnds(room.database, CacheInvalidation()).create(_front_end(f"chat-{stream}"))
    await room.database.execute("UPDATE plans SET monthly_tokens = 0 WHERE plan_type = 'basico'")
    headers = {
        "Authorization": f"Bearer {created.key}",
        "X-LibreChat-User-Id": f"u-{stream}",
        "X-LibreChat-User-Email": "ana@exemplo.com.br",
    }
    body = {"model": "gpt-4", "messages": [{"role": "user", "content": "oi"}], "stream": stream}
    response = await room.http.post(room.url + CHAT, json=body, headers=headers)
    text = await response.text()
    await room.database.execute("UPDATE plans SET monthly_tokens = 250000 WHERE plan_type = 'basico'")
    assert response.status == 200
    assert "Sua conta não tem franquia de tokens neste mês e está sem créditos." in text
    assert ("[DONE]" in text) is stream
    assert response.headers["X-Solaris-State"] == "blocked"
    assert await room.database.fetchval("SELECT count(*) FROM usage_events WHERE front_end_key_id IS NOT NULL") == 0


def _front_end(name: str) -> Any:
    from solaris.auth.front_ends import NewFrontEnd
    from solaris.auth.principal import BlockStyle

    return NewFrontEnd(name=name, block_style=BlockStyle.ASSISTANT_MESSAGE)


async def test_the_output_limit_is_lowered_to_what_is_left(room: GatewayRoom, simulator: ModelSimulator) -> None:
    user = await room.user(60)

    # A call that is not streamed leaves half of what is free to others.
    response = await room.chat(user, "Conte [[sim output_tokens=500]]", max_tokens=400)

    answer = await response.json()
    sent = simulator.calls.last.body
    assert isinstance(sent, dict)
    assert sent["max_tokens"] < 30
    assert answer["choices"][0]["finish_reason"] == "length"
    wallet = (await room.settled(user)).wallet
    assert wallet.used <= 60
    assert wallet.overage == 0


async def test_a_model_that_nobody_listed_gets_the_assumed_limit(room: GatewayRoom, simulator: ModelSimulator) -> None:
    user = await room.user()
    await room.chat(user, model="gpt-4o")
    assert isinstance(simulator.calls.last.body, dict)
    assert simulator.calls.last.body["max_tokens"] == 4096
    await room.chat(user, model="gpt-4")
    assert "max_tokens" not in simulator.calls.last.body


@pytest.mark.parametrize("stream", [True, False])
async def test_sixty_four_parallel_calls_on_a_tiny_balance_never_overdraw(room: GatewayRoom, stream: bool) -> None:
    user = await room.user(500)

    async def call(number: int) -> int:
        response = await room.chat(
            user, f"Pergunta {number} [[sim output_tokens=60]]", stream=stream, max_tokens=80, model="gpt-4o"
        )
        await response.read()
        return response.status

    statuses = await asyncio.gather(*(call(number) for number in range(64)))

    wallet = (await room.settled(user)).wallet
    assert 200 in statuses
    assert set(statuses) <= {200, 402, 429}
    assert wallet.used <= 500
    assert wallet.overage == 0
    assert len(await room.events(user)) == statuses.count(200)


async def test_a_crossed_threshold_is_told_once_on_the_answer_that_crossed_it(room: GatewayRoom) -> None:
    user = await room.user(1_000)
    first = await room.chat(user, "[[sim output_tokens=720]]", max_tokens=850, stream=True, model="gpt-4o")
    await first.read()
    await room.settled(user)
    crossing = await room.chat(user, "[[sim output_tokens=80]]", max_tokens=100)
    following = await room.chat(user, "[[sim output_tokens=5]]", max_tokens=10)
    assert crossing.headers["X-Solaris-Alert"] == "80"
    assert crossing.headers["X-Solaris-State"] == "alert_80"
    assert "X-Solaris-Alert" not in following.headers


async def test_a_threshold_that_a_stream_crosses_is_told_on_the_next_answer(room: GatewayRoom) -> None:
    user = await room.user(1_000)
    crossing = await room.chat(user, "[[sim output_tokens=820]]", max_tokens=850, stream=True, model="gpt-4o")
    await crossing.read()
    await room.settled(user)
    following = await room.chat(user, "[[sim output_tokens=5]]", max_tokens=10, stream=True)
    again = await room.chat(user, "[[sim output_tokens=5]]", max_tokens=10)
    assert "X-Solaris-Alert" not in crossing.headers
    assert following.headers["X-Solaris-Alert"] == "80"
    assert "X-Solaris-Alert" not in again.headers
