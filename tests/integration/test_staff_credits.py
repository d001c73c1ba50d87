"""Credit requests, transactions, prices, weights, front-end keys and finance, as staff work with them over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from tests.integration.admin_room import AdminRoom, add_user, opened_admin
from tests.integration.auth_room import Room, bearer

from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.domain.roles import Role
from solaris.ledger.records import GrantCreate, TransactionType
from solaris.models.catalogue import Catalogue
from solaris.platform.redis import RedisClient

WEIGHTS = {"input": 1, "cached_input": 0.5, "output": 3, "reasoning": 3}


@pytest.fixture
async def admin(database_url: str) -> AsyncIterator[AdminRoom]:
    async with opened_admin(database_url) as room:
        yield room


async def _ask(admin: AdminRoom, user_id: UUID, number: int = 1, price: str | None = "50.00") -> str:
    ticket = f"SOL-2026-{number:06}"
    await admin.database.execute(
        "INSERT INTO credit_requests (ticket_number, user_id, package_id, tokens, amount_brl, fingerprint) "
        "VALUES ($1, $2, $3, 200000, $4, '')",
        ticket,
        user_id,
        None if price is None else "pacote-200k",
        None if price is None else Decimal(price),
    )
    return ticket


async def test_many_approvals_at_once_grant_once(admin: AdminRoom) -> None:
    user_id = await admin.user()
    ticket = await _ask(admin, user_id)
    second = await add_user(admin.database, "adm2@demo.local", Role.ADMIN)
    route = f"POST /admin/credit-requests/{ticket}/approve"
    calls = [
        admin.call(route, {}),
        admin.call(route, {}, who=second),
        admin.call(route, {}),
        admin.call(route, {}, who=second),
    ]
    answers = await asyncio.gather(*calls)
    assert sorted(answer.status for answer in answers) == [200, 200, 409, 409]
    assert {answer.json()["error"]["code"] for answer in answers if answer.status == 409} == {
        "credit_request_already_decided"
    }
    assert (await admin.ledger.balance(user_id)).wallet.credits == 200_000
    assert [entry["action"] for entry in await admin.audited(ticket)] == ["credit_request.approve"]
    listed = (await admin.ok(f"GET /admin/credits/transactions?user_id={user_id}"))["data"]
    assert [(row["transaction_type"], row["amount_paid"], row["ticket_number"]) for row in listed] == [
        ("purchase", 50.0, ticket)
    ]


async def test_approving_and_cancelling_at_once_end_in_one_of_both(admin: AdminRoom) -> None:
    user_id = await admin.user()
    for number in range(1, 6):
        ticket = await _ask(admin, user_id, number)
        cancel = "UPDATE credit_requests SET state = 'cancelled', decided_at = now() WHERE ticket_number = $1 AND state = 'pending'"
        await asyncio.gather(
            admin.call(f"POST /admin/credit-requests/{ticket}/approve", {}), admin.database.execute(cancel, ticket)
        )
    states = await admin.database.fetchval("SELECT count(*) FROM credit_requests WHERE state = 'approved'")
    assert (await admin.ledger.balance(user_id)).wallet.credits == states * 200_000


async def test_a_request_without_a_price_needs_one_and_nothing_paid_is_a_gift(admin: AdminRoom) -> None:
    user_id = await admin.user()
    ticket = await _ask(admin, user_id, price=None)
    route = f"POST /admin/credit-requests/{ticket}/approve"
    assert await admin.refused(route, {}) == (400, "invalid_input")
    returned = await admin.ok(route, {"amount_paid": 0, "tokens": 5, "reason": "Cortesia"})
    assert (returned["state"], returned["decision_reason"], returned["decided_by_name"]) == (
        "approved",
        "Cortesia",
        "Admin",
    )
    kinds = await admin.database.fetch("SELECT transaction_type, tokens_added FROM credit_transactions")
    assert [tuple(row) for row in kinds] == [("bonus", 5)]


async def test_a_rejection_says_why_and_leaves_the_balance(admin: AdminRoom) -> None:
    user_id = await admin.user()
    ticket = await _ask(admin, user_id)
    assert (await admin.call(f"POST /admin/credit-requests/{ticket}/reject", {})).status == 422
    returned = await admin.ok(f"POST /admin/credit-requests/{ticket}/reject", {"reason": "Fora do projeto"})
    assert (returned["state"], returned["decision_reason"]) == ("rejected", "Fora do projeto")
    answer = await admin.call(f"POST /admin/credit-requests/{ticket}/approve", {})
    assert (answer.status, "rejeitado por Admin" in answer.json()["error"]["message"]) == (409, True)
    assert (await admin.ledger.balance(user_id)).wallet.credits == 0


async def test_support_sees_requests_without_money_and_no_transactions(admin: AdminRoom) -> None:
    user_id = await admin.user()
    ticket = await _ask(admin, user_id)
    shown = await admin.ok("GET /admin/credit-requests?state=pending", role=Role.SUPPORT)
    assert (shown["data"][0]["ticket_number"], shown["data"][0]["amount_brl"]) == (ticket, None)
    assert shown["totals_by_state"] == {"pending": 1, "approved": 0, "rejected": 0, "cancelled": 0}
    assert (await admin.ok(f"GET /admin/credit-requests/{ticket}", role=Role.OPERATOR))["amount_brl"] == 50.0
    for money in ("credits/transactions", "finance", "plans", "packages", "models", "audit-log"):
        assert (await admin.call(f"GET /admin/{money}", role=Role.SUPPORT)).status == 403, money


async def test_finance_counts_what_was_sold_and_no_gift_with_an_amount(admin: AdminRoom) -> None:
    user_id = await admin.user(tokens=100)
    ticket = await _ask(admin, user_id)
    await _ask(admin, user_id, 2)
    await admin.ok(f"POST /admin/credit-requests/{ticket}/approve", {})
    grant = {"tokens": 70, "amount_paid": 999, "reason": "promocional"}
    await admin.ok(f"POST /admin/users/{user_id}/credits", grant, key="gift")
    refund = GrantCreate(user_id, -30, TransactionType.REFUND, "refund", Decimal("-20.00"))
    await admin.ledger.grant(refund)
    await admin.use(user_id, 150)
    returned = await admin.ok("GET /admin/finance")
    assert returned["totals"] == {
        "revenue_brl": 30.0, "refunds_brl": 20.0, "purchases": 1, "buyers": 1, "average_ticket_brl": 50.0,
        "tokens_sold": 200_000, "tokens_given": 70, "tokens_taken_back": 30, "credits_spent": 50,
    }  # fmt: skip
    assert returned["previous"]["revenue_brl"] == 0
    assert (len(returned["data"]), returned["data"][-1]["revenue_brl"], returned["data"][0]["average_ticket_brl"]) == (
        30,
        30.0,
        None,
    )
    assert [(row["package_id"], row["purchases"], row["revenue_brl"]) for row in returned["by_package"]] == [
        ("pacote-200k", 1, 50.0)
    ]
    assert {row["transaction_type"] for row in returned["by_type"]} == {"purchase", "bonus", "refund"}
    assert (returned["open_requests"]["requests"], returned["open_requests"]["amount_brl"]) == (1, 50.0)
    dashboard = await admin.ok("GET /admin/dashboard")
    assert (dashboard["revenue_today"], dashboard["revenue_month"]) == (30.0, 30.0)
    assert (await admin.ok("GET /admin/usage/stats"))["totals"]["revenue_brl"] == 30.0
    daily = "SELECT revenue_brl FROM reporting.revenue_daily"
    assert await admin.database.fetchval(daily) == 30
    by_month = await admin.ok("GET /admin/finance?group_by=month&from=2026-01-15&to=2026-03-02")
    assert [row["first_day"] for row in by_month["data"]] == ["2026-01-15", "2026-02-01", "2026-03-01"]
    assert (await admin.call("GET /admin/finance?from=2026-03-02&to=2026-01-15")).status == 400


async def test_the_heat_map_has_every_hour_of_the_week_in_the_customers_zone(admin: AdminRoom) -> None:
    user_id = await admin.user()
    await admin.use(user_id, 100)
    await admin.use(user_id, 20)
    now = datetime.now(UTC).astimezone(ZoneInfo("America/Sao_Paulo"))
    returned = await admin.ok("GET /admin/usage/heatmap")
    assert (len(returned["data"]), returned["timezone"], sum(cell["days"] for cell in returned["data"])) == (
        168,
        "America/Sao_Paulo",
        28 * 24,
    )
    used = [cell for cell in returned["data"] if cell["requests"]]
    assert sum(cell["tokens_charged"] for cell in used) == 120
    assert used[0]["weekday"] == now.isoweekday()
    assert used[0]["hour"] in (now.hour, (now.hour - 1) % 24)
    assert not any(cell["requests"] for cell in (await admin.ok(f"GET /admin/usage/heatmap?user_id={uuid4()}"))["data"])


async def test_plans_and_packages_are_edited_by_who_saw_them_last(admin: AdminRoom) -> None:
    plan = (await admin.ok("GET /admin/plans", role=Role.OPERATOR))["data"][0]
    assert (plan["plan_type"], plan["price_brl"], plan["subscribers"]) == ("basico", 49.9, 4)
    edit = {"updated_at": plan["updated_at"], "price_brl": 59.9, "tokens_per_minute": None}
    changed = await admin.ok("PATCH /admin/plans/basico", edit)
    assert (changed["price_brl"], changed["tokens_per_minute"], changed["name"]) == (59.9, None, "Básico")
    assert await admin.refused("PATCH /admin/plans/basico", edit) == (409, "changed_meanwhile")
    (entry,) = await admin.audited("basico")
    assert (entry["before"], entry["after"]) == (
        {"price_brl": "49.90", "tokens_per_minute": 1_000_000},
        {"price_brl": "59.90", "tokens_per_minute": None},
    )
    off = {"updated_at": changed["updated_at"], "active": False}
    assert (await admin.call("PATCH /admin/plans/basico", off)).status == 409
    package = {"id": "pacote-2m", "name": "2 milhões", "tokens": 2_000_000, "amount_brl": 400.5}
    made = await admin.ok("POST /admin/packages", package)
    assert (await admin.call("POST /admin/packages", package)).status == 409
    await admin.ok(
        "PATCH /admin/packages/pacote-2m", {"updated_at": made["updated_at"], "active": False, "badge": "novo"}
    )
    assert (
        await admin.call("POST /admin/plans", {"plan_type": "x", "name": "X", "monthly_tokens": 1, "price_brl": 0.001})
    ).status == 422
    assert (await admin.call("PATCH /admin/plans/nenhum", off)).json()["error"]["code"] == "plan_not_found"


async def test_weights_are_set_with_an_example_of_the_charge(admin: AdminRoom) -> None:
    listed = await admin.ok("GET /admin/models", role=Role.OPERATOR)
    known = next(model for model in listed["data"] if model["name"] == "gpt-4")
    assert (listed["conversion_factor"], known["example"]["tokens_charged"]) == (1.0, 1500)
    body = {
        "weights": WEIGHTS,
        "output_limit_tokens": 8192,
        "tokenizer": "cl100k_base",
        "updated_at": known["updated_at"],
    }
    returned = await admin.ok("PUT /admin/models/gpt-4", body)
    assert (returned["example"]["weighted_sum"], returned["example"]["tokens_charged"]) == (2400.0, 2400)
    assert await admin.refused("PUT /admin/models/gpt-4", body) == (409, "changed_meanwhile")
    name = "openai/gpt-5-nano"
    new = {"weights": {"input": 0.000001}, "output_limit_tokens": 1, "updated_at": None}
    assert (await admin.ok(f"PUT /admin/models/{quote(name, safe='/')}", new))["name"] == name
    assert await admin.refused(f"PUT /admin/models/{quote(name, safe='/')}", new) == (409, "changed_meanwhile")
    tried = {"weights": {"input": 0.1}, "counts": {"input": 1, "cached_input": 0, "output": 0, "reasoning": 0}}
    assert (await admin.ok("POST /admin/models/calculation", tried))["tokens_charged"] == 1
    for wrong in ({"input": -1}, {"input": 0.0000001}, {"input": True}, {"input": 1e9}):
        assert (await admin.call("PUT /admin/models/gpt-4", {**body, "weights": wrong})).status == 422, wrong
    (entry,) = await admin.audited("gpt-4")
    assert entry["after"]["output_weight"] == "3.000000"


async def test_new_weights_count_at_once_in_every_process(database_url: str, redis_url: str) -> None:
    async with opened_admin(database_url, redis_url) as admin:
        redis = RedisClient(redis_url)
        cache_invalidation = CacheInvalidation(redis)
        catalogue = Catalogue(_served, admin.database, Room(admin.database).log)
        cache_invalidation.subscribe_models(catalogue.forget_weights)
        listening = asyncio.create_task(cache_invalidation.listen())
        assert (await catalogue.find("gpt-4")).weights.output == 1
        await asyncio.sleep(0.2)
        updated_at = await admin.database.fetchval("SELECT updated_at FROM models WHERE name = 'gpt-4'")
        body = {"weights": WEIGHTS, "output_limit_tokens": 100, "updated_at": updated_at.isoformat()}
        await admin.ok("PUT /admin/models/gpt-4", body)
        for _ in range(100):
            if (await catalogue.find("gpt-4")).weights.output == 3:
                break
            await asyncio.sleep(0.01)
        assert (await catalogue.find("gpt-4")).output_limit_tokens == 100
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await catalogue.close()
        await redis.close()


async def _served() -> list[dict[str, Any]]:
    return [{"id": "gpt-4"}]


async def test_a_front_end_key_is_shown_once_with_settings_to_paste(admin: AdminRoom) -> None:
    made = await admin.call(
        "POST /admin/front-end-keys", {"name": "Chat interno", "kind": "open_webui", "strict": True}
    )
    returned = made.json()
    assert (made.status, made.headers["cache-control"], returned["has_signing_secret"]) == (201, "no-store", True)
    assert f"OPENAI_API_KEY={returned['key']}" in returned["settings"]
    assert "FORWARD_USER_INFO_HEADER_JWT_SECRET=" in returned["settings"]
    listed = (await admin.ok("GET /admin/front-end-keys", role=Role.OPERATOR))["data"][0]
    secret = returned["settings"].rpartition("=")[2].strip()
    assert returned["key"] not in str(listed)
    assert secret not in str(listed)
    assert "COLE_AQUI_A_CHAVE" in listed["settings"]
    edit = {
        "updated_at": returned["updated_at"],
        "strict": False,
        "signing_secret": "",
        "name": "Chat novo",
        "plan_type": "profissional",
    }
    changed = await admin.ok(f"PATCH /admin/front-end-keys/{returned['id']}", edit)
    assert (changed["name"], changed["strict"], changed["has_signing_secret"], changed["plan_type"]) == (
        "Chat novo", False, False, "profissional"
    )  # fmt: skip
    assert await admin.refused(f"PATCH /admin/front-end-keys/{returned['id']}", edit) == (409, "changed_meanwhile")
    room = Room(admin.database)
    headers = {"X_OpenWebUI_User_Id": "u-1"}
    user_id = (await room.identifier.identify(bearer(returned["key"], **headers))).user_id
    assert (await room.users.get(user_id)).plan_type == "profissional"
    renewed = await admin.ok(f"POST /admin/front-end-keys/{returned['id']}/rotate")
    assert renewed["key"] != returned["key"]
    assert renewed["users"] == 1
    revoked = await admin.ok(f"DELETE /admin/front-end-keys/{returned['id']}")
    assert revoked["revoked_at"] is not None
    audited = await admin.audited(returned["id"])
    assert [entry["action"] for entry in audited] == [
        "front_end.create",
        "front_end.edit",
        "front_end.rotate",
        "front_end.revoke",
    ]
    assert secret not in str(audited)
    assert returned["key"] not in str(audited)


async def test_a_front_end_that_cannot_be_is_refused(admin: AdminRoom) -> None:
    await admin.ok("POST /admin/front-end-keys", {"name": "a"})
    for body, status in (
        ({"name": "a"}, 409),
        ({"name": "b", "strict": True}, 400),
        ({"name": "b", "plan_type": "nenhum"}, 404),
        ({"name": "b", "headers": {"id": "Authorization", "email": "X-E", "name": "X-N"}}, 400),
        ({"name": "b", "kind": "telegram"}, 422),
    ):
        assert (await admin.call("POST /admin/front-end-keys", body)).status == status, body
    assert (await admin.call(f"DELETE /admin/front-end-keys/{uuid4()}")).status == 404
