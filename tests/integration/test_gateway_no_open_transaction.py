"""No transaction is open and no lock is held in PostgreSQL while a model call is running (SPEC 3.7)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from tests.integration.gateway_room import GatewayRoom, User, running_gateway
from tests.integration.stand_in_provider import DONE, chunk, event, message

_USAGE = {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25}
# Transactions of the ledger's batches end within milliseconds; what is seen in so many looks in a row stays open.
_LOOKS = 10
_SECONDS_BETWEEN_LOOKS = 0.05


@dataclass
class SlowProvider:
    """Answers when it is allowed to; a stream's first half at once."""

    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: asyncio.Queue[None] = field(default_factory=asyncio.Queue)

    async def models(self, _: web.Request) -> web.Response:
        """The list of models."""
        return web.json_response({"object": "list", "data": [{"id": "gpt-4", "object": "model"}]})

    async def chat(self, request: web.Request) -> web.StreamResponse:
        """One completion."""
        body = await request.json()
        if not body.get("stream"):
            self.waiting.put_nowait(None)
            await self.may_answer.wait()
            return web.json_response(message("Pronto.", usage=_USAGE))
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        await response.write(event(chunk({"content": "Pron"})))
        self.waiting.put_nowait(None)
        await self.may_answer.wait()
        usage = {**chunk({}), "choices": [], "usage": _USAGE}
        for part in (event(chunk({"content": "to."}, "stop")), event(usage), DONE):
            await response.write(part)
        return response


@asynccontextmanager
async def _serving(provider: SlowProvider) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes([web.get("/v1/models", provider.models), web.post("/v1/chat/completions", provider.chat)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def _open_transactions(room: GatewayRoom) -> set[tuple[int, str]]:
    rows = await room.database.fetch(
        """SELECT a.pid, a.xact_start::text FROM pg_stat_activity a
           WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.xact_start IS NOT NULL
           UNION
           SELECT l.pid, l.locktype FROM pg_locks l JOIN pg_stat_activity a USING (pid)
           WHERE a.datname = current_database() AND l.pid <> pg_backend_pid()"""
    )
    return {(row[0], row[1]) for row in rows}


async def _staying_open(room: GatewayRoom) -> set[tuple[int, str]]:
    staying = await _open_transactions(room)
    for _ in range(_LOOKS):
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        staying &= await _open_transactions(room)
    return staying


async def _answered(room: GatewayRoom, user: User, *, stream: bool) -> int:
    async with await room.chat(user, stream=stream) as response:
        await response.read()
        return response.status


@pytest.mark.parametrize("stream", [False, True])
async def test_no_transaction_stays_open_while_a_provider_keeps_its_answer_back(
    database_url: str, stream: bool
) -> None:
    provider = SlowProvider()
    async with _serving(provider) as url, running_gateway(database_url, url) as room:
        users = [await room.user() for _ in range(5)]
        calls = [asyncio.create_task(_answered(room, user, stream=stream)) for user in users]
        for _ in users:
            await provider.waiting.get()
        held = await room.database.fetchval("SELECT count(*) FROM holds WHERE state = 'open'")
        staying = await _staying_open(room)
        provider.may_answer.set()

        assert await asyncio.gather(*calls) == [200] * len(users)
        assert held == len(users)
        assert staying == set()


async def test_a_transaction_that_stays_open_is_seen(database_url: str) -> None:
    async with _serving(SlowProvider()) as url, running_gateway(database_url, url) as room:
        async with room.database.transaction() as connection:
            await connection.fetchval("SELECT count(*) FROM users")
            assert await _staying_open(room)
        assert not await _staying_open(room)
