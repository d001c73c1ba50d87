"""The rooms `auth` and `users` on a real database, as an application wires it; the clock can be moved."""

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from argon2 import PasswordHasher
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.datastructures import Headers
from starlette.types import Message

from solaris.auth import api_key_routes, routes
from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.caller import Caller
from solaris.auth.external_users import ExternalUsers
from solaris.auth.front_ends import FrontEnds
from solaris.auth.identify import Identifier
from solaris.auth.login_throttle import LoginThrottle, SourceLimit
from solaris.auth.new_account_limit import NewAccountInstruments, NewAccountLimit
from solaris.auth.passwords import Passwords
from solaris.auth.sign_in import SignIn
from solaris.auth.tokens import Tokens
from solaris.platform.http.app import create_app
from solaris.platform.logs import Log, build_log
from solaris.platform.postgres import Database
from solaris.platform.redis import RedisClient
from solaris.users.user_service import UserService

PASSWORD = "cavalo correto bateria"
SECRET = "a jwt secret of thirty-two bytes and some more"


@dataclass
class MovableClock:
    """The real time, moved by `offset`."""

    offset: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass
class Room:
    """Everything of the room. `second()` is another process on the same stores."""

    database: Database
    redis: RedisClient | None = None
    lifetime_seconds: float = 60.0
    clock: MovableClock = field(default_factory=MovableClock)
    new_accounts_per_day: int = 200

    def __post_init__(self) -> None:
        self.lines = io.StringIO()
        self.log: Log = build_log("test", level="warn", form="json", stream=self.lines)
        self.cache_invalidation = CacheInvalidation(self.redis, self.log)
        self.passwords = Passwords(hasher=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        self.tokens = Tokens(SECRET, lifetime_seconds=3600, clock=self.clock)
        self.users = UserService(self.database, self.passwords, self.cache_invalidation, default_plan="basico")
        self.api_keys = ApiKeys(self.database, self.cache_invalidation)
        self.front_ends = FrontEnds(self.database, self.cache_invalidation)
        self.registry = CollectorRegistry()
        new_accounts = NewAccountLimit(
            self.database, self.log, NewAccountInstruments(self.registry), per_day=self.new_accounts_per_day
        )
        self.external_users = ExternalUsers(self.database, self.log, new_accounts, default_plan="basico")
        self.identifier = Identifier(
            self.database,
            self.tokens,
            self.external_users,
            self.cache_invalidation,
            lifetime_seconds=self.lifetime_seconds,
        )
        self.login_throttle = LoginThrottle(self.database, SourceLimit(self.redis), self.log, clock=self.clock)
        self.sign_in = SignIn(
            self.database, self.users, self.passwords, self.tokens, self.cache_invalidation, self.login_throttle
        )

    def refusals(self) -> list[tuple[str, str, str | None]]:
        """Reason, source and user of each sign-in that was not admitted, from the log."""
        lines = [json.loads(line) for line in self.lines.getvalue().splitlines()]
        refused = [line for line in lines if line["action"] == "sign_in_refused"]
        return [(line["details"]["reason"], line["details"]["source"], line["user_id"]) for line in refused]

    def second(self) -> "Room":
        """Another process: own caches, same stores."""
        return Room(self.database, self.redis, self.lifetime_seconds, self.clock, self.new_accounts_per_day)

    def app(self, *, staff_only: bool = False) -> FastAPI:
        """The room's routes in a real application."""

        @asynccontextmanager
        async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
            yield

        app = create_app(title="accounts", description="", version="0", lifespan=lifespan)
        caller = Caller(self.identifier)
        app.include_router(routes.routes(self.sign_in, self.users, caller, staff_only=staff_only))
        app.include_router(api_key_routes.routes(self.api_keys, caller))
        return app


def bearer(credential: str, **more: str) -> Headers:
    """Request headers with this credential; underscores in names stand for hyphens."""
    return Headers(
        {"Authorization": f"Bearer {credential}", **{name.replace("_", "-"): text for name, text in more.items()}}
    )


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """A database, open."""
    database = Database(url, timezone="America/Sao_Paulo", service="test", max_connections=10)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@dataclass
class Answer:
    """What an application answered."""

    status_code: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)


class Browser:
    """Calls an application in this process, over ASGI, from the address `source`; keeps a token."""

    def __init__(self, app: FastAPI, *, source: str = "203.0.113.7") -> None:
        self._app = app
        self._source = source
        self.token: str | None = None

    async def get(self, path: str) -> Answer:
        """GET."""
        return await self._call("GET", path)

    async def delete(self, path: str) -> Answer:
        """DELETE."""
        return await self._call("DELETE", path)

    async def post(self, path: str, *, json: Any = None, content: bytes | None = None) -> Answer:
        """POST, with JSON or these bytes."""
        return await self._call("POST", path, orjson.dumps(json) if content is None else content)

    async def _call(self, method: str, path: str, body: bytes = b"") -> Answer:
        headers = [(b"content-type", b"application/json"), (b"host", b"test")]
        if self.token is not None:
            headers.append((b"authorization", f"Bearer {self.token}".encode()))
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": path, "raw_path": path.encode(),
            "query_string": b"", "root_path": "", "headers": headers, "client": (self._source, 1234), "server": ("test", 80),
        }  # fmt: skip
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        return Answer(
            sent[0]["status"], Headers(raw=list(sent[0]["headers"])), b"".join(m.get("body", b"") for m in sent[1:])
        )
