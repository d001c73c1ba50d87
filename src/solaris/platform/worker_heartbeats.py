"""The worker's last heartbeat and its jobs' last finish: written by the worker, read by health."""

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
    """`absent`: no beat for `ABSENT_AFTER_SECONDS`. `late`: it beats, but `late_jobs` are overdue.

    `age_seconds` is the time since the last beat, `job_age_seconds` since each job last finished;
    infinite if that has not happened yet.
    """

    status: Literal["ok", "late", "absent"]
    age_seconds: float
    job_age_seconds: Mapping[str, float] = field(default_factory=dict)
    late_jobs: tuple[str, ...] = ()

    @property
    def detail(self) -> str | None:
        """The problem in a few English words; None without one."""
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
    """The table `worker_heartbeats`. Every method raises StoreUnavailable if PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def register(self, late_after_seconds: Mapping[str, int]) -> None:
        """Register the jobs of a starting worker.

        Each is late after its seconds without a finish.
        """
        jobs = {WORKER: ABSENT_AFTER_SECONDS, **late_after_seconds}
        await self._database.execute(load_sql("platform", "register_worker_jobs"), list(jobs), list(jobs.values()))

    async def beat(self, finished_jobs: Iterable[str] = ()) -> None:
        """Record that the worker is alive and that these jobs finished since the last beat."""
        await self._database.execute(load_sql("platform", "beat_worker_jobs"), [WORKER, *finished_jobs])

    async def read(self) -> WorkerState:
        """Return the present state, by PostgreSQL's clock alone."""
        rows = await self._database.fetch(load_sql("platform", "read_worker_jobs"))
        ages = {row["job"]: float("inf") if row["age_seconds"] is None else row["age_seconds"] for row in rows}
        age_seconds = ages.pop(WORKER, float("inf"))
        late = tuple(sorted(row["job"] for row in rows if row["is_late"] and row["job"] != WORKER))
        if age_seconds > ABSENT_AFTER_SECONDS:
            return WorkerState("absent", age_seconds, ages, late)
        return WorkerState("late" if late else "ok", age_seconds, ages, late)


class WorkerCheck(Collector):
    """The worker's health check and its gauges in `registry`.

    The gauges show the last state read; a scrape does not query PostgreSQL.
    """

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
        """Return the worker's problem, or None. Without PostgreSQL the status is `late`."""
        try:
            state = await self._heartbeats.read()
        except StoreUnavailable:
            return Problem("its heartbeat can't be read: PostgreSQL does not answer", "late")
        self._read = (self._clock(), state)
        return None if state.status == "ok" else Problem(state.detail or state.status, state.status)

    def describe(self) -> Iterable[Metric]:
        """Return the metric names, for the registry's duplicate check."""
        return [self._seen(), self._finished()]

    def collect(self) -> Iterable[Metric]:
        """Yield the last state read, aged by the time since; nothing before the first read."""
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
