"""GET /api/tokens/current and POST /api/tokens/consume."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from tests.integration.gateway_room import GatewayRoom, User, running_gateway

from solaris.domain.periods import local_day
from solaris.ledger.records import GrantCreate, TransactionType
from solaris.local.simulator import ModelSimulator


@pytest.fixture(scope="module")
async def room(module_database_url: str, running_simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(module_database_url, running_simulator.url, token_conversion_factor="2") as running:
        yield running


async def _current(room: GatewayRoom, user: User) -> dict[str, Any]:
    response = await room.http.get(room.url + "/api/tokens/current", headers=user.headers)
    assert response.status == 200
    return await response.json()


async def _consume(room: GatewayRoom, user: User, **body: Any) -> aiohttp.ClientResponse:
    return await room.http.post(room.url + "/api/tokens/consume", json=body, headers=user.headers)


def _today() -> str:
    return local_day(datetime.now(UTC), ZoneInfo("America/Sao_Paulo")).isoformat()


async def test_a_fresh_user_sees_the_whole_allowance(room: GatewayRoom) -> None:
    user = await room.user(1_000)

    told = await _current(room, user)

    assert told["user_id"] == str(user.user_id)
    assert (told["plan"], told["monthly_tokens"]) == ("basico", 1_000)
    assert (told["tokens_used"], told["tokens_remaining"], told["usage_percent"]) == (0, 1_000, 0)
    assert told["allowance"] == {"granted": 1_000, "used": 0, "left": 1_000}
    assert (told["credits"], told["held"], told["overage"]) == (0, 0, 0)
    assert (told["state"], told["alert"], told["projected_run_out_date"]) == ("normal", None, None)
    assert told["renews_at"] == told["period"]["ends_at"] > told["period"]["starts_at"]
    assert told["renews_at"].endswith("Z")


async def test_use_and_alert_are_told(room: GatewayRoom) -> None:
    user = await room.user(1_000)
    await room.ledger.grant(GrantCreate(user.user_id, 500, TransactionType.BONUS, "bonus-1"))
    await _consume(room, user, tokens=1_250, request_id="a")

    told = await _current(room, user)

    assert (told["tokens_used"], told["tokens_remaining"]) == (1_250, 250)
    assert told["allowance"] == {"granted": 1_000, "used": 1_000, "left": 0}
    assert told["credits"] == 250
    assert told["usage_percent"] == 83.33
    assert (told["state"], told["alert"]) == ("alert_80", 80)


async def test_the_run_out_date_is_told_where_it_is_before_the_renewal(room: GatewayRoom) -> None:
    # One token left of a thousand million lasts some milliseconds at any pace: it runs out today on any day of the month.
    user = await room.user(1_000_000_000)
    await _consume(room, user, tokens=999_999_999, request_id="nearly-all")

    before = _today()
    told = await _current(room, user)

    assert told["tokens_remaining"] == 1
    assert told["projected_run_out_date"] in {before, _today()}


async def test_plain_tokens_are_charged_one_to_one_exactly_once(room: GatewayRoom) -> None:
    user = await room.user(1_000)

    first = await _consume(room, user, tokens=100, request_id="r1", model="gpt-4")
    again = await _consume(room, user, tokens=100, request_id="r1", model="gpt-4")
    other = await _consume(room, user, tokens=101, request_id="r1", model="gpt-4")

    assert (first.status, again.status, other.status) == (200, 200, 409)
    assert await first.read() == await again.read()
    assert "Idempotent-Replay" not in first.headers
    assert again.headers["Idempotent-Replay"] == "true"
    assert (await first.json())["tokens_charged"] == 100
    assert first.headers["X-Solaris-Tokens-Remaining"] == "900"
    assert (await _current(room, user))["tokens_used"] == 100
    (line,) = room.logged_of(user, "token_consumption")
    assert line["details"].keys() == {"tokens_consumed", "tokens_remaining", "model", "response_time"}


async def test_usage_is_charged_by_weights_and_factor(room: GatewayRoom) -> None:
    user = await room.user(10_000)
    usage = {"input_tokens": 10, "cached_input_tokens": 4, "output_tokens": 7, "reasoning_tokens": 2}
    answer = await (await _consume(room, user, usage=usage, request_id="u1", model="gpt-4")).json()
    assert answer["tokens_charged"] == 34
    assert answer["model"] == "gpt-4"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"tokens": 5},
        {"tokens": 0, "request_id": "x"},
        {"tokens": -5, "request_id": "x"},
        {"tokens": 1.5, "request_id": "x"},
        {"tokens": "5", "request_id": "x"},
        {"tokens": 10**12, "request_id": "x"},
        {"request_id": "x"},
        {"tokens": 5, "usage": {"input_tokens": 1}, "request_id": "x"},
        {"usage": {}, "request_id": "x"},
        {"usage": {"input_tokens": -1}, "request_id": "x"},
        {"usage": {"input_tokens": 1, "cached_input_tokens": 2}, "request_id": "x"},
        {"usage": {"output_tokens": 1, "reasoning_tokens": 2}, "request_id": "x"},
        {"tokens": 5, "request_id": ""},
        {"tokens": 5, "request_id": "com espaço"},
        {"tokens": 5, "request_id": "x" * 201},
        {"tokens": 5, "request_id": "x", "model": ""},
        {"tokens": 5, "request_id": "x", "amount": 1},
    ],
)
async def test_a_body_that_can_not_be_charged_is_refused_with_a_sentence(
    room: GatewayRoom, body: dict[str, Any]
) -> None:
    user = await room.user()

    response = await _consume(room, user, **body)

    error = (await response.json())["error"]
    assert response.status in (400, 422)
    assert error["message"].endswith((".", "token", "input_tokens", "output_tokens"))
    assert (await room.ledger.balance(user.user_id)).wallet.used == 0


async def test_what_is_not_affordable_is_a_402_and_costs_nothing(room: GatewayRoom) -> None:
    user = await room.user(100)
    response = await _consume(room, user, tokens=101, request_id="x")
    assert response.status == 402
    assert response.headers["X-Solaris-Tokens-Remaining"] == "100"
    assert response.headers["X-Solaris-State"] == "blocked"
    (line,) = room.logged_of(user, "consumption_refused")
    assert line["details"]["code"] == "monthly_quota_exceeded"
    assert line["details"]["tokens_remaining"] == 100
    assert (await _current(room, user))["tokens_used"] == 0
