"""Patterns and aliases in the catalogue: what can be called, and whose weights count."""

import io
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

import pytest

from solaris.models.catalogue import Catalogue
from solaris.models.errors import ModelNotFound
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database


class Table:
    """Our table of models: name, output weight, whether it is switched on, whether it is listed."""

    def __init__(self, *rows: tuple[str, int, bool, bool]) -> None:
        self.rows = rows

    async def fetch(self, _query: str, *_values: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "input_weight": Decimal(1),
                "cached_input_weight": Decimal(1),
                "output_weight": Decimal(weight),
                "reasoning_weight": Decimal(1),
                "output_limit_tokens": 100 * weight,
                "tokenizer": "o200k_base",
                "prompt_factor": Decimal(1) if listed else Decimal(2),
                "active": active,
                "listed": listed,
                "hidden_output_tokens": 0,
            }
            for name, weight, active, listed in self.rows
        ]


def catalogue_of(
    served: tuple[str, ...], *rows: tuple[str, int, bool, bool], aliases: Mapping[str, tuple[str, ...]] | None = None
) -> Catalogue:
    async def entries() -> list[dict[str, Any]]:
        return [{"id": name, "created": 1_700_000_000, "owned_by": "openai"} for name in served]

    async def aliases_of(_entries: list[dict[str, Any]]) -> Mapping[str, tuple[str, ...]]:
        return aliases or {}

    log = build_log("test", level="info", form="json", stream=io.StringIO())
    return Catalogue(entries, cast(Database, Table(*rows)), log, aliases_of)


async def weight(catalogue: Catalogue, name: str) -> int:
    return int((await catalogue.find(name)).weights.output)


async def test_names_that_litellm_does_not_list_are_labelled_by_the_nearest_pattern() -> None:
    catalogue = catalogue_of(
        ("*", "openai/*", "openai/gpt-4", "llama"), ("openai/o9", 3, True, True), aliases={"openai/alias": ("llama",)}
    )
    own = {name: (await catalogue.find(name)).label for name in ("openai/gpt-4", "llama", "openai/alias")}
    assert own == {"openai/gpt-4": "openai/gpt-4", "llama": "llama", "openai/alias": "openai/alias"}
    made_up = [(await catalogue.find(f"openai/{number}")).label for number in range(3_000)]
    assert set(made_up) == {"openai/*"}
    assert [(await catalogue.find(name)).label for name in ("openai/o9", "x")] == ["openai/*", "*"]


async def test_a_patterns_weight_holds_for_its_members_and_the_nearest_one_wins() -> None:
    catalogue = catalogue_of(
        ("openai/*", "openai/gpt-4"),
        ("openai/*", 2, True, True),
        ("openai/gpt-*", 3, True, True),
        ("openai/gpt-4", 5, True, True),
        ("*", 7, True, True),
        ("openai/o3", 1, True, False),
    )
    assert [await weight(catalogue, name) for name in ("openai/o1", "openai/gpt-5", "openai/gpt-4")] == [2, 3, 5]
    member = await catalogue.find("openai/o3")
    assert (member.weights.output, member.prompt_factor, member.listed) == (2, 2, False)
    assert (await catalogue.find("openai/o1")).output_limit_tokens == 200
    with pytest.raises(ModelNotFound):
        await catalogue.find("claude")  # our table's pattern weighs, and serves nothing


async def test_a_pattern_that_is_switched_off_takes_its_members_with_it_but_those_with_a_row_of_their_own() -> None:
    catalogue = catalogue_of(
        ("openai/*", "openai/gpt-4", "openai/gpt-5"), ("openai/*", 2, False, True), ("openai/gpt-4", 5, True, True)
    )
    for name in ("openai/o1", "openai/gpt-5"):
        with pytest.raises(ModelNotFound):
            await catalogue.find(name)
    assert await weight(catalogue, "openai/gpt-4") == 5
    assert [entry["id"] for entry in await catalogue.listing()] == ["openai/gpt-4"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("openai/a,openai/b", "um modelo por chamada"),
        ("openai/gpt-4,gpt-4", "um modelo por chamada"),
        ("openai/*", "é um padrão"),
        ("*", "é um padrão"),
        ("openai/" + "a" * 200, "200 caracteres"),
        ("openai/a\nb", "não está disponível"),
        ("openai/a b", "não está disponível"),
        ("openai/", "não está disponível"),
        ("openai/../v1/files", "não está disponível"),
    ],
)
@pytest.mark.parametrize("served", [("openai/*", "gpt-4"), ("*",)])
async def test_odd_names_are_refused_with_what_is_wrong(name: str, said: str, served: tuple[str, ...]) -> None:
    with pytest.raises(ModelNotFound) as refused:
        await catalogue_of(served).find(name)
    assert said in refused.value.message
    assert len(refused.value.message) < 400


async def test_a_name_that_the_server_lists_itself_is_callable_however_odd() -> None:
    catalogue = catalogue_of(("my model, tuned", "openai/*"))
    assert (await catalogue.find("my model, tuned")).name == "my model, tuned"


async def test_an_alias_takes_its_targets_weight_unless_it_has_its_own() -> None:
    aliases = {
        "gpt": ("gpt-4",),
        "hidden": ("gpt-4",),
        "own": ("gpt-4",),
        "wild": ("openai/o9",),
        "best": ("gpt-4", "llama"),
        "chain": ("gpt",),
        "nowhere": ("claude",),
    }
    catalogue = catalogue_of(
        ("gpt-4", "llama", "gpt", "own", "best", "openai/*"),
        ("gpt-4", 3, True, True),
        ("own", 4, True, True),
        ("openai/*", 2, True, True),
        aliases=aliases,
    )
    names = ("gpt", "hidden", "own", "wild", "best", "llama")
    assert [await weight(catalogue, name) for name in names] == [3, 3, 4, 2, 3, 1]
    assert (await catalogue.find("gpt")).listed
    assert not (await catalogue.find("best")).listed
    assert (await catalogue.weights_of("nowhere")).weights.output == 1
    for name in ("chain", "nowhere"):  # LiteLLM follows an alias once
        with pytest.raises(ModelNotFound):
            await catalogue.find(name)
    listed = [entry["id"] for entry in await catalogue.listing()]
    assert listed == ["gpt-4", "llama", "gpt", "own", "best"]


async def test_a_model_that_is_switched_off_can_not_be_called_by_its_aliases() -> None:
    catalogue = catalogue_of(
        ("gpt-4", "gpt", "own", "best", "llama"),
        ("gpt-4", 3, False, True),
        ("own", 4, True, True),
        aliases={"gpt": ("gpt-4",), "own": ("gpt-4",), "best": ("gpt-4", "llama")},
    )
    for name in ("gpt-4", "gpt", "own", "best"):
        with pytest.raises(ModelNotFound):
            await catalogue.find(name)
    assert [entry["id"] for entry in await catalogue.listing()] == ["llama"]


async def test_an_entry_has_both_apis_shapes_also_where_the_list_does_not_show_it() -> None:
    catalogue = catalogue_of(("gpt-4", "openai/*"))
    assert await catalogue.entry("gpt-4") == {
        "id": "gpt-4",
        "object": "model",
        "created": 1_700_000_000,
        "owned_by": "openai",
        "type": "model",
        "display_name": "gpt-4",
        "created_at": "2023-11-14T22:13:20Z",
    }
    assert (await catalogue.entry("openai/new"))["created_at"] == "1970-01-01T00:00:00Z"
    with pytest.raises(ModelNotFound):
        await catalogue.entry("claude")


async def test_made_up_members_do_not_fill_the_memory() -> None:
    catalogue = catalogue_of(("openai/*",))
    for number in range(2_500):
        assert (await catalogue.find(f"openai/{number}")).name == f"openai/{number}"
    assert len(catalogue._members) == 2_000


async def test_a_prompts_vocabulary_follows_the_name_where_no_row_says_it() -> None:
    served = ("text-embedding-3-small", "text-embedding-3-large", "gpt-4", "gpt-5", "azure/*")
    # One is in the table, of another only a factor was learned.
    catalogue = catalogue_of(served, ("gpt-4", 1, True, True), ("text-embedding-3-large", 1, True, False))
    named = (*served[:4], "azure/gpt-4-turbo", "azure/gpt-4o")
    found = [(await catalogue.find(name)).tokenizer for name in named]
    older, newer = "cl100k_base", "o200k_base"
    # The row of gpt-4 says the newer one, and staff who wrote that had a reason.
    assert found == [older, older, newer, newer, older, newer]
