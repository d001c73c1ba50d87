"""No one grants to themselves, and some grants need a second person."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from tests.integration.accounts_room import Room
from tests.integration.admin_room import REASON, AdminRoom, add_person, opened_admin

from solaris.apps.worker_jobs import WorkerJobs
from solaris.domain.roles import Role

BIG = {"tokens": 1_000_001, "reason": "promocional", "note": "Projeto piloto"}
SALE = {"tokens": 200_000, "amount_paid": 50, "reason": "compra_email"}
SETTINGS = "/admin/settings/approvals"


@pytest.fixture
async def admin(database_url: str) -> AsyncIterator[AdminRoom]:
    async with opened_admin(database_url) as room:
        yield room


async def _second(admin: AdminRoom, name: str = "second") -> UUID:
    return await add_person(admin.database, f"{name}@demo.local", Role.ADMIN)


async def _ask(admin: AdminRoom, user_id: UUID, body: dict[str, Any] = BIG, key: str = "k", **more: Any) -> Any:
    answer = await admin.call(f"POST /admin/users/{user_id}/credits", body, key=key, **more)
    assert answer.status == 202, answer.body
    return answer.json()


async def _credits(admin: AdminRoom, user_id: UUID) -> int:
    return (await admin.ledger.balance(user_id)).wallet.credits


async def _request(admin: AdminRoom, user_id: UUID, package: str | None = "pacote-200k", number: int = 1) -> str:
    ticket = f"SOL-2026-{number:06}"
    await admin.database.execute(
        "INSERT INTO credit_requests (ticket_number, user_id, package_id, tokens, amount_brl, fingerprint) "
        "SELECT $1, $2, $3, coalesce(p.tokens, 200000), p.amount_brl, '' FROM (SELECT) AS one "
        "LEFT JOIN packages p ON p.id = $3",
        ticket,
        user_id,
        package,
    )
    return ticket


async def _rules(admin: AdminRoom, **values: Any) -> Any:
    known = await admin.ok(f"GET {SETTINGS}", role=Role.SUPER_ADMIN)
    return await admin.ok(f"PUT {SETTINGS}", {"updated_at": known["updated_at"], **values}, role=Role.SUPER_ADMIN)


async def _edit_package(admin: AdminRoom, package_id: str, **values: Any) -> None:
    packages = (await admin.ok("GET /admin/packages"))["data"]
    known = next(package for package in packages if package["id"] == package_id)
    await admin.ok(f"PATCH /admin/packages/{package_id}", {"updated_at": known["updated_at"], **values})


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPER_ADMIN])
@pytest.mark.parametrize("reason", ["compra_email", "promocional", "ajuste_manual"])
async def test_nobody_adds_credits_to_their_own_account(admin: AdminRoom, role: Role, reason: str) -> None:
    own = admin.people[role]
    body = {"tokens": 10, "amount_paid": 5, "reason": reason}
    assert await admin.refused(f"POST /admin/users/{own}/credits", body, role=role, key="a") == (403, "own_account")
    assert await _credits(admin, own) == 0
    assert await admin.database.fetchval("SELECT count(*) FROM pending_grants") == 0


async def test_nobody_changes_their_own_plan_limit_or_use(admin: AdminRoom) -> None:
    own = admin.people[Role.SUPER_ADMIN]
    await admin.use(own, 100)
    for route, body in (
        (f"PUT /admin/users/{own}/plan", {"plan_type": "empresarial"}),
        (f"PUT /admin/users/{own}/limit", {"monthly_tokens": 9_000_000, "reason": REASON}),
        (f"POST /admin/users/{own}/reset", {"reason": REASON}),
    ):
        answer = await admin.call(route, body, role=Role.SUPER_ADMIN, key="r")
        assert (answer.status, answer.json()["error"]["code"]) == (403, "own_account"), route
        assert "outra pessoa" in answer.json()["error"]["message"]
    wallet = (await admin.ledger.balance(own)).wallet
    assert (wallet.allowance, wallet.allowance_used) == (250_000, 100)
    assert (
        await admin.call(
            f"PUT /admin/users/{admin.people[Role.ADMIN]}/plan", {"plan_type": "empresarial"}, role=Role.SUPER_ADMIN
        )
    ).status == 200


async def test_nobody_decides_about_their_own_request(admin: AdminRoom) -> None:
    own = admin.people[Role.ADMIN]
    ticket = await _request(admin, own)
    for deed, body in (("approve", {}), ("approve", {"amount_paid": 0, "tokens": 5}), ("reject", {"reason": "não"})):
        assert await admin.refused(f"POST /admin/credit-requests/{ticket}/{deed}", body) == (403, "own_account")
    assert await _credits(admin, own) == 0
    approved = await admin.ok(f"POST /admin/credit-requests/{ticket}/approve", {}, role=Role.SUPER_ADMIN)
    assert approved["state"] == "approved"
    assert await _credits(admin, own) == 200_000


async def test_a_large_grant_waits_for_a_second_person_and_is_made_once(admin: AdminRoom) -> None:
    user_id, second = await admin.user(), await _second(admin)
    asked = await _ask(admin, user_id)
    assert (asked["state"], asked["causes"], asked["tokens"]) == ("pending", ["above_amount"], 1_000_001)
    assert "outra pessoa da equipe" in asked["explanation"]
    assert await _credits(admin, user_id) == 0
    route = f"POST /admin/pending-grants/{asked['id']}/approve"
    third = await _second(admin, "third")
    assert await admin.refused(route, {"reason": REASON}) == (403, "own_grant")
    assert (await admin.call(route, {"reason": "curto demais"}, who=second)).status == 422
    answers = await asyncio.gather(*(admin.call(route, {"reason": REASON}, who=who) for who in (second, third) * 3))
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 409, 409, 409]
    refusals = {answer.json()["error"]["code"] for answer in answers if answer.status == 409}
    assert refusals == {"pending_grant_already_decided"}
    assert sum("idempotent-replay" in answer.headers for answer in answers) == 2
    assert await _credits(admin, user_id) == 1_000_001
    assert [entry["action"] for entry in await admin.audited(asked["id"])] == [
        "pending_grant.ask",
        "pending_grant.approve",
    ]
    (row,) = (await admin.ok(f"GET /admin/credits/transactions?user_id={user_id}"))["data"]
    assert (row["actor_id"], row["transaction_type"], row["note"]) == (
        str(admin.people[Role.ADMIN]),
        "bonus",
        "Projeto piloto",
    )
    (entry,) = await admin.audited(row["id"])
    assert entry["after"]["asked_by"] == str(admin.people[Role.ADMIN])
    told = await admin.ok(f"GET /admin/pending-grants/{asked['id']}", role=Role.OPERATOR)
    assert (told["state"], told["transaction_id"], told["decision_reason"]) == ("approved", row["id"], REASON)


async def test_a_repeat_with_the_same_key_returns_the_first_answer(admin: AdminRoom) -> None:
    user_id, other, second = await admin.user(), await admin.user("rui@demo.local"), await _second(admin)
    route = f"POST /admin/users/{user_id}/credits"
    answers = await asyncio.gather(*(admin.call(route, BIG, key="k") for _ in range(4)))
    assert [answer.status for answer in answers] == [202] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotent-replay" in answer.headers for answer in answers) == 3
    asked = answers[0].json()
    assert await admin.refused(route, BIG | {"tokens": 5}, key="k") == (409, "idempotency_conflict")
    assert await admin.refused(f"POST /admin/users/{other}/credits", BIG, key="k") == (409, "idempotency_conflict")
    await admin.ok(f"POST /admin/pending-grants/{asked['id']}/approve", {"reason": REASON}, who=second)
    again = await admin.call(route, BIG, key="k")
    assert (again.status, again.json()) == (202, asked)
    assert await _credits(admin, user_id) == 1_000_001
    assert (await _ask(admin, user_id, key="k", who=second))["id"] != asked["id"]


async def test_a_grant_made_before_the_rule_repeats_as_it_was(admin: AdminRoom) -> None:
    user_id = await admin.user()
    await _rules(admin, second_person_above_tokens=0)
    first = await admin.ok(f"POST /admin/users/{user_id}/credits", BIG, key="k")
    await _rules(admin, second_person_above_tokens=10)
    again = await admin.call(f"POST /admin/users/{user_id}/credits", BIG, key="k")
    assert (again.status, again.json(), again.headers["idempotent-replay"]) == (201, first, "true")


async def test_several_small_grants_add_up_for_one_person_and_one_user(admin: AdminRoom) -> None:
    user_id, other, second = await admin.user(), await admin.user("rui@demo.local"), await _second(admin)
    part = {"tokens": 400_000, "reason": "ajuste_manual"}
    calls = [admin.call(f"POST /admin/users/{user_id}/credits", part, key=str(n)) for n in range(5)]
    assert sorted(answer.status for answer in await asyncio.gather(*calls)) == [201, 201, 202, 202, 202]
    assert await _credits(admin, user_id) == 800_000
    await admin.ok(f"POST /admin/users/{user_id}/credits", part, key="s", who=second)
    await admin.ok(f"POST /admin/users/{other}/credits", part, key="o")
    waiting = (await admin.ok("GET /admin/pending-grants?state=pending&limit=2"))["data"]
    assert len(waiting) == 2
    # What two people agreed on does not count against the one who asked.
    await admin.ok(f"POST /admin/pending-grants/{waiting[0]['id']}/approve", {"reason": REASON}, who=second)
    await admin.ok(f"POST /admin/users/{user_id}/credits", part | {"tokens": 200_000}, key="rest")


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
    assert await _credits(admin, user_id) == (0 if waits else tokens)
    if waits:
        assert answer.json()["causes"] == ["below_price"]


async def test_a_gift_has_no_price_to_be_below(admin: AdminRoom) -> None:
    user_id = await admin.user()
    await admin.ok(f"POST /admin/users/{user_id}/credits", {"tokens": 200_000, "reason": "promocional"}, key="g")
    assert await _credits(admin, user_id) == 200_000


async def test_a_price_that_the_seller_lowered_is_not_theirs_to_use_alone(admin: AdminRoom) -> None:
    friend = await admin.user()
    await _edit_package(admin, "pacote-200k", amount_brl=0.01)
    cheap = SALE | {"amount_paid": 0.01}
    asked = await _ask(admin, friend, cheap)
    assert asked["causes"] == ["below_price"]
    ticket = await _request(admin, friend)
    answer = await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {})
    assert (answer.status, answer.json()["causes"]) == (202, ["below_price"])
    # Another person sells at the list's price alone.
    await admin.ok(f"POST /admin/users/{friend}/credits", cheap, key="o", role=Role.SUPER_ADMIN)


async def test_a_price_lowered_for_a_moment_does_not_carry_a_request(admin: AdminRoom) -> None:
    friend = await admin.user()
    await _edit_package(admin, "pacote-200k", amount_brl=0.01)
    ticket = await _request(admin, friend)
    await _edit_package(admin, "pacote-200k", amount_brl=50)
    answer = await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {})
    assert (answer.status, answer.json()["causes"], answer.json()["amount_paid"]) == (202, ["below_price"], 0.01)
    assert await _credits(admin, friend) == 0


async def test_one_key_used_for_two_users_at_once_has_one_effect(admin: AdminRoom) -> None:
    users = [await admin.user(), await admin.user("rui@demo.local")]
    bodies = [{"tokens": 500, "reason": "promocional"}, BIG]
    for number in range(4):
        calls = [
            admin.call(f"POST /admin/users/{user_id}/credits", body, key=f"k{number}")
            for user_id, body in zip(users, bodies, strict=True)
        ]
        statuses = sorted(answer.status for answer in await asyncio.gather(*calls))
        assert statuses in ([201, 409], [202, 409]), statuses


async def test_a_package_made_and_withdrawn_by_the_seller_is_no_price(admin: AdminRoom) -> None:
    friend = await admin.user()
    package = {"id": "amigo", "name": "Amigo", "tokens": 200_000, "amount_brl": 0.01}
    await admin.ok("POST /admin/packages", package)
    await _ask(admin, friend, SALE | {"amount_paid": 0.01}, key="a")
    for known in ("pacote-200k", "pacote-500k", "pacote-1m"):
        await _edit_package(admin, known, active=False)
    await _ask(admin, friend, SALE | {"amount_paid": 0.01}, key="b")


async def test_staff_who_lowered_a_price_do_not_get_it_by_one_approval(admin: AdminRoom) -> None:
    own, second = admin.people[Role.ADMIN], await _second(admin)
    await _edit_package(admin, "pacote-200k", amount_brl=0.01)
    ticket = await _request(admin, own)
    asked = await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {}, role=Role.SUPER_ADMIN)
    assert (asked.status, asked.json()["causes"]) == (202, ["below_price"])
    route = f"POST /admin/pending-grants/{asked.json()['id']}/approve"
    assert await admin.refused(route, {"reason": REASON}) == (403, "own_account")
    assert await admin.refused(route, {"reason": REASON}, role=Role.SUPER_ADMIN) == (403, "own_grant")
    await admin.ok(route, {"reason": REASON}, who=second)
    assert await _credits(admin, own) == 200_000


@pytest.mark.parametrize(
    "body", [{"amount_paid": 49.99}, {"amount_paid": 0}, {"tokens": 400_000}, {"tokens": 900_000, "amount_paid": 60}]
)
async def test_an_approval_on_other_terms_waits_and_approves_the_request_once(
    admin: AdminRoom, body: dict[str, Any]
) -> None:
    user_id, second = await admin.user(), await _second(admin)
    ticket = await _request(admin, user_id)
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
    assert await _credits(admin, user_id) == 0
    decide = f"POST /admin/pending-grants/{first.json()['id']}/approve"
    await asyncio.gather(*(admin.call(decide, {"reason": REASON}, who=second) for _ in range(3)))
    assert await _credits(admin, user_id) == body.get("tokens", 200_000)
    told = await admin.ok(f"GET /admin/credit-requests/{ticket}")
    assert (told["state"], told["decided_by"], told["decision_reason"], told["pending_grant_id"]) == (
        "approved",
        str(second),
        "Combinado",
        None,
    )
    assert [entry["action"] for entry in await admin.audited(ticket)] == ["credit_request.approve"]


async def test_a_request_decided_otherwise_ends_its_pending_grant(admin: AdminRoom) -> None:
    user_id, second = await admin.user(), await _second(admin)
    cancelled, rejected = await _request(admin, user_id), await _request(admin, user_id, number=2)
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
    assert await _credits(admin, user_id) == 0


async def test_a_large_request_at_its_price_needs_a_second_person_too(admin: AdminRoom) -> None:
    user_id = await admin.user()
    await _rules(admin, second_person_above_tokens=150_000)
    ticket = await _request(admin, user_id)
    answer = await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {})
    assert (answer.status, answer.json()["causes"]) == (202, ["above_amount"])


async def test_rejecting_and_cancelling_grant_nothing_and_are_final(admin: AdminRoom) -> None:
    user_id, second = await admin.user(), await _second(admin)
    rejected, cancelled = await _ask(admin, user_id, key="a"), await _ask(admin, user_id, key="b")
    reject = f"POST /admin/pending-grants/{rejected['id']}/reject"
    assert await admin.refused(reject, {"reason": REASON}) == (403, "own_grant")
    told = await admin.ok(reject, {"reason": REASON}, who=second)
    assert (told["state"], told["decided_by"]) == ("rejected", str(second))
    cancel = f"POST /admin/pending-grants/{cancelled['id']}/cancel"
    assert await admin.refused(cancel, who=second) == (403, "foreign_grant")
    assert (await admin.ok(cancel))["state"] == "cancelled"
    assert (await admin.call(cancel)).headers["idempotent-replay"] == "true"
    for one in (rejected, cancelled):
        approve = f"POST /admin/pending-grants/{one['id']}/approve"
        answer = await admin.refused(approve, {"reason": REASON}, role=Role.SUPER_ADMIN)
        assert answer == (409, "pending_grant_already_decided")
    assert [entry["action"] for entry in await admin.audited(cancelled["id"])][-1] == "pending_grant.cancel"
    assert await _credits(admin, user_id) == 0
    assert await admin.refused(f"POST /admin/pending-grants/{uuid4()}/cancel") == (404, "pending_grant_not_found")


async def test_approving_rejecting_and_cancelling_at_once_have_one_end(admin: AdminRoom) -> None:
    user_id, second = await admin.user(), await _second(admin)
    for number in range(6):
        asked = await _ask(admin, user_id, key=str(number))
        route = f"POST /admin/pending-grants/{asked['id']}"
        answers = await asyncio.gather(
            admin.call(f"{route}/approve", {"reason": REASON}, who=second),
            admin.call(f"{route}/reject", {"reason": REASON}, role=Role.SUPER_ADMIN),
            admin.call(f"{route}/cancel"),
        )
        assert sorted(answer.status for answer in answers) == [200, 409, 409]
    approved = await admin.database.fetchval("SELECT count(*) FROM pending_grants WHERE state = 'approved'")
    assert await _credits(admin, user_id) == approved * 1_000_001


async def test_a_grant_expires_after_seven_days(admin: AdminRoom) -> None:
    user_id, second = await admin.user(), await _second(admin)
    asked = await _ask(admin, user_id)
    lasts = datetime.fromisoformat(asked["expires_at"]) - datetime.fromisoformat(asked["asked_at"])
    assert lasts.days == 7
    ticket = await _request(admin, user_id)
    of_request = (await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {"amount_paid": 1})).json()
    await _let_time_pass(admin)
    route = f"POST /admin/pending-grants/{asked['id']}/approve"
    assert await admin.refused(route, {"reason": REASON}, who=second) == (409, "pending_grant_already_decided")
    assert (await admin.ok(f"GET /admin/pending-grants/{asked['id']}"))["state"] == "expired"
    again = await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {"amount_paid": 2})
    assert (again.status, again.json()["id"] != of_request["id"]) == (202, True)
    jobs = WorkerJobs(admin.database, admin.ledger, Room(admin.database).log)
    await asyncio.gather(jobs.expire_pending_grants(), jobs.expire_pending_grants())
    for known in (asked, of_request):
        entries = await admin.audited(known["id"])
        assert [(entry["action"], entry["actor_id"]) for entry in entries[1:]] == [("pending_grant.expire", None)]
    assert await _credits(admin, user_id) == 0


async def _let_time_pass(admin: AdminRoom) -> None:
    async with admin.database.transaction() as connection:
        await connection.execute("ALTER TABLE pending_grants DISABLE TRIGGER pending_grants_decided_once")
        await connection.execute("UPDATE pending_grants SET expires_at = now() - interval '1 second'")
        await connection.execute("ALTER TABLE pending_grants ENABLE TRIGGER pending_grants_decided_once")


async def test_the_rules_are_the_super_admins_and_audited(admin: AdminRoom) -> None:
    user_id = await admin.user()
    known = await admin.ok(f"GET {SETTINGS}", role=Role.OPERATOR)
    assert (known["second_person_above_tokens"], known["second_person_below_price"]) == (1_000_000, True)
    body = {"updated_at": known["updated_at"], "second_person_above_tokens": 0}
    assert await admin.refused(f"PUT {SETTINGS}", body) == (403, "forbidden")
    for wrong in ({"second_person_above_tokens": -1}, {"second_person_above_tokens": 1.5}, {"other": 1}):
        assert (await admin.call(f"PUT {SETTINGS}", body | wrong, role=Role.SUPER_ADMIN)).status == 422
    changed = await admin.ok(f"PUT {SETTINGS}", body, role=Role.SUPER_ADMIN)
    assert (changed["second_person_above_tokens"], changed["updated_by_name"]) == (0, "Superadmin")
    assert await admin.refused(f"PUT {SETTINGS}", body, role=Role.SUPER_ADMIN) == (409, "changed_meanwhile")
    await admin.ok(f"POST /admin/users/{user_id}/credits", BIG | {"tokens": 500_000_000}, key="k")
    await _ask(admin, user_id, SALE | {"amount_paid": 1}, key="p")
    await _rules(admin, second_person_below_price=False)
    await admin.ok(f"POST /admin/users/{user_id}/credits", SALE | {"amount_paid": 1}, key="q")
    entries = await admin.audited("approvals")
    assert [(entry["before"], entry["after"]) for entry in entries] == [
        ({"second_person_above_tokens": 1_000_000}, {"second_person_above_tokens": 0}),
        ({"second_person_below_price": True}, {"second_person_below_price": False}),
    ]


async def test_a_grant_that_waits_still_needs_its_second_person_when_the_rule_is_off(admin: AdminRoom) -> None:
    user_id = await admin.user()
    asked = await _ask(admin, user_id, role=Role.SUPER_ADMIN)
    await _rules(admin, second_person_above_tokens=0)
    route = f"POST /admin/pending-grants/{asked['id']}/approve"
    assert await admin.refused(route, {"reason": REASON}, role=Role.SUPER_ADMIN) == (403, "own_grant")


async def test_the_database_itself_keeps_the_rule(admin: AdminRoom) -> None:
    user_id = await admin.user()
    asked = await _ask(admin, user_id)
    own = admin.people[Role.ADMIN]
    for statement in (
        "UPDATE pending_grants SET tokens = 5, state = 'cancelled', decided_at = now() WHERE id = $1",
        "UPDATE pending_grants SET expires_at = now() WHERE id = $1",
        "DELETE FROM pending_grants WHERE id = $1",
        "UPDATE pending_grants SET asked_by = user_id, state = 'cancelled', decided_at = now() WHERE id = $1",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await admin.database.execute(statement, UUID(asked["id"]))
    transaction_id = await _some_transaction(admin, user_id)
    with pytest.raises(asyncpg.CheckViolationError):
        await admin.database.execute(
            "UPDATE pending_grants SET state = 'approved', decided_at = now(), decided_by = $2, transaction_id = $3 "
            "WHERE id = $1",
            UUID(asked["id"]),
            own,
            transaction_id,
        )


async def _some_transaction(admin: AdminRoom, user_id: UUID) -> UUID:
    made = await admin.ok(f"POST /admin/users/{user_id}/credits", {"tokens": 1, "reason": "promocional"}, key="one")
    return UUID(made["transaction_id"])


async def test_pages_of_the_list_follow_each_other(admin: AdminRoom) -> None:
    user_id = await admin.user()
    ids = [(await _ask(admin, user_id, key=str(number)))["id"] for number in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = await admin.ok(f"GET /admin/pending-grants?limit=2{cursor}")
        seen += [row["id"] for row in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == ids[::-1]
    assert datetime.fromisoformat(page["data"][-1]["asked_at"]).astimezone(UTC) <= datetime.now(UTC)
