"""A server that answers whatever a test has prepared, in place of LiteLLM and the provider behind it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

Json = dict[str, Any]
ROUTES = ("chat/completions", "completions", "responses", "messages", "embeddings")
STREAMED = ROUTES[:4]
TEXT = "Olá, tudo bem com você?"
DONE = b"data: [DONE]\n\n"
_MODELS = {"object": "list", "data": [{"id": "gpt-4", "object": "model"}]}


@dataclass
class StandIn:
    """What it answers: `answer` to a call, `stream` in pieces to a streamed one; an empty piece waits for `gate`."""

    url: str = ""
    answer: bytes = b"{}"
    stream: Sequence[bytes] = ()
    asked: list[Json] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def called(self, request: web.Request) -> web.StreamResponse:
        """One model call."""
        body = orjson.loads(await request.read())
        self.asked.append(body)
        if not body.get("stream"):
            return web.Response(body=self.answer, content_type="application/json")
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        for piece in self.stream:
            if piece:
                await response.write(piece)
            else:
                await self.gate.wait()
        await response.write_eof()
        return response


@asynccontextmanager
async def stand_in() -> AsyncIterator[StandIn]:
    """A running stand-in."""
    provider = StandIn()

    async def models(_: web.Request) -> web.Response:
        return web.json_response(_MODELS)

    app = web.Application(client_max_size=1 << 26)
    app.router.add_get("/v1/models", models)
    for route in ROUTES:
        app.router.add_post(f"/v1/{route}", provider.called)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield provider
    await runner.cleanup()


def asked(route: str, **more: Any) -> Json:
    """A request of that route."""
    messages = [{"role": "user", "content": "Oi"}]
    bodies: dict[str, Json] = {
        "chat/completions": {"messages": messages},
        "completions": {"prompt": "Oi"},
        "responses": {"input": "Oi"},
        "messages": {"messages": messages, "max_tokens": 300},
        "embeddings": {"input": "Oi"},
    }
    return {"model": "gpt-4", **bodies[route], **more}


def event(value: Mapping[str, Any]) -> bytes:
    """An event of a stream, named where it says its type."""
    name = b"event: " + value["type"].encode() + b"\n" if "type" in value else b""
    return name + b"data: " + orjson.dumps(value) + b"\n\n"


def message(said: Any = TEXT, **more: Any) -> Json:
    """An answer of chat completions."""
    written = said if isinstance(said, dict) else {"content": said}
    choice = {"index": 0, "message": {"role": "assistant", **written}, "finish_reason": "stop"}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "gpt-4", "choices": [choice], **more}


def chunk(delta: Any, finish: str | None = None, index: int = 0, **more: Any) -> Json:
    """An event of chat completions."""
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4", "choices": [choice], **more}


def answer_of(route: str, **more: Any) -> Json:
    """An answer of that route, without usage but for what `more` holds."""
    output = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": TEXT}]}
    answers: dict[str, Json] = {
        "chat/completions": message(),
        "completions": {"object": "text_completion", "choices": [{"index": 0, "text": TEXT, "finish_reason": "stop"}]},
        "responses": {"object": "response", "status": "completed", "output": [output]},
        "messages": {
            "type": "message",
            "content": [{"type": "text", "text": TEXT}],
            "stream": None,
            "stop_reason": "end_turn",
        },
        "embeddings": {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}]},
    }
    return {"model": "gpt-4", **answers[route], **more}


def stream_of(route: str, **more: Any) -> list[bytes]:
    """A stream of that route whose event for usage holds `more`."""
    if route == "responses":
        begun = {"type": "response.created", "response": {"status": "in_progress", "usage": None, "output": []}}
        said = {"type": "response.output_text.delta", "output_index": 0, "delta": TEXT}
        return [*map(event, (begun, said, {"type": "response.completed", "response": answer_of(route, **more)}))]
    if route == "messages":
        parts: list[Json] = [
            {"type": "message_start", "message": {"model": "gpt-4", "content": []}},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": TEXT}},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, **more},
            {"type": "message_stop"},
        ]
        return [event(part) for part in parts]
    if route == "completions":
        choice = {"index": 0, "text": TEXT, "finish_reason": None}
        last = {"index": 0, "text": "", "finish_reason": "stop"}
        frames: list[Json] = [{"choices": [choice]}, {"choices": [last]}]
    else:
        frames = [chunk({"role": "assistant", "content": TEXT}), chunk({}, "stop")]
    if "choices" in more:
        # Some providers put the usage into the last choice.
        frames[-1]["choices"][0].update(more["choices"][0])
    elif more:
        frames.append({"choices": [], **more})
    return [*map(event, frames), DONE]


def placed(path: Sequence[str], usage: Mapping[str, Any]) -> Json:
    """The fields that hold `usage` at a path of `solaris.gateway.api.usage_shapes`."""
    value: Any = dict(usage)
    for key in reversed(path):
        value = [value] if key == "*" else {key: value}
    fields: Json = value
    return fields
