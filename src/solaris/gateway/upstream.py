"""HTTP client of LiteLLM, with limits for connections and time; it sends only our credentials."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import yarl

from solaris.domain.errors import ModelServiceFailed, ModelServiceTimeout, ModelServiceUnavailable
from solaris.gateway.upstream_errors import FAILED_MESSAGE, TIMEOUT_MESSAGE, UNREACHABLE_MESSAGE, fault_of
from solaris.gateway.upstream_log import error_fields
from solaris.platform.http.content_encoding import Unpacker, UnreadableBody, unpacker_for
from solaris.platform.http_client.connection import ClientConnection, ReadTimeout, RemoteProtocolError
from solaris.platform.http_client.pool import CONNECT_FAILURES, ConnectionPool, Origin
from solaris.platform.logs import Log
from solaris.platform.tracing import current_trace_id, traceparent_for

# Headers that are forwarded. Credentials, cookies, identities and hop-by-hop headers are not.
_FORWARDED_HEADERS = (b"openai-beta", b"anthropic-version", b"anthropic-beta", b"tracestate")
_JSON = b"application/json"
_MAX_ERROR_BYTES = 65_536
_MAX_LISTING_BYTES = 64 * 1024 * 1024
_SECONDS_TO_FINISH = 0.05
_LISTING_SECONDS = 5.0
_SECONDS_TO_EXPLAIN = 5.0
_IDLE_SECONDS = 4.0
_MODELS = "/v1/models"
_MODELS_AND_PATTERNS = "/v1/models?return_wildcard_routes=true"
# LiteLLM serves these; another OpenAI-compatible server need not.
_MAY_BE_MISSING = frozenset({_MODELS_AND_PATTERNS, "/router/settings", "/v1/model/info"})
# Not every provider counts: that is not logged as a fault, and we count instead.
_COUNT_PATHS = frozenset({"/v1/messages/count_tokens", "/v1/responses/input_tokens"})


class _NotServed(ModelServiceFailed):
    """The server does not serve an optional path."""


@dataclass(frozen=True, slots=True)
class UpstreamLimits:
    """Time limits for LiteLLM, and the limit of concurrent calls.

    `first_byte_seconds` also limits a whole unstreamed response; `idle_seconds` is the longest
    silence inside a stream; `connect_seconds` includes the wait for a free connection, so that a
    flood is refused quickly.
    """

    connect_seconds: float = 5.0
    first_byte_seconds: float = 600.0
    idle_seconds: float = 120.0
    max_connections: int = 2_000


class UpstreamResponse:
    """LiteLLM's response of status 200, whose body is read by `start` or `next_part`.

    A compressed body, though not requested, is unpacked.

    Raises:
        UnreadableBody: the compression is unknown.
    """

    def __init__(self, connection: ClientConnection, pool: ConnectionPool, idle_seconds: float) -> None:
        self._connection: ClientConnection | None = connection
        self._pool = pool
        self._idle_seconds = idle_seconds
        self._headers = connection.headers
        kind = connection.headers.get(b"content-type", b"")
        self.is_stream = kind != _JSON and kind.partition(b";")[0].strip().lower() == b"text/event-stream"
        coding = connection.headers.get(b"content-encoding")
        self._unpacker = None if coding is None else unpacker_for(coding.decode("latin-1"))

    def header(self, name: str) -> str | None:
        """The value of a header; `name` in lower case."""
        value = self._headers.get(name.encode())
        return None if value is None else value.decode("latin-1")

    @property
    def ended_here(self) -> bool:
        """Whether `end` was called, so that the rest of the body is not wanted."""
        return self._connection is None

    @property
    def length(self) -> int | None:
        """Length of the body in bytes, if its header states it."""
        length = self._headers.get(b"content-length")
        return int(length) if self._unpacker is None and length is not None and length.isdigit() else None

    async def start(self, max_bytes: int) -> tuple[bytes, bool]:
        """Return the whole body and True, or its start and False if it exceeds `max_bytes`.

        Raises:
            ModelServiceFailed, ModelServiceTimeout: it broke off, or did not arrive in time.
        """
        if self._connection is not None and self._connection.complete and self._unpacker is None:
            # Most bodies arrive with their head: no wait is needed.
            body = self._connection.take_rest()
            self.end()
            return body, True
        parts: list[bytes] = []
        size = 0
        while part := await self.next_part():
            size += len(part)
            parts.append(part)
            if size > max_bytes:
                return b"".join(parts), False
        self.end()
        return parts[0] if len(parts) == 1 else b"".join(parts), True

    async def next_part(self) -> bytes:
        """Return the next bytes as they arrive; empty at the end.

        Raises:
            ModelServiceFailed, ModelServiceTimeout: the connection broke, or was silent for too
            long.
        """
        connection = self._connection
        if connection is None:
            raise ModelServiceFailed(FAILED_MESSAGE)
        try:
            if self._unpacker is not None:
                return await self._unpacked_part(connection, self._unpacker)
            # `ClientConnection.part` without its coroutine: every part of a stream passes here.
            while not (connection.unread or connection.complete):
                await connection.wait_for_data()
            return connection.take_unread()
        except ReadTimeout as error:
            raise ModelServiceTimeout(TIMEOUT_MESSAGE) from error
        except (RemoteProtocolError, UnreadableBody) as error:
            raise ModelServiceFailed(FAILED_MESSAGE) from error

    async def _unpacked_part(self, connection: ClientConnection, unpacker: Unpacker) -> bytes:
        while not (unpacked := unpacker.take()):
            packed = await connection.read()
            if not packed:
                if not unpacker.complete:
                    raise UnreadableBody("the packed body ends too early")
                return b""
            unpacker.feed(packed)
        return unpacked

    def on_first_byte(self) -> None:
        """Apply the limit for silences inside a stream from now on."""
        if self._connection is not None:
            self._connection.set_read_timeout(self._idle_seconds)

    async def finish(self) -> None:
        """Read the end of the body, so that its connection can be reused."""
        if self._connection is None or self._connection.complete:
            return
        with contextlib.suppress(TimeoutError, ModelServiceUnavailable):
            async with asyncio.timeout(_SECONDS_TO_FINISH):
                while await self.next_part():
                    pass

    def end(self) -> None:
        """Release the connection.

        It is closed if the body is incomplete, and a waiting read raises.
        """
        connection, self._connection = self._connection, None
        if connection is not None:
            self._pool.give_back(connection)


class Upstream:
    """LiteLLM, or any OpenAI-compatible server."""

    def __init__(self, base_url: str, api_key: str | None, log: Log, limits: UpstreamLimits | None = None) -> None:
        self._base_url = base_url
        self._log = log
        self._limits = limits or UpstreamLimits()
        self._origin = Origin(base_url)
        authorization = self._origin.authorization if api_key is None else f"Bearer {api_key}".encode()
        self._fixed_headers = (
            b"user-agent: solaris-proxy\r\naccept: */*\r\naccept-encoding: identity\r\ncontent-type: application/json\r\n"
            + (b"authorization: %b\r\n" % authorization if authorization else b"")
        )
        self._starts: dict[str, bytes] = {}
        self._pool: ConnectionPool | None = None

    async def open(self) -> None:
        """Create the connection pool; connects later."""
        self._pool = ConnectionPool(
            self._origin,
            max_connections=self._limits.max_connections,
            # Shorter than uvicorn's five seconds, so that LiteLLM never closes a connection that we
            # are about to use.
            idle_seconds=_IDLE_SECONDS,
            connect_seconds=self._limits.connect_seconds,
        )

    async def close(self) -> None:
        """Close every connection."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def call(
        self, path: str, payload: bytes, caller_headers: Mapping[bytes, bytes], on_sent: Callable[[], None]
    ) -> Coroutine[Any, Any, UpstreamResponse]:
        """Make one model call and return its response once the headers arrive.

        `on_sent` is called when the request is sent; before, LiteLLM does not know of it. If the
        task is cancelled while LiteLLM sends an error body, the error is raised.

        Raises:
            ModelServiceUnavailable: it can't be reached, or refuses our key (logged with the cure).
            ModelServiceTimeout, ModelServiceFailed: it did not respond in time, or failed.
            UpstreamRefused: the request itself was refused.
        """
        return self._request("POST", path, payload, caller_headers, self._limits.first_byte_seconds, on_sent)

    async def models(self) -> list[dict[str, Any]]:
        """The entries of GET /v1/models, including patterns such as `openai/*`.

        Raises as `call`.
        """
        body = await self.json_at(_MODELS_AND_PATTERNS) or await self.json_at(_MODELS)
        if body is None:
            raise ModelServiceFailed(FAILED_MESSAGE)
        entries = body.get("data")
        listed = entries if isinstance(entries, list) else []
        return [entry for entry in listed if isinstance(entry, dict) and isinstance(entry.get("id"), str)]

    async def json_at(self, path: str) -> dict[str, Any] | None:
        """GET `path` and return its JSON object; None if an optional path is not served.

        Raises:
            As `call`; ModelServiceFailed also if the response is no JSON.
        """
        try:
            async with asyncio.timeout(_LISTING_SECONDS):
                response = await self._request("GET", path, b"", {}, _LISTING_SECONDS)
                try:
                    whole, _ = await response.start(_MAX_LISTING_BYTES)
                    body = orjson.loads(whole)
                finally:
                    response.end()
        except TimeoutError as error:
            raise ModelServiceTimeout(TIMEOUT_MESSAGE) from error
        except orjson.JSONDecodeError as error:
            if path in _MAY_BE_MISSING:
                return None
            raise ModelServiceFailed(FAILED_MESSAGE) from error
        except _NotServed:
            return None
        return body if isinstance(body, dict) else None

    def _head(self, method: str, path: str, length: int, caller_headers: Mapping[bytes, bytes]) -> bytes:
        start = self._starts.get(method + path)
        if start is None:
            start = self._starts[method + path] = self._origin.request_line(method, path) + self._fixed_headers
        lines = [start, b"content-length: %d\r\n" % length]
        for name in _FORWARDED_HEADERS:
            value = caller_headers.get(name)
            if value is not None:
                # The server has refused every value that contains a line end.
                lines.append(b"%b: %b\r\n" % (name, value))
        trace_id = current_trace_id.get()
        if trace_id is not None:
            lines.append(f"traceparent: {traceparent_for(trace_id)}\r\n".encode())
        lines.append(b"\r\n")
        return b"".join(lines)

    async def _request(
        self,
        method: str,
        path: str,
        payload: bytes,
        caller_headers: Mapping[bytes, bytes],
        silence_seconds: float,
        on_sent: Callable[[], None] | None = None,
    ) -> UpstreamResponse:
        pool = self._pool
        if pool is None:
            raise ModelServiceUnavailable(UNREACHABLE_MESSAGE)
        connection = pool.take() or await self._connect(pool)
        connection.begin(self._head(method, path, len(payload), caller_headers), payload, silence_seconds)
        if on_sent is not None:
            on_sent()
        try:
            await connection.head()
        except ReadTimeout as error:
            connection.close()
            raise ModelServiceTimeout(TIMEOUT_MESSAGE) from error
        except RemoteProtocolError as error:
            connection.close()
            raise ModelServiceFailed(FAILED_MESSAGE) from error
        except BaseException:
            # The caller has left: closing the connection stops LiteLLM.
            connection.close()
            raise
        response = self._response(path, connection, pool)
        if connection.status != 200:
            await self._refuse(path, connection.status, response)
        return response

    def _response(self, path: str, connection: ClientConnection, pool: ConnectionPool) -> UpstreamResponse:
        try:
            return UpstreamResponse(connection, pool, self._limits.idle_seconds)
        except UnreadableBody as error:
            connection.close()
            self._log.error(
                "model_answer_unreadable",
                path=path,
                cause=str(error),
                cure="the server behind LITELLM_URL must not pack its answers (or with gzip): `identity` is asked for",
            )
            if connection.status != 200:
                raise fault_of(connection.status, b"").condition from error
            raise ModelServiceFailed(FAILED_MESSAGE) from error

    async def _connect(self, pool: ConnectionPool) -> ClientConnection:
        try:
            return await pool.connection()
        except (*CONNECT_FAILURES, RemoteProtocolError) as error:
            self._log.error(
                "model_service_unreachable",
                url=_redacted(self._base_url),
                cause=str(error) or type(error).__name__,
                cure="start LiteLLM; check LITELLM_URL",
            )
            raise ModelServiceUnavailable(UNREACHABLE_MESSAGE) from error

    async def _refuse(self, path: str, status: int, response: UpstreamResponse) -> None:
        body = b""
        try:
            async with asyncio.timeout(_SECONDS_TO_EXPLAIN):
                while len(body) < _MAX_ERROR_BYTES and (part := await response.next_part()):
                    body += part
        except (TimeoutError, ModelServiceUnavailable, asyncio.CancelledError):
            # Also if the caller leaves now: the call has failed already and costs nothing.
            pass
        response.end()
        if path in _MAY_BE_MISSING:
            raise _NotServed(FAILED_MESSAGE)
        fault = fault_of(status, body[:_MAX_ERROR_BYTES], path)
        # The text of an error quotes prompts: logged at debug only.
        self._log.debug("model_service_said", path=path, cause=fault.cause)
        fields = error_fields(body[:_MAX_ERROR_BYTES])
        if path in _COUNT_PATHS:
            self._log.debug("tokens_not_counted_upstream", path=path, status=status)
        elif fault.cure is not None:
            self._log.error("model_service_refuses_us", path=path, status=status, cure=fault.cure, **fields)
        else:
            self._log.warning("model_call_refused", path=path, status=status, **fields)
        raise fault.condition


def _redacted(url: str) -> str:
    return str(yarl.URL(url).with_user(None))
