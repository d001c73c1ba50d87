"""Log lines in the seed's form: timestamp, level, service, user_id, action, details, trace_id.

JSON by default, plain text on a terminal. The event name is the action; every other field goes to
`details`. Fields with secret-like names are masked, so that a secret never reaches a log.
"""

import asyncio
import atexit
import logging
import sys
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from solaris.platform.tracing import current_trace_id

Log = FilteringBoundLogger

_LEVELS = {"error": logging.ERROR, "warn": logging.WARNING, "info": logging.INFO, "debug": logging.DEBUG}
_LEVEL_NAMES = {"critical": "error", "exception": "error", "warning": "warn"}
_SECRET_WORDS = ("password", "secret", "api_key", "authorization", "cookie", "jwt", "credential")

_MAX_LINES_TOGETHER = 200
_KEYS = frozenset({"timestamp", "level", "service", "user_id", "action", "details", "trace_id"})


def build_log(service: str, *, level: str, form: str, stream: TextIO | None = None) -> Log:
    """Build the log of one process; `form` is json, pretty or auto (pretty on a terminal).

    Records of the standard library's loggers are written to it too.
    """
    out = stream or sys.stdout
    pretty = form == "pretty" or (form == "auto" and out.isatty())
    lines = _Lines(out, max_together=_MAX_LINES_TOGETHER if stream is None else 1)
    rendered = _Rendered(f"{service}-solaris", pretty=pretty)
    log: Log = structlog.wrap_logger(
        lines, processors=[rendered], wrapper_class=_bound_logger(_LEVELS[level], lines, rendered)
    ).bind()
    _take_over_standard_logs(log, _LEVELS[level])
    return log


def _bound_logger(level: int, lines: "_Lines", rendered: "_Rendered") -> type[FilteringBoundLogger]:
    """structlog's filtering logger with a shorter `info`, the level written on every call."""
    own = structlog.make_filtering_bound_logger(level)
    if level > logging.INFO:
        return own

    def info(self: Any, event: str, *values: Any, **fields: Any) -> None:
        if values:
            own.info(self, event, *values, **fields)
        else:
            lines.info(rendered(lines, "info", {**self._context, **fields, "event": event}))

    return type(own.__name__, (own,), {"info": info})


def readable_line(line: str) -> str:
    """Return a JSON log line of ours in the terminal form; any other line unchanged."""
    try:
        event = orjson.loads(line)
    except orjson.JSONDecodeError:
        return line
    if not isinstance(event, dict) or not event.keys() >= _KEYS or not isinstance(event["details"], dict):
        return line
    return _pretty(event)


class _Rendered:
    """Renders an event as a line in the seed's form and key order.

    One processor instead of a chain, since every call writes a line.
    """

    def __init__(self, service: str, *, pretty: bool) -> None:
        self._service = service
        self._render = _pretty if pretty else _json

    def __call__(self, logger: WrappedLogger, level: str, event: EventDict) -> str:
        if event.get("exc_info"):
            event = structlog.processors.format_exc_info(logger, level, event)
        action = event.pop("event")
        user_id = event.pop("user_id", None)
        trace_id = event.pop("trace_id", None) or current_trace_id.get()
        return self._render(
            {
                "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds")[:23] + "Z",
                "level": _LEVEL_NAMES.get(level, level),
                "service": self._service,
                "user_id": None if user_id is None else str(user_id),
                "action": action,
                "details": {
                    key: "***" if _is_secret(key) else _masked(value) if type(value) is dict else value
                    for key, value in event.items()
                },
                "trace_id": trace_id,
            }
        )


@lru_cache(1024)
def _is_secret(name: str) -> bool:
    lowered = name.lower()
    return any(word in lowered for word in _SECRET_WORDS)


def _masked(values: dict[Any, Any]) -> dict[Any, Any]:
    return {
        key: "***" if _is_secret(str(key)) else _masked(value) if isinstance(value, dict) else value
        for key, value in values.items()
    }


def _json(event: EventDict) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def _pretty(event: EventDict) -> str:
    details = " ".join(f"{key}={value}" for key, value in event["details"].items())
    who = f" user={event['user_id']}" if event["user_id"] else ""
    return f"{str(event['timestamp'])[11:19]} {event['level']:<5} {event['service']} {event['action']}{who} {details}"


class _Lines:
    """Writes lines; those of one event-loop turn in one write, since each write is a system call.

    Warnings and errors are written at once, with the lines before them; so is everything without a
    running loop, and at exit. With `max_together` 1 each line is written by itself.
    """

    def __init__(self, out: TextIO, *, max_together: int) -> None:
        self._out = out
        self._max_together = max_together
        self._waiting: list[str] = []
        atexit.register(self.flush)

    def info(self, line: str) -> None:
        """Write the line at the end of this event-loop turn."""
        self._waiting.append(line)
        if len(self._waiting) >= self._max_together:
            self.flush()
        elif len(self._waiting) == 1:
            try:
                asyncio.get_running_loop().call_soon(self.flush)
            except RuntimeError:
                self.flush()

    debug = msg = info

    def error(self, line: str) -> None:
        """Write the line now."""
        self._waiting.append(line)
        self.flush()

    warning = warn = exception = critical = fatal = error

    def flush(self) -> None:
        """Write the buffered lines."""
        waiting, self._waiting = self._waiting, []
        if waiting and not self._out.closed:
            self._out.write("\n".join(waiting) + "\n")
            self._out.flush()


class _IntoLog(logging.Handler):
    """Forwards records of the standard library's loggers (uvicorn, asyncio …) to our log."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        self._log.log(
            record.levelno, "library_message", logger=record.name, message=record.getMessage(), exc_info=record.exc_info
        )


def _take_over_standard_logs(log: Log, level: int) -> None:
    root = logging.getLogger()
    root.handlers = [_IntoLog(log)]
    root.setLevel(max(level, logging.WARNING))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "aiohttp.access"):
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
