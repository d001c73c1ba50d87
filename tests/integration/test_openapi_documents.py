"""Whatever the OpenAPI documents admit, and whatever they do not: no answer is a 5xx, and every refusal has our shape.

`SOLARIS_FUZZ_EXAMPLES` (default 15) says how many questions each operation is asked; unless it is set, the same in every run.
"""

import asyncio
import io
import os
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import jwt
import orjson
import pytest
import requests
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from tests.integration.gateway_room import GatewayRoom, running_gateway
from tests.integration.upstream_bill import Compared, compared

from solaris.apps.admin import build_admin
from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.tokens import Tokens
from solaris.domain.roles import Role
from solaris.local.simulator import ModelSimulator
from solaris.platform.http.server import server_config
from solaris.platform.http.server_protocol import ConnectionLimits
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database
from solaris.platform.settings import load_settings

JWT_SECRET = "a secret of the tests, thirty-two bytes long"
EXAMPLES = int(os.environ.get("SOLARIS_FUZZ_EXAMPLES", "15"))
PATIENCE_SECONDS = 10
# What is sent there is the model's to judge.
MODEL_PATHS = ("/v1/", "/chat/", "/completions", "/responses", "/messages", "/embeddings")
ERROR_KEYS = {"message", "type", "code", "param", "trace_id"}


@dataclass
class Callers:
    """One user of each role, with a new session per call: ending one does not affect the next."""

    ids: dict[Role, UUID]
    api_key: str
    tokens: Tokens = field(default_factory=lambda: Tokens(JWT_SECRET, lifetime_seconds=600))

    def credentials(self, who: str) -> dict[str, str]:
        if who == "anonymous":
            return {}
        if who == "api_key":
            return {"Authorization": f"Bearer {self.api_key}"}
        role = Role(who)
        return {"Authorization": f"Bearer {self.tokens.issue(self.ids[role], role).text}"}


async def callers_of(database: Database) -> Callers:
    await database.execute("UPDATE plans SET requests_per_minute = NULL, tokens_per_minute = NULL")
    ids = {}
    for role in Role:
        ids[role] = await database.fetchval(
            "INSERT INTO users (email, name, role) VALUES ($1 || '@demo.local', $1, $1) RETURNING id", role.value
        )
        await database.execute(
            "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', 250000)", ids[role]
        )
    key = await ApiKeys(database, CacheInvalidation()).create(ids[Role.USER], "teste")
    return Callers(ids, key.key)


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    server = uvicorn.Server(server_config(app, ConnectionLimits(), timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server._serve([listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving


class Interrogation:
    """Calls every operation of one document, as every kind of caller."""

    def __init__(self, url: str, users: Callers) -> None:
        self._url = url
        self._callers = users
        self._who = ["anonymous", "api_key", *(role.value for role in Role)]
        self._known_ids = [str(user_id) for user_id in users.ids.values()]
        self._http = requests.Session()
        self.faults: list[str] = []
        self.asked = 0
        self.refused = 0

    def run(self) -> None:
        """Every operation but those whose answer never ends."""
        document = self._http.get(f"{self._url}/openapi.json", timeout=PATIENCE_SECONDS).json()
        for result in schemathesis.openapi.from_dict(document).get_all_operations():
            operation = result.ok()
            answer = document["paths"][operation.path][operation.method.lower()]["responses"].get("200", {})
            if set(answer.get("content", {})) != {"text/event-stream"}:
                self._ask(operation)

    def _ask(self, operation: Any) -> None:
        questions = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize="SOLARIS_FUZZ_EXAMPLES" not in os.environ,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(question=questions, who=st.sampled_from(self._who), known_id=st.sampled_from([None, *self._known_ids]))
        def ask(question: Any, who: str, known_id: str | None) -> None:
            if known_id is not None and "id" in (question.path_parameters or {}):
                question.path_parameters["id"] = known_id
            self._look_at(question, who)

        ask()

    def _look_at(self, question: Any, who: str) -> None:
        self.asked += 1
        response = question.call(
            base_url=self._url, session=self._http, headers=self._callers.credentials(who), timeout=PATIENCE_SECONDS
        )
        problem = problem_of(response.status_code, response.headers, response.content)
        if response.status_code < 400 and holds_zero_byte(question) and not question.path.startswith(MODEL_PATHS):
            problem = "a zero byte was taken, which nothing can keep"
        self.refused += response.status_code >= 400
        if problem is not None:
            self.faults.append(
                f"{problem}: {who} {question.as_curl_command()} -> {response.status_code} {response.text[:300]}"
            )


def holds_zero_byte(question: Any) -> bool:
    """Whether what the question wants to be kept has a zero byte."""
    said = repr(question.body)
    return "\\x00" in said or "\\u0000" in said


def problem_of(status: int, headers: Any, body: bytes) -> str | None:
    """What is wrong with an answer; None where nothing is."""
    if status >= 500:
        return "a 5xx"
    if status < 400:
        return None
    try:
        error = orjson.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return "a refusal without our shape"
    if not isinstance(error, dict) or set(error) != ERROR_KEYS:
        return "a refusal with other fields"
    if not (isinstance(error["message"], str) and len(error["message"]) > 10 and error["message"].isprintable()):
        return "a refusal without a sentence"
    trace_ids = [value for name, value in headers.items() if name.lower() == "x-trace-id"]
    if error["trace_id"] not in str(trace_ids):
        return "a refusal whose trace id is not the header's"
    return None


async def test_one_code_has_one_status_and_odd_forms_of_values_are_refused(
    database_url: str, simulator: ModelSimulator
) -> None:
    async with running_gateway(database_url, simulator.url) as room:
        user = await room.user()
        for query in ("to=0", "from=20261101", "to=2026-11-01T00:00:00", "to=١٢٣٤-١٢-١٢"):
            async with room.http.get(f"{room.url}/api/tokens/history?{query}", headers=user.headers) as response:
                refusal = (await response.json())["error"]
                assert (response.status, refusal["code"]) == (422, "validation_error"), query
        async with room.http.get(f"{room.url}/api/tokens/history?from=2026-11-01", headers=user.headers) as response:
            assert response.status == 200
        async with room.http.post(f"{room.url}/v1/chat/completions", json={}, headers=user.headers) as response:
            assert (response.status, (await response.json())["error"]["code"]) == (400, "invalid_input")


async def test_head_answers_where_get_does_without_a_body(database_url: str, simulator: ModelSimulator) -> None:
    async with running_gateway(database_url, simulator.url) as room:
        for path in ("/", "/api/health", "/docs", "/openapi.json"):
            async with room.http.head(room.url + path) as response:
                assert (response.status, await response.read()) == (200, b""), path
        async with room.http.head(room.url + "/api/tokens/current") as response:
            assert response.status == 401


@pytest.mark.parametrize("token_id", ["\ud800", "\0", "a\nb", "", 7, "x" * 101])
async def test_a_token_with_an_id_that_nothing_can_keep_is_refused(
    module_database_url: str, simulator: ModelSimulator, token_id: object
) -> None:
    async with running_gateway(module_database_url, simulator.url) as room:
        user = await room.user()
        now = int(time.time())
        claims = {"sub": str(user.user_id), "role": "user", "iat": now, "exp": now + 60, "jti": token_id}
        headers = {"Authorization": f"Bearer {jwt.encode(claims, JWT_SECRET, algorithm='HS256')}"}
        async with room.http.get(room.url + "/api/tokens/current", headers=headers) as response:
            assert response.status == 401


async def interrogated(url: str, database: Database) -> Interrogation:
    asking = Interrogation(url, await callers_of(database))
    await asyncio.to_thread(asking.run)
    return asking


async def test_the_proxy_answers_whatever_its_document_admits_and_refuses_the_rest_in_our_shape(
    database_url: str, redis_url: str, simulator: ModelSimulator
) -> None:
    async with running_gateway(database_url, simulator.url, redis_url=redis_url) as room:
        asking = await interrogated(room.url, room.database)
        assert not asking.faults, "\n".join(asking.faults[:20])
        assert asking.asked > asking.refused > 100
        assert room.logged("unhandled_error") == []
        judged = await beside_the_bill(room, simulator)
        assert not judged.wrong, "\n".join(judged.wrong)


async def beside_the_bill(room: GatewayRoom, simulator: ModelSimulator) -> Compared:
    """Every charge of a model call beside what the simulator bills for it."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await room.database.fetchval("SELECT count(*) FROM holds WHERE state = 'open'"):  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.05)
    events = await room.database.fetch("SELECT * FROM usage_events WHERE route LIKE '/v1/%'")
    failed = [line["trace_id"] for line in room.logged("http_request") if line["details"]["status"] >= 400]
    return compared([dict(event) for event in events], simulator.bill.calls, by="trace_id", failed=failed)


async def test_the_dashboard_answers_whatever_its_document_admits_and_refuses_the_rest_in_our_shape(
    database_url: str, redis_url: str
) -> None:
    lines = io.StringIO()
    loaded = load_settings(
        _env_file=None,
        database_url=database_url,
        redis_url=redis_url,
        jwt_secret=JWT_SECRET,
        litellm_url="http://127.0.0.1:9",
    )
    app = build_admin(loaded, log=build_log("admin", level="error", form="json", stream=lines))
    database = Database(database_url, timezone="America/Sao_Paulo", service="test", max_connections=2)
    async with served(app) as url:
        asking = await interrogated(url, database)
    await database.close()
    assert not asking.faults, "\n".join(asking.faults[:20])
    assert asking.asked > asking.refused > 100
    assert "unhandled_error" not in lines.getvalue()
