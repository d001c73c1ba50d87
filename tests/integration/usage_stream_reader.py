"""Reads a stream of server-sent events as a browser would."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp


@dataclass
class Event:
    """One event, and when it came (monotonic)."""

    name: str
    data: dict[str, Any]
    id: str
    at: float


@dataclass
class LiveReader:
    """What came so far."""

    response: aiohttp.ClientResponse
    events: list[Event] = field(default_factory=list)
    comments: int = 0
    retry_ms: int | None = None
    ended: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self) -> None:
        """Until the stream ends."""
        name, data, event_id = "message", "", ""
        try:
            async for raw in self.response.content:
                line = raw.decode().rstrip("\n")
                key, _, value = line.partition(": ")
                if key == "event":
                    name = value
                elif key == "data":
                    data = value
                elif key == "id":
                    event_id = value
                elif key == "retry":
                    self.retry_ms = int(value)
                elif not line and data:
                    self.events.append(Event(name, json.loads(data), event_id, time.monotonic()))
                    name, data = "message", ""
                    self.news.set()
                elif line.startswith(":"):
                    self.comments += 1
                    self.news.set()
        finally:
            self.ended = True
            self.news.set()

    def named(self, name: str) -> list[Event]:
        """The events of that name."""
        return [event for event in self.events if event.name == name]

    async def until(self, name: str, within_seconds: float = 5.0, **wanted: Any) -> Event:
        """The first event of that name whose data holds these values."""
        async with asyncio.timeout(within_seconds):
            while True:
                for event in self.named(name):
                    if all(event.data.get(key) == value for key, value in wanted.items()):
                        return event
                assert not self.ended, f"the stream ended without {name} {wanted}: {self.events}"
                self.news.clear()
                await self.news.wait()

    async def end(self, within_seconds: float = 5.0) -> None:
        """Wait until the server has ended the stream."""
        async with asyncio.timeout(within_seconds):
            while not self.ended:
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def reading(http: aiohttp.ClientSession, url: str, headers: Mapping[str, str]) -> AsyncIterator[LiveReader]:
    """A stream being read; closed at the end."""
    timeout = aiohttp.ClientTimeout(total=None)
    async with http.get(url, headers=headers, timeout=timeout) as response:
        assert response.status == 200, await response.text()
        reader = LiveReader(response)
        task = asyncio.create_task(reader.read())
        try:
            yield reader
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
