"""Started by path inside LiteLLM's own environment: LiteLLM's own command line, with three things made ready first.

It runs where the product's package is not installed, so it imports nothing of it.
"""

import gc
import logging
import os
import sys
from typing import Any


class MetricsWithoutRedirect:
    """Answers `/metrics` as `/metrics/`: LiteLLM redirects the first to the second, and a plain curl does not follow."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on, with the path that LiteLLM's metrics listen on."""
        if scope["type"] == "http" and scope["path"] == "/metrics":
            scope = {**scope, "path": "/metrics/", "raw_path": b"/metrics/"}
        await self.app(scope, receive, send)


class NoAccessLines(logging.Filter):
    """Drops one line per request: the proxy in front logs each call already, with its user."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is kept."""
        return record.levelno > logging.INFO


def main() -> None:
    """Run LiteLLM's command line with the arguments given to this script."""
    # Modules of the customer's configuration (callbacks) lie beside his file; last, so that they hide nothing.
    customer_folder = os.environ.get("SOLARIS_LITELLM_CUSTOMER_FOLDER")
    if customer_folder:
        sys.path.append(customer_folder)
    # Nothing that a program imports at its start is garbage: collecting through it costs a second.
    gc.disable()
    from litellm.proxy import proxy_cli, proxy_server  # type: ignore[import-not-found]  # lives in LiteLLM's environment

    gc.freeze()
    gc.enable()
    proxy_server.app.add_middleware(MetricsWithoutRedirect)
    logging.getLogger("uvicorn.access").addFilter(NoAccessLines())
    proxy_cli.run_server()


if __name__ == "__main__":
    main()
