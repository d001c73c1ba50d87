"""Signing in over HTTP, on a real PostgreSQL: right, wrong, too often, out, renewed, with another password."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from tests.integration.auth_room import PASSWORD, Answer, Browser, Room, opened

from solaris.auth.principal import Principal, Via
from solaris.auth.sign_in import delete_ended_sign_ins
from solaris.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from solaris.domain.roles import Role
from solaris.ledger.allowance import Allowances
from solaris.platform.redis import RedisClient
from solaris.users.errors import EmailTaken
from solaris.users.limit_service import Effective, LimitService
from solaris.users.user_service import NewUser, User

WRONG = "cavalo errado bateria"


class Client:
    """A user with a browser."""

    def __init__(self, room: Room, *, staff_only: bool = False, source: str = "203.0.113.7") -> None:
        self.http = Browser(room.app(staff_only=staff_only), source=source)

    async def login(self, email: str = "ana@demo.local", password: str = PASSWORD) -> Answer:
        response = await self.http.post("/api/auth/login", json={"email": email, "password": password})
        if response.status_code == 200:
            self.use(response.json()["access_token"])
        return response

    def use(self, token: str) -> None:
        self.http.token = token

    async def me(self) -> int:
        return (await self.http.get("/api/auth/me")).status_code


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Room]:
    async with opened(database_url) as database:
        yield Room(database)


@pytest.fixture
async def ana(room: Room) -> User:
    return await room.users.create(NewUser("ana@demo.local", "Ana", PASSWORD))


@pytest.fixture
async def client(room: Room) -> Client:
    return Client(room)


def error_of(response: Answer) -> Any:
    return response.json()["error"]


async def test_the_right_password_gives_a_session(ana, client):
    response = await client.login("  ANA@demo.local ")
    assert response.status_code == 200
    body = response.json()
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 3600
    assert body["user"] == {"id": str(ana.id), "email": "ana@demo.local", "name": "Ana", "role": "user"}
    assert response.headers["cache-control"] == "no-store"
    me = (await client.http.get("/api/auth/me")).json()
    assert (me["id"], me["plan_type"], me["active"], me["via"]) == (str(ana.id), "basico", True, "jwt")
    assert me["plan_name"] == "Básico"


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(ana, client):
    wrong, unknown = await client.login(password=WRONG), await client.login("ninguem@demo.local")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert error_of(wrong) == error_of(unknown)
    assert error_of(wrong)["code"] == "invalid_credentials"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"email": "ana@demo.local"}, 422),
        ({"email": "", "password": "x"}, 422),
        ({"email": "ana@demo.local", "password": ""}, 422),
        ({"email": "a" * 255, "password": "x"}, 422),
        ({"email": "ana@demo.local", "password": "x" * 1025}, 422),
        ({"email": 1, "password": "x"}, 422),
        ({"email": "ana@demo.local", "password": "x", "remember": True}, 422),
        (["ana@demo.local", "x"], 422),
        ({"email": "no address", "password": "x"}, 401),
        ({"email": "a\u0000@b.com", "password": "x\u0000y"}, 401),
        ({"email": "ana@demo.local' OR '1'='1", "password": "x"}, 401),
        ({"email": "ana@demo.local", "password": "x" * 1024}, 401),
    ],
)
async def test_odd_bodies_are_refused_without_echoing_the_password(ana, client, body, status):
    response = await client.http.post("/api/auth/login", json=body)
    assert response.status_code == status
    assert "x" * 20 not in response.text


async def test_malformed_json_is_refused_with_its_own_code(client):
    response = await client.http.post("/api/auth/login", content=b"{")
    assert (response.status_code, error_of(response)["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("email", ["ana@demo.local", "ninguem@demo.local", "no address"])
async def test_the_fifth_failure_locks_the_address_for_a_quarter_of_an_hour(room, ana, client, email):
    assert [(await client.login(email, WRONG)).status_code for _ in range(5)] == [401] * 5
    locked = await client.login(email)
    assert (locked.status_code, error_of(locked)["code"]) == (429, "account_locked")
    assert 0 < int(locked.headers["retry-after"]) <= 900
    assert room.refusals() == [("address_locked", "203.0.113.7", None)]
    assert email not in room.lines.getvalue(), "addresses stay out of the log"
    room.clock.offset = timedelta(minutes=15, seconds=1)
    assert (await client.login(email)).status_code == (200 if email == "ana@demo.local" else 401)


async def test_a_success_forgets_the_failures(ana, client):
    for _ in range(2):
        assert [(await client.login(password=WRONG)).status_code for _ in range(4)] == [401] * 4
        assert (await client.login()).status_code == 200


async def test_old_failures_do_not_count(room, ana, client):
    for _ in range(4):
        await client.login(password=WRONG)
    room.clock.offset = timedelta(minutes=16)
    assert (await client.login(password=WRONG)).status_code == 401
    assert (await client.login()).status_code == 200


async def test_guesses_sent_all_at_once_do_not_outrun_the_count(ana, client):
    answers = await asyncio.gather(*(client.login(password=f"{WRONG} {turn}") for turn in range(20)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [401] * 5 + [429] * 15


async def test_many_concurrent_sign_ins_with_the_right_password_lock_no_address(ana, client):
    answers = await asyncio.gather(*(client.login() for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}


async def test_one_source_can_not_try_many_addresses(room, ana, client):
    for turn in range(50):
        assert (await client.login(f"u{turn}@demo.local", WRONG)).status_code == 401
    refused = await client.login()
    assert (refused.status_code, error_of(refused)["code"]) == (429, "rate_limit_exceeded")
    assert int(refused.headers["retry-after"]) > 0
    assert room.refusals() == [("source_limited", "203.0.113.7", None)]
    elsewhere = Client(room, source="203.0.113.8")
    assert (await elsewhere.login()).status_code == 200


async def test_sources_are_counted_over_all_processes(room, ana, redis_url):
    redis = RedisClient(redis_url)
    await redis.client.flushdb()
    clients = [
        Client(Room(room.database, redis), source="2001:db8::1"),
        Client(Room(room.database, redis), source="2001:db8::2"),
    ]
    for turn in range(50):
        assert (await clients[turn % 2].login(f"u{turn}@demo.local", WRONG)).status_code == 401
    for client in clients:
        assert (await client.login()).status_code == 429
    await redis.close()


async def test_a_suspended_user_signs_in_and_sees_the_suspension(room, ana, client):
    await room.users.suspend(ana.id)
    assert (await client.login()).status_code == 200
    assert (await client.http.get("/api/auth/me")).json()["active"] is False


async def test_only_active_staff_sign_in_to_the_admin_application(room, ana):
    client = Client(room, staff_only=True)
    assert (await client.login()).status_code == 403
    assert room.refusals() == [("not_staff", "203.0.113.7", str(ana.id))]
    staff = await room.users.create(NewUser("rita@demo.local", "Rita", PASSWORD, Role.SUPPORT))
    assert (await client.login("rita@demo.local")).status_code == 200
    await room.users.suspend(staff.id)
    assert (await client.login("rita@demo.local")).status_code == 403


async def test_signing_out_ends_this_session_alone(room, ana, client):
    other = Client(room)
    await other.login()
    await client.login()
    assert (await client.http.post("/api/auth/logout")).status_code == 204
    assert await client.me() == 401
    assert await other.me() == 200


async def test_a_token_renews_once(ana, client):
    first = (await client.login()).json()["access_token"]
    answers = await asyncio.gather(*(client.http.post("/api/auth/refresh") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
    renewed = next(answer for answer in answers if answer.status_code == 200).json()
    client.use(first)
    assert await client.me() == 401
    client.use(renewed["access_token"])
    assert await client.me() == 200


async def test_an_expired_token_is_refused(room, ana, client):
    await client.login()
    room.clock.offset = timedelta(hours=1)
    response = await client.http.get("/api/auth/me")
    assert (response.status_code, error_of(response)["code"]) == (401, "not_authenticated")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_another_password_ends_every_other_session(room, ana, client):
    other = Client(room)
    await other.login()
    await client.login()
    change = {"current_password": PASSWORD, "new_password": "girafa azul no telhado"}
    response = await client.http.post("/api/auth/password", json=change)
    assert response.status_code == 200
    assert await client.me() == 401
    assert await other.me() == 401
    client.use(response.json()["access_token"])
    assert await client.me() == 200
    assert (await other.login()).status_code == 401
    assert (await other.login(password="girafa azul no telhado")).status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "param"),
    [
        (WRONG, "girafa azul no telhado", "current_password"),
        (PASSWORD, "curta", "new_password"),
        (PASSWORD, "ana@demo.local", "new_password"),
    ],
)
async def test_a_password_is_not_changed_without_the_present_one_nor_to_a_weak_one(ana, client, current, new, param):
    await client.login()
    response = await client.http.post("/api/auth/password", json={"current_password": current, "new_password": new})
    assert (response.status_code, error_of(response)["param"]) == (400, param)
    assert await client.me() == 200


async def test_guessing_the_present_password_with_a_stolen_session_locks_too(ana, client):
    await client.login()
    change = {"current_password": WRONG, "new_password": "girafa azul no telhado"}
    statuses = [(await client.http.post("/api/auth/password", json=change)).status_code for _ in range(6)]
    assert statuses == [400] * 5 + [429]


async def test_the_role_is_read_from_the_database(room, ana, client):
    await client.login()
    await room.database.execute("UPDATE users SET role = 'operator' WHERE id = $1", ana.id)
    await room.cache_invalidation.publish(ana.id)
    assert (await client.http.get("/api/auth/me")).json()["role"] == "operator"


async def test_a_password_set_by_staff_ends_the_sessions_and_the_lock(room, ana, client):
    await client.login()
    for _ in range(5):
        await client.http.post("/api/auth/login", json={"email": "ana@demo.local", "password": WRONG})
    await room.users.set_password(ana.id, "girafa azul no telhado")
    assert await client.me() == 401
    assert (await client.login(password="girafa azul no telhado")).status_code == 200


async def test_an_old_hash_is_renewed_at_the_next_sign_in(room, ana, client):
    from solaris.auth.passwords import Passwords

    await room.database.execute("UPDATE credentials SET password_hash = $1", await Passwords().hash(PASSWORD))
    assert (await client.login()).status_code == 200
    stored = await room.database.fetchval("SELECT password_hash FROM credentials")
    assert not room.passwords.is_outdated(stored)
    assert (await client.login()).status_code == 200


async def test_what_is_over_is_purged(room, ana, client):
    await client.login()
    await client.http.post("/api/auth/logout")
    await client.login("ninguem@demo.local", WRONG)
    assert await delete_ended_sign_ins(room.database, room.clock()) == 0
    room.clock.offset = timedelta(days=2)
    assert await delete_ended_sign_ins(room.database, room.clock()) == 2


async def test_a_client_with_a_temporary_password_may_read_change_it_and_leave(room, ana, client):
    await room.users.set_password(ana.id, WRONG, temporary=True)
    assert (await client.login(password=WRONG)).json()["must_change_password"] is True
    renewed = (await client.http.post("/api/auth/refresh")).json()
    assert renewed["must_change_password"] is True
    client.use(renewed["access_token"])
    refused = await client.http.post("/api/keys", json={"name": "notebook"})
    assert (refused.status_code, error_of(refused)["code"]) == (403, "password_change_required")
    assert await client.me() == 200
    change = {"current_password": WRONG, "new_password": PASSWORD}
    changed = (await client.http.post("/api/auth/password", json=change)).json()
    assert changed["must_change_password"] is False
    client.use(changed["access_token"])
    assert (await client.http.post("/api/keys", json={"name": "notebook"})).status_code == 201
    await room.users.set_password(ana.id, WRONG, temporary=True)
    await client.login(password=WRONG)
    assert (await client.http.post("/api/auth/logout")).status_code == 204


# API keys over HTTP


async def test_a_signed_in_user_creates_lists_and_revokes_keys(ana, client):
    await client.login()
    created = await client.http.post("/api/keys", json={"name": " notebook "})
    assert created.status_code == 201
    key = created.json()
    listed = (await client.http.get("/api/keys")).json()["data"]
    assert listed == [{name: key[name] for name in ("id", "name", "prefix", "created_at", "last_used_at")}]
    assert listed[0]["name"] == "notebook"
    assert (await client.http.delete(f"/api/keys/{key['id']}")).status_code == 204
    assert (await client.http.delete(f"/api/keys/{key['id']}")).status_code == 404
    assert (await client.http.get("/api/keys")).json() == {"data": []}


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "   "}, {"name": "x" * 81}, {"name": "a\u0000b"}, {"name": "a", "x": 1}]
)
async def test_a_key_needs_a_usable_name(ana, client, body):
    await client.login()
    assert (await client.http.post("/api/keys", json=body)).status_code in (400, 422)


async def test_the_key_of_another_user_is_not_found(room, ana, client):
    other = await room.users.create(NewUser("bia@demo.local", "Bia"))
    created = await room.api_keys.create(other.id, "hers")
    await client.login()
    assert (await client.http.delete(f"/api/keys/{created.record.id}")).status_code == 404
    assert (await client.http.delete("/api/keys/nonsense")).status_code == 422
    assert len(await room.api_keys.list(other.id)) == 1


async def test_a_key_makes_no_keys_and_has_no_session(room, ana, client):
    created = await room.api_keys.create(ana.id, "notebook")
    client.use(created.key)
    assert await client.me() == 200
    assert (await client.http.post("/api/keys", json={"name": "x"})).status_code == 403
    assert (await client.http.post("/api/auth/logout")).status_code == 403
    assert (await client.http.post("/api/auth/refresh")).status_code == 403


async def test_concurrent_requests_do_not_exceed_twenty_keys(ana, client):
    await client.login()
    answers = await asyncio.gather(*(client.http.post("/api/keys", json={"name": f"k{turn}"}) for turn in range(25)))
    assert sorted(answer.status_code for answer in answers) == [201] * 20 + [409] * 5


# People


async def test_every_change_of_a_user_is_in_the_audit_log(room, ana):
    actor = Principal((await room.users.create(NewUser("root@demo.local", "", None, Role.SUPER_ADMIN))).id,
                      Role.SUPER_ADMIN, active=True, via=Via.JWT, client="portal")  # fmt: skip
    await room.users.suspend(ana.id, actor=actor)
    await room.users.suspend(ana.id, actor=actor)
    await room.users.reactivate(ana.id, actor=actor)
    await LimitService(room.database, room.cache_invalidation, Allowances()).set_plan(
        actor, ana.id, "profissional", Effective.NOW
    )
    rows = await room.database.fetch("SELECT * FROM audit_log WHERE entity_id = $1 ORDER BY created_at", str(ana.id))
    assert [row["action"] for row in rows] == ["user.create", "user.suspend", "user.reactivate", "user.set_plan"]
    assert (rows[1]["before"], rows[1]["after"]) == ({"active": True}, {"active": False})
    assert (rows[1]["actor_id"], rows[1]["actor_role"]) == (actor.user_id, "super_admin")
    assert (rows[0]["actor_id"], rows[0]["actor_role"]) == (None, "system")
    assert PASSWORD not in str([dict(row) for row in rows])
    assert (await room.users.get(ana.id)).plan_type == "profissional"


async def test_only_a_super_admin_changes_staff_and_no_one_suspends_themselves(room, ana):
    admin = await room.users.create(NewUser("adm@demo.local", "", None, Role.ADMIN))
    actor = Principal(admin.id, Role.ADMIN, active=True, via=Via.JWT, client="portal")
    root = await room.users.create(NewUser("root@demo.local", "", None, Role.SUPER_ADMIN))
    for refused in (
        room.users.create(NewUser("op@demo.local", "", None, Role.OPERATOR), actor=actor),
        room.users.suspend(root.id, actor=actor),
        room.users.set_password(root.id, PASSWORD, actor=actor),
    ):
        with pytest.raises(Forbidden):
            await refused
    with pytest.raises(Conflict):
        await room.users.suspend(admin.id, actor=actor)
    assert not (await room.users.suspend(ana.id, actor=actor)).active


@pytest.mark.parametrize(
    ("order", "condition"),
    [
        (NewUser("no address", "Ana"), InvalidInput),
        (NewUser("bia@demo.local", "x" * 201), InvalidInput),
        (NewUser("bia@demo.local", "a\0b"), InvalidInput),
        (NewUser("bia@demo.local", "Bia", "curta"), InvalidInput),
        (NewUser("bia@demo.local", "Bia", plan_type="ouro"), NotFound),
        (NewUser("ANA@demo.local", "Ana"), EmailTaken),
    ],
)
async def test_a_user_that_can_not_be_created_leaves_no_trace(room, ana, order, condition):
    with pytest.raises(condition):
        await room.users.create(order)
    assert await room.database.fetchval("SELECT count(*) FROM users") == 1
