"""Bodies and heads over their limits, on a running proxy: a clear refusal, whichever way they come."""

import asyncio
import json

import pytest
from tests.integration.gateway_room import running_gateway


async def answer_to(url: str, *pieces: bytes) -> tuple[int, dict[str, str], dict[str, object]]:
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)).decode()
        lines = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        return int(lines[0].split()[1]), headers, json.loads(body)
    finally:
        writer.close()


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/tokens/consume"])
async def test_a_chunked_body_over_the_short_limit_is_a_413_that_says_so(database_url, path):
    async with running_gateway(database_url, "http://127.0.0.1:1") as room:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        status, headers, body = await answer_to(room.url, head.encode(), *[chunk] * 6, b"0\r\n\r\n")
    if path == "/api/auth/login":
        assert status == 413
        assert body["error"]["code"] == "payload_too_large"
        assert headers["x-trace-id"] == body["error"]["trace_id"]
    else:
        assert status in (401, 413)


async def test_a_head_without_end_is_refused_before_it_costs_anything(database_url):
    async with running_gateway(database_url, "http://127.0.0.1:1") as room:
        start = b"GET /api/health HTTP/1.1\r\nHost: x\r\nX-Big: "
        status, headers, body = await answer_to(room.url, start, *[b"a" * 65536] * 8)
    assert status == 431
    assert body["error"]["code"] == "headers_too_large"
    assert headers["x-trace-id"] == body["error"]["trace_id"]
