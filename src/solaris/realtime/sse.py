"""Server-sent events (WHATWG HTML, 9.2) to one reader who may be slow: what was not sent yet is replaced, never queued."""

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
    # A reverse proxy that changes or gathers the answer would hold the events back.
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
}


def event(name: str, data: Mapping[str, Any], event_id: str | None = None) -> bytes:
    """One event. JSON holds no line break, so its data is one line; ids of PostgreSQL rows are no plain UUIDs to orjson."""
    head = b"" if event_id is None else b"id: %s\n" % event_id.encode()
    return b"%sevent: %s\ndata: %s\n\n" % (
        head,
        name.encode(),
        orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z),
    )


class EventStream:
    """What one reader is still to get: one event per slot, the latest wins; at most 64 slots, the oldest goes first.

    Memory stays the same however long the reader does not read.
    """

    def __init__(self) -> None:
        self._slots: dict[str, bytes] = {}
        self._wake = asyncio.Event()
        self._beat_due = False
        self._ending: bytes | None = None

    @property
    def is_ending(self) -> bool:
        """Whether nothing more is taken: the last event was put."""
        return self._ending is not None

    def put(self, slot: str, payload: bytes) -> None:
        """Send this event, in place of one of the same slot that still waits."""
        if self._ending is not None:
            return
        self._slots.pop(slot, None)
        if len(self._slots) >= _MAX_SLOTS:
            del self._slots[next(iter(self._slots))]
        self._slots[slot] = payload
        self._wake.set()

    def beat(self) -> None:
        """Send a comment, so that a broken connection is noticed on both sides."""
        self._beat_due = True
        self._wake.set()

    def end(self, payload: bytes = b"") -> None:
        """Send what waits and then this, and nothing more. A second ending changes nothing."""
        if self._ending is None:
            self._ending = payload
            self._wake.set()

    async def take(self) -> bytes:
        """What is to be sent now; waits until there is something. After `is_ending` it is the last."""
        await self._wake.wait()
        self._wake.clear()
        waiting, self._slots = self._slots, {}
        beat, self._beat_due = self._beat_due, False
        payload = b"".join(waiting.values()) + (self._ending or b"")
        return payload or (_BEAT if beat else b"")


class EventStreamResponse(Response):
    """The answer that sends a stream's events until it ends or the reader leaves; `on_close` is told once, whichever it was."""

    def __init__(self, stream: EventStream, on_close: Callable[[], None]) -> None:
        super().__init__(headers=_HEADERS)
        # Its length is not known before its end.
        del self.headers["content-length"]
        self._stream = stream
        self._on_close = on_close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve it."""
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
                    # Waits while the reader does not read: meanwhile slots are replaced.
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
            # Also where it can't be watched any more: such a reader comes back by himself.
            self._stream.end()


def _seen(task: "asyncio.Task[None]") -> None:
    # Whatever ended the watch for the reader's leaving, it is no news to anybody.
    if not task.cancelled():
        task.exception()


def _part(payload: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": payload, "more_body": True}
