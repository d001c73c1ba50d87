"""How answers leave: head and first bytes in one write, since each write is a packet and a system call of its own."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

_WITHOUT_BODY = (204, 304)


class OneWriteAnswer:
    """Runs an application in one of uvicorn's cycles, with a `send` of its own in place of the cycle's.

    The head waits for the body until the loop's next turn and no longer, so that a stream's head is not held back.
    """

    def __init__(self, app: Any, cycle: RequestResponseCycle, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._cycle = cycle
        self._loop = loop
        self._head = b""
        self._left = 0

    def __call__(self, scope: Any, receive: Any, _send: Any) -> Any:
        """ASGI's entry."""
        return self._app(scope, receive, self.send)

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
        parts = [STATUS_LINE[status][:-2], b"\r\n"]
        says_close = False
        for name, value in (*cycle.default_headers, *headers):
            parts += (name, b": ", value, b"\r\n")
            if name == b"content-length":
                self._left = int(value)
                cycle.chunked_encoding = False
            elif name == b"connection" and b"close" in value.lower():
                cycle.keep_alive = False
                says_close = True
        if not cycle.keep_alive and not says_close:
            parts += (b"connection: close", b"\r\n")
        if cycle.chunked_encoding is None and cycle.scope["method"] != "HEAD" and status not in _WITHOUT_BODY:
            cycle.chunked_encoding = True
            parts += (b"transfer-encoding: chunked", b"\r\n")
        parts.append(b"\r\n")
        head = b"".join(parts)
        # A value that holds a line end would be read as a header, or an answer, of its own.
        lines = parts.count(b"\r\n")
        if head.count(b"\n") != lines or head.count(b"\r") != lines or b"\0" in head:
            raise RuntimeError("a header's name or value holds a line end")
        return head

    def _body(self, body: bytes, *, more: bool) -> None:
        cycle = self._cycle
        if cycle.scope["method"] == "HEAD":
            body = b""
            self._left = 0
        elif cycle.chunked_encoding:
            body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            if not more:
                body += b"0\r\n\r\n"
        else:
            self._left -= len(body)
        if self._left < 0 or (self._left and not more):
            raise RuntimeError("the answer's body is not as long as its content-length says")
        head, self._head = self._head, b""
        if head or body:
            cycle.transport.write(head + body if head else body)
        if not more:
            self._end()

    def _end(self) -> None:
        cycle = self._cycle
        cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()

    def _write_head(self) -> None:
        head, self._head = self._head, b""
        if head and not self._cycle.disconnected:
            self._cycle.transport.write(head)
