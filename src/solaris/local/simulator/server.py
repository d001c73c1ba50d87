"""The simulator's HTTP server, on aiohttp: one process answers thousands of calls per second."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson
from aiohttp import web

from solaris.local.simulator.answers import Usage, Vocabularies, Words
from solaris.local.simulator.behaviour import Behaviour, WrongDirective
from solaris.local.simulator.bill import Bill
from solaris.local.simulator.billing import Billing, ConnectionCut
from solaris.local.simulator.calls import Call, CallLog
from solaris.local.simulator.chat_api import CHAT, COMPLETIONS, openai_error
from solaris.local.simulator.embeddings import embedded
from solaris.local.simulator.messages_api import MESSAGES, counted_prompt
from solaris.local.simulator.plan import ApiShape, Json, Plan, WrongRequest, planned
from solaris.local.simulator.responses_api import RESPONSES, counted_input

_BODY_LIMIT_BYTES = 32 * 1024 * 1024
_HANG_SECONDS = 600.0
_MODELS = ("gpt-4", "gpt-4o", "gpt-4o-mini", "gpt-3.5-turbo", "claude-3-sonnet-20240229", "text-embedding-3-small")
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_Counter = Callable[[Json, Words], int]


class ModelSimulator:
    """An OpenAI-compatible server on loopback, and `/v1/messages` in Anthropic's shape.

    Tests run it in their own process: `async with ModelSimulator() as simulator: simulator.url`.
    `behaviour` may be replaced at any time; `calls` records the received calls, `bill` what a
    provider bills for them. Both are also served over HTTP: GET and DELETE /simulator/calls and
    /simulator/bill. With `journal`, the bill is also written to that file and survives kills.
    """

    def __init__(
        self,
        behaviour: Behaviour | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        journal: Path | None = None,
    ) -> None:
        self.behaviour = behaviour or Behaviour()
        self.calls = CallLog()
        self.bill = Bill(journal)
        self._host = host
        self._port = port
        self._vocabularies = Vocabularies()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The base URL, such as `http://127.0.0.1:40123`, without `/v1`."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Start listening. Raises OSError if the port is in use."""
        runner = web.AppRunner(self._application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port, backlog=1024).start()
        except OSError:
            await runner.cleanup()
            raise
        self._port = runner.addresses[0][1]
        self._runner = runner

    async def stop(self) -> None:
        """Stop listening; running calls are aborted."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self.bill.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=_BODY_LIMIT_BYTES)
        apis = {"chat/completions": CHAT, "completions": COMPLETIONS, "responses": RESPONSES, "messages": MESSAGES}
        for path, api in apis.items():
            application.router.add_post(f"/v1/{path}", self._answering(api))
        application.router.add_post("/v1/embeddings", self._embeddings)
        application.router.add_get("/v1/models", self._models)
        application.router.add_get("/health", self._health)
        application.router.add_get("/simulator/calls", self._get_calls)
        application.router.add_delete("/simulator/calls", self._clear_calls)
        application.router.add_get("/simulator/bill", self._get_bill)
        application.router.add_delete("/simulator/bill", self._clear_bill)
        application.router.add_post("/v1/messages/count_tokens", self._counting(MESSAGES, counted_prompt, {}))
        kind: Json = {"object": "response.input_tokens"}
        application.router.add_post("/v1/responses/input_tokens", self._counting(RESPONSES, counted_input, kind))
        return application

    def _answering(self, api: ApiShape) -> _Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                body, size_bytes = await _body(request)
            except WrongRequest as error:
                return _json(api.error(400, str(error), error.param), 400)
            except web.HTTPRequestEntityTooLarge:
                return _json(api.error(413, f"the body is over {_BODY_LIMIT_BYTES} bytes", None), 413)
            call = self.calls.begin(request.path, request.headers, body, size_bytes)
            try:
                return await self._answer(request, api, body, call)
            except (asyncio.CancelledError, ConnectionError):
                call.end("aborted")
                raise
            except ConnectionCut:
                return web.Response()

        return answer

    async def _answer(self, request: web.Request, api: ApiShape, body: Json, call: Call) -> web.StreamResponse:
        words = self._vocabularies.of(body.get("model"))
        try:
            question = api.read(body, words)
            behaviour = self.behaviour.directed_by(question.text)
        except (WrongRequest, WrongDirective) as error:
            call.end("refused")
            return _json(api.error(400, str(error), getattr(error, "param", None)), 400)
        if behaviour.error is not None:
            await asyncio.sleep(behaviour.delay_seconds)
            call.end("refused")
            return _json(
                api.error(behaviour.error, f"[simulador] erro {behaviour.error} pedido", None), behaviour.error
            )
        plan = planned(question, behaviour, words)
        billing = Billing(
            self.bill, self.bill.open(request.headers, body, request.path, plan.usage, name=behaviour.name), call
        )
        with billing:
            if behaviour.delay_seconds:
                await asyncio.sleep(behaviour.delay_seconds)
            if question.is_streamed:
                return await _streamed(request, api, plan, behaviour, billing, plan.steps(words))
            return await _whole(request, api.whole(plan), plan, behaviour, billing)

    def _counting(self, api: ApiShape, counted: _Counter, more: Json) -> _Handler:
        async def count(request: web.Request) -> web.StreamResponse:
            try:
                body, _ = await _body(request)
                return _json({**more, "input_tokens": counted(body, self._vocabularies.of(body.get("model")))})
            except WrongRequest as error:
                return _json(api.error(400, str(error), error.param), 400)

        return count

    async def _embeddings(self, request: web.Request) -> web.Response:
        try:
            body, size_bytes = await _body(request)
            call = self.calls.begin(request.path, request.headers, body, size_bytes)
            answer, tokens = embedded(body, self._vocabularies.of(body.get("model")))
        except WrongRequest as error:
            return _json(openai_error(400, str(error), error.param), 400)
        with Billing(self.bill, self.bill.open(request.headers, body, request.path, Usage(tokens, 0)), call) as billing:
            billing.end("complete")
        return _json(answer)

    async def _models(self, _request: web.Request) -> web.Response:
        models = [{"id": name, "object": "model", "created": 0, "owned_by": "simulador"} for name in _MODELS]
        return _json({"object": "list", "data": models})

    async def _health(self, _request: web.Request) -> web.Response:
        return _json({"status": "ok", "simulated": True})

    async def _get_calls(self, _request: web.Request) -> web.Response:
        return _json(self.calls.as_json())

    async def _clear_calls(self, _request: web.Request) -> web.Response:
        self.calls.clear()
        return _json(self.calls.as_json())

    async def _get_bill(self, _request: web.Request) -> web.Response:
        return _json(self.bill.as_json())

    async def _clear_bill(self, _request: web.Request) -> web.Response:
        self.bill.clear()
        return _json(self.bill.as_json())


async def _body(request: web.Request) -> tuple[Json, int]:
    raw = await request.read()
    try:
        body = orjson.loads(raw)
    except ValueError as error:
        raise WrongRequest("the body is no JSON") from error
    if not isinstance(body, dict):
        raise WrongRequest("the body is no JSON object")
    return body, len(raw)


def _json(value: object, status: int = 200) -> web.Response:
    headers = {"Retry-After": "1"} if status in {429, 503} else None
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json", headers=headers)


async def _whole(
    request: web.Request, answer: Json, plan: Plan, behaviour: Behaviour, billing: Billing
) -> web.StreamResponse:
    if behaviour.hang:
        await asyncio.sleep(_HANG_SECONDS)
    if behaviour.fail_after_chunks is not None:
        _cut(request)
    # The duration that its stream has.
    seconds = min(behaviour.chunk_delay_seconds * (plan.usage.output_tokens // plan.choices), _HANG_SECONDS)
    if seconds:
        await asyncio.sleep(seconds)
    billing.generated(plan.usage.output_tokens, plan.usage.reasoning_tokens)
    billing.end("complete")
    return _json(answer)


async def _streamed(
    request: web.Request,
    api: ApiShape,
    plan: Plan,
    behaviour: Behaviour,
    billing: Billing,
    steps: Iterator[tuple[int, int]],
) -> web.StreamResponse:
    if behaviour.hang and behaviour.fail_after_chunks is None:
        await asyncio.sleep(_HANG_SECONDS)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
    )
    billing.generated(*next(steps))
    await response.prepare(request)
    await response.write(api.opening(plan))
    for chunk, step in zip(api.chunks(plan), steps, strict=True):
        if billing.call.chunks == behaviour.fail_after_chunks:
            await _fail(request, behaviour)
        if behaviour.chunk_delay_seconds:
            await asyncio.sleep(behaviour.chunk_delay_seconds)
        billing.generated(*step)
        await response.write(chunk)
        billing.call.chunks += 1
    # The whole text may have more tokens than the sum of its pieces.
    billing.generated(plan.usage.output_tokens, plan.usage.reasoning_tokens)
    await response.write(api.closing(plan))
    await response.write_eof()
    billing.end("complete")
    return response


async def _fail(request: web.Request, behaviour: Behaviour) -> None:
    if behaviour.hang:
        await asyncio.sleep(_HANG_SECONDS)
    _cut(request)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        # Closed, not aborted: data that was sent before still arrives.
        request.transport.close()
    raise ConnectionCut
