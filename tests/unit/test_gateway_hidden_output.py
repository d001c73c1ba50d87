"""What a model hides: seen beside the text of calls whose usage was told, and kept until the table has it."""

import io
from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

import orjson
import pytest

from solaris.domain.errors import StoreUnavailable
from solaris.domain.tokens import Weights
from solaris.gateway.admission import AdmittedCall
from solaris.gateway.api.base import OutputLimit
from solaris.gateway.api.chat import ChatShape
from solaris.gateway.estimate.estimate import Estimate
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.gateway.usage.hidden_output import HiddenOutput, expected_hidden_output, is_beyond_hold
from solaris.gateway.usage.stream_usage import StreamUsage
from solaris.ledger.records import Call, Hold
from solaris.models.catalogue import Model
from solaris.platform.logs import build_log
from solaris.platform.postgres import Database

_TOKENIZER = Tokenizer()


class Table:
    """Takes what is kept, unless it is away."""

    def __init__(self) -> None:
        self.kept: list[list[list[Any]]] = []
        self.is_away = False

    async def execute(self, _sql: str, *arguments: Any) -> None:
        if self.is_away:
            raise StoreUnavailable("away")
        self.kept.append(list(arguments[:4]))


def hidden_output(table: Table) -> HiddenOutput:
    return HiddenOutput(
        cast(Database, table), build_log("test", level="info", form="json", stream=io.StringIO()), every_seconds=60
    )


def admitted(held: int, learned: int, weights: Weights | None = None) -> AdmittedCall:
    terms = Call("/v1/chat/completions", "m", weights or Weights())
    hold = Hold(uuid4(), "r", held, "open", False, terms, cast(Any, None))
    model = Model("m", hidden_output_tokens=learned)
    expected = Estimate(10, OutputLimit(None, 1), 10, 11, 10_000)
    return AdmittedCall(ChatShape(), {}, model, expected, hold, hold.tokens, True, True, "", 0)


async def test_what_was_learned_is_kept_once_in_the_models_order_and_survives_an_absent_table() -> None:
    table = Table()
    learned = hidden_output(table)
    learned.record_sample("zeta", 100)
    learned.record_sample("alfa", 0, is_pattern_name=True)
    table.is_away = True
    with pytest.raises(StoreUnavailable):
        await learned.flush()
    learned.record_sample("zeta", 50)
    table.is_away = False
    await learned.stop()
    await learned.flush()
    assert table.kept == [[["alfa", "zeta"], [1, 2], [0, 150], [True, False]]]


async def test_no_sample_counts_for_more_than_any_call_can_hide_and_strange_names_are_bounded() -> None:
    table = Table()
    learned = hidden_output(table)
    learned.record_sample("zeta\0", 10**9)
    for number in range(5_000):
        learned.record_sample(f"model-{number}", 1)
    await learned.flush()
    ((names, calls, hidden, _),) = table.kept
    assert len(names) == 1_000
    assert hidden[names.index("zeta")] == 200_000
    assert set(calls) == {1}


@pytest.mark.parametrize(
    ("held", "learned", "seen", "expected"),
    [(1_000, 0, 5, 0), (1_000, 300, 5, 300), (1_000, 8_000, 5, 985), (1_000, 8_000, 990, 0), (1_000, 8_000, 2_000, 0)],
)
def test_hidden_output_is_expected_within_the_hold(held: int, learned: int, seen: int, expected: int) -> None:
    assert expected_hidden_output(admitted(held, learned), seen) == expected


def test_what_a_hold_pays_for_follows_the_dearest_weight() -> None:
    dear = Weights(output=Decimal(2), reasoning=Decimal(4))
    assert expected_hidden_output(admitted(410, 8_000, dear), 0) == 100
    assert not is_beyond_hold(admitted(410, 0, dear), 189)
    assert is_beyond_hold(admitted(410, 0, dear), 190)


def _stream(words: int, output: int, reasoning: int, **delta: str) -> bytes:
    said = [{"choices": [{"index": 0, "delta": {"content": " the", **delta}}]} for _ in range(words)]
    usage: dict[str, Any] = {"prompt_tokens": 9, "completion_tokens": output}
    if reasoning:
        usage["completion_tokens_details"] = {"reasoning_tokens": reasoning}
    events = [*said, {"choices": [], "usage": usage}]
    return b"".join(b"data: " + orjson.dumps(event) + b"\n\n" for event in events) + b"data: [DONE]\n\n"


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (_stream(40, 40, 0), 0),
        (_stream(40, 8_040, 8_000), 8_000),
        (_stream(40, 8_040, 0), 8_000),
        (_stream(2_000, 2_600, 600), 600),
        (_stream(40, 80, 40, reasoning_content=" the"), 0),
        (_stream(0, 500, 500), 500),
    ],
)
def test_hidden_output_is_what_was_counted_beyond_the_text(stream: bytes, expected: int) -> None:
    for size in (64, 4_096, len(stream)):
        stream_usage = StreamUsage(ChatShape(), _TOKENIZER.count, keeps_usage=True)
        for place in range(0, len(stream), size):
            stream_usage.feed(stream[place : place + size])
        assert stream_usage.done
        assert stream_usage.hidden_output == expected, size


def test_a_plain_streams_last_text_is_not_counted_for_that() -> None:
    counted: list[int] = []

    def count(texts: Any) -> int:
        counted.append(len(texts))
        return _TOKENIZER.count(texts)

    stream_usage = StreamUsage(ChatShape(), count, keeps_usage=True)
    stream_usage.feed(_stream(40, 40, 0))
    stream_usage.end()
    assert sum(counted) == 0
