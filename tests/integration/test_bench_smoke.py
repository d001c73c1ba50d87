"""The bench's own instruments: a load generator that loses or invents answers would make every figure worthless."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from bench import load, upstream
from bench.calls import Call, Target
from bench.load import Shape


@pytest.fixture
async def target() -> AsyncIterator[Target]:
    """The fast upstream, in this process."""
    server = await upstream.serve(0)
    async with server:
        yield Target("direct", server.sockets[0].getsockname()[1], ("first", "second"))


@pytest.fixture
async def deaf_target() -> AsyncIterator[Target]:
    """A server that closes every connection as soon as it is asked."""

    async def close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(close, "127.0.0.1", 0)
    async with server:
        yield Target("deaf", server.sockets[0].getsockname()[1])


@pytest.mark.parametrize("call", [Call(), Call(stream=True)], ids=["whole", "streamed"])
async def test_every_request_sent_is_an_answer_counted(target, call):
    result = await load.run(target.port, target.requests(call), Shape(connections=16, seconds=0.2))
    assert result.sent > 16
    assert result.answered == result.sent
    assert not result.failures


async def test_a_load_ends_with_the_number_of_requests_asked_for(target):
    result = await load.run(target.port, target.requests(Call()), Shape(connections=8, requests=100, seconds=5))
    assert (result.sent, result.answered) == (100, 100)


async def test_a_paced_load_keeps_its_rate(target):
    shape = Shape(connections=16, seconds=0.5, per_second=400)
    result = await load.run(target.port, target.requests(Call()), shape)
    assert result.answered == result.sent
    assert 195 <= result.sent <= 205


async def test_each_chunk_of_a_slow_stream_tells_how_long_it_took(target):
    call = Call(stream=True, directive="[[slow 5 chunks every 20 ms]]")
    shape = Shape(connections=4, requests=4, seconds=5, reads_stamps=True)
    result = await load.run(target.port, target.requests(call), shape)
    assert len(result.chunk_seconds) == 20
    assert all(0 <= seconds < 1 for seconds in result.chunk_seconds)
    assert result.first_byte_ms(50) < 50 < result.percentile_ms(50)


async def test_a_connection_that_breaks_off_is_a_failure_and_no_answer(deaf_target):
    result = await load.run(deaf_target.port, deaf_target.requests(Call()), Shape(connections=3, seconds=1))
    assert result.answered == 0
    assert sum(result.failures.values()) == result.sent == 3


def test_a_percentile_is_a_value_that_was_measured():
    assert load.percentile_ms([0.003, 0.001, 0.002, 0.004], 50) == pytest.approx(2.0)
    assert load.percentile_ms([0.001], 99) == pytest.approx(1.0)
