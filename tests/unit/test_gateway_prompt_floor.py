"""The floor under a prompt's estimate: no field escapes it, and an ordinary body's estimate stays what it was."""

import base64
import json
import random
import time
from typing import Any, cast

import orjson
import pytest
from tests.counted_prompts import StayingCaller, counted_in_time

from solaris.gateway.api.anthropic import MessagesShape
from solaris.gateway.api.base import ApiShape
from solaris.gateway.api.chat import ChatShape
from solaris.gateway.api.completions import CompletionsShape
from solaris.gateway.api.embeddings import EmbeddingsShape
from solaris.gateway.api.responses import ResponsesShape
from solaris.gateway.estimate.estimate import CountedPrompt, count_prompt_with_floor
from solaris.gateway.estimate.plain_text import is_plain_text
from solaris.gateway.estimate.prompt_floor import find_unread, has_little_unread
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.gateway.request_json import read_json
from solaris.models.catalogue import Model
from solaris.platform.http.request_context import RequestContext

TOKENIZER = Tokenizer()
DATA = base64.b64encode(random.Random(3).randbytes(60_000)).decode()
UUID = "0b6f2a0e-5a0f-4c3b-9f0b-0d8a4d1c7e55"


async def counted(api: ApiShape, raw: bytes) -> tuple[CountedPrompt, int]:
    """With the floor, and as the API shape alone counts."""
    body = read_json(raw)
    client = cast(RequestContext, StayingCaller())
    floor = await count_prompt_with_floor(client, api, body, len(raw), Model("m"), TOKENIZER)
    return floor, await counted_in_time(api, body, Model("m"), TOKENIZER)


def _tool(number: int) -> dict[str, Any]:
    properties = {
        f"campo_{n}": {"type": "string", "description": f"O campo {n} da busca.", "enum": ["a", "b"]} for n in range(6)
    }
    parameters = {"type": "object", "properties": properties, "required": ["campo_1"], "additionalProperties": False}
    return {
        "type": "function",
        "function": {"name": f"busca_{number}", "description": "Busca.", "parameters": parameters},
    }


def _ordinary_chat(rng: random.Random) -> dict[str, Any]:
    def text() -> str:
        words = ("olá", "价格是多少", "código\n", '"sim"', "def f(x):\n\treturn x", "🙂", "a", "informação") * 3
        return " ".join(rng.choices(words, k=rng.choice((3, 40, 400))))

    image = {"type": "image_url", "image_url": {"url": rng.choice((f"data:image/png;base64,{DATA}", "https://a.br/" + "x" * 700)),
                                                "detail": "high"}}  # fmt: skip
    messages: list[dict[str, Any]] = [{"role": "system", "content": text()}]
    for turn in range(rng.choice((1, 8, 60))):
        parts = [{"type": "text", "text": text()}, *([image] if rng.random() < 0.3 else [])]
        messages.append({"role": "user", "content": rng.choice((text(), parts))})
        call = {
            "id": f"call_{UUID}{turn}",
            "type": "function",
            "function": {"name": "busca_1", "arguments": json.dumps({"campo_1": text()})},
        }
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": call["id"], "content": text()})
        messages.append({"role": "assistant", "content": text(), "refusal": None, "annotations": []})
    body = {"model": "gpt-4", "messages": messages, "stream": True, "stream_options": {"include_usage": True}, "temperature": 0.7,
            "user": UUID, "metadata": {"chat": UUID, "turn": "12"}, "stop": ["###"], "tool_choice": "auto"}  # fmt: skip
    if rng.random() < 0.5:
        body["tools"] = [_tool(number) for number in range(40)]
    return body


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("escaped", [True, False])
async def test_an_ordinary_chat_keeps_its_estimate(seed: int, escaped: bool) -> None:
    raw = json.dumps(_ordinary_chat(random.Random(seed)), ensure_ascii=escaped, indent=seed % 3 or None).encode()
    floor, alone = await counted(ChatShape(), raw)
    assert floor == (alone, 0)


def _items() -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for turn in range(30):
        items += [
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": f"Pergunta {turn}: quanto custa?"},
                                                            {"type": "input_image", "image_url": f"data:image/png;base64,{DATA}"}]},
            {"type": "reasoning", "id": f"rs_68{UUID}", "summary": [], "encrypted_content": DATA[:4_000], "status": None},
            {"type": "function_call", "id": f"fc_68{UUID}", "call_id": f"call_{UUID}", "name": "preco", "arguments": '{"uf":"SP"}',
             "status": "completed"},
            {"type": "function_call_output", "call_id": f"call_{UUID}", "output": "R$ 812,30 em São Paulo"},
            {"type": "message", "id": f"msg_68{UUID}", "role": "assistant", "status": "completed",
             "content": [{"type": "output_text", "text": "Custa R$ 812,30.", "annotations": [], "logprobs": []}]},
        ]  # fmt: skip
    return items


def _blocks() -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    for turn in range(30):
        messages += [
            {"role": "user", "content": [{"type": "text", "text": f"Pergunta {turn}?", "cache_control": {"type": "ephemeral"}},
                                         {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": DATA}}]},
            {"role": "assistant", "content": [{"type": "thinking", "thinking": "Vejo a tabela antes.", "signature": DATA[:800]},
                                              {"type": "tool_use", "id": f"toolu_{UUID}", "name": "preco", "input": {"uf": "SP"}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": f"toolu_{UUID}",
                                          "content": [{"type": "text", "text": "R$ 812,30"}]}]},
        ]  # fmt: skip
    return messages


@pytest.mark.parametrize(
    ("api", "body"),
    [
        (ResponsesShape(), {"model": "gpt-4", "input": _items(), "instructions": "Oi", "store": False, "tools": [_tool(1)],
                              "include": ["reasoning.encrypted_content"], "prompt_cache_key": UUID}),
        (MessagesShape(), {"model": "claude-3", "max_tokens": 9, "messages": _blocks(), "system": [{"type": "text", "text": "A"}],
                             "tools": [{"name": "preco", "description": "Preço.", "input_schema": {"type": "object"}}]}),
        (CompletionsShape(), {"model": "gpt-3.5-turbo", "prompt": ["Era uma vez", "Havia 价格"] * 300, "max_tokens": 5}),
        (CompletionsShape(), {"model": "gpt-3.5-turbo", "prompt": list(range(20_000)), "max_tokens": 5}),
        (EmbeddingsShape(), {"model": "e", "input": [list(range(5_000)), [7] * 900], "encoding_format": "float"}),
        (EmbeddingsShape(), {"model": "e", "input": ["um texto qualquer " * 30] * 500, "dimensions": 256}),
    ],
)  # fmt: skip
async def test_an_ordinary_body_of_another_route_keeps_its_estimate(api: ApiShape, body: dict[str, Any]) -> None:
    floor, alone = await counted(api, json.dumps(body).encode())
    assert floor == (alone, 0)


@pytest.mark.parametrize(
    "extra",
    [
        {"x": ["palavra"] * 30_000},
        {"x": [{"palavra": 0}] * 30_000},
        {"x": {f"chave {n}": 0 for n in range(30_000)}},
        {"x": {f"chave_{n}": 0 for n in range(30_000)}},
        {"x": [{}] * 40_000},
        {"x": [{"content": None}] * 40_000},
        {"prompt_embeds": [[0.25] * 100] * 400},
        {"x": [123_456_789] * 30_000},
        {"x": "umapalavra" * 20_000},
        {"x": "data:image/png;base64," + DATA},
        {"x": {"text": DATA}},
    ],
    ids=lambda extra: str(extra)[:40],
)
@pytest.mark.parametrize("place", ["body", "message", "part"])
async def test_nothing_in_an_unread_field_escapes(extra: dict[str, Any], place: str) -> None:
    part = {"type": "text", "text": "Olá", **(extra if place == "part" else {})}
    message = {"role": "user", "content": [part], **(extra if place == "message" else {})}
    body = {"model": "m", "messages": [message], **(extra if place == "body" else {})}
    floor, alone = await counted(ChatShape(), json.dumps(body).encode())
    assert floor.read == alone < 30
    assert floor.unread > 25_000


async def test_a_number_without_end_is_text() -> None:
    raw = b'{"model":"m","messages":[{"role":"user","content":"oi"}],"x":' + b"1234567890" * 20_000 + b"}"
    floor, _ = await counted(ChatShape(), raw)
    assert floor.unread > 60_000


async def test_only_one_of_a_files_places_is_read_and_the_other_is_held() -> None:
    text = "um segredo do provedor " * 5_000
    part = {"type": "document", "file": {"data": "x"}, "source": {"type": "text", "data": text}}
    raw = json.dumps({"model": "m", "messages": [{"role": "user", "content": [part]}]}).encode()
    floor, _ = await counted(ChatShape(), raw)
    assert floor.unread >= TOKENIZER.count([text])


async def test_a_sealed_signature_and_a_made_image_in_the_history_are_no_text() -> None:
    history = {
        "role": "assistant",
        "content": "Pronto.",
        "images": [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{DATA}"}}],
        "thinking_blocks": [{"type": "thinking", "thinking": "", "signature": DATA[:6_000]}],
    }
    raw = json.dumps({"model": "m", "messages": [history, {"role": "user", "content": "Oi"}]}).encode()
    floor, _ = await counted(ChatShape(), raw)
    assert 1_600 < floor.unread < 1_800


def test_a_plain_body_is_not_walked_through() -> None:
    messages = [{"role": "user", "content": "Olá, tudo bem? Informação é útil. " * 20}] * 50
    body = {"model": "gpt-4", "messages": messages, "stream": True, "temperature": 0.7}
    raw = orjson.dumps(body)
    assert has_little_unread(len(raw), ChatShape().prompt(body).texts)
    assert not has_little_unread(len(orjson.dumps({**body, "x": "a" * 3_000})), ChatShape().prompt(body).texts)


def test_the_walk_takes_any_depth_and_width_in_bounded_time() -> None:
    deep: Any = "no fundo há um texto"
    for _ in range(100_000):
        deep = [deep]
    found = find_unread({"x": deep, "y": {f"a key {n}": "um texto" for n in range(100_000)}}, [])
    assert "no fundo há um texto" in found.texts[-1]
    assert len(found.texts) <= 10_001
    assert found.nodes >= 100_000
    began = time.process_time()
    find_unread({"x": [{"a": "um texto", "b": [1, 2, 3]}] * 200_000}, [])
    assert time.process_time() - began < 10


_TEXT = {"role": "user", "content": "Olá"}


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [_TEXT], "system_prompt": "x"},
        {"messages": [_TEXT], "stop": ["a long text"]},
        {"messages": [_TEXT], "tool_choice": {"name": "f"}},
        {"messages": [_TEXT], "reasoning_effort": "a text " * 20},
        {"messages": [_TEXT], "metadata": {"a": "um texto " * 90}},
        {"messages": [{**_TEXT, "reasoning_content": "x"}]},
        {"messages": [{**_TEXT, "name": "um texto " * 20}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Olá", "thinking": "x"}]}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Olá", "annotations": ["x"]}]}]},
        {"input": [{**_TEXT, "id": "um texto " * 20}]},
    ],
)
def test_a_body_with_other_fields_teaches_nothing(body: dict[str, Any]) -> None:
    for route in ("/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/embeddings"):
        assert not is_plain_text(body, route)


@pytest.mark.parametrize("route", ["/v1/chat/completions", "/v1/responses", "/v1/messages"])
@pytest.mark.parametrize("name", ["messages", "input", "system", "instructions"])
def test_what_another_route_reads_teaches_nothing_here(route: str, name: str) -> None:
    said = "input" if route == "/v1/responses" else "messages"
    read = {"/v1/responses": ("input", "instructions"), "/v1/messages": ("messages", "system")}.get(
        route, ("messages",)
    )
    body = {said: [_TEXT]}
    assert is_plain_text(body, route)
    assert is_plain_text({name: "um texto", **body}, route) == (name in read)
