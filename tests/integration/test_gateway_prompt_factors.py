"""A provider that counts otherwise than our tokenizer: after the job, holds expect what it counts."""

import io
import json
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from aiohttp import web
from tests.counted_prompts import counted_in_time
from tests.integration.gateway_room import GatewayRoom, User, running_gateway

from solaris.gateway.api.chat import ChatShape
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.models.catalogue import Model
from solaris.models.prompt_factors import PromptFactors
from solaris.platform.logs import build_log

MODELS = ("claude-3", "gemini-pro", "gpt-4")
_TOKENIZER = Tokenizer()
_IMAGE = {"type": "image_url", "image_url": {"url": "https://exemplo.com.br/foto.png"}}


@pytest.fixture
async def provider_url() -> AsyncIterator[str]:
    """Counts 1.3 tokens where we count one; ten times as many where an image is sent."""

    async def models(_request: web.Request) -> web.Response:
        return web.json_response({"data": [{"id": name} for name in MODELS]})

    async def chat(request: web.Request) -> web.Response:
        body = await request.json()
        counted = await counted_in_time(ChatShape(), body, Model(body["model"]), _TOKENIZER)
        told = counted * 10 if "image_url" in json.dumps(body) else round(counted * 1.3)
        usage = {"prompt_tokens": told, "completion_tokens": 1}
        return web.json_response({"choices": [{"message": {"content": "Oi"}}], "usage": usage})

    app = web.Application()
    app.router.add_get("/v1/models", models)
    app.router.add_post("/v1/chat/completions", chat)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def chats(room: GatewayRoom, user: User, model: str, calls: int) -> None:
    for number in range(calls):
        text = f"Pergunta {number}: qual é a capital do estado número {number}, e quantos habitantes ela tem?"
        response = await room.chat(user, text, model=model)
        assert response.status == 200, await response.text()


async def expected_to_told(room: GatewayRoom, user: User) -> float:
    """The last call: what its hold expected of the prompt, over what the provider counted."""
    row = await room.database.fetchrow(
        """SELECT h.input_tokens AS expected, e.input_tokens AS told FROM holds h JOIN usage_events e USING (user_id, request_id)
           WHERE user_id = $1 ORDER BY e.occurred_at DESC LIMIT 1""",
        user.user_id,
    )
    assert row is not None
    return float(row["expected"] / row["told"])


async def test_holds_expect_what_the_provider_counts_after_the_job(database_url: str, provider_url: str) -> None:
    lines = io.StringIO()
    async with running_gateway(database_url, provider_url) as room:
        user = await room.user()
        for model in ("claude-3", "gemini-pro"):
            await chats(room, user, model, 35)
        assert 0.7 < await expected_to_told(room, user) < 0.85
        log = build_log("worker", level="info", form="json", stream=lines)
        await PromptFactors(room.database, log, late_seconds=0).learn()

    # Another process, which reads the catalogue anew.
    async with running_gateway(database_url, provider_url) as room:
        for model in ("claude-3", "gemini-pro"):
            await chats(room, user, model, 1)
            assert 0.9 < await expected_to_told(room, user) < 1.1, model
        # A model that nobody listed keeps its assumed output limit.
        assert await room.database.fetchval("SELECT count(*) FROM models WHERE name = 'gemini-pro'") == 0
        assert await room.database.fetchval("SELECT prompt_factor FROM models WHERE name = 'claude-3'") == Decimal(
            "1.25"
        )
        assert await room.database.fetchval("SELECT prompt_factor FROM models WHERE name = 'gpt-4'") == 1
    assert lines.getvalue().count('"action":"prompt_factor_learned"') == 2


async def test_images_teach_nothing_and_no_call_is_learned_from_twice(database_url: str, provider_url: str) -> None:
    async with running_gateway(database_url, provider_url) as room:
        user = await room.user()
        for _ in range(40):
            content = [{"type": "text", "text": "O que é isto?"}, _IMAGE]
            await (await room.chat(user, model="claude-3", messages=[{"role": "user", "content": content}])).read()
        await chats(room, user, "claude-3", 5)
        factors = PromptFactors(
            room.database, build_log("worker", level="info", form="json", stream=io.StringIO()), late_seconds=0
        )
        for _ in range(3):
            await factors.learn()
        row = await room.database.fetchrow("SELECT samples, factor FROM prompt_factors WHERE model = 'claude-3'")
        assert row is not None
        assert tuple(row) == (5, 1)
