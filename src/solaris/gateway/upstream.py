"""The one client of LiteLLM: bounded connections, bounded waits, and nobody's identity but ours."""

import asyncio
import contextlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
import yarl

from solaris.domain.errors import ModelServiceFailed, ModelServiceTimeout, ModelServiceUnavailable
from solaris.gateway.upstream_errors import FAILED_MESSAGE, TIMEOUT_MESSAGE, UNREACHABLE_MESSAGE, fault_of
from solaris.platform.logs import Log
from solaris.platform.tracing import current_trace_id, traceparent_for

# What a caller may tell LiteLLM in headers. Everything else stays here: credentials, cookies, identities, hop-by-hop headers.
_PASSED_ON = ("openai-beta", "anthropic-version", "anthropic-beta", "tracestate")
_MOST_ERROR_BYTES = 65_536
_MOST_BYTES_AT_ONCE = 1_000_000
_MOST_ANSWER_BYTES = 64 * 1024 * 1024
_SECONDS_TO_FINISH = 0.05
_LISTING_TIMEOUT = aiohttp.ClientTimeout(total=5)


@dataclass(frozen=True, slots=True)
class UpstreamLimits:
    """How long LiteLLM may take, and how many calls may be under way.

    `first_byte_seconds` is also what a whole unstreamed answer may take; `idle_seconds` is the longest silence inside a stream;
    `connect_seconds` includes the wait for a free connection, so that a flood is refused quickly.
    """

    connect_seconds: float = 5.0
    first_byte_seconds: float = 600.0
    idle_seconds: float = 120.0
    most_connections: int = 2_000


class Answer:
    """LiteLLM's answer of status 200, its body still to come."""

    def __init__(self, response: aiohttp.ClientResponse, idle_seconds: float) -> None:
        self._response = response
        self._idle_seconds = idle_seconds
        self.headers: Mapping[str, str] = response.headers
        self.is_stream = response.content_type == "text/event-stream"

    async def whole(self) -> bytes:
        """The whole body.

        Raises:
            ModelServiceFailed, ModelServiceTimeout: it broke off, is too large, or did not come in time.
        """
        parts: list[bytes] = []
        size = 0
        while part := await self.next_part():
            size += len(part)
            if size > _MOST_ANSWER_BYTES:
                self.end()
                raise ModelServiceFailed(FAILED_MESSAGE)
            parts.append(part)
        return b"".join(parts)

    async def next_part(self) -> bytes:
        """The next bytes as they come; empty at the end.

        Raises:
            ModelServiceFailed, ModelServiceTimeout: the connection broke, or was silent for too long.
        """
        try:
            return await self._response.content.readany()
        except TimeoutError as error:
            raise ModelServiceTimeout(TIMEOUT_MESSAGE) from error
        except (aiohttp.ClientError, OSError) as error:
            raise ModelServiceFailed(FAILED_MESSAGE) from error

    def begun(self) -> None:
        """The first byte is here: from now on the shorter limit for silences applies."""
        connection = self._response.connection
        if connection is not None and connection.protocol is not None:
            connection.protocol.read_timeout = self._idle_seconds
            connection.protocol.start_timeout()

    async def finish(self) -> None:
        """The last event is here; a body that ends now leaves its connection to the next call."""
        with contextlib.suppress(TimeoutError, ModelServiceUnavailable):
            async with asyncio.timeout(_SECONDS_TO_FINISH):
                while await self.next_part():
                    pass

    def end(self) -> None:
        """Done with it. Where the body has not come to its end, LiteLLM sees the connection close, and a waiting read raises."""
        self._response.close()


class Upstream:
    """LiteLLM, or any OpenAI-compatible server."""

    def __init__(self, base_url: str, api_key: str | None, log: Log, limits: UpstreamLimits | None = None) -> None:
        self._base_url = base_url
        self._log = log
        self._limits = limits or UpstreamLimits()
        self._authorization = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
        self._timeout = aiohttp.ClientTimeout(
            total=None, connect=self._limits.connect_seconds, sock_read=self._limits.first_byte_seconds
        )
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the client; nothing is connected yet."""
        self._session = aiohttp.ClientSession(
            # Kept shorter than uvicorn's five seconds, so that LiteLLM never closes a connection that we are about to use.
            connector=aiohttp.TCPConnector(limit=self._limits.most_connections, keepalive_timeout=4, ttl_dns_cache=60),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "solaris-proxy", "Accept-Encoding": "identity"},
        )

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, path: str, payload: bytes, caller_headers: Mapping[str, str]) -> Answer:
        """One model call, up to its first byte of headers.

        Raises:
            ModelServiceUnavailable: it can't be reached, or refuses us for our own mistake (logged with the cure).
            ModelServiceTimeout, ModelServiceFailed: it did not answer in time, or failed.
            UpstreamRefused: the request itself was refused.
        """
        # Above a megabyte aiohttp wants a file, which it sends in pieces, so that other calls get their turn.
        data = payload if len(payload) <= _MOST_BYTES_AT_ONCE else io.BytesIO(payload)
        passed = {name: caller_headers[name] for name in _PASSED_ON if name in caller_headers}
        response = await self._asked("POST", path, data=data, headers=self._headers(passed), timeout=self._timeout)
        if response.status != 200:
            await self._refuse(path, response)
        return Answer(response, self._limits.idle_seconds)

    async def models(self) -> list[dict[str, Any]]:
        """What GET /v1/models lists. Raises as `call`."""
        response = await self._asked("GET", "/v1/models", headers=self._headers({}), timeout=_LISTING_TIMEOUT)
        if response.status != 200:
            await self._refuse("/v1/models", response)
        try:
            body = orjson.loads(await response.read())
        except TimeoutError as error:
            raise ModelServiceTimeout(TIMEOUT_MESSAGE) from error
        except (aiohttp.ClientError, OSError, orjson.JSONDecodeError) as error:
            raise ModelServiceFailed(FAILED_MESSAGE) from error
        entries = body.get("data") if isinstance(body, dict) else None
        return [entry for entry in entries or [] if isinstance(entry, dict) and isinstance(entry.get("id"), str)]

    def _headers(self, passed: dict[str, str]) -> dict[str, str]:
        headers = {"Content-Type": "application/json", **self._authorization, **passed}
        trace_id = current_trace_id.get()
        if trace_id is not None:
            headers["traceparent"] = traceparent_for(trace_id)
        return headers

    async def _asked(self, method: str, path: str, **options: Any) -> aiohttp.ClientResponse:
        if self._session is None:
            raise ModelServiceUnavailable(UNREACHABLE_MESSAGE)
        try:
            return await self._session.request(method, self._base_url + path, allow_redirects=False, **options)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            self._log.error(
                "model_service_unreachable",
                url=_without_password(self._base_url),
                cause=str(error),
                cure="start LiteLLM; check LITELLM_URL",
            )
            raise ModelServiceUnavailable(UNREACHABLE_MESSAGE) from error
        except TimeoutError as error:
            raise ModelServiceTimeout(TIMEOUT_MESSAGE) from error
        except (aiohttp.ClientError, OSError) as error:
            raise ModelServiceFailed(FAILED_MESSAGE) from error

    async def _refuse(self, path: str, response: aiohttp.ClientResponse) -> None:
        try:
            async with asyncio.timeout(5):
                body = await response.content.read(_MOST_ERROR_BYTES)
        except (TimeoutError, aiohttp.ClientError, OSError):
            body = b""
        response.close()
        fault = fault_of(response.status, body)
        if fault.cure is not None:
            self._log.error("model_service_refuses_us", path=path, cause=fault.cause, cure=fault.cure)
        else:
            self._log.warning("model_call_refused", path=path, cause=fault.cause)
        raise fault.condition


def _without_password(url: str) -> str:
    return str(yarl.URL(url).with_user(None))
