"""The dashboard's figures and the gauges, over known data in a real database, asserted to the token and the centavo."""

import io
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry, generate_latest
from pydantic import JsonValue
from starlette.datastructures import Headers
from tests.integration.asgi_client import AsgiClient

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal, Via
from solaris.domain.errors import NotAuthenticated
from solaris.domain.roles import Role
from solaris.domain.tokens import TokenCounts
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Ending, GrantCreate, HoldCreate, TransactionType, Usage
from solaris.platform.http.app import RequestMiddleware, create_app
from solaris.platform.logs import Log, build_log
from solaris.platform.metrics import Metrics
from solaris.platform.postgres import Database
from solaris.reporting import dashboard_routes
from solaris.reporting.dashboard import Dashboard, DashboardFigures
from solaris.reporting.gauges import BusinessGauges
from solaris.reporting.traffic import RecentTraffic, TrafficRecorder
from solaris.reporting.usage_rollup import UsageRollup

ZONE = ZoneInfo("America/Sao_Paulo")
SERVICES: dict[str, JsonValue] = {"database": {"status": "ok"}, "litellm": {"status": "down"}}
METRICS = {
    "total_users", "active_users_today", "new_users_today", "tokens_consumed_today", "tokens_remaining_total",
    "average_tokens_per_user", "revenue_today", "revenue_month", "credits_purchased_today", "proxy_response_time",
    "litellm_response_time", "error_rate",
}  # fmt: skip


class NamedCallers:
    """Believes the test's own header, which holds a role."""

    async def identify(self, headers: Headers) -> Principal:
        role = headers.get("x-test-role")
        if role is None:
            raise NotAuthenticated("Entre na sua conta.")
        return Principal(uuid4(), Role(role), True, Via(headers.get("x-test-via", "jwt")), "test")


def today() -> date:
    return datetime.now(ZONE).date()


@dataclass
class Company:
    """A database with a ledger whose clock can be set; `at` None is the present."""

    database: Database
    log: Log
    at: datetime | None = None
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.database, zone=ZONE, buy_url="", clock=lambda: self.at or datetime.now(UTC))

    async def user(self, name: str, monthly_tokens: int, created_at: datetime | None = None) -> UUID:
        user_id: UUID = await self.database.fetchval(
            "INSERT INTO users (email, name, created_at) VALUES ($1 || '@demo.local', $1, $2) RETURNING id",
            name,
            created_at or datetime.now(UTC) - timedelta(days=90),
        )
        await self.database.execute(
            "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', $2)",
            user_id,
            monthly_tokens,
        )
        return user_id

    async def charge(self, user_id: UUID, tokens: int) -> None:
        call = Call("/v1/chat/completions", "gpt-4")
        order = HoldCreate(user_id, uuid4().hex, "f", tokens, tokens, tokens, call)
        await self.ledger.consume(order, Usage(TokenCounts(input=tokens), Ending.COMPLETE, False))

    async def grant(self, user_id: UUID, tokens: int, amount: str, kind: TransactionType) -> None:
        await self.ledger.grant(GrantCreate(user_id, tokens, kind, uuid4().hex, Decimal(amount)))

    def dashboard(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Dashboard:
        async def services() -> Mapping[str, JsonValue]:
            return SERVICES

        return Dashboard(self.database, services, timezone="America/Sao_Paulo", clock=clock)

    def client(self) -> AsgiClient:
        @asynccontextmanager
        async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
            yield

        app = create_app(title="test", description="", version="0", lifespan=lifespan)
        app.include_router(dashboard_routes.routes(self.dashboard(), Caller(NamedCallers())))
        return AsgiClient(RequestMiddleware(app, log=self.log, metrics=Metrics("test"), body_limit_bytes=1000))


@pytest.fixture
async def company(database_url: str) -> AsyncIterator[Company]:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    made = Company(database, build_log("test", level="warn", form="json", stream=io.StringIO()))
    yield made
    await made.ledger.close()
    await database.close()


async def test_an_empty_company_has_zeros_everywhere(company: Company) -> None:
    answer = await company.client().get("/admin/dashboard", {"x-test-role": "operator"})
    assert answer.status == 200
    body = answer.json()
    assert set(body) == METRICS | {"previous", "services", "top_consumers", "generated_at", "timezone"}
    assert set(body["previous"]) >= METRICS
    assert [body[name] for name in sorted(METRICS)] == [0] * 12
    assert body["services"] == SERVICES
    assert body["timezone"] == "America/Sao_Paulo"
    assert body["generated_at"].endswith("Z")


async def test_the_figures_of_a_known_day(company: Company) -> None:
    joana = await company.user("joana", 1000)
    rui = await company.user("rui", 2000)
    await company.user("nova", 500, datetime.now(UTC))
    await company.charge(joana, 300)
    await company.charge(joana, 101)
    await company.charge(rui, 100)
    await company.grant(joana, 5000, "50.00", TransactionType.PURCHASE)
    await company.grant(rui, 100, "0.00", TransactionType.BONUS)
    await company.grant(joana, -1000, "-10.50", TransactionType.REFUND)
    body = (await company.client().get("/admin/dashboard", {"x-test-role": "admin"})).json()
    assert (body["total_users"], body["active_users_today"], body["new_users_today"]) == (3, 2, 1)
    assert (body["tokens_consumed_today"], body["average_tokens_per_user"]) == (501, 251)
    # joana 1000 − 401 + 5000 − 1000, rui 2000 − 100 + 100, and nova, who has no wallet yet, 500.
    assert body["tokens_remaining_total"] == 4599 + 2000 + 500
    assert (body["revenue_today"], body["revenue_month"], body["credits_purchased_today"]) == (39.5, 39.5, 1)
    top = [(one["name"], one["tokens_consumed_today"], one["plan_type"]) for one in body["top_consumers"]]
    assert top == [("joana", 401, "basico"), ("rui", 100, "basico")]


async def test_the_past_counts_for_its_own_day_and_month(company: Company) -> None:
    yesterday = datetime.combine(today(), time.min, ZONE) - timedelta(seconds=1)
    joana = await company.user("joana", 1000)
    company.at = yesterday
    await company.charge(joana, 300)
    await company.grant(joana, 500, "5.00", TransactionType.PURCHASE)
    company.at = datetime.combine(today().replace(day=1), time.min, ZONE) - timedelta(days=1)
    await company.grant(joana, 700, "7.00", TransactionType.PURCHASE)
    figures = await company.dashboard().figures()
    assert (figures.active_users_today, figures.tokens_consumed_today, figures.credits_purchased_today) == (0, 0, 0)
    same_month = yesterday.date().month == today().month
    assert (figures.revenue_today, figures.revenue_month) == (0, 5 if same_month else 0)


async def test_the_figures_compare_with_yesterday_and_last_month_until_the_same_moment(company: Company) -> None:
    noon = datetime(2026, 3, 31, 12, 0, tzinfo=ZONE)
    joana = await company.user("joana", 100_000, noon - timedelta(days=90))
    rui = await company.user("rui", 100_000, noon - timedelta(days=1, minutes=5))
    await company.user("nova", 100_000, noon - timedelta(hours=23))
    for user_id, days, tokens in ((joana, 1, 300), (joana, 1, 101), (rui, 1, 100), (rui, 2, 1000)):
        company.at = noon - timedelta(days=days, minutes=1)
        await company.charge(user_id, tokens)
        company.at = noon - timedelta(days=1)
        await company.charge(user_id, 7)
    purchases = (("2026-02-01T00:00", "1.00"), ("2026-02-28T11:59", "20.00"), ("2026-02-28T12:00", "300.00"),
                 ("2026-03-30T11:59", "4000.00"), ("2026-03-30T12:00", "50000.00"))  # fmt: skip
    for at, amount in purchases:
        company.at = datetime.fromisoformat(at).replace(tzinfo=ZONE)
        await company.grant(joana, 10, amount, TransactionType.PURCHASE)
        await company.grant(joana, 10, "9.00", TransactionType.BONUS)
    recorder = TrafficRecorder(company.database, company.log, clock=(noon - timedelta(days=1)).timestamp)
    for error in (True, False, False, False):
        recorder.note("gpt-4", "", error=error, proxy_ms=45, litellm_ms=125)
    await recorder.write()
    now = [noon + timedelta(seconds=30)]
    dashboard = company.dashboard(lambda: now[0])
    previous = await dashboard.previous()
    assert (previous.until, previous.month_until) == (noon - timedelta(days=1), datetime(2026, 2, 28, 12, tzinfo=ZONE))
    assert (previous.total_users, previous.new_users_today) == (2, 1)
    assert (previous.active_users_today, previous.tokens_consumed_today) == (2, 501)
    assert previous.average_tokens_per_user == 251
    assert (previous.revenue_today, previous.revenue_month, previous.credits_purchased_today) == (4000, 21, 1)
    assert previous.traffic.error_rate == 0.25
    now[0] += timedelta(seconds=29)
    assert await dashboard.previous() is previous, "read once a minute"
    now[0] += timedelta(minutes=1)
    assert (await dashboard.previous()).tokens_consumed_today == 501 + 4 * 7
    await UsageRollup(company.database).advance()
    assert (await company.dashboard(lambda: now[0]).previous()).tokens_consumed_today == 501 + 4 * 7


async def test_a_past_period_counts_as_the_ledger_would_renew_it(company: Company) -> None:
    joana, rui, ana = [await company.user(name, 1000) for name in ("joana", "rui", "ana")]
    company.at = datetime.combine(today().replace(day=1), time.min, ZONE) - timedelta(days=1)
    await company.charge(joana, 900)
    await company.grant(joana, 50, "5.00", TransactionType.PURCHASE)
    # rui has an overage of 300: more was taken back than the credits left.
    await company.grant(rui, 300, "3.00", TransactionType.PURCHASE)
    await company.charge(rui, 1300)
    await company.grant(rui, -300, "-3.00", TransactionType.REFUND)
    await company.database.execute("UPDATE users SET active = false WHERE id = $1", ana)
    figures = await company.dashboard().figures()
    assert figures.tokens_remaining_total == 1050 + 700
    company.at = None
    wallets = [(await company.ledger.balance(user_id)).wallet.remaining for user_id in (joana, rui)]
    assert wallets == [1050, 700]
    assert (await company.dashboard().figures()).tokens_remaining_total == 1750


async def test_the_traffic_of_all_processes_is_in_the_figures(company: Company) -> None:
    for error in (False, True):
        recorder = TrafficRecorder(company.database, company.log)
        for _ in range(2):
            recorder.note("gpt-4", "", error=error, proxy_ms=45, litellm_ms=125)
        await recorder.write()
    body = (await company.client().get("/admin/dashboard", {"x-test-role": "super_admin"})).json()
    assert body["error_rate"] == 0.5
    assert 40 <= body["proxy_response_time"] <= 50
    assert 100 <= body["litellm_response_time"] <= 125


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"x-test-role": "user"}, 403),
        ({"x-test-role": "support"}, 403),
        ({"x-test-role": "admin", "x-test-via": "api_key"}, 403),
    ],
)
async def test_only_staff_who_may_read_money_come_in(company: Company, headers: dict[str, str], status: int) -> None:
    answer = await company.client().get("/admin/dashboard", headers)
    assert answer.status == status
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(("tokens", "users", "average"), [(0, 0, 0), (5, 2, 3), (4, 3, 1), (2_300_000, 892, 2578)])
def test_the_average_is_rounded(tokens: int, users: int, average: int) -> None:
    figures = DashboardFigures(1, users, 0, tokens, 0, Decimal(0), Decimal(0), 0, RecentTraffic(0, 0, 0.0, 0.0))
    assert figures.average_tokens_per_user == average


async def test_gauges_show_a_snapshot_and_never_ask_while_they_are_scraped(company: Company) -> None:
    registry, now = CollectorRegistry(), [1000.0]
    gauges = BusinessGauges(registry, company.dashboard(), company.log, clock=lambda: now[0])
    assert b"solaris_db_connections" not in generate_latest(registry)
    joana = await company.user("joana", 1000)
    await gauges.refresh()
    await company.charge(joana, 100)
    await company.grant(joana, 500, "5.50", TransactionType.PURCHASE)
    assert b"solaris_tokens_consumed_today 0.0" in generate_latest(registry)
    now[0] += 30
    await gauges.refresh()
    text = generate_latest(registry).decode()
    for line in (
        "solaris_total_users 1.0",
        "solaris_active_users_today 1.0",
        "solaris_new_users_today 0.0",
        "solaris_tokens_consumed_today 100.0",
        "solaris_tokens_remaining 1400.0",
        "solaris_average_tokens_per_user 100.0",
        "solaris_revenue_today_brl 5.5",
        "solaris_revenue_month_brl 5.5",
        "solaris_credits_purchased_today 1.0",
        "solaris_proxy_response_time_milliseconds 0.0",
        "solaris_litellm_response_time_milliseconds 0.0",
        "solaris_response_time_milliseconds 0.0",
        "solaris_error_rate_ratio 0.0",
        "solaris_tokens_per_minute 200.0",
    ):
        assert f"\n{line}\n" in text
    assert gauges.figures["solaris_db_connections"] >= 1


async def test_gauges_say_that_postgresql_is_away(company: Company) -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none", timezone="UTC", service="test", timeout_seconds=0.5)

    async def services() -> Mapping[str, JsonValue]:
        return {}

    registry = CollectorRegistry()
    await BusinessGauges(registry, Dashboard(away, services, timezone="UTC"), company.log).refresh()
    text = generate_latest(registry).decode()
    assert "\nsolaris_db_connections 0.0\n" in text
    assert "solaris_total_users" not in text


async def test_the_rate_starts_again_with_the_day_and_forgets_what_is_older_than_a_minute(company: Company) -> None:
    now = [0.0]
    gauges = BusinessGauges(CollectorRegistry(), company.dashboard(), company.log, clock=lambda: now[0])
    rates = []
    for total in (100, 200, 300, 400, 500, 500, 40, 140):
        rates.append(gauges._tokens_per_minute(total))
        now[0] += 30
    assert rates == [0, 200, 200, 200, 200, 100, 80, 140]
