"""Keyset pagination: a page returns an opaque cursor with the start of the next page."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel

from solaris.domain.errors import InvalidInput

MAX_ROWS_PER_PAGE = 200
DEFAULT_ROWS_PER_PAGE = 50
# All rows lie inside; a datetime near its limits can't be converted to another zone.
_FIRST_YEAR, _LAST_YEAR = 2000, 2200
BAD_CURSOR_MESSAGE = (
    "O cursor não é válido. Use o valor de next_cursor da página anterior, ou deixe-o vazio para começar do início."
)


Row = TypeVar("Row", bound=BaseModel)


class Page(BaseModel, Generic[Row]):
    """A page of rows. `next_cursor` is null on the last page."""

    data: list[Row]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page, newest first: its instant, and its id as a tie-breaker."""

    at: datetime
    id: UUID


BEFORE_THE_NEWEST = Cursor(datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))


class HasCursor(Protocol):
    """A row with a position in the order."""

    @property
    def position(self) -> Cursor:
        """The row's position."""


def encode_cursor(position: Cursor) -> str:
    """Return the cursor of the page after `position`."""
    return base64.urlsafe_b64encode(orjson.dumps([position.at.isoformat(), str(position.id)])).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> Cursor | None:
    """Return the position in a cursor; None without one, which means the first page.

    Raises:
        InvalidInput: the text is not a cursor.
    """
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, identifier = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        position = Cursor(datetime.fromisoformat(at), UUID(identifier))
    except (ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise InvalidInput(BAD_CURSOR_MESSAGE, param="cursor") from error
    if position.at.tzinfo is None or not _FIRST_YEAR <= position.at.year <= _LAST_YEAR:
        raise InvalidInput(BAD_CURSOR_MESSAGE, param="cursor")
    return position


def next_cursor(rows: Sequence[HasCursor], limit: int) -> str | None:
    """Return the cursor after a page of `limit` rows; None if the page is the last.

    `rows` holds up to `limit + 1` rows; the extra one shows that there is a next page.
    """
    return encode_cursor(rows[limit - 1].position) if len(rows) > limit else None
