"""Log lines in exactly the seed's form: timestamp, level, service, user_id, action, details, trace_id.

JSON by default, readable on a terminal. The event is the action; every other field lands in `details`. Fields whose names speak of
secrets are masked, so that a secret never reaches a log.
"""

import logging
import sys
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from solaris.platform.tracing import current_trace_id

Log = FilteringBoundLogger

_LEVELS = {"error": logging.ERROR, "warn": logging.WARNING, "info": logging.INFO, "debug": logging.DEBUG}
_LEVEL_NAMES = {"critical": "error", "exception": "error", "warning": "warn"}
_SECRET_WORDS = ("password", "secret", "api_key", "authorization", "cookie", "jwt", "credential")


def build_log(service: str, *, level: str, form: str, stream: TextIO | None = None) -> Log:
    """The log of one process; `form` is json, pretty or auto (pretty on a terminal). It takes over the standard logs too."""
    out = stream or sys.stdout
    pretty = form == "pretty" or (form == "auto" and out.isatty())
    log: Log = structlog.wrap_logger(
        structlog.WriteLogger(out),
        processors=[
            structlog.processors.format_exc_info,
            _Shape(f"{service}-solaris"),
            _render_pretty if pretty else _render_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        cache_logger_on_first_use=True,
    )
    _take_over_standard_logs(log, _LEVELS[level])
    return log


class _Shape:
    """Turns an event into the seed's form; the order of the keys is the seed's too."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp")

    def __call__(self, logger: WrappedLogger, level: str, event: EventDict) -> EventDict:
        stamped = self._stamp(logger, level, {})
        action = event.pop("event")
        user_id = event.pop("user_id", None)
        trace_id = event.pop("trace_id", None) or current_trace_id.get()
        return {
            "timestamp": stamped["timestamp"][:23] + "Z",
            "level": _LEVEL_NAMES.get(level, level),
            "service": self._service,
            "user_id": None if user_id is None else str(user_id),
            "action": action,
            "details": {key: _masked(key, value) for key, value in event.items()},
            "trace_id": trace_id,
        }


def _masked(key: str, value: Any) -> Any:
    if any(word in key.lower() for word in _SECRET_WORDS):
        return "***"
    if isinstance(value, dict):
        return {inner: _masked(str(inner), content) for inner, content in value.items()}
    return value


def _render_json(_logger: WrappedLogger, _level: str, event: EventDict) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def _render_pretty(_logger: WrappedLogger, _level: str, event: EventDict) -> str:
    details = " ".join(f"{key}={value}" for key, value in event["details"].items())
    who = f" user={event['user_id']}" if event["user_id"] else ""
    return f"{event['timestamp'][11:19]} {event['level']:<5} {event['service']} {event['action']}{who} {details}"


class _IntoLog(logging.Handler):
    """Hands records of the standard library's loggers (uvicorn, asyncio …) to ours."""

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
