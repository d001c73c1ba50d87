"""Every ending of a call is charged exactly once, or not at all (SPEC 3.2 and 3.3)."""

import asyncio
from collections.abc import AsyncIterator

import orjson
import pytest
from tests.integration.gateway_room import CHAT, GatewayRoom, running_gateway

from solaris.local.simulator import ModelSimulator


@pytest.fixture(scope="module")
async def room(module_database_url: str, running_simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(module_database_url, running_simulator.url) as running:
        yield running


@pytest.fixture(scope="module")
async def hasty_room(module_database_url: str, running_simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    """A proxy that reads no stream on whose caller has left."""
    async with running_gateway(module_database_url, running_simulator.url, solaris_read_on_seconds=0) as running:
        yield running


def _usage(answer: dict[str, dict[str, int]]) -> int:
    return answer["usage"]["prompt_tokens"] + answer["usage"]["completion_tokens"]


async def test_an_unstreamed_call_costs_what_the_provider_counted_and_says_so(room: GatewayRoom) -> None:
    user = await room.user(100_000)

    response = await room.chat(user, "Olá [[sim output_tokens=40 cached_tokens=5 reasoning_tokens=7]]")

    answer = await response.json()
    event = await room.only_event(user)
    assert response.status == 200
    assert event["tokens_charged"] == _usage(answer) == int(response.headers["X-Solaris-Tokens-Charged"])
    assert (event["cached_input_tokens"], event["reasoning_tokens"]) == (5, 7)
    assert (event["ending"], event["estimated"]) == ("complete", False)
    assert (event["model_asked"], event["model_answered"]) == ("gpt-4", answer["model"])
    assert event["request_id"] == response.headers["X-Solaris-Request-Id"]
    assert event["trace_id"] == response.headers["X-Trace-Id"]
    assert 0 <= event["first_byte_ms"] <= event["duration_ms"]
    assert int(response.headers["X-Solaris-Tokens-Remaining"]) == 100_000 - event["tokens_charged"]
    assert response.headers["X-Solaris-State"] == "normal"
    assert "X-Solaris-Alert" not in response.headers


@pytest.mark.parametrize("wants_usage", [True, False])
async def test_a_stream_costs_what_the_provider_counted_and_shows_usage_only_to_who_asked(
    room: GatewayRoom, wants_usage: bool
) -> None:
    user = await room.user()
    options = {"stream_options": {"include_usage": True}} if wants_usage else {}

    response = await room.chat(user, "Olá [[sim output_tokens=30]]", stream=True, **options)

    body = await response.read()
    event = await room.only_event(user)
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert body.endswith(b"data: [DONE]\n\n")
    assert (b'"usage"' in body) is wants_usage
    assert event["output_tokens"] == 30
    assert (event["ending"], event["estimated"]) == ("complete", False)
    assert response.headers["X-Solaris-State"] == "normal"


@pytest.mark.parametrize("stream", [True, False])
async def test_without_usage_the_text_is_counted_and_the_event_says_estimated(room: GatewayRoom, stream: bool) -> None:
    user = await room.user()

    response = await room.chat(user, "Olá [[sim output_tokens=30 no_usage=1]]", stream=stream, model="gpt-4o")

    await response.read()
    event = await room.only_event(user)
    assert (event["ending"], event["estimated"]) == ("no_usage", True)
    assert abs(event["output_tokens"] - 30) <= 1
    assert event["input_tokens"] > 0


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(("directive", "status"), [("error=500", 502), ("error=429", 503), ("error=401", 503)])
async def test_a_failed_call_costs_nothing_and_its_hold_is_released_at_once(
    room: GatewayRoom, stream: bool, directive: str, status: int
) -> None:
    user = await room.user()

    response = await room.chat(user, f"Olá [[sim {directive}]]", stream=stream)

    error = (await response.json())["error"]
    balance = await room.ledger.balance(user.user_id)
    assert response.status == status
    assert error["type"] == "upstream_error"
    assert error["trace_id"] == response.headers["X-Trace-Id"]
    assert (balance.wallet.held, balance.wallet.used) == (0, 0)
    assert await room.events(user) == []


async def test_a_request_the_model_refuses_keeps_its_status_and_costs_nothing(room: GatewayRoom) -> None:
    user = await room.user()

    response = await room.chat(user, "Olá [[sim error=422]]")

    error = (await response.json())["error"]
    assert response.status == 422
    assert error["type"] == "invalid_request_error"
    assert error["message"].startswith("O modelo recusou a requisição: ")
    assert (await room.ledger.balance(user.user_id)).wallet.held == 0


async def test_an_unstreamed_answer_that_breaks_off_costs_nothing(room: GatewayRoom) -> None:
    user = await room.user()

    response = await room.chat(user, "Olá [[sim fail_after_chunks=0]]")

    assert response.status == 502
    assert (await room.settled(user)).wallet.used == 0


@pytest.mark.parametrize("chunks", [1, 2, 7, 20])
async def test_a_stream_that_breaks_off_ends_in_an_error_event_and_costs_what_was_delivered(
    room: GatewayRoom, chunks: int
) -> None:
    user = await room.user()

    response = await room.chat(
        user, f"Olá [[sim output_tokens=40 fail_after_chunks={chunks} chunk_delay_seconds=0.002]]", stream=True
    )

    body = await response.read()
    event = await room.only_event(user)
    last = orjson.loads(body.strip().split(b"\n\n")[-1].removeprefix(b"data: "))
    assert last["error"]["type"] == "upstream_error"
    assert "interrompida" in last["error"]["message"]
    assert (event["ending"], event["estimated"]) == ("upstream_error", True)
    assert 0 < event["output_tokens"] < 40
    assert event["input_tokens"] > 0


async def test_a_stream_that_breaks_off_before_its_first_word_costs_nothing(room: GatewayRoom) -> None:
    user = await room.user()

    response = await room.chat(user, "Olá [[sim fail_after_chunks=0]]", stream=True)

    await response.read()
    assert (await room.settled(user)).wallet.used == 0


@pytest.mark.parametrize("chunks", [0, 1, 2, 3, 5, 10, 20])
async def test_a_caller_who_leaves_in_mid_stream_stops_the_model_and_pays_what_was_delivered(
    hasty_room: GatewayRoom, simulator: ModelSimulator, chunks: int
) -> None:
    user = await hasty_room.user()

    response = await hasty_room.chat(user, "Olá [[sim output_tokens=400 chunk_delay_seconds=0.01]]", stream=True)
    for _ in range(chunks):
        await response.content.readuntil(b"\n\n")
    response.close()

    event = await hasty_room.only_event(user)
    assert (event["ending"], event["estimated"]) == ("client_gone", True)
    assert max(0, chunks - 2) <= event["output_tokens"] < 100
    assert event["input_tokens"] > 0
    for _ in range(100):
        if simulator.calls.last.outcome != "running":
            break
        await asyncio.sleep(0.01)
    assert simulator.calls.last.outcome == "aborted"
    assert simulator.calls.last.chunks < 100


async def test_a_caller_who_leaves_before_the_first_byte_of_a_stream_stops_the_model(
    hasty_room: GatewayRoom, simulator: ModelSimulator
) -> None:
    user = await hasty_room.user()

    calling = asyncio.ensure_future(hasty_room.chat(user, "Olá [[sim delay_seconds=20]]", stream=True))
    await asyncio.sleep(0.3)
    calling.cancel()

    event = await hasty_room.only_event(user)
    assert (event["ending"], event["output_tokens"]) == ("client_gone", 0)
    await asyncio.sleep(0.1)
    assert simulator.calls.last.outcome == "aborted"


async def test_an_unstreamed_call_whose_caller_leaves_is_charged_by_the_providers_count(room: GatewayRoom) -> None:
    user = await room.user()

    calling = asyncio.ensure_future(room.chat(user, "Olá [[sim delay_seconds=0.6 output_tokens=33]]"))
    await asyncio.sleep(0.3)
    calling.cancel()
    await asyncio.sleep(0.5)

    event = await room.only_event(user)
    assert (event["ending"], event["estimated"], event["output_tokens"]) == ("client_gone", False, 33)


async def test_tools_and_several_choices_pass_through_unchanged(room: GatewayRoom, simulator: ModelSimulator) -> None:
    user = await room.user()
    tools = [{"type": "function", "function": {"name": "buscar", "parameters": {"type": "object", "x-own": 1}}}]

    response = await room.chat(
        user, "buscar", n=2, tools=tools, tool_choice="required", unknown_field={"kept": [1, None]}
    )

    answer = await response.json()
    sent = simulator.calls.last.body
    assert len(answer["choices"]) == 2
    assert answer["choices"][1]["message"]["tool_calls"][0]["function"]["name"] == "buscar"
    assert isinstance(sent, dict)
    assert sent["tools"] == tools
    assert sent["unknown_field"] == {"kept": [1, None]}
    assert (await room.only_event(user))["tokens_charged"] == _usage(answer)


async def test_nobody_elses_identity_or_credential_reaches_litellm(
    room: GatewayRoom, simulator: ModelSimulator
) -> None:
    user = await room.user()
    foreign = {
        "X-OpenWebUI-User-Id": "outro", "X-LibreChat-User-Id": "outro", "Cookie": "a=b", "X-Forwarded-For": "10.0.0.1",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "X-OpenWebUI-Chat-Id": "conversa-1",
    }  # fmt: skip

    await room.chat(
        user, headers=foreign, user="outro", safety_identifier="outro", metadata={"user_id": "outro", "a": 1},
        fallbacks=["gpt-3.5-turbo"], api_base="http://127.0.0.1:9",
    )  # fmt: skip

    call = simulator.calls.last
    assert isinstance(call.body, dict)
    assert call.body["user"] == call.body["safety_identifier"] == str(user.user_id)
    assert call.body["metadata"] == {"user_id": str(user.user_id), "a": 1}
    assert not {"fallbacks", "api_base"} & call.body.keys()
    assert call.headers["authorization"] == "Bearer sk-test"
    assert call.headers["traceparent"].startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert not {"cookie", "x-forwarded-for"} & call.headers.keys()
    assert not [name for name in call.headers if "openwebui" in name or "librechat" in name]
    assert (await room.only_event(user))["conversation_id"] == "conversa-1"


async def test_the_log_line_has_the_seeds_form(room: GatewayRoom) -> None:
    user = await room.user(5_000)

    await room.chat(user, "Olá [[sim output_tokens=11]]")

    (line,) = room.logged_of(user, "token_consumption")
    event = await room.only_event(user)
    assert (line["level"], line["service"], line["trace_id"]) == ("info", "proxy-solaris", event["trace_id"])
    assert line["details"] == {
        "tokens_consumed": event["tokens_charged"],
        "tokens_remaining": 5_000 - event["tokens_charged"],
        "model": "gpt-4",
        "response_time": event["duration_ms"],
    }


async def test_both_paths_are_served_and_documented(room: GatewayRoom) -> None:
    user = await room.user()
    for path in (CHAT, "/chat/completions"):
        body = {"model": "gpt-4", "messages": [{"role": "user", "content": "oi"}]}
        response = await room.http.post(room.url + path, json=body, headers=user.headers)
        assert response.status == 200
        assert "post" in room.app.openapi()["paths"][path]
        assert (await room.http.get(room.url + path, headers=user.headers)).status == 405
    metrics = await (await room.http.get(room.url + "/metrics")).text()
    assert 'solaris_tokens_charged_total{ending="complete",model="gpt-4"}' in metrics
    assert 'solaris_http_requests_total{method="POST",route="/v1/chat/completions"' in metrics


@pytest.mark.parametrize("stream", [True, False])
async def test_a_caller_who_leaves_before_the_model_is_asked_pays_nothing(room: GatewayRoom, stream: bool) -> None:
    user = await room.user(50_000)
    await (await room.chat(user)).read()
    before = (await room.settled(user)).wallet
    async with room.database.transaction() as elsewhere:
        # Somebody else's transaction keeps the wallet: the call waits for its hold.
        await elsewhere.fetchrow("SELECT 1 FROM wallets WHERE user_id = $1 FOR UPDATE", user.user_id)
        call = asyncio.create_task(room.chat(user, "Olá", stream=stream))
        await asyncio.sleep(0.3)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        await asyncio.sleep(0.1)

    assert (await room.settled(user)).wallet == before
    assert len(await room.events(user)) == 1
