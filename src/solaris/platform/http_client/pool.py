"""A bounded keep-alive connection pool for one HTTP/1.1 server (decision 0070)."""

import asyncio
import socket
import ssl
from base64 import b64encode
from collections import deque

import yarl

from solaris.platform.http_client.connection import ClientConnection, RemoteProtocolError

CONNECT_FAILURES = (OSError, TimeoutError, ssl.SSLError)
_SWEEP_SECONDS = 1.0


class Origin:
    """A server's address, and the first lines of every request to it.

    Raises:
        ValueError: the URL is not an http or https URL.
    """

    def __init__(self, base_url: str) -> None:
        url = yarl.URL(base_url)
        if url.scheme not in ("http", "https") or not url.raw_host:
            raise ValueError("the address of an HTTP server begins with http:// or https://")
        self.host = url.raw_host
        self.port = url.port or 80
        self.tls = ssl.create_default_context() if url.scheme == "https" else None
        self._path = url.raw_path.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        self._host_line = f"host: {host}" + ("" if url.is_default_port() else f":{self.port}")
        self.authorization = b""
        if url.user is not None:
            self.authorization = b"Basic " + b64encode(f"{url.user}:{url.password or ''}".encode())

    def request_line(self, method: str, path: str) -> bytes:
        """Return the request line and the `Host` header."""
        return f"{method} {self._path}{path} HTTP/1.1\r\n{self._host_line}\r\n".encode()


class ConnectionPool:
    """At most `max_connections` connections.

    Idle ones are reused for `idle_seconds`, newest first.
    """

    def __init__(self, origin: Origin, *, max_connections: int, idle_seconds: float, connect_seconds: float) -> None:
        self._origin = origin
        self._max_connections = max_connections
        self._idle_seconds = idle_seconds
        self._connect_seconds = connect_seconds
        self._idle: deque[tuple[float, ClientConnection]] = deque()
        self._open: set[ClientConnection] = set()
        self._connecting = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._sweep: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    def take(self) -> ClientConnection | None:
        """Return an idle connection, or None without one or if other callers wait."""
        return None if self._waiting else self._take_idle()

    def _take_idle(self) -> ClientConnection | None:
        while self._idle:
            _, connection = self._idle.pop()
            if connection.free:
                return connection
        return None

    async def connection(self) -> ClientConnection:
        """Return a connection, waiting for one if all are in use.

        Raises:
            CONNECT_FAILURES: the server can't be reached, or no connection became free in time.
        """
        enqueue = self._waiting.append
        async with asyncio.timeout(self._connect_seconds):
            while True:
                connection = self._take_idle()
                if connection is not None:
                    return connection
                if len(self._open) + self._connecting < self._max_connections:
                    return await self._connect()
                waiter: asyncio.Future[None] = self._loop.create_future()
                enqueue(waiter)
                enqueue = self._waiting.appendleft  # spurious wake-up: requeue at the front
                try:
                    await waiter
                except BaseException:
                    if waiter.done() and not waiter.cancelled():
                        self._wake_next()  # woken but cancelled: wake the next waiter
                    raise

    def give_back(self, connection: ClientConnection) -> None:
        """Return a connection to the pool; an incomplete response closes it."""
        if not connection.end():
            return
        self._idle.append((self._loop.time(), connection))
        self._wake_next()
        if self._sweep is None:
            self._sweep = self._loop.call_later(_SWEEP_SECONDS, self._close_idle)

    def close(self) -> None:
        """Abort every connection."""
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        for connection in list(self._open):
            connection.close()

    async def _connect(self) -> ClientConnection:
        self._connecting += 1
        try:
            transport, connection = await self._loop.create_connection(
                lambda: ClientConnection(self._loop, self._lost),
                self._origin.host,
                self._origin.port,
                ssl=self._origin.tls,
            )
        except BaseException:
            self._connecting -= 1
            self._wake_next()
            raise
        self._connecting -= 1
        self._open.add(connection)
        peer = transport.get_extra_info("socket")
        if peer is not None and peer.family in (socket.AF_INET, socket.AF_INET6):
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not connection.free:
            raise RemoteProtocolError("the server closed the connection at once")
        return connection

    def _lost(self, connection: ClientConnection) -> None:
        self._open.discard(connection)
        self._wake_next()

    def _wake_next(self) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return

    def _close_idle(self) -> None:
        self._sweep = None
        oldest = self._loop.time() - self._idle_seconds
        while self._idle and (self._idle[0][0] < oldest or not self._idle[0][1].free):
            self._idle.popleft()[1].close()
        if self._idle:
            self._sweep = self._loop.call_later(_SWEEP_SECONDS, self._close_idle)
