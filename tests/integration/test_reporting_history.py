"""A user's own history over HTTP on a real database: receipts, pages, sums, CSV, and access."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.integration.asgi_client import Answer, AsgiClient

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal, Via
from solaris.domain.errors import NotAuthenticated
from solaris.domain.roles import Role
from solaris.domain.tokens import TokenCounts, Weights
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Ending, GrantCreate, HoldCreate, TransactionType, Usage
from solaris.platform.http.app import create_app
from solaris.platform.postgres import Database
from solaris.reporting import history, history_routes, users_routes
from solaris.reporting.history import HistoryFilter, UsageHistory
from solaris.reporting.users import UserDirectory

ZONE = ZoneInfo("America/Sao_Paulo")
NOON = datetime(2026, 10, 20, 15, 0, tzinfo=UTC)
PLAIN = Call("/v1/chat/completions", "gpt-4", client="LibreChat", conversation_id="c1", trace_id="t1")
WEIGHED = Call(
    "/v1/chat/completions",
    "claude-3",
    Weights(Decimal("1"), Decimal("0.1"), Decimal("3"), Decimal("2.5")),
    Decimal("0.376"),
)


class NamedCallers:
    """Believes the test's own header `role:user id`."""

    async def identify(self, headers: Headers) -> Principal:
        role, _, user_id = headers.get("x-test-caller", "").partition(":")
        if not user_id:
            raise NotAuthenticated("Entre na sua conta.")
        return Principal(UUID(user_id), Role(role), True, Via.JWT, "test")


class StayingClient:
    """An ASGI layer that promises to raise when the client goes, so that an end of the request's body is not taken for that."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, "asgi": {"version": "3.0", "spec_version": "2.4"}}, receive, send)


@dataclass
class World:
    """The history's routes, two users, and a ledger whose clock the test sets."""

    database: Database
    client: AsgiClient
    joana: UUID
    pedro: UUID
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.database, zone=ZONE, buy_url="http://localhost/comprar", clock=lambda: self.now)

    async def ask(self, url: str, user_id: UUID | None = None, role: str = "user", **headers: str) -> Answer:
        return await self.client.get(url, {"x-test-caller": f"{role}:{user_id or self.joana}", **headers})

    async def get(self, query: str = "", user_id: UUID | None = None) -> Any:
        answer = await self.ask(f"/api/tokens/history{query}", user_id)
        assert answer.status == 200, answer.body
        return answer.json()

    async def charge(
        self, request_id: str, counts: TokenCounts, call: Call = PLAIN, user_id: UUID | None = None
    ) -> None:
        least = call.charge_for(counts)
        order = HoldCreate(user_id or self.joana, request_id, "f", least, least, counts.input, call)
        usage = Usage(
            counts, Ending.COMPLETE, False, "gpt-4-0613", Decimal("0.01250000"), first_byte_ms=120, duration_ms=900
        )
        await self.ledger.consume(order, usage)


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    service = UsageHistory(database, ZONE)
    caller = Caller(NamedCallers())
    app = create_app(title="test", description="", version="0", lifespan=_no_lifespan)
    app.include_router(history_routes.routes(service, caller))
    app.include_router(users_routes.routes(UserDirectory(database), service, caller))
    world = World(
        database, AsgiClient(StayingClient(app)), await _user(database, "joana"), await _user(database, "pedro")
    )
    yield world
    await world.ledger.close()
    await database.close()


@asynccontextmanager
async def _no_lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield


async def _user(database: Database, name: str) -> UUID:
    user_id: UUID = await database.fetchval(
        "INSERT INTO users (email, name) VALUES ($1 || '@demo.local', $1) RETURNING id", name
    )
    await database.execute(
        "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', 1000)", user_id
    )
    return user_id


async def test_a_row_is_a_whole_receipt_without_the_providers_price(world: World) -> None:
    await world.charge("r1", TokenCounts(100, 40, 50, 10))
    page = await world.get()
    assert page == {
        "data": [
            {
                "request_id": "r1",
                "occurred_at": "2026-10-20T15:00:00Z",
                "route": "/v1/chat/completions",
                "model_asked": "gpt-4",
                "model_answered": "gpt-4-0613",
                "input_tokens": 100,
                "cached_input_tokens": 40,
                "output_tokens": 50,
                "reasoning_tokens": 10,
                "tokens_charged": 150,
                "allowance_part": 150,
                "credits_part": 0,
                "overage": 0,
                "tokens_remaining": 850,
                "ending": "complete",
                "estimated": False,
                "first_byte_ms": 120,
                "duration_ms": 900,
                "client": "LibreChat",
                "conversation_id": "c1",
                "trace_id": "t1",
            }
        ],
        "next_cursor": None,
    }
    for role, cost_usd in (("operator", 0.0125), ("support", None)):
        staff = await world.ask(f"/admin/users/{world.joana}/usage", uuid4(), role)
        assert staff.json()["data"] == [{**page["data"][0], "cost_usd": cost_usd}], role


async def test_the_receipt_shows_how_the_price_came_about(world: World) -> None:
    await world.ledger.grant(GrantCreate(world.joana, 5000, TransactionType.BONUS, "g"))
    await world.charge("before", TokenCounts(input=900))
    await world.charge("pedidos/2026 nº1", TokenCounts(1000, 400, 301, 100), WEIGHED)
    answer = await world.ask("/api/tokens/history/pedidos/2026 nº1")
    receipt = answer.json()
    assert answer.status == 200
    # 600×1 + 400×0,1 + 201×3 + 100×2,5 = 1493; × 0,376 = 561,368; rounded up 562; 100 were left of the allowance.
    assert receipt["arithmetic"] == {
        "parts": [
            {"kind": "input", "tokens": 600, "weight": 1.0, "weighted": 600.0},
            {"kind": "cached_input", "tokens": 400, "weight": 0.1, "weighted": 40.0},
            {"kind": "output", "tokens": 201, "weight": 3.0, "weighted": 603.0},
            {"kind": "reasoning", "tokens": 100, "weight": 2.5, "weighted": 250.0},
        ],
        "weighted_sum": 1493.0,
        "conversion_factor": 0.376,
        "before_rounding": 561.368,
        "tokens_charged": 562,
        "allowance_part": 100,
        "credits_part": 462,
        "overage": 0,
    }
    assert "cost_usd" not in receipt
    staff = await world.ask(f"/admin/users/{world.joana}/usage/before", uuid4(), "operator")
    assert staff.json()["cost_usd"] == 0.0125


async def test_another_users_request_is_not_found(world: World) -> None:
    await world.charge("pedros", TokenCounts(input=7), user_id=world.pedro)
    for request_id in ("pedros", "unknown", "a%00b"):
        answer = await world.ask(f"/api/tokens/history/{request_id}")
        assert (answer.status, answer.json()["error"]["code"]) == (404, "request_not_found")
    assert (await world.get())["data"] == []
    assert (await world.ask(f"/admin/users/{world.joana}/usage/pedros", uuid4(), "admin")).status == 404
    assert [row["request_id"] for row in (await world.get("", world.pedro))["data"]] == ["pedros"]
    for url in ("/api/tokens/history", "/api/tokens/history/pedros"):
        assert (await world.client.get(url)).status == 401


async def test_two_users_may_use_the_same_request_id(world: World) -> None:
    await world.charge("same", TokenCounts(input=3))
    await world.charge("same", TokenCounts(input=8), user_id=world.pedro)
    assert (await world.ask("/api/tokens/history/same")).json()["tokens_charged"] == 3
    assert (await world.ask("/api/tokens/history/same", world.pedro)).json()["tokens_charged"] == 8


async def test_pages_lose_and_repeat_nothing_while_new_requests_come(world: World) -> None:
    for number in range(23):
        # Some share one instant, so that only the id orders them.
        world.now = NOON + timedelta(seconds=number // 6)
        await world.charge(f"r{number}", TokenCounts(input=1))
    seen: list[dict[str, Any]] = []
    query = "?limit=4"
    for _ in range(6):
        page = await world.get(query)
        seen += page["data"]
        query = f"?limit=4&cursor={page['next_cursor']}"
        world.now += timedelta(seconds=60)
        await world.charge(f"later{len(seen)}", TokenCounts(input=1))
    assert page["next_cursor"] is None
    assert sorted(row["request_id"] for row in seen) == sorted(f"r{number}" for number in range(23))
    assert [row["occurred_at"] for row in seen] == sorted((row["occurred_at"] for row in seen), reverse=True)


async def test_filters_by_the_customers_days_and_by_model(world: World) -> None:
    for request_id, at, call in (
        ("late on the 19th", datetime(2026, 10, 20, 2, 59, 59, tzinfo=UTC), PLAIN),
        ("first of the 20th", datetime(2026, 10, 20, 3, 0, tzinfo=UTC), WEIGHED),
        ("last of the 20th", datetime(2026, 10, 21, 2, 59, 59, tzinfo=UTC), PLAIN),
        ("the 21st", datetime(2026, 10, 21, 3, 0, tzinfo=UTC), PLAIN),
    ):
        world.now = at
        await world.charge(request_id, TokenCounts(input=10), call)

    async def ids(query: str) -> list[str]:
        return [row["request_id"] for row in (await world.get(query))["data"]]

    assert await ids("?from=2026-10-20&to=2026-10-20") == ["last of the 20th", "first of the 20th"]
    assert await ids("?to=2026-10-19") == ["late on the 19th"]
    assert await ids("?from=2026-10-21") == ["the 21st"]
    assert await ids("?model=claude-3") == ["first of the 20th"]
    assert await ids("?model=claude") == []


async def test_sums_by_hour_day_and_model(world: World) -> None:
    for request_id, at, counts, call in (
        ("a", datetime(2026, 10, 20, 2, 10, tzinfo=UTC), TokenCounts(10, 0, 5), PLAIN),
        ("b", datetime(2026, 10, 20, 3, 10, tzinfo=UTC), TokenCounts(20, 0, 6), PLAIN),
        ("c", datetime(2026, 10, 20, 3, 59, tzinfo=UTC), TokenCounts(100, 0, 0), WEIGHED),
    ):
        world.now = at
        await world.charge(request_id, counts, call)

    def entry(key: str, *figures: int) -> dict[str, Any]:
        names = ("requests", "input_tokens", "output_tokens", "tokens_charged")
        return {"key": key, **dict(zip(names, figures, strict=True))}

    by_hour = await world.get("?group_by=hour")
    assert by_hour == {
        "group_by": "hour",
        "data": [entry("2026-10-20T03:00:00Z", 2, 120, 6, 64), entry("2026-10-20T02:00:00Z", 1, 10, 5, 15)],
        "truncated": False,
    }
    by_day = await world.get("?group_by=day")
    assert by_day["data"] == [entry("2026-10-20", 2, 120, 6, 64), entry("2026-10-19", 1, 10, 5, 15)]
    by_model = await world.get("?group_by=model&to=2026-10-20")
    assert by_model["data"] == [entry("gpt-4", 2, 30, 11, 41), entry("claude-3", 1, 100, 0, 38)]
    staff = await world.ask(f"/admin/users/{world.joana}/usage?group_by=model", uuid4(), "support")
    assert staff.json() == by_model
    for path in (f"/admin/users/{world.joana}/usage", "/api/tokens/history"):
        newest = (
            await world.ask(f"{path}?group_by=hour&limit=1", uuid4() if "admin" in path else None, "support")
        ).json()
        assert (newest["data"], newest["truncated"]) == (by_hour["data"][:1], True)
    assert (await world.get("?group_by=day&limit=2"))["truncated"] is False
    whole = await world.ask("/api/tokens/history?group_by=hour&limit=1&format=csv")
    assert len(whole.body.decode().split("\r\n")) == 4, "a download holds all of them"
    paged = await world.ask("/api/tokens/history?group_by=hour&cursor=abc")
    assert (paged.status, paged.json()["error"]["param"]) == (400, "cursor")


async def test_csv_opens_in_a_brazilian_spreadsheet(world: World) -> None:
    await world.charge("=cmd()", TokenCounts(1000, 0, 300), WEIGHED)
    answer = await world.ask("/api/tokens/history?limit=1", accept="text/csv")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert "extrato.csv" in answer.headers["content-disposition"]
    heading, row, end = answer.body.decode("utf-8-sig").split("\r\n")
    assert heading.startswith("Data e hora;Requisição;Rota;Modelo pedido;")
    assert row.startswith(
        "20/10/2026 12:00:00;'=cmd();/v1/chat/completions;claude-3;gpt-4-0613;1000;0;300;0;715;715;0;0;285;"
    )
    assert ";completo;não;120;900;" in row
    assert (end, "Custo" in heading) == ("", False)
    sums = await world.ask("/api/tokens/history?group_by=hour&format=csv")
    assert sums.body.decode("utf-8-sig").split("\r\n") == [
        "Hora;Requisições;Tokens de entrada;Tokens de saída;Tokens cobrados",
        "20/10/2026 12:00:00;1;1000;300;715",
        "",
    ]
    support = await world.ask(f"/admin/users/{world.joana}/usage?format=csv", uuid4(), "support")
    assert "Custo" not in support.body.decode("utf-8-sig"), "support sees no money"
    staff = await world.ask(f"/admin/users/{world.joana}/usage?format=csv", uuid4(), "operator")
    heading, row, _ = staff.body.decode("utf-8-sig").split("\r\n")
    assert heading.endswith(";Custo (US$)")
    assert row.endswith(";0,01250000")
    assert (await world.ask("/api/tokens/history?format=json", accept="text/csv")).json()["next_cursor"] is None


async def test_an_export_holds_every_row_up_to_its_limit_and_says_where_it_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_ROWS_PER_READ", 2)
    for number in range(7):
        await world.charge(f"r{number}", TokenCounts(input=1))

    async def lines() -> list[str]:
        answer = await world.ask("/api/tokens/history?format=csv")
        return answer.body.decode("utf-8-sig").split("\r\n")[1:-1]

    assert sorted(line.split(";")[1] for line in await lines()) == [f"r{number}" for number in range(7)]
    for module in (history, history_routes):
        monkeypatch.setattr(module, "MAX_EXPORTED_ROWS", 5)
    cut = await lines()
    assert len(cut) == 6
    assert cut[-1] == "Exportação limitada a 5 linhas. Reduza o período para obter as demais."
    for module in (history, history_routes):
        monkeypatch.setattr(module, "MAX_EXPORTED_ROWS", 7)
    assert len(await lines()) == 7


async def test_wrong_questions_are_refused_in_portuguese(world: World) -> None:
    for query, status, param in (
        ("from=2026-02-30", 422, "from"),
        ("from=2026-02-02&to=2026-02-01", 400, "to"),
        ("limit=0", 422, "limit"),
        ("limit=201", 422, "limit"),
        ("cursor=abc", 400, "cursor"),
        ("group_by=week", 422, "group_by"),
        ("format=xml", 422, "format"),
        ("model=a%00b", 400, "model"),
        ("user_id=1", 422, "user_id"),
    ):
        answer = await world.ask(f"/api/tokens/history?{query}")
        assert (answer.status, answer.json()["error"]["param"]) == (status, param), query


async def test_every_receipt_recomputes_to_what_was_charged(world: World) -> None:
    for number in range(1, 12):
        await world.charge(f"r{number}", TokenCounts(13 * number, 5 * number, 7 * number, 2 * number), WEIGHED)
    receipts = await UsageHistory(world.database, ZONE).page(HistoryFilter(world.joana), None, 50)
    assert len(receipts) == 11
    for receipt in receipts:
        assert receipt.recomputed == receipt.tokens_charged
        assert receipt.allowance_part + receipt.credits_part + receipt.overage == receipt.tokens_charged
        assert 0 <= receipt.tokens_charged - receipt.before_rounding < 1
