"""Who is calling (SPEC 6), on a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import jwt
import pytest
from starlette.datastructures import Headers
from tests.integration.auth_room import PASSWORD, Room, bearer, opened

from solaris.auth.errors import DefaultPlanMissing, IdentityMissing, IdentityNotProven
from solaris.auth.front_end import FrontEndKind, HeaderNames
from solaris.auth.front_ends import NewFrontEnd
from solaris.auth.principal import BlockStyle, Via
from solaris.domain.errors import Conflict, NotAuthenticated, NotFound, StoreUnavailable, UnresolvedPlaceholder
from solaris.domain.roles import Role
from solaris.platform.postgres import Database
from solaris.platform.redis import RedisClient
from solaris.users.errors import EmailTaken
from solaris.users.user_service import NewUser


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Room]:
    async with opened(database_url) as database:
        yield Room(database)


async def key_of(room: Room, **options: object) -> str:
    name = f"chat {await room.database.fetchval('SELECT count(*) FROM front_end_keys')}"
    return (await room.front_ends.create(NewFrontEnd(name, **options))).key  # type: ignore[arg-type]


def librechat(key: str, user: str, email: str = "", name: str = "") -> Headers:
    return bearer(key, X_Librechat_User_Id=user, X_Librechat_User_Email=email, X_Librechat_User_Name=name)


async def users(room: Room) -> int:
    return int(await room.database.fetchval("SELECT count(*) FROM users"))


# API keys


async def test_an_api_key_names_its_user_as_bearer_and_as_anthropics_clients_send_it(room):
    user = await room.users.create(NewUser("ana@demo.local", "Ana"))
    created = await room.api_keys.create(user.id, "notebook")
    for headers in (
        bearer(created.key),
        Headers({"x-api-key": created.key}),
        Headers({"authorization": f"bearer {created.key}"}),
    ):
        principal = await room.identifier.identify(headers)
        assert (principal.user_id, principal.via, principal.client) == (user.id, Via.API_KEY, "notebook")
    assert (await room.api_keys.list(user.id))[0].last_used_at is not None


async def test_the_database_never_holds_a_key(room):
    user = await room.users.create(NewUser("ana@demo.local", "Ana"))
    created = await room.api_keys.create(user.id, "notebook")
    stored = await room.database.fetchrow("SELECT api_keys::text AS all FROM api_keys")
    assert created.key not in stored["all"]
    assert created.key.startswith(created.record.prefix)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "Basic YTpi"},
        {"authorization": "Bearer sk-solaris-unknown"},
        {"authorization": "Bearer fe-solaris-unknown"},
        {"authorization": "Bearer sk-openai-something"},
        {"authorization": f"Bearer sk-solaris-{'x' * 10_000}"},
        {"authorization": "Bearer sk-solaris-\u00ff\u0000"},
        {"x-api-key": "nonsense"},
        {"x-librechat-user-id": "u1"},
    ],
)
async def test_without_a_valid_credential_a_call_is_refused(room, headers):
    with pytest.raises(NotAuthenticated):
        await room.identifier.identify(Headers(headers))


async def test_a_revoked_key_is_refused_at_once(room):
    user = await room.users.create(NewUser("ana@demo.local", "Ana"))
    created = await room.api_keys.create(user.id, "notebook")
    await room.identifier.identify(bearer(created.key))
    await room.api_keys.revoke(user.id, created.record.id)
    with pytest.raises(NotAuthenticated):
        await room.identifier.identify(bearer(created.key))


async def test_a_suspended_user_is_known_and_marked(room):
    user = await room.users.create(NewUser("ana@demo.local", "Ana"))
    created = await room.api_keys.create(user.id, "notebook")
    assert (await room.identifier.identify(bearer(created.key))).active
    await room.users.suspend(user.id)
    assert not (await room.identifier.identify(bearer(created.key))).active
    await room.users.reactivate(user.id)
    assert (await room.identifier.identify(bearer(created.key))).active


async def test_what_others_change_is_believed_after_the_caches_lifetime_and_with_redis_at_once(room, redis_url):
    user = await room.users.create(NewUser("ana@demo.local", "Ana"))
    created = await room.api_keys.create(user.id, "notebook")
    redis = RedisClient(redis_url)
    here, there = Room(room.database, redis), Room(room.database, redis)
    listening = asyncio.create_task(here.cache_invalidation.listen())
    try:
        await asyncio.sleep(0.3)
        assert (await here.identifier.identify(bearer(created.key))).active
        await there.users.suspend(user.id)
        for _ in range(50):
            if not (await here.identifier.identify(bearer(created.key))).active:
                break
            await asyncio.sleep(0.05)
        assert not (await here.identifier.identify(bearer(created.key))).active
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await redis.close()
    alone = Room(room.database, lifetime_seconds=0.1)
    assert not (await alone.identifier.identify(bearer(created.key))).active
    await room.users.reactivate(user.id)
    await asyncio.sleep(0.12)
    assert (await alone.identifier.identify(bearer(created.key))).active


async def test_a_change_is_never_lost_to_an_absent_redis(room, free_port):
    redis = RedisClient(f"redis://127.0.0.1:{free_port}")
    lonely = Room(room.database, redis)
    listening = asyncio.create_task(lonely.cache_invalidation.listen())
    user = await lonely.users.create(NewUser("ana@demo.local", "Ana"))
    created = await lonely.api_keys.create(user.id, "notebook")
    assert (await lonely.identifier.identify(bearer(created.key))).active
    await lonely.users.suspend(user.id)
    assert not (await lonely.identifier.identify(bearer(created.key))).active
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await redis.close()


async def test_without_postgresql_a_credential_is_not_refused_as_unknown(free_port):
    database = Database(
        f"postgresql://solaris@127.0.0.1:{free_port}/x", timezone="UTC", service="test", timeout_seconds=1
    )
    with pytest.raises(StoreUnavailable):
        await Room(database).identifier.identify(bearer("sk-solaris-anything"))


# Front ends


async def test_a_first_request_creates_the_user_on_the_default_plan(room):
    key = await key_of(room, block_style=BlockStyle.ASSISTANT_MESSAGE)
    principal = await room.identifier.identify(librechat(key, "66f1", "Joao@Empresa.com", "João"))
    assert (principal.via, principal.role, principal.client) == (Via.FRONT_END, Role.USER, "chat 0")
    assert principal.block_style is BlockStyle.ASSISTANT_MESSAGE
    user = await room.users.get(principal.user_id)
    assert (user.email, user.email_verified, user.name) == ("joao@empresa.com", False, "João")
    assert (user.plan_type, user.monthly_tokens) == ("basico", 250_000)
    assert (await room.identifier.identify(librechat(key, "66f1"))).user_id == principal.user_id
    assert await users(room) == 1


async def test_a_front_end_may_have_a_plan_of_its_own(room):
    key = await key_of(room, plan_type="empresarial")
    principal = await room.identifier.identify(librechat(key, "66f1"))
    assert (await room.users.get(principal.user_id)).plan_type == "empresarial"


async def test_first_requests_at_once_over_two_processes_make_one_user(room):
    key = await key_of(room, link_by_email=True)
    other = room.second()
    headers = librechat(key, "66f1", "joao@empresa.com")
    found = await asyncio.gather(*((room if turn % 2 else other).identifier.identify(headers) for turn in range(20)))
    assert len({principal.user_id for principal in found}) == 1
    assert await users(room) == 1
    assert await room.database.fetchval("SELECT count(*) FROM subscriptions") == 1


@pytest.mark.parametrize("link_by_email", [False, True])
async def test_many_first_requests_with_one_address_never_fail(room, link_by_email):
    key = await key_of(room, link_by_email=link_by_email)
    rooms = [room.second() for _ in range(4)]
    found = await asyncio.gather(
        *(rooms[turn % 4].identifier.identify(librechat(key, f"u{turn}", "joao@empresa.com")) for turn in range(16))
    )
    assert len({principal.user_id for principal in found}) == (1 if link_by_email else 16)
    assert await room.database.fetchval("SELECT count(*) FROM users WHERE email = 'joao@empresa.com'") == 1


async def test_the_same_id_from_another_front_end_is_another_user(room):
    first, second = await key_of(room), await key_of(room)
    one = await room.identifier.identify(librechat(first, "66f1"))
    other = await room.identifier.identify(librechat(second, "66f1"))
    assert one.user_id != other.user_id


async def test_a_rotated_key_keeps_its_users_and_refuses_the_old_one(room):
    key = await key_of(room)
    before = await room.identifier.identify(librechat(key, "66f1"))
    renewed = await room.front_ends.rotate("chat 0")
    assert (await room.identifier.identify(librechat(renewed.key, "66f1"))).user_id == before.user_id
    with pytest.raises(NotAuthenticated):
        await room.identifier.identify(librechat(key, "66f1"))


async def test_a_revoked_front_end_is_refused_at_once(room):
    key = await key_of(room)
    await room.identifier.identify(librechat(key, "66f1"))
    await room.front_ends.revoke("chat 0")
    with pytest.raises(NotAuthenticated):
        await room.identifier.identify(librechat(key, "66f1"))


async def test_a_placeholder_makes_no_user(room):
    key = await key_of(room)
    with pytest.raises(UnresolvedPlaceholder):
        await room.identifier.identify(librechat(key, "{{LIBRECHAT_USER_ID}}"))
    with pytest.raises(IdentityMissing):
        await room.identifier.identify(bearer(key))
    assert await users(room) == 0


async def test_a_front_end_without_a_user_may_only_be_checked(room):
    key = await key_of(room)
    front_end = await room.identifier.check_credential(bearer(key))
    assert front_end is not None
    assert front_end.name == "chat 0"
    with pytest.raises(NotAuthenticated):
        await room.identifier.check_credential(bearer("fe-solaris-unknown"))


async def test_from_any_other_caller_identity_headers_are_ignored(room):
    ana = await room.users.create(NewUser("ana@demo.local", "Ana"))
    created = await room.api_keys.create(ana.id, "notebook")
    principal = await room.identifier.identify(librechat(created.key, "{{66f1", "chefe@empresa.com"))
    assert principal.user_id == ana.id
    assert await users(room) == 1


async def test_header_names_are_the_front_ends_own(room):
    key = await key_of(room, headers=HeaderNames("X-Quem", "X-Correio", "X-Nome"))
    principal = await room.identifier.identify(bearer(key, X_Quem="7", X_Correio="ana@b.com", X_Nome="Ana"))
    assert (await room.users.get(principal.user_id)).name == "Ana"
    with pytest.raises(IdentityMissing, match="X-Quem"):
        await room.identifier.identify(librechat(key, "7"))


async def test_strict_mode_believes_the_signature_alone(room):
    secret = "a shared secret of thirty-two bytes and more"
    key = await key_of(room, kind=FrontEndKind.OPEN_WEBUI, strict=True, signing_secret=secret)
    claims = {"sub": "u1", "email": "ana@b.com", "name": "Ana", "iss": "open-webui",
              "exp": int((room.clock() + timedelta(minutes=5)).timestamp())}  # fmt: skip
    token = jwt.encode(claims, secret, algorithm="HS256")
    headers = bearer(key, X_OpenWebUI_User_Jwt=token, X_OpenWebUI_User_Id="victim", X_OpenWebUI_User_Role="admin")
    principal = await room.identifier.identify(headers)
    assert principal.role is Role.USER
    assert await room.database.fetchval("SELECT external_id FROM identities") == "u1"
    with pytest.raises(IdentityNotProven):
        await room.identifier.identify(bearer(key, X_OpenWebUI_User_Id="victim"))
    room.clock.offset = timedelta(minutes=6)
    with pytest.raises(IdentityNotProven):
        await room.identifier.identify(headers)


async def test_a_missing_default_plan_makes_no_half_user(room):
    key = await key_of(room)
    await room.database.execute("UPDATE plans SET active = false WHERE plan_type = 'basico'")
    with pytest.raises(DefaultPlanMissing):
        await room.identifier.identify(librechat(key, "66f1"))
    assert await users(room) == 0


# Addresses (docs/decisions/0010)


async def test_a_proven_address_links_to_its_account_and_never_as_staff(room):
    boss = await room.users.create(NewUser("chefe@empresa.com", "Chefe", PASSWORD, Role.SUPER_ADMIN))
    key = await key_of(room, link_by_email=True)
    principal = await room.identifier.identify(librechat(key, "66f1", "chefe@empresa.com"))
    assert principal.user_id == boss.id
    assert principal.role is Role.USER


async def test_a_claimed_address_never_reaches_the_account_that_has_it(room):
    boss = await room.users.create(NewUser("chefe@empresa.com", "Chefe", PASSWORD))
    key = await key_of(room)
    principal = await room.identifier.identify(librechat(key, "66f1", "chefe@empresa.com"))
    assert principal.user_id != boss.id
    impostor = await room.users.get(principal.user_id)
    assert (impostor.email, impostor.contact_email) == (None, "chefe@empresa.com")


async def gives_way(room: Room, impostor_id: UUID, rightful_id: UUID) -> None:
    assert impostor_id != rightful_id
    impostor, rightful = await room.users.get(impostor_id), await room.users.get(rightful_id)
    assert (impostor.email, impostor.contact_email) == (None, "chefe@empresa.com")
    assert (rightful.email, rightful.email_verified) == ("chefe@empresa.com", True)


async def test_a_claimed_address_gives_way_to_the_user_that_staff_creates(room):
    key = await key_of(room)
    impostor = await room.identifier.identify(librechat(key, "66f1", "chefe@empresa.com"))
    boss = await room.users.create(NewUser("chefe@empresa.com", "Chefe", PASSWORD))
    await gives_way(room, impostor.user_id, boss.id)
    assert (await room.identifier.identify(librechat(key, "66f1", "chefe@empresa.com"))).user_id == impostor.user_id


async def test_a_claimed_address_gives_way_to_a_front_end_that_verifies(room):
    impostor = await room.identifier.identify(librechat(await key_of(room), "66f1", "chefe@empresa.com"))
    proven = await key_of(room, link_by_email=True)
    rightful = await room.identifier.identify(librechat(proven, "99aa", "chefe@empresa.com"))
    await gives_way(room, impostor.user_id, rightful.user_id)


async def test_a_claimed_address_opens_nothing(room):
    key = await key_of(room)
    principal = await room.identifier.identify(librechat(key, "66f1", "chefe@empresa.com"))
    with pytest.raises(NotFound):
        await room.users.find("chefe@empresa.com")
    with pytest.raises(Conflict):
        await room.users.set_password(principal.user_id, PASSWORD)


async def test_an_address_belongs_to_one_created_user(room):
    await room.users.create(NewUser("Ana@Demo.local ", "Ana"))
    with pytest.raises(EmailTaken):
        await room.users.create(NewUser("ana@demo.local", "Ana"))
