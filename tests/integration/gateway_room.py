"""The whole proxy on real sockets, in the test's own loop, with real stores and whatever stands for LiteLLM."""

import asyncio
import io
import json
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import aiohttp
import uvicorn
from fastapi import FastAPI

from solaris.apps.proxy import build_proxy
from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.gateway.upstream import UpstreamLimits
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Balance
from solaris.platform.http.server import server_config
from solaris.platform.http.server_protocol import ConnectionLimits
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database
from solaris.platform.settings import load_settings

CHAT = "/v1/chat/completions"
JWT_SECRET = "a secret of the tests, thirty-two bytes long"


@dataclass
class User:
    """A user of the test, and their key."""

    user_id: UUID
    key: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers that authenticate them."""
        return {"Authorization": f"Bearer {self.key}"}


@dataclass
class GatewayRoom:
    """A running proxy and its stores."""

    url: str
    database: Database
    ledger: Ledger
    http: aiohttp.ClientSession
    app: FastAPI
    server: uvicorn.Server
    log: io.StringIO

    async def user(self, tokens: int = 1_000_000) -> User:
        """A new user whose subscription gives `tokens` a month."""
        user_id = await self.database.fetchval(
            "INSERT INTO users (email) VALUES (gen_random_uuid() || '@exemplo.com.br') RETURNING id"
        )
        await self.database.execute(
            "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', $2)", user_id, tokens
        )
        created = await ApiKeys(self.database, CacheInvalidation()).create(user_id, "teste")
        return User(user_id, created.key)

    async def chat(
        self, user: User, /, text: str = "Olá", headers: dict[str, str] | None = None, **fields: Any
    ) -> aiohttp.ClientResponse:
        """One chat call, up to its head."""
        body = {"model": "gpt-4", "messages": [{"role": "user", "content": text}], **fields}
        return await self.http.post(self.url + CHAT, json=body, headers={**user.headers, **(headers or {})})

    async def settled(self, user: User) -> Balance:
        """The balance once nothing is held any more."""
        for _ in range(2_000):
            balance = await self.ledger.balance(user.user_id)
            if balance.wallet.held == 0:
                return balance
            await asyncio.sleep(0.01)
        raise AssertionError("a hold stays open")

    async def events(self, user: User) -> list[dict[str, Any]]:
        """The user's usage events, oldest first."""
        rows = await self.database.fetch(
            "SELECT * FROM usage_events WHERE user_id = $1 ORDER BY occurred_at, id", user.user_id
        )
        return [dict(row) for row in rows]

    async def only_event(self, user: User) -> dict[str, Any]:
        """The one event of a user, once nothing is held."""
        await self.settled(user)
        (event,) = await self.events(user)
        return event

    async def learns_no_hidden_output(self) -> None:
        """Keep estimates those of the text: a module that lasts longer than a minute would teach them its own calls."""
        await self.database.execute(
            "CREATE FUNCTION discard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
            "CREATE TRIGGER discard BEFORE INSERT ON hidden_output FOR EACH ROW EXECUTE FUNCTION discard()"
        )

    def logged(self, action: str) -> list[dict[str, Any]]:
        """The log lines of that action."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [line for line in lines if line["action"] == action]

    def logged_of(self, user: User, action: str) -> list[dict[str, Any]]:
        """Those of that user: the calls of an earlier test may still write theirs."""
        return [line for line in self.logged(action) if line.get("user_id") == str(user.user_id)]


async def _until_it_answers(http: aiohttp.ClientSession, port: int) -> None:
    # The socket listens already: the first answer comes when the application has started.
    async with http.get(f"http://127.0.0.1:{port}/metrics") as response:
        assert response.status == 200


@asynccontextmanager
async def running_gateway(
    database_url: str,
    litellm_url: str,
    *,
    limits: UpstreamLimits | None = None,
    connections: ConnectionLimits | None = None,
    **settings: Any,
) -> AsyncIterator[GatewayRoom]:
    """A proxy in front of `litellm_url`; at the end it must have settled everything, and the audit must be empty."""
    lines = io.StringIO()
    folder = tempfile.mkdtemp(prefix="solaris-state-")
    loaded = load_settings(
        _env_file=None,
        database_url=database_url,
        jwt_secret=JWT_SECRET,
        litellm_url=litellm_url,
        **{"litellm_api_key": "sk-test", "solaris_state_dir": folder, **settings},
    )
    app = build_proxy(loaded, log=build_log("proxy", level="debug", form="json", stream=lines), limits=limits)
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    config = server_config(app, connections or ConnectionLimits(), timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve([listener]))
    database = Database(database_url, timezone="America/Sao_Paulo", service="test", max_connections=4)
    ledger = Ledger(database, zone=loaded.zone, buy_url="http://localhost:3001/")
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    port = listener.getsockname()[1]
    try:
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=30)) as http:
            await _until_it_answers(http, port)
            yield GatewayRoom(f"http://127.0.0.1:{port}", database, ledger, http, app, server, lines)
            server.should_exit = True
            await serving
        assert await ledger.audit() == []
        assert await database.fetchval("SELECT count(*) FROM holds WHERE state = 'open'") == 0
    finally:
        server.should_exit = True
        await serving
        await ledger.close()
        await database.close()
        shutil.rmtree(folder, ignore_errors=True)
