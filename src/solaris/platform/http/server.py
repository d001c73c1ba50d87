"""Serves one ASGI application with uvicorn (uvloop, httptools)."""

import gc
import resource
import socket
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from solaris.platform.http.app import Application
from solaris.platform.http.server_protocol import ConnectionLimits, LimitedHttpProtocol
from solaris.platform.ports import PortTaken

# A model call uses two descriptors: the client's and LiteLLM's. Others: stores, files, logs.
_DESCRIPTORS_PER_CONNECTION = 2
_OTHER_DESCRIPTORS = 500


def bind(host: str, port: int, variable: str) -> socket.socket:
    """Return a listening socket.

    Raises:
        PortTaken: the port can't be used; the message names the variable to change.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"port {port} on {host} can't be used ({error.strerror}); set {variable} to a free one"
        ) from None
    return listener


def serve(app: ASGIApp, listener: socket.socket, *, limits: ConnectionLimits | None = None) -> None:
    """Serve until SIGTERM or SIGINT; running requests get ten seconds to finish."""
    limits = limits or ConnectionLimits()
    _allow_descriptors(limits.max_connections * _DESCRIPTORS_PER_CONNECTION + _OTHER_DESCRIPTORS)
    # Objects alive at the start stay alive: exclude them from collection, and collect less often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    uvicorn.Server(server_config(app, limits, loop="uvloop")).run(sockets=[listener])


def server_config(app: ASGIApp, limits: ConnectionLimits, **options: Any) -> uvicorn.Config:
    """Return uvicorn's configuration with `LimitedHttpProtocol`.

    uvicorn's own limits, which answer in plain text, stay off.
    """
    connection: Any = partial(LimitedHttpProtocol, limits)
    return uvicorn.Config(
        app.entry if isinstance(app, Application) else app,
        **{
            "http": connection,
            # Explicit: uvicorn takes a `__call__` that is not a coroutine function for ASGI 2.
            "interface": "asgi3",
            "ws": "none",
            "log_config": None,
            "access_log": False,
            # Done in the application, for the routes that use addresses.
            "proxy_headers": False,
            "server_header": False,
            "timeout_graceful_shutdown": 10,
            "timeout_keep_alive": limits.idle_seconds,
            **options,
        },
    )


def _allow_descriptors(wanted: int) -> None:
    """Raise the soft limit of descriptors up to the hard one.

    A process without free descriptors can't accept a connection even to refuse it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    reachable = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < reachable:
        resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))
