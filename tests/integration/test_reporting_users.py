"""The users as staff find them, over HTTP on a real database; the SQL's balances against the domain's."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from starlette.datastructures import Headers
from tests.integration.asgi_client import AsgiClient

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal, Via
from solaris.domain.errors import InsufficientTokens, NotAuthenticated, TokensHeld
from solaris.domain.periods import local_day
from solaris.domain.roles import Role
from solaris.domain.tokens import TokenCounts
from solaris.domain.wallet import UserState
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Ending, GrantCreate, HoldCreate, TransactionType, Usage
from solaris.platform.http.app import create_app
from solaris.platform.postgres import Database
from solaris.reporting import users_routes
from solaris.reporting.history import UsageHistory
from solaris.reporting.users import UserDirectory, UserFilter, UserPageQuery, UserSort

ZONE = ZoneInfo("America/Sao_Paulo")


class NamedCallers:
    """Believes the test's own header `role:user id`."""

    async def identify(self, headers: Headers) -> Principal:
        role, _, user_id = headers.get("x-test-caller", "").partition(":")
        if not user_id:
            raise NotAuthenticated("Entre na sua conta.")
        return Principal(UUID(user_id), Role(role), True, Via.JWT, "test")


@dataclass
class World:
    """The users' routes on their database, with a ledger that writes what they read."""

    database: Database
    ledger: Ledger
    client: AsgiClient

    async def get(self, url: str, role: str = "support") -> Any:
        answer = await self.client.get(url, {"x-test-caller": f"{role}:{uuid4()}"})
        assert answer.status == 200, answer.body
        return answer.json()

    async def names(self, query: str) -> list[str]:
        return [row["name"] for row in (await self.get(f"/admin/users?{query}"))["data"]]

    async def user(self, name: str, email: str | None, *, monthly: int | None = 1000, **columns: Any) -> UUID:
        user_id = uuid4()
        await self.database.execute(
            "INSERT INTO users (id, email, name, role, contact_email, active, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7)",
            user_id,
            email,
            name,
            columns.get("role", "user"),
            columns.get("contact_email"),
            columns.get("active", True),
            columns.get("created_at", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        )
        if monthly is not None:
            await self.database.execute(
                "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, $2, $3)",
                user_id,
                columns.get("plan", "basico"),
                monthly,
            )
        return user_id

    async def charge(self, user_id: UUID, tokens: int, ledger: Ledger | None = None) -> None:
        order = HoldCreate(user_id, uuid4().hex, "f", tokens, tokens, tokens, Call("/v1/chat/completions", "gpt-4"))
        await (ledger or self.ledger).consume(order, Usage(TokenCounts(input=tokens), Ending.COMPLETE, estimated=False))


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    ledger = Ledger(database, zone=ZONE, buy_url="http://localhost/comprar")
    app = create_app(title="test", description="", version="0", lifespan=_no_lifespan)
    app.include_router(
        users_routes.routes(UserDirectory(database), UsageHistory(database, ZONE), Caller(NamedCallers()))
    )
    yield World(database, ledger, AsgiClient(app))
    await ledger.close()
    await database.close()


@asynccontextmanager
async def _no_lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield


async def test_every_row_shows_the_exact_balance(world: World) -> None:
    user_id = await world.user("João Antunes", "joao@demo.local")
    await world.ledger.grant(GrantCreate(user_id, 500, TransactionType.BONUS, "g1"))
    await world.charge(user_id, 1234)
    await world.ledger.reserve(HoldCreate(user_id, "open", "f", 66, 66, 66, Call("/v1/chat/completions", "gpt-4")))
    page = await world.get("/admin/users")
    row = page["data"][0]
    last_used_at = row.pop("last_used_at")
    assert datetime.fromisoformat(last_used_at) > datetime.now(UTC) - timedelta(minutes=1)
    assert last_used_at.endswith("Z")
    assert row == {
        "id": str(user_id),
        "email": "joao@demo.local",
        "contact_email": None,
        "name": "João Antunes",
        "role": "user",
        "plan": "basico",
        "state": "alert_80",
        "usage_percent": 82.27,
        "tokens_used": 1234,
        "tokens_remaining": 200,
        "credits": 266,
        "held": 66,
        "monthly_tokens": 1000,
        "created_at": "2026-03-01T12:00:00Z",
    }
    assert (page["page"], page["page_size"], page["total"]) == (1, 50, 1)
    assert page["totals_by_state"] == {"normal": 0, "alert_80": 1, "alert_90": 0, "blocked": 0, "suspended": 0}


async def test_a_wallet_of_a_past_period_is_shown_as_renewed_and_left_alone(world: World) -> None:
    past = Ledger(database=world.database, zone=ZONE, buy_url="", clock=lambda: datetime.now(UTC) - timedelta(days=40))
    user_id = await world.user("Maria", "maria@demo.local")
    await past.grant(GrantCreate(user_id, 300, TransactionType.PURCHASE, "g1"))
    await world.charge(user_id, 1100, past)
    await world.database.execute("UPDATE wallets SET overage = 150 WHERE user_id = $1", user_id)
    shown = await world.get(f"/admin/users/{user_id}")
    assert (shown["tokens_used"], shown["credits"], shown["tokens_remaining"]) == (0, 200, 1050)
    assert (shown["wallet"]["allowance_used"], shown["wallet"]["overage"], shown["usage_percent"]) == (150, 0, 0.0)
    stored = await world.database.fetchrow("SELECT used, overage FROM wallets WHERE user_id = $1", user_id)
    assert tuple(stored or ()) == (1100, 150)
    renewed = (await world.ledger.balance(user_id)).wallet
    assert renewed.remaining == shown["tokens_remaining"]
    assert renewed.period_start.isoformat() == shown["wallet"]["period_start"]
    assert (renewed.allowance_used, renewed.overage, renewed.used) == (150, 0, 0)
    assert shown["last_used_at"] < (datetime.now(UTC) - timedelta(days=39)).isoformat()
    await past.close()


async def test_a_user_without_wallet_or_subscription_is_shown(world: World) -> None:
    fresh = await world.user("Nova", "nova@demo.local")
    bare = await world.user("Sem Plano", None, monthly=None, contact_email="Sem@Contato.local")
    ended = await world.user("Vencida", "vencida@demo.local")
    await world.database.execute(
        "UPDATE subscriptions SET start_date = now() - interval '9 days', end_date = now() - interval '1 day' WHERE user_id = $1",
        ended,
    )
    rows = {row["id"]: row for row in (await world.get("/admin/users"))["data"]}
    first = rows[str(fresh)]
    assert (first["tokens_remaining"], first["usage_percent"], first["state"]) == (1000, 0.0, "normal")
    assert first["last_used_at"] is None
    for user_id in (bare, ended):
        row = rows[str(user_id)]
        assert (row["tokens_remaining"], row["usage_percent"], row["state"]) == (0, 100.0, "blocked")
        assert (await world.ledger.balance(user_id)).wallet.remaining == 0
    assert rows[str(bare)]["plan"] is None


async def test_the_search_disregards_case_and_accents_and_takes_wildcards_as_they_are(world: World) -> None:
    joao = await world.user("João da Conceição", "jc@empresa.local")
    await world.user("Ana 100% Souza", "ana_souza@empresa.local")
    await world.user("Anabela", None, contact_email="Bela@Fora.local")
    assert await world.names("q=joao") == ["João da Conceição"]
    assert await world.names(f"q={quote('CONCEIÇÃO joÃo')}") == ["João da Conceição"]
    assert await world.names("q=conceicao%20ana") == []
    assert await world.names("q=%25") == ["Ana 100% Souza"]
    assert await world.names("q=_") == ["Ana 100% Souza"]
    assert await world.names("q=%5C") == []
    assert await world.names("q=bela@fora") == ["Anabela"]
    assert await world.names(f"q={joao}") == ["João da Conceição"]
    assert await world.names(f"q={str(joao)[:8].upper()}") == ["João da Conceição"]
    assert await world.names("q=ana&sort=name&order=asc") == ["Ana 100% Souza", "Anabela"]
    assert len(await world.names("q=%20")) == 3


async def test_filters_and_totals(world: World) -> None:
    for tokens in (0, 500, 799, 800, 899, 900, 1000):
        user_id = await world.user(f"u{tokens:04}", None)
        if tokens:
            await world.charge(user_id, tokens)
    await world.user("u_suspensa", None, active=False, plan="empresarial", role="admin")
    page = await world.get("/admin/users?state=alert_80&sort=name&order=asc")
    assert [row["name"] for row in page["data"]] == ["u0800", "u0899"]
    assert page["total"] == 2
    assert page["totals_by_state"] == {"normal": 3, "alert_80": 2, "alert_90": 1, "blocked": 1, "suspended": 1}
    assert await world.names("usage_percent_min=79.9&usage_percent_max=90&sort=name&order=asc") == [
        "u0799",
        "u0800",
        "u0899",
        "u0900",
    ]
    assert await world.names("plan=empresarial") == ["u_suspensa"]
    assert await world.names("role=admin") == ["u_suspensa"]
    assert (await world.get("/admin/users?state=blocked&role=admin"))["total"] == 0
    assert await world.names("sort=usage_percent&order=desc&page_size=3") == ["u1000", "u0900", "u0899"]
    assert (await world.names("sort=tokens_remaining&order=asc"))[0] == "u1000"
    assert (await world.names("sort=tokens_used&order=desc"))[:2] == ["u1000", "u0900"]


async def test_a_rest_that_covered_no_call_is_found_under_blocked(world: World) -> None:
    """988 of 1,000 used, and the last call needed 170; the next small one is served."""
    user_id = await world.user("Rest", None)
    await world.charge(user_id, 988)
    assert await world.names("state=alert_90") == ["Rest"]
    with suppress(InsufficientTokens):
        await world.charge(user_id, 170)

    page = await world.get("/admin/users?state=blocked")

    assert [(row["state"], row["usage_percent"], row["tokens_remaining"]) for row in page["data"]] == [
        ("blocked", 98.8, 12)
    ]
    assert page["totals_by_state"] == {"normal": 0, "alert_80": 0, "alert_90": 0, "blocked": 1, "suspended": 0}
    assert (await world.get(f"/admin/users/{user_id}"))["wallet"]["refused_tokens"] == 170
    await world.charge(user_id, 2)
    assert await world.names("state=blocked") == []
    assert await world.names("state=alert_90") == ["Rest"]


async def test_a_user_whose_tokens_are_only_held_is_not_blocked(world: World) -> None:
    user_id = await world.user("Em uso", None)
    await world.ledger.reserve(HoldCreate(user_id, "open", "f", 995, 995, 995, Call("/v1/chat/completions", "gpt-4")))
    with pytest.raises(TokensHeld):
        await world.ledger.reserve(
            HoldCreate(user_id, "more", "f", 170, 170, 170, Call("/v1/chat/completions", "gpt-4"))
        )
    row = (await world.get("/admin/users"))["data"][0]
    assert (row["state"], row["tokens_remaining"], row["held"]) == ("normal", 5, 995)
    assert await world.names("state=blocked") == []


async def test_days_of_creation_are_the_customers(world: World) -> None:
    # 02:59 UTC is still the day before in São Paulo.
    await world.user("antes", None, created_at=datetime(2026, 5, 10, 2, 59, 59, tzinfo=UTC))
    await world.user("no dia", None, created_at=datetime(2026, 5, 10, 3, 0, tzinfo=UTC))
    await world.user("fim do dia", None, created_at=datetime(2026, 5, 11, 2, 59, 59, tzinfo=UTC))
    query = "created_from=2026-05-10&created_to=2026-05-10&sort=created_at&order=asc"
    assert await world.names(query) == ["no dia", "fim do dia"]
    assert await world.names("created_from=0001-01-01&created_to=9999-12-31&order=asc") == [
        "antes",
        "no dia",
        "fim do dia",
    ]


async def test_pages_neither_lose_nor_repeat_users_with_equal_keys(world: World) -> None:
    ids = {str(await world.user("Igual", None)) for _ in range(23)}
    for sort in UserSort:
        for order in ("asc", "desc"):
            seen: list[str] = []
            for number in range(1, 6):
                page = await world.get(f"/admin/users?sort={sort}&order={order}&page={number}&page_size=5")
                assert page["total"] == 23
                seen += [row["id"] for row in page["data"]]
            assert seen == sorted(ids)
    beyond = await world.get("/admin/users?page=1000000&page_size=200")
    assert (beyond["data"], beyond["total"]) == ([], 23)


async def test_the_detail_shows_everything_but_secrets(world: World) -> None:
    user_id = await world.user("Pedro", "pedro@demo.local")
    await world.charge(user_id, 10)
    await world.ledger.grant(GrantCreate(user_id, 5, TransactionType.BONUS, "g1"))
    await world.database.execute(
        "INSERT INTO api_keys (user_id, name, prefix, key_hash) VALUES ($1, 'meu script', 'sk-sol-ab', '\\x5ec7e7')",
        user_id,
    )
    front_end = await world.database.fetchval(
        "INSERT INTO front_end_keys (name, prefix, key_hash, id_header, email_header, name_header, signing_secret) "
        "VALUES ('LibreChat', 'fe', '\\x5ec7e8', 'x-id', 'x-email', 'x-name', 'segredo') RETURNING id"
    )
    await world.database.execute(
        "INSERT INTO identities (front_end_key_id, external_id, user_id) VALUES ($1, '66f0c0ffee', $2)",
        front_end,
        user_id,
    )
    shown = await world.get(f"/admin/users/{user_id}")
    assert shown["subscription"]["plan_name"] == "Básico"
    assert shown["wallet"] == {
        "period_start": local_day(datetime.now(UTC), ZONE).replace(day=1).isoformat(),
        "allowance": 1000,
        "allowance_used": 10,
        "allowance_left": 990,
        "credits": 5,
        "held": 0,
        "used": 10,
        "overage": 0,
        "refused_tokens": 0,
    }
    assert shown["counts"] == {
        "requests_this_period": 1,
        "days_with_use": 1,
        "open_holds": 0,
        "credit_transactions": 1,
        "pending_credit_requests": 0,
    }
    assert [(i["front_end"], i["external_id"]) for i in shown["identities"]] == [("LibreChat", "66f0c0ffee")]
    assert [(k["name"], k["prefix"]) for k in shown["api_keys"]] == [("meu script", "sk-sol-ab")]
    assert "segredo" not in str(shown)
    assert "5ec7e" not in str(shown)


async def test_wrong_questions_are_refused_in_portuguese(world: World) -> None:
    staff = {"x-test-caller": f"operator:{uuid4()}"}
    for query, param in (
        ("usage_percent_min=50&usage_percent_max=40", "usage_percent_max"),
        ("created_from=2026-02-01&created_to=2026-01-01", "created_to"),
        ("q=a%00b", "q"),
        ("page=0", "page"),
        ("page_size=201", "page_size"),
        ("state=ativo", "state"),
        ("sort=password", "sort"),
        ("usage_percent_min=NaN", "usage_percent_min"),
        ("estado=normal", "estado"),
    ):
        answer = await world.client.get(f"/admin/users?{query}", staff)
        assert answer.status in (400, 422), query
        assert answer.json()["error"]["param"] == param
    for url in (f"/admin/users/{uuid4()}", f"/admin/users/{uuid4()}/usage", f"/admin/users/{uuid4()}/usage/x"):
        assert (await world.client.get(url, staff)).status == 404


async def test_only_staff_see_users(world: World) -> None:
    user_id = await world.user("Pedro", "pedro@demo.local")
    for url in ("/admin/users", f"/admin/users/{user_id}", f"/admin/users/{user_id}/usage"):
        assert (await world.client.get(url)).status == 401
        assert (await world.client.get(url, {"x-test-caller": f"user:{user_id}"})).status == 403
        for role in ("support", "operator", "admin", "super_admin"):
            assert (await world.client.get(url, {"x-test-caller": f"{role}:{uuid4()}"})).status == 200


async def test_every_way_to_find_a_page_finds_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is looked for in the way that is fastest for it; what each way finds is what a person would count by hand."""
    chance = random.Random(7)
    past = Ledger(world.database, zone=ZONE, buy_url="", clock=lambda: datetime.now(UTC) - timedelta(days=40))
    for number in range(40):
        user_id = await world.user(
            chance.choice(["Émile", "ana", "Zé", "João"]) + f" {number % 7}",
            None if number % 5 == 0 else f"u{number}@demo.local",
            monthly=chance.choice([None, 0, 1000]),
            active=number % 9 != 0,
            created_at=datetime(2026, 3, 1 + number % 4, 12, tzinfo=UTC),
        )
        for ledger in (past, world.ledger):
            if number % 9 != 0 and chance.random() < 0.6:
                with suppress(InsufficientTokens):
                    await world.charge(user_id, chance.choice([1, 500, 800, 850, 900, 950, 1000]), ledger)
    directory = UserDirectory(world.database)
    everybody = (await directory.find(UserFilter(role=Role.USER), UserPageQuery(page_size=100))).rows
    assert len(everybody) == 40
    for state in (None, *UserState):
        for low, high in ((None, None), (80.0, 95.0)):
            stand = [row for row in everybody if low is None or low <= row.usage_percent <= high]
            wanted = UserFilter(state=state, usage_percent_min=low, usage_percent_max=high)
            of_a_plan = replace(wanted, plan="basico")
            for sort in UserSort:
                pages = []
                for most in (0, 10**9):
                    monkeypatch.setattr("solaris.reporting.users.MAX_USERS_ORDERED", most)
                    pages.append(await directory.find(wanted, UserPageQuery(sort, most > 0, 2, 6)))
                    by_role = await directory.find(replace(wanted, role=Role.USER), UserPageQuery(sort, most > 0, 2, 6))
                    assert pages[-1] == by_role, (state, low, sort, most)
                    by_plan = [
                        await directory.find(replace(of_a_plan, role=role), UserPageQuery(sort))
                        for role in (None, Role.USER)
                    ]
                    assert by_plan[0] == by_plan[1]
                ahead, back = (page.total for page in pages)
                assert ahead == back == len([row for row in stand if state in (None, row.state)])
                counted = Counter(row.state for row in stand)
                assert pages[0].totals_by_state == {each: counted[each] for each in UserState}
