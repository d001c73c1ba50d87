"""Request headers with constant-time lookup."""

from collections.abc import Mapping, Sequence, Set

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope

_CHARSET = "latin-1"


class RequestHeaders(Headers):
    """Starlette's headers with one lookup table per request; `get` returns a name's first value.

    `table` maps lower-case names to raw values, for hot paths and for checks of many names.
    """

    table: Mapping[bytes, bytes]

    def __init__(self, raw: Sequence[tuple[bytes, bytes]]) -> None:
        # The same state as after Starlette's constructor, without its argument checks.
        self._list = list(raw)
        self.table = dict(reversed(self._list))

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]  # as Starlette's own
        """Return the first value of the name, in any case, or `default`."""
        value = self.table.get(key.lower().encode(_CHARSET))
        return default if value is None else value.decode(_CHARSET)

    def has_any(self, names: Set[bytes]) -> bool:
        """Return whether any of these lower-case names is present."""
        return not self.table.keys().isdisjoint(names)

    def __getitem__(self, key: str) -> str:
        return self.table[key.lower().encode(_CHARSET)].decode(_CHARSET)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.lower().encode(_CHARSET) in self.table


def headers_of(scope: Scope) -> RequestHeaders:
    """Return the request's headers, cached in the scope's state."""
    try:
        found: RequestHeaders = scope["state"]["headers"]
    except KeyError:
        found = scope.setdefault("state", {})["headers"] = RequestHeaders(scope["headers"])
    return found


class CallRequest(Request):
    """Starlette's request with the cached headers of `headers_of`."""

    @property
    def headers(self) -> Headers:
        """The request's headers."""
        return headers_of(self.scope)
