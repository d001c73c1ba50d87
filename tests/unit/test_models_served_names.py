"""Reading the names that LiteLLM serves, also from servers without patterns and aliases."""

import io
from typing import Any, cast

import pytest

from solaris.domain.errors import ModelServiceUnavailable, StoreUnavailable
from solaris.models import served_names
from solaris.models.served_names import MODEL_INFO, ROUTER_SETTINGS, ServedNames
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database

ENTRIES = [{"id": "gpt-4"}, {"id": "openai/*"}]


class Server:
    """What stands for LiteLLM: a JSON object by path, or nothing."""

    def __init__(self, **served: Any) -> None:
        self.answers = {ROUTER_SETTINGS: served.get("router"), MODEL_INFO: served.get("info")}
        self.asked: list[str] = []
        self.is_away = False

    async def models(self) -> list[dict[str, Any]]:
        return ENTRIES

    async def json_at(self, path: str) -> dict[str, Any] | None:
        self.asked.append(path)
        if self.is_away:
            raise ModelServiceUnavailable("away")
        return cast(dict[str, Any] | None, self.answers[path])


class Table:
    """Our table of served names."""

    def __init__(self, **stored: list[str]) -> None:
        self.stored = stored
        self.kept: list[Any] = []
        self.is_away = False

    async def fetch(self, _query: str, *_values: Any) -> list[dict[str, Any]]:
        if self.is_away:
            raise StoreUnavailable("away")
        return [{"name": name, "targets": targets} for name, targets in self.stored.items()]

    async def execute(self, _query: str, *values: Any) -> None:
        if self.is_away:
            raise StoreUnavailable("away")
        self.kept.append(values)


def names_of(server: Server, table: Table) -> ServedNames:
    log = build_log("test", level="info", form="json", stream=io.StringIO())
    return ServedNames(server, cast(Database, table), log)


async def test_a_server_that_knows_none_of_litellms_routes_has_no_aliases() -> None:
    assert await names_of(Server(), Table()).aliases(ENTRIES) == {}


async def test_aliases_are_read_in_litellms_two_forms_and_from_our_own_copies() -> None:
    router = {
        "current_values": {
            "model_group_alias": {
                "plain": "gpt-4",
                "hidden": {"model": "gpt-4", "hidden": True},
                "itself": "itself",
                "odd": ["gpt-4"],
                "none": None,
                "": "gpt-4",
            }
        }
    }
    info = {
        "data": [
            {"model_name": "best", "model_info": {"solaris_alias_of": ["gpt-4", "llama"]}},
            {"model_name": "gpt-4", "model_info": {"id": "x"}},
            {"model_name": "wrong", "model_info": {"solaris_alias_of": "gpt-4"}},
            "odd",
        ]
    }
    table = Table()
    found = await names_of(Server(router=router, info=info), table).aliases(ENTRIES)
    assert found == {"plain": ("gpt-4",), "hidden": ("gpt-4",), "best": ("gpt-4", "llama")}
    ((names, _targets),) = table.kept
    assert set(names) == {"openai/*", "plain", "hidden", "best"}


@pytest.mark.parametrize("router", [{}, {"current_values": []}, {"current_values": {"model_group_alias": "gpt-4"}}])
async def test_odd_answers_hold_no_aliases(router: dict[str, Any]) -> None:
    assert await names_of(Server(router=router, info={"data": {}}), Table()).aliases(ENTRIES) == {}


async def test_litellm_is_asked_again_when_its_list_changes_or_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    names = names_of(server, Table())
    for _ in range(3):
        await names.aliases(ENTRIES)
    assert len(server.asked) == 2
    await names.aliases([*ENTRIES, {"id": "new"}])
    assert len(server.asked) == 4
    later = served_names.time.monotonic() + 301
    monkeypatch.setattr(served_names.time, "monotonic", lambda: later)
    await names.aliases([*ENTRIES, {"id": "new"}])
    assert len(server.asked) == 6


async def test_a_proxy_that_starts_without_litellm_uses_the_stored_names() -> None:
    server = Server()
    server.is_away = True
    assert await names_of(server, Table(gpt=["gpt-4"], pattern=[])).aliases(ENTRIES) == {"gpt": ("gpt-4",)}


async def test_nothing_is_written_where_nothing_changed_and_an_absent_store_stops_nothing() -> None:
    router = {"current_values": {"model_group_alias": {"gpt": "gpt-4"}}}
    table = Table(**{"gpt": ["gpt-4"], "openai/*": []})
    assert await names_of(Server(router=router), table).aliases(ENTRIES) == {"gpt": ("gpt-4",)}
    assert table.kept == []
    table.is_away = True
    assert await names_of(Server(router=router), table).aliases(ENTRIES) == {"gpt": ("gpt-4",)}
