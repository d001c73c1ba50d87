"""Patterns and aliases through the real LiteLLM: every name that it answers to is callable, and charged by the right weights."""

import time
from collections.abc import AsyncIterator

import asyncpg
import pytest
from tests.integration.gateway_room import GatewayRoom, running_gateway
from tests.integration.litellm_room import running_litellm

from solaris.local.litellm_server import LocalModels
from solaris.local.simulator import ModelSimulator

_CONFIG = """
model_list:
  - model_name: openai/*
    litellm_params: {model: openai/*, api_key: "${OPENAI_API_KEY}"}
  - model_name: meu/*
    litellm_params: {model: openai/*, api_key: "${OPENAI_API_KEY}"}
  - model_name: gpt-4
    litellm_params: {model: openai/gpt-4, api_key: "${OPENAI_API_KEY}"}
  - model_name: meta-llama/llama-3-8b
    litellm_params: {model: openai/meta-llama/llama-3-8b, api_key: "${OPENAI_API_KEY}"}
router_settings:
  model_group_alias:
    apelido: ["gpt-4"]
    escondido: {model: gpt-4, hidden: true}
    curinga: "meu/gpt-9"
    varios: ["gpt-4", "meu/gpt-9"]
    proprio: ["gpt-4"]
"""
_KEY = "sk-names"
_WEIGHTS = {"gpt-4": 3, "meu/*": 2, "openai/*": 5, "openai/gpt-5*": 7, "proprio": 4}


@pytest.fixture(scope="module")
async def names_url(tmp_path_factory: pytest.TempPathFactory, running_simulator: ModelSimulator) -> AsyncIterator[str]:
    """LiteLLM with patterns and aliases, every provider simulated."""
    folder = tmp_path_factory.mktemp("names")
    models = LocalModels(running_simulator.url, None)
    async with running_litellm(folder, _KEY, models, config=_CONFIG) as litellm:
        yield litellm.url


@pytest.fixture
async def room(database_url: str, names_url: str, simulator: ModelSimulator) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(database_url, names_url, litellm_api_key=_KEY) as running:
        for name, weight in _WEIGHTS.items():
            await running.database.execute(
                "INSERT INTO models (name, input_weight, output_weight) VALUES ($1, $2, $2) "
                "ON CONFLICT (name) DO UPDATE SET input_weight = $2, cached_input_weight = 1, output_weight = $2, active = true",
                name,
                weight,
            )
        yield running
        await running.database.execute("DELETE FROM models WHERE name = ANY ($1)", list(_WEIGHTS.keys() - {"gpt-4"}))
        await running.database.execute("UPDATE models SET input_weight = 1, output_weight = 1 WHERE name = 'gpt-4'")


@pytest.mark.parametrize(
    ("model", "weight"),
    [
        ("gpt-4", 3),
        ("meu/qualquer", 2),
        ("openai/o9", 5),
        ("openai/gpt-5.1", 7),
        ("apelido", 3),
        ("escondido", 3),
        ("curinga", 2),
        ("varios", 3),
        ("proprio", 4),
        ("meta-llama/llama-3-8b", 1),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
async def test_every_name_that_litellm_answers_to_is_called_at_its_weight(
    room: GatewayRoom, model: str, weight: int, stream: bool
) -> None:
    user = await room.user()
    response = await room.chat(user, "Olá [[sim output_tokens=25]]", model=model, stream=stream)
    assert response.status == 200, await response.text()
    await response.read()
    event = await room.only_event(user)
    assert (event["model_asked"], event["output_tokens"], event["estimated"]) == (model, 25, False)
    assert event["tokens_charged"] == weight * (event["input_tokens"] + 25)


@pytest.mark.parametrize("path", ["/v1/completions", "/v1/responses", "/v1/messages", "/v1/embeddings"])
async def test_a_member_of_a_pattern_is_callable_on_every_route(room: GatewayRoom, path: str) -> None:
    user = await room.user()
    body = {
        "/v1/completions": {"prompt": "Olá", "max_tokens": 20},
        "/v1/responses": {"input": "Olá", "max_output_tokens": 20},
        "/v1/messages": {"messages": [{"role": "user", "content": "Olá"}], "max_tokens": 20},
        "/v1/embeddings": {"input": "Olá"},
    }[path]
    response = await room.http.post(room.url + path, json={"model": "meu/x", **body}, headers=user.headers)
    assert response.status == 200, await response.text()
    event = await room.only_event(user)
    assert event["tokens_charged"] == 2 * (event["input_tokens"] + event["output_tokens"])


async def test_a_list_of_models_is_no_name_and_costs_nothing(room: GatewayRoom, simulator: ModelSimulator) -> None:
    user = await room.user()
    for model in ("openai/a,openai/b", "gpt-4,openai/b", "*", "openai/*", "openai/", "openai/a b", "a" * 5_000):
        response = await room.chat(user, model=model)
        told = await response.json()
        assert (response.status, told["error"]["code"]) == (404, "model_not_found"), model
        assert len(told["error"]["message"]) < 300
    assert simulator.calls.as_json()["calls"] == []
    assert (await room.settled(user)).wallet.used == 0


@pytest.mark.parametrize("stream", [False, True])
async def test_a_name_that_the_provider_does_not_know_is_its_callers_mistake(room: GatewayRoom, stream: bool) -> None:
    user = await room.user()
    for number in range(3):
        model = f"openai/inventado-{stream}-{number}"
        response = await room.chat(user, "[[sim error=404]]", model=model, stream=stream)
        told = (await response.json())["error"]
        assert (response.status, told["code"], told["param"]) == (404, "model_not_found", "model")
        assert model in told["message"]
    assert room.logged("model_call_failed") == []
    # A name of the configuration that the provider does not know is not its caller's.
    assert (await room.chat(user, "[[sim error=404]]", stream=stream)).status == 503
    (failed,) = room.logged("model_call_failed")
    assert failed["details"]["model"] == "gpt-4"
    assert (await room.settled(user)).wallet.used == 0


async def test_names_that_callers_make_up_are_counted_under_their_pattern(room: GatewayRoom) -> None:
    user = await room.user()
    for number in range(3):
        for text in ("Olá", "[[sim error=404]]"):
            await (await room.chat(user, text, model=f"openai/inventado-{number}")).read()
    await room.chat(user, model="apelido")
    await room.settled(user)
    async with room.http.get(room.url + "/metrics") as response:
        counted = await response.text()
    assert "inventado" not in counted
    assert 'solaris_model_calls_total{ending="complete",model="openai/*"} 3.0' in counted
    assert 'solaris_model_calls_total{ending="released",model="openai/*"} 3.0' in counted
    assert 'solaris_model_calls_total{ending="complete",model="apelido"} 1.0' in counted


async def test_what_is_learned_of_made_up_names_is_bounded(
    database_url: str, names_url: str, simulator: ModelSimulator
) -> None:
    learned = "SELECT model, samples FROM hidden_output WHERE model NOT LIKE 'antigo-%'"
    async with running_gateway(database_url, names_url, litellm_api_key=_KEY) as room:
        await room.database.execute(
            "INSERT INTO hidden_output (model, samples, calls, hidden_tokens) "
            "SELECT 'antigo-' || n, 1, 1, 1 FROM generate_series(1, 1999) n UNION ALL SELECT 'openai/sabido', 1, 1, 1"
        )
        user = await room.user()
        for model in ("openai/inventado", "openai/sabido", "gpt-4", "curinga"):
            assert (await room.chat(user, model=model)).status == 200
        await room.settled(user)
        assert len(await room.database.fetch(learned)) == 1
    # What is named by the configuration, or known already, is kept at the end of the process.
    connection = await asyncpg.connect(database_url)
    rows = dict(await connection.fetch(learned))
    await connection.close()
    assert rows == {"openai/sabido": 2, "gpt-4": 1, "curinga": 1}


async def test_a_pattern_that_is_switched_off_switches_its_members_off(room: GatewayRoom) -> None:
    user = await room.user()
    await room.database.execute("UPDATE models SET active = false WHERE name = 'meu/*'")
    for model in ("meu/um", "curinga", "varios"):
        assert (await room.chat(user, model=model)).status == 404, model
    assert (await room.chat(user, model="openai/o9")).status == 200
    await room.settled(user)


async def test_what_litellm_answers_to_is_kept_for_the_administration(room: GatewayRoom) -> None:
    await room.chat(await room.user())
    rows = await room.database.fetch("SELECT name, targets FROM served_names")
    kept = {row["name"]: row["targets"] for row in rows}
    assert kept == {
        "openai/*": [],
        "meu/*": [],
        "apelido": ["gpt-4"],
        "escondido": ["gpt-4"],
        "proprio": ["gpt-4"],
        "curinga": ["meu/gpt-9"],
        "varios": ["gpt-4", "meu/gpt-9"],
    }


async def test_a_llama_3_name_answers_at_once_without_internet(room: GatewayRoom, names_url: str) -> None:
    # What made LiteLLM fetch a tokenizer, and all others wait: it counts the prompt itself where no usage comes.
    user = await room.user()
    text = "Olá [[sim output_tokens=5 no_usage=1]] " + "palavra " * 50
    begun = time.perf_counter()
    for stream in (True, False):
        response = await room.chat(user, text, model="meta-llama/llama-3-8b", stream=stream)
        assert response.status == 200
        await response.read()
    count = {"model": "meta-llama/llama-3-8b", "messages": [{"role": "user", "content": text}]}
    async with room.http.post(
        f"{names_url}/utils/token_counter", json=count, headers={"Authorization": f"Bearer {_KEY}"}
    ) as counted:
        assert (await counted.json())["tokenizer_type"] == "openai_tokenizer"
    assert time.perf_counter() - begun < 15  # 25 to 121 s where the download is tried
    await room.settled(user)
