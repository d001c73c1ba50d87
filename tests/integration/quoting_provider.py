"""A provider that fails in many ways, and quotes what it was asked in each of its errors."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

STATUSES = (400, 401, 403, 404, 413, 422, 429, 500, 503)
WAYS = (
    *(f"status_{status}" for status in STATUSES),
    "plain_500", "nested_500", "error_event", "late_error_event", "no_json", "cut", "error_under_200", "hang",
)  # fmt: skip


def _error(text: str, status: int) -> dict[str, Any]:
    quoted = f"Invalid value in your message '{text}'; you sent: {text}"
    return {"type": "error", "error": {"message": quoted, "type": "invalid_request_error", "code": str(status)}}


async def _status(request: web.Request, text: str, status: int) -> web.StreamResponse:
    return web.json_response(_error(text, status), status=status)


async def _plain(_request: web.Request, text: str) -> web.StreamResponse:
    return web.Response(status=500, text=f"<html>internal error while reading {text}</html>", content_type="text/html")


async def _nested(_request: web.Request, text: str) -> web.StreamResponse:
    body = {"detail": [{"msg": "failed", "input": {"messages": [{"content": text}]}}]}
    return web.json_response(body, status=500)


async def _no_json(_request: web.Request, text: str) -> web.StreamResponse:
    return web.Response(text=f"{{not json, but {text}", content_type="application/json")


async def _under_200(_request: web.Request, text: str) -> web.StreamResponse:
    return web.json_response(_error(text, 500))


async def _hang(_request: web.Request, _text: str) -> web.StreamResponse:
    await asyncio.sleep(600)
    raise AssertionError("no test waits that long")


async def _cut(request: web.Request, text: str) -> web.StreamResponse:
    response = await _stream(request, _chunk(f"You said {text}"))
    if request.transport is not None:
        request.transport.abort()
    return response


async def _error_event(request: web.Request, text: str) -> web.StreamResponse:
    return await _stream(request, _error(text, 500))


async def _late_error_event(request: web.Request, text: str) -> web.StreamResponse:
    return await _stream(request, _chunk("Sim. "), _error(text, 500))


async def _stream(request: web.Request, *events: Mapping[str, Any]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for event in events:
        await response.write(b"data: %b\n\n" % json.dumps(event, ensure_ascii=False).encode())
    return response


def _chunk(text: str) -> dict[str, Any]:
    delta = {"role": "assistant", "content": text}
    return {
        "id": "c", "object": "chat.completion.chunk", "created": 1, "model": "quoting",
        "choices": [{"index": 0, "delta": delta, "finish_reason": None}],
    }  # fmt: skip


_HANDLERS: dict[str, Callable[[web.Request, str], Any]] = {
    "plain_500": _plain,
    "nested_500": _nested,
    "error_event": _error_event,
    "late_error_event": _late_error_event,
    "no_json": _no_json,
    "cut": _cut,
    "error_under_200": _under_200,
    "hang": _hang,
}


async def _answer(request: web.Request) -> web.StreamResponse:
    text = (await request.read()).decode()
    way = next(way for way in sorted(WAYS, key=len, reverse=True) if f"way={way};" in text)
    if way.startswith("status_"):
        return await _status(request, text, int(way.removeprefix("status_")))
    answer: web.StreamResponse = await _HANDLERS[way](request, text)
    return answer


@asynccontextmanager
async def running_quoting_provider() -> AsyncIterator[str]:
    """Its address, without `/v1`. The way to fail is named in the prompt: `way=status_400;`."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", _answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    try:
        yield f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
    finally:
        await runner.cleanup()
