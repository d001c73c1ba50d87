"""Bodies as clients really send them: packed, with numbers beyond 64 bits, with large binary parts."""

import base64
import gzip
import zlib
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from aiohttp import web
from tests.integration.gateway_room import GatewayRoom, User, running_gateway

from solaris.local.simulator import ModelSimulator

Json = dict[str, Any]
LIMIT = 2_000_000
CHAT = {"model": "gpt-4", "messages": [{"role": "user", "content": "Olá"}]}
BODIES: dict[str, Json] = {
    "chat/completions": CHAT,
    "completions": {"model": "gpt-4", "prompt": "Olá", "max_tokens": 9},
    "responses": {"model": "gpt-4", "input": "Olá"},
    "messages": {"model": "gpt-4", "max_tokens": 9, "messages": [{"role": "user", "content": "Olá"}]},
    "embeddings": {"model": "text-embedding-3-small", "input": "Olá"},
}


class Provider:
    """Answers every call like a chat model and keeps what it received, byte by byte."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.refusal: tuple[int, str] | None = None

    async def answer(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        if self.refusal is not None:
            status, message = self.refusal
            return web.json_response({"error": {"message": message, "type": "auth_error"}}, status=status)
        choice = {"index": 0, "message": {"role": "assistant", "content": "Oi"}, "finish_reason": "stop"}
        usage = {"prompt_tokens": 8, "completion_tokens": 1, "total_tokens": 9}
        return web.json_response({"object": "chat.completion", "choices": [choice], "usage": usage})

    async def models(self, _request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": "gpt-4"}]})


@pytest.fixture
async def provider() -> AsyncIterator[tuple[Provider, str]]:
    answering = Provider()
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_get("/v1/models", answering.models)
    app.router.add_post("/v1/{rest:.*}", answering.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield answering, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture(scope="module")
async def room(module_database_url: str, running_simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(module_database_url, running_simulator.url, solaris_body_limit_bytes=LIMIT) as running:
        yield running


async def post(room: GatewayRoom, user: User, route: str, raw: bytes, **headers: str) -> tuple[int, Json]:
    sent = {
        "Content-Type": "application/json",
        **user.headers,
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    async with room.http.post(f"{room.url}/v1/{route}", data=raw, headers=sent) as response:
        return response.status, await response.json()


@pytest.mark.parametrize("route", BODIES)
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_packed_body_is_answered_and_charged_like_the_plain_one(
    room: GatewayRoom, simulator: ModelSimulator, route: str, encoding: str
) -> None:
    packed, plain = await room.user(), await room.user()
    raw = orjson.dumps(BODIES[route])
    pack = gzip.compress if encoding == "gzip" else zlib.compress

    status, answer = await post(room, packed, route, pack(raw), Content_Encoding=encoding)
    headers = simulator.calls.last.headers
    sent = simulator.calls.last.body
    other, _ = await post(room, plain, route, raw)

    assert (status, other) == (200, 200), answer
    assert "content-encoding" not in headers
    assert {**sent, "user": "", "metadata": ""} == {**simulator.calls.last.body, "user": "", "metadata": ""}
    first, second = await room.only_event(packed), await room.only_event(plain)
    assert first["tokens_charged"] == second["tokens_charged"]


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
async def test_another_encoding_is_a_415_that_names_those_that_are_taken(room: GatewayRoom, encoding: str) -> None:
    status, answer = await post(room, await room.user(), "chat/completions", b"x", Content_Encoding=encoding)
    assert (status, answer["error"]["code"]) == (415, "unsupported_encoding")
    assert "gzip ou deflate" in answer["error"]["message"]


async def test_a_bomb_is_a_413_and_a_broken_pack_a_400(room: GatewayRoom) -> None:
    user = await room.user()
    bomb = gzip.compress(b'{"model": "gpt-4", "x": "' + b"a" * 50_000_000 + b'"}')
    status, answer = await post(room, user, "chat/completions", bomb, Content_Encoding="gzip")
    assert status == 413, answer
    status, answer = await post(room, user, "chat/completions", orjson.dumps(CHAT), Content_Encoding="gzip")
    assert (status, answer["error"]["param"]) == (400, "Content-Encoding")
    assert (await room.settled(user)).wallet.used == 0


async def test_a_packed_body_repeated_plain_with_the_same_key_is_the_same_request(room: GatewayRoom) -> None:
    user = await room.user()
    raw = orjson.dumps(CHAT)
    first, _ = await post(
        room, user, "chat/completions", gzip.compress(raw), Content_Encoding="gzip", Idempotency_Key="k"
    )
    again, answer = await post(room, user, "chat/completions", raw, Idempotency_Key="k")
    assert (first, again, answer["error"]["code"]) == (200, 409, "duplicate_request")


@pytest.mark.parametrize(
    "number", [str(2**70), str(-(2**65)), "9" * 500, "0.1234567890123456789012345", str(2**64 - 1), "1e400"]
)
async def test_a_number_beyond_64_bits_reaches_the_provider_as_it_came(
    database_url: str, provider: tuple[Provider, str], number: str
) -> None:
    answering, url = provider
    async with running_gateway(database_url, url) as room:
        raw = orjson.dumps(CHAT)[:-1] + b',"seed":%b,"extra":[{"deep":[%b,1]}]}' % (number.encode(), number.encode())
        status, answer = await post(room, await room.user(), "chat/completions", raw)
        assert status == 200, answer
        assert b'"seed":%b,"extra":[{"deep":[%b,1]}]' % (number.encode(), number.encode()) in answering.bodies[-1]


async def test_a_limit_beyond_64_bits_is_refused_by_name(room: GatewayRoom) -> None:
    raw = orjson.dumps(CHAT)[:-1] + b',"max_tokens":1180591620717411303424}'
    status, answer = await post(room, await room.user(), "chat/completions", raw)
    assert (status, answer["error"]["param"]) == (400, "max_tokens")


DATA = base64.b64encode(bytes(i * i % 251 for i in range(240_000))).decode()
PARTS: list[Json] = [
    {"type": "video_url", "video_url": {"url": f"data:video/mp4;base64,{DATA}"}},
    {"type": "input_video", "input_video": {"data": DATA}},
    {"type": "video", "video": DATA},
    {"type": "media", "media_type": "video/mp4", "data": DATA},
    {"type": "document_url", "document_url": f"data:application/pdf;base64,{DATA}"},
    {"inlineData": {"mimeType": "application/pdf", "data": DATA}},
    {"inline_data": {"mime_type": "video/mp4", "data": DATA}},
    {
        "type": "web_fetch_tool_result",
        "tool_use_id": "t",
        "content": {
            "type": "web_fetch_result",
            "content": {
                "type": "document",
                "source": {"type": "base64", "media_type": "application/pdf", "data": DATA},
            },
        },
    },
]


@pytest.mark.parametrize("route", ["chat/completions", "responses", "messages"])
@pytest.mark.parametrize("part", PARTS, ids=lambda part: str(part.get("type", next(iter(part)))))
async def test_a_large_binary_part_is_no_reason_to_refuse_a_call(
    database_url: str, provider: tuple[Provider, str], route: str, part: Json
) -> None:
    _, url = provider
    async with running_gateway(database_url, url) as room:
        content = [{"type": "text", "text": "veja"}, part]
        key = "input" if route == "responses" else "messages"
        body = {**BODIES[route], key: [{"role": "user", "content": content}]}
        status, answer = await post(room, await room.user(5_000), route, orjson.dumps(body))
        assert status == 200, answer


@pytest.mark.parametrize(
    ("refusal", "status", "alarms"),
    [
        ((401, "Authentication Error, Rejected Request: api_base is not allowed in request body."), 400, 0),
        ((403, "Your input was flagged by moderation."), 400, 0),
        ((404, "No such File object: file-1"), 400, 0),
        ((401, "Incorrect API key provided"), 503, 1),
        ((404, "The model `gpt-4` does not exist"), 503, 1),
    ],
)
async def test_only_a_refusal_that_the_body_did_not_cause_is_an_alarm(
    database_url: str, provider: tuple[Provider, str], refusal: tuple[int, str], status: int, alarms: int
) -> None:
    answering, url = provider
    answering.refusal = refusal
    async with running_gateway(database_url, url) as room:
        user = await room.user()
        answered, body = await post(room, user, "chat/completions", orjson.dumps(CHAT))
        assert answered == status, body
        assert len(room.logged("model_service_refuses_us")) == alarms
        assert (await room.settled(user)).wallet.used == 0
