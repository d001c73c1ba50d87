"""Users whom a front end names, through the whole proxy: mistaken ids, odd names, new accounts beyond the limit, plans of zero."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.integration.gateway_room import CHAT, GatewayRoom, running_gateway

from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.front_ends import FrontEnds, NewFrontEnd
from solaris.local.simulator import ModelSimulator

MESSAGES = [{"role": "user", "content": "oi"}]
CALLS = [
    (CHAT, {"model": "gpt-4", "messages": MESSAGES}),
    ("/chat/completions", {"model": "gpt-4", "messages": MESSAGES, "stream": True}),
    ("/v1/completions", {"model": "gpt-4", "prompt": "oi"}),
    ("/v1/responses", {"model": "gpt-4", "input": "oi"}),
    ("/v1/messages", {"model": "gpt-4", "messages": MESSAGES, "max_tokens": 10}),
    ("/v1/embeddings", {"model": "gpt-4", "input": "oi"}),
]


@pytest.fixture(scope="module")
async def room(module_database_url: str, running_simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(module_database_url, running_simulator.url) as running:
        yield running


async def front_end(room: GatewayRoom, name: str, **options: Any) -> str:
    return (await FrontEnds(room.database, CacheInvalidation()).create(NewFrontEnd(name, **options))).key


def named(key: str, user: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "X-Librechat-User-Id": user, **more}


@pytest.mark.parametrize(("route", "body"), CALLS)
async def test_an_id_that_names_no_user_is_a_400_with_the_right_line_on_every_route(
    room: GatewayRoom, route: str, body: dict[str, Any]
) -> None:
    key = await front_end(room, f"chat {route}")
    before = await room.database.fetchval("SELECT count(*) FROM users")
    for user in ("undefined", "[object Object]", "%7B%7BLIBRECHAT_USER_ID%7D%7D", "<no value>"):
        response = await room.http.post(room.url + route, json=body, headers=named(key, user))
        error = (await response.json())["error"]
        assert response.status == 400
        assert 'X-Librechat-User-Id: "{{LIBRECHAT_USER_ID}}"' in error["message"]
    assert await room.database.fetchval("SELECT count(*) FROM users") == before


@pytest.mark.parametrize("name", ["João Olà", "{{LIBRECHAT_USER_NAME}}", "x" * 3000, "b64:%%%", "Γιώργος", "undefined"])
async def test_a_display_name_refuses_no_call(room: GatewayRoom, name: str) -> None:
    key = await front_end(room, f"chat {name[:20]}")
    headers = named(key, "66f1", **{"X-Librechat-User-Name": name, "X-Librechat-User-Email": "{{EMAIL}}"})
    response = await room.http.post(room.url + CHAT, json=CALLS[0][1], headers=headers)
    assert response.status == 200
    stored = await room.database.fetchval("SELECT name FROM users ORDER BY created_at DESC LIMIT 1")
    assert stored == (name if name in ("João Olà", "Γιώργος") else "")


async def test_beyond_the_days_accounts_a_new_user_gets_a_403_that_nothing_retries_and_the_others_call_on(
    room: GatewayRoom,
) -> None:
    key = await front_end(room, "cheio", new_accounts_per_day=1)
    assert (await room.http.post(room.url + CHAT, json=CALLS[0][1], headers=named(key, "a"))).status == 200
    for route, body in CALLS:
        response = await room.http.post(room.url + route, json=body, headers=named(key, "b"))
        error = (await response.json())["error"]
        assert response.status == 403
        assert "limite de contas novas" in error["message"]
        assert "Retry-After" not in response.headers
    assert (await room.http.post(room.url + CHAT, json=CALLS[0][1], headers=named(key, "a"))).status == 200
    assert await room.database.fetchval(
        "SELECT count(*) FROM identities i JOIN front_end_keys f ON f.id = i.front_end_key_id WHERE f.name = 'cheio'"
    ) == 1  # fmt: skip
    assert len(room.logged("new_accounts_limit_reached")) == 1
    async with room.http.get(f"{room.url}/metrics") as metrics:
        assert 'solaris_new_accounts_refused_total{front_end="cheio"} 6.0' in await metrics.text()


async def test_a_new_user_of_a_plan_without_tokens_is_told_so_with_a_402(
    room: GatewayRoom, simulator: ModelSimulator
) -> None:
    await room.database.execute("INSERT INTO plans (plan_type, name, monthly_tokens) VALUES ('zero', 'Zero', 0)")
    key = await front_end(room, "vazio", plan_type="zero")
    for route, body in CALLS:
        response = await room.http.post(room.url + route, json=body, headers=named(key, "a"))
        error = (await response.json())["error"]
        assert response.status == 402
        assert "Sua conta não tem franquia de tokens neste mês e está sem créditos." in error["message"]
        assert "http://localhost:3001/creditos" in error["message"]
        assert response.headers["X-Solaris-State"] == "blocked"
        assert response.headers["X-Solaris-Tokens-Remaining"] == "0"
    current = await room.http.get(f"{room.url}/api/tokens/current", headers=named(key, "a"))
    answer = await current.json()
    assert current.status == 200
    assert (answer["monthly_tokens"], answer["tokens_remaining"], answer["state"]) == (0, 0, "blocked")
    assert simulator.calls.count == 0
