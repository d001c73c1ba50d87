"""A browser's session on our pages: a cookie that no script reads, good for its own service and for our own pages alone."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from http.cookies import Morsel, SimpleCookie
from typing import Any

import pytest
from tests.integration.asgi_client import Answer, AsgiClient
from tests.integration.auth_room import PASSWORD, Room, opened

from solaris.auth import api_key_routes, page_session_routes, routes
from solaris.auth.caller import Caller
from solaris.auth.page_sessions import PageService, PageSessions
from solaris.auth.tokens import MAX_SESSION
from solaris.domain.roles import Role
from solaris.users.user_service import NewUser, User

OURS = {"x-solaris-page": "1", "origin": "http://test", "sec-fetch-site": "same-origin"}


class Page:
    """A browser at one of the services: it keeps the service's cookie, and sends what our own pages send."""

    def __init__(self, room: Room, service: PageService, *, public_url: str = "http://localhost:3001") -> None:
        self.pages = PageSessions(service, room.identifier, public_url=public_url)
        app = room.app()
        caller = Caller(room.identifier, self.pages)
        app.router.routes.clear()
        staff_only = service == "admin"
        app.include_router(
            page_session_routes.routes(room.sign_in, self.pages, timezone="America/Sao_Paulo", staff_only=staff_only)
        )
        app.include_router(routes.routes(room.sign_in, room.users, caller, staff_only=staff_only))
        app.include_router(api_key_routes.routes(room.api_keys, caller))
        self.client = AsgiClient(app)
        self.cookies: dict[str, str] = {}

    async def call(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**({"cookie": cookie} if cookie else {}), **(OURS if headers is None else headers)}
        answer = await self.client.request(method, path, body, sent)
        for name, morsel in cookies_of(answer).items():
            self.cookies[name] = morsel.value
        self.cookies = {name: value for name, value in self.cookies.items() if value}
        return answer

    async def sign_in(self, email: str = "ana@demo.local", password: str = PASSWORD, **more: Any) -> Answer:
        return await self.call("POST", "/api/auth/session", {"email": email, "password": password}, **more)

    async def me(self, **more: Any) -> Answer:
        return await self.call("GET", "/api/auth/me", **more)


def cookies_of(answer: Answer) -> dict[str, Morsel[str]]:
    return dict(SimpleCookie(answer.headers.get("set-cookie", "")).items())


def code_of(answer: Answer) -> str:
    return str(answer.json()["error"]["code"])


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Room]:
    async with opened(database_url) as database:
        yield Room(database)


@pytest.fixture
async def ana(room: Room) -> User:
    return await room.users.create(NewUser("ana@demo.local", "Ana", PASSWORD))


@pytest.fixture
async def chefe(room: Room) -> User:
    return await room.users.create(NewUser("chefe@demo.local", "Chefe", PASSWORD, role=Role.ADMIN))


@pytest.fixture
def portal(room: Room) -> Page:
    return Page(room, "portal")


@pytest.fixture
def admin(room: Room) -> Page:
    return Page(room, "admin", public_url="http://localhost:3002")


async def test_signing_in_sets_an_http_only_cookie_and_returns_no_token(ana: User, portal: Page) -> None:
    answer = await portal.sign_in()
    cookie = cookies_of(answer)["solaris_portal"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "strict"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert not cookie["secure"]
    assert answer.headers["cache-control"] == "no-store"
    assert cookie.value not in answer.body.decode()
    assert answer.json()["user"] == {
        "id": str(ana.id),
        "email": "ana@demo.local",
        "name": "Ana",
        "role": "user",
        "active": True,
    }
    assert answer.json()["timezone"] == "America/Sao_Paulo"
    assert (await portal.me()).json()["id"] == str(ana.id)


async def test_with_https_outside_the_cookie_is_secure_and_bound_to_its_host(room: Room, ana: User) -> None:
    page = Page(room, "portal", public_url="https://tokens.example.com.br")
    answer = await page.sign_in(headers={**OURS, "origin": "https://tokens.example.com.br"})
    cookie = cookies_of(answer)["__Host-solaris_portal"]
    assert cookie["secure"] is True
    assert (await page.me()).status == 200


async def test_a_wrong_password_sets_nothing_and_locks_like_any_sign_in(ana: User, portal: Page) -> None:
    for _ in range(5):
        answer = await portal.sign_in(password="cavalo errado")
        assert code_of(answer) == "invalid_credentials"
        assert "set-cookie" not in answer.headers
    assert code_of(await portal.sign_in()) == "account_locked"


async def test_without_a_session_the_answer_is_204_and_no_error(portal: Page) -> None:
    assert (await portal.call("GET", "/api/auth/session")).status == 204
    portal.cookies["solaris_portal"] = "nonsense"
    assert (await portal.call("GET", "/api/auth/session")).status == 204
    assert portal.cookies == {}
    assert (await portal.me()).status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-solaris-page": "1", "origin": "https://evil.example"},
        {"x-solaris-page": "1", "origin": "http://test:9"},
        {"x-solaris-page": "1", "origin": "null"},
        {"x-solaris-page": "1", "sec-fetch-site": "same-site"},
        {"x-solaris-page": "1", "sec-fetch-site": "cross-site", "origin": "http://test"},
        {"origin": "http://test", "sec-fetch-site": "same-origin"},
    ],
)
async def test_a_foreign_page_changes_nothing_with_the_cookie(
    ana: User, portal: Page, headers: Mapping[str, str]
) -> None:
    await portal.sign_in()
    for method, path, body in (
        ("POST", "/api/keys", {"name": "stolen"}),
        ("DELETE", "/api/auth/session", None),
        ("POST", "/api/auth/session/password", {"current_password": PASSWORD, "new_password": "outra senha longa"}),
        ("POST", "/api/auth/session", {"email": "ana@demo.local", "password": PASSWORD}),
        ("POST", "/api/auth/logout", None),
    ):
        answer = await portal.call(method, path, body, headers=headers)
        assert (answer.status, code_of(answer)) == (403, "foreign_page"), (method, path)
    assert (await portal.call("GET", "/api/keys")).json()["data"] == []
    assert (await portal.me(headers={})).status == 200


async def test_our_own_page_may_change_things_wherever_it_is_reached(room: Room, ana: User) -> None:
    page = Page(room, "portal", public_url="http://tokens.example.com.br")
    await page.sign_in()
    for origin in ("http://test", "http://tokens.example.com.br"):
        headers = {"x-solaris-page": "1", "origin": origin}
        assert (await page.call("POST", "/api/keys", {"name": "minha"}, headers=headers)).status == 201


async def test_bearer_tokens_and_keys_need_no_page_and_win_over_a_cookie(
    room: Room, ana: User, chefe: User, portal: Page
) -> None:
    token = (await room.sign_in.sign_in("ana@demo.local", PASSWORD, source="x")).token.text
    bearer = {"authorization": f"Bearer {token}"}
    key = (await portal.call("POST", "/api/keys", {"name": "chat"}, headers=bearer)).json()["key"]
    assert (await portal.me(headers={"authorization": f"Bearer {key}"})).json()["via"] == "api_key"
    await portal.sign_in("chefe@demo.local")
    assert (await portal.me(headers=bearer)).json()["email"] == "ana@demo.local"
    assert (await portal.me(headers={"authorization": "Bearer wrong"})).status == 401


async def test_the_cookies_of_the_two_services_are_good_for_their_own_alone(
    chefe: User, portal: Page, admin: Page
) -> None:
    await portal.sign_in("chefe@demo.local")
    await admin.sign_in("chefe@demo.local")
    assert set(portal.cookies) == {"solaris_portal"}
    assert set(admin.cookies) == {"solaris_admin"}
    stolen, portal.cookies = portal.cookies["solaris_portal"], {"solaris_portal": admin.cookies["solaris_admin"]}
    assert (await portal.me()).status == 401
    for cookies in ({"solaris_portal": stolen}, {"solaris_admin": stolen}):
        admin.cookies = cookies
        assert (await admin.me()).status == 401


async def test_a_pages_token_is_no_bearer_token_and_gives_none(room: Room, ana: User, portal: Page) -> None:
    await portal.sign_in()
    text = portal.cookies["solaris_portal"]
    assert (await portal.me(headers={"authorization": f"Bearer {text}"})).status == 401
    assert (await portal.call("POST", "/api/auth/refresh")).status == 403
    change = {"current_password": PASSWORD, "new_password": "outra senha longa"}
    assert (await portal.call("POST", "/api/auth/password", change)).status == 403
    bearer = (await room.sign_in.sign_in("ana@demo.local", PASSWORD, source="x")).token.text
    portal.cookies = {"solaris_portal": bearer}
    assert (await portal.me()).status == 401


async def test_a_session_lasts_while_it_is_used_but_not_for_ever(room: Room, ana: User, portal: Page) -> None:
    await portal.sign_in()
    first = portal.cookies["solaris_portal"]
    room.clock.offset = timedelta(minutes=50)
    assert (await portal.call("GET", "/api/auth/session")).status == 200
    room.clock.offset = timedelta(minutes=100)
    assert (await portal.me()).status == 200
    portal.cookies = {"solaris_portal": first}
    assert (await portal.me()).status == 401

    room.clock.offset = timedelta()
    await portal.sign_in()
    step = timedelta(minutes=55)
    while room.clock.offset < MAX_SESSION - step:
        room.clock.offset += step
        assert (await portal.call("GET", "/api/auth/session")).status == 200
    room.clock.offset = MAX_SESSION + timedelta(minutes=1)
    assert (await portal.call("GET", "/api/auth/session")).status == 204


async def test_signing_out_ends_the_session_and_every_token_of_it(room: Room, ana: User, portal: Page) -> None:
    await portal.sign_in()
    before = dict(portal.cookies)
    room.clock.offset = timedelta(minutes=10)
    await portal.call("GET", "/api/auth/session")
    after = dict(portal.cookies)
    assert before != after
    answer = await portal.call("DELETE", "/api/auth/session")
    assert answer.status == 204
    assert cookies_of(answer)["solaris_portal"]["max-age"] == "0"
    for kept in (before, after):
        portal.cookies = dict(kept)
        assert (await portal.me()).status == 401
    assert (await portal.call("DELETE", "/api/auth/session")).status == 204


async def test_another_password_ends_the_other_browsers_and_keeps_this_one(room: Room, ana: User) -> None:
    here, there = Page(room, "portal"), Page(room, "portal")
    await here.sign_in()
    await there.sign_in()
    room.clock.offset = timedelta(seconds=2)
    change = {"current_password": PASSWORD, "new_password": "outra senha longa"}
    answer = await here.call("POST", "/api/auth/session/password", change)
    assert answer.status == 200
    assert "access_token" not in answer.json()
    assert (await here.me()).status == 200
    # Prolonging keeps the session's beginning, so it can't slip past the change.
    assert (await there.call("GET", "/api/auth/session")).status == 204


async def test_the_other_sessions_end_at_a_press_and_this_one_and_the_keys_stay(room: Room, ana: User) -> None:
    here, there = Page(room, "portal"), Page(room, "portal")
    await here.sign_in()
    await there.sign_in()
    key = (await room.api_keys.create(ana.id, "notebook")).key
    room.clock.offset = timedelta(seconds=2)
    answer = await here.call("POST", "/api/auth/session/end-others")
    assert answer.status == 200
    assert "access_token" not in answer.json()
    assert (await here.me()).status == 200
    assert (await there.call("GET", "/api/auth/session")).status == 204
    assert (await there.me(headers={"authorization": f"Bearer {key}"})).status == 200
    foreign = await here.call("POST", "/api/auth/session/end-others", headers={})
    assert foreign.status == 403
    assert await room.database.fetchval("SELECT count(*) FROM audit_log WHERE action = 'user.end_sessions'") == 1


async def test_only_active_staff_get_a_session_in_the_administration(
    room: Room, ana: User, chefe: User, admin: Page
) -> None:
    assert (await admin.sign_in("ana@demo.local")).status == 403
    assert admin.cookies == {}
    await admin.sign_in("chefe@demo.local")
    await room.database.execute("UPDATE users SET role = 'user' WHERE id = $1", chefe.id)
    room.identifier.forget()
    assert (await admin.call("GET", "/api/auth/session")).status == 204
    assert admin.cookies == {}


async def test_a_temporary_password_is_to_be_changed_before_anything_else(room: Room, ana: User, portal: Page) -> None:
    staff_made = "cavalo verde na escada"
    await room.users.set_password(ana.id, staff_made, temporary=True)
    assert (await portal.sign_in(password=staff_made)).json()["must_change_password"] is True
    assert (await portal.call("GET", "/api/auth/session")).json()["must_change_password"] is True
    assert (await portal.me()).status == 200
    assert (await portal.call("GET", "/api/keys")).status == 200
    refused = await portal.call("POST", "/api/keys", {"name": "notebook"})
    assert (refused.status, code_of(refused)) == (403, "password_change_required")
    same = {"current_password": staff_made, "new_password": staff_made}
    assert (await portal.call("POST", "/api/auth/session/password", same)).status == 400

    ended = await portal.call("POST", "/api/auth/session/end-others")
    assert ended.json()["must_change_password"] is True, "a new session is no way around it"
    own = {"current_password": staff_made, "new_password": PASSWORD}
    assert (await portal.call("POST", "/api/auth/session/password", own)).json()["must_change_password"] is False
    assert (await portal.call("GET", "/api/auth/session")).json()["must_change_password"] is False
    assert (await portal.call("POST", "/api/keys", {"name": "notebook"})).status == 201
    assert (await portal.sign_in()).json()["must_change_password"] is False
