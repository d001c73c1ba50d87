"""What the official clients call beside the metered routes, in front of a server that knows nothing but completions."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from openai import AsyncOpenAI, NotFoundError
from tests.integration.gateway_room import CHAT, GatewayRoom, running_gateway

ORIGIN = "https://app.exemplo.com.br"
SERVED = ("/v1/chat/completions", "/v1/messages/count_tokens", "/v1/models")


class Provider:
    """An OpenAI-compatible server; it counts tokens where `counts` says how."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.counts: web.Response | None = None
        self.url = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        self.asked.append((request.method, request.path, body))
        if request.path == "/v1/models":
            if "return_wildcard_routes" in request.query:
                return web.json_response({"error": {"message": "unknown query parameter"}}, status=400)
            entries = [
                {"id": name, "object": "model", "created": 1_700_000_000} for name in ("gpt-4", "org/model:free")
            ]
            return web.json_response({"data": entries})
        if request.path == "/v1/chat/completions":
            message = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Oi"}}
            usage = {"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6}
            return web.json_response({"id": "x", "object": "chat.completion", "choices": [message], "usage": usage})
        if self.counts is not None and request.path.endswith("_tokens"):
            return self.counts
        return web.json_response({"error": {"message": "not found"}}, status=404)

    @property
    def paths(self) -> list[str]:
        """What was asked beside the names of models."""
        names = {"/v1/models", "/router/settings", "/v1/model/info"}
        return [path for _, path, _ in self.asked if path not in names]


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    standing = Provider()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", standing.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    standing.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield standing
    await runner.cleanup()


@pytest.fixture
async def room(database_url: str, provider: Provider) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(database_url, provider.url, solaris_gateway_origins=ORIGIN) as running:
        yield running


async def raw(room: GatewayRoom, request: str) -> tuple[int, dict[str, str], bytes]:
    """One request written by hand: status, headers, body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(room.url.rpartition(":")[2]))
    writer.write(request.replace("\n", "\r\n").encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    writer.close()
    return int(status.split()[1]), headers, body


async def test_the_official_client_lists_and_retrieves_models_whose_names_hold_slashes(room: GatewayRoom) -> None:
    user = await room.user()
    async with AsyncOpenAI(base_url=room.url + "/v1", api_key=user.key, max_retries=0) as client:
        listed = [model async for model in client.models.list()]
        one = await client.models.retrieve("org/model:free")
        with pytest.raises(NotFoundError) as refused:
            await client.models.retrieve("org/none")
    assert [model.id for model in listed] == ["gpt-4", "org/model:free"]
    assert (one.id, one.object, one.created) == ("org/model:free", "model", 1_700_000_000)
    assert one._request_id
    assert refused.value.code == "model_not_found"
    assert refused.value.request_id
    async with room.http.get(room.url + "/models/org%2Fmodel:free", headers=user.headers) as response:
        assert (await response.json())["id"] == "org/model:free"


async def test_the_list_has_anthropics_shape_too(room: GatewayRoom) -> None:
    user = await room.user()
    headers = {"x-api-key": user.key, "anthropic-version": "2023-06-01"}
    async with room.http.get(room.url + "/v1/models?limit=1000", headers=headers) as response:
        page = await response.json()
    assert (page["has_more"], page["first_id"], page["last_id"]) == (False, "gpt-4", "org/model:free")
    entry = page["data"][0]
    assert (entry["type"], entry["display_name"], entry["created_at"]) == ("model", "gpt-4", "2023-11-14T22:13:20Z")
    assert response.headers["request-id"] == response.headers["x-trace-id"]


async def test_a_model_is_shown_to_nobody_without_a_credential(room: GatewayRoom) -> None:
    for path in ("/v1/models", "/v1/models/gpt-4", "/v1//models/gpt-4/"):
        async with room.http.get(room.url + path) as response:
            assert response.status == 401, path


async def test_answers_carry_our_request_id_where_the_clients_look_for_it(room: GatewayRoom) -> None:
    user = await room.user()
    async with AsyncOpenAI(base_url=room.url + "/v1", api_key=user.key, max_retries=0) as client:
        answer = await client.chat.completions.create(model="gpt-4", messages=[{"role": "user", "content": "Olá"}])
    event = await room.only_event(user)
    assert answer._request_id == event["request_id"]
    for path, status in ((CHAT, 404), ("/v1/messages", 400), ("/v1/nothing", 404)):
        body = {"model": "none", "messages": [{"role": "user", "content": "Olá"}]}
        async with room.http.post(room.url + path, json=body, headers=user.headers) as response:
            trace_id = (await response.json())["error"]["trace_id"]
            assert response.status == status
            assert response.headers.getall("x-request-id") == [trace_id]
            assert response.headers.getall("request-id") == [trace_id]
    async with room.http.get(room.url + "/api/health") as response:
        assert "x-request-id" not in response.headers


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/v1/messages/count_tokens", {"input_tokens": 17}),
        ("/v1/responses/input_tokens", {"object": "response.input_tokens", "input_tokens": 17}),
    ],
)
async def test_tokens_are_counted_free_of_charge_and_cleaned_of_what_steers(
    room: GatewayRoom, provider: Provider, path: str, shape: dict[str, Any]
) -> None:
    user = await room.user(tokens=1)
    provider.counts = web.json_response({"input_tokens": 17, "litellm_count_source": "x"})
    asked = {
        "model": "gpt-4",
        "messages": [{"role": "user", "content": "Olá"}],
        "input": "Olá",
        "api_base": "http://elsewhere",
        "fallbacks": ["x"],
        "user": "somebody-else",
        "metadata": {"api_base": "http://elsewhere"},
        "max_tokens": 5,
        "thinking": {"type": "enabled", "budget_tokens": 1024},
    }
    async with room.http.post(room.url + path, json=asked, headers=user.headers) as response:
        assert (response.status, await response.json()) == (200, shape)
        assert response.headers["x-request-id"]
    (forwarded,) = [body for _, at, body in provider.asked if at == path]
    assert set(forwarded) == {"model", "messages", "input", "thinking"}
    assert (await room.settled(user)).wallet.used == 0
    assert await room.events(user) == []


@pytest.mark.parametrize("counts", [None, "status 500", "no number", "no json", "zero"])
@pytest.mark.parametrize("path", ["/v1/messages/count_tokens", "/v1/responses/input_tokens", "/messages/count_tokens"])
async def test_where_nobody_upstream_counts_we_do(
    room: GatewayRoom, provider: Provider, path: str, counts: str | None
) -> None:
    user = await room.user()
    provider.counts = {
        None: None,
        "status 500": web.json_response({"error": {"message": "down"}}, status=500),
        "no number": web.json_response({"input_tokens": "many"}),
        "no json": web.Response(text="<html>"),
        "zero": web.json_response({"input_tokens": 0}),
    }[counts]
    words = "palavra " * 100
    asked = {"model": "gpt-4", "messages": [{"role": "user", "content": words}], "input": words}
    async with room.http.post(room.url + path, json=asked, headers=user.headers) as response:
        assert response.status == 200
        assert 100 <= (await response.json())["input_tokens"] <= 320
    assert room.logged("model_service_refuses_us") == []


async def test_counting_is_authenticated_checked_and_limited(room: GatewayRoom) -> None:
    user = await room.user()
    path = room.url + "/v1/messages/count_tokens"
    asked: dict[str, Any] = {"model": "gpt-4", "messages": [{"role": "user", "content": "Olá"}]}
    for body, headers, status, code in (
        (asked, {}, 401, "not_authenticated"),
        ({**asked, "model": "none"}, user.headers, 404, "model_not_found"),
        ({**asked, "messages": []}, user.headers, 400, "invalid_input"),
        ([], user.headers, 400, "invalid_input"),
    ):
        async with room.http.post(path, json=body, headers=headers) as response:
            assert (response.status, (await response.json())["error"]["code"]) == (status, code)
    await room.database.execute("UPDATE plans SET requests_per_minute = 2 WHERE plan_type = 'basico'")
    try:
        limited = await room.user()
        statuses = []
        for _ in range(4):
            async with room.http.post(path, json=asked, headers=limited.headers) as response:
                statuses.append(response.status)
        assert statuses[0] == 200
        assert statuses[-1] == 429
    finally:
        await room.database.execute("UPDATE plans SET requests_per_minute = NULL WHERE plan_type = 'basico'")
    await room.database.execute("UPDATE users SET active = false WHERE id = $1", user.user_id)
    stopped = await room.user()
    await room.database.execute("UPDATE users SET active = false WHERE id = $1", stopped.user_id)
    async with room.http.post(path, json=asked, headers=stopped.headers) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (403, "user_suspended")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/chat/completions/",
        "//v1/chat/completions",
        "/v1//chat/completions",
        "/v1/chat//completions//",
        "//chat/completions/",
        "///v1///chat///completions///",
    ],
)
async def test_slashes_too_many_change_nothing_neither_the_answer_nor_the_limits(room: GatewayRoom, path: str) -> None:
    user, other = await room.user(), await room.user(tokens=1)
    body = json.dumps({"model": "gpt-4", "messages": [{"role": "user", "content": "Olá"}]})

    def request(key: str) -> str:
        return f"POST {path} HTTP/1.1\nHost: x\n{key}Content-Type: application/json\nContent-Length: {len(body.encode())}\n\n{body}"

    status, headers, answer = await raw(room, request(f"Authorization: Bearer {user.key}\n"))
    assert (status, json.loads(answer)["usage"]["total_tokens"]) == (200, 6)
    event = await room.only_event(user)
    assert (event["route"], event["tokens_charged"]) == (CHAT, 6)
    assert headers["x-solaris-request-id"] == event["request_id"]
    assert (await raw(room, request("")))[0] == 401
    assert (await raw(room, request(f"Authorization: Bearer {other.key}\n")))[0] == 402
    metrics = await (await room.http.get(room.url + "/metrics")).text()
    assert f'route="{path}"' not in metrics


async def test_a_path_that_is_no_models_keeps_its_spelling(room: GatewayRoom) -> None:
    for path in ("//metrics", "/api//health", "//api/tokens/current", "/metrics/"):
        status, _, _ = await raw(room, f"GET {path} HTTP/1.1\nHost: x\n\n")
        assert status == 404, path


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/audio/speech"),
        ("POST", "/audio/transcriptions"),
        ("POST", "/v1/images/generations"),
        ("GET", "/v1/files"),
        ("DELETE", "/v1/files/file-1"),
        ("POST", "/v1/batches"),
        ("POST", "/v1/assistants"),
        ("GET", "/v1/threads/t/messages"),
        ("POST", "/v1/fine_tuning/jobs"),
        ("POST", "/v1/moderations"),
        ("GET", "/v1/realtime"),
        ("POST", "/v1/vector_stores"),
        ("POST", "/v1/uploads"),
        ("POST", "/v1/containers"),
        ("POST", "/v1/evals"),
        ("GET", "/v1/responses/resp_1"),
        ("POST", "/v1/responses/resp_1/cancel"),
        ("GET", "/v1/chat/completions/chatcmpl-1"),
        ("POST", "/v1/messages/batches"),
        ("POST", "/v1/rerank"),
        ("POST", "/rerank"),
        ("POST", "/v1/complete"),
        ("POST", "/v1/videos"),
        ("POST", "//v1//audio//speech/"),
    ],
)
async def test_known_paths_that_are_not_served_say_so_and_what_is(
    room: GatewayRoom, provider: Provider, method: str, path: str
) -> None:
    user = await room.user()
    status, headers, answer = await raw(
        room, f"{method} {path} HTTP/1.1\nHost: x\nAuthorization: Bearer {user.key}\nContent-Length: 0\n\n"
    )
    error = json.loads(answer)["error"]
    assert (status, error["type"], error["code"]) == (404, "not_found_error", "not_offered")
    assert "não é oferecido aqui" in error["message"]
    assert all(served in error["message"] for served in SERVED)
    assert error["trace_id"] == headers["x-trace-id"]
    assert provider.paths == []


async def test_a_served_path_with_another_method_stays_a_405(room: GatewayRoom) -> None:
    for method, path in (("GET", CHAT), ("DELETE", "/v1/models/gpt-4"), ("OPTIONS", CHAT), ("GET", "/v1/responses/")):
        status, _, _ = await raw(room, f"{method} {path} HTTP/1.1\nHost: x\n\n")
        assert status == 405, (method, path)


async def test_pages_and_other_rooms_keep_their_own_not_found(room: GatewayRoom) -> None:
    async with room.http.get(room.url + "/api/none") as response:
        assert (await response.json())["error"]["code"] == "not_found"
    async with room.http.get(room.url + "/nichts", headers={"accept": "text/html"}) as response:
        assert response.status == 404
        assert "não é oferecido" not in await response.text()


async def test_an_admitted_page_may_call_models_and_read_the_headers(room: GatewayRoom) -> None:
    user = await room.user()
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-stainless-lang",
    }
    async with room.http.options(room.url + CHAT + "/", headers=asked) as response:
        assert response.status == 204
        assert response.headers["access-control-allow-origin"] == ORIGIN
        assert response.headers["access-control-allow-headers"] == asked["Access-Control-Request-Headers"]
        assert response.headers["access-control-allow-methods"] == "GET, POST"
        assert "access-control-allow-credentials" not in response.headers
    origin = {"Origin": ORIGIN}
    answered = await room.chat(user, headers=origin)
    refused = await room.chat(user, headers=origin, model="none")
    listed = await room.http.get(room.url + "/v1/models", headers={**user.headers, **origin})
    unknown = await room.http.post(room.url + "/v1/files", headers=origin)
    anonymous = await room.http.post(room.url + CHAT, json={}, headers=origin)
    statuses = [200, 404, 200, 404, 401]
    for response, status in zip((answered, refused, listed, unknown, anonymous), statuses, strict=True):
        assert response.status == status
        assert response.headers.getall("access-control-allow-origin") == [ORIGIN]
        assert "x-solaris-tokens-remaining" in response.headers["access-control-expose-headers"]
        assert response.headers["vary"] == "Origin"
    await room.settled(user)


async def test_other_pages_and_other_routes_are_not_admitted(room: GatewayRoom) -> None:
    user = await room.user()
    for origin in ("https://evil.example", f"{ORIGIN}.evil.example", "null", ORIGIN.upper()):
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        async with room.http.options(room.url + CHAT, headers=asked) as response:
            assert "access-control-allow-origin" not in response.headers
            assert "access-control-allow-headers" not in response.headers
        response = await room.chat(user, headers={"Origin": origin})
        assert "access-control-allow-origin" not in response.headers
        assert response.headers["vary"] == "Origin"
    async with room.http.get(room.url + "/api/tokens/history", headers={**user.headers, "Origin": ORIGIN}) as response:
        assert "access-control-allow-origin" not in response.headers
    await room.settled(user)


async def test_without_the_setting_no_page_is_admitted(database_url: str, provider: Provider) -> None:
    async with running_gateway(database_url, provider.url) as room:
        asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
        async with room.http.options(room.url + CHAT, headers=asked) as response:
            assert response.status == 405
        response = await room.chat(await room.user(), headers={"Origin": ORIGIN})
        assert "access-control-allow-origin" not in response.headers
        assert "vary" not in response.headers
