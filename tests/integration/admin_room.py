"""The Admin Dashboard's application on a real database, with one user of each role and a ledger."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from tests.integration.asgi_client import Answer, AsgiClient

from solaris.apps.admin import build_admin
from solaris.auth.tokens import Tokens
from solaris.domain.roles import Role
from solaris.domain.tokens import TokenCounts
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Ending, HoldCreate, Usage
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database
from solaris.platform.settings import load_settings

JWT_SECRET = "a secret of the tests, long enough"
REASON = "combinado com o cliente por telefone"


@dataclass
class AdminRoom:
    """The application, and who may call it."""

    app: FastAPI
    database: Database
    ledger: Ledger
    users: dict[Role, UUID]
    made: Tokens
    client: AsgiClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = AsgiClient(self.app)

    async def call(
        self, route: str, body: Any = None, *, role: Role = Role.ADMIN, key: str | None = None, who: UUID | None = None
    ) -> Answer:
        """One request, such as `GET /admin/staff`."""
        method, url = route.split(" ", 1)
        token = self.made.issue(who or self.users[role], role).text
        headers = {"authorization": f"Bearer {token}"} | ({} if key is None else {"Idempotency-Key": key})
        return await self.client.request(method, url, body, headers)

    async def ok(self, route: str, body: Any = None, **more: Any) -> Any:
        """The JSON of a request that succeeds."""
        answer = await self.call(route, body, **more)
        assert answer.status in (200, 201), (route, answer.status, answer.body)
        return answer.json()

    async def refused(self, route: str, body: Any = None, **more: Any) -> tuple[int, str]:
        """Status and code of a request that does not."""
        answer = await self.call(route, body, **more)
        return answer.status, answer.json()["error"]["code"]

    async def user(self, email: str = "joana@demo.local", tokens: int = 1000) -> UUID:
        """A user of the plan `basico` with their own limit."""
        return await add_user(self.database, email, Role.USER, tokens)

    async def use(self, user_id: UUID, tokens: int, model: str = "gpt-4") -> None:
        """Charge tokens."""
        order = HoldCreate(user_id, uuid4().hex, "f", tokens, tokens, tokens, Call("/v1/chat/completions", model))
        await self.ledger.consume(order, Usage(TokenCounts(input=tokens), Ending.COMPLETE, estimated=False))

    async def audited(self, entity_id: object) -> list[dict[str, Any]]:
        """The audit log of one thing, oldest first."""
        found = await self.ok(f"GET /admin/audit-log?entity_id={entity_id}")
        return list(reversed(found["data"]))


async def add_user(database: Database, email: str, role: Role, tokens: int = 250_000) -> UUID:
    """A user with a subscription."""
    user_id: UUID = await database.fetchval(
        "INSERT INTO users (email, name, role) VALUES ($1, initcap(split_part($1, '@', 1)), $2) RETURNING id",
        email,
        role.value,
    )
    await database.execute(
        "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', $2)", user_id, tokens
    )
    return user_id


@asynccontextmanager
async def opened_admin(database_url: str, redis_url: str | None = None) -> AsyncIterator[AdminRoom]:
    """The room; at the end the audit must be empty."""
    settings = load_settings(
        _env_file=None,
        database_url=database_url,
        redis_url=redis_url,
        jwt_secret=JWT_SECRET,
        litellm_url="http://127.0.0.1:9",
    )
    app = build_admin(settings, log=build_log("admin", level="error", form="json", stream=io.StringIO()))
    database = Database(database_url, timezone="America/Sao_Paulo", service="test", max_connections=5)
    ledger = Ledger(database, zone=settings.zone, buy_url="http://localhost/comprar")
    users = {
        role: await add_user(database, f"{role.value.replace('_', '')}@demo.local", role)
        for role in Role
        if role is not Role.USER
    }
    async with app.router.lifespan_context(app):
        yield AdminRoom(app, database, ledger, users, Tokens(JWT_SECRET, lifetime_seconds=600))
        assert await ledger.audit() == []
    await ledger.close()
    await database.close()
