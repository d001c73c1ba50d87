"""A caller who shuts the sending side after the request gets the answer; one who has gone is noticed as soon as ever."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest
from tests.integration.billing_provider import BillingProvider, Plan, billing_provider
from tests.integration.gateway_room import CHAT, running_gateway
from tests.integration.own_processes import running_proxy, user_with_key

from solaris.platform.postgres import Database


@pytest.fixture
async def provider() -> AsyncIterator[BillingProvider]:
    async with billing_provider() as running:
        yield running


def request_of(key: str, *, stream: bool, version: str = "1.1") -> bytes:
    body = orjson.dumps({"model": "gpt-4", "stream": stream, "messages": [{"role": "user", "content": "Olá"}]})
    head = (
        f"POST {CHAT} HTTP/{version}\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def connected(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = url.removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port))


@pytest.mark.parametrize("think_seconds", [0.0, 0.6])
@pytest.mark.parametrize("stream", [True, False])
async def test_a_caller_who_shuts_the_sending_side_gets_the_whole_answer(
    database_url: str, provider: BillingProvider, stream: bool, think_seconds: float
) -> None:
    provider.plan = Plan(
        hidden_tokens=9, think_seconds=think_seconds, words=20, word_seconds=0.01, answers_whole=not stream
    )
    async with running_gateway(database_url, provider.url, solaris_read_on_seconds=0) as room:
        person = await room.person()
        reader, writer = await connected(room.url)
        writer.write(request_of(person.key, stream=stream))
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), 20)
        event = await room.only_event(person)
        writer.close()
        bill = await provider.only_bill()
        final = answer[answer.index(b"HTTP/1.1 200 ") :]
        interim = answer[: -len(final)]
        assert interim.replace(b"HTTP/1.1 102 Processing\r\n\r\n", b"") == b""
        assert final.count(b" the") == 20
        assert b"connection: close" in final.partition(b"\r\n\r\n")[0]
        assert (event["ending"], event["estimated"], event["tokens_charged"]) == ("complete", False, bill.tokens)


@pytest.mark.parametrize("stream", [True, False])
async def test_a_caller_who_has_gone_is_noticed_while_the_model_thinks(
    database_url: str, provider: BillingProvider, stream: bool
) -> None:
    provider.plan = Plan(hidden_tokens=9, think_seconds=1.5, words=3, answers_whole=not stream)
    async with running_gateway(database_url, provider.url, solaris_read_on_seconds=0) as room:
        person = await room.person()
        reader, writer = await connected(room.url)
        writer.write(request_of(person.key, stream=stream))
        await asyncio.wait_for(provider.asked.wait(), 20)
        writer.close()
        bill = await provider.only_bill()
        event = await room.only_event(person)
        assert event["ending"] == "client_gone"
        # A streamed call is stopped, an unstreamed one goes on.
        assert bill.stopped is event["estimated"] is stream
        assert reader is not None


@pytest.mark.parametrize("request_line", [b"GET /api/health HTTP/1.1", b"POST /v1/chat/completions HTTP/1.1"])
async def test_a_request_that_ends_too_early_is_cut_as_ever(
    database_url: str, provider: BillingProvider, request_line: bytes
) -> None:
    async with running_gateway(database_url, provider.url) as room:
        reader, writer = await connected(room.url)
        writer.write(request_line + b"\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
        writer.get_extra_info("socket").shutdown(socket.SHUT_WR)
        answer = await asyncio.wait_for(reader.read(), 20)
        writer.close()
        assert b" 200 " not in answer


@pytest.mark.parametrize("goes", [True, False])
async def test_a_proxy_as_its_users_start_it_tells_those_who_go_from_those_who_wait(
    tmp_path: Path, database_url: str, provider: BillingProvider, goes: bool
) -> None:
    # Its event loop is another one than the tests'.
    provider.plan = Plan(hidden_tokens=9, think_seconds=1.5, words=3)
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    user_id, key = await user_with_key(database)
    async with running_proxy(tmp_path, database_url, provider.url, SOLARIS_READ_ON_SECONDS="0") as (url, _):
        reader, writer = await connected(url)
        writer.write(request_of(key, stream=True))
        await asyncio.wait_for(provider.asked.wait(), 20)
        if goes:
            writer.close()
        else:
            writer.write_eof()
            assert (await asyncio.wait_for(reader.read(), 20)).count(b" the") == 3
            writer.close()
        bill = await provider.only_bill()
    assert bill.stopped is goes
    event = await database.fetchrow("SELECT * FROM usage_events WHERE user_id = $1", user_id)
    assert event is not None
    assert event["ending"] == ("client_gone" if goes else "complete")
    await database.close()
