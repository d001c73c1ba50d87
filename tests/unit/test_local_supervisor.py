"""The supervisor: steps in their order, parts kept running, and nothing left when a start fails."""

import asyncio
import io

import pytest
from rich.console import Console

from solaris.local.errors import PartFailed, PartMissing
from solaris.local.screen import Screen
from solaris.local.supervisor import RestartPolicy, Step, Supervisor


class FakePart:
    """Starts as often as `failures` admit; ends when told."""

    def __init__(self, name: str, events: list[str], failures: int = 0) -> None:
        self.name = name
        self.starts = 0
        self._events = events
        self._failures = failures
        self._ended = asyncio.Event()
        self.hangs = False
        self.probes = 0

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

    async def answers(self) -> bool:
        self.probes += 1
        return not self.hangs

    async def stop(self) -> None:
        self._events.append(f"stop {self.name}")
        self.hangs = False
        self._ended.set()

    def crash(self, *, failures: int = 0) -> None:
        self._failures = failures
        self._ended.set()


@pytest.fixture
def shown() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(shown: io.StringIO) -> Supervisor:
    policy = RestartPolicy(probe_every_seconds=0, first_pause_seconds=0)
    return Supervisor(Screen(Console(file=shown, soft_wrap=True)), (("store",), ("app",)), policy)


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

    await supervisor.run_steps([Step("redis", lacking, tolerated=(PartMissing,)), Step("app", app, needs=("redis",))])
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


async def test_a_part_that_does_not_stay_up_is_started_again_without_end(
    supervisor: Supervisor, shown: io.StringIO
) -> None:
    part = FakePart("app", [])
    await supervisor.start(part)
    part.crash(failures=100)
    await until(lambda: part.starts, 102)
    await supervisor.stop()
    assert "app does not start; starting it again" in shown.getvalue()
    assert "given up" not in shown.getvalue()


async def test_a_part_whose_start_fails_in_an_unforeseen_way_is_started_again(
    supervisor: Supervisor, shown: io.StringIO
) -> None:
    part = FakePart("app", [])
    await supervisor.start(part)
    began, begin = [], part.start

    async def full_disk() -> None:
        began.append(1)
        if len(began) < 3:
            raise OSError(28, "No space left on device")
        await begin()

    part.start = full_disk  # type: ignore[method-assign]
    part.crash()
    await until(lambda: part.starts, 2)
    await supervisor.stop()
    assert len(began) == 3
    assert "No space left on device" in shown.getvalue()


async def test_a_part_that_hangs_is_ended_and_started_again(supervisor: Supervisor, shown: io.StringIO) -> None:
    events: list[str] = []
    part = FakePart("app", events)
    await supervisor.start(part)
    part.hangs = True
    await until(lambda: part.starts, 2)
    await supervisor.stop()
    assert events == ["start app", "stop app", "start app", "stop app"]
    assert "does not answer its probe" in shown.getvalue()


async def test_one_failed_probe_between_good_ones_ends_nothing(supervisor: Supervisor) -> None:
    events: list[str] = []
    part = FakePart("app", events)
    answers = part.answers

    async def every_third() -> bool:
        await answers()
        return part.probes % 3 == 0

    part.answers = every_third  # type: ignore[method-assign]
    await supervisor.start(part)
    await until(lambda: part.probes >= 30, True)
    await supervisor.stop()
    assert events == ["start app", "stop app"]


def test_the_pause_before_a_start_doubles_up_to_a_minute() -> None:
    pauses = [RestartPolicy().pause_seconds(failures) for failures in (0, 1, 2, 3, 4, 5, 6, 7, 1000)]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize(("steady_seconds", "second_pause"), [(0.0, "1e-05 s"), (3600.0, "2e-05 s")])
async def test_the_pause_is_short_again_after_the_part_has_run_for_a_while(
    shown: io.StringIO, steady_seconds: float, second_pause: str
) -> None:
    policy = RestartPolicy(probe_every_seconds=60, first_pause_seconds=1e-5, steady_seconds=steady_seconds)
    supervisor = Supervisor(Screen(Console(file=shown, soft_wrap=True)), (), policy)
    part = FakePart("app", [])
    await supervisor.start(part)
    for starts in (2, 3):
        part.crash()
        await until(lambda expected=starts: part.starts >= expected, True)
        await until(lambda expected=starts: shown.getvalue().count("again in"), starts - 1)
    await supervisor.stop()
    pauses = [line.rpartition("again in ")[2] for line in shown.getvalue().splitlines() if "again in" in line]
    assert pauses == ["1e-05 s", second_pause]


async def test_a_part_that_failed_to_start_is_stopped_too(supervisor: Supervisor) -> None:
    events: list[str] = []
    with pytest.raises(PartFailed):
        await supervisor.start(FakePart("app", events, failures=1))
    await supervisor.stop()
    assert events == ["stop app"]
