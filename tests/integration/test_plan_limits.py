"""What a plan allows at the same time, and plans without an allowance: from the administration to the caller."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.integration.admin_room import AdminRoom, opened_admin
from tests.integration.auth_room import PASSWORD, Room, bearer
from tests.integration.test_auth_identify import librechat

from solaris.auth.front_ends import NewFrontEnd
from solaris.auth.principal import Principal
from solaris.platform.redis import RedisClient
from solaris.users.user_service import NewUser

ZERO = {"plan_type": "sem-franquia", "name": "Sem franquia", "monthly_tokens": 0}


@pytest.fixture
async def admin(database_url: str) -> AsyncIterator[AdminRoom]:
    async with opened_admin(database_url) as room:
        yield room


async def callers(room: Room, plan: str) -> list[Principal]:
    """The user of that plan by API key, by token, and one whom a front end brings."""
    user = await room.users.create(NewUser("ana@demo.local", "Ana", PASSWORD, plan_type=plan))
    key = (await room.api_keys.create(user.id, "notebook")).key
    token = room.tokens.issue(user.id, user.role).text
    chat = (await room.front_ends.create(NewFrontEnd("chat", plan_type=plan))).key
    return [await room.identifier.identify(headers) for headers in (bearer(key), bearer(token), librechat(chat, "u1"))]


async def test_every_way_to_name_a_caller_carries_the_plans_concurrent_calls(admin: AdminRoom) -> None:
    made = await admin.ok("POST /admin/plans", {**ZERO, "concurrent_calls": 3})
    assert (made["concurrent_calls"], made["monthly_tokens"]) == (3, 0)
    assert [caller.concurrent_calls for caller in await callers(Room(admin.database), "sem-franquia")] == [3, 3, 3]


async def test_a_plan_admits_twenty_calls_where_nothing_is_said(admin: AdminRoom) -> None:
    assert {plan["concurrent_calls"] for plan in (await admin.ok("GET /admin/plans"))["data"]} == {20}
    assert (await admin.ok("POST /admin/plans", ZERO))["concurrent_calls"] == 20
    assert [caller.concurrent_calls for caller in await callers(Room(admin.database), "basico")] == [20, 20, 20]


async def test_without_a_subscription_the_smallest_plan_on_offer_counts(admin: AdminRoom) -> None:
    await admin.ok("POST /admin/plans", {**ZERO, "concurrent_calls": 2})
    await admin.ok("POST /admin/plans", {**ZERO, "plan_type": "fora", "concurrent_calls": 1, "active": False})
    room = Room(admin.database)
    principal = (await callers(room, "basico"))[0]
    await admin.database.execute("UPDATE subscriptions SET active = false WHERE user_id = $1", principal.user_id)
    key = (await room.api_keys.create(principal.user_id, "outra")).key
    assert (await room.identifier.identify(bearer(key))).concurrent_calls == 2


async def test_a_change_is_audited_and_reaches_the_proxies_at_once(database_url: str, redis_url: str) -> None:
    redis = RedisClient(redis_url)
    async with opened_admin(database_url, redis_url) as admin:
        proxy = Room(admin.database, redis)
        listening = asyncio.create_task(proxy.cache_invalidation.listen())
        user = await proxy.users.create(NewUser("ana@demo.local", "Ana"))
        headers = bearer((await proxy.api_keys.create(user.id, "notebook")).key)
        try:
            for _ in range(2000):
                if await redis.client.publish("solaris:callers", b"nobody") == 2:  # the admin process listens, too
                    break
                await asyncio.sleep(0.01)
            assert (await proxy.identifier.identify(headers)).concurrent_calls == 20
            plan = (await admin.ok("GET /admin/plans"))["data"][0]
            edit = {"updated_at": plan["updated_at"], "concurrent_calls": 7}
            assert (await admin.ok("PATCH /admin/plans/basico", edit))["concurrent_calls"] == 7
            for _ in range(2000):
                if (await proxy.identifier.identify(headers)).concurrent_calls == 7:
                    break
                await asyncio.sleep(0.01)
            assert (await proxy.identifier.identify(headers)).concurrent_calls == 7
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await redis.close()
        (entry,) = await admin.audited("basico")
        assert (entry["before"], entry["after"]) == ({"concurrent_calls": 20}, {"concurrent_calls": 7})


@pytest.mark.parametrize("value", [0, -1, 10_001, "5", 2.5, True])
async def test_what_is_no_number_of_calls_is_refused_and_named(admin: AdminRoom, value: Any) -> None:
    answer = await admin.call("POST /admin/plans", {**ZERO, "concurrent_calls": value})
    assert answer.status == 422
    assert "concurrent_calls" in answer.json()["error"]["message"] + str(answer.json()["error"]["param"])
    assert len((await admin.ok("GET /admin/plans"))["data"]) == 3


async def test_a_null_leaves_the_number_as_it_is(admin: AdminRoom) -> None:
    plan = (await admin.ok("GET /admin/plans"))["data"][0]
    edit = {"updated_at": plan["updated_at"], "concurrent_calls": None, "name": "Novo"}
    assert (await admin.ok("PATCH /admin/plans/basico", edit))["concurrent_calls"] == 20


async def test_a_front_end_names_the_plan_of_its_users_and_their_accounts_a_day(admin: AdminRoom) -> None:
    await admin.ok("POST /admin/plans", ZERO)
    body = {"name": "chat", "plan_type": "sem-franquia", "new_accounts_per_day": 1}
    made = await admin.ok("POST /admin/front-end-keys", body)
    room = Room(admin.database)
    principal = await room.identifier.identify(librechat(made["key"], "u1"))
    user = await room.users.get(principal.user_id)
    assert (user.plan_type, user.monthly_tokens) == ("sem-franquia", 0)
    balance = await admin.ledger.balance(principal.user_id)
    assert (balance.wallet.remaining, balance.state.value) == (0, "blocked")
    with pytest.raises(Exception, match="limite de contas novas"):
        await room.identifier.identify(librechat(made["key"], "u2"))
    (shown,) = (await admin.ok("GET /admin/front-end-keys"))["data"]
    assert (shown["new_accounts_per_day"], shown["new_accounts_limit"], shown["new_accounts_today"]) == (1, 1, 1)
    assert shown["new_accounts_refused_at"] is not None
    edit = {"updated_at": shown["updated_at"], "new_accounts_per_day": None, "plan_type": None}
    changed = await admin.ok(f"PATCH /admin/front-end-keys/{made['id']}", edit)
    assert (changed["new_accounts_per_day"], changed["new_accounts_limit"], changed["plan_type"]) == (None, 200, None)
    assert changed["new_accounts_refused_at"] is None
    audited = await admin.audited(made["id"])
    assert [entry["after"]["new_accounts_per_day"] for entry in audited] == [1, None]


@pytest.mark.parametrize("value", [-1, 1_000_001, "5", True])
async def test_what_is_no_number_of_accounts_is_refused(admin: AdminRoom, value: Any) -> None:
    answer = await admin.call("POST /admin/front-end-keys", {"name": "chat", "new_accounts_per_day": value})
    assert answer.status == 422
    assert (await admin.ok("GET /admin/front-end-keys"))["data"] == []


async def test_an_inactive_plan_is_not_given_to_new_users(admin: AdminRoom) -> None:
    plan = await admin.ok("POST /admin/plans", {**ZERO, "active": False})
    body = {"name": "chat", "plan_type": "sem-franquia"}
    assert await admin.refused("POST /admin/front-end-keys", body) == (404, "plan_not_found")
    on = {"updated_at": plan["updated_at"], "active": True}
    plan = await admin.ok("PATCH /admin/plans/sem-franquia", on)
    front_end = await admin.ok("POST /admin/front-end-keys", body)
    off = {"updated_at": plan["updated_at"], "active": False}
    refused = await admin.call("PATCH /admin/plans/sem-franquia", off)
    assert refused.status == 409
    assert "chat" in refused.json()["error"]["message"]
    await admin.ok(f"DELETE /admin/front-end-keys/{front_end['id']}")
    assert not (await admin.ok("PATCH /admin/plans/sem-franquia", off))["active"]
