"""A provider that keeps its own bill: what it has made of each call until it was stopped. The judge of what callers are charged."""

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

ROUTES = ("/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/messages")
WORD = " the"


@dataclass
class Plan:
    """How the next calls are answered: thinking first, which is not shown, then words, then the usage.

    `breaks_after`: so many words, then the connection is cut.
    """

    prompt_tokens: int = 20
    hidden_tokens: int = 0
    think_seconds: float = 0.0
    words: int = 10
    word_seconds: float = 0.0
    breaks_after: int | None = None
    tells_usage: bool = True
    answers_whole: bool = False


@dataclass
class Bill:
    """One call: what was made of it. A word is one token."""

    prompt_tokens: int
    hidden_tokens: int = 0
    words: int = 0
    stopped: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def output_tokens(self) -> int:
        """What the provider charges as output."""
        return self.hidden_tokens + self.words

    @property
    def tokens(self) -> int:
        """What the provider charges in all."""
        return self.prompt_tokens + self.output_tokens


@dataclass
class BillingProvider:
    """Answers streams on every route as `plan` says."""

    plan: Plan = field(default_factory=Plan)
    bills: list[Bill] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def only_bill(self) -> Bill:
        """The one call's, once it has ended here."""
        (bill,) = self.bills
        async with asyncio.timeout(20):
            await bill.ended.wait()
        return bill

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        await request.read()
        plan = self.plan
        bill = Bill(plan.prompt_tokens)
        self.bills.append(bill)
        self.asked.set()
        try:
            await _think(plan, bill)
            return await _speak(request, plan, bill)
        except (asyncio.CancelledError, ConnectionError):
            bill.stopped = True
            raise
        finally:
            bill.ended.set()


async def _think(plan: Plan, bill: Bill) -> None:
    began = time.monotonic()
    while bill.hidden_tokens < plan.hidden_tokens:
        share = (time.monotonic() - began) / plan.think_seconds if plan.think_seconds else 1
        bill.hidden_tokens = min(plan.hidden_tokens, math.ceil(plan.hidden_tokens * share))
        await asyncio.sleep(0.01 if plan.think_seconds else 0)


async def _speak(request: web.Request, plan: Plan, bill: Bill) -> web.StreamResponse:
    if plan.answers_whole:
        bill.words = plan.words
        return web.json_response(_whole(request.path, plan, bill))
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for event in _opening(request.path, bill):
        await response.write(event)
    for number in range(plan.words):
        if number == plan.breaks_after:
            assert request.transport is not None
            request.transport.abort()
            bill.stopped = True
            return response
        await response.write(_word(request.path))
        bill.words += 1
        await asyncio.sleep(plan.word_seconds)
    for event in _closing(request.path, bill if plan.tells_usage else None):
        await response.write(event)
    return response


def _data(value: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(value) + b"\n\n"


def _named(value: dict[str, Any]) -> bytes:
    return b"event: " + str(value["type"]).encode() + b"\n" + _data(value)


def _opening(route: str, bill: Bill) -> list[bytes]:
    if route == "/v1/messages":
        usage = {"input_tokens": bill.prompt_tokens, "output_tokens": 1}
        return [_named({"type": "message_start", "message": {"model": "m", "content": [], "usage": usage}})]
    if route == "/v1/responses":
        return [_named({"type": "response.created", "response": {"model": "m", "output": []}})]
    return []


def _word(route: str) -> bytes:
    if route == "/v1/messages":
        delta = {"type": "text_delta", "text": WORD}
        return _named({"type": "content_block_delta", "index": 0, "delta": delta})
    if route == "/v1/responses":
        return _named({"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": WORD})
    if route == "/v1/completions":
        return _data({"choices": [{"index": 0, "text": WORD}]})
    return _data({"choices": [{"index": 0, "delta": {"content": WORD}}]})


def _usage(route: str, bill: Bill) -> dict[str, Any]:
    told = {"reasoning_tokens": bill.hidden_tokens}
    if route == "/v1/messages":
        return {"output_tokens": bill.output_tokens}
    if route == "/v1/responses":
        counts = {"input_tokens": bill.prompt_tokens, "output_tokens": bill.output_tokens}
        return {**counts, "output_tokens_details": told, "total_tokens": bill.tokens}
    counts = {"prompt_tokens": bill.prompt_tokens, "completion_tokens": bill.output_tokens}
    return {**counts, "completion_tokens_details": told, "total_tokens": bill.tokens}


def _closing(route: str, told: Bill | None) -> list[bytes]:
    usage = {} if told is None else {"usage": _usage(route, told)}
    if route == "/v1/messages":
        return [
            _named({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, **usage}),
            _named({"type": "message_stop"}),
        ]
    if route == "/v1/responses":
        return [_named({"type": "response.completed", "response": {"model": "m", "status": "completed", **usage}})]
    return [*([_data({"choices": [], **usage})] if usage else []), b"data: [DONE]\n\n"]


def _whole(route: str, plan: Plan, bill: Bill) -> dict[str, Any]:
    usage = {"usage": _usage(route, bill)} if plan.tells_usage else {}
    return {"model": "m", "choices": [{"index": 0, "message": {"content": WORD * plan.words}}], **usage}


@asynccontextmanager
async def billing_provider() -> AsyncIterator[BillingProvider]:
    """A running one."""
    provider = BillingProvider()

    async def models(_request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": "gpt-4"}, {"id": "pensador"}]})

    app = web.Application()
    app.router.add_get("/v1/models", models)
    for route in ROUTES:
        app.router.add_post(route, provider.answer)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    provider.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield provider
    finally:
        await runner.cleanup()
