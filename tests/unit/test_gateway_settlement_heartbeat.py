"""What is noted of running calls: only what moved, exactly where that is cheap, and whatever one stream does."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from solaris.domain.errors import StoreUnavailable
from solaris.gateway.settlement.heartbeat import LeaseHeartbeat
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Hold
from solaris.platform.logs import build_log

Seen = Sequence[tuple[UUID, str, int]]


class Book:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.noted: list[dict[str, int]] = []
        self.renewed: list[dict[str, int]] = []
        self.is_away = False

    async def note(self, holds: Seen) -> None:
        if self.is_away:
            raise StoreUnavailable("away")
        self.noted.append({name: tokens for _, name, tokens in holds})

    async def renew(self, holds: Seen) -> set[tuple[UUID, str]]:
        self.renewed.append({name: tokens for _, name, tokens in holds})
        return {(user_id, name) for user_id, name, _ in holds}


@dataclass
class Stream:
    tokens: int = 0
    unread_bytes: int = 0
    is_broken: bool = False

    def output_tokens_so_far(self, *, exact: bool) -> int:
        if self.is_broken:
            raise ValueError("nobody can read this")
        return self.tokens if exact else self.tokens // 2


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def lines() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def heartbeat(book: Book, lines: io.StringIO) -> LeaseHeartbeat:
    return LeaseHeartbeat(cast(Ledger, book), build_log("test", level="info", form="json", stream=lines))


def opened(heartbeat: LeaseHeartbeat, name: str, stream: Stream, **more: Any) -> None:
    heartbeat.add(Hold(uuid4(), name, 100, "open", False, cast(Any, None), cast(Any, None)), stream, **more)


async def test_only_what_moved_since_the_last_note_is_noted(heartbeat: LeaseHeartbeat, book: Book) -> None:
    quick, silent = Stream(3), Stream()
    opened(heartbeat, "quick", quick)
    opened(heartbeat, "silent", silent)
    await heartbeat.save_progress()
    await heartbeat.save_progress()
    quick.tokens = 9
    await heartbeat.save_progress()
    await heartbeat.renew_now()
    await heartbeat.save_progress()
    assert book.noted == [{"quick": 3}, {"quick": 9}]
    assert book.renewed == [{"quick": 9, "silent": 0}]


async def test_what_could_not_be_noted_is_noted_the_next_time(heartbeat: LeaseHeartbeat, book: Book) -> None:
    opened(heartbeat, "one", Stream(3))
    book.is_away = True
    with pytest.raises(StoreUnavailable):
        await heartbeat.save_progress()
    book.is_away = False
    await heartbeat.save_progress()
    assert book.noted == [{"one": 3}]


async def test_beyond_what_is_read_at_once_streams_are_told_without_reading(
    heartbeat: LeaseHeartbeat, book: Book
) -> None:
    opened(heartbeat, "first", Stream(100, unread_bytes=200_000))
    opened(heartbeat, "second", Stream(100, unread_bytes=100_000))
    opened(heartbeat, "third", Stream(100, unread_bytes=60_000))
    await heartbeat.save_progress()
    assert book.noted == [{"first": 100, "second": 50, "third": 100}]


async def test_a_prompt_that_the_answer_repeats_is_not_noted_as_output(heartbeat: LeaseHeartbeat, book: Book) -> None:
    opened(heartbeat, "echo", Stream(25), prompt_echo_tokens=20)
    await heartbeat.save_progress()
    assert book.noted == [{"echo": 5}]


async def test_what_a_model_hides_is_noted_beside_what_it_wrote_and_once(heartbeat: LeaseHeartbeat, book: Book) -> None:
    thinker = Stream(0)
    opened(heartbeat, "thinker", thinker, prompt_echo_tokens=2, expected_hidden_output=lambda seen: max(0, 50 - seen))
    await heartbeat.save_progress()
    thinker.tokens = 32
    await heartbeat.save_progress()
    thinker.is_broken = True
    await heartbeat.renew_now()
    thinker.is_broken, thinker.tokens = False, 82
    await heartbeat.save_progress()
    assert book.noted == [{"thinker": 50}, {"thinker": 80}]
    assert book.renewed == [{"thinker": 50}]


async def test_a_stream_that_can_not_be_read_keeps_no_other_hold_from_being_renewed(
    heartbeat: LeaseHeartbeat, book: Book, lines: io.StringIO
) -> None:
    broken = Stream(7)
    opened(heartbeat, "broken", broken)
    opened(heartbeat, "whole", Stream(5))
    await heartbeat.save_progress()
    broken.is_broken = True
    await heartbeat.renew_now()
    assert book.renewed == [{"broken": 7, "whole": 5}]
    assert [json.loads(line)["action"] for line in lines.getvalue().splitlines()] == ["progress_not_read"]
