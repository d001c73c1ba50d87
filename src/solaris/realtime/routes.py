"""GET /api/tokens/stream."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.realtime.balance_broadcaster import BalanceBroadcaster
from solaris.realtime.connections import Connections
from solaris.realtime.sse import EventStreamResponse

_EXAMPLE = (
    "retry: 2000\n\nid: 2026-11-01.000000000001250\nevent: balance\n"
    'data: {"cause":"charge","tokens_used":1250,"tokens_remaining":248750,"usage_percent":0.5,"state":"normal","alert":null,…}\n\n'
)
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events, until one side ends them.",
        "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _EXAMPLE}},
    },
    403: {"description": "The user is suspended."},
    429: {"description": "The user is at the limit of open streams."},
    503: {"description": "This process is at its limit of open streams, or PostgreSQL is away."},
}


def routes(broadcaster: BalanceBroadcaster, connections: Connections, caller: Caller) -> APIRouter:
    """Return the router of the caller's balance stream."""
    router = APIRouter(prefix="/api/tokens", tags=["tokens"])
    Reader = Annotated[Principal, Depends(caller.balance_reader)]  # noqa: N806 - a type, made here because `caller` is no global

    @router.get("/stream", summary="Balance, live", response_class=Response, responses=_RESPONSES)
    async def stream(reader: Reader, request: Request) -> Response:
        """Server-sent events of the caller's balance, with changes made by any process.

        - `balance`: at once, and after each charge, grant or other change: the fields of
          /api/tokens/current under the same names, and `cause` (current, charge, grant, renewal or
          change). Its id grows with every charge.
        - `alert`: `threshold_percent` and `message`, when a threshold is crossed, and at the start
          of the stream while it is not acknowledged.
        - `grant`: the new credit transaction.
        - `end`: the server ends the stream; `reason` is `not_authenticated`, `user_suspended`,
          `forbidden` or `server_restart`.

        A comment is sent every 15 seconds. A slow reader gets the latest balance, not every one. A
        new connection starts with the present balance, so `Last-Event-ID` is not needed.
        """
        opened = connections.open(reader, lambda: caller.balance_reader(request))
        broadcaster.join(reader.user_id, opened)

        def on_close() -> None:
            broadcaster.leave(reader.user_id, opened)
            connections.close(opened)

        return EventStreamResponse(opened, on_close)

    return router
