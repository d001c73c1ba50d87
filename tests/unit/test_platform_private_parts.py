"""What the adapter files use of libraries beyond their documented interface: an update that renames a field fails here, by name.

The names are read out of the adapters' own source, so that this list cannot be older than they are.
"""

import ast
import asyncio
import inspect
import logging
from collections.abc import Iterator
from typing import Any, cast

import pytest
import redis.asyncio
from uvicorn import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from solaris.platform import redis_pipeline
from solaris.platform.http import response_writer, server_protocol
from solaris.platform.http.server_protocol import LimitedHttpProtocol


def used_of(module: object, *names: str) -> set[str]:
    """The attributes that a module's source reads or sets of variables, or attributes of itself, with these names."""
    return {
        node.attr
        for node in ast.walk(ast.parse(inspect.getsource(cast(Any, module))))
        if isinstance(node, ast.Attribute)
        and (
            (isinstance(node.value, ast.Name) and node.value.id in names)
            or (isinstance(node.value, ast.Attribute) and node.value.attr in names)
        )
    }


def methods_of(kind: type) -> Iterator[str]:
    """What the class itself defines, besides its constructor and private helpers of its own."""
    return (name for name in vars(kind) if inspect.isfunction(vars(kind)[name]) and name != "__init__")


@pytest.fixture
def transport() -> asyncio.Transport:
    return asyncio.Transport()


@pytest.fixture
def cycle(transport: asyncio.Transport) -> RequestResponseCycle:
    """A request of uvicorn's whose answer has not begun."""
    logger = logging.getLogger("uvicorn")
    return RequestResponseCycle(
        scope=cast(Any, {"type": "http", "method": "GET"}),
        transport=transport,
        flow=FlowControl(transport),
        logger=logger,
        access_logger=logger,
        access_log=False,
        default_headers=[],
        message_event=asyncio.Event(),
        expect_100_continue=False,
        keep_alive=True,
        on_response=lambda: None,
    )


@pytest.mark.parametrize("module", [response_writer, server_protocol])
def test_uvicorns_request_cycle_has_every_field_that_the_adapter_uses(
    module: object, cycle: RequestResponseCycle
) -> None:
    used = used_of(module, "cycle", "_cycle")
    assert used
    assert {name for name in used if not hasattr(cycle, name)} == set()


def test_uvicorns_flow_control_has_every_field_that_the_adapters_use(transport: asyncio.Transport) -> None:
    used = used_of(response_writer, "flow") | used_of(server_protocol, "flow")
    assert {"write_paused", "resume_reading"} <= used
    assert {name for name in used if not hasattr(FlowControl(transport), name)} == set()


async def test_uvicorns_connection_has_every_method_and_field_that_ours_changes_or_uses() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        """Never called."""

    config = Config(app)
    config.load()
    theirs = HttpToolsProtocol(config, ServerState(), {}, _loop=asyncio.get_running_loop())
    ours = set(methods_of(LimitedHttpProtocol))
    changed = {"connection_made", "data_received", "on_headers_complete", "_start_asgi_task", "on_response_complete"}
    assert changed <= ours
    assert {name for name in changed if not hasattr(theirs, name)} == set()
    inherited = {
        name
        for name in used_of(server_protocol, "self")
        if name not in ours and f"self.{name}" + ": " not in inspect.getsource(LimitedHttpProtocol)
    }
    set_here = {
        node.attr
        for node in ast.walk(ast.parse(inspect.getsource(LimitedHttpProtocol).strip()))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    assert {name for name in inherited - set_here if not hasattr(theirs, name)} == set()


def test_uvicorn_writes_the_first_line_of_an_answer_as_the_adapter_expects() -> None:
    assert STATUS_LINE[200] == b"HTTP/1.1 200 OK\r\n"


def test_the_redis_clients_connection_has_the_streams_that_the_pipeline_takes_over() -> None:
    used = used_of(redis_pipeline, "connection")
    assert {"_writer", "_reader"} <= used
    connection = redis.asyncio.Redis().connection_pool.make_connection()
    assert {name for name in used if not hasattr(connection, name)} == set()
