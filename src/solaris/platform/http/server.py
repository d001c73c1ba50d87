"""Serving one ASGI application with uvicorn (uvloop, httptools)."""

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

# A model call takes two descriptors: the caller's and LiteLLM's. Beside them stand the stores' connections, files and logs.
_DESCRIPTORS_PER_CONNECTION = 2
_OTHER_DESCRIPTORS = 500


def bind(host: str, port: int, variable: str) -> socket.socket:
    """A listening socket.

    Raises:
        PortTaken: with the variable that moves the port.
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
    """Serve until SIGTERM or SIGINT; running requests get ten seconds to end."""
    limits = limits or ConnectionLimits()
    _allow_descriptors(limits.max_connections * _DESCRIPTORS_PER_CONNECTION + _OTHER_DESCRIPTORS)
    # What is there at the start stays: the collector need not look at it again, and less often at the rest.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    uvicorn.Server(server_config(app, limits, loop="uvloop")).run(sockets=[listener])


def server_config(app: ASGIApp, limits: ConnectionLimits, **options: Any) -> uvicorn.Config:
    """uvicorn's configuration with our connections. uvicorn's own limits, which answer in plain text, stay off."""
    connection: Any = partial(LimitedHttpProtocol, limits)
    return uvicorn.Config(
        app.entry if isinstance(app, Application) else app,
        **{
            "http": connection,
            # Guessed where it is not said: a plain `__call__` that returns its coroutine is taken for ASGI 2.
            "interface": "asgi3",
            "ws": "none",
            "log_config": None,
            "access_log": False,
            # The application does it, where addresses matter.
            "proxy_headers": False,
            "server_header": False,
            "timeout_graceful_shutdown": 10,
            "timeout_keep_alive": limits.idle_seconds,
            **options,
        },
    )


def _allow_descriptors(wanted: int) -> None:
    """Raise the soft limit as far as the hard one admits: a process that can accept no connection can't refuse one either."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    reachable = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < reachable:
        resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))
