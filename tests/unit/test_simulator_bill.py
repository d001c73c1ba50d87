"""The simulator's bill: what a provider would charge for each call, through every ending, and through kills."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from solaris.local.simulator import ModelSimulator
from solaris.local.simulator.answers import Usage
from solaris.local.simulator.bill import Bill, BilledCall, read_journal

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
async def simulator() -> AsyncIterator[ModelSimulator]:
    async with ModelSimulator() as running:
        yield running


@pytest.fixture
async def http(simulator: ModelSimulator) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(simulator.url) as session:
        yield session


def asked(text: str, **more: Any) -> dict[str, Any]:
    return {"model": "gpt-4", "messages": [{"role": "user", "content": text}], **more}


async def ended(simulator: ModelSimulator) -> BilledCall:
    async with asyncio.timeout(5):
        while not simulator.bill.calls or simulator.bill.calls[-1].ending == "running":  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.01)
    return simulator.bill.calls[-1]


@pytest.mark.parametrize("stream", [False, True])
async def test_a_whole_answer_is_billed_by_its_usage_and_named(http, simulator, stream):
    text = "[[sim name=c-1 output_tokens=10 reasoning_tokens=4 cached_tokens=3]]"
    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    body = asked(text, stream=stream, user="u-1", n=2)
    async with http.post("/v1/chat/completions", json=body, headers=headers) as response:
        await response.read()
    call = await ended(simulator)
    assert (call.name, call.trace_id, call.user, call.ending) == ("c-1", TRACE, "u-1", "complete")
    assert (call.output_tokens, call.reasoning_tokens, call.cached_tokens) == (28, 8, 3)
    async with http.get("/simulator/bill") as response:
        told = await response.json()
    assert (told["calls"][0]["input_tokens"], told["total_tokens"]) == (call.input_tokens, call.total_tokens)
    async with http.delete("/simulator/bill") as response:
        assert (await response.json())["total_tokens"] == 0


async def test_every_route_is_billed(http, simulator):
    messages = [{"role": "user", "content": "Oi"}]
    for path, body in {
        "chat/completions": {"messages": messages}, "completions": {"prompt": "Oi"}, "responses": {"input": "Oi"},
        "messages": {"messages": messages, "max_tokens": 9}, "embeddings": {"input": "Oi"},
    }.items():  # fmt: skip
        async with http.post(f"/v1/{path}", json={"model": "gpt-4", **body}) as response:
            usage = (await response.json())["usage"]
        billed = simulator.bill.calls[-1]
        told = usage.get("total_tokens") or usage["input_tokens"] + usage["output_tokens"]
        assert (billed.path, billed.total_tokens, billed.ending) == (f"/v1/{path}", told, "complete")


async def test_a_stream_that_is_left_is_billed_for_what_was_generated_with_its_hidden_thoughts(http, simulator):
    text = "[[sim output_tokens=400 reasoning_tokens=5000 chunk_delay_seconds=0.02]]"
    async with http.post("/v1/chat/completions", json=asked(text, stream=True)) as response:
        for _ in range(20):
            await response.content.readline()
    call = await ended(simulator)
    assert call.ending == "aborted"
    assert call.reasoning_tokens == 5000
    assert 5000 < call.output_tokens < 5400


async def test_a_refused_call_is_not_billed_and_a_cut_one_up_to_its_cut(http, simulator):
    async with http.post("/v1/chat/completions", json=asked("[[sim error=500]]")) as response:
        assert response.status == 500
    assert not simulator.bill.calls
    with pytest.raises(aiohttp.ClientError):
        async with http.post(
            "/v1/chat/completions", json=asked("[[sim fail_after_chunks=3]]", stream=True)
        ) as response:
            await response.read()
    call = await ended(simulator)
    assert call.ending == "cut"
    assert 3 <= call.output_tokens < 20


def test_the_journal_keeps_the_bill_through_a_kill(tmp_path: Path):
    journal = tmp_path / "bill"
    first = Bill(journal)
    whole = first.open({}, {"model": "m", "user": "u"}, "/v1/chat/completions", Usage(7, 9, 2), name="a")
    first.generated(whole, 9, 0)
    first.end(whole, "complete")
    torn = first.open({}, {"model": "m"}, "/v1/chat/completions", Usage(5, 90))
    first.generated(torn, 3, 1)
    with journal.open("ab") as file:
        file.write(b'{"number":2,"output_tok')
    first.close()

    second = Bill(journal)
    later = second.open({}, {"model": "m"}, "/v1/chat/completions", Usage(1, 1))
    second.end(later, "complete")
    second.close()
    read = read_journal(journal)
    assert [(call.number, call.output_tokens, call.ending) for call in read] == [
        (1, 9, "complete"), (2, 3, "killed"), (3, 0, "complete"),
    ]  # fmt: skip
    assert (read[0].name, read[0].user, read[0].input_tokens, read[0].cached_tokens) == ("a", "u", 7, 2)
