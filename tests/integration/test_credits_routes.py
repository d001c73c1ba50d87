"""Buying by request, and staff adding credits, over HTTP on a real database."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from starlette.datastructures import Headers
from tests.integration.asgi_client import AsgiClient

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal, Via
from solaris.credits import grant_routes, purchase_routes
from solaris.credits.grants import GrantService
from solaris.credits.purchases import MAX_PENDING_REQUESTS, PurchaseService
from solaris.domain.errors import NotAuthenticated
from solaris.domain.roles import Role
from solaris.ledger.ledger import Ledger
from solaris.platform.http.app import RequestMiddleware, create_app
from solaris.platform.logs import build_log
from solaris.platform.metrics import Metrics
from solaris.platform.postgres import Database
from solaris.platform.settings import load_settings

GRANT = {"tokens": 200_000, "amount_paid": 50.00, "reason": "compra_email", "note": "pago por PIX"}


class NamedCallers:
    """Believes the test's own header `role:user id`."""

    async def identify(self, headers: Headers) -> Principal:
        role, _, user_id = headers.get("x-test-caller", "").partition(":")
        if not user_id:
            raise NotAuthenticated("Entre na sua conta.")
        return Principal(UUID(user_id), Role(role), True, Via.JWT, "test")


@dataclass
class World:
    """The credits room on its database, with one user and one admin."""

    database: Database
    ledger: Ledger
    client: AsgiClient
    lines: io.StringIO
    user_id: UUID
    admin_id: UUID

    @property
    def user(self) -> dict[str, str]:
        return {"x-test-caller": f"user:{self.user_id}"}

    def staff(self, role: str = "admin", key: str | None = None) -> dict[str, str]:
        headers = {"x-test-caller": f"{role}:{self.admin_id}"}
        return headers if key is None else {**headers, "Idempotency-Key": key}

    @property
    def grant_url(self) -> str:
        return f"/admin/users/{self.user_id}/credits"


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    settings = load_settings(_env_file=None)
    ledger = Ledger(database, zone=settings.zone, buy_url="http://localhost/comprar")
    lines = io.StringIO()
    log = build_log("test", level="info", form="json", stream=lines)
    caller = Caller(NamedCallers())
    app = _app()
    app.include_router(purchase_routes.routes(PurchaseService(database, log), caller))
    app.include_router(grant_routes.routes(GrantService(database, ledger, log), caller))
    framed = RequestMiddleware(app, log=log, metrics=Metrics("test"), body_limit_bytes=100_000)
    user_id = await _user(database, "joana@demo.local", "user")
    admin_id = await _user(database, "chefe@demo.local", "admin")
    yield World(database, ledger, AsgiClient(framed), lines, user_id, admin_id)
    await ledger.close()
    await database.close()


def _app() -> FastAPI:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield

    return create_app(title="test", description="", version="0", lifespan=lifespan)


async def _user(database: Database, email: str, role: str) -> UUID:
    user_id: UUID = await database.fetchval(
        "INSERT INTO users (email, name, role) VALUES ($1, $1, $2) RETURNING id", email, role
    )
    await database.execute(
        "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', 250000)", user_id
    )
    return user_id


async def test_the_three_packages_are_on_sale_in_order(world: World) -> None:
    answer = await world.client.get("/api/credits/packages", world.user)
    assert answer.status == 200
    assert [(p["id"], p["tokens"], p["amount_brl"], p["badge"]) for p in answer.json()["data"]] == [
        ("pacote-200k", 200_000, 50.0, None),
        ("pacote-500k", 500_000, 120.0, "mais popular"),
        ("pacote-1m", 1_000_000, 230.0, None),
    ]
    await world.database.execute("UPDATE packages SET active = false WHERE id = 'pacote-1m'")
    assert len((await world.client.get("/api/credits/packages", world.user)).json()["data"]) == 2


async def test_every_route_wants_to_know_who_is_calling(world: World) -> None:
    for url in ("/api/credits/packages", "/api/credits/transactions", "/api/credits/requests"):
        assert (await world.client.get(url)).status == 401
    assert (await world.client.post("/api/credits/purchase", {})).status == 401
    assert (await world.client.post(world.grant_url, GRANT)).status == 401


async def test_a_manual_purchase_makes_a_request_and_leaves_the_balance(world: World) -> None:
    body = {"package_id": "pacote-500k", "method": "manual", "note": "Proposta", "urgency": "high"}
    answer = await world.client.post("/api/credits/purchase", body, world.user)
    made = answer.json()
    assert answer.status == 201
    assert made["ticket_number"].startswith("SOL-20")
    assert (made["state"], made["tokens"], made["amount_brl"], made["urgency"]) == ("pending", 500_000, 120.0, "high")
    assert made["ticket_number"] in made["message"]
    assert "500.000 tokens" in made["message"]
    assert made["created_at"].endswith("Z")
    assert (await world.ledger.balance(world.user_id)).wallet.credits == 0
    one = await world.client.get(f"/api/credits/requests/{made['ticket_number']}", world.user)
    assert one.json()["note"] == "Proposta"


async def test_another_amount_can_be_asked_for_and_has_no_price_yet(world: World) -> None:
    answer = await world.client.post("/api/credits/purchase", {"tokens": 42, "method": "manual"}, world.user)
    assert (answer.status, answer.json()["tokens"], answer.json()["amount_brl"]) == (201, 42, None)


async def test_stripe_is_refused_with_the_way_that_works(world: World) -> None:
    body = {"package_id": "pacote-200k", "method": "stripe"}
    answer = await world.client.post("/api/credits/purchase", body, world.user)
    error = answer.json()["error"]
    assert (answer.status, error["code"], error["param"]) == (400, "payment_method_unavailable", "method")
    assert "manual" in error["message"]


async def test_an_unknown_package_names_the_right_ones(world: World) -> None:
    body = {"package_id": "pacote-9", "method": "manual"}
    answer = await world.client.post("/api/credits/purchase", body, world.user)
    assert (answer.status, answer.json()["error"]["code"]) == (404, "package_not_found")
    assert "pacote-200k, pacote-500k, pacote-1m" in answer.json()["error"]["message"]


async def test_a_repeated_purchase_is_one_request(world: World) -> None:
    body = {"package_id": "pacote-200k", "method": "manual"}
    headers = {**world.user, "Idempotency-Key": "compra-1"}
    answers = await asyncio.gather(*(world.client.post("/api/credits/purchase", body, headers) for _ in range(8)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert sorted("idempotent-replay" in answer.headers for answer in answers) == [False] + [True] * 7
    other = await world.client.post("/api/credits/purchase", {**body, "note": "outra"}, headers)
    assert (other.status, other.json()["error"]["code"]) == (409, "idempotency_conflict")
    ticket = answers[0].json()["ticket_number"]
    await world.client.post(f"/api/credits/requests/{ticket}/cancel", headers=world.user)
    assert (await world.client.post("/api/credits/purchase", body, headers)).body == answers[0].body


async def test_pending_requests_are_limited_and_cancelling_makes_room(world: World) -> None:
    body = {"package_id": "pacote-200k", "method": "manual"}
    answers = await asyncio.gather(
        *(world.client.post("/api/credits/purchase", body, world.user) for _ in range(MAX_PENDING_REQUESTS + 3))
    )
    assert [answer.status for answer in answers].count(201) == MAX_PENDING_REQUESTS
    refused = next(answer for answer in answers if answer.status != 201)
    assert (refused.status, refused.json()["error"]["code"]) == (409, "too_many_pending_requests")
    ticket = next(answer for answer in answers if answer.status == 201).json()["ticket_number"]
    for _ in range(2):
        cancelled = await world.client.post(f"/api/credits/requests/{ticket}/cancel", headers=world.user)
        assert (cancelled.status, cancelled.json()["state"]) == (200, "cancelled")
    assert (await world.client.post("/api/credits/purchase", body, world.user)).status == 201


async def test_the_request_of_another_user_is_not_found(world: World) -> None:
    made = await world.client.post("/api/credits/purchase", {"tokens": 5, "method": "manual"}, world.user)
    url = f"/api/credits/requests/{made.json()['ticket_number']}"
    for answer in (
        await world.client.get(url, world.staff()),
        await world.client.post(f"{url}/cancel", headers=world.staff()),
    ):
        assert (answer.status, answer.json()["error"]["code"]) == (404, "credit_request_not_found")


async def test_a_decided_request_can_not_be_cancelled(world: World) -> None:
    made = await world.client.post("/api/credits/purchase", {"tokens": 5, "method": "manual"}, world.user)
    await world.database.execute("UPDATE credit_requests SET state = 'rejected', decided_at = now()")
    answer = await world.client.post(f"/api/credits/requests/{made.json()['ticket_number']}/cancel", headers=world.user)
    assert (answer.status, answer.json()["error"]["code"]) == (409, "credit_request_already_decided")


@pytest.mark.parametrize("what", ["requests", "transactions"])
async def test_lists_are_paged_without_gaps_or_repeats(world: World, what: str) -> None:
    for number in range(5):
        await world.client.post("/api/credits/purchase", {"tokens": number + 1, "method": "manual"}, world.user)
        await world.client.post(world.grant_url, {**GRANT, "tokens": number + 1}, world.staff(key=f"k{number}"))
    seen: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = (await world.client.get(f"/api/credits/{what}?limit=2&cursor={cursor}", world.user)).json()
        seen += page["data"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [row.get("tokens", row.get("tokens_added")) for row in seen] == [5, 4, 3, 2, 1]
    bad = await world.client.get(f"/api/credits/{what}?cursor=abc", world.user)
    assert (bad.status, bad.json()["error"]["param"]) == (400, "cursor")
    assert (await world.client.get(f"/api/credits/{what}?limit=201", world.user)).status == 422


async def test_staff_add_credits_and_the_books_say_so(world: World) -> None:
    answer = await world.client.post(world.grant_url, GRANT, world.staff(key="k"))
    made = answer.json()
    assert answer.status == 201
    assert (made["tokens_added"], made["amount_paid"], made["transaction_type"]) == (200_000, 50.0, "purchase")
    assert (made["credits"], made["tokens_remaining"]) == (200_000, 450_000)
    entry = await world.database.fetchrow("SELECT * FROM audit_log WHERE action = 'credit_transaction.grant'")
    assert entry is not None
    assert (entry["actor_id"], entry["actor_role"], entry["entity_id"]) == (
        world.admin_id,
        "admin",
        made["transaction_id"],
    )
    assert entry["after"]["amount_paid"] == "50.00"
    assert '"action":"credits_added"' in world.lines.getvalue()
    assert await world.ledger.audit() == []


@pytest.mark.parametrize(
    ("reason", "amount", "expected"),
    [("compra_email", 10, "purchase"), ("promocional", 0, "bonus"), ("ajuste_manual", 0, "adjustment")],
)
async def test_each_reason_is_a_kind_of_transaction(world: World, reason: str, amount: int, expected: str) -> None:
    body = {"tokens": 10, "amount_paid": amount, "reason": reason, "note": ""}
    answer = await world.client.post(world.grant_url, body, world.staff(key="k"))
    assert (answer.status, answer.json()["transaction_type"]) == (201, expected)


async def test_twenty_repeats_at_once_add_credits_once(world: World) -> None:
    answers = await asyncio.gather(
        *(world.client.post(world.grant_url, GRANT, world.staff(key="uma-vez")) for _ in range(20))
    )
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert sum(answer.headers.get("idempotent-replay") != "true" for answer in answers) == 1
    assert (await world.ledger.balance(world.user_id)).wallet.credits == 200_000
    assert await world.database.fetchval("SELECT count(*) FROM audit_log") == 1
    assert world.lines.getvalue().count('"action":"credits_added"') == 1
    assert await world.ledger.audit() == []


async def test_a_repeat_returns_the_first_answer_even_after_other_grants(world: World) -> None:
    first = await world.client.post(world.grant_url, GRANT, world.staff(key="a"))
    await world.client.post(world.grant_url, GRANT, world.staff(key="b"))
    again = await world.client.post(world.grant_url, GRANT, world.staff(key="a"))
    assert again.body == first.body
    assert again.headers["idempotent-replay"] == "true"


async def test_the_same_key_with_another_grant_is_a_conflict(world: World) -> None:
    await world.client.post(world.grant_url, GRANT, world.staff(key="k"))
    for other in ({"tokens": 1}, {"amount_paid": 51}, {"reason": "ajuste_manual"}, {"note": "outra"}):
        answer = await world.client.post(world.grant_url, {**GRANT, **other}, world.staff(key="k"))
        assert (answer.status, answer.json()["error"]["code"]) == (409, "idempotency_conflict")
    other_id = await world.database.fetchval("INSERT INTO users (email) VALUES ('outra@demo.local') RETURNING id")
    elsewhere = await world.client.post(f"/admin/users/{other_id}/credits", GRANT, world.staff(key="k"))
    assert elsewhere.status == 409


async def test_without_a_key_nothing_is_added(world: World) -> None:
    answer = await world.client.post(world.grant_url, GRANT, world.staff())
    assert (answer.status, answer.json()["error"]["param"]) == (400, "Idempotency-Key")
    assert "Idempotency-Key" in answer.json()["error"]["message"]
    assert answer.json()["error"]["code"] == "idempotency_key_required"
    spaced = await world.client.post(world.grant_url, GRANT, world.staff(key="com espaco"))
    assert (spaced.status, spaced.json()["error"]["code"]) == (400, "idempotency_key_invalid")
    assert await world.database.fetchval("SELECT count(*) FROM credit_transactions") == 0


@pytest.mark.parametrize(
    ("role", "status"), [("user", 403), ("support", 403), ("operator", 403), ("admin", 201), ("super_admin", 201)]
)
async def test_only_admins_move_money(world: World, role: str, status: int) -> None:
    answer = await world.client.post(world.grant_url, GRANT, world.staff(role, key="k"))
    assert answer.status == status


async def test_bad_grants_say_what_is_wrong(world: World) -> None:
    unpaid = await world.client.post(world.grant_url, {**GRANT, "amount_paid": 0}, world.staff(key="a"))
    assert (unpaid.status, unpaid.json()["error"]["param"]) == (400, "amount_paid")
    unknown = await world.client.post(f"/admin/users/{uuid4()}/credits", GRANT, world.staff(key="b"))
    assert (unknown.status, unknown.json()["error"]["code"]) == (404, "user_not_found")
    assert (await world.client.post("/admin/users/42/credits", GRANT, world.staff(key="c"))).status == 422
    fraction = await world.client.post(world.grant_url, {**GRANT, "tokens": 1.5}, world.staff(key="d"))
    assert (fraction.status, fraction.json()["error"]["param"]) == (422, "tokens")
    broken = await world.client.post(world.grant_url, b"{", world.staff(key="e"))
    assert (broken.status, broken.json()["error"]["code"]) == (400, "invalid_json")
    await world.database.execute(
        "UPDATE approval_rules SET second_person_above_tokens = 0, second_person_below_price = false"
    )
    for number in range(2):
        full = await world.client.post(
            world.grant_url, {**GRANT, "tokens": 1_000_000_000}, world.staff(key=f"f{number}")
        )
    assert (full.status, full.json()["error"]["param"]) == (400, "tokens")
    assert await world.database.fetchval("SELECT count(*) FROM credit_transactions") == 1
