"""Weights of patterns and aliases, as the administration shows and sets them."""

from collections.abc import AsyncIterator

import pytest
from tests.integration.admin_room import AdminRoom, opened_admin

WEIGHTS = {"input": 1, "cached_input": 0.5, "output": 3, "reasoning": 3}


@pytest.fixture
async def admin(database_url: str, redis_url: str) -> AsyncIterator[AdminRoom]:
    async with opened_admin(database_url, redis_url) as room:
        yield room


async def test_a_pattern_gets_weights_and_its_members_and_aliases_show_them(admin: AdminRoom) -> None:
    await admin.database.execute(
        "INSERT INTO served_names (name, targets) VALUES ('herda/*', '{}'), ('apelido', '{herda/um}'), ('solto', '{outro}')"
    )
    await admin.database.execute(
        "INSERT INTO traffic_minutes (minute, process_id, model, requests, errors, proxy_ms_counts, litellm_ms_counts) "
        "VALUES (now(), gen_random_uuid(), 'herda/dois', 1, 0, '{}', '{}')"
    )
    before = {model["name"]: model for model in (await admin.ok("GET /admin/models"))["data"]}
    assert (before["herda/*"]["weights_from"], before["herda/*"]["updated_at"]) == ([], None)
    assert (before["apelido"]["alias_of"], before["apelido"]["weights_from"]) == (["herda/um"], [])
    body = {"weights": WEIGHTS, "output_limit_tokens": 2000, "active": False, "updated_at": None}
    returned = await admin.ok("PUT /admin/models/herda/*", body)
    assert (returned["name"], returned["weights"]["output"], returned["active"]) == ("herda/*", 3.0, False)
    after = {model["name"]: model for model in (await admin.ok("GET /admin/models"))["data"]}
    for name in ("herda/dois", "apelido"):
        model = after[name]
        assert (model["weights_from"], model["weights"]["output"]) == (["herda/*"], 3.0), name
        assert (model["active"], model["output_limit_tokens"], model["updated_at"]) == (False, 2000, None), name
        assert model["example"]["weighted_sum"] == 2400.0, name
    assert (after["solto"]["weights_from"], after["solto"]["weights"]["output"]) == ([], 1.0)
