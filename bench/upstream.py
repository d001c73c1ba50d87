"""The fast upstream: an OpenAI-compatible server that answers prepared bytes, so that what is measured is what stands before it.

A prompt that holds `[[slow N chunks every M ms]]` is answered by a stream of that pace, each chunk stamped with the moment it was
sent (the system's monotonic clock in nanoseconds, the same for every process).
"""

import argparse
import asyncio
import re
import signal
import time
from typing import cast

import orjson
import uvloop

CHUNKS = 20
_SLOW = re.compile(rb"\[\[slow (\d{1,5}) chunks every (\d{1,6}) ms\]\]")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_ANSWER = "A proxy conta tokens antes e depois de cada chamada; o saldo nunca mente. " * 9
_PIECE = " resposta em partes"
_PROMPT_TOKENS = 230
_OUTPUT_TOKENS = 160
_MODELS = ("gpt-4", "gpt-3.5-turbo", "claude-3")


def _answer(body: bytes, content_type: bytes = b"application/json") -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\ncontent-length: %d\r\n\r\n%b" % (content_type, len(body), body)


def _usage() -> dict[str, int]:
    total = _PROMPT_TOKENS + _OUTPUT_TOKENS
    return {"prompt_tokens": _PROMPT_TOKENS, "completion_tokens": _OUTPUT_TOKENS, "total_tokens": total}


def _whole_answer() -> bytes:
    message = {"role": "assistant", "content": _ANSWER}
    return orjson.dumps(
        {
            "id": "chatcmpl-bench",
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": "gpt-4",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": _usage(),
        }
    )


def event(delta: dict[str, str] | None, *, finish: str | None = None, usage: dict[str, int] | None = None) -> bytes:
    """One event of a stream, in HTTP's chunked coding. `delta` None: a chunk without choices, as the usage comes."""
    chunk = {
        "id": "chatcmpl-bench",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": "gpt-4",
        "choices": [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    if usage is not None:
        chunk["usage"] = usage
    return _coded(b"data: " + orjson.dumps(chunk) + b"\n\n")


def _coded(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


STREAM_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
WHOLE = _answer(_whole_answer())
MODELS = _answer(
    orjson.dumps({"object": "list", "data": [{"id": name, "object": "model", "created": 0} for name in _MODELS]})
)
READY = _answer(b'{"status":"healthy"}')
FIRST = event({"role": "assistant", "content": _PIECE})
MIDDLE = event({"content": _PIECE})
LAST = event({"content": _PIECE}, finish="stop")
USAGE = event(None, usage=_usage())
DONE = _coded(b"data: [DONE]\n\n") + b"0\r\n\r\n"


class Connection(asyncio.Protocol):
    """One caller. Reads requests by scanning for their ends; pipelining is not needed and not supported."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        data = self._waiting + data if self._waiting else data
        head = data.find(b"\r\n\r\n")
        length = _LENGTH.search(data, 0, head) if head >= 0 else None
        if head < 0 or len(data) < head + 4 + (int(length[1]) if length else 0):
            self._waiting = data
            return
        self._waiting = b""
        self._answer(data)

    def _answer(self, request: bytes) -> None:
        if request.startswith(b"GET"):
            self._write(MODELS if b"/models" in request[:40] else READY)
        elif b'"stream":true' not in request and b'"stream": true' not in request:
            self._write(WHOLE)
        else:
            self._stream(request)

    def _stream(self, request: bytes) -> None:
        usage = b'"include_usage":true' in request or b'"include_usage": true' in request
        slow = _SLOW.search(request)
        self._write(STREAM_HEAD)
        if slow is None:
            self._send([FIRST, *[MIDDLE] * (CHUNKS - 2), LAST, *([USAGE] if usage else []), DONE], 0)
        else:
            self._send_slowly(int(slow[1]), int(slow[2]) / 1000, usage)

    def _send(self, events: list[bytes], index: int) -> None:
        # Each in a turn of its own, so that each is a packet of its own, as a model's are.
        self._write(events[index])
        if index + 1 < len(events):
            self._loop.call_soon(self._send, events, index + 1)

    def _send_slowly(self, left: int, pause_seconds: float, usage: bool) -> None:
        if self._transport is None:
            return
        self._write(event({"content": f" {time.monotonic_ns()} "}, finish="stop" if left == 1 else None))
        if left > 1:
            self._loop.call_later(pause_seconds, self._send_slowly, left - 1, pause_seconds, usage)
        else:
            self._write((USAGE if usage else b"") + DONE)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


async def serve(port: int) -> asyncio.Server:
    """Listen on loopback."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Connection(loop), "127.0.0.1", port, backlog=2048)


async def _run(port: int) -> None:
    ending = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    server = await serve(port)
    await ending.wait()
    server.close()


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m bench.upstream", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    uvloop.run(_run(parser.parse_args().port))


if __name__ == "__main__":
    main()
