"""Answers of any size pass through, are charged by the provider's own count, and take little memory (SPEC 3.3)."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web
from tests.integration.gateway_room import CHAT, GatewayRoom, User, running_gateway

EMBEDDINGS = "/v1/embeddings"
# One vector of 4,096 numbers, as a provider writes it.
VECTOR = b'{"object":"embedding","embedding":[' + b",".join([b"-0.01234567890123456"] * 4_096) + b'],"index":0}'
USAGE = {"prompt_tokens": 5_120, "total_tokens": 5_120}
CHAT_USAGE = {"prompt_tokens": 11, "completion_tokens": 700_000, "total_tokens": 700_011}


@dataclass
class LargeProvider:
    """Sends `pieces` as its answer of that status, and waits for events among them; `breaks`: cuts the connection after them."""

    pieces: list[Any] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    breaks: bool = False
    status: int = 200
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        response = web.StreamResponse(status=self.status, headers={"Content-Type": "application/json", **self.headers})
        await response.prepare(request)
        for piece in self.pieces:
            if isinstance(piece, asyncio.Event):
                await asyncio.wait_for(piece.wait(), 20)
            else:
                await response.write(piece)
        if self.breaks:
            assert request.transport is not None
            request.transport.close()
        return response


@asynccontextmanager
async def large_provider() -> AsyncIterator[LargeProvider]:
    provider = LargeProvider()

    async def models(_request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": "gpt-4"}, {"id": "vetor"}]})

    app = web.Application()
    app.router.add_get("/v1/models", models)
    for route in (CHAT, EMBEDDINGS, "/v1/messages"):
        app.router.add_post(route, provider.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield provider
    await runner.cleanup()


@pytest.fixture(scope="module")
async def provider() -> AsyncIterator[LargeProvider]:
    async with large_provider() as running:
        yield running


@pytest.fixture(scope="module")
async def room(module_database_url: str, provider: LargeProvider) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(module_database_url, provider.url) as running:
        yield running


@pytest.fixture(autouse=True)
def plain(provider: LargeProvider) -> None:
    provider.pieces, provider.headers, provider.breaks, provider.status = [], {}, False, 200


def vectors(count: int, usage_first: bool = False, usage: dict[str, Any] | None = USAGE) -> list[bytes]:
    told = b"" if usage is None else b'"usage":' + orjson.dumps(usage) + b","
    first, last = (told, b"") if usage_first else (b"", told)
    between = [piece for _ in range(count - 1) for piece in (VECTOR, b",")]
    return [b'{"object":"list",' + first + b'"data":[', *between, VECTOR, b"]," + last + b'"model":"vetor"}']


def words(count: int, usage: dict[str, Any] | None) -> list[bytes]:
    said = [b" the" * 1_000] * (count // 1_000)
    told = b"" if usage is None else b',"usage":' + orjson.dumps(usage)
    return [
        b'{"model":"gpt-4","choices":[{"index":0,"message":{"role":"assistant","content":"',
        *said,
        b'"}}]',
        told,
        b"}",
    ]


async def embed(room: GatewayRoom, user: User) -> aiohttp.ClientResponse:
    body = {"model": "vetor", "input": ["texto"] * 1_024}
    return await room.http.post(room.url + EMBEDDINGS, json=body, headers=user.headers)


async def load_vocabulary(room: GatewayRoom, provider: LargeProvider) -> None:
    """The first call takes memory for that, once."""
    provider.pieces = vectors(1)
    await (await embed(room, await room.user())).read()


def _peak_bytes() -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        (line,) = [line for line in status if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def _forget_peak() -> None:
    with open("/proc/self/clear_refs", "w", encoding="ascii") as refs:
        refs.write("5")


@pytest.mark.parametrize("usage_first", [True, False])
async def test_embeddings_of_a_thousand_long_vectors_pass_in_little_memory_and_cost_what_was_counted(
    room: GatewayRoom, provider: LargeProvider, usage_first: bool
) -> None:
    await load_vocabulary(room, provider)
    provider.pieces = vectors(1_024, usage_first)
    size = sum(map(len, provider.pieces))
    assert size > 64 * 1024 * 1024
    user = await room.user()
    _forget_peak()
    before = _peak_bytes()
    response = await embed(room, user)
    received = zlib.crc32(b"")
    async for part in response.content.iter_chunked(65_536):
        received = zlib.crc32(part, received)
    event = await room.only_event(user)
    peak = _peak_bytes()
    assert response.status == 200
    assert received == zlib.crc32(b"".join(provider.pieces))
    assert event["tokens_charged"] == 5_120
    assert (event["ending"], event["estimated"], event["model_answered"]) == ("complete", False, "vetor")
    assert response.headers["X-Solaris-Request-Id"] == event["request_id"]
    assert "X-Solaris-Tokens-Charged" not in response.headers
    # This process is proxy, provider and caller in one; the pieces are there before.
    assert peak - before < 40 * 1024 * 1024


async def test_the_balance_is_charged_before_the_last_byte_of_a_large_answer(
    room: GatewayRoom, provider: LargeProvider
) -> None:
    provider.pieces = vectors(40)
    for _ in range(5):
        user = await room.user()
        await (await embed(room, user)).read()
        wallet = (await room.ledger.balance(user.user_id)).wallet
        assert (wallet.held, wallet.used) == (0, 5_120)


async def test_a_large_answer_with_a_length_keeps_it(room: GatewayRoom, provider: LargeProvider) -> None:
    provider.pieces = vectors(40)
    provider.headers = {"Content-Length": str(sum(map(len, provider.pieces)))}
    user = await room.user()
    response = await embed(room, user)
    body = await response.read()
    assert response.headers["Content-Length"] == str(len(body))
    assert body == b"".join(provider.pieces)
    assert (await room.only_event(user))["tokens_charged"] == 5_120


@pytest.mark.parametrize("usage", [CHAT_USAGE, None])
@pytest.mark.parametrize("stream", [True, False])
async def test_a_long_text_costs_what_was_counted_or_else_what_its_bytes_say(
    room: GatewayRoom, provider: LargeProvider, usage: dict[str, Any] | None, stream: bool
) -> None:
    provider.pieces = words(700_000, usage)
    user = await room.user(tokens=10_000_000)
    response = await room.chat(user, stream=stream, max_tokens=2_000_000)
    assert await response.read() == b"".join(provider.pieces)
    event = await room.only_event(user)
    assert event["output_tokens"] == 700_000
    assert event["estimated"] is (usage is None)
    assert event["ending"] == ("complete" if usage else "no_usage")


MESSAGES_USAGE = {"input_tokens": 11, "cache_read_input_tokens": 5, "output_tokens": 700_000}


@pytest.mark.parametrize("usage", [MESSAGES_USAGE, None])
async def test_a_long_message_costs_what_was_counted_whatever_its_tools_were_given(
    room: GatewayRoom, provider: LargeProvider, usage: dict[str, Any] | None
) -> None:
    # A tool's input is the model's own writing, and no place to tell usage.
    forged = {"type": "tool_use", "name": "x", "input": {"usage": {"input_tokens": 1, "output_tokens": 1}}}
    said = b'{"type":"message","content":[' + orjson.dumps(forged) + b',{"type":"text","text":"'
    told = b"" if usage is None else b',"usage":' + orjson.dumps(usage)
    provider.pieces = [said, *[b" the" * 1_000] * 700, b'"}]', told, b"}"]
    user = await room.user(tokens=10_000_000)
    body = {"model": "gpt-4", "max_tokens": 2_000_000, "messages": [{"role": "user", "content": "Olá"}]}
    response = await room.http.post(room.url + "/v1/messages", json=body, headers=user.headers)
    assert await response.read() == b"".join(provider.pieces)
    event = await room.only_event(user)
    assert event["output_tokens"] == 700_000
    assert event["estimated"] is (usage is None)


async def test_large_embeddings_without_usage_cost_the_prompts_estimate(
    room: GatewayRoom, provider: LargeProvider
) -> None:
    provider.pieces = vectors(40, usage=None)
    user = await room.user()
    await (await embed(room, user)).read()
    event = await room.only_event(user)
    assert (event["ending"], event["estimated"], event["output_tokens"]) == ("no_usage", True, 0)
    assert event["input_tokens"] >= 1_024


async def test_a_large_answer_that_breaks_off_costs_what_came_of_it_and_never_looks_complete(
    room: GatewayRoom, provider: LargeProvider
) -> None:
    provider.pieces = words(700_000, None)[:-3]
    provider.breaks = True
    user = await room.user(tokens=10_000_000)
    response = await room.chat(user, max_tokens=2_000_000)
    assert response.status == 200
    with pytest.raises(aiohttp.ClientPayloadError):
        await response.read()
    event = await room.only_event(user)
    assert (event["ending"], event["estimated"]) == ("upstream_error", True)
    assert event["output_tokens"] > 600_000
    assert room.logged_of(user, "model_call_failed")


async def test_a_caller_who_leaves_a_large_answer_pays_what_was_counted(
    room: GatewayRoom, provider: LargeProvider
) -> None:
    provider.pieces = vectors(400)
    user = await room.user()
    response = await embed(room, user)
    await response.content.readexactly(100_000)
    response.close()
    event = await room.only_event(user)
    assert (event["ending"], event["estimated"], event["tokens_charged"]) == ("client_gone", False, 5_120)


async def test_a_large_answer_that_is_no_json_is_a_failed_call_with_its_cause_in_the_log(
    room: GatewayRoom, provider: LargeProvider
) -> None:
    provider.pieces = [b"<html>" + b"x" * 65_536] * 40
    user = await room.user()
    response = await embed(room, user)
    assert response.status == 502
    assert (await room.settled(user)).wallet.used == 0
    (line,) = room.logged_of(user, "model_call_failed")
    assert "no JSON object" in line["details"]["cause"]
    assert line["details"]["route"] == EMBEDDINGS


async def test_other_calls_are_answered_while_a_large_answer_passes(room: GatewayRoom, provider: LargeProvider) -> None:
    provider.pieces = vectors(1_024)
    user = await room.user()
    large = asyncio.ensure_future(embed(room, user))
    response = await large
    reading = asyncio.ensure_future(response.read())
    answered = 0
    while not reading.done():
        health = await room.http.get(room.url + "/v1/models", headers=user.headers)
        assert health.status == 200
        answered += 1
    assert answered > 5
    assert (await room.only_event(user))["tokens_charged"] == 5_120


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "gzip of two members": ("gzip", lambda data: gzip.compress(data[:50]) + gzip.compress(data[50:])),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("Deflate", raw_deflate),
    "identity": ("identity", bytes),
}
SMALL = orjson.dumps(
    {
        "model": "gpt-4",
        "choices": [{"message": {"content": "Oi"}}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 2},
    }
)
STREAM = (
    b'data: {"model":"gpt-4","choices":[{"index":0,"delta":{"content":"Oi"}}]}\n\n'
    b'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}\n\ndata: [DONE]\n\n'
)


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_what_comes_packed_is_unpacked(
    room: GatewayRoom, provider: LargeProvider, packer: str, size: int
) -> None:
    coding, pack = PACKERS[packer]
    for body, kind in ((SMALL, "application/json"), (STREAM, "text/event-stream")):
        packed = pack(body)
        provider.pieces = [packed[place : place + size] for place in range(0, len(packed), size)]
        provider.headers = {"Content-Type": kind, "Content-Encoding": coding}
        user = await room.user()
        response = await room.chat(user, stream=body is STREAM, stream_options={"include_usage": True})
        assert (await response.read()).replace(b"\n", b"") == body.replace(b"\n", b"")
        assert "Content-Encoding" not in response.headers
        event = await room.only_event(user)
        assert (event["tokens_charged"], event["estimated"], event["ending"]) == (11, False, "complete")


async def test_each_event_of_a_packed_stream_leaves_when_it_comes(room: GatewayRoom, provider: LargeProvider) -> None:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    events = [event + b"\n\n" for event in STREAM.split(b"\n\n") if event]
    first = packer.compress(events[0]) + packer.flush(zlib.Z_SYNC_FLUSH)
    rest = packer.compress(b"".join(events[1:])) + packer.flush()
    may_go_on = asyncio.Event()
    provider.pieces = [first, may_go_on, rest]
    provider.headers = {"Content-Type": "text/event-stream", "Content-Encoding": "gzip"}
    user = await room.user()
    response = await room.chat(user, stream=True)
    assert await response.content.readuntil(b"\n\n") == events[0]
    may_go_on.set()
    assert (await response.read()).endswith(b"data: [DONE]\n\n")
    assert (await room.only_event(user))["tokens_charged"] == 11


async def test_a_large_packed_answer_is_unpacked_in_little_memory(room: GatewayRoom, provider: LargeProvider) -> None:
    await load_vocabulary(room, provider)
    plain = b"".join(vectors(1_024))
    provider.pieces = [gzip.compress(plain, 1)]
    provider.headers = {"Content-Encoding": "gzip"}
    user = await room.user()
    checksum = zlib.crc32(plain)
    del plain
    _forget_peak()
    before = _peak_bytes()
    response = await embed(room, user)
    received = zlib.crc32(b"")
    async for part in response.content.iter_chunked(65_536):
        received = zlib.crc32(part, received)
    assert received == checksum
    assert (await room.only_event(user))["tokens_charged"] == 5_120
    assert _peak_bytes() - before < 40 * 1024 * 1024


@pytest.mark.parametrize(
    "body", [SMALL, gzip.compress(SMALL)[:-9], gzip.compress(SMALL) + b"more"], ids=["plain", "cut", "followed"]
)
async def test_what_is_not_packed_as_it_says_is_a_failed_call(
    room: GatewayRoom, provider: LargeProvider, body: bytes
) -> None:
    provider.pieces = [body]
    provider.headers = {"Content-Encoding": "gzip"}
    user = await room.user()
    response = await room.chat(user)
    assert response.status == 502
    assert (await room.settled(user)).wallet.used == 0
    assert room.logged_of(user, "model_call_failed")


async def test_a_packing_that_is_not_known_is_refused_and_the_log_says_why(
    room: GatewayRoom, provider: LargeProvider
) -> None:
    provider.pieces = [SMALL]
    provider.headers = {"Content-Encoding": "br"}
    user = await room.user()
    response = await room.chat(user)
    assert response.status == 502
    assert (await room.settled(user)).wallet.used == 0
    line = room.logged("model_answer_unreadable")[-1]
    assert "'br'" in line["details"]["cause"]
    assert line["details"]["cure"]


@pytest.mark.parametrize(("status", "expected"), [(400, 400), (429, 503), (500, 502)])
@pytest.mark.parametrize("coding", ["gzip", "br"])
async def test_a_refusal_that_comes_packed_keeps_its_meaning(
    room: GatewayRoom, provider: LargeProvider, coding: str, status: int, expected: int
) -> None:
    provider.pieces = [gzip.compress(orjson.dumps({"error": {"message": "temperature is too high"}}))]
    provider.headers, provider.status = {"Content-Encoding": coding}, status
    user = await room.user()
    response = await room.chat(user)
    assert response.status == expected
    told = (await response.json())["error"]["message"]
    assert ("temperature is too high" in told) is (coding == "gzip" and status == 400)
    assert (await room.settled(user)).wallet.used == 0
