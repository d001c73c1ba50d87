"""LiteLLM gone or slow, PostgreSQL gone for a while, the proxy stopped: nothing is lost, and nothing is charged twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

import pytest
from aiohttp import web
from tests.integration.gateway_room import CHAT, GatewayRoom, running_gateway

from solaris.gateway.settlement.heartbeat import LeaseHeartbeat
from solaris.gateway.upstream import UpstreamLimits
from solaris.local.ports import any_free_port
from solaris.local.simulator import Behaviour, ModelSimulator


@dataclass
class Wire:
    """A TCP connection that can be cut: what stands between the proxy and a server that goes away."""

    host: str
    target_port: int
    port: int = 0
    up: bool = True
    writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.up:
            writer.close()
            return
        back_reader, back_writer = await asyncio.open_connection(self.host, self.target_port)
        self.writers |= {writer, back_writer}
        await asyncio.gather(_copy(reader, back_writer), _copy(back_reader, writer))

    def cut(self) -> None:
        """The server is gone."""
        self.up = False
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()

    def mend(self) -> None:
        """The server is back."""
        self.up = True


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    writer.close()


@asynccontextmanager
async def wire_to(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to the server of `url`, and the URL through it."""
    parts = urlsplit(url)
    wire = Wire(parts.hostname or "127.0.0.1", parts.port or 5432)
    server = await asyncio.start_server(wire, "127.0.0.1")
    wire.port = server.sockets[0].getsockname()[1]
    login = parts.netloc.rpartition("@")[0]
    netloc = f"{login}@127.0.0.1:{wire.port}" if login else f"127.0.0.1:{wire.port}"
    yield wire, urlunsplit(parts._replace(netloc=netloc))
    wire.cut()
    server.close()


@pytest.mark.parametrize("stream", [True, False])
async def test_without_litellm_a_call_is_a_503_and_costs_nothing(database_url: str, stream: bool) -> None:
    async with running_gateway(database_url, f"http://127.0.0.1:{any_free_port()}") as room:
        user = await room.user()
        response = await room.chat(user, stream=stream)
        assert response.status == 503
        assert response.headers["Retry-After"]
        assert (await response.json())["error"]["code"] == "model_service_unavailable"
        assert (await room.ledger.balance(user.user_id)).wallet.held == 0


async def test_the_last_known_models_are_kept_when_litellm_goes_away(
    database_url: str, running_simulator: ModelSimulator
) -> None:
    async with wire_to(running_simulator.url) as (wire, url), running_gateway(database_url, url) as room:
        user = await room.user()
        assert (await room.chat(user)).status == 200
        wire.cut()
        listing = await room.http.get(room.url + "/v1/models", headers=user.headers)
        refused = await room.chat(user)
        assert listing.status == 200
        assert refused.status in (502, 503)
        assert (await room.settled(user)).wallet.held == 0
        wire.mend()
        assert (await room.chat(user)).status == 200


async def test_a_url_with_v1_at_its_end_works_too(database_url: str, running_simulator: ModelSimulator) -> None:
    async with running_gateway(database_url, running_simulator.url + "/v1/") as room:
        assert (await room.chat(await room.user())).status == 200


@pytest.mark.parametrize("stream", [True, False])
async def test_a_slow_model_is_a_504_and_a_silent_stream_is_broken_off(
    database_url: str, running_simulator: ModelSimulator, stream: bool
) -> None:
    limits = UpstreamLimits(first_byte_seconds=0.4, idle_seconds=0.3)
    async with running_gateway(database_url, running_simulator.url, limits=limits) as room:
        user = await room.user()
        slow = await room.chat(user, "[[sim delay_seconds=5]]", stream=stream)
        assert slow.status == 504
        assert (await slow.json())["error"]["code"] == "model_service_timeout"
        assert (await room.ledger.balance(user.user_id)).wallet.held == 0
        if stream:
            silent = await room.chat(user, "[[sim output_tokens=50 fail_after_chunks=9 hang=1]]", stream=True)
            assert b"interrompida" in await silent.read()
            event = await room.only_event(user)
            assert (event["ending"], event["estimated"]) == ("upstream_error", True)
            assert event["output_tokens"] > 0


async def test_a_caller_who_leaves_the_row_for_a_connection_pays_nothing(
    database_url: str, running_simulator: ModelSimulator
) -> None:
    limits = UpstreamLimits(max_connections=1)
    async with running_gateway(database_url, running_simulator.url, limits=limits) as room:
        first, second = await room.user(), await room.user()
        await (await room.chat(second)).read()
        before = await room.settled(second)
        busy = asyncio.create_task(room.chat(first, "[[sim delay_seconds=1]]"))
        await asyncio.sleep(0.2)
        waiting = asyncio.create_task(room.chat(second, stream=True))
        await asyncio.sleep(0.2)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert (await room.settled(second)).wallet == before.wallet
        assert (await busy).status == 200
        assert len(await room.events(second)) == 1


@pytest.mark.parametrize("read_on_seconds", [0, 1])
async def test_a_caller_who_leaves_while_a_refusal_is_explained_pays_nothing(
    database_url: str, read_on_seconds: float
) -> None:
    async def refuse_slowly(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=400, headers={"Content-Type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"error": ')
        await asyncio.sleep(30)
        return response

    async def models(_request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": "gpt-4"}]})

    app = web.Application()
    app.router.add_post(CHAT, refuse_slowly)
    app.router.add_get("/v1/models", models)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with running_gateway(database_url, url, solaris_read_on_seconds=read_on_seconds) as room:
            user = await room.user()
            calling = asyncio.create_task(room.chat(user, stream=True))
            await asyncio.sleep(0.5)
            calling.cancel()
            await asyncio.gather(calling, return_exceptions=True)
            await room.settled(user)
            assert await room.events(user) == []
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("stream", [True, False])
async def test_a_call_that_ends_while_postgresql_is_away_is_charged_when_it_is_back(
    database_url: str, running_simulator: ModelSimulator, stream: bool
) -> None:
    async with wire_to(database_url) as (wire, url), running_gateway(url, running_simulator.url) as room:
        user = await room.user()
        assert (await room.chat(user, "Olá [[sim output_tokens=3]]")).status == 200
        calling = asyncio.ensure_future(
            room.chat(user, "Olá [[sim output_tokens=20 chunk_delay_seconds=0.03]]", stream=stream)
        )
        await asyncio.sleep(0.3)
        wire.cut()
        response = await calling
        body = await response.read()
        refused = await room.chat(user)
        wire.mend()

        assert response.status == 200
        assert b"simulador" in body
        assert refused.status == 503
        assert (await refused.json())["error"]["code"] == "store_unavailable"
        for _ in range(100):
            events = await room.events(user)
            if len(events) == 2:
                break
            await asyncio.sleep(0.1)
        assert [event["output_tokens"] for event in events] == [3, 20]
        await room.settled(user)


@pytest.mark.parametrize("stream", [True, False])
async def test_a_proxy_that_is_stopped_settles_what_it_was_doing(
    database_url: str, running_simulator: ModelSimulator, stream: bool
) -> None:
    async with running_gateway(database_url, running_simulator.url) as room:
        user = await room.user()
        calling = asyncio.ensure_future(
            room.chat(user, "Olá [[sim output_tokens=2000 chunk_delay_seconds=0.02]]", stream=stream)
        )
        await asyncio.sleep(0.5)
        room.server.should_exit = True
        await asyncio.gather(calling, return_exceptions=True)
        event = await room.only_event(user)
        assert (event["ending"], event["estimated"]) == ("proxy_gone", True)
        assert event["input_tokens"] > 0
        assert (event["output_tokens"] > 0) is stream


async def test_running_calls_keep_their_leases_and_tell_what_was_seen(
    database_url: str, simulator: ModelSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LeaseHeartbeat.__init__.__kwdefaults__, "every_seconds", 0.05)
    simulator.behaviour = Behaviour(chunk_delay_seconds=0.01)
    async with running_gateway(database_url, simulator.url) as room:
        user = await room.user()
        response = await room.chat(user, "Olá [[sim output_tokens=100]]", stream=True)
        await asyncio.sleep(0.5)
        hold = await room.database.fetchrow("SELECT * FROM holds WHERE user_id = $1", user.user_id)
        await response.read()
        assert hold is not None
        assert hold["expires_at"] > hold["created_at"]
        assert hold["output_tokens"] > 5


async def _strange(kind: str) -> web.Response:
    answers = {
        "garbage": web.Response(body=b"<html>", content_type="text/html"),
        "list": web.json_response([1, 2]),
        "empty": web.Response(),
        "absurd": web.json_response(
            {"choices": [{"message": {"content": "oi"}}], "usage": {"prompt_tokens": -1, "completion_tokens": 10**15}}
        ),
        "redirect": web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"}),
        "error_first": web.Response(
            body=b'data: {"error": {"message": "boom", "code": "400"}}\n\n', content_type="text/event-stream"
        ),
        "empty_stream": web.Response(content_type="text/event-stream"),
        "stream_without_done": web.Response(
            body=b'data: {"choices":[{"index":0,"delta":{"content":"oi"}}],"usage":{"prompt_tokens":7,"completion_tokens":1}}',
            content_type="text/event-stream",
        ),
    }
    return answers[kind]


@asynccontextmanager
async def strange_server() -> AsyncIterator[str]:
    """Answers as the first message says."""

    async def chat(request: web.Request) -> web.Response:
        return await _strange((await request.json())["messages"][0]["content"])

    async def models(_request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": "gpt-4"}, {"id": 5}, "x"]})

    app = web.Application()
    app.router.add_post(CHAT, chat)
    app.router.add_get("/v1/models", models)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_strange_answers_never_break_the_accounts(database_url: str) -> None:
    async with strange_server() as url, running_gateway(database_url, url) as room:
        expected = {
            "garbage": (502, None), "list": (502, None), "empty": (502, None), "redirect": (502, None),
            "error_first": (400, None), "empty_stream": (502, None),
            "absurd": (200, ("no_usage", True)), "stream_without_done": (200, ("complete", False)),
        }  # fmt: skip
        seen = {kind: await _outcome(room, kind) for kind in expected}
        assert seen == expected


async def _outcome(room: GatewayRoom, kind: str) -> tuple[int, tuple[str, bool] | None]:
    user = await room.user()
    response = await room.chat(user, kind, stream=True)
    await response.read()
    await room.settled(user)
    events = await room.events(user)
    return response.status, (events[0]["ending"], events[0]["estimated"]) if events else None
