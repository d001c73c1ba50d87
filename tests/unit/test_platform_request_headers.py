"""A request's headers: Starlette's interface, and the table for those who ask on every call."""

import pytest

from solaris.platform.http.request_headers import CallRequest, RequestHeaders, headers_of

RAW = [(b"host", b"a"), (b"x-twice", b"first"), (b"x-twice", b"second"), (b"x-name", b"Jo\xe3o")]


def test_names_in_any_case_and_the_first_of_two() -> None:
    headers = RequestHeaders(RAW)
    assert (headers.get("X-Twice"), headers["x-name"], headers.get("x-none", "?")) == ("first", "João", "?")
    assert ("HOST" in headers, "x-none" in headers, 7 in headers) == (True, False, False)
    assert headers.getlist("x-twice") == ["first", "second"]
    assert (headers.table[b"x-twice"], headers.table.get(b"X-Twice")) == (b"first", None)
    with pytest.raises(KeyError):
        headers["x-none"]


@pytest.mark.parametrize("state", [{}, {"state": {"kept": 1}}])
def test_headers_of_returns_one_shared_object(state: dict[str, object]) -> None:
    scope = {"type": "http", "headers": RAW, **state}
    found = headers_of(scope)
    assert headers_of(scope) is found
    assert CallRequest(scope).headers is found
