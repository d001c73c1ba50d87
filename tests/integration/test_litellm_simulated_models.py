"""What the official clients ask of models without a key: JSON by a schema, tools, thoughts and counts, through the real LiteLLM."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import openai
import pytest
from pydantic import BaseModel

from solaris.local.simulator import ModelSimulator


class Item(BaseModel):
    name: str
    amount: int


class Order(BaseModel):
    customer: str
    items: list[Item]
    note: str | None


MESSAGES: Any = [{"role": "user", "content": "Oi"}]
MODELS = ["gpt-4", "claude-3"]


@pytest.fixture
async def client(litellm_url: str, litellm_api_key: str) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{litellm_url}/v1", api_key=litellm_api_key, max_retries=0) as made:
        yield made


@pytest.fixture
async def http(litellm_url: str, litellm_api_key: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(litellm_url, headers={"x-api-key": litellm_api_key}) as session:
        yield session


@pytest.mark.parametrize("model", MODELS)
async def test_answers_are_parsed_into_the_form_that_was_asked_for(client, model):
    whole = await client.chat.completions.parse(model=model, messages=MESSAGES, response_format=Order)
    assert isinstance(whole.choices[0].message.parsed, Order)
    async with client.chat.completions.stream(model=model, messages=MESSAGES, response_format=Order) as stream:
        assert isinstance((await stream.get_final_completion()).choices[0].message.parsed, Order)
    response = await client.responses.parse(model=model, input="Oi", text_format=Order)
    assert isinstance(response.output_parsed, Order)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "Order"}}])
async def test_a_tools_arguments_are_parsed_too(client, model, choice):
    tools = [openai.pydantic_function_tool(Order)]
    answer = await client.chat.completions.parse(model=model, messages=MESSAGES, tools=tools, tool_choice=choice)
    assert isinstance(answer.choices[0].message.tool_calls[0].function.parsed_arguments, Order)


@pytest.mark.parametrize("model", MODELS)
async def test_effort_brings_thoughts_that_are_counted(client, simulator: ModelSimulator, model):
    plain = await client.chat.completions.create(model=model, messages=MESSAGES)
    simulator.bill.clear()
    answer = await client.chat.completions.create(model=model, messages=MESSAGES, reasoning_effort="low")
    assert "resposta" in answer.choices[0].message.reasoning_content
    billed = simulator.bill.calls[-1]
    assert billed.reasoning_tokens > 0
    assert (
        answer.usage.completion_tokens
        == billed.output_tokens
        == plain.usage.completion_tokens + billed.reasoning_tokens
    )


async def test_claude_is_asked_as_anthropic_asks(http, simulator: ModelSimulator):
    body = {
        "model": "claude-3", "max_tokens": 3000, "messages": [{"role": "user", "content": "[[sim cached_tokens=5]] oi"}],
        "system": [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}],
        "thinking": {"type": "enabled", "budget_tokens": 1024},
    }  # fmt: skip
    async with http.post("/v1/messages", json=body) as response:
        whole = await response.json()
    assert simulator.calls.last.path == "/v1/messages"
    assert [block["type"] for block in whole["content"]] == ["thinking", "text"]
    assert whole["usage"]["cache_read_input_tokens"] == 5
    async with http.post("/v1/messages", json={**body, "stream": True}) as response:
        events = [json.loads(line[6:]) async for line in response.content if line.startswith(b"data: ")]
    deltas = {event["delta"]["type"] for event in events if event["type"] == "content_block_delta"}
    assert deltas == {"thinking_delta", "signature_delta", "text_delta"}
    assert events[-2]["usage"]["output_tokens"] == whole["usage"]["output_tokens"]


@pytest.mark.parametrize("model", MODELS)
async def test_tokens_are_counted_by_the_model_that_would_be_asked(http, simulator: ModelSimulator, model):
    messages = [{"role": "user", "content": "[[sim output_tokens=3]] pão, coração e açúcar"}]
    async with http.post("/v1/messages", json={"model": model, "max_tokens": 9, "messages": messages}) as response:
        assert response.status == 200
    expected = simulator.bill.calls[-1].input_tokens
    async with http.post("/v1/messages/count_tokens", json={"model": model, "messages": messages}) as response:
        assert (await response.json())["input_tokens"] == expected
