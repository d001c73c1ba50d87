"""Name and contact address follow the front end that made the account, until staff or the user took them over (decision 0122)."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tests.integration.auth_room import PASSWORD, Room, opened
from tests.integration.test_auth_identify import key_of, librechat, users

from solaris.auth.principal import Principal, Via
from solaris.domain.errors import UnresolvedPlaceholder
from solaris.domain.roles import Role
from solaris.ledger.allowance import Allowances
from solaris.users.staff_service import StaffService, UserEdit
from solaris.users.user_service import NewUser, User


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Room]:
    async with opened(database_url) as database:
        yield Room(database)


async def seen(room: Room, key: str, email: str = "", name: str = "", user: str = "u1") -> User:
    """The account after a call with these headers, once the cache's entry is too old."""
    room.identifier.forget()
    principal = await room.identifier.identify(librechat(key, user, email, name))
    return await room.users.get(principal.user_id)


async def staff_edit(room: Room, user: User, **changes: str) -> None:
    boss = await room.users.create(NewUser("chefe@empresa.com", "Chefe", role=Role.SUPER_ADMIN))
    actor = Principal(boss.id, Role.SUPER_ADMIN, True, Via.JWT, "portal")
    staff_service = StaffService(room.database, room.users, room.cache_invalidation, Allowances())
    await staff_service.edit(actor, user.id, UserEdit(user.updated_at, **changes))


async def test_the_newest_name_and_address_are_shown_on_the_same_account(room):
    key = await key_of(room)
    first = await seen(room, key, "ana@a.com", "Ana")
    second = await seen(room, key, "ana@b.com", "Ana Maria")
    assert second.id == first.id
    assert (second.name, second.email, second.email_verified, second.contact_email) == (
        "Ana Maria", "ana@b.com", False, None,
    )  # fmt: skip
    assert (await seen(room, key, "ana@a.com", "Ana")).email == "ana@a.com"


async def test_a_change_is_noticed_within_the_caches_lifetime(database_url: str):
    async with opened(database_url) as database:
        room = Room(database, lifetime_seconds=0.05)
        key = await key_of(room)
        principal = await room.identifier.identify(librechat(key, "u1", "ana@a.com", "Ana"))
        for _ in range(100):
            await room.identifier.identify(librechat(key, "u1", "ana@a.com", "Ana Maria"))
            if (await room.users.get(principal.user_id)).name == "Ana Maria":
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the new name was not noticed")


async def test_what_is_not_sent_or_can_not_be_read_changes_nothing_and_writes_nothing(room):
    key = await key_of(room)
    before = await seen(room, key, "ana@a.com", "Ana")
    for email, name in (("", ""), ("nada", "{{LIBRECHAT_USER_NAME}}"), ("{{EMAIL}}", "\x01"), ("ana@a.com", "Ana")):
        assert await seen(room, key, email, name) == before


async def test_an_address_of_another_user_becomes_the_contact_address(room):
    key = await key_of(room)
    await room.users.create(NewUser("boss@empresa.com", "Chefe"))
    await seen(room, key, "ana@a.com", "Ana")
    taken = await seen(room, key, "boss@empresa.com", "Ana")
    assert (taken.email, taken.contact_email) == (None, "boss@empresa.com")
    free = await seen(room, key, "ana@c.com", "Ana")
    assert (free.email, free.email_verified, free.contact_email) == ("ana@c.com", False, None)
    assert await users(room) == 2


async def test_a_verified_address_stays_and_the_new_one_is_the_contact_address(room):
    key = await key_of(room, link_by_email=True)
    await seen(room, key, "ana@a.com", "Ana")
    moved = await seen(room, key, "ana@b.com", "Ana")
    assert (moved.email, moved.email_verified, moved.contact_email) == ("ana@a.com", True, "ana@b.com")
    back = await seen(room, key, "ana@a.com", "Ana")
    assert (back.email, back.contact_email) == ("ana@a.com", None)


async def test_what_staff_typed_stays_and_the_rest_follows(room):
    key = await key_of(room)
    await staff_edit(room, await seen(room, key, "ana@a.com", "Ana"), name="Ana do RH")
    user = await seen(room, key, "ana@b.com", "Ana Maria")
    assert (user.name, user.email) == ("Ana do RH", "ana@b.com")


async def test_a_contact_address_that_staff_typed_stays(room):
    key = await key_of(room)
    await staff_edit(room, await seen(room, key, "ana@a.com", "Ana"), contact_email="ana.rh@empresa.com")
    user = await seen(room, key, "ana@b.com", "Ana Maria")
    assert (user.name, user.email, user.contact_email) == ("Ana Maria", "ana@a.com", "ana.rh@empresa.com")


async def test_an_account_that_was_linked_keeps_its_name(room):
    made = await room.users.create(NewUser("ana@a.com", "Ana da Silva"))
    key = await key_of(room, link_by_email=True)
    linked = await seen(room, key, "ana@a.com", "aninha")
    assert linked == made
    assert await seen(room, key, "aninha@b.com", "aninha 2") == made


async def test_two_front_ends_of_one_account_do_not_take_turns(room):
    first, second = await key_of(room, link_by_email=True), await key_of(room, link_by_email=True)
    made = await seen(room, first, "ana@a.com", "Ana")
    assert await seen(room, second, "ana@a.com", "Ana 2") == made
    assert (await seen(room, first, "ana@a.com", "Ana 3")).name == "Ana 3"


async def test_a_user_with_a_password_keeps_the_name(room):
    key = await key_of(room, link_by_email=True)
    made = await seen(room, key, "ana@a.com", "Ana")
    await room.users.set_password(made.id, PASSWORD)
    assert await seen(room, key, "ana@b.com", "Outra") == made


async def test_a_name_that_can_not_be_stored_now_refuses_nothing(room, monkeypatch):
    key = await key_of(room)
    made = await seen(room, key, "ana@a.com", "Ana")
    await room.database.execute("ALTER TABLE users ADD CONSTRAINT refuses CHECK (name <> 'Bia')")
    try:
        assert await seen(room, key, "ana@a.com", "Bia") == made
    finally:
        await room.database.execute("ALTER TABLE users DROP CONSTRAINT refuses")
    assert "profile_not_followed" in room.lines.getvalue()


async def test_two_accounts_that_claim_one_address_at_once_both_call_on(room):
    key = await key_of(room)
    rooms = [room, room.second(), room.second(), room.second()]
    for number, one in enumerate(rooms):
        await seen(one, key, "", "Ana", f"u{number}")
    await asyncio.gather(*(seen(one, key, "ana@a.com", "Ana", f"u{number}") for number, one in enumerate(rooms)))
    for number, one in enumerate(rooms):
        await seen(one, key, "ana@a.com", "Ana", f"u{number}")
    addresses = await room.database.fetch("SELECT email, contact_email FROM users")
    assert sorted(str(row["email"]) for row in addresses) == ["None", "None", "None", "ana@a.com"]
    assert all("ana@a.com" in (row["email"], row["contact_email"]) for row in addresses)


async def test_a_template_in_the_address_refuses_only_new_users_of_a_front_end_that_links_by_it(room):
    plain, linking = await key_of(room), await key_of(room, link_by_email=True)
    assert (await seen(room, plain, "{{LIBRECHAT_USER_MAIL}}", "Ana")).email is None
    known = await seen(room, linking, "ana@a.com", "Ana", "known")
    with pytest.raises(UnresolvedPlaceholder, match="X-Librechat-User-Email"):
        await seen(room, linking, "{{LIBRECHAT_USER_MAIL}}", "Bia", "new")
    assert await seen(room, linking, "{{LIBRECHAT_USER_MAIL}}", "Ana", "known") == known
    assert await users(room) == 2
