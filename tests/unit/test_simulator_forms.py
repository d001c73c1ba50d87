"""The simulator's answers in JSON, its tool calls and its thoughts, as the official clients read them."""

import enum
import json
from collections.abc import AsyncIterator
from typing import Any, Literal

import aiohttp
import jsonschema_rs
import openai
import pytest
from pydantic import BaseModel, Field

from solaris.local.simulator import ModelSimulator
from solaris.local.simulator.answers import Vocabularies
from solaris.local.simulator.schema_values import instance_of


class Colour(enum.Enum):
    BLUE = "azul"
    GREEN = "verde"


class Item(BaseModel):
    name: str = Field(min_length=12)
    price: float = Field(gt=10, le=20)
    amount: int = Field(ge=3, multiple_of=4)
    colour: Colour


class Node(BaseModel):
    value: int
    children: list["Node"]


class Order(BaseModel):
    customer: str
    items: list[Item] = Field(min_length=2)
    note: str | None
    kind: Literal["x", "y"]
    either: int | Item
    tree: Node


@pytest.fixture(scope="module")
async def simulator() -> AsyncIterator[ModelSimulator]:
    async with ModelSimulator() as running:
        yield running


@pytest.fixture
async def client(simulator: ModelSimulator) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{simulator.url}/v1", api_key="x", max_retries=0) as made:
        yield made


def asked(text: str = "Oi", **more: Any) -> dict[str, Any]:
    return {"model": "gpt-4o", "messages": [{"role": "user", "content": text}], **more}


@pytest.mark.parametrize(
    "schema",
    [
        Order.model_json_schema(),
        {"type": "object", "properties": {"a": {"type": ["null", "integer"]}}, "required": ["a", "b"]},
        {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/x"}], "$defs": {"x": {"type": "array", "items": {"const": 7}}}},
        {"allOf": [{"type": "object", "properties": {"a": {"enum": [3]}}}, {"required": ["a"]}]},
        {"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True},
        {"type": "array", "prefixItems": [{"type": "boolean"}, {"type": "string"}], "items": False},
        {"type": "string", "pattern": r"^\d{5}-\d{3}$"},
        {"type": "string", "format": "date-time"},
        {"type": "string", "minLength": 3, "maxLength": 4},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        {"type": "integer", "maximum": -5},
        {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 2},
        {"$defs": {"n": {"type": "object", "properties": {"next": {"$ref": "#/$defs/n"}}}}, "$ref": "#/$defs/n"},
        {"type": "object", "properties": {"self": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}}, "required": ["self"]},
        True,
        {},
    ],
)  # fmt: skip
def test_a_value_is_valid_by_its_schema(schema):
    assert jsonschema_rs.is_valid(schema, instance_of(schema)), instance_of(schema)


@pytest.mark.parametrize(
    "schema", [{"$ref": "#"}, {"allOf": [{"$ref": "#"}]}, {"type": 7, "enum": "x"}, [], None, {"required": 3}]
)
def test_a_schema_without_sense_gives_a_value_all_the_same(schema):
    json.dumps(instance_of(schema))


def test_a_schema_that_holds_itself_many_times_is_answered_in_a_bounded_text():
    wide = {"type": "object", "properties": {f"p{number}": {"$ref": "#"} for number in range(50)}}
    assert len(json.dumps(instance_of(wide))) < 100_000
    assert len(json.dumps(instance_of({**wide, "required": list(wide["properties"])}))) < 10_000_000


async def test_parsed_answers_are_of_the_asked_form(client, simulator):
    parsed = await client.chat.completions.parse(**asked(), response_format=Order)
    assert isinstance(parsed.choices[0].message.parsed, Order)
    text = parsed.choices[0].message.content
    assert parsed.usage.completion_tokens == Vocabularies().of("gpt-4o").count(text)
    async with client.chat.completions.stream(**asked(), response_format=Order) as stream:
        assert (await stream.get_final_completion()).choices[0].message.content == text
    response = await client.responses.parse(model="gpt-4o", input="Oi", text_format=Order)
    assert isinstance(response.output_parsed, Order)
    form = {"type": "json_schema", "json_schema": {"name": "order", "schema": Order.model_json_schema()}}
    cut = await client.chat.completions.create(**asked(max_tokens=5, response_format=form))
    assert cut.choices[0].finish_reason == "length"
    assert text.startswith(cut.choices[0].message.content)
    assert cut.usage.completion_tokens == 5


async def test_any_json_object_is_one_and_a_schema_in_the_prompt_is_obeyed(client):
    answer = await client.chat.completions.create(**asked("Olá"), response_format={"type": "json_object"})
    assert "Olá" in json.loads(answer.choices[0].message.content)["resposta"]
    schema = json.dumps(Order.model_json_schema(), indent=2)
    system = f"JSON schema:\n{schema}\nYou MUST answer with a JSON object that matches the JSON schema above."
    messages = [{"role": "system", "content": system}, {"role": "user", "content": "Oi"}]
    for more in ({}, {"response_format": {"type": "json_object"}}):
        answer = await client.chat.completions.create(model="gpt-4o", messages=messages, **more)
        Order.model_validate_json(answer.choices[0].message.content)
    broken = await client.chat.completions.create(
        **asked("JSON schema: {nada"), response_format={"type": "json_object"}
    )
    assert "resposta" in json.loads(broken.choices[0].message.content)


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "Order"}}])
async def test_a_tools_arguments_are_valid_by_its_schema(client, choice):
    tools = [openai.pydantic_function_tool(Order)]
    messages = [{"role": "user", "content": "Oi"}, {"role": "tool", "tool_call_id": "a", "content": "sol"}]
    answer = await client.chat.completions.parse(model="gpt-4o", messages=messages, tools=tools, tool_choice=choice)
    assert isinstance(answer.choices[0].message.tool_calls[0].function.parsed_arguments, Order)


async def test_effort_makes_thoughts_that_are_counted_and_shown(client):
    words = Vocabularies().of("gpt-4o")
    plain = await client.chat.completions.create(**asked())
    thinking = await client.chat.completions.create(**asked(), reasoning_effort="low")
    thought = thinking.choices[0].message.reasoning_content
    assert thinking.usage.completion_tokens_details.reasoning_tokens == words.count(thought) == 32
    assert thinking.usage.completion_tokens == plain.usage.completion_tokens + 32
    stream = await client.chat.completions.create(
        **asked(n=2), reasoning_effort="low", stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices if choice.index == 1]
    assert "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas) == thought
    assert chunks[-1].usage.completion_tokens == 2 * thinking.usage.completion_tokens
    response = await client.responses.create(model="gpt-4o", input="Oi", reasoning={"effort": "high"})
    assert response.usage.output_tokens_details.reasoning_tokens == 128


@pytest.mark.parametrize(
    ("thinking", "limit", "refusal"),
    [
        ({"type": "enabled", "budget_tokens": 1024}, 1025, None),
        (
            {"type": "enabled", "budget_tokens": 1024},
            1024,
            "`max_tokens` must be greater than `thinking.budget_tokens`.",
        ),
        (
            {"type": "enabled", "budget_tokens": 1023},
            5000,
            "budget_tokens: Input should be greater than or equal to 1024",
        ),
        ({"type": "enabled", "budget_tokens": True}, 5000, "budget_tokens must be a whole number"),
        ({"type": "enabled"}, 5000, "budget_tokens: Field required"),
        ({"type": "disabled", "budget_tokens": 2}, 1, None),
        ({"type": "adaptive"}, 1, None),
    ],
)
@pytest.mark.parametrize("stream", [True, False])
async def test_a_budget_that_anthropic_refuses_is_refused(simulator, thinking, limit, refusal, stream):
    body = {
        "model": "claude-sonnet-4", "max_tokens": limit, "messages": [{"role": "user", "content": "Oi"}],
        "thinking": thinking, "stream": stream,
    }  # fmt: skip
    async with aiohttp.ClientSession(simulator.url) as http, http.post("/v1/messages", json=body) as response:
        assert response.status == (200 if refusal is None else 400)
        assert refusal is None or refusal in (await response.json())["error"]["message"]


@pytest.mark.parametrize(
    ("thinking", "limit"), [({"type": "enabled", "budget_tokens": 1024}, 2000), ({"type": "adaptive"}, 40)]
)
async def test_anthropics_thinking_comes_in_a_block_of_its_own(simulator, thinking, limit):
    body = {
        "model": "claude-sonnet-4", "max_tokens": limit, "messages": [{"role": "user", "content": "Oi"}],
        "thinking": thinking,
    }  # fmt: skip
    async with aiohttp.ClientSession(simulator.url) as http:
        async with http.post("/v1/messages", json=body) as response:
            whole = await response.json()
        async with http.post("/v1/messages", json={**body, "stream": True}) as response:
            events = [json.loads(line[6:]) async for line in response.content if line.startswith(b"data: ")]
        async with http.post("/v1/messages/count_tokens", json={**body, "max_tokens": None}) as response:
            assert await response.json() == {"input_tokens": whole["usage"]["input_tokens"]}
        async with http.post("/v1/responses/input_tokens", json={"model": "gpt-4o", "input": "Oi"}) as response:
            assert (await response.json())["input_tokens"] == 8
    assert [block["type"] for block in whole["content"]] == ["thinking", "text"]
    built: dict[int, dict[str, str]] = {}
    for event in events:
        if event["type"] == "content_block_start":
            assert event["index"] == len(built)
            built[event["index"]] = dict(event["content_block"])
        if event["type"] == "content_block_delta":
            kind = event["delta"]["type"].removesuffix("_delta")
            built[event["index"]][kind] += event["delta"][kind]
    assert list(built.values()) == whole["content"]
    assert sum(event["type"] == "content_block_stop" for event in events) == 2
    assert events[-2]["usage"]["output_tokens"] == whole["usage"]["output_tokens"] >= 40


async def test_a_reminder_beside_the_question_calls_no_tool(simulator):
    tools = [{"name": "Read", "input_schema": {"type": "object", "properties": {"path": {"type": "string"}}}}]
    reminder = {"type": "text", "text": "<system-reminder>\nUse Read, and Read again.\n</system-reminder>"}
    async with aiohttp.ClientSession(simulator.url) as http:
        for question, kind in (("Olá", "text"), ("use Read", "tool_use")):
            messages = [{"role": "user", "content": [reminder, {"type": "text", "text": question}]}]
            body = {"model": "claude-3", "max_tokens": 900, "messages": messages, "tools": tools}
            async with http.post("/v1/messages?beta=true", json=body) as response:
                (block,) = (await response.json())["content"]
            assert block["type"] == kind
            assert "reminder" not in str(block)
