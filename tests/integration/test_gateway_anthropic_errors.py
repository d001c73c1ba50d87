"""Errors of the Anthropic API's paths, as its clients read them: `"type": "error"` beside `error`."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from tests.integration.gateway_room import CHAT, GatewayRoom, running_gateway

MESSAGES = "/v1/messages"
SAID: dict[str, Any] = {"model": "gpt-4", "max_tokens": 50, "messages": [{"role": "user", "content": "Olá"}]}


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[GatewayRoom]:
    async def refuse(request: web.Request) -> web.Response:
        if request.method == "GET":
            return web.json_response({"data": [{"id": "gpt-4", "object": "model"}]})
        return web.json_response({"error": {"message": "bad value", "type": "invalid_request_error"}}, status=400)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with running_gateway(database_url, f"http://127.0.0.1:{runner.addresses[0][1]}") as running:
        yield running
    await runner.cleanup()


async def answered(room: GatewayRoom, path: str, headers: dict[str, str], content: bytes) -> tuple[int, Any]:
    async with room.http.post(room.url + path, data=content, headers=headers) as response:
        whole = await response.read()
        assert int(response.headers["Content-Length"]) == len(whole)
        return response.status, json.loads(whole)


@pytest.mark.parametrize("path", [MESSAGES, f"/{MESSAGES}/", f"{MESSAGES}/count_tokens", f"{MESSAGES}/batches"])
async def test_every_error_has_anthropics_envelope(room: GatewayRoom, path: str) -> None:
    user, poor = await room.user(), await room.user(tokens=1)
    served = not path.endswith("batches")
    cases = {
        401: await answered(room, path, {"x-api-key": "sk-solaris-none"}, json.dumps(SAID).encode()),
        400: await answered(room, path, user.headers, b"{"),
        404: await answered(room, path, user.headers, json.dumps({**SAID, "model": "none"}).encode()),
    }
    if path.rstrip("/").endswith("messages"):
        cases[402] = await answered(room, path, poor.headers, json.dumps({**SAID, "stream": True}).encode())
    for expected, (status, body) in cases.items():
        assert status == (expected if served else 404), (expected, body)
        assert body["type"] == "error", body
        # The product's own shape, unchanged.
        assert {"message", "type", "code", "param", "trace_id"} == body["error"].keys()


async def test_what_the_model_service_refuses_has_it_too(room: GatewayRoom) -> None:
    status, body = await answered(room, MESSAGES, (await room.user()).headers, json.dumps(SAID).encode())
    assert (status, body["type"], body["error"]["type"]) == (400, "error", "invalid_request_error")


async def test_other_apis_keep_their_shape(room: GatewayRoom) -> None:
    poor = await room.user(tokens=1)
    status, body = await answered(room, CHAT, poor.headers, json.dumps(SAID).encode())
    assert (status, body.keys()) == (402, {"error"})
    async with asyncio.timeout(10), room.http.get(room.url + "/api/none") as response:
        assert (await response.json()).keys() == {"error"}
