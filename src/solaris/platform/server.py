"""Serving one ASGI application with uvicorn (uvloop, httptools)."""

import gc
import socket

import uvicorn
from starlette.types import ASGIApp


class PortTaken(Exception):
    """Something else listens on the port; the message names it and the variable that moves it."""


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


def serve(app: ASGIApp, listener: socket.socket, *, most_connections: int = 10_000) -> None:
    """Serve until SIGTERM or SIGINT; running requests get ten seconds to end."""
    # What is there at the start stays: the collector need not look at it again, and less often at the rest.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=most_connections,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=65,
    )
    uvicorn.Server(config).run(sockets=[listener])
