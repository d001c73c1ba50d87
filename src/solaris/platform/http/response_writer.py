"""Writes responses to a connection: head and first body bytes in one write (one system call)."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

Headers = Sequence[tuple[bytes, bytes]]

_WITHOUT_BODY = (204, 304)
# Key of the request's `ResponseWriter` in the scope's state.
RESPONSE_WRITER = "response_writer"
# The start of every response, independent of the status.
_START = b"HTTP/1.1 "
# A chunk size may have leading zeros (RFC 9112, 7.1); Go's client accepts sixteen digits in all.
_MAX_ZEROS = 8


class ResponseWriter:
    """Wraps one of uvicorn's request cycles and replaces its `send`.

    The head is delayed until the first body bytes, at most to the next event-loop turn. Beside ASGI's
    `send` there are methods that do not wait: for the received body, the peer's state, and complete
    responses.
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
        # Whether the peer disconnected before the response was complete. An attribute for speed.
        self.gone: bool = cycle.disconnected

    def __call__(self, scope: Any, receive: Any, _send: Any) -> Any:
        """Run the application with this writer's `send` (ASGI)."""
        scope["state"][RESPONSE_WRITER] = self
        return self._app(scope, receive, self.send)

    def connection_lost(self) -> None:
        """Handle a lost connection: calls `on_gone` unless the response is complete."""
        if not self._cycle.response_complete:
            self._cycle.disconnected = self.gone = True
            if self.on_gone is not None:
                self.on_gone()

    def send_early(self) -> None:
        """Send a byte that the response contains in any case, so that a closed peer sends a reset.

        Before the head it is the next byte of `HTTP/1.1 `, between two chunks a leading zero of the
        next chunk size. Sends nothing if no such byte is left or writing is paused.
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
        """Return the whole body if it has arrived and is unread; None if `receive` is needed."""
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
        """Resume reading after a long body; a disconnect is only noticed while reading."""
        self._cycle.flow.resume_reading()

    def write_whole(self, headers: Headers, body: bytes) -> bool:
        """Write a complete response with status 200; `headers` include `content-length`.

        Returns False, having written nothing, if the peer reads too slowly: use `send` then.
        """
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
        """Write a part of the body.

        Returns False, having written nothing, if `send` must wait for the peer or report an error.
        """
        cycle = self._cycle
        if cycle.disconnected:
            return True
        if cycle.flow.write_paused or not cycle.response_started or cycle.response_complete:
            return False
        self._body(data, more=more)
        return True

    async def send(self, message: Any) -> None:
        """Send one ASGI message; waits while the peer reads too slowly, no-op after a disconnect.

        Raises:
            RuntimeError: the message is out of order.
        """
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
    """Join the head's lines.

    Raises:
        RuntimeError: a line contains a line end (header injection) or a NUL.
    """
    head = b"\r\n".join(lines)
    ends = len(lines) - 1
    if head.count(b"\n") != ends or head.count(b"\r") != ends or b"\0" in head:
        raise RuntimeError("a header's name or value holds a line end")
    return head
