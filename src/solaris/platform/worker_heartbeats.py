"""When the worker was last seen, and when each of its jobs last finished: written by the worker, read by every process's health."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from solaris.domain.errors import StoreUnavailable
from solaris.platform.http.health import Problem
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

WORKER = "worker"
ABSENT_AFTER_SECONDS = 30
_MAX_JOBS_NAMED = 3


@dataclass(frozen=True, slots=True)
class WorkerState:
    """`absent`: no beat for `ABSENT_AFTER_SECONDS`. `late`: it beats, and `late_jobs` did not finish when they should have.

    `age_seconds` is the time since the last beat, and since each job last finished; infinite where that never happened.
    """

    status: Literal["ok", "late", "absent"]
    age_seconds: float
    job_age_seconds: Mapping[str, float] = field(default_factory=dict)
    late_jobs: tuple[str, ...] = ()

    @property
    def detail(self) -> str | None:
        """What is wrong, in a few English words; None where nothing is."""
        if self.status == "absent":
            return (
                "no worker has run yet"
                if self.age_seconds == float("inf")
                else f"not seen for {self.age_seconds:.0f} s"
            )
        if not self.late_jobs:
            return None
        named = [self._job_detail(job) for job in self.late_jobs[:_MAX_JOBS_NAMED]]
        left = len(self.late_jobs) - len(named)
        return ", ".join(named) + (f" and {left} more" if left else "")

    def _job_detail(self, job: str) -> str:
        age_seconds = self.job_age_seconds[job]
        return f"{job} has never finished" if age_seconds == float("inf") else f"{job} finished {age_seconds:.0f} s ago"


class WorkerHeartbeats:
    """The rows of `worker_heartbeats`. Every method raises StoreUnavailable where PostgreSQL does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def register(self, late_after_seconds: Mapping[str, int]) -> None:
        """Called by a starting worker: which jobs there are, and after how many seconds without an end each is late."""
        jobs = {WORKER: ABSENT_AFTER_SECONDS, **late_after_seconds}
        await self._database.execute(load_sql("platform", "register_worker_jobs"), list(jobs), list(jobs.values()))

    async def beat(self, finished_jobs: Iterable[str] = ()) -> None:
        """The worker is alive, and these jobs have finished since the last beat."""
        await self._database.execute(load_sql("platform", "beat_worker_jobs"), [WORKER, *finished_jobs])

    async def read(self) -> WorkerState:
        """The present state, judged by PostgreSQL's clock alone."""
        rows = await self._database.fetch(load_sql("platform", "read_worker_jobs"))
        ages = {row["job"]: float("inf") if row["age_seconds"] is None else row["age_seconds"] for row in rows}
        age_seconds = ages.pop(WORKER, float("inf"))
        late = tuple(sorted(row["job"] for row in rows if row["is_late"] and row["job"] != WORKER))
        if age_seconds > ABSENT_AFTER_SECONDS:
            return WorkerState("absent", age_seconds, ages, late)
        return WorkerState("late" if late else "ok", age_seconds, ages, late)


class WorkerCheck(Collector):
    """The health check of the worker, and its gauges in `registry`, which keep the last state read: a scrape asks nothing."""

    def __init__(
        self,
        registry: CollectorRegistry,
        heartbeats: WorkerHeartbeats,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._heartbeats = heartbeats
        self._clock = clock
        self._read: tuple[float, WorkerState] | None = None
        registry.register(self)

    async def probe(self) -> Problem | None:
        """What is wrong with the worker; None where nothing is. Without PostgreSQL it can do nothing either: `late`."""
        try:
            state = await self._heartbeats.read()
        except StoreUnavailable:
            return Problem("its heartbeat can't be read: PostgreSQL does not answer", "late")
        self._read = (self._clock(), state)
        return None if state.status == "ok" else Problem(state.detail or state.status, state.status)

    def describe(self) -> Iterable[Metric]:
        """The names, for the registry's check that they are taken once."""
        return [self._seen(), self._finished()]

    def collect(self) -> Iterable[Metric]:
        """The last state read, as old as it is by now; nothing before the first read."""
        if self._read is None:
            return
        read_at, state = self._read
        elapsed_seconds = self._clock() - read_at
        seen, finished = self._seen(), self._finished()
        seen.add_metric((), state.age_seconds + elapsed_seconds)
        for job, age_seconds in state.job_age_seconds.items():
            finished.add_metric((job,), age_seconds + elapsed_seconds)
        yield seen
        yield finished

    @staticmethod
    def _seen() -> GaugeMetricFamily:
        return GaugeMetricFamily("solaris_worker_last_seen_seconds", "Time since a worker's last heartbeat")

    @staticmethod
    def _finished() -> GaugeMetricFamily:
        return GaugeMetricFamily(
            "solaris_worker_job_last_finished_seconds", "Time since the worker's job last finished", labels=("job",)
        )
