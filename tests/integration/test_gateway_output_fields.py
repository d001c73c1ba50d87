"""The limit holds behind the real LiteLLM, whatever field of whatever API a request brings (SPEC 3.1).

One deployment of LiteLLM speaks OpenAI's API to the simulator, one Anthropic's.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import orjson
import pytest
from tests.integration.gateway_room import GatewayRoom, User, running_gateway
from tests.integration.litellm_room import log_of, running_litellm

from solaris.gateway.api.output_fields import NAMES, normalized
from solaris.local.litellm_server import LocalModels, PreparedLiteLLM
from solaris.local.simulator import ModelSimulator

Json = dict[str, Any]
CONFIG = """
model_list:
  - model_name: por-openai
    litellm_params: {{model: openai/gpt-4o, api_base: "{url}/v1", api_key: simulator}}
  - model_name: por-anthropic
    litellm_params: {{model: anthropic/claude-3-7-sonnet-20250219, api_base: "{url}", api_key: simulator}}
  - model_name: vetores
    litellm_params: {{model: openai/text-embedding-3-small, api_base: "{url}/v1", api_key: simulator}}
"""
MODELS = ("por-openai", "por-anthropic")
OWN = {
    "chat/completions": ("max_tokens", "max_completion_tokens", "n"),
    "completions": ("max_tokens", "n", "best_of"),
    "responses": ("max_output_tokens",),
    "messages": ("max_tokens",),
}
FIELDS = """
    max_tokens max_completion_tokens max_output_tokens max_tokens_to_sample max_new_tokens max_length
    max_gen_len maxTokens maxOutputTokens maxTokenCount min_tokens num_predict n best_of num_generations
    candidate_count candidateCount num_return_sequences num_beams thinking_budget Max_Tokens
    MAX_COMPLETION_TOKENS
""".split()
NESTED = (
    "generation_config",
    "generationConfig",
    "options",
    "parameters",
    "inferenceConfig",
    "extra_body",
    "litellm_params",
)
LONG = "Conte tudo [[sim output_tokens=3000]]"


@pytest.fixture(scope="module")
async def litellm(
    tmp_path_factory: pytest.TempPathFactory, running_simulator: ModelSimulator, litellm_api_key: str
) -> AsyncIterator[PreparedLiteLLM]:
    folder = tmp_path_factory.mktemp("litellm-fields")
    models, config = LocalModels(running_simulator.url), CONFIG.format(url=running_simulator.url)
    async with running_litellm(folder, litellm_api_key, models, config=config) as running:
        yield running
    with suppress(OSError):
        print("\n".join(log_of(folder).read_text(errors="replace").splitlines()[-40:]))


@pytest.fixture(scope="module")
async def room(module_database_url: str, litellm: PreparedLiteLLM, litellm_api_key: str) -> AsyncIterator[GatewayRoom]:
    async with running_gateway(
        module_database_url,
        litellm.url,
        litellm_api_key=litellm_api_key,
        solaris_denied_fields="provider,campo.interno",
    ) as running:
        yield running


def asked(route: str, model: str, text: str, **more: Any) -> Json:
    messages = [{"role": "user", "content": text}]
    shapes: dict[str, Json] = {
        "chat/completions": {"messages": messages, "max_tokens": 1},
        "completions": {"prompt": text, "max_tokens": 1},
        "responses": {"input": text, "max_output_tokens": 16},
        "messages": {"messages": messages, "max_tokens": 1},
        "embeddings": {"input": text},
    }
    return {"model": model, **shapes[route], **more}


async def post(room: GatewayRoom, user: User, route: str, body: Json) -> tuple[int, bytes]:
    response = await room.http.post(f"{room.url}/v1/{route}", json=body, headers=user.headers)
    return response.status, await response.read()


def limits_in(value: object) -> Iterator[tuple[str, object]]:
    """Every limit and multiplier in what the provider received."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if normalized(name) in NAMES:
                yield name, inner
            else:
                yield from limits_in(inner)


def received(simulator: ModelSimulator) -> list[tuple[str, object]]:
    return [found for call in simulator.calls.latest for found in limits_in(call.body)]


def variants(route: str) -> Iterator[Json]:
    for field in FIELDS:
        if field not in OWN.get(route, ()):
            yield {field: 100_000 if field not in ("n", "best_of") else 16}
    for holder in NESTED:
        yield {holder: {"max_tokens": 100_000, "maxOutputTokens": 100_000, "num_predict": 100_000, "n": 16}}


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("route", OWN)
async def test_no_field_of_another_api_raises_or_multiplies_the_output(
    room: GatewayRoom, simulator: ModelSimulator, route: str, model: str, stream: bool
) -> None:
    for variant in variants(route):
        simulator.calls.clear()
        user = await room.user(100)

        status, raw = await post(room, user, route, asked(route, model, LONG, stream=stream, **variant))

        wallet = (await room.settled(user)).wallet
        assert status == 200, (variant, raw)
        assert simulator.calls.count == 1, variant
        limits = received(simulator)
        assert limits, variant
        assert all(name.startswith("max_") and limit in (1, 16) for name, limit in limits), (variant, limits)
        assert (wallet.overage, wallet.remaining > 0) == (0, True), variant


@pytest.mark.parametrize("field", [*FIELDS, *NESTED])
async def test_embeddings_send_no_limit_at_all(room: GatewayRoom, simulator: ModelSimulator, field: str) -> None:
    simulator.calls.clear()
    value: object = {"n": 16, "max_tokens": 100_000} if field in NESTED else 100_000
    status, raw = await post(
        room, await room.user(), "embeddings", asked("embeddings", "vetores", "um", **{field: value})
    )
    assert (status, received(simulator)) == (200, []), raw


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize(
    ("route", "more"),
    [
        ("completions", {"max_completion_tokens": 100_000}),
        ("messages", {"max_completion_tokens": 100_000}),
        ("messages", {"n": 16}),
        ("responses", {"max_completion_tokens": 100_000, "max_tokens": 100_000}),
        ("chat/completions", {"max_output_tokens": 100_000}),
    ],
)
@pytest.mark.parametrize("model", MODELS)
async def test_with_forty_five_tokens_left_a_call_charges_no_more(
    room: GatewayRoom, model: str, route: str, more: Json, stream: bool
) -> None:
    user = await room.user(45)
    status, raw = await post(room, user, route, asked(route, model, LONG, stream=stream, **more))
    wallet = (await room.settled(user)).wallet
    assert (status, wallet.overage) == (200, 0), raw
    assert 0 < wallet.used <= 45


async def test_twenty_calls_at_once_with_foreign_limits_never_overdraw(room: GatewayRoom) -> None:
    user = await room.user(700)
    calls = [
        post(room, user, route, asked(route, model, LONG, stream=stream, max_completion_tokens=50_000, n=4))
        for route, model, stream in (("completions", MODELS[0], True), ("messages", MODELS[1], False)) * 10
    ]
    answers = await asyncio.gather(*calls)
    balance = await room.settled(user)
    assert {status for status, _ in answers} <= {200, 402, 429}
    assert sum(status == 200 for status, _ in answers) >= 1
    assert (balance.wallet.overage, balance.wallet.used <= 700) == (0, True)


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize(
    ("route", "more"),
    [
        ("chat/completions", {"max_tokens": 1, "max_completion_tokens": 100_000}),
        ("chat/completions", {"max_tokens": 100_000, "max_completion_tokens": 1}),
        ("chat/completions", {"max_tokens": 100_000, "n": 1}),
        ("completions", {"max_tokens": 100_000}),
        ("responses", {"max_output_tokens": 100_000}),
        ("messages", {"max_tokens": 100_000}),
    ],
)
@pytest.mark.parametrize("model", MODELS)
async def test_own_limits_are_lowered_to_what_the_balance_pays_for(
    room: GatewayRoom, simulator: ModelSimulator, model: str, route: str, more: Json, stream: bool
) -> None:
    simulator.calls.clear()
    user = await room.user(300)
    status, raw = await post(room, user, route, asked(route, model, LONG, stream=stream, **more))
    wallet = (await room.settled(user)).wallet
    assert (status, wallet.overage) == (200, 0), raw
    assert all(isinstance(limit, int) and limit <= 300 for _, limit in received(simulator)), received(simulator)
    assert wallet.used <= 300


THINKING: list[Json] = [
    {"thinking": {"type": "enabled", "budget_tokens": 100_000}},
    {"thinking": {"type": "enabled", "budgetTokens": 100_000}},
    {"thinking": {"type": "enabled", "budget_tokens": 2, "budgetTokens": 100_000}},
    {"thinking": True},
    {"thinking": {"type": "adaptive"}},
    {"reasoning": {"max_tokens": 100_000}},
    {"reasoning_effort": "high"},
    {"reasoning_effort": "max"},
    {"reasoning": {"effort": "high"}},
]


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("route", ["chat/completions", "completions", "responses", "messages"])
async def test_a_budget_for_thinking_never_raises_the_limit_beyond_the_balance(
    room: GatewayRoom, simulator: ModelSimulator, route: str, stream: bool
) -> None:
    for thinking in THINKING:
        simulator.calls.clear()
        user = await room.user(2_000)
        body = asked(route, "por-anthropic", "Olá", stream=stream, **thinking)
        if route == "messages":
            body["max_tokens"] = 200_000
        else:
            body = {name: value for name, value in body.items() if name not in ("max_tokens", "max_output_tokens")}

        status, raw = await post(room, user, route, body)

        wallet = (await room.settled(user)).wallet
        limits = [limit for name, limit in received(simulator) if name == "max_tokens"]
        assert wallet.overage == 0, (thinking, raw)
        assert all(isinstance(limit, int) and limit <= 2_000 for limit in limits), (thinking, received(simulator))
        assert (status == 200 and limits) or (status == 400 and not limits), (thinking, raw)


@pytest.mark.parametrize("value", [0, -1, 1.5, "100", True, [], {}, 2**70, 1e300])
@pytest.mark.parametrize("route", OWN)
async def test_a_limit_that_is_no_whole_number_is_refused_where_it_is_read_and_removed_elsewhere(
    room: GatewayRoom, simulator: ModelSimulator, route: str, value: object
) -> None:
    user = await room.user()
    own = OWN[route][0]
    if not (route == "completions" and value == 0):
        status, raw = await post(room, user, route, asked(route, "por-openai", "Olá", **{own: value}))
        assert (status, own in raw.decode()) == (400, True), raw
    foreign = "max_new_tokens"
    status, raw = await post(room, user, route, asked(route, "por-openai", "Olá", **{foreign: value}))
    assert status == 200, raw
    assert foreign not in simulator.calls.last.body


@pytest.mark.parametrize("route", OWN)
async def test_of_a_field_that_stands_twice_only_the_one_that_was_held_for_leaves(
    room: GatewayRoom, simulator: ModelSimulator, route: str
) -> None:
    user = await room.user(100)
    own = "max_output_tokens" if route == "responses" else "max_tokens"
    body = asked(route, "por-openai", LONG)
    text = orjson.dumps({**body, own: 16}).decode().replace(f'"{own}":', f'"{own}": 100000, "{own}":')
    simulator.calls.clear()
    async with room.http.post(
        f"{room.url}/v1/{route}", data=text, headers={**user.headers, "Content-Type": "application/json"}
    ) as response:
        assert response.status == 200
    assert all(limit == 16 for _, limit in received(simulator))
    assert (await room.settled(user)).wallet.overage == 0


STEERING_METADATA: Json = {
    "api_base": "http://127.0.0.1:9",
    "base_url": "http://127.0.0.1:9",
    "api_key": "sk-x",
    "user_config": {"a": 1},
    "langfuse_host": "http://127.0.0.1:9",
    "model_info": {"id": "x"},
    "guardrails": ["x"],
    "policies": ["x"],
    "tags": ["x"],
    "headers": {"a": "b"},
    "user_api_key_auth_metadata": {"a": "b"},
    "user_api_key_user_id": "eve",
    "spend_logs_metadata": {"a": "b"},
    "workspace_id": "x",
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("route", OWN)
@pytest.mark.parametrize(
    "holder", ["metadata", "litellm_metadata", "proxy_server_request", "litellm_params", "extra_body"]
)
async def test_what_steers_litellm_is_removed_wherever_it_stands_and_alarms_no_one(
    room: GatewayRoom, route: str, model: str, holder: str
) -> None:
    user = await room.user()
    alarms = len(room.logged("model_service_refuses_us"))
    for name, value in STEERING_METADATA.items():
        body = asked(route, model, "Olá", **{holder: {name: value, "conversa": "7"}})
        status, raw = await post(room, user, route, body)
        assert status == 200, (name, raw)
    whole = asked(route, model, "Olá", **{holder: '{"api_base": "http://127.0.0.1:9"}', f"{holder}[api_base]": "x"})
    status, raw = await post(room, user, route, whole)
    assert status == 200, raw
    assert len(room.logged("model_service_refuses_us")) == alarms


async def test_an_installations_denied_fields_never_reach_the_provider(
    room: GatewayRoom, simulator: ModelSimulator
) -> None:
    body = asked("chat/completions", "por-openai", "Olá", provider={"order": ["x"]}, campo={"interno": 1, "livre": 2})
    status, raw = await post(room, await room.user(), "chat/completions", body)
    assert status == 200, raw
    sent = simulator.calls.last.body
    assert isinstance(sent, dict)
    assert "provider" not in sent
    assert sent["campo"] == {"livre": 2}


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("prompt", [[1, 2, 3], [[1, 2], [3]]])
async def test_tokens_as_the_prompt_of_a_chat_model_are_a_400_that_no_client_repeats(
    room: GatewayRoom, model: str, prompt: list[Any], stream: bool
) -> None:
    user = await room.user()
    status, raw = await post(room, user, "completions", asked("completions", model, "", stream=stream, prompt=prompt))
    assert status == 400, raw
    error = orjson.loads(raw)["error"]
    assert (error["code"], error["param"]) == ("tokens_not_supported", "prompt")
    assert (await room.settled(user)).wallet.used == 0


@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("route", ["chat/completions", "completions", "responses"])
async def test_a_refused_parameter_is_told_without_litellms_advice(room: GatewayRoom, route: str, stream: bool) -> None:
    body = asked(route, "por-anthropic", "Olá", stream=stream, logit_bias={"1": 2}, frequency_penalty=1)
    status, raw = await post(room, await room.user(), route, body)
    error = orjson.loads(raw)["error"]
    assert status == 400
    assert "does not support parameters" in error["message"]
    assert error["param"] in ("logit_bias", "frequency_penalty")
    for advice in ("drop_params", "allowed_openai_params", "LiteLLM", "litellm"):
        assert advice not in error["message"]
