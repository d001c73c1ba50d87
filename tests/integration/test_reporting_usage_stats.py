"""Usage statistics over known data in a real database: buckets, splits, filters, exact figures, CSV and refusals."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from starlette.datastructures import Headers
from tests.integration.asgi_client import Answer, AsgiClient

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal, Via
from solaris.domain.errors import NotAuthenticated
from solaris.domain.roles import Role
from solaris.domain.tokens import TokenCounts
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Ending, GrantCreate, HoldCreate, TransactionType, Usage
from solaris.platform.http.app import RequestMiddleware, create_app
from solaris.platform.logs import build_log
from solaris.platform.metrics import Metrics
from solaris.platform.postgres import Database
from solaris.reporting import usage_stats_routes
from solaris.reporting.traffic import TrafficRecorder
from solaris.reporting.usage_stats import UsageStatistics

ZONE = ZoneInfo("America/Sao_Paulo")
RANGE = "from=2026-03-01&to=2026-03-03"


class NamedCallers:
    """Believes the test's own header, which holds a role."""

    async def identify(self, headers: Headers) -> Principal:
        role = headers.get("x-test-role")
        if role is None:
            raise NotAuthenticated("Entre na sua conta.")
        return Principal(uuid4(), Role(role), True, Via.JWT, "test")


@dataclass
class Company:
    """A database, a ledger whose clock is `at`, and the route."""

    database: Database
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.log = build_log("test", level="warn", form="json", stream=io.StringIO())
        self.ledger = Ledger(self.database, zone=ZONE, buy_url="", clock=lambda: self.at)

        @asynccontextmanager
        async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
            yield

        app = create_app(title="test", description="", version="0", lifespan=lifespan)
        statistics = UsageStatistics(self.database, zone=ZONE)
        app.include_router(usage_stats_routes.routes(statistics, Caller(NamedCallers())))
        frame = RequestMiddleware(app, log=self.log, metrics=Metrics("test"), body_limit_bytes=1000)
        self.client = AsgiClient(frame, {"x-test-role": "operator"})

    async def user(self, name: str, plan_type: str) -> UUID:
        user_id: UUID = await self.database.fetchval(
            "INSERT INTO users (email, name) VALUES ($1 || '@demo.local', $1) RETURNING id", name
        )
        await self.database.execute(
            "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, $2, 250000)", user_id, plan_type
        )
        return user_id

    async def charge(self, user_id: UUID, at: str, *, model: str = "gpt-4", ms: int = 100, **more: Any) -> None:
        """Ten tokens in and `output` (5) out, at a local time."""
        self.at = datetime.fromisoformat(at).replace(tzinfo=ZONE)
        counts = TokenCounts(input=10, output=more.pop("output", 5))
        cost = more.pop("cost", None)
        order = HoldCreate(user_id, uuid4().hex, "f", 1, 100, 10, Call("/v1/chat/completions", model, **more))
        usage = Usage(counts, Ending.COMPLETE, False, None, None if cost is None else Decimal(cost), 50, ms)
        await self.ledger.consume(order, usage)

    async def stats(self, query: str) -> Any:
        answer = await self.client.get(f"/admin/usage/stats?{query}")
        assert answer.status == 200, answer.body
        return answer.json()

    async def answer(self, query: str, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.get(f"/admin/usage/stats?{query}", named)


@pytest.fixture
async def company(database_url: str) -> AsyncIterator[Company]:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    made = Company(database)
    yield made
    await made.ledger.close()
    await database.close()


@pytest.fixture
async def joana(company: Company) -> UUID:
    """Three requests on March 1st, none on the 2nd, one on the 3rd just before midnight."""
    joana = await company.user("joana", "basico")
    await company.charge(joana, "2026-03-01 00:00:00", ms=100, cost="0.01")
    await company.charge(joana, "2026-03-01 09:10:00", ms=200, cost="0.02")
    await company.charge(joana, "2026-03-01 09:50:00", ms=12345, model="claude-3")
    await company.charge(joana, "2026-03-03 23:59:59", ms=400)
    return joana


@pytest.fixture
async def rui(company: Company) -> UUID:
    """One dearer request on March 1st, with another plan."""
    rui = await company.user("rui", "empresarial")
    await company.charge(rui, "2026-03-01 12:00:00", output=90, ms=300)
    return rui


def pick(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


async def test_by_day_every_day_has_a_row(company: Company, joana: UUID, rui: UUID) -> None:
    body = await company.stats(RANGE)
    assert pick(
        body["data"], "bucket", "bucket_start", "requests", "input_tokens", "output_tokens", "tokens_charged"
    ) == [
        ("2026-03-01", "2026-03-01T03:00:00Z", 4, 40, 105, 145),
        ("2026-03-02", "2026-03-02T03:00:00Z", 0, 0, 0, 0),
        ("2026-03-03", "2026-03-03T03:00:00Z", 1, 10, 5, 15),
    ]
    percentiles = pick(body["data"], "p50_ms", "p95_ms", "p99_ms")
    assert percentiles[1] == (None,) * 3
    assert percentiles[0] == pytest.approx((200, 12345, 12345), rel=0.12)
    assert percentiles[2] == pytest.approx((400,) * 3, rel=0.12)
    assert pick(body["data"], "cost_usd", "revenue_brl", "error_rate", "key", "label")[0] == (0.03, 0, None, None, None)
    totals = body["totals"]
    assert (totals["requests"], totals["tokens_charged"], totals["cost_usd"]) == (5, 160, 0.03)
    assert (totals["p50_ms"], totals["p95_ms"]) == pytest.approx((300, 12345), rel=0.12)
    assert (body["from"], body["to"], body["timezone"]) == ("2026-03-01", "2026-03-03", "America/Sao_Paulo")


async def test_by_hour_week_and_month(company: Company, joana: UUID) -> None:
    hours = await company.stats("group_by=hour&from=2026-03-01&to=2026-03-01")
    assert len(hours["data"]) == 24
    used = [row for row in hours["data"] if row["requests"]]
    assert pick(used, "bucket", "requests") == [("2026-03-01T00:00:00-03:00", 1), ("2026-03-01T09:00:00-03:00", 2)]
    weeks = await company.stats(f"group_by=week&{RANGE}")
    # March 1st 2026 is a Sunday: it belongs to the week of Monday, February 23rd.
    assert pick(weeks["data"], "bucket", "requests") == [("2026-02-23", 3), ("2026-03-02", 1)]
    months = await company.stats("group_by=month&from=2026-02-10&to=2026-03-31")
    assert pick(months["data"], "bucket", "requests") == [("2026-02-01", 0), ("2026-03-01", 4)]


async def test_split_by_user_names_the_top_and_sums_the_others(company: Company, joana: UUID, rui: UUID) -> None:
    body = await company.stats(f"group_by=month&split_by=user&{RANGE}")
    assert pick(body["data"], "key", "label", "tokens_charged") == [(str(rui), "rui", 100), (str(joana), "joana", 60)]
    body = await company.stats(f"group_by=month&split_by=user&top=1&{RANGE}")
    assert pick(body["data"], "key", "label", "tokens_charged") == [
        (str(rui), "rui", 100),
        (None, "Outros usuários", 60),
    ]
    assert body["totals"]["tokens_charged"] == 160
    body = await company.stats(f"group_by=month&split_by=user&top=1&model=claude-3&{RANGE}")
    assert pick(body["data"], "label", "tokens_charged", "revenue_brl") == [("joana", 15, None)]


async def test_split_by_model_plan_and_front_end(company: Company, joana: UUID, rui: UUID) -> None:
    front_end: UUID = await company.database.fetchval(
        "INSERT INTO front_end_keys (name, prefix, key_hash, id_header, email_header, name_header)"
        " VALUES ('LibreChat', 'p', 'h', 'a', 'b', 'c') RETURNING id"
    )
    await company.charge(joana, "2026-03-03 10:00:00", front_end_key_id=front_end)
    models = await company.stats(f"group_by=month&split_by=model&{RANGE}")
    assert pick(models["data"], "key", "label", "requests") == [("gpt-4", "gpt-4", 5), ("claude-3", "claude-3", 1)]
    plans = await company.stats(f"group_by=month&split_by=plan&{RANGE}")
    assert pick(plans["data"], "key", "label", "requests") == [
        ("empresarial", "Empresarial", 1),
        ("basico", "Básico", 5),
    ]
    doors = await company.stats(f"group_by=month&split_by=front_end&{RANGE}")
    assert pick(doors["data"], "key", "label", "requests") == [
        (None, "Acesso direto", 5),
        ("LibreChat", "LibreChat", 1),
    ]


async def test_revenue_is_available_by_time_user_and_plan(company: Company, joana: UUID, rui: UUID) -> None:
    for user_id, at, amount in ((joana, "2026-03-01 10:00", "50.00"), (rui, "2026-03-02 23:59", "120.10")):
        company.at = datetime.fromisoformat(at).replace(tzinfo=ZONE)
        await company.ledger.grant(GrantCreate(user_id, 100, TransactionType.PURCHASE, uuid4().hex, Decimal(amount)))
    body = await company.stats(RANGE)
    assert pick(body["data"], "revenue_brl") == [(50,), (120.1,), (0,)]
    assert body["totals"]["revenue_brl"] == 170.1
    body = await company.stats(f"group_by=month&split_by=plan&{RANGE}")
    assert pick(body["data"], "key", "revenue_brl") == [("empresarial", 120.1), ("basico", 50)]
    body = await company.stats(f"group_by=month&split_by=user&top=1&{RANGE}")
    assert pick(body["data"], "key", "revenue_brl") == [(str(rui), 120.1), (None, 50)]
    body = await company.stats(f"user_id={rui}&{RANGE}")
    assert (body["totals"]["revenue_brl"], body["totals"]["requests"]) == (120.1, 1)
    for query in ("split_by=model", "split_by=front_end", "model=gpt-4"):
        body = await company.stats(f"{query}&{RANGE}")
        assert body["totals"]["revenue_brl"] is None


async def test_the_error_rate_comes_from_the_noted_calls(company: Company, joana: UUID) -> None:
    at = datetime(2026, 3, 2, 10, tzinfo=ZONE).timestamp()
    recorder = TrafficRecorder(company.database, company.log, clock=lambda: at)
    for model, error in (("gpt-4", False), ("gpt-4", False), ("gpt-4", True), ("claude-3", True)):
        recorder.note(model, "LibreChat", error=error, proxy_ms=1, litellm_ms=1)
    await recorder.write()
    body = await company.stats(RANGE)
    assert pick(body["data"], "error_rate") == [(None,), (0.5,), (None,)]
    assert body["totals"]["error_rate"] == 0.5
    body = await company.stats(f"group_by=month&split_by=model&{RANGE}")
    assert pick(body["data"], "key", "error_rate", "requests") == [("gpt-4", 0.3333, 3), ("claude-3", 1, 1)]
    body = await company.stats(f"split_by=front_end&{RANGE}")
    assert ("LibreChat", "2026-03-02", 0.5, 0) in pick(body["data"], "key", "bucket", "error_rate", "requests")
    assert (await company.stats(f"model=gpt-4&{RANGE}"))["totals"]["error_rate"] == 0.3333
    for query in ("split_by=user", "split_by=plan", f"user_id={joana}"):
        assert (await company.stats(f"{query}&{RANGE}"))["totals"]["error_rate"] is None


async def test_the_last_thirty_days_are_the_default(company: Company) -> None:
    body = await company.stats("")
    today = datetime.now(ZONE).date()
    assert (body["from"], body["to"]) == ((today - timedelta(days=29)).isoformat(), today.isoformat())
    assert len(body["data"]) == 30


async def test_csv_by_accept_and_by_format(company: Company, joana: UUID) -> None:
    by_accept = await company.answer(f"split_by=model&{RANGE}", accept="text/csv")
    by_format = await company.answer(f"split_by=model&{RANGE}&format=csv")
    assert by_accept.body == by_format.body
    assert by_accept.headers["content-type"] == "text/csv; charset=utf-8"
    assert "uso-2026-03-01-a-2026-03-03.csv" in by_accept.headers["content-disposition"]
    assert by_accept.body.decode("utf-8-sig").splitlines() == [
        "Início;Chave;Nome;Requisições;Tokens de entrada;Tokens de saída;Tokens cobrados;Custo (US$);Receita (R$);Taxa de erro;"
        "p50 (ms);p95 (ms);p99 (ms)",
        "01/03/2026;gpt-4;gpt-4;2;20;10;30;0,03000000;;;112;222;224",
        "01/03/2026;claude-3;claude-3;1;10;5;15;0;;;11904;12521;12575",
        "03/03/2026;gpt-4;gpt-4;1;10;5;15;0;;;422;445;447",
    ]


@pytest.mark.parametrize(
    ("query", "status", "param"),
    [
        ("from=2026-03-02&to=2026-03-01", 400, "from"),
        ("from=2025-01-01&to=2026-03-01", 400, "from"),
        ("group_by=hour&from=2026-01-01&to=2026-03-31", 400, "from"),
        ("from=9999-12-31&to=9999-12-31", 400, "from"),
        ("to=0001-01-01", 400, "from"),
        ("group_by=day&split_by=user&top=1000&from=2026-01-01&to=2026-12-31", 400, "top"),
        ("from=ontem", 422, "from"),
        ("group_by=year", 422, "group_by"),
        ("split_by=color", 422, "split_by"),
        ("user_id=1", 422, "user_id"),
        ("model=%00", 422, "model"),
        ("top=0", 422, "top"),
        ("format=xml", 422, "format"),
        ("surprise=1", 422, "surprise"),
    ],
)
async def test_wrong_questions_are_refused_with_the_field(
    company: Company, query: str, status: int, param: str
) -> None:
    answer = await company.answer(query)
    assert (answer.status, answer.json()["error"]["param"]) == (status, param)


@pytest.mark.parametrize(("role", "status"), [("user", 403), ("support", 403), ("admin", 200), ("super_admin", 200)])
async def test_only_staff_who_may_read_money_come_in(company: Company, role: str, status: int) -> None:
    assert (await company.answer("", x_test_role=role)).status == status
