"""How answers leave a connection: head and first bytes in one write, since each is a packet and a system call of its own."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

Headers = Sequence[tuple[bytes, bytes]]

_WITHOUT_BODY = (204, 304)
# In the scope's state: the request's `ResponseWriter`, for whoever wants more than ASGI's messages.
RESPONSE_WRITER = "response_writer"
# What every answer begins with, whatever its status.
_START = b"HTTP/1.1 "
# A chunk's size may begin with zeros (RFC 9112, 7.1); Go's client takes sixteen digits in all.
_MAX_ZEROS = 8


class ResponseWriter:
    """One of uvicorn's cycles, with a `send` of its own in place of the cycle's.

    The head waits for the body until the loop's next turn and no longer, so that a stream's head is not held back. Beside ASGI's
    messages it answers at once, without any waiting: what has arrived, whether the peer has gone, and whole answers.
    """

    def __init__(self, app: Any, cycle: RequestResponseCycle, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._cycle = cycle
        self._loop = loop
        self._head = b""
        self._remaining_bytes = 0
        self._start_sent = 0
        self._zeros_sent = 0
        self.on_gone: Callable[[], object] | None = None
        # Whether the peer has left before its answer was complete. No property: a stream asks with each of its parts.
        self.gone: bool = cycle.disconnected

    def __call__(self, scope: Any, receive: Any, _send: Any) -> Any:
        """ASGI's entry."""
        scope["state"][RESPONSE_WRITER] = self
        return self._app(scope, receive, self.send)

    def connection_lost(self) -> None:
        """The connection is gone: `on_gone` is called where the answer was not complete."""
        if not self._cycle.response_complete:
            self._cycle.disconnected = self.gone = True
            if self.on_gone is not None:
                self.on_gone()

    def send_early(self) -> None:
        """Send one byte of what the answer goes on with in any case, so that a peer that has left replies with a reset.

        Before the head that is a part of `HTTP/1.1 `, between two chunks a leading zero of the next one's size. Nothing is sent
        where no such byte is left, or where one would have to wait.
        """
        cycle = self._cycle
        if cycle.disconnected or cycle.response_complete or cycle.flow.write_paused or self._head:
            return
        if not cycle.response_started:
            if self._start_sent < len(_START):
                cycle.transport.write(_START[self._start_sent : self._start_sent + 1])
                self._start_sent += 1
        elif cycle.chunked_encoding and cycle.scope["method"] != "HEAD" and self._zeros_sent < _MAX_ZEROS:
            cycle.transport.write(b"0")
            self._zeros_sent += 1

    def arrived_body(self) -> bytes | None:
        """The request's whole body where it is here and nobody took it; None where `receive` has to be asked."""
        cycle = self._cycle
        if cycle.more_body or cycle.waiting_for_100_continue or cycle.disconnected:
            return None
        body = bytes(cycle.body)
        cycle.body = bytearray()
        cycle.message_event.clear()
        # As `resume_reading`.
        cycle.flow.resume_reading()
        return body

    def resume_reading(self) -> None:
        """A long body has stopped the reading, which is how a peer that leaves is noticed."""
        self._cycle.flow.resume_reading()

    def write_whole(self, headers: Headers, body: bytes) -> bool:
        """A whole answer of status 200; `headers` hold its `content-length`. False where `send` has to wait for the peer."""
        cycle = self._cycle
        if cycle.disconnected:
            return True
        if cycle.flow.write_paused:
            return False
        if cycle.response_started:
            raise RuntimeError("the answer has begun already")
        cycle.response_started = True
        lines = [b"%b: %b" % line for line in cycle.default_headers]
        lines += [b"%b: %b" % line for line in headers]
        if not cycle.keep_alive:
            lines.append(b"connection: close")
        cycle.transport.write(b"%b%b\r\n\r\n%b" % (STATUS_LINE[200][self._start_sent :], _joined(lines), body))
        self._end()
        return True

    def write_part(self, data: bytes, *, more: bool) -> bool:
        """A part of the body. False where `send` has to wait for the peer, or to say what is wrong."""
        cycle = self._cycle
        if cycle.disconnected:
            return True
        if cycle.flow.write_paused or not cycle.response_started or cycle.response_complete:
            return False
        self._body(data, more=more)
        return True

    async def send(self, message: Any) -> None:
        """One ASGI message. Waits while the peer reads too slowly; sends nothing to one who has gone."""
        cycle = self._cycle
        if cycle.flow.write_paused and not cycle.disconnected:
            await cycle.flow.drain()
        if cycle.disconnected:
            return
        expected = "http.response.body" if cycle.response_started else "http.response.start"
        if message["type"] != expected or cycle.response_complete:
            raise RuntimeError(f"an application sent {message['type']} where {expected} was due")
        if cycle.response_started:
            self._body(message.get("body", b""), more=message.get("more_body", False))
        else:
            cycle.response_started = True
            cycle.waiting_for_100_continue = False
            self._head = self._rendered(message["status"], message.get("headers", ()))
            self._loop.call_soon(self._write_head)

    def _rendered(self, status: int, headers: Any) -> bytes:
        cycle = self._cycle
        lines = []
        has_close = False
        for name, value in (*cycle.default_headers, *headers):
            lines.append(b"%b: %b" % (name, value))
            if name == b"content-length":
                self._remaining_bytes = int(value)
                cycle.chunked_encoding = False
            elif name == b"connection" and b"close" in value.lower():
                cycle.keep_alive = False
                has_close = True
        if not cycle.keep_alive and not has_close:
            lines.append(b"connection: close")
        if cycle.chunked_encoding is None and cycle.scope["method"] != "HEAD" and status not in _WITHOUT_BODY:
            cycle.chunked_encoding = True
            lines.append(b"transfer-encoding: chunked")
        return STATUS_LINE[status][self._start_sent :] + (b"%b\r\n\r\n" % _joined(lines) if lines else b"\r\n")

    def _body(self, body: bytes, *, more: bool) -> None:
        cycle = self._cycle
        if cycle.scope["method"] == "HEAD":
            body = b""
            self._remaining_bytes = 0
        elif cycle.chunked_encoding:
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            if not more:
                body += b"0\r\n\r\n"
            if body:
                self._zeros_sent = 0
        else:
            self._remaining_bytes -= len(body)
        if self._remaining_bytes < 0 or (self._remaining_bytes and not more):
            raise RuntimeError("the answer's body is not as long as its content-length says")
        head, self._head = self._head, b""
        if head or body:
            cycle.transport.write(head + body if head else body)
        if not more:
            self._end()

    def _end(self) -> None:
        cycle = self._cycle
        cycle.response_complete = True
        self.on_gone = None
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()

    def _write_head(self) -> None:
        head, self._head = self._head, b""
        if head and not self._cycle.disconnected:
            self._cycle.transport.write(head)


def _joined(lines: Sequence[bytes]) -> bytes:
    """A head's lines. A value that holds a line end would be read as a header, or an answer, of its own."""
    head = b"\r\n".join(lines)
    ends = len(lines) - 1
    if head.count(b"\n") != ends or head.count(b"\r") != ends or b"\0" in head:
        raise RuntimeError("a header's name or value holds a line end")
    return head
