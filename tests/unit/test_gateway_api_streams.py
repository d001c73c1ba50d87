"""Any partition of the stream of each API shape gives the same usage, the same bytes, and keeps the last event for the charge."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solaris.domain.tokens import TokenCounts
from solaris.gateway.api.anthropic import MessagesShape
from solaris.gateway.api.base import ApiShape
from solaris.gateway.api.completions import CompletionsShape
from solaris.gateway.api.responses import ResponsesShape
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.gateway.usage.stream_usage import StreamUsage

_TOKENIZER = Tokenizer()
# The first count reads the vocabulary, which may take longer than an example of a property is given.
_TOKENIZER.count(["oi"])
_Shape = Callable[[list[str], Any], tuple[bytes, bytes]]
_USUAL = TokenCounts(20, 12, 9, 4)


def _named(kind: str, **value: object) -> bytes:
    return b"event: " + kind.encode() + b"\ndata: " + orjson.dumps({"type": kind, **value}) + b"\n\n"


def _plain(value: object) -> bytes:
    return b"data: " + orjson.dumps(value) + b"\n\n"


def _completions(texts: list[str], usage: Any) -> tuple[bytes, bytes]:
    said = [_plain({"model": "m", "choices": [{"index": 0, "text": text, "logprobs": None}]}) for text in texts]
    told = _plain({"model": "m", "choices": [{"index": 0}], "usage": usage}) if usage else b""
    return b"".join(said) + told, b"data: [DONE]\n\n"


def _responses(texts: list[str], usage: Any) -> tuple[bytes, bytes]:
    begun: dict[str, Any] = {
        "id": "r",
        "error": None,
        "instructions": '"usage": {',
        "model": "m",
        "output": [],
        "usage": None,
    }
    item = {"type": "message", "content": [{"type": "output_text", "text": "".join(texts)}]}
    said = b"".join(_named("response.output_text.delta", output_index=0, delta=text) for text in texts)
    repeated = _named("response.output_text.done", output_index=0, text="".join(texts))
    done = {**begun, "status": "completed", "tools": [{"type": "response.completed"}], "output": [item], "usage": usage}
    # LiteLLM adds OpenAI's older end mark.
    last = _named("response.completed", response=done) + b"data: [DONE]\n\n"
    return _named("response.created", response=begun) + said + repeated, last


def _messages(texts: list[str], usage: Any) -> tuple[bytes, bytes]:
    first = {"input_tokens": 8, "cache_read_input_tokens": 12, "output_tokens": 3} if usage else {"input_tokens": 0}
    opening = _named("message_start", message={"model": "m", "usage": first})
    opening += _named("content_block_start", index=0, content_block={"type": "text", "text": ""}) + _named("ping")
    said = b"".join(
        _named("content_block_delta", index=0, delta={"type": "text_delta", "text": text}) for text in texts
    )
    told = {"usage": usage} if usage else {}
    return opening + said + _named("message_delta", delta={"stop_reason": "end_turn"}, **told), _named("message_stop")


_SHAPES: list[tuple[ApiShape, _Shape, dict[str, Any], TokenCounts]] = [
    (
        CompletionsShape(),
        _completions,
        {
            "prompt_tokens": 20,
            "completion_tokens": 9,
            "prompt_tokens_details": {"cached_tokens": 12},
            "completion_tokens_details": {"reasoning_tokens": 4},
        },
        _USUAL,
    ),
    (
        ResponsesShape(),
        _responses,
        {
            "input_tokens": 20,
            "output_tokens": 9,
            "total_tokens": 29,
            "input_tokens_details": {"cached_tokens": 12},
            "output_tokens_details": {"reasoning_tokens": 4},
        },
        _USUAL,
    ),
    (MessagesShape(), _messages, {"output_tokens": 9}, TokenCounts(20, 12, 9, 0)),
]
_TEXTS = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            ['"usage": {"output_tokens":1}', "data: [DONE]\n\n", '{"error": 1}', "ção 🙂", '"type":"message_stop"',
             '"type":"response.completed"', "event: error\n\n"]
        ),
    ),
    max_size=8,
)  # fmt: skip
_CUTS = st.lists(st.integers(0, 10_000), max_size=30)


def _stream_usage(api: ApiShape, *, keeps_usage: bool = True) -> StreamUsage:
    def count(texts: Sequence[str]) -> int:
        return _TOKENIZER.count(texts)

    return StreamUsage(api, count, keeps_usage=keeps_usage)


def _parts(stream: bytes, cuts: Sequence[int]) -> list[bytes]:
    places = sorted({cut % (len(stream) + 1) for cut in cuts} | {0, len(stream)})
    return [stream[start:stop] for start, stop in pairwise(places)]


@pytest.mark.parametrize(("api", "shape", "usage", "counts"), _SHAPES)
@given(texts=_TEXTS, cuts=_CUTS)
def test_any_partition_gives_the_same_usage_and_the_last_event_waits(
    api: ApiShape, shape: _Shape, usage: dict[str, Any], counts: TokenCounts, texts: list[str], cuts: list[int]
) -> None:
    said, last = shape(texts, usage)
    stream_usage = _stream_usage(api)

    relayed = b"".join(stream_usage.feed(part) for part in _parts(said + last, cuts)) + stream_usage.close()

    assert relayed == said
    assert stream_usage.final_event == last
    assert stream_usage.done
    assert stream_usage.error is None
    assert (stream_usage.end().counts, stream_usage.end().counted_output) == (counts, 0)
    assert stream_usage.model_answered == "m"


@pytest.mark.parametrize(("api", "shape", "usage", "counts"), _SHAPES)
@given(texts=_TEXTS, cuts=_CUTS)
def test_without_usage_the_delivered_text_is_counted_once(
    api: ApiShape, shape: _Shape, usage: dict[str, Any], counts: TokenCounts, texts: list[str], cuts: list[int]
) -> None:
    said, last = shape(texts, None)
    stream_usage = _stream_usage(api)

    relayed = b"".join(stream_usage.feed(part) for part in _parts(said + last, cuts)) + stream_usage.close()

    assert relayed + stream_usage.final_event == said + last
    assert stream_usage.done
    assert not stream_usage.has_usage
    assert stream_usage.end().counts is None
    assert stream_usage.end().counted_output == _TOKENIZER.count(["".join(texts)])


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\n"])
def test_every_line_end_is_found_across_the_smallest_pieces(size: int, end: bytes) -> None:
    said, last = (part.replace(b"\n", end) for part in _messages(["a", "b"], {"output_tokens": 9}))
    stream = said + last
    stream_usage = _stream_usage(MessagesShape())

    relayed = b"".join(stream_usage.feed(stream[place : place + size]) for place in range(0, len(stream), size))

    assert relayed == said
    assert stream_usage.final_event + stream_usage.close() == last
    assert stream_usage.done


def test_what_a_message_stream_counts_first_is_the_prompt_alone() -> None:
    said, _ = _messages(["palavra"], {"output_tokens": 9})
    stream_usage = _stream_usage(MessagesShape())

    stream_usage.feed(said[: said.index(b"event: message_delta")])

    end = stream_usage.end()
    assert end.counts == TokenCounts(20, 12, 0, 0)
    assert end.counted_output == _TOKENIZER.count(["palavra"])
    assert not stream_usage.has_usage


def test_running_totals_are_never_added() -> None:
    stream_usage = _stream_usage(MessagesShape())
    first = {"input_tokens": 10, "cache_creation_input_tokens": 5, "output_tokens": 1}
    stream_usage.feed(_named("message_start", message={"usage": first}))
    stream_usage.feed(_named("message_delta", usage={**first, "output_tokens": 4}))
    stream_usage.feed(_named("message_delta", usage={"input_tokens": 30, "output_tokens": 8}))

    assert stream_usage.end().counts == TokenCounts(30, 0, 8, 0)


@pytest.mark.parametrize(
    ("api", "failure", "code"),
    [
        (
            ResponsesShape(),
            _named("response.failed", response={"status": "failed", "error": {"code": "server_error", "message": "x"}}),
            "server_error",
        ),
        (ResponsesShape(), _named("error", code="rate_limit_exceeded", message="x", param=None), "429"),
        (ResponsesShape(), _plain({"error": {"code": "500", "message": "x"}}), "500"),
        (MessagesShape(), _named("error", error={"type": "overloaded_error", "message": "x"}), "429"),
        (CompletionsShape(), _plain({"error": {"code": "500", "message": "x"}}), "500"),
    ],
)
def test_an_error_ends_the_stream_and_is_not_relayed(api: ApiShape, failure: bytes, code: str) -> None:
    stream_usage = _stream_usage(api)

    assert stream_usage.feed(failure + failure) == b""
    assert stream_usage.error is not None
    assert stream_usage.error["error"]["code"] == code
    assert not stream_usage.done


def test_a_failed_response_is_charged_by_the_usage_it_tells() -> None:
    response = {"status": "failed", "error": None, "usage": {"input_tokens": 7, "output_tokens": 3}}
    stream_usage = _stream_usage(ResponsesShape())

    stream_usage.feed(_named("response.failed", response=response))

    assert stream_usage.error is not None
    assert stream_usage.end().counts == TokenCounts(7, 0, 3, 0)


def test_a_last_event_of_megabytes_is_read_whole() -> None:
    said, last = _responses(["oi"], {"input_tokens": 7, "output_tokens": 3})
    large = last.replace(b'\\"usage\\": {', b"x" * 3_000_000)
    assert len(large) > 3_000_000
    stream_usage = _stream_usage(ResponsesShape())

    relayed = b"".join(
        stream_usage.feed((said + large)[place : place + 65_536]) for place in range(0, len(said + large), 65_536)
    )

    assert relayed + stream_usage.final_event == said + large
    assert stream_usage.done
    assert stream_usage.end().counts == TokenCounts(7, 0, 3, 0)


@pytest.mark.parametrize("api", [CompletionsShape(), ResponsesShape(), MessagesShape()])
def test_a_notice_as_a_stream_is_a_complete_stream_that_costs_nothing(api: ApiShape) -> None:
    events = api.notice_stream("m", "Seu saldo acabou.", with_usage=False)
    assert events is not None
    stream_usage = _stream_usage(api)

    stream_usage.feed(events)

    assert stream_usage.done
    assert stream_usage.end().counts is None
    assert stream_usage.end().counted_output == _TOKENIZER.count(["Seu saldo acabou."])
