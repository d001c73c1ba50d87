"""Thresholds are told until they are acknowledged, once per round; a grant and a renewal arm them again (SPEC 7)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.integration.gateway_room import GatewayRoom, User, running_gateway

from solaris.domain.tokens import TokenCounts
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Ending, GrantCreate, HoldCreate, TransactionType, Usage
from solaris.local.simulator import ModelSimulator

ZONE = ZoneInfo("America/Sao_Paulo")


@pytest.fixture(scope="module")
async def room(module_database_url: str, running_simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(module_database_url, running_simulator.url) as running:
        yield running


async def spend(room: GatewayRoom, user: User, tokens: int) -> str | None:
    """Charge `tokens`; returns the alert on the answer."""
    request_id = f"spend-{datetime.now(UTC).timestamp()}"
    body = {"tokens": tokens, "request_id": request_id}
    async with room.http.post(room.url + "/api/tokens/consume", json=body, headers=user.headers) as response:
        assert response.status == 200, await response.text()
        return response.headers.get("X-Solaris-Alert")


async def shown(room: GatewayRoom, user: User) -> int | None:
    async with room.http.get(room.url + "/api/tokens/current", headers=user.headers) as response:
        alert: int | None = (await response.json())["alert"]
        return alert


async def acknowledge(room: GatewayRoom, user: User, alert: Any) -> tuple[int, Any]:
    url = room.url + "/api/tokens/alerts/acknowledge"
    async with room.http.post(url, json={"alert": alert}, headers=user.headers) as response:
        return response.status, await response.json()


async def test_an_alert_is_shown_until_it_is_acknowledged_and_stands_on_one_answer_only(room: GatewayRoom) -> None:
    user = await room.user(1_000)
    assert await spend(room, user, 810) == "80"
    assert await spend(room, user, 1) is None
    assert [await shown(room, user), await shown(room, user)] == [80, 80]
    assert await acknowledge(room, user, 80) == (200, {"alert": None})
    assert await acknowledge(room, user, 80) == (200, {"alert": None})
    assert await shown(room, user) is None
    assert await spend(room, user, 1) is None
    assert await spend(room, user, 90) == "90"
    assert await shown(room, user) == 90


async def test_acknowledging_what_was_shown_never_hides_what_came_meanwhile(room: GatewayRoom) -> None:
    user = await room.user(1_000)
    await spend(room, user, 810)
    await spend(room, user, 100)
    assert await acknowledge(room, user, 80) == (200, {"alert": 90})
    assert await shown(room, user) == 90
    await spend(room, user, 90)
    assert await acknowledge(room, user, 100) == (200, {"alert": None})
    assert await shown(room, user) is None


async def test_one_acknowledges_ones_own_alerts_alone(room: GatewayRoom) -> None:
    ana, bia = await room.user(1_000), await room.user(1_000)
    await spend(room, ana, 850)
    await spend(room, bia, 850)
    assert await acknowledge(room, bia, 100) == (200, {"alert": None})
    assert await shown(room, ana) == 80
    async with room.http.post(room.url + "/api/tokens/alerts/acknowledge", json={"alert": 80}) as response:
        assert response.status == 401


@pytest.mark.parametrize("alert", [0, 101, "80", None, 79.5, True])
async def test_what_is_no_threshold_is_refused_with_a_sentence(room: GatewayRoom, alert: Any) -> None:
    user = await room.user(1_000)
    status, answer = await acknowledge(room, user, alert)
    assert status in (400, 422)
    assert answer["error"]["param"] == "alert"


async def test_a_grant_arms_the_alerts_again(room: GatewayRoom) -> None:
    user = await room.user(1_000)
    assert await spend(room, user, 850) == "80"
    await acknowledge(room, user, 80)
    await room.ledger.grant(GrantCreate(user.user_id, 1_000, TransactionType.BONUS, f"bonus-{user.user_id}"))
    assert await shown(room, user) is None
    assert await spend(room, user, 700) is None
    assert await spend(room, user, 100) == "80"
    assert await shown(room, user) == 80


async def test_an_alert_that_was_not_acknowledged_is_gone_when_a_grant_brings_the_user_below_it(
    room: GatewayRoom,
) -> None:
    user = await room.user(1_000)
    await spend(room, user, 850)
    await room.ledger.grant(GrantCreate(user.user_id, 1_000, TransactionType.BONUS, f"bonus-{user.user_id}"))
    assert await shown(room, user) is None


async def test_a_renewal_arms_the_alerts_again(room: GatewayRoom) -> None:
    user = await room.user(1_000)
    last_month = datetime.now(ZONE).replace(day=1, hour=12) - timedelta(days=2)
    past = Ledger(room.database, zone=ZONE, buy_url="", clock=lambda: last_month)
    order = HoldCreate(user.user_id, "past", "f", 850, 850, 850, Call("/api/tokens/consume", "direct"))
    charge = await past.consume(order, Usage(TokenCounts(input=850), Ending.COMPLETE, estimated=False))
    assert charge.crossed_percent == (80,)
    assert await shown(room, user) is None
    assert await spend(room, user, 850) == "80"
    assert await shown(room, user) == 80
    rows = await room.database.fetch("SELECT threshold_percent FROM usage_alerts WHERE user_id = $1", user.user_id)
    assert [row["threshold_percent"] for row in rows] == [80, 80]
    await past.close()
