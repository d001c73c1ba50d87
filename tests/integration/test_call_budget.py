"""A budget for the hot path: how many functions of ours a warm call passes through. Lower it as they become fewer.

Function calls are counted, and not microseconds: they are the same on every machine, and a step that is added to every call shows.
A coroutine counts each time it is resumed, as the interpreter enters it anew. The path of a call, each room with its files and
functions, is written to `artifacts/call_path_*.txt`.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import CodeType, FrameType

import orjson
import pytest
from tests.integration.gateway_room import CHAT, GatewayRoom, User, running_gateway
from tests.integration.stand_in_provider import DONE, Json, chunk, event, message

import solaris

MAX_FUNCTIONS_WHOLE = 295
MAX_FUNCTIONS_STREAMED = 480

_ARTIFACTS = Path(__file__).parents[2] / "artifacts"
_OURS = str(Path(solaris.__file__).parent) + "/"
_CALLS = 200
_WARMING_CALLS = 30
_TEXT_EVENTS = 5
# In each of which the event loop looks at its sockets: what was written before has been read by then.
_TURNS_BETWEEN_EVENTS = 4
_USAGE = {"prompt_tokens": 40, "completion_tokens": 15, "total_tokens": 55}


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A provider with kept connections. Each event of a stream is a packet of its own, as a model's are."""
    while head := await _head(reader):
        asked = orjson.loads(await reader.readexactly(_length(head)) or b"{}")
        if head.startswith(b"GET"):
            _write_whole(writer, {"object": "list", "data": [{"id": "gpt-4", "object": "model"}]})
        elif not asked.get("stream"):
            _write_whole(writer, message("Uma resposta em poucas palavras.", usage=_USAGE))
        else:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
            for part in _stream():
                for _ in range(_TURNS_BETWEEN_EVENTS):
                    await asyncio.sleep(0)
                writer.write(b"%x\r\n%b\r\n" % (len(part), part) + (b"0\r\n\r\n" if part == DONE else b""))
        await writer.drain()
    writer.close()


def _stream() -> list[bytes]:
    texts: list[Json] = [chunk({"content": " um pedaço"}) for _ in range(_TEXT_EVENTS - 1)]
    texts.append(chunk({"content": " fim"}, "stop"))
    usage = {**chunk({}), "choices": [], "usage": _USAGE}
    return [*map(event, (*texts, usage)), DONE]


def _write_whole(writer: asyncio.StreamWriter, value: Json) -> None:
    body = orjson.dumps(value)
    writer.write(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
    )


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionResetError):
        return b""


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0] or 0)


@asynccontextmanager
async def _provider() -> AsyncIterator[str]:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


@pytest.fixture
async def room(database_url: str, redis_url: str) -> AsyncIterator[GatewayRoom]:
    """A proxy with Redis, whose plans' limits are in force and never reached."""
    async with _provider() as url, running_gateway(database_url, url, redis_url=redis_url) as running:
        await running.database.execute(
            "UPDATE plans SET requests_per_minute = 2000000000, tokens_per_minute = 2000000000, concurrent_calls = 1000"
        )
        yield running


async def _ask(room: GatewayRoom, user: User, calls: int, *, stream: bool) -> None:
    """So many calls, one after the other, on one connection."""
    host, _, port = room.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    for number in range(calls):
        messages = [
            {"role": "system", "content": "Responda em português, com frases curtas."},
            {"role": "user", "content": f"{number}: como funciona o controle de tokens?"},
        ]
        body = orjson.dumps({"model": "gpt-4", "messages": messages, "max_tokens": 400, "stream": stream})
        start = f"POST {CHAT} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {user.key}\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(start.encode() + body)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        if stream:
            answer = await reader.readuntil(b"0\r\n\r\n")
            assert answer.count(b"data:") == _TEXT_EVENTS + 1
        else:
            await reader.readexactly(_length(head))
    writer.close()
    await writer.wait_closed()


@contextmanager
def _counted() -> Iterator["Counter[CodeType]"]:
    """How often each function of ours is entered in this thread while the body runs."""
    entered: Counter[CodeType] = Counter()

    def note(frame: FrameType, what: str, _: object) -> None:
        if what == "call" and frame.f_code.co_filename.startswith(_OURS):
            entered[frame.f_code] += 1

    sys.setprofile(note)
    try:
        yield entered
    finally:
        sys.setprofile(None)


def _path_of(entered: "Counter[CodeType]") -> str:
    """The rooms, files and functions that a call passes, with how often it enters each."""
    files: dict[str, list[str]] = {}
    for code, count in entered.most_common():
        # What runs less often than every second call is the work of timers, and of batches of several calls.
        if count >= _CALLS / 2:
            name = code.co_filename.removeprefix(_OURS)
            files.setdefault(name, []).append(f"{code.co_qualname} {count / _CALLS:.1f}")
    functions = sum(map(len, files.values()))
    rooms = len({name.rpartition("/")[0] for name in files})
    head = f"{functions} functions in {len(files)} files of {rooms} rooms, entered {entered.total() / _CALLS:.0f} times"
    return "\n".join([head, *(f"{name}: {', '.join(names)}" for name, names in sorted(files.items()))])


@pytest.mark.parametrize("at_once", [1, 20])
@pytest.mark.parametrize(("stream", "most"), [(False, MAX_FUNCTIONS_WHOLE), (True, MAX_FUNCTIONS_STREAMED)])
async def test_a_warm_call_keeps_to_its_budget_of_functions(
    room: GatewayRoom, stream: bool, most: int, at_once: int
) -> None:
    users = [await room.user(100_000_000) for _ in range(at_once)]
    for user in users:
        await _ask(room, user, _WARMING_CALLS // at_once + 1, stream=stream)

    with _counted() as entered:
        await asyncio.gather(*(_ask(room, user, _CALLS // at_once, stream=stream) for user in users))

    per_call = entered.total() / _CALLS
    if at_once == 1:
        _ARTIFACTS.mkdir(exist_ok=True)
        (_ARTIFACTS / f"call_path_{'streamed' if stream else 'whole'}.txt").write_text(
            _path_of(entered) + "\n", "utf-8"
        )
    often = [f"{count / _CALLS:6.2f} {code.co_qualname}" for code, count in entered.most_common(40)]
    # Fewer than half would be no call that is metered.
    assert most / 2 < per_call <= most, "\n".join([f"{per_call:.1f} functions per call, most of them:", *often])
