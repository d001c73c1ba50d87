"""The bare forwarder: the proxy's server stack (uvicorn, uvloop, httptools, aiohttp's client) and nothing else.

What it reaches is the ceiling for any proxy built on this stack; what the proxy does beside forwarding is the difference.
"""

import argparse
from typing import Any

import aiohttp

from solaris.platform.server import bind, serve

Scope = dict[str, Any]


class Forwarder:
    """A plain ASGI application that passes bodies on, both ways, as they come."""

    def __init__(self, upstream_url: str) -> None:
        self._upstream_url = upstream_url
        self._session: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """ASGI's entry."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._forward(scope, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._session = aiohttp.ClientSession(
                    connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
                )
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._session is not None:
                    await self._session.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _forward(self, scope: Scope, receive: Any, send: Any) -> None:
        if self._session is None:
            raise RuntimeError("the server calls the lifespan first")
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {"content-type": "application/json"}
        url = self._upstream_url + scope["path"]
        async with self._session.request(scope["method"], url, data=body, headers=headers) as answer:
            passed = [(b"content-type", answer.headers["content-type"].encode())]
            if answer.content_length is not None:
                passed.append((b"content-length", str(answer.content_length).encode()))
            await send({"type": "http.response.start", "status": answer.status, "headers": passed})
            async for part in answer.content.iter_any():
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m bench.forwarder", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--upstream", required=True)
    options = parser.parse_args()
    serve(Forwarder(options.upstream), bind("127.0.0.1", options.port, "--port"))


if __name__ == "__main__":
    main()
