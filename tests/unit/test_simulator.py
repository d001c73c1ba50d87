"""The model simulator: exact counts, OpenAI's shapes as the official package reads them, delays and faults on request."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import openai
import pytest

from solaris.local.simulator import Behaviour, ModelSimulator
from solaris.local.simulator.answers import Vocabularies, Words, pieces
from solaris.local.simulator.behaviour import WrongDirective


@pytest.fixture(scope="module")
def words() -> Words:
    return Vocabularies().of("gpt-4")


@pytest.fixture(scope="module")
async def simulator() -> AsyncIterator[ModelSimulator]:
    async with ModelSimulator() as running:
        yield running


@pytest.fixture
async def client(simulator: ModelSimulator) -> AsyncIterator[openai.AsyncOpenAI]:
    simulator.calls.clear()
    async with openai.AsyncOpenAI(base_url=f"{simulator.url}/v1", api_key="x", max_retries=0) as made:
        yield made


@pytest.fixture
async def http(simulator: ModelSimulator) -> AsyncIterator[aiohttp.ClientSession]:
    simulator.calls.clear()
    async with aiohttp.ClientSession(simulator.url) as session:
        yield session


def asked(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "gpt-4", "messages": [{"role": "user", "content": text}], **more}


def test_a_text_of_a_wanted_length_counts_exactly_that(words):
    for tokens in [*range(1, 80), 1000]:
        assert words.count(words.filler(tokens)) == tokens


def test_the_chunks_of_a_text_are_the_text(words):
    text = words.greeting("gpt-4", "Olá, tudo bem?\n\nSim.")
    assert "".join(pieces(text)) == text


async def test_the_answer_names_itself_and_counts_what_it_says(client, words):
    answer = await client.chat.completions.create(**asked("Olá!"))
    assert answer.choices[0].message.content.startswith("[simulador]")
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.completion_tokens == words.count(answer.choices[0].message.content)
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
async def test_a_limit_cuts_the_answer_and_says_so(client, words, limit):
    answer = await client.chat.completions.create(**asked("Olá!", **{limit: 7}))
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == words.count(answer.choices[0].message.content) == 7


async def test_reasoning_counts_inside_the_output_and_cached_inside_the_input(client):
    text = "[[sim output_tokens=10 reasoning_tokens=4 cached_tokens=3]]"
    usage = (await client.chat.completions.create(**asked(text))).usage
    assert usage.completion_tokens == 14
    assert usage.completion_tokens_details.reasoning_tokens == 4
    assert usage.prompt_tokens_details.cached_tokens == 3
    tight = (await client.chat.completions.create(**asked(text, max_tokens=6))).usage
    assert (tight.completion_tokens, tight.completion_tokens_details.reasoning_tokens) == (6, 4)


async def test_a_stream_says_the_same_as_the_whole_answer(client):
    stream = await client.chat.completions.create(
        **asked("[[sim output_tokens=30]]", n=2), stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]
    said = {0: "", 1: ""}
    for choice in (choice for chunk in chunks for choice in chunk.choices):
        said[choice.index] += choice.delta.content or ""
    whole = await client.chat.completions.create(**asked("[[sim output_tokens=30]]", n=2))
    assert said == {choice.index: choice.message.content for choice in whole.choices}
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens == 60


async def test_a_stream_tells_usage_only_to_those_who_ask(client):
    stream = await client.chat.completions.create(**asked("Oi"), stream=True)
    assert all(chunk.usage is None for chunk in [chunk async for chunk in stream])
    silent = await client.chat.completions.create(**asked("[[sim no_usage=1]]"))
    assert silent.usage is None


async def test_a_tool_is_called_when_required_or_mentioned_and_not_again_after_its_result(client):
    schema = {"type": "object", "properties": {"cidade": {"type": "string"}, "dias": {"type": "integer"}}}
    tools = [{"type": "function", "function": {"name": "clima", "parameters": schema}}]
    for more in ({"tool_choice": "required"}, {"tool_choice": {"type": "function", "function": {"name": "clima"}}}):
        answer = await client.chat.completions.create(**asked("E aí?", tools=tools, **more))
        assert json.loads(answer.choices[0].message.tool_calls[0].function.arguments) == {
            "cidade": "exemplo",
            "dias": 1,
        }
    stream = await client.chat.completions.create(**asked("use clima", tools=tools), stream=True)
    calls = [choice.delta.tool_calls async for chunk in stream for choice in chunk.choices if choice.delta.tool_calls]
    assert calls[0][0].function.name == "clima"
    messages = [{"role": "user", "content": "use clima"}, {"role": "tool", "tool_call_id": "a", "content": "sol"}]
    told = await client.chat.completions.create(model="gpt-4", messages=messages, tools=tools)
    assert told.choices[0].finish_reason == "stop"
    assert (await client.chat.completions.create(**asked("Oi", tools=tools))).choices[0].finish_reason == "stop"


async def test_the_other_routes_speak_as_the_official_package_expects(client):
    response = await client.responses.create(model="gpt-4", input="Oi", max_output_tokens=20)
    assert response.output_text.startswith("[simulador]")
    assert (response.usage.output_tokens, response.status) == (20, "incomplete")
    events = [event async for event in await client.responses.create(model="gpt-4", input="Oi", stream=True)]
    assert events[-1].response.output_text == "".join(e.delta for e in events if e.type == "response.output_text.delta")
    vectors = await client.embeddings.create(model="text-embedding-3-small", input=["a", "b"], dimensions=8)
    assert [len(one.embedding) for one in vectors.data] == [8, 8]
    assert vectors.usage.prompt_tokens == 2
    completion = await client.completions.create(model="gpt-3.5-turbo-instruct", prompt="Oi", max_tokens=6)
    assert completion.usage.completion_tokens == 6
    assert "gpt-4" in [model.id async for model in client.models.list()]


async def test_anthropics_messages_come_whole_and_as_a_stream(http):
    body = {
        "model": "claude-3",
        "max_tokens": 9,
        "messages": [{"role": "user", "content": "[[sim cached_tokens=4]] oi"}],
    }
    async with http.post("/v1/messages", json=body) as response:
        whole = await response.json()
    assert whole["stop_reason"] == "max_tokens"
    assert (whole["usage"]["output_tokens"], whole["usage"]["cache_read_input_tokens"]) == (9, 4)
    async with http.post("/v1/messages", json={**body, "stream": True}) as response:
        events = [json.loads(line[6:]) async for line in response.content if line.startswith(b"data: ")]
    assert events[0]["message"]["usage"]["input_tokens"] == whole["usage"]["input_tokens"]
    assert (
        "".join(e["delta"]["text"] for e in events if e["type"] == "content_block_delta") == whole["content"][0]["text"]
    )
    assert events[-2]["usage"]["output_tokens"] == 9


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
async def test_an_error_is_given_when_asked_for(client, status):
    with pytest.raises(openai.APIStatusError) as caught:
        await client.chat.completions.create(**asked(f"[[sim error={status}]]"))
    assert caught.value.status_code == status


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"\xff", b"{}", b'{"model":"m"}', b'{"model":"m","messages":[]}', b'{"model":"m","messages":[1]}',
     b'{"model":"m","messages":[{}],"max_tokens":-1}', b'{"model":"m","messages":[{}],"n":99}', b'{"messages":[{}]}'],
)  # fmt: skip
async def test_a_body_that_makes_no_sense_is_refused_in_openais_shape(http, body):
    async with http.post("/v1/chat/completions", data=body, headers={"Content-Type": "application/json"}) as response:
        answer = await response.json()
    assert response.status == 400
    assert set(answer["error"]) == {"message", "type", "param", "code"}


async def test_delays_are_kept(client):
    begin = time.monotonic()
    await client.chat.completions.create(**asked("[[sim delay_seconds=0.2]]"))
    assert time.monotonic() - begin >= 0.2


async def test_a_cut_stream_brings_its_first_chunks_and_no_end(http, simulator):
    body = asked("[[sim output_tokens=40 fail_after_chunks=3]]", stream=True)
    async with http.post("/v1/chat/completions", json=body) as response:
        lines = [await response.content.readline() for _ in range(8)]
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.content.read()
    assert sum(line.startswith(b"data: ") for line in lines) == 4
    assert simulator.calls.last.outcome == "cut"
    assert simulator.calls.last.chunks == 3


@pytest.mark.parametrize("more", [{}, {"stream": True}])
async def test_a_client_that_leaves_is_noticed(http, simulator, more):
    with pytest.raises(TimeoutError):
        await http.post(
            "/v1/chat/completions", json=asked("[[sim hang=1]]", **more), timeout=aiohttp.ClientTimeout(0.1)
        )
    for _ in range(40):
        if simulator.calls.last.outcome != "running":
            break
        await asyncio.sleep(0.05)
    assert simulator.calls.last.outcome == "aborted"


async def test_tests_see_what_arrived(http):
    async with http.post("/v1/chat/completions", json=asked("Oi", user="u-1"), headers={"X-Trace-Id": "t"}) as response:
        assert response.status == 200
    async with http.get("/simulator/calls") as response:
        told = await response.json()
    assert (told["count"], told["last"]["body"]["user"], told["last"]["headers"]["x-trace-id"]) == (1, "u-1", "t")
    async with http.delete("/simulator/calls") as response:
        assert (await response.json())["count"] == 0


@pytest.mark.parametrize("text", ["[[sim colour=1]]", "[[sim error=200]]", "[[sim output_tokens=x]]", "[[sim hang=2]]"])
def test_a_wrong_directive_is_named(text):
    with pytest.raises(WrongDirective):
        Behaviour().directed_by(text)


@pytest.mark.parametrize("text", ["palavra e mais " * 70_000, "a" * 1_000_000])
async def test_a_text_of_a_million_characters_is_counted_like_any_other(client, words, text):
    answer = await client.chat.completions.create(**asked(text))
    assert answer.usage.prompt_tokens == words.messages_tokens([{"role": "user", "content": text}])
    assert answer.usage.prompt_tokens > 100_000
