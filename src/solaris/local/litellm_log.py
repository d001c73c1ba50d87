"""Keeps prompts out of LiteLLM's log: providers quote them in their errors, and LiteLLM prints these errors whole.

Used by `litellm_start.py` inside LiteLLM's own environment, so it imports nothing of the product.
From the first model call on, a log record becomes a line with time, logger, level, source location
and exception classes, and no text. All other output to the standard streams (`print`, tracebacks)
is dropped. Before that call, and with SOLARIS_LOG_LEVEL=debug, everything is printed.
"""

import builtins
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, TextIO

_KINDS = re.compile(r"\b[A-Z][A-Za-z]{2,60}(?:Error|Exception|Timeout)\b")
_MAX_CHAIN = 6
_MAX_KINDS = 4


class GuardedStream:
    """A standard stream that drops what is written to it while `closed_to_text` is set."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.closed_to_text = False

    def write(self, text: str) -> int:
        """Write the text, or drop it; returns its length."""
        return len(text) if self.closed_to_text else self.stream.write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """As `write`, for each."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class WithoutText(logging.Formatter):
    """Formats a record as one line without its text.

    Only exception classes in `kinds` are named.
    """

    def __init__(self, kinds: frozenset[str]) -> None:
        super().__init__()
        self._kinds = kinds

    def format(self, record: logging.LogRecord) -> str:
        """Time, logger, level and source location of the record, its exceptions, and the length of the omitted text."""
        try:
            text = record.getMessage()
        except Exception:  # noqa: BLE001  a record whose arguments do not fit its template: its text is not shown anyway
            text = str(record.msg)
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        named = described(error) if error is not None else ", ".join(self._named_in(text))
        head = f"{self.formatTime(record, '%H:%M:%S')} - {record.name}:{record.levelname}: {record.filename}:{record.lineno}"
        return f"{head} {record.funcName} - {named + ' ' if named else ''}[{len(text)} characters withheld]"

    def _named_in(self, text: str) -> list[str]:
        found = dict.fromkeys(kind for kind in _KINDS.findall(text) if kind in self._kinds)
        return list(found)[:_MAX_KINDS]


class LogGuard:
    """Replaces the two standard streams and, from `close` on, the formatters of all log handlers."""

    def __init__(self) -> None:
        self._out, self._err = GuardedStream(sys.stdout), GuardedStream(sys.stderr)
        sys.stdout, sys.stderr = self._out, self._err
        self._is_closed = False

    def close(self, *modules: Any) -> None:
        """Stop printing text from requests and providers.

        Exception classes of `modules` are still named.

        Idempotent.
        """
        if self._is_closed:
            return
        formatter = WithoutText(_exceptions_in(builtins, *modules))
        logging.lastResort = self._to_console(formatter, logging.WARNING)
        for logger in _loggers():
            for handler in list(logger.handlers):
                handler.setFormatter(formatter)
                if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
                    # LiteLLM's handler looks up the standard streams for each record.
                    logger.removeHandler(handler)
                    logger.addHandler(self._to_console(formatter, handler.level, handler.filters))
        sys.excepthook = self._on_end
        threading.excepthook = self._on_thread_end
        self._out.closed_to_text = self._err.closed_to_text = True
        self._is_closed = True

    def _to_console(
        self, formatter: logging.Formatter, level: int, filters: Iterable[Any] = ()
    ) -> "logging.StreamHandler[TextIO]":
        handler = logging.StreamHandler(self._err.stream)
        handler.setLevel(level)
        handler.setFormatter(formatter)
        for one in filters:
            handler.addFilter(one)
        return handler

    def _on_end(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        self._err.stream.write(f"ended by {described(error)}\n")

    def _on_thread_end(self, ended: threading.ExceptHookArgs) -> None:
        if ended.exc_value is not None:
            self._err.stream.write(f"a thread ended by {described(ended.exc_value)}\n")


def described(error: BaseException) -> str:
    """The exception and its causes without their texts: class, status, and where it was raised."""
    return " from ".join(_described_alone(one) for one in _chain(error))


def _described_alone(error: BaseException) -> str:
    status = getattr(error, "status_code", None)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename.rpartition('site-packages/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__qualname__}{f' {status}' if isinstance(status, int) else ''}{place}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_MAX_CHAIN):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _loggers() -> Iterator[logging.Logger]:
    yield logging.root
    yield from [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]


def _exceptions_in(*modules: Any) -> frozenset[str]:
    return frozenset(
        name
        for module in modules
        for name, value in list(vars(module).items())
        # Not isinstance, which would make a lazy module import the objects behind its names.
        if issubclass(type(value), type) and issubclass(value, BaseException)
    )
