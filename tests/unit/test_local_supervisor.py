"""The supervisor: steps in their order, parts kept running, and nothing left when a start fails."""

import asyncio
import io

import pytest
from rich.console import Console

from solaris.local import supervisor as supervisor_module
from solaris.local.errors import PartFailed, PartMissing
from solaris.local.screen import Screen
from solaris.local.supervisor import Step, Supervisor


class FakePart:
    """Starts as often as `failures` admit; ends when told."""

    def __init__(self, name: str, events: list[str], failures: int = 0) -> None:
        self.name = name
        self.starts = 0
        self._events = events
        self._failures = failures
        self._ended = asyncio.Event()

    async def start(self) -> None:
        self.starts += 1
        if self._failures:
            self._failures -= 1
            raise PartFailed(f"{self.name} does not start")
        self._ended.clear()
        self._events.append(f"start {self.name}")

    async def wait(self) -> int:
        await self._ended.wait()
        return 7

    async def stop(self) -> None:
        self._events.append(f"stop {self.name}")
        self._ended.set()

    def crash(self, *, failures: int = 0) -> None:
        self._failures = failures
        self._ended.set()


@pytest.fixture
def shown() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(shown: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> Supervisor:
    monkeypatch.setattr(supervisor_module, "_BACK_OFF_SECONDS", (0, 0, 0))
    return Supervisor(Screen(Console(file=shown, soft_wrap=True)), (("store",), ("app",)))


async def until(condition: object, holds: object) -> None:
    async with asyncio.timeout(5):
        while condition() != holds:  # type: ignore[operator]  # noqa: ASYNC110 - the condition knows no event
            await asyncio.sleep(0)


async def test_a_step_runs_after_what_it_needs_and_beside_the_rest(supervisor: Supervisor) -> None:
    order: list[str] = []
    store_may_end = asyncio.Event()

    async def store() -> str:
        await store_may_end.wait()
        order.append("store")
        return ""

    async def app() -> str:
        order.append("app")
        return ""

    async def other() -> str:
        order.append("other")
        store_may_end.set()
        return ""

    await supervisor.run_steps([Step("app", app, needs=("store",)), Step("store", store), Step("other", other)])
    assert order == ["other", "store", "app"]


async def test_a_failure_cancels_the_other_steps_and_is_raised_as_it_is(supervisor: Supervisor) -> None:
    cancelled = []

    async def fails() -> str:
        raise PartFailed("no room")

    async def hangs() -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append("hangs")
            raise
        return ""

    with pytest.raises(PartFailed, match="no room"):
        await supervisor.run_steps([Step("hangs", hangs), Step("fails", fails), Step("after", hangs, needs=("fails",))])
    assert cancelled == ["hangs"]


async def test_a_part_that_may_be_lacking_is_told_and_gone_on_without(
    supervisor: Supervisor, shown: io.StringIO
) -> None:
    ran = []

    async def lacking() -> str:
        raise PartMissing("no binary for this platform")

    async def app() -> str:
        ran.append("app")
        return ""

    await supervisor.run_steps([Step("redis", lacking, may_lack=(PartMissing,)), Step("app", app, needs=("redis",))])
    assert ran == ["app"]
    assert "continuing without it: no binary for this platform" in shown.getvalue()


async def test_parts_stop_in_the_reverse_order_of_their_layers(supervisor: Supervisor) -> None:
    events: list[str] = []
    await supervisor.start(FakePart("store", events))
    await supervisor.start(FakePart("app", events))
    await supervisor.stop()
    assert events == ["start store", "start app", "stop app", "stop store"]


async def test_a_part_that_ends_is_started_again_and_that_is_said(supervisor: Supervisor, shown: io.StringIO) -> None:
    part = FakePart("app", [])
    await supervisor.start(part)
    part.crash(failures=1)
    await until(lambda: part.starts, 3)
    await asyncio.sleep(0)
    await supervisor.stop()
    assert "ended (exit code 7); starting it again" in shown.getvalue()
    assert "again" in shown.getvalue()


async def test_a_part_that_does_not_stay_up_is_given_up_after_some_tries(
    supervisor: Supervisor, shown: io.StringIO
) -> None:
    part = FakePart("app", [])
    await supervisor.start(part)
    part.crash(failures=100)
    await until(lambda: "given up" in shown.getvalue(), True)
    assert part.starts == 4
    await supervisor.stop()


async def test_a_part_that_failed_to_start_is_stopped_too(supervisor: Supervisor) -> None:
    events: list[str] = []
    with pytest.raises(PartFailed):
        await supervisor.start(FakePart("app", events, failures=1))
    await supervisor.stop()
    assert events == ["stop app"]
