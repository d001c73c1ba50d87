"""Sales below the price list, and requests that are approved on other terms, need a second person."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.integration.admin_room import REASON, AdminRoom, opened_admin
from tests.integration.second_person_room import (
    SALE,
    ask,
    change_rules,
    credits_of,
    edit_package,
    request_for,
    second_person,
)

from solaris.domain.roles import Role


@pytest.fixture
async def admin(database_url: str) -> AsyncIterator[AdminRoom]:
    async with opened_admin(database_url) as room:
        yield room


@pytest.mark.parametrize(
    ("tokens", "paid", "waits"),
    [
        (200_000, 50, False),
        (200_000, 49.99, True),
        (200_000, 0.01, True),
        (199_999, 1, True),
        (300_000, 75, False),
        (300_000, 74.99, True),
        (900_000, 216, False),
        (100, 0.01, True),
        (100, 0.02, False),
    ],
)
async def test_a_sale_below_the_price_list_waits(admin: AdminRoom, tokens: int, paid: float, waits: bool) -> None:
    user_id = await admin.user()
    body = SALE | {"tokens": tokens, "amount_paid": paid}
    answer = await admin.call(f"POST /admin/users/{user_id}/credits", body, key="k")
    assert answer.status == (202 if waits else 201), answer.body
    assert await credits_of(admin, user_id) == (0 if waits else tokens)
    if waits:
        assert answer.json()["causes"] == ["below_price"]


async def test_a_gift_has_no_price_to_be_below(admin: AdminRoom) -> None:
    user_id = await admin.user()
    await admin.ok(f"POST /admin/users/{user_id}/credits", {"tokens": 200_000, "reason": "promocional"}, key="g")
    assert await credits_of(admin, user_id) == 200_000


async def test_a_price_that_the_seller_lowered_is_not_theirs_to_use_alone(admin: AdminRoom) -> None:
    friend = await admin.user()
    await edit_package(admin, "pacote-200k", amount_brl=0.01)
    cheap = SALE | {"amount_paid": 0.01}
    asked = await ask(admin, friend, cheap)
    assert asked["causes"] == ["below_price"]
    ticket = await request_for(admin, friend)
    answer = await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {})
    assert (answer.status, answer.json()["causes"]) == (202, ["below_price"])
    # Another person sells at the list's price alone.
    await admin.ok(f"POST /admin/users/{friend}/credits", cheap, key="o", role=Role.SUPER_ADMIN)


async def test_a_price_lowered_for_a_moment_does_not_carry_a_request(admin: AdminRoom) -> None:
    friend = await admin.user()
    await edit_package(admin, "pacote-200k", amount_brl=0.01)
    ticket = await request_for(admin, friend)
    await edit_package(admin, "pacote-200k", amount_brl=50)
    answer = await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {})
    assert (answer.status, answer.json()["causes"], answer.json()["amount_paid"]) == (202, ["below_price"], 0.01)
    assert await credits_of(admin, friend) == 0


async def test_a_package_made_and_withdrawn_by_the_seller_is_no_price(admin: AdminRoom) -> None:
    friend = await admin.user()
    package = {"id": "amigo", "name": "Amigo", "tokens": 200_000, "amount_brl": 0.01}
    await admin.ok("POST /admin/packages", package)
    await ask(admin, friend, SALE | {"amount_paid": 0.01}, key="a")
    for known in ("pacote-200k", "pacote-500k", "pacote-1m"):
        await edit_package(admin, known, active=False)
    await ask(admin, friend, SALE | {"amount_paid": 0.01}, key="b")


async def test_staff_who_lowered_a_price_do_not_get_it_by_one_approval(admin: AdminRoom) -> None:
    own, second = admin.users[Role.ADMIN], await second_person(admin)
    await edit_package(admin, "pacote-200k", amount_brl=0.01)
    ticket = await request_for(admin, own)
    asked = await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {}, role=Role.SUPER_ADMIN)
    assert (asked.status, asked.json()["causes"]) == (202, ["below_price"])
    route = f"POST /admin/pending-grants/{asked.json()['id']}/approve"
    assert await admin.refused(route, {"reason": REASON}) == (403, "own_account")
    assert await admin.refused(route, {"reason": REASON}, role=Role.SUPER_ADMIN) == (403, "own_grant")
    await admin.ok(route, {"reason": REASON}, who=second)
    assert await credits_of(admin, own) == 200_000


@pytest.mark.parametrize(
    "body", [{"amount_paid": 49.99}, {"amount_paid": 0}, {"tokens": 400_000}, {"tokens": 900_000, "amount_paid": 60}]
)
async def test_an_approval_on_other_terms_waits_and_approves_the_request_once(
    admin: AdminRoom, body: dict[str, Any]
) -> None:
    user_id, second = await admin.user(), await second_person(admin)
    ticket = await request_for(admin, user_id)
    route = f"POST /admin/credit-requests/{ticket}/approve"
    first = await admin.call(route, body | {"reason": "Combinado"})
    assert (first.status, first.json()["ticket_number"]) == (202, ticket)
    again = await admin.call(route, body | {"reason": "Combinado"})
    assert (again.status, again.json()["id"], "idempotent-replay" in again.headers) == (202, first.json()["id"], True)
    assert await admin.refused(route, {}) == (409, "awaits_second_person")
    assert await admin.refused(route, {}, who=second) == (409, "awaits_second_person")
    shown = await admin.ok(f"GET /admin/credit-requests/{ticket}", role=Role.SUPPORT)
    assert (shown["state"], shown["pending_grant_id"], shown["asked_by_name"]) == (
        "pending",
        first.json()["id"],
        "Admin",
    )
    assert await credits_of(admin, user_id) == 0
    decide = f"POST /admin/pending-grants/{first.json()['id']}/approve"
    await asyncio.gather(*(admin.call(decide, {"reason": REASON}, who=second) for _ in range(3)))
    assert await credits_of(admin, user_id) == body.get("tokens", 200_000)
    returned = await admin.ok(f"GET /admin/credit-requests/{ticket}")
    assert (returned["state"], returned["decided_by"], returned["decision_reason"], returned["pending_grant_id"]) == (
        "approved",
        str(second),
        "Combinado",
        None,
    )
    assert [entry["action"] for entry in await admin.audited(ticket)] == ["credit_request.approve"]


async def test_a_request_decided_otherwise_ends_its_pending_grant(admin: AdminRoom) -> None:
    user_id, second = await admin.user(), await second_person(admin)
    cancelled, rejected = await request_for(admin, user_id), await request_for(admin, user_id, number=2)
    ids = []
    for ticket in (cancelled, rejected):
        answer = await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {"amount_paid": 1})
        ids.append(answer.json()["id"])
    await admin.database.execute(
        "UPDATE credit_requests SET state = 'cancelled', decided_at = now() WHERE ticket_number = $1", cancelled
    )
    route = f"POST /admin/pending-grants/{ids[0]}/approve"
    assert await admin.refused(route, {"reason": REASON}, who=second) == (409, "credit_request_already_decided")
    await admin.ok(f"POST /admin/credit-requests/{rejected}/reject", {"reason": "Fora do projeto"}, who=second)
    states = [(await admin.ok(f"GET /admin/pending-grants/{one}"))["state"] for one in ids]
    assert states == ["cancelled", "cancelled"]
    assert await credits_of(admin, user_id) == 0


async def test_a_large_request_at_its_price_needs_a_second_person_too(admin: AdminRoom) -> None:
    user_id = await admin.user()
    await change_rules(admin, second_person_above_tokens=150_000)
    ticket = await request_for(admin, user_id)
    answer = await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {})
    assert (answer.status, answer.json()["causes"]) == (202, ["above_amount"])
