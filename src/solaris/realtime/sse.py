"""Server-sent events (WHATWG HTML, 9.2).

For a slow reader unsent events are replaced, not queued.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

RETRY_MS = 2_000
_MAX_SLOTS = 64
_BEAT = b": .\n\n"
_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    # A reverse proxy that transforms or buffers the response would delay the events.
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
}


def event(name: str, data: Mapping[str, Any], event_id: str | None = None) -> bytes:
    """Encode one event; its data is one line, since orjson writes no line breaks.

    `default=str` encodes asyncpg's UUID subclass.
    """
    head = b"" if event_id is None else b"id: %s\n" % event_id.encode()
    return b"%sevent: %s\ndata: %s\n\n" % (
        head,
        name.encode(),
        orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z),
    )


class EventStream:
    """Unsent events of one reader: one per slot, the latest wins.

    At most 64 slots, of which the oldest is dropped, so memory is bounded for a reader of any speed.
    """

    def __init__(self) -> None:
        self._slots: dict[str, bytes] = {}
        self._wake = asyncio.Event()
        self._beat_due = False
        self._ending: bytes | None = None

    @property
    def is_ending(self) -> bool:
        """Whether the last event was put; later ones are ignored."""
        return self._ending is not None

    def put(self, slot: str, payload: bytes) -> None:
        """Send this event, replacing an unsent one of the same slot."""
        if self._ending is not None:
            return
        self._slots.pop(slot, None)
        if len(self._slots) >= _MAX_SLOTS:
            del self._slots[next(iter(self._slots))]
        self._slots[slot] = payload
        self._wake.set()

    def beat(self) -> None:
        """Send a comment, so that both sides notice a broken connection."""
        self._beat_due = True
        self._wake.set()

    def end(self, payload: bytes = b"") -> None:
        """Send the unsent events, then this one, then end. Further calls have no effect."""
        if self._ending is None:
            self._ending = payload
            self._wake.set()

    async def take(self) -> bytes:
        """Wait for and return the next bytes to send; the last ones if `is_ending` is true then."""
        await self._wake.wait()
        self._wake.clear()
        waiting, self._slots = self._slots, {}
        beat, self._beat_due = self._beat_due, False
        payload = b"".join(waiting.values()) + (self._ending or b"")
        return payload or (_BEAT if beat else b"")


class EventStreamResponse(Response):
    """A response that sends a stream's events until it ends or the reader disconnects.

    `on_close` is called once in both cases.
    """

    def __init__(self, stream: EventStream, on_close: Callable[[], None]) -> None:
        super().__init__(headers=_HEADERS)
        # The length is unknown.
        del self.headers["content-length"]
        self._stream = stream
        self._on_close = on_close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events (ASGI)."""
        leaving = asyncio.create_task(self._until_left(receive))
        leaving.add_done_callback(_seen)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send(_part(b"retry: %d\n\n" % RETRY_MS))
            is_last = False
            while not (is_last or leaving.done()):
                payload = await self._stream.take()
                is_last = self._stream.is_ending
                if payload:
                    # Waits while the reader does not read; meanwhile slots are replaced.
                    await send(_part(payload))
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._on_close()
            leaving.cancel()

    async def _until_left(self, receive: Receive) -> None:
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            # Also on an error in `receive`: the client reconnects by itself.
            self._stream.end()


def _seen(task: "asyncio.Task[None]") -> None:
    # Marks the exception as retrieved: the end of the disconnect watch is not an error.
    if not task.cancelled():
        task.exception()


def _part(payload: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": payload, "more_body": True}
