"""Load shedding: requests beyond the limit get 503 at once; running ones are not affected."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from solaris.domain.errors import Unavailable
from solaris.platform.http.errors import render_condition

_MESSAGE = "Há muitas chamadas ao mesmo tempo. Tente novamente em alguns segundos."
# Monitoring needs these routes most under overload.
_ALWAYS_SERVED = frozenset({"/api/health", "/metrics"})


class Overloaded(Unavailable):
    """The process has reached its limit of requests in progress."""

    code = "overloaded"


@dataclass(slots=True)
class Slots:
    """The limit of concurrent requests, and the present number."""

    limit: int
    taken: int = 0


class LoadShedding:
    """Serves a request if a slot is free; else answers 503 without reading the body."""

    def __init__(self, app: ASGIApp, slots: Slots) -> None:
        self._app = app
        self._slots = slots

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _ALWAYS_SERVED:
            await self._app(scope, receive, send)
            return
        slots = self._slots
        if slots.taken >= slots.limit:
            await render_condition(Overloaded(_MESSAGE))(scope, receive, send)
            return
        slots.taken += 1
        try:
            await self._app(scope, receive, send)
        finally:
            slots.taken -= 1


async def refuse_call(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Replace an application without free slots (ASGI). Raises Overloaded."""
    raise Overloaded(_MESSAGE)


async def refuse_connection(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 503 on a connection beyond the limit and close it (ASGI)."""
    response = render_condition(Overloaded(_MESSAGE))
    response.headers["Connection"] = "close"
    await response(scope, receive, send)
