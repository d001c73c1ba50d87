"""Answers of Redis as they come off the wire: whole, in pieces, and errors."""

import pytest
from redis.exceptions import NoScriptError, ResponseError

from solaris.platform.redis_pipeline import Reply, ScriptConnection, encoded, encoded_integer


class Heard:
    """Records what the connection reports."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.losses = 0
        self.writer = ScriptConnection(self.replies.append, self.lost)

    def lost(self) -> None:
        self.losses += 1


@pytest.mark.parametrize(("answer", "integers"), [(b"*3\r\n:0\r\n:-12\r\n:345\r\n", [0, -12, 345]), (b"*0\r\n", [])])
def test_integers_whole_or_byte_by_byte(answer: bytes, integers: list[int]) -> None:
    heard = Heard()
    heard.writer.data_received(answer)
    for place in range(len(answer)):
        assert len(heard.replies) == 1
        heard.writer.data_received(answer[place : place + 1])
    assert heard.replies == [integers, integers]


def test_errors_have_their_type_and_malformed_replies_end_the_connection() -> None:
    heard = Heard()
    for error in (b"-NOSCRIPT No matching script.\r\n", b"-ERR wrong\r\n", b"+OK\r\n"):
        heard.writer.data_received(error)
    assert [type(reply) for reply in heard.replies] == [NoScriptError, ResponseError]
    assert heard.losses == 1


def test_values_as_redis_reads_them() -> None:
    assert encoded(b"EVALSHA", "ação".encode()) == b"$7\r\nEVALSHA\r\n$6\r\na\xc3\xa7\xc3\xa3o\r\n"
    assert encoded_integer(1200) == encoded(b"1200")
