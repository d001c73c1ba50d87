"""Ports: found where free, and told with holder and cure where not."""

import os
import socket
from collections.abc import Iterator

import pytest

from solaris.local.ports import any_free_port, first_free_port, holder_of, is_free, require_free
from solaris.platform.ports import PortTaken


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_not_free_and_the_search_goes_past_it(taken: int) -> None:
    assert not is_free(taken)
    assert not is_free(taken, "127.0.0.1")
    assert first_free_port(taken) > taken


def test_a_free_port_is_taken_as_it_is() -> None:
    port = any_free_port()
    assert first_free_port(port) == port
    require_free(port, "SOLARIS_PROXY_PORT", "127.0.0.1")


def test_the_holder_of_a_port_is_named_by_its_pid(taken: int) -> None:
    assert f"(pid {os.getpid()})" in str(holder_of(taken))


def test_the_error_names_port_variable_and_holder_in_one_line(taken: int) -> None:
    with pytest.raises(PortTaken) as caught:
        require_free(taken, "SOLARIS_PROXY_PORT", "127.0.0.1")
    text = str(caught.value)
    assert f"port {taken} is taken" in text
    assert "SOLARIS_PROXY_PORT=" in text
    assert str(os.getpid()) in text
    assert "\n" not in text


def test_a_search_without_success_says_so(taken: int) -> None:
    with pytest.raises(PortTaken, match=f"no free port from {taken}"):
        first_free_port(taken, tries=1)
