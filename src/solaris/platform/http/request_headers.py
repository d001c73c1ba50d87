"""A request's headers, looked up without walking through them each time."""

from collections.abc import Mapping, Sequence, Set

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

_CHARSET = "latin-1"


class RequestHeaders(Headers):
    """Starlette's headers with one table for the whole call; of a name that came twice, `get` gives the first value.

    `table` has the names in lower case and the values as they came in: for whoever looks on every call, or for many names at once.
    """

    table: Mapping[bytes, bytes]

    def __init__(self, raw: Sequence[tuple[bytes, bytes]]) -> None:
        # As Starlette's own constructor leaves it, without its look at which of three arguments was given.
        self._list = list(raw)
        self.table = dict(reversed(self._list))

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]  # as Starlette's own
        """The value under that name, in whatever case."""
        value = self.table.get(key.lower().encode(_CHARSET))
        return default if value is None else value.decode(_CHARSET)

    def has_any(self, names: Set[bytes]) -> bool:
        """Whether one of these names came; they are given in lower case."""
        return not self.table.keys().isdisjoint(names)

    def __getitem__(self, key: str) -> str:
        return self.table[key.lower().encode(_CHARSET)].decode(_CHARSET)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.lower().encode(_CHARSET) in self.table


def headers_of(scope: Scope) -> RequestHeaders:
    """The request's headers; the request frame leaves them in the scope's state for everybody after it."""
    try:
        found: RequestHeaders = scope["state"]["headers"]
    except KeyError:
        found = scope.setdefault("state", {})["headers"] = RequestHeaders(scope["headers"])
    return found


class CallRequest(Request):
    """Starlette's request for whoever asks about a caller: its headers are the scope's own `headers_of`."""

    @property
    def headers(self) -> Headers:
        """The request's headers."""
        return headers_of(self.scope)
