"""Calls an ASGI application in the test's own process and loop, without a socket."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    """One answer, read to its end. Header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class AsgiClient:
    """Sends requests with the same default headers."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str] | None = None) -> None:
        self._app = app
        self._headers = dict(headers or {})

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """GET."""
        return await self.request("GET", url, headers=headers)

    async def post(self, url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """POST a JSON body; bytes go as they are."""
        return await self.request("POST", url, body, headers)

    async def request(
        self, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent = {"host": "test", "content-type": "application/json", **self._headers, **(headers or {})}
        parts = urlsplit(url)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
            "client": ("127.0.0.1", 1),
            "server": ("test", 80),
        }
        messages: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]
        received: list[Message] = []

        answered = asyncio.Event()

        async def receive() -> Message:
            if messages:
                return messages.pop()
            # A client stays until it has its answer; a stream of events never ends by itself.
            await answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            received.append(message)
            endless = any(value.startswith(b"text/event-stream") for _, value in message.get("headers", ()))
            if endless or (message["type"] == "http.response.body" and not message.get("more_body", False)):
                answered.set()

        await self._app(scope, receive, send)
        start = received[0]
        return Answer(
            start["status"],
            {name.decode().lower(): value.decode() for name, value in start["headers"]},
            b"".join(message.get("body", b"") for message in received[1:]),
        )
