"""LiteLLM's command line with some preparation, started by path inside LiteLLM's own environment.

The product's package is not installed there: this file imports only its neighbour `litellm_log`.
"""

import gc
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

from litellm_log import LogGuard  # type: ignore[import-not-found]  # beside this file, which is run by its path


class OurRequests:
    """ASGI middleware that serves `/metrics` as `/metrics/`, since a plain curl does not follow LiteLLM's redirect.

    Calls `before_call` before every request that may carry a prompt.
    """

    def __init__(self, app: Any, before_call: Callable[[], None]) -> None:
        self.app = app
        self.before_call = before_call

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Forward the request, with `/metrics/` in place of `/metrics`."""
        if scope["type"] == "websocket" or scope.get("method", "GET") != "GET":
            self.before_call()
        elif scope.get("path") == "/metrics":
            scope = {**scope, "path": "/metrics/", "raw_path": b"/metrics/"}
        await self.app(scope, receive, send)


class NoAccessLines(logging.Filter):
    """Drops one line per request: the proxy in front logs each call already, with its user."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is kept."""
        return record.levelno > logging.INFO


def main() -> None:
    """Run LiteLLM's command line with the arguments given to this script."""
    # Modules that the customer's configuration names (callbacks) lie beside that file; last, so
    # that they shadow nothing.
    customer_folder = os.environ.get("SOLARIS_LITELLM_CUSTOMER_FOLDER")
    if customer_folder:
        sys.path.append(customer_folder)
    guard = LogGuard()
    # Imports create no garbage: collecting while they run costs a second.
    gc.disable()
    import litellm  # type: ignore[import-not-found]  # these live in LiteLLM's environment
    import openai
    from litellm.proxy import proxy_cli, proxy_server  # type: ignore[import-not-found]

    gc.freeze()
    gc.enable()

    def before_call() -> None:
        if os.environ.get("SOLARIS_LOG_LEVEL", "").strip().lower() != "debug":
            guard.close(litellm.exceptions, openai)

    proxy_server.app.add_middleware(OurRequests, before_call=before_call)
    logging.getLogger("uvicorn.access").addFilter(NoAccessLines())
    proxy_cli.run_server()


if __name__ == "__main__":
    main()
