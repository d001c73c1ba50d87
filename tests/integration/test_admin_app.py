"""The Admin Dashboard's application whole: who may call which route, and what its document says of it."""

import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import Mount
from tests.integration.asgi_client import Answer, AsgiClient

from solaris.apps.admin import build_admin
from solaris.auth.tokens import Tokens
from solaris.domain.roles import MONEY_READERS, MONEY_WRITERS, OWNERS, STAFF, USER_EDITORS, Role
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database
from solaris.platform.settings import load_settings

JWT_SECRET = "a secret of the tests, long enough"
SOMEBODY = "00000000-0000-4000-8000-000000000000"
# Routes for all callers, and routes of the caller's own session.
OPEN = {"GET /docs", "GET /docs/start.js", "GET /openapi.json", "GET /api/health", "GET /metrics"}
OPEN_BY_NATURE = {
    "POST /api/auth/login",
    "POST /api/auth/session",
    "GET /api/auth/session",
    "DELETE /api/auth/session",
}
OWN_SESSION = {
    "POST /api/auth/logout",
    "POST /api/auth/refresh",
    "POST /api/auth/password",
    "GET /api/auth/me",
    "POST /api/auth/session/end-others",
    "POST /api/auth/session/password",
}
ROLES = {
    "GET /admin/dashboard": MONEY_READERS,
    "GET /admin/stream": STAFF,
    "GET /admin/usage/stats": MONEY_READERS,
    "GET /admin/users": STAFF,
    "GET /admin/users/{id}": STAFF,
    "GET /admin/users/{id}/usage": STAFF,
    "GET /admin/users/{id}/usage/{request_id}": STAFF,
    "POST /admin/users/{id}/credits": MONEY_WRITERS,
    "POST /admin/users": MONEY_WRITERS,
    "PATCH /admin/users/{id}": USER_EDITORS,
    "PUT /admin/users/{id}/role": OWNERS,
    "POST /admin/users/{id}/password": MONEY_WRITERS,
    "POST /admin/users/{id}/suspend": USER_EDITORS,
    "POST /admin/users/{id}/reactivate": USER_EDITORS,
    "POST /admin/users/{id}/anonymise": MONEY_WRITERS,
    "PUT /admin/users/{id}/plan": MONEY_WRITERS,
    "PUT /admin/users/{id}/limit": MONEY_WRITERS,
    "POST /admin/users/{id}/reset": MONEY_WRITERS,
    "GET /admin/staff": MONEY_READERS,
    "GET /admin/front-end-keys": MONEY_READERS,
    "POST /admin/front-end-keys": MONEY_WRITERS,
    "PATCH /admin/front-end-keys/{id}": MONEY_WRITERS,
    "POST /admin/front-end-keys/{id}/rotate": MONEY_WRITERS,
    "DELETE /admin/front-end-keys/{id}": MONEY_WRITERS,
    "GET /admin/audit-log": MONEY_READERS,
    "GET /admin/usage/heatmap": MONEY_READERS,
    "GET /admin/users/{id}/daily": STAFF,
    "GET /admin/users/{id}/alerts": STAFF,
    "GET /admin/finance": MONEY_READERS,
    "GET /admin/exports/users": MONEY_READERS,
    "GET /admin/users/{id}/export": MONEY_WRITERS,
    "GET /admin/credits/transactions": MONEY_READERS,
    "GET /admin/credit-requests": STAFF,
    "GET /admin/credit-requests/{ticket_number}": STAFF,
    "POST /admin/credit-requests/{ticket_number}/approve": MONEY_WRITERS,
    "POST /admin/credit-requests/{ticket_number}/reject": MONEY_WRITERS,
    "GET /admin/pending-grants": MONEY_READERS,
    "GET /admin/pending-grants/{id}": MONEY_READERS,
    "POST /admin/pending-grants/{id}/approve": MONEY_WRITERS,
    "POST /admin/pending-grants/{id}/reject": MONEY_WRITERS,
    "POST /admin/pending-grants/{id}/cancel": MONEY_WRITERS,
    "GET /admin/settings/approvals": MONEY_READERS,
    "PUT /admin/settings/approvals": OWNERS,
    "GET /admin/models": MONEY_READERS,
    "POST /admin/models/calculation": MONEY_READERS,
    "PUT /admin/models/{name}": MONEY_WRITERS,
    "GET /admin/plans": MONEY_READERS,
    "POST /admin/plans": MONEY_WRITERS,
    "PATCH /admin/plans/{plan_type}": MONEY_WRITERS,
    "GET /admin/packages": MONEY_READERS,
    "POST /admin/packages": MONEY_WRITERS,
    "PATCH /admin/packages/{id}": MONEY_WRITERS,
}


@dataclass
class Admin:
    """The application on its database, with one user of each role."""

    app: FastAPI
    client: AsgiClient
    tokens: dict[Role, str]

    async def call(self, route: str, role: Role | None) -> Answer:
        method, path = route.split(" ", 1)
        url = path.replace("{id}", SOMEBODY).replace("{ticket_number}", "SOL-2026-999999").replace(":path", "")
        for name in ("{request_id}", "{name}", "{plan_type}"):
            url = url.replace(name, "none")
        headers = {} if role is None else {"authorization": f"Bearer {self.tokens[role]}"}
        return await self.client.request(method, url, headers=headers)

    def routes(self) -> Iterator[tuple[str, RouteContext]]:
        for context in iter_route_contexts(self.app.routes):
            if isinstance(context.original_route, Mount):
                assert context.original_route.path == "/docs/assets"
                continue
            if context.endpoint.__module__ == "solaris.platform.http.static_files":
                continue  # the built pages are public and contain no data
            for method in sorted((context.methods or set()) - {"HEAD", "OPTIONS"}):
                yield f"{method} {context.path}".replace(":path}", "}"), context


@pytest.fixture
async def admin(database_url: str) -> AsyncIterator[Admin]:
    settings = load_settings(
        _env_file=None,
        database_url=database_url,
        redis_url=None,
        jwt_secret=JWT_SECRET,
        litellm_url="http://127.0.0.1:9",
    )
    app = build_admin(settings, log=build_log("admin", level="error", form="json", stream=io.StringIO()))
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    made = Tokens(JWT_SECRET, lifetime_seconds=600)
    tokens = {role: made.issue(await _user(database, role), role).text for role in Role}
    async with app.router.lifespan_context(app):
        yield Admin(app, AsgiClient(app), tokens)
    await database.close()


async def _user(database: Database, role: Role) -> UUID:
    user_id: UUID = await database.fetchval(
        "INSERT INTO users (email, name, role) VALUES ($1 || '@demo.local', $1, $1) RETURNING id", role.value
    )
    return user_id


async def test_every_route_is_known_and_the_known_ones_are_there(admin: Admin) -> None:
    found = {route for route, _ in admin.routes()}
    assert found == OPEN | OPEN_BY_NATURE | OWN_SESSION | set(ROLES)


async def test_without_a_credential_only_the_open_routes_answer(admin: Admin) -> None:
    for route in OWN_SESSION | set(ROLES):
        assert (await admin.call(route, None)).status == 401, route
    for route in OPEN:
        # LiteLLM and Redis are away in this test: health is degraded, which is no refusal.
        assert (await admin.call(route, None)).status == 200, route


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_opens_its_own_routes_and_no_others(admin: Admin, role: Role) -> None:
    for route, allowed in ROLES.items():
        status = (await admin.call(route, role)).status
        if role in allowed:
            # Nobody and nothing was named in these calls: 400, 404 and 422 come after the role was found right.
            assert status in (200, 400, 404, 422), (route, status)
        else:
            assert status == 403, (route, status)


async def test_the_dashboard_holds_exactly_the_twelve_metrics_and_what_stands_beside_them(admin: Admin) -> None:
    body = (await admin.call("GET /admin/dashboard", Role.OPERATOR)).json()
    metrics = (
        "total_users active_users_today new_users_today tokens_consumed_today tokens_remaining_total average_tokens_per_user "
        "revenue_today revenue_month credits_purchased_today proxy_response_time litellm_response_time error_rate"
    )
    beside = {"previous", "services", "top_consumers", "generated_at", "timezone"}
    assert set(body) == set(metrics.split()) | beside
    assert body["total_users"] == body["new_users_today"] == len(Role)
    assert body["services"]["database"]["status"] == "ok"
    assert body["services"]["litellm"]["status"] == "down"


async def test_the_document_has_errors_trace_id_and_credential_of_every_route(admin: Admin) -> None:
    document = (await admin.call("GET /openapi.json", None)).json()
    assert "bearer" in document["components"]["securitySchemes"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            route = f"{method.upper()} {path}"
            assert operation["summary"], route
            assert operation.get("description") or not path.startswith("/admin"), route
            assert {"4XX", "5XX"} <= set(operation["responses"]), route
            for status, response in operation["responses"].items():
                assert "X-Trace-Id" in response["headers"], (route, status)
            assert ("security" in operation) is (route not in OPEN | OPEN_BY_NATURE), route


async def test_the_documentation_page_loads_nothing_from_other_servers(admin: Admin) -> None:
    page = await admin.call("GET /docs", None)
    assert "//" not in page.body.decode().replace("<!doctype html>", "")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert (await admin.client.get(f"/docs/assets/{asset}")).status == 200
