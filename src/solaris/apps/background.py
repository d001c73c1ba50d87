"""Background tasks of one process."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any

from solaris.platform.logs import Log


class Background:
    """Runs coroutines as tasks; on exit cancels them and waits. A failure is logged as an error."""

    def __init__(self, log: Log, *coroutines: Coroutine[Any, Any, None]) -> None:
        self._log = log
        self._coroutines = coroutines
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> None:
        for coroutine in self._coroutines:
            task = asyncio.create_task(coroutine)
            task.add_done_callback(self._log_failure)
            self._tasks.append(task)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _log_failure(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and task.exception() is not None:
            self._log.error("background_task_failed", exc_info=task.exception())
