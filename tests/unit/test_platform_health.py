"""What the log says of parts that go away and come back."""

import asyncio
import io

import orjson
import pytest

from solaris.platform.http import health
from solaris.platform.http.health import HealthChecks
from solaris.platform.logs import build_log


async def test_a_failure_and_a_recovery_are_each_logged_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health, "_FIRST_CHECK_SECONDS", 0.0)
    monkeypatch.setattr(health, "_CHECK_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(health, "CACHE_SECONDS", 0.0)
    problem: list[str | None] = ["answers 500"]

    async def probe() -> str | None:
        return problem[0]

    lines = io.StringIO()
    checks = HealthChecks("1", {"litellm": probe, "redis": None}, vital=frozenset())
    watching = asyncio.create_task(checks.watch(build_log("proxy", level="info", form="json", stream=lines)))
    await asyncio.sleep(0.1)
    problem[0] = None
    await asyncio.sleep(0.1)
    watching.cancel()

    told = [orjson.loads(line) for line in lines.getvalue().splitlines()]
    assert [(line["action"], line["details"]["part"]) for line in told] == [
        ("part_away", "litellm"),
        ("part_back", "litellm"),
    ]
    assert told[0]["details"]["cause"] == "answers 500"
    assert "LITELLM_URL" in told[0]["details"]["cure"]
