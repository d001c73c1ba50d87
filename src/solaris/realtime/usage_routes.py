"""GET /admin/stream."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.domain.roles import STAFF
from solaris.realtime.connections import Connections
from solaris.realtime.sse import EventStreamResponse
from solaris.realtime.usage_broadcaster import HISTORY_SECONDS, WINDOW_SECONDS, UsageBroadcaster

_EXAMPLE = 'event: live\ndata: {"at":"2026-11-22T14:00:01Z","source":"push","tokens":1250,"requests":3,…}\n\n'
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events, until one side ends them.",
        "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _EXAMPLE}},
    },
    429: {"description": "The user is at the limit of open streams."},
}


def routes(broadcaster: UsageBroadcaster, connections: Connections, caller: Caller) -> APIRouter:
    """Return the router of the live usage stream."""
    router = APIRouter(prefix="/admin", tags=["dashboard"])
    may_watch = caller.having(*STAFF)
    Watcher = Annotated[Principal, Depends(may_watch)]  # noqa: N806 - a type, though it closes over `caller`

    @router.get(
        "/stream",
        summary="Consumption, live",
        description=(
            "Server-sent events, for all staff. `history` at once: tokens, requests and errors of the last "
            f"{HISTORY_SECONDS} seconds, one figure per second. `live` every second: the last second, the last "
            f"{WINDOW_SECONDS} seconds by model and user, and `source`: `push`, or `database` while Redis is away "
            "(then every two seconds, and tokens not by model). `alert`, `request` and `grant` within two seconds: "
            "a user crossed a threshold, requested credits, received credits. `end`: the server ends the stream, "
            "with `reason` and `message`. A comment is sent every 15 seconds."
        ),
        response_class=Response,
        responses=_RESPONSES,
    )
    async def stream(watcher: Watcher, request: Request) -> Response:
        opened = connections.open(watcher, lambda: may_watch(request))
        broadcaster.join(opened)

        def on_close() -> None:
            broadcaster.leave(opened)
            connections.close(opened)

        return EventStreamResponse(opened, on_close)

    return router
