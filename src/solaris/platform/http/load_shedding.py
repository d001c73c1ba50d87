"""Refusing what would only pile up: a flood gets 503 at once, in our shape, while what is under way goes on undisturbed."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from solaris.domain.errors import Unavailable
from solaris.platform.http.errors import render_condition

_MESSAGE = "Há muitas chamadas ao mesmo tempo. Tente novamente em alguns segundos."
# Whoever watches over us must get an answer just then.
_ALWAYS_SERVED = frozenset({"/api/health", "/metrics"})


class Overloaded(Unavailable):
    """As many requests as this process takes are under way."""

    code = "overloaded"


@dataclass(slots=True)
class Slots:
    """How many requests may be under way together, and how many are."""

    limit: int
    taken: int = 0


class LoadShedding:
    """Serves a request where one of `places` is free; else answers 503 before anything is read of it."""

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
    """Stands for an application whose places are all taken. Raises Overloaded."""
    raise Overloaded(_MESSAGE)


async def refuse_connection(scope: Scope, receive: Receive, send: Send) -> None:
    """The answer on a connection beyond the bound; the connection is closed after it."""
    response = render_condition(Overloaded(_MESSAGE))
    response.headers["Connection"] = "close"
    await response(scope, receive, send)
