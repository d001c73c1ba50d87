"""New accounts per front end and day are capped, exactly, and who is there already never notices (docs/decisions/0120)."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from prometheus_client import generate_latest
from tests.integration.auth_room import Room
from tests.integration.test_auth_identify import key_of, librechat, users

from solaris.auth.errors import NewAccountsLimitReached
from solaris.platform.postgres import Database
from solaris.users.user_service import NewUser


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Room]:
    # A zone in which it is about noon, so that no test has a midnight inside.
    offset = datetime.now(UTC).hour - 12
    database = Database(database_url, timezone=f"Etc/GMT{offset:+d}", service="test", max_connections=10)
    await database.open()
    yield Room(database, new_accounts_per_day=3)
    await database.close()


async def arrive(room: Room, key: str, number: int | str, email: str = "") -> bool:
    """Whether the user of that id is admitted."""
    try:
        await room.identifier.identify(librechat(key, f"u{number}", email))
    except NewAccountsLimitReached:
        return False
    return True


def reports(room: Room) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in room.lines.getvalue().splitlines()]
    return [line for line in lines if line["action"] == "new_accounts_limit_reached"]


async def test_no_more_accounts_are_made_than_the_day_allows_and_those_there_are_go_on(room):
    key = await key_of(room)
    assert [await arrive(room, key, number) for number in range(5)] == [True, True, True, False, False]
    assert await users(room) == 3
    room.identifier.forget()
    assert [await arrive(room, key, number) for number in range(5)] == [True, True, True, False, False]
    for table in ("subscriptions", "identities"):
        assert await room.database.fetchval(f"SELECT count(*) FROM {table}") == 3


async def test_the_refusal_is_one_short_line_that_says_whom_to_ask_and_names_no_chat_error(room):
    key = await key_of(room)
    for number in range(3):
        await arrive(room, key, number)
    with pytest.raises(NewAccountsLimitReached) as caught:
        await room.identifier.identify(librechat(key, "u9"))
    assert caught.value.code == "new_accounts_limit_reached"
    assert "administrador" in caught.value.message
    assert "\n" not in caught.value.message
    assert len(caught.value.message) <= 240


async def test_the_count_is_exact_over_many_processes_at_once(room):
    key = await key_of(room)
    rooms = [room, room.second(), room.second(), room.second()]
    admitted = await asyncio.gather(*(arrive(rooms[number % 4], key, number) for number in range(40)))
    assert sum(admitted) == 3
    assert await users(room) == 3
    assert await room.database.fetchval("SELECT accounts FROM new_account_days") == 3


async def test_one_user_who_comes_many_times_at_once_counts_once(room):
    key = await key_of(room)
    rooms = [room, room.second(), room.second()]
    assert all(await asyncio.gather(*(arrive(rooms[number % 3], key, "1") for number in range(12))))
    assert await room.database.fetchval("SELECT accounts FROM new_account_days") == 1


async def test_linked_users_make_no_account_and_are_never_refused(room):
    key = await key_of(room, link_by_email=True, new_accounts_per_day=0)
    ana = await room.users.create(NewUser("ana@empresa.com", "Ana"))
    assert await arrive(room, key, 1, "ana@empresa.com")
    assert not await arrive(room, key, 2, "bia@empresa.com")
    assert await users(room) == 1
    assert (await room.identifier.identify(librechat(key, "u1"))).user_id == ana.id


async def test_accounts_that_link_at_the_same_moment_are_one_account_and_count_once(room):
    keys = [await key_of(room, link_by_email=True) for _ in range(4)]
    rooms = [room, room.second(), room.second(), room.second()]
    await asyncio.gather(*(arrive(rooms[n], keys[n], n, "ana@empresa.com") for n in range(4)))
    assert await users(room) == 1
    assert await room.database.fetchval("SELECT sum(accounts) FROM new_account_days") == 1


async def test_every_front_end_has_its_own_count_and_its_own_limit_overrides_the_setting(room):
    plain, wide, closed = (
        await key_of(room),
        await key_of(room, new_accounts_per_day=5),
        await key_of(room, new_accounts_per_day=0),
    )
    assert sum([await arrive(room, plain, number) for number in range(8)]) == 3
    assert sum([await arrive(room, wide, number) for number in range(8)]) == 5
    assert sum([await arrive(room, closed, number) for number in range(8)]) == 0
    with pytest.raises(NewAccountsLimitReached, match="não cria contas novas"):
        await room.identifier.identify(librechat(closed, "u1"))


async def test_staff_raise_the_limit_and_it_counts_at_once(room):
    key = await key_of(room)
    assert sum([await arrive(room, key, number) for number in range(5)]) == 3
    (front_end,) = await room.front_ends.list()
    await room.front_ends.edit(front_end.id, front_end.updated_at, {"new_accounts_per_day": 4})
    assert sum([await arrive(room, key, number) for number in range(6)]) == 4


async def test_the_next_day_begins_anew(room):
    key = await key_of(room)
    assert sum([await arrive(room, key, number) for number in range(5)]) == 3
    await room.database.execute("UPDATE new_account_days SET local_day = local_day - 1")
    assert sum([await arrive(room, key, f"new {number}") for number in range(5)]) == 3


async def test_staff_are_notified_once_for_each_limit_and_every_refusal_is_counted(room):
    key, second = await key_of(room), room.second()
    for number in range(6):
        await arrive(room, key, number)
    assert not await arrive(second, key, 7)
    (report,) = reports(room)
    assert not reports(second)
    assert report["level"] == "error"
    assert report["details"]["front_end"] == "chat 0"
    assert "SOLARIS_NEW_ACCOUNTS_PER_DAY" in report["details"]["cure"]
    counted = 'solaris_new_accounts_refused_total{front_end="chat 0"} 3.0'
    assert counted in generate_latest(room.registry).decode()
    (front_end,) = await room.front_ends.list()
    await room.front_ends.edit(front_end.id, front_end.updated_at, {"new_accounts_per_day": 4})
    for number in range(20, 23):
        await arrive(room, key, number)
    assert [report["details"]["new_accounts_per_day"] for report in reports(room)] == [3, 4]


async def test_a_plan_that_is_missing_uses_no_place(room):
    key = await key_of(room)
    await room.database.execute("UPDATE plans SET active = false WHERE plan_type = 'basico'")
    from solaris.auth.errors import DefaultPlanMissing

    with pytest.raises(DefaultPlanMissing):
        await arrive(room, key, 1)
    assert await room.database.fetchval("SELECT count(*) FROM new_account_days") == 0
