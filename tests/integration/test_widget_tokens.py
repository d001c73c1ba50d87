"""Widget tokens: they read one user's balance, for named pages, and open nothing else."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount
from tests.integration.asgi_client import AsgiClient
from tests.integration.gateway_room import JWT_SECRET, GatewayRoom, User, running_gateway
from tests.integration.usage_stream_reader import reading

from solaris.apps.admin import build_admin
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.front_ends import FrontEnds, NewFrontEnd
from solaris.auth.tokens import Tokens
from solaris.domain.roles import Role
from solaris.local.simulator import ModelSimulator
from solaris.platform.logs import build_log
from solaris.platform.settings import load_settings

CHAT_PAGE = "https://chat.example.com.br"
OTHER_PAGE = "https://outro.example.com.br"
SOMEBODY = "00000000-0000-4000-8000-000000000000"
ADMITTED = {"GET /api/tokens/current", "GET /api/tokens/stream", "POST /api/tokens/alerts/acknowledge"}


@dataclass
class Widgets:
    """A proxy that admits one chat page."""

    room: GatewayRoom

    def session(self, user: User) -> dict[str, str]:
        """Headers of a signed-in user."""
        token = Tokens(JWT_SECRET, lifetime_seconds=600).issue(user.user_id, Role.USER)
        return {"Authorization": f"Bearer {token.text}"}

    async def order(self, headers: dict[str, str], **body: Any) -> aiohttp.ClientResponse:
        """Ask for a token."""
        return await self.room.http.post(self.room.url + "/api/widget/token", json=body, headers=headers)

    async def connect(self, user: User) -> dict[str, str]:
        """A new widget's header."""
        answer = await self.order(self.session(user), origin=CHAT_PAGE)
        assert answer.status == 201, await answer.text()
        return {"Authorization": f"Bearer {(await answer.json())['token']}"}

    async def status(self, headers: dict[str, str], path: str = "/api/tokens/current") -> int:
        """What that route answers to them."""
        return (await self.room.http.get(self.room.url + path, headers=headers)).status


@pytest.fixture(scope="module")
async def widgets(module_database_url: str, running_simulator: ModelSimulator) -> AsyncIterator[Widgets]:
    async with running_gateway(
        module_database_url, running_simulator.url, solaris_widget_origins=f"{CHAT_PAGE}, {OTHER_PAGE}"
    ) as room:
        yield Widgets(room)


async def test_a_signed_in_user_connects_a_page_that_may_show_balances(widgets: Widgets) -> None:
    user = await widgets.room.user(1_000)
    answer = await widgets.order(widgets.session(user), origin=CHAT_PAGE)
    made = await answer.json()
    assert answer.status == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert made["token"].startswith("wt-solaris-")
    assert made["origin"] == CHAT_PAGE
    assert 29 * 86_400 < made["expires_in"] <= 30 * 86_400
    headers = {"Authorization": f"Bearer {made['token']}"}
    current = await (await widgets.room.http.get(widgets.room.url + "/api/tokens/current", headers=headers)).json()
    assert (current["user_id"], current["tokens_remaining"]) == (str(user.user_id), 1_000)
    async with reading(widgets.room.http, widgets.room.url + "/api/tokens/stream", headers) as reader:
        assert (await reader.until("balance")).data["tokens_remaining"] == 1_000


@pytest.mark.parametrize("origin", ["https://evil.example.com", f"{CHAT_PAGE}/", CHAT_PAGE.upper(), "null", "", None])
async def test_no_other_page_is_connected(widgets: Widgets, origin: str | None) -> None:
    user = await widgets.room.user()
    answer = await widgets.order(widgets.session(user), **({} if origin is None else {"origin": origin}))
    assert answer.status == 400
    assert (await answer.json())["error"]["param"] == "origin"


async def test_a_chat_server_connects_its_user_and_a_users_own_key_does_not(widgets: Widgets) -> None:
    created = await FrontEnds(widgets.room.database, CacheInvalidation()).create(NewFrontEnd("librechat"))
    named = {"Authorization": f"Bearer {created.key}", "X-Librechat-User-Id": "u1"}
    answer = await widgets.order(named)
    assert answer.status == 201
    widget = {"Authorization": f"Bearer {(await answer.json())['token']}"}
    mine = await (await widgets.room.http.get(widgets.room.url + "/api/tokens/current", headers=named)).json()
    seen = await (await widgets.room.http.get(widgets.room.url + "/api/tokens/current", headers=widget)).json()
    assert seen["user_id"] == mine["user_id"]
    user = await widgets.room.user()
    assert (await widgets.order(user.headers, origin=CHAT_PAGE)).status == 403


def _routes(app: FastAPI) -> list[str]:
    found = []
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, Mount):
            continue
        path = (context.path or "").replace(":path}", "}")
        found += [f"{method} {path}" for method in (context.methods or set()) - {"HEAD", "OPTIONS"}]
    return sorted(found)


async def _status(client: AsgiClient, route: str, headers: dict[str, str]) -> int:
    method, path = route.split(" ", 1)
    for name in ("id", "user_id", "key_id", "token_id", "request_id", "ticket_number"):
        path = path.replace(f"{{{name}}}", SOMEBODY)
    body = {"alert": 80} if route in ADMITTED and method == "POST" else None
    return (await client.request(method, path, body, headers)).status


async def test_it_opens_three_routes_of_the_proxy_and_no_other(widgets: Widgets) -> None:
    widget = await widgets.connect(await widgets.room.user())
    client = AsgiClient(widgets.room.app)
    routes = _routes(widgets.room.app)
    assert set(routes) > ADMITTED | {"POST /v1/chat/completions", "GET /v1/models", "POST /api/keys"}
    for route in routes:
        with_token, without = await _status(client, route, widget), await _status(client, route, {})
        if route in ADMITTED:
            assert (with_token, without) == (200, 401), route
        else:
            # Such a token is as good as none.
            assert with_token == without, route
            assert without in (200, 204, 401, 403, 404) or without == 422, route


async def test_it_opens_nothing_of_the_administration(widgets: Widgets, module_database_url: str) -> None:
    user = await widgets.room.user()
    await widgets.room.database.execute("UPDATE users SET role = 'super_admin' WHERE id = $1", user.user_id)
    widget = await widgets.connect(user)
    settings = load_settings(
        _env_file=None, database_url=module_database_url, jwt_secret=JWT_SECRET, litellm_url="http://127.0.0.1:9"
    )
    app = build_admin(settings, log=build_log("admin", level="error", form="json", stream=io.StringIO()))
    async with app.router.lifespan_context(app):
        client = AsgiClient(app)
        for route in _routes(app):
            assert await _status(client, route, widget) == await _status(client, route, {}), route


async def test_a_disconnected_widget_is_refused_and_its_stream_ends(widgets: Widgets) -> None:
    user = await widgets.room.user()
    first, second = await widgets.connect(user), await widgets.connect(user)
    session = widgets.session(user)
    url = widgets.room.url + "/api/widget/tokens"
    listed = (await (await widgets.room.http.get(url, headers=session)).json())["data"]
    assert [one["origin"] for one in listed] == [CHAT_PAGE, CHAT_PAGE]
    assert "token" not in listed[0]
    async with reading(widgets.room.http, widgets.room.url + "/api/tokens/stream", second) as reader:
        await reader.until("balance")
        gone = await widgets.room.http.delete(f"{url}/{listed[0]['id']}", headers=session)
        assert gone.status == 204
        assert (await reader.until("end", within_seconds=3)).data["reason"] == "not_authenticated"
    assert [await widgets.status(first), await widgets.status(second)] == [200, 401]
    stranger = widgets.session(await widgets.room.user())
    assert (await widgets.room.http.delete(f"{url}/{listed[1]['id']}", headers=stranger)).status == 404


async def test_it_ends_by_itself_and_with_another_password(widgets: Widgets) -> None:
    user = await widgets.room.user()
    database = widgets.room.database
    expired, older = await widgets.connect(user), await widgets.connect(await widgets.room.user())
    await database.execute("UPDATE widget_tokens SET expires_at = now() WHERE user_id = $1", user.user_id)
    assert await widgets.status(expired) == 401
    await database.execute(
        "INSERT INTO credentials (user_id, password_hash, tokens_valid_from)"
        " SELECT user_id, 'x', now() FROM widget_tokens WHERE expires_at > now() ORDER BY created_at DESC LIMIT 1"
    )
    assert await widgets.status(older) == 401


async def test_of_too_many_the_oldest_end(widgets: Widgets) -> None:
    user = await widgets.room.user()
    made = [await widgets.connect(user) for _ in range(22)]
    assert [await widgets.status(one) for one in made[:3]] == [401, 401, 200]
    assert await widgets.status(made[-1]) == 200


async def test_the_named_pages_may_ask_from_the_browser_and_others_may_not(widgets: Widgets) -> None:
    http, url = widgets.room.http, widgets.room.url
    asks = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    for path in ("/api/tokens/current", "/api/tokens/stream"):
        leave = await http.options(url + path, headers={"Origin": CHAT_PAGE, **asks})
        assert leave.status == 204
        assert leave.headers["Access-Control-Allow-Origin"] == CHAT_PAGE
        assert leave.headers["Access-Control-Allow-Methods"] == "GET"
        assert "authorization" in leave.headers["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in leave.headers
        refused = await http.options(url + path, headers={"Origin": "https://evil.example.com", **asks})
        assert "Access-Control-Allow-Origin" not in refused.headers
    widget = await widgets.connect(await widgets.room.user())
    answer = await http.get(url + "/api/tokens/current", headers={**widget, "Origin": CHAT_PAGE})
    assert answer.headers["Access-Control-Allow-Origin"] == CHAT_PAGE
    assert answer.headers["Vary"] == "Origin"
    # A refusal too must be readable, or the page would take it for a broken line.
    refusal = await http.get(url + "/api/tokens/current", headers={"Origin": CHAT_PAGE})
    assert (refusal.status, refusal.headers["Access-Control-Allow-Origin"]) == (401, CHAT_PAGE)
    foreign = await http.get(url + "/api/tokens/current", headers={**widget, "Origin": "https://evil.example.com"})
    assert "Access-Control-Allow-Origin" not in foreign.headers
    elsewhere = await http.get(url + "/api/tokens/history", headers={"Origin": CHAT_PAGE})
    assert "Access-Control-Allow-Origin" not in elsewhere.headers


async def test_an_alert_that_the_widget_showed_is_gone_everywhere(widgets: Widgets) -> None:
    user = await widgets.room.user(1_000)
    widget = await widgets.connect(user)
    http, url = widgets.room.http, widgets.room.url
    async with reading(http, url + "/api/tokens/stream", user.headers) as reader:
        await reader.until("balance")
        await http.post(url + "/api/tokens/consume", json={"tokens": 850, "request_id": "a"}, headers=user.headers)
        await reader.until("alert")
        await asyncio.sleep(0.2)
        seen = await http.post(url + "/api/tokens/alerts/acknowledge", json={"alert": 80}, headers=widget)
        assert seen.status == 200
        assert (await reader.until("balance", cause="change")).data["alert"] is None


async def test_a_suspended_user_creates_nothing_but_may_read_and_revoke(widgets: Widgets) -> None:
    room = widgets.room
    user = await room.user(1_000)
    session = widgets.session(user)
    key_id = (await (await room.http.get(room.url + "/api/keys", headers=session)).json())["data"][0]["id"]
    connected = await (await widgets.order(session, origin=CHAT_PAGE)).json()
    purchase = {"method": "manual", "tokens": 10_000}
    ordered = await room.http.post(room.url + "/api/credits/purchase", json=purchase, headers=session)
    ticket = (await ordered.json())["ticket_number"]
    await room.database.execute("UPDATE users SET active = false WHERE id = $1", user.user_id)
    session = widgets.session(user)  # a new one: what is known of the other stays for some seconds

    async def refusal(path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> tuple[int, str]:
        answer = await room.http.post(room.url + path, json=body, headers=headers or session)
        return answer.status, (await answer.json())["error"]["code"]

    suspended = (403, "user_suspended")
    assert await refusal("/api/keys", {"name": "outra"}) == suspended
    assert await refusal("/api/credits/purchase", purchase) == suspended
    assert await refusal("/api/credits/purchase", purchase, user.headers) == suspended
    assert await refusal("/api/widget/token", {"origin": CHAT_PAGE}) == suspended

    for path in ("/api/keys", "/api/credits/requests", "/api/widget/tokens", "/api/tokens/current"):
        assert await widgets.status(session, path) == 200
    for method, path, status in (
        ("POST", f"/api/credits/requests/{ticket}/cancel", 200),
        ("DELETE", f"/api/widget/tokens/{connected['id']}", 204),
        ("DELETE", f"/api/keys/{key_id}", 204),
        ("POST", "/api/auth/logout", 204),
    ):
        answer = await room.http.request(method, room.url + path, headers=session)
        assert answer.status == status, (path, await answer.text())


async def test_who_is_suspended_may_still_acknowledge_an_alert(widgets: Widgets) -> None:
    user = await widgets.room.user(1_000)
    await widgets.room.database.execute("UPDATE users SET active = false WHERE id = $1", user.user_id)
    answer = await widgets.room.http.post(
        widgets.room.url + "/api/tokens/alerts/acknowledge", json={"alert": 80}, headers=widgets.session(user)
    )
    assert answer.status == 200
