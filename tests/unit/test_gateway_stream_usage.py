"""The stream meter: any partition of a stream gives the same usage and the same bytes."""

from collections.abc import Sequence
from itertools import pairwise

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from solaris.domain.tokens import TokenCounts
from solaris.gateway.api.chat import ChatShape
from solaris.gateway.api.output_text import TOKENS_PER_GENERATED_IMAGE
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.gateway.usage.stream_usage import StreamUsage

_TOKENIZER = Tokenizer()
# The first count reads the vocabulary, which may take longer than an example of a property is given.
_TOKENIZER.count(["oi"])
_USAGE = {
    "prompt_tokens": 20,
    "completion_tokens": 9,
    "prompt_tokens_details": {"cached_tokens": 12},
    "completion_tokens_details": {"reasoning_tokens": 4},
}
_COUNTS = TokenCounts(20, 12, 9, 4)


def _event(value: object, end: bytes = b"\n") -> bytes:
    return b"data: " + orjson.dumps(value) + end + end


def _chunk(text: str, **more: object) -> dict[str, object]:
    return {"model": "gpt-4-0613", "choices": [{"index": 0, "delta": {"content": text}}], **more}


def _stream_usage(*, keeps_usage: bool = False) -> StreamUsage:
    def count(texts: Sequence[str]) -> int:
        return _TOKENIZER.count(texts)

    return StreamUsage(ChatShape(), count, keeps_usage=keeps_usage)


def _fed(stream_usage: StreamUsage, parts: Sequence[bytes]) -> bytes:
    return b"".join(stream_usage.feed(part) for part in parts) + stream_usage.close() + stream_usage.final_event


def _parts(stream: bytes, cuts: Sequence[int]) -> list[bytes]:
    places = sorted({cut % (len(stream) + 1) for cut in cuts} | {0, len(stream)})
    return [stream[start:stop] for start, stop in pairwise(places)]


_TEXTS = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            ['"usage": {', "data: [DONE]\n\n", '{"error": 1}', "ção 🙂", "\r\n\r\n", '"usage":{"prompt_tokens":1}']
        ),
    ),
    max_size=8,
)


@given(
    texts=_TEXTS,
    end=st.sampled_from([b"\n", b"\r\n", b"\r"]),
    comments=st.booleans(),
    keeps_usage=st.booleans(),
    cuts=st.lists(st.integers(0, 10_000), max_size=30),
)
def test_any_partition_of_a_stream_gives_the_same_usage_and_relays_the_same_bytes_but_the_usage_event(
    texts: list[str], end: bytes, comments: bool, keeps_usage: bool, cuts: list[int]
) -> None:
    said = [_event(_chunk(text), end) for text in texts]
    if comments:
        said.insert(len(said) // 2, b": keep-alive" + end + end)
    usage = _event({"model": "gpt-4-0613", "choices": [{"index": 0, "delta": {}}], "usage": _USAGE}, end)
    done = b"data: [DONE]" + end + end
    stream = b"".join(said) + usage + done
    stream_usage = _stream_usage(keeps_usage=keeps_usage)

    relayed = _fed(stream_usage, _parts(stream, cuts))

    assert relayed == (stream if keeps_usage else b"".join(said) + done)
    assert stream_usage.end().counts == _COUNTS
    assert stream_usage.end().counted_output == 0
    assert stream_usage.done
    assert stream_usage.error is None


@given(texts=_TEXTS, cuts=st.lists(st.integers(0, 10_000), max_size=30))
def test_without_usage_the_delivered_text_is_counted_whatever_the_partition(texts: list[str], cuts: list[int]) -> None:
    stream = b"".join(_event(_chunk(text)) for text in texts) + b"data: [DONE]\n\n"
    stream_usage = _stream_usage()

    assert _fed(stream_usage, _parts(stream, cuts)) == stream
    assert stream_usage.end().counts is None
    assert stream_usage.end().counted_output == _TOKENIZER.count(["".join(texts)])


@given(texts=_TEXTS, cuts=st.lists(st.integers(0, 10_000), max_size=30))
def test_what_was_delivered_so_far_is_known_at_every_moment(texts: list[str], cuts: list[int]) -> None:
    stream_usage, relayed = _stream_usage(), b""
    for part in _parts(b"".join(_event(_chunk(text)) for text in texts), cuts):
        relayed += stream_usage.feed(part)
        whole = [orjson.loads(event[6:]) for event in relayed.split(b"\n\n")[:-1]]
        said = "".join(value["choices"][0]["delta"]["content"] for value in whole)
        assert stream_usage.output_tokens_so_far(exact=True) == _TOKENIZER.count([said])
        assert stream_usage.output_tokens_so_far(exact=False) >= len(whole)


def test_what_was_delivered_so_far_holds_what_the_provider_told_and_what_came_after() -> None:
    stream_usage = _stream_usage()
    _fed(stream_usage, [_event(_chunk("oi", usage=_USAGE)), _event(_chunk(" tudo bem com você?"))])
    assert stream_usage.output_tokens_so_far(exact=True) == _COUNTS.output + _TOKENIZER.count([" tudo bem com você?"])


def test_usage_in_the_last_text_event_is_read_and_the_event_is_kept() -> None:
    stream = _event(_chunk("oi", usage=_USAGE)) + b"data: [DONE]\n\n"
    stream_usage = _stream_usage()

    assert _fed(stream_usage, [stream]) == stream
    assert stream_usage.end().counts == _COUNTS


def test_text_after_a_running_usage_is_counted_on_top() -> None:
    stream_usage = _stream_usage()

    _fed(stream_usage, [_event(_chunk("oi", usage=_USAGE)), _event(_chunk(" tudo bem com você?"))])

    end = stream_usage.end()
    assert end.counts == _COUNTS
    assert end.counted_output == _TOKENIZER.count([" tudo bem com você?"])


def test_nothing_is_relayed_after_an_error_event() -> None:
    first = _event(_chunk("oi"))
    stream_usage = _stream_usage()

    relayed = _fed(
        stream_usage, [first + _event({"error": {"message": "boom", "code": "500"}}) + _event(_chunk("mais"))]
    )

    assert relayed == first
    assert stream_usage.error == {"error": {"message": "boom", "code": "500"}}


def test_a_last_event_without_its_empty_line_counts_too() -> None:
    stream_usage = _stream_usage()

    assert _fed(stream_usage, [b"data: [DONE]"]) == b"data: [DONE]"
    assert stream_usage.done


def test_memory_stays_flat_however_long_the_stream_and_whatever_comes() -> None:
    stream_usage = _stream_usage()
    chunk = _event(_chunk("palavra "))
    for _ in range(20_000):
        stream_usage.feed(chunk)
    assert stream_usage._unread_bytes <= 16_384 + len(chunk)
    assert stream_usage.end().counted_output > 20_000
    endless = _stream_usage()
    relayed = sum(len(endless.feed(b"x" * 65_536)) for _ in range(64))
    assert 64 * 65_536 - relayed <= 1_048_576
    assert relayed + len(endless.close()) == 64 * 65_536


def test_tool_calls_and_reasoning_are_counted_where_no_usage_comes() -> None:
    delta = {
        "reasoning_content": "pensando",
        "tool_calls": [{"index": 0, "function": {"name": "buscar", "arguments": '{"q":"sol"}'}}],
    }
    stream_usage = _stream_usage()

    _fed(stream_usage, [_event({"choices": [{"index": 0, "delta": delta}]})])

    assert stream_usage.end().counted_output == _TOKENIZER.count(['pensandobuscar{"q":"sol"}'])


@settings(deadline=None)
@given(
    cuts=st.lists(st.integers(0, 2_600_000), max_size=12),
    has_usage=st.booleans(),
    end=st.sampled_from([b"\n", b"\r\n"]),
)
def test_an_event_too_long_to_be_held_is_relayed_byte_for_byte_and_its_usage_read_however_it_is_cut(
    cuts: list[int], has_usage: bool, end: bytes
) -> None:
    picture = {"image_url": {"url": "data:image/png;base64," + "iVBORw0KGgo/" * 200_000}}
    told = {"usage": _USAGE} if has_usage else {}
    long = _event({"model": "m", "choices": [{"index": 0, "delta": {"images": [picture]}}], **told}, end)
    stream = _event(_chunk("oi"), end) + long + _event(_chunk(" tudo"), end) + b"data: [DONE]" + end + end
    stream_usage = _stream_usage()

    relayed, fed, max_waiting = b"", 0, 0
    for whole in _parts(stream, cuts):
        for start in range(0, len(whole), 65_536):
            part = whole[start : start + 65_536]
            relayed += stream_usage.feed(part)
            fed += len(part)
            max_waiting = max(max_waiting, fed - len(relayed))
    relayed += stream_usage.close() + stream_usage.final_event

    assert relayed == stream
    assert stream_usage.done
    assert stream_usage.answered
    assert max_waiting <= 1_048_576
    assert stream_usage.end().counts == (_COUNTS if has_usage else None)
    after = _TOKENIZER.count([" tudo"]) if has_usage else _TOKENIZER.count(["oi tudo"]) + TOKENS_PER_GENERATED_IMAGE
    assert stream_usage.end().counted_output == after
