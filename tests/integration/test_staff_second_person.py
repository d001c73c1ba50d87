"""No one grants to themselves, and some grants need a second person."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
from tests.integration.admin_room import REASON, AdminRoom, opened_admin
from tests.integration.auth_room import Room
from tests.integration.second_person_room import (
    BIG,
    SALE,
    SETTINGS,
    ask,
    change_rules,
    credits_of,
    request_for,
    second_person,
)

from solaris.apps.worker_jobs import WorkerJobs
from solaris.domain.roles import Role


@pytest.fixture
async def admin(database_url: str) -> AsyncIterator[AdminRoom]:
    async with opened_admin(database_url) as room:
        yield room


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPER_ADMIN])
@pytest.mark.parametrize("reason", ["compra_email", "promocional", "ajuste_manual"])
async def test_no_one_adds_credits_to_their_own_account(admin: AdminRoom, role: Role, reason: str) -> None:
    own = admin.users[role]
    body = {"tokens": 10, "amount_paid": 5, "reason": reason}
    assert await admin.refused(f"POST /admin/users/{own}/credits", body, role=role, key="a") == (403, "own_account")
    assert await credits_of(admin, own) == 0
    assert await admin.database.fetchval("SELECT count(*) FROM pending_grants") == 0


async def test_no_one_changes_their_own_plan_limit_or_use(admin: AdminRoom) -> None:
    own = admin.users[Role.SUPER_ADMIN]
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
            f"PUT /admin/users/{admin.users[Role.ADMIN]}/plan", {"plan_type": "empresarial"}, role=Role.SUPER_ADMIN
        )
    ).status == 200


async def test_no_one_decides_about_their_own_request(admin: AdminRoom) -> None:
    own = admin.users[Role.ADMIN]
    ticket = await request_for(admin, own)
    for deed, body in (("approve", {}), ("approve", {"amount_paid": 0, "tokens": 5}), ("reject", {"reason": "não"})):
        assert await admin.refused(f"POST /admin/credit-requests/{ticket}/{deed}", body) == (403, "own_account")
    assert await credits_of(admin, own) == 0
    approved = await admin.ok(f"POST /admin/credit-requests/{ticket}/approve", {}, role=Role.SUPER_ADMIN)
    assert approved["state"] == "approved"
    assert await credits_of(admin, own) == 200_000


async def test_a_large_grant_waits_for_a_second_person_and_is_made_once(admin: AdminRoom) -> None:
    user_id, second = await admin.user(), await second_person(admin)
    asked = await ask(admin, user_id)
    assert (asked["state"], asked["causes"], asked["tokens"]) == ("pending", ["above_amount"], 1_000_001)
    assert "outra pessoa da equipe" in asked["explanation"]
    assert await credits_of(admin, user_id) == 0
    route = f"POST /admin/pending-grants/{asked['id']}/approve"
    third = await second_person(admin, "third")
    assert await admin.refused(route, {"reason": REASON}) == (403, "own_grant")
    assert (await admin.call(route, {"reason": "curto demais"}, who=second)).status == 422
    answers = await asyncio.gather(*(admin.call(route, {"reason": REASON}, who=who) for who in (second, third) * 3))
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 409, 409, 409]
    refusals = {answer.json()["error"]["code"] for answer in answers if answer.status == 409}
    assert refusals == {"pending_grant_already_decided"}
    assert sum("idempotent-replay" in answer.headers for answer in answers) == 2
    assert await credits_of(admin, user_id) == 1_000_001
    assert [entry["action"] for entry in await admin.audited(asked["id"])] == [
        "pending_grant.ask",
        "pending_grant.approve",
    ]
    (row,) = (await admin.ok(f"GET /admin/credits/transactions?user_id={user_id}"))["data"]
    assert (row["actor_id"], row["transaction_type"], row["note"]) == (
        str(admin.users[Role.ADMIN]),
        "bonus",
        "Projeto piloto",
    )
    (entry,) = await admin.audited(row["id"])
    assert entry["after"]["asked_by"] == str(admin.users[Role.ADMIN])
    returned = await admin.ok(f"GET /admin/pending-grants/{asked['id']}", role=Role.OPERATOR)
    assert (returned["state"], returned["transaction_id"], returned["decision_reason"]) == (
        "approved",
        row["id"],
        REASON,
    )


async def test_an_anonymised_account_is_given_nothing(admin: AdminRoom) -> None:
    user_id, second = await admin.user(), await second_person(admin)
    small = {"tokens": 500, "reason": "promocional"}
    route = f"POST /admin/users/{user_id}/credits"
    first = await admin.ok(route, small, key="antes")
    waiting = await ask(admin, user_id)
    ticket = await request_for(admin, user_id)
    await admin.ok(f"POST /admin/users/{user_id}/anonymise", {"reason": "Pedido da titular"}, role=Role.SUPER_ADMIN)
    late = await request_for(admin, user_id, number=2)

    for body in (small, BIG, SALE):
        answer = await admin.call(route, body, key="depois")
        error = answer.json()["error"]
        assert (answer.status, error["code"]) == (409, "anonymised_account"), body
        assert "anonimizada" in error["message"]
    decision = f"/admin/pending-grants/{waiting['id']}"
    approval = f"POST /admin/credit-requests/{late}/approve"
    assert await admin.refused(f"POST {decision}/approve", {"reason": REASON}, who=second) == (
        409,
        "anonymised_account",
    )
    assert await admin.refused(approval, {}) == (409, "anonymised_account")
    assert (await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {})).status == 409
    assert await credits_of(admin, user_id) == 500

    # What was done before repeats as it was, and what waits can be ended.
    assert await admin.ok(route, small, key="antes") == first
    assert (await admin.ok(f"POST {decision}/reject", {"reason": REASON}, who=second))["state"] == "rejected"
    assert (await admin.ok(f"POST /admin/credit-requests/{late}/reject", {"reason": "conta encerrada"}))[
        "state"
    ] == "rejected"
    assert await admin.database.fetchval("SELECT count(*) FROM credit_transactions") == 1


async def test_a_repeat_with_the_same_key_returns_the_first_answer(admin: AdminRoom) -> None:
    user_id, other, second = await admin.user(), await admin.user("rui@demo.local"), await second_person(admin)
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
    assert await credits_of(admin, user_id) == 1_000_001
    assert (await ask(admin, user_id, key="k", who=second))["id"] != asked["id"]


async def test_a_grant_made_before_the_rule_repeats_as_it_was(admin: AdminRoom) -> None:
    user_id = await admin.user()
    await change_rules(admin, second_person_above_tokens=0)
    first = await admin.ok(f"POST /admin/users/{user_id}/credits", BIG, key="k")
    await change_rules(admin, second_person_above_tokens=10)
    again = await admin.call(f"POST /admin/users/{user_id}/credits", BIG, key="k")
    assert (again.status, again.json(), again.headers["idempotent-replay"]) == (201, first, "true")


async def test_several_small_grants_add_up_for_one_person_and_one_user(admin: AdminRoom) -> None:
    user_id, other, second = await admin.user(), await admin.user("rui@demo.local"), await second_person(admin)
    part = {"tokens": 400_000, "reason": "ajuste_manual"}
    calls = [admin.call(f"POST /admin/users/{user_id}/credits", part, key=str(n)) for n in range(5)]
    assert sorted(answer.status for answer in await asyncio.gather(*calls)) == [201, 201, 202, 202, 202]
    assert await credits_of(admin, user_id) == 800_000
    await admin.ok(f"POST /admin/users/{user_id}/credits", part, key="s", who=second)
    await admin.ok(f"POST /admin/users/{other}/credits", part, key="o")
    waiting = (await admin.ok("GET /admin/pending-grants?state=pending&limit=2"))["data"]
    assert len(waiting) == 2
    # What two people agreed on does not count against the one who asked.
    await admin.ok(f"POST /admin/pending-grants/{waiting[0]['id']}/approve", {"reason": REASON}, who=second)
    await admin.ok(f"POST /admin/users/{user_id}/credits", part | {"tokens": 200_000}, key="rest")


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


async def test_rejecting_and_cancelling_grant_nothing_and_are_final(admin: AdminRoom) -> None:
    user_id, second = await admin.user(), await second_person(admin)
    rejected, cancelled = await ask(admin, user_id, key="a"), await ask(admin, user_id, key="b")
    reject = f"POST /admin/pending-grants/{rejected['id']}/reject"
    assert await admin.refused(reject, {"reason": REASON}) == (403, "own_grant")
    returned = await admin.ok(reject, {"reason": REASON}, who=second)
    assert (returned["state"], returned["decided_by"]) == ("rejected", str(second))
    cancel = f"POST /admin/pending-grants/{cancelled['id']}/cancel"
    assert await admin.refused(cancel, who=second) == (403, "foreign_grant")
    assert (await admin.ok(cancel))["state"] == "cancelled"
    assert (await admin.call(cancel)).headers["idempotent-replay"] == "true"
    for one in (rejected, cancelled):
        approve = f"POST /admin/pending-grants/{one['id']}/approve"
        answer = await admin.refused(approve, {"reason": REASON}, role=Role.SUPER_ADMIN)
        assert answer == (409, "pending_grant_already_decided")
    assert [entry["action"] for entry in await admin.audited(cancelled["id"])][-1] == "pending_grant.cancel"
    assert await credits_of(admin, user_id) == 0
    assert await admin.refused(f"POST /admin/pending-grants/{uuid4()}/cancel") == (404, "pending_grant_not_found")


async def test_approving_rejecting_and_cancelling_at_once_have_one_end(admin: AdminRoom) -> None:
    user_id, second = await admin.user(), await second_person(admin)
    for number in range(6):
        asked = await ask(admin, user_id, key=str(number))
        route = f"POST /admin/pending-grants/{asked['id']}"
        answers = await asyncio.gather(
            admin.call(f"{route}/approve", {"reason": REASON}, who=second),
            admin.call(f"{route}/reject", {"reason": REASON}, role=Role.SUPER_ADMIN),
            admin.call(f"{route}/cancel"),
        )
        assert sorted(answer.status for answer in answers) == [200, 409, 409]
    approved = await admin.database.fetchval("SELECT count(*) FROM pending_grants WHERE state = 'approved'")
    assert await credits_of(admin, user_id) == approved * 1_000_001


async def test_a_grant_expires_after_seven_days(admin: AdminRoom) -> None:
    user_id, second = await admin.user(), await second_person(admin)
    asked = await ask(admin, user_id)
    lasts = datetime.fromisoformat(asked["expires_at"]) - datetime.fromisoformat(asked["asked_at"])
    assert lasts.days == 7
    ticket = await request_for(admin, user_id)
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
    assert await credits_of(admin, user_id) == 0


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
    await ask(admin, user_id, SALE | {"amount_paid": 1}, key="p")
    await change_rules(admin, second_person_below_price=False)
    await admin.ok(f"POST /admin/users/{user_id}/credits", SALE | {"amount_paid": 1}, key="q")
    entries = await admin.audited("approvals")
    assert [(entry["before"], entry["after"]) for entry in entries] == [
        ({"second_person_above_tokens": 1_000_000}, {"second_person_above_tokens": 0}),
        ({"second_person_below_price": True}, {"second_person_below_price": False}),
    ]


async def test_a_grant_that_waits_still_needs_its_second_person_when_the_rule_is_off(admin: AdminRoom) -> None:
    user_id = await admin.user()
    asked = await ask(admin, user_id, role=Role.SUPER_ADMIN)
    await change_rules(admin, second_person_above_tokens=0)
    route = f"POST /admin/pending-grants/{asked['id']}/approve"
    assert await admin.refused(route, {"reason": REASON}, role=Role.SUPER_ADMIN) == (403, "own_grant")


async def test_the_database_itself_keeps_the_rule(admin: AdminRoom) -> None:
    user_id = await admin.user()
    asked = await ask(admin, user_id)
    own = admin.users[Role.ADMIN]
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
    ids = [(await ask(admin, user_id, key=str(number)))["id"] for number in range(5)]
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
