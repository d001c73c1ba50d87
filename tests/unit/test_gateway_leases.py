"""What is noted of running calls: only what moved, exactly where that is cheap, and whatever one stream does."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from solaris.domain.errors import StoreUnavailable
from solaris.gateway.leases import Leases
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
def leases(book: Book, lines: io.StringIO) -> Leases:
    return Leases(cast(Ledger, book), build_log("test", level="info", form="json", stream=lines))


def opened(leases: Leases, name: str, stream: Stream, **more: Any) -> None:
    leases.add(Hold(uuid4(), name, 100, "open", False, cast(Any, None), cast(Any, None)), stream, **more)


async def test_only_what_moved_since_the_last_note_is_noted(leases: Leases, book: Book) -> None:
    quick, silent = Stream(3), Stream()
    opened(leases, "quick", quick)
    opened(leases, "silent", silent)
    await leases.note_now()
    await leases.note_now()
    quick.tokens = 9
    await leases.note_now()
    await leases.renew_now()
    await leases.note_now()
    assert book.noted == [{"quick": 3}, {"quick": 9}]
    assert book.renewed == [{"quick": 9, "silent": 0}]


async def test_what_could_not_be_noted_is_noted_the_next_time(leases: Leases, book: Book) -> None:
    opened(leases, "one", Stream(3))
    book.is_away = True
    with pytest.raises(StoreUnavailable):
        await leases.note_now()
    book.is_away = False
    await leases.note_now()
    assert book.noted == [{"one": 3}]


async def test_beyond_what_is_read_at_once_streams_are_told_without_reading(leases: Leases, book: Book) -> None:
    opened(leases, "first", Stream(100, unread_bytes=200_000))
    opened(leases, "second", Stream(100, unread_bytes=100_000))
    opened(leases, "third", Stream(100, unread_bytes=60_000))
    await leases.note_now()
    assert book.noted == [{"first": 100, "second": 50, "third": 100}]


async def test_a_prompt_that_the_answer_repeats_is_not_noted_as_output(leases: Leases, book: Book) -> None:
    opened(leases, "echo", Stream(25), echoed_tokens=20)
    await leases.note_now()
    assert book.noted == [{"echo": 5}]


async def test_what_a_model_hides_is_noted_beside_what_it_wrote_and_once(leases: Leases, book: Book) -> None:
    thinker = Stream(0)
    opened(leases, "thinker", thinker, echoed_tokens=2, hidden_beside=lambda seen: max(0, 50 - seen))
    await leases.note_now()
    thinker.tokens = 32
    await leases.note_now()
    thinker.is_broken = True
    await leases.renew_now()
    thinker.is_broken, thinker.tokens = False, 82
    await leases.note_now()
    assert book.noted == [{"thinker": 50}, {"thinker": 80}]
    assert book.renewed == [{"thinker": 50}]


async def test_a_stream_that_can_not_be_read_keeps_no_other_hold_from_being_renewed(
    leases: Leases, book: Book, lines: io.StringIO
) -> None:
    broken = Stream(7)
    opened(leases, "broken", broken)
    opened(leases, "whole", Stream(5))
    await leases.note_now()
    broken.is_broken = True
    await leases.renew_now()
    assert book.renewed == [{"broken": 7, "whole": 5}]
    assert [json.loads(line)["action"] for line in lines.getvalue().splitlines()] == ["progress_not_read"]
