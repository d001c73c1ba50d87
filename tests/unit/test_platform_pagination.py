"""Cursors: opaque, whole again after a round trip, refused when they are not ours."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest

from solaris.domain.errors import InvalidInput
from solaris.platform.http.pagination import Cursor, decode_cursor, encode_cursor, next_cursor

HERE = Cursor(datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=UTC), UUID(int=7))


@dataclass(frozen=True)
class Row:
    position: Cursor


def test_a_cursor_brings_back_the_position() -> None:
    assert decode_cursor(encode_cursor(HERE)) == HERE


@pytest.mark.parametrize("cursor", ["x", "bm9uc2Vuc2U", "ééé", "W10", "WzEsMl0", "bnVsbA", "a" * 300])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        decode_cursor(cursor)
    assert refused.value.param == "cursor"


@pytest.mark.parametrize("cursor", [None, ""])
def test_no_cursor_means_the_first_page(cursor: str | None) -> None:
    assert decode_cursor(cursor) is None


def test_the_last_page_has_no_cursor() -> None:
    assert next_cursor([Row(HERE)], 1) is None
    assert next_cursor([Row(HERE), Row(HERE)], 1) == encode_cursor(HERE)
