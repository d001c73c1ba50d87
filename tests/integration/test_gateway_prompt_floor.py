"""A prompt in a field that the estimate does not read is held and charged as a prompt, on every route (SPEC 3.1)."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.integration.billing_provider import BillingProvider, Plan, billing_provider
from tests.integration.gateway_room import GatewayRoom, User, running_gateway

from solaris.gateway.estimate.tokenizer import Tokenizer

CHAT, COMPLETIONS, RESPONSES = "/v1/chat/completions", "/v1/completions", "/v1/responses"
MESSAGES, EMBEDDINGS = "/v1/messages", "/v1/embeddings"
# 405 kB, as in the attack: some 100,000 tokens.
TEXT = "um texto que o provedor lê e cobra; " * 11_000
TEXT_TOKENS = Tokenizer().count([TEXT])
_SAID = {"role": "user", "content": "Olá"}
_BODIES: dict[str, dict[str, Any]] = {
    CHAT: {"messages": [_SAID], "max_tokens": 1},
    COMPLETIONS: {"prompt": "Olá", "max_tokens": 1},
    RESPONSES: {"input": "Olá", "max_output_tokens": 16},
    MESSAGES: {"messages": [_SAID], "max_tokens": 1},
    EMBEDDINGS: {"input": "Olá"},
}


def _schema(text: str) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": {"type": "string", "description": text}}}


def _content(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": list(parts)}]}


_SCHEMA_FORMAT = {"type": "json_schema", "json_schema": {"name": "a", "schema": _schema(TEXT)}}
_CHAT_FIELDS: dict[str, Any] = {
    "system": TEXT, "documents": [{"title": "a", "text": TEXT}], "context": TEXT, "prompt": TEXT, "input": TEXT,
    "instructions": TEXT, "chat_template": TEXT, "guided_json": _schema(TEXT), "suffix": TEXT, "stop": [TEXT],
    "web_search_options": {"user_location": TEXT}, "tool_choice": {"type": "function", "function": {"name": TEXT}},
    "some_new_field": {"inner": [[TEXT]]}, "lines": TEXT.split("; "), "words": TEXT.split(), "reasoning_effort": TEXT,
    "keys": {f"um campo longo {n}": n for n in range(20_000)}, "numbers": list(range(100_000)), "logit_bias": {TEXT: 1},
    "metadata": {"a": TEXT}, "service_tier": TEXT, "unbroken": TEXT.replace(" ", "").replace(";", ""),
}  # fmt: skip
_MESSAGE_FIELDS: dict[str, Any] = {
    "thinking_blocks": [{"type": "thinking", "thinking": TEXT, "signature": "x"}], "reasoning_content": TEXT, "refusal": TEXT,
    "reasoning_details": [{"type": "reasoning.text", "text": TEXT}], "provider_specific_fields": {"a": TEXT},
    "annotations": [{"type": "url_citation", "url_citation": {"title": TEXT}}], "audio": {"id": TEXT},
}  # fmt: skip
_ANTHROPIC_FIELDS: dict[str, Any] = {
    "output_format": _SCHEMA_FORMAT, "output_config": {"format": _SCHEMA_FORMAT}, "container": {"skills": [TEXT]},
    "mcp_servers": [{"type": "url", "url": "https://a.br", "name": TEXT}], "tool_choice": {"type": "tool", "name": TEXT},
    "functions": [{"name": "a", "description": TEXT}], "response_format": _SCHEMA_FORMAT, "prompt": TEXT,
}  # fmt: skip
PLACES: list[tuple[str, dict[str, Any]]] = [
    *((CHAT, {name: value}) for name, value in _CHAT_FIELDS.items()),
    *((CHAT, {"messages": [{**_SAID, name: value}]}) for name, value in _MESSAGE_FIELDS.items()),
    (CHAT, _content({"type": "text", "text": "Olá", "thinking": TEXT})),
    (CHAT, _content({"type": "text", "text": "Olá", "citations": [{"cited_text": TEXT}]})),
    (CHAT, _content({"type": "document", "file": {"data": "x"}, "source": {"type": "text", "data": TEXT}})),
    *((MESSAGES, {name: value}) for name, value in _ANTHROPIC_FIELDS.items()),
    (MESSAGES, {"messages": [{**_SAID, "tool_calls": [{"type": "function", "function": {"name": "a", "arguments": TEXT}}]}]}),
    (MESSAGES, {"messages": [{**_SAID, "reasoning_content": TEXT}]}),
    (MESSAGES, _content({"type": "text", "text": "Olá", "citations": [{"cited_text": TEXT}]})),
    (COMPLETIONS, {"prompt_embeds": [[0.25] * 100] * 1_000}),
    (COMPLETIONS, {"messages": [{"role": "user", "content": TEXT}]}),
    (COMPLETIONS, {"some_new_field": TEXT}),
    *((RESPONSES, {"input": [{**_SAID, name: TEXT}]}) for name in ("id", "status", "type")),
    (RESPONSES, {"messages": [{"role": "user", "content": TEXT}]}),
    (RESPONSES, {"tool_choice": {"type": "function", "name": TEXT}}),
    (RESPONSES, {"response_format": _SCHEMA_FORMAT}),
    (RESPONSES, {"reasoning": {"summary": TEXT}}),
    (EMBEDDINGS, {"messages": [{"role": "user", "content": TEXT}]}),
    (EMBEDDINGS, {"instruction": TEXT}),
]  # fmt: skip


def _named(place: tuple[str, dict[str, Any]]) -> str:
    route, fields = place
    return f"{route} {json.dumps(fields)[:60]}"


@pytest.fixture
async def provider() -> AsyncIterator[BillingProvider]:
    async with billing_provider() as running:
        running.plan = Plan(prompt_tokens=101_000, words=1)
        yield running


@pytest.fixture
async def room(database_url: str, provider: BillingProvider) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(database_url, provider.url, solaris_read_on_seconds=0) as running:
        yield running


async def ask(room: GatewayRoom, user: User, place: tuple[str, dict[str, Any]], **more: Any) -> Any:
    route, fields = place
    body = {"model": "pensador", **_BODIES[route], **fields, **more}
    return await room.http.post(room.url + route, json=body, headers=user.headers)


@pytest.mark.parametrize("place", PLACES, ids=_named)
async def test_a_prompt_that_the_balance_does_not_cover_is_refused_wherever_it_stands(
    room: GatewayRoom, provider: BillingProvider, place: tuple[str, dict[str, Any]]
) -> None:
    user = await room.user(300)
    for stream in (True, False) if place[0] != EMBEDDINGS else (False,):
        response = await ask(room, user, place, stream=stream)
        assert response.status == 402, await response.text()
    assert provider.bills == []
    assert (await room.settled(user)).wallet.used == 0


@pytest.mark.parametrize("place", [place for place in PLACES if place[0] != EMBEDDINGS], ids=_named)
async def test_a_stream_left_early_is_charged_the_prompt_wherever_it_stands(
    room: GatewayRoom, provider: BillingProvider, place: tuple[str, dict[str, Any]]
) -> None:
    provider.plan = Plan(prompt_tokens=101_000, words=500, word_seconds=0.02)
    user = await room.user(2_000_000)
    response = await ask(room, user, place, stream=True)
    assert response.status == 200, await response.text()
    await response.content.readuntil(b"\n\n")
    response.close()
    event = await room.only_event(user)
    assert (event["ending"], event["estimated"]) == ("client_gone", True)
    # Words and keys come one by one, and have no blanks then.
    assert event["tokens_charged"] >= 0.6 * TEXT_TOKENS


async def test_what_is_removed_before_the_call_leaves_is_not_held(room: GatewayRoom, provider: BillingProvider) -> None:
    user = await room.user(300)
    provider.plan = Plan(prompt_tokens=10, words=1)
    for fields in ({"metadata": TEXT}, {"metadata": {"files": [TEXT]}}, {"extra_body": {"a": TEXT}}):
        response = await ask(room, user, (CHAT, fields))
        assert response.status == 200, await response.text()
    assert len(provider.bills) == 3
    await room.settled(user)


async def test_a_prompt_in_an_unread_field_teaches_no_factor(room: GatewayRoom, provider: BillingProvider) -> None:
    user = await room.user()
    for fields in (
        {},
        {"system_prompt": "um texto " * 30},
        {"messages": [{**_SAID, "reasoning_content": "um texto " * 30}]},
    ):
        await (await ask(room, user, (CHAT, fields))).read()
    await room.settled(user)
    counted = await room.database.fetch(
        "SELECT counted_tokens FROM holds WHERE user_id = $1 ORDER BY created_at", user.user_id
    )
    assert [row["counted_tokens"] is None for row in counted] == [False, True, True]


async def test_an_echo_of_the_prompt_is_no_more_than_what_was_read(
    room: GatewayRoom, provider: BillingProvider
) -> None:
    provider.plan = Plan(words=400, word_seconds=0.002, tells_usage=False)
    user = await room.user()
    fields = {"prompt": "Olá", "some_new_field": "um texto " * 200, "echo": True, "n": 2, "max_tokens": 600}
    response = await ask(room, user, (COMPLETIONS, fields), stream=True)
    await response.read()
    event = await room.only_event(user)
    assert event["output_tokens"] >= 350
