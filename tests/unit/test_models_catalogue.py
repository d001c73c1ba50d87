"""When our table of models is read: once for each change, by one call for all, and never because of a call alone."""

import asyncio
import io
import time
from decimal import Decimal
from typing import Any, cast

import pytest

from solaris.domain.errors import StoreUnavailable
from solaris.models import catalogue as catalogue_module
from solaris.models.catalogue import Catalogue
from solaris.models.errors import ModelNotFound
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database


class Table:
    """Our table, which counts its readers and can be slow or away."""

    def __init__(self) -> None:
        self.weight = Decimal(1)
        self.active = True
        self.readings = 0
        self.is_away = False
        self.lets_go = asyncio.Event()
        self.lets_go.set()

    async def fetch(self, _query: str, *_values: Any) -> list[dict[str, Any]]:
        self.readings += 1
        if self.is_away:
            raise StoreUnavailable("away")
        weight = self.weight
        await self.lets_go.wait()
        row = {
            "name": "gpt-4",
            "input_weight": Decimal(1),
            "cached_input_weight": Decimal(1),
            "output_weight": weight,
            "reasoning_weight": Decimal(1),
            "output_limit_tokens": 100,
            "tokenizer": "o200k_base",
            "prompt_factor": Decimal(1),
            "active": self.active,
            "listed": True,
            "hidden_output_tokens": 0,
        }
        return [row]


async def served() -> list[dict[str, Any]]:
    return [{"id": "gpt-4"}]


def catalogue_of(table: Table) -> Catalogue:
    return Catalogue(served, cast(Database, table), build_log("test", level="info", form="json", stream=io.StringIO()))


async def weight(catalogue: Catalogue) -> Decimal:
    return (await catalogue.find("gpt-4")).weights.output


async def test_a_change_is_read_once_and_not_by_every_call_from_then_on() -> None:
    table = Table()
    catalogue = catalogue_of(table)
    assert await weight(catalogue) == 1
    assert table.readings == 1
    table.weight = Decimal(3)
    catalogue.forget_weights()
    assert [await weight(catalogue) for _ in range(5)] == [3] * 5
    assert table.readings == 2


async def test_a_model_that_is_switched_off_is_gone_with_the_next_call_and_comes_back() -> None:
    table = Table()
    catalogue = catalogue_of(table)
    await weight(catalogue)
    table.active = False
    catalogue.forget_weights()
    with pytest.raises(ModelNotFound):
        await catalogue.find("gpt-4")
    table.active = True
    catalogue.forget_weights()
    assert (await catalogue.find("gpt-4")).active


async def test_models_behind_a_wildcard_and_without_a_row_are_found_by_their_own_name() -> None:
    async def many() -> list[dict[str, Any]]:
        return [{"id": "openai/*"}, {"id": "llama3"}]

    log = build_log("test", level="info", form="json", stream=io.StringIO())
    catalogue = Catalogue(many, cast(Database, Table()), log)
    assert [entry["id"] for entry in await catalogue.listing()] == ["llama3"]
    for name in ("openai/gpt-5.1", "llama3", "openai/gpt-5.1", "llama3"):
        assert (await catalogue.find(name)).name == name


async def test_calls_that_come_together_share_one_reading() -> None:
    table = Table()
    catalogue = catalogue_of(table)
    await weight(catalogue)
    table.weight = Decimal(2)
    catalogue.forget_weights()
    assert set(await asyncio.gather(*(weight(catalogue) for _ in range(50)))) == {2}
    assert table.readings == 2


async def test_a_change_during_a_reading_is_read_too() -> None:
    table = Table()
    catalogue = catalogue_of(table)
    await weight(catalogue)
    catalogue.forget_weights()
    table.lets_go.clear()
    first = asyncio.create_task(weight(catalogue))
    await asyncio.sleep(0)
    table.weight = Decimal(5)
    catalogue.forget_weights()
    table.lets_go.set()
    await first
    assert await weight(catalogue) == 5
    assert table.readings == 3


async def test_while_the_table_is_away_what_was_known_goes_on_and_one_call_asks_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = Table()
    catalogue = catalogue_of(table)
    await weight(catalogue)
    table.is_away = True
    table.weight = Decimal(7)
    catalogue.forget_weights()
    assert set(await asyncio.gather(*(weight(catalogue) for _ in range(20)))) == {1}
    assert table.readings == 2
    table.is_away = False
    assert await weight(catalogue) == 1
    soon = time.monotonic() + 2.1
    monkeypatch.setattr(catalogue_module.time, "monotonic", lambda: soon)
    assert await weight(catalogue) == 7
    assert table.readings == 3
