"""The caller's side of one call: what is sent to him, and whether he is still there."""

from collections.abc import Callable

from starlette.types import Receive, Send

from solaris.gateway.answers import Headers


class CallerConnection:
    """One caller's connection. `started`: the answer's head is out. `gone`: the caller has left."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.gone = False
        self.started = False
        self.on_gone: Callable[[], object] | None = None

    async def watch(self) -> None:
        """Waits until the caller leaves, and calls `on_gone` at once."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        if self.on_gone is not None:
            self.on_gone()

    def left_already(self) -> bool:
        """Whether the caller left before; does not wait."""
        asking = self._receive().__await__()
        try:
            next(asking)
        except StopIteration as answer:
            self.gone = answer.value["type"] == "http.disconnect"
        else:
            # It would wait: nothing has come. A task of its own for this question would cost more than the question.
            asking.close()
        return self.gone

    async def begin(self, headers: Headers) -> None:
        """Send the head of a 200."""
        self.started = True
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})

    async def body(self, data: bytes, *, more: bool) -> None:
        """Send a part of the body; waits while the caller reads too slowly."""
        await self._send({"type": "http.response.body", "body": data, "more_body": more})
