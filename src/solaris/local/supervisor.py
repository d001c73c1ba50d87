"""Runs start steps concurrently in the order of their dependencies, keeps the parts running, and stops them in order."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from solaris.local.errors import LocalError
from solaris.local.processes import Part
from solaris.local.screen import Screen
from solaris.platform.ports import PortTaken


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """When a part counts as hanging, and the pause before it is started again.

    A part hangs after `probe_failures` failed probes in a row, one every `probe_every_seconds`. The
    pause begins at `first_pause_seconds`, doubles with each failure up to `longest_pause_seconds`,
    and is reset after the part has run for `steady_seconds`. The number of attempts is unlimited.
    """

    probe_every_seconds: float = 5.0
    probe_failures: int = 3
    first_pause_seconds: float = 1.0
    longest_pause_seconds: float = 60.0
    steady_seconds: float = 60.0

    def pause_seconds(self, failures: int) -> float:
        """The pause after `failures` earlier failures in a row."""
        return min(self.first_pause_seconds * 2.0 ** min(failures, 32), self.longest_pause_seconds)


@dataclass(frozen=True)
class Step:
    """One step of the start.

    `run` returns a detail for the screen; the steps in `needs` are complete before it runs.

    If it fails with one of `tolerated`, the screen shows that and the product runs without it.
    """

    name: str
    run: Callable[[], Awaitable[str]]
    needs: tuple[str, ...] = ()
    tolerated: tuple[type[LocalError], ...] = ()


class Supervisor:
    """All parts of one `solaris up`. They are stopped in the reverse order of their layers."""

    def __init__(self, screen: Screen, layers: Sequence[Sequence[str]], policy: RestartPolicy | None = None) -> None:
        self._screen = screen
        self._layers = layers
        self._policy = policy or RestartPolicy()
        self._parts: dict[str, Part] = {}
        self._watchers: list[asyncio.Task[None]] = []

    async def run_steps(self, steps: Sequence[Step]) -> None:
        """Return when every step is complete. The first failure cancels the others and is raised.

        Raises:
            LocalError: a step failed with an error that it does not tolerate.
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
        self._screen.starting(step.name)
        since = time.monotonic()
        try:
            detail = await step.run()
        except step.tolerated as error:
            self._screen.skipped(step.name, f"continuing without it: {error}")
        else:
            self._screen.ready(step.name, time.monotonic() - since, detail)
        done[step.name].set()

    async def start(self, part: Part) -> None:
        """Start a part; from then on `stop` ends it, and it is restarted when it ends or hangs.

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
            reason = await self._failure_of(part)
            failures = 0 if time.monotonic() - since > self._policy.steady_seconds else failures
            failures = await self._start_again(part, reason, failures)

    async def _failure_of(self, part: Part) -> str:
        """Wait until the part ends or hangs; a hanging part is ended here. Returns the reason."""
        ending = asyncio.create_task(part.wait())
        hanging = asyncio.create_task(self._until_it_hangs(part))
        try:
            await asyncio.wait({ending, hanging}, return_when=asyncio.FIRST_COMPLETED)
            if ending.done():
                return f"ended (exit code {ending.result()})"
            self._screen.note(part.name, "does not answer its probe; ending it")
            await part.stop()
            return "did not answer its probe"
        except Exception as error:  # noqa: BLE001  an unexpected error must not end the supervision of a part
            return f"can't be watched: {error!r}"
        finally:
            ending.cancel()
            hanging.cancel()
            await asyncio.gather(ending, hanging, return_exceptions=True)

    async def _until_it_hangs(self, part: Part) -> None:
        failed = 0
        while failed < self._policy.probe_failures:
            await asyncio.sleep(self._policy.probe_every_seconds)
            failed = 0 if await part.answers() else failed + 1

    async def _start_again(self, part: Part, reason: str, failures: int) -> int:
        """Start the part until it succeeds.

        Returns the number of failures in a row, for the next pause.
        """
        while True:
            pause_seconds = self._policy.pause_seconds(failures)
            failures += 1
            self._screen.note(part.name, f"{reason}; starting it again in {pause_seconds:g} s")
            await asyncio.sleep(pause_seconds)
            since = time.monotonic()
            try:
                await part.start()
            except (LocalError, PortTaken) as error:
                reason = str(error)
            except Exception as error:  # noqa: BLE001  for example a full disk: a later attempt may succeed
                reason = f"can't be started: {error!r}"
            else:
                self._screen.ready(part.name, time.monotonic() - since, "again")
                return failures

    async def stop(self) -> None:
        """End every part, the last layer first; a failure does not keep the other parts running."""
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
    """The failure to raise: a LocalError if there is one, else the first."""
    flat: list[BaseException] = []
    waiting: list[BaseException] = [failures]
    while waiting:
        error = waiting.pop(0)
        if isinstance(error, BaseExceptionGroup):
            waiting.extend(error.exceptions)
        else:
            flat.append(error)
    return next((error for error in flat if isinstance(error, LocalError)), flat[0])
