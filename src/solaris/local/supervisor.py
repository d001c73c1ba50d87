"""Starts steps as concurrently as they depend on each other, keeps the parts running, and stops them in order."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from solaris.local.errors import LocalError
from solaris.local.processes import Part
from solaris.local.screen import Screen
from solaris.platform.ports import PortTaken

_BACK_OFF_SECONDS = (1, 2, 4, 8, 15, 30)
_HEALTHY_SECONDS = 60.0


@dataclass(frozen=True)
class Step:
    """One thing to do at the start. `run` returns a detail for the screen; the steps it `needs` are done before.

    Where it fails with one of `may_lack`, the product goes on without it, and says so.
    """

    name: str
    run: Callable[[], Awaitable[str]]
    needs: tuple[str, ...] = ()
    may_lack: tuple[type[LocalError], ...] = ()


class Supervisor:
    """Everything that one `solaris up` runs. Parts are stopped in the reverse order of their layers."""

    def __init__(self, screen: Screen, layers: Sequence[Sequence[str]]) -> None:
        self._screen = screen
        self._layers = layers
        self._parts: dict[str, Part] = {}
        self._watchers: list[asyncio.Task[None]] = []

    async def run_steps(self, steps: Sequence[Step]) -> None:
        """Return when every step is done. The first failure cancels the others and is raised.

        Raises:
            LocalError: a step failed that the product does not go on without.
        """
        done = {step.name: asyncio.Event() for step in steps}
        try:
            async with asyncio.TaskGroup() as group:
                for step in steps:
                    group.create_task(self._run_step(step, done))
        except BaseExceptionGroup as failures:
            raise _first(failures) from None

    async def _run_step(self, step: Step, done: dict[str, asyncio.Event]) -> None:
        for name in step.needs:
            await done[name].wait()
        self._screen.begins(step.name)
        since = time.monotonic()
        try:
            detail = await step.run()
        except step.may_lack as error:
            self._screen.absent(step.name, f"continuing without it: {error}")
        else:
            self._screen.ready(step.name, time.monotonic() - since, detail)
        done[step.name].set()

    async def start(self, part: Part) -> None:
        """Start a part; from now on it is stopped with the others, and started again should it end.

        Raises:
            LocalError: it does not start.
        """
        self._parts[part.name] = part
        await part.start()
        self._watchers.append(asyncio.create_task(self._keep(part)))

    async def _keep(self, part: Part) -> None:
        failures = 0
        while True:
            since = time.monotonic()
            code = await part.wait()
            failures = 0 if time.monotonic() - since > _HEALTHY_SECONDS else failures
            if not await self._start_again(part, f"ended (exit code {code})", failures):
                return
            failures += 1

    async def _start_again(self, part: Part, reason: str, failures: int) -> bool:
        for pause_seconds in _BACK_OFF_SECONDS[failures:]:
            self._screen.note(part.name, f"{reason}; starting it again in {pause_seconds} s")
            await asyncio.sleep(pause_seconds)
            since = time.monotonic()
            try:
                await part.start()
            except (LocalError, PortTaken) as error:
                reason = str(error)
            else:
                self._screen.ready(part.name, time.monotonic() - since, "again")
                return True
        self._screen.note(part.name, f"{reason}; it does not stay up, given up. Its log: solaris logs {part.name}")
        return False

    async def stop(self) -> None:
        """End every part, the last layer first; all of them, whatever happens on the way."""
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)
        known = {name for layer in self._layers for name in layer}
        others = [name for name in self._parts if name not in known]
        for layer in (others, *reversed(self._layers)):
            await asyncio.gather(*(self._stop(name) for name in layer if name in self._parts), return_exceptions=True)

    async def _stop(self, name: str) -> None:
        await self._parts[name].stop()
        self._screen.stopped(name)


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """The failure to tell: a named condition before anything else."""
    flat: list[BaseException] = []
    waiting: list[BaseException] = [failures]
    while waiting:
        error = waiting.pop(0)
        if isinstance(error, BaseExceptionGroup):
            waiting.extend(error.exceptions)
        else:
            flat.append(error)
    return next((error for error in flat if isinstance(error, LocalError)), flat[0])
