"""The worker: one loop per job. Several workers may run; a job runs in one at a time."""

import asyncio
import signal
import zlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from solaris.apps.worker_jobs import OutageGrace, WorkerJobs
from solaris.domain.errors import StoreUnavailable
from solaris.gateway.settlement.recovery import WalRecovery
from solaris.ledger.ledger import Ledger
from solaris.platform.logs import Log, build_log
from solaris.platform.postgres import Database
from solaris.platform.settings import Settings, SettingsError
from solaris.platform.worker_heartbeats import WorkerHeartbeats

HEARTBEAT_SECONDS = 5.0
SHUTDOWN_SECONDS = 10.0
MAX_RETRY_SECONDS = 60.0
_LATENESS_SECONDS = 60.0
_LOCK_CLASS = 0x534F4C57  # "SOLW": separates the jobs' advisory locks from all others


@dataclass(frozen=True, slots=True)
class Job:
    """A job that runs every `every_seconds`, first after `first_after_seconds`."""

    name: str
    run: Callable[[], Awaitable[None]]
    every_seconds: float
    first_after_seconds: float = 0.0

    @property
    def lock_key(self) -> int:
        """The job's advisory lock, the same number in every worker."""
        return zlib.crc32(self.name.encode()) - 2**31

    @property
    def late_after_seconds(self) -> int:
        """The time since its last finish after which health reports it as late.

        One and a half intervals, plus the first delay and a margin.
        """
        return round(self.every_seconds * 1.5 + self.first_after_seconds + _LATENESS_SECONDS)


class Worker:
    """Runs jobs until stopped. A failing job is logged and retried, and never stops the others.

    Every `HEARTBEAT_SECONDS` it touches the file `heartbeat`, for its supervisor, and writes its own
    and its jobs' heartbeats to PostgreSQL, for the health checks.
    """

    def __init__(self, database: Database, jobs: Sequence[Job], log: Log, *, heartbeat: Path | None = None) -> None:
        self._database = database
        self._jobs = jobs
        self._log = log
        self._heartbeat = heartbeat
        self._heartbeats = WorkerHeartbeats(database)
        self._finished: set[str] = set()
        self._reported = asyncio.Event()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Request the shutdown; running jobs get `SHUTDOWN_SECONDS` to finish."""
        self._stopping.set()

    async def run(self) -> None:
        """Run until `stop` is called; logs `worker_ready` once the loops have started."""
        loops = [asyncio.create_task(self._repeat(job), name=job.name) for job in self._jobs]
        loops.append(asyncio.create_task(self._beat(), name="heartbeat"))
        loops.append(asyncio.create_task(self._report(), name="report"))
        self._log.info("worker_ready", jobs=[job.name for job in self._jobs])
        await self._stopping.wait()
        _, unfinished = await asyncio.wait(loops, timeout=SHUTDOWN_SECONDS)
        for loop in unfinished:
            self._log.warning("job_cut_short", job=loop.get_name())
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        self._log.info("worker_stopped")

    async def _repeat(self, job: Job) -> None:
        failures = 0
        wait_seconds = job.first_after_seconds
        while not await self._stopped_within(wait_seconds):
            if await self._run_once(job):
                failures, wait_seconds = 0, job.every_seconds
            else:
                failures += 1
                wait_seconds = min(2.0**failures, MAX_RETRY_SECONDS, job.every_seconds)

    async def _run_once(self, job: Job) -> bool:
        try:
            async with self._database.connection() as connection:
                if not await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", _LOCK_CLASS, job.lock_key):
                    return True
                try:
                    await job.run()
                    self._finished.add(job.name)
                finally:
                    # A lost connection has already released its locks.
                    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                        await connection.execute("SELECT pg_advisory_unlock($1, $2)", _LOCK_CLASS, job.lock_key)
        except StoreUnavailable as error:
            self._log.warning("job_postponed", job=job.name, cause=repr(error.__cause__ or error))
            return False
        except Exception as error:  # noqa: BLE001  # one failing job must never stop the others; the error is logged
            self._log.error("job_failed", job=job.name, exc_info=error)
            return False
        return True

    async def _beat(self) -> None:
        if self._heartbeat is None:
            return
        # The first touch means ready, so report to PostgreSQL first, unless it is away.
        with suppress(TimeoutError):
            await asyncio.wait_for(self._reported.wait(), HEARTBEAT_SECONDS)
        while True:
            with suppress(OSError):
                self._heartbeat.touch(mode=0o600)
            if await self._stopped_within(HEARTBEAT_SECONDS):
                return

    async def _report(self) -> None:
        """Write heartbeats to PostgreSQL, in a separate loop, so a hang does not stop `_beat`."""
        late_after_seconds = {job.name: job.late_after_seconds for job in self._jobs}
        is_registered = False
        while True:
            finished, self._finished = self._finished, set()
            try:
                if not is_registered:
                    await self._heartbeats.register(late_after_seconds)
                    is_registered = True
                await self._heartbeats.beat(finished)
            except (StoreUnavailable, asyncpg.PostgresError) as error:
                self._finished |= finished
                self._log.warning("heartbeat_not_written", cause=repr(error.__cause__ or error))
            self._reported.set()
            if await self._stopped_within(HEARTBEAT_SECONDS):
                return

    async def _stopped_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), timeout=seconds)
        return self._stopping.is_set()


def worker_jobs(jobs: WorkerJobs) -> list[Job]:
    """Return the jobs with their intervals.

    Holds expire 60 s after their last renewal; 5 s and the grace keep within the 90 s of SPEC 3.3.
    """
    return [
        Job("expire_holds", jobs.expire_holds, every_seconds=5),
        Job("open_periods", jobs.open_periods, every_seconds=60, first_after_seconds=2),
        Job("expire_pending_grants", jobs.expire_pending_grants, every_seconds=60, first_after_seconds=15),
        Job("count_calls", jobs.count_calls, every_seconds=3600, first_after_seconds=20),
        Job("create_partitions", jobs.create_partitions, every_seconds=6 * 3600, first_after_seconds=10),
        Job("learn_prompt_factors", jobs.learn_prompt_factors, every_seconds=600, first_after_seconds=120),
        Job("roll_up", jobs.roll_up, every_seconds=60, first_after_seconds=5),
        Job("mend_rollups", jobs.mend_rollups, every_seconds=24 * 3600, first_after_seconds=180),
        Job("clean_up", jobs.clean_up, every_seconds=3600, first_after_seconds=60),
        Job("audit", jobs.audit, every_seconds=24 * 3600, first_after_seconds=300),
    ]


def build_worker(settings: Settings, database: Database, log: Log) -> Worker:
    """Build the worker with all jobs."""
    ledger = Ledger(database, zone=settings.zone, buy_url=settings.public_url)
    state = settings.solaris_state_dir
    heartbeat = state / "worker.heartbeat" if state.is_dir() else None
    recovery = WalRecovery(state / "spool", ledger, log)
    jobs = WorkerJobs(database, ledger, log, grace=OutageGrace(), recovery=recovery)
    return Worker(database, worker_jobs(jobs), log, heartbeat=heartbeat)


async def run_worker(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. While PostgreSQL is away, jobs are retried.

    Raises:
        SettingsError: DATABASE_URL is missing.
    """
    if settings.database_url is None:
        raise SettingsError(
            "DATABASE_URL is missing; a right value: postgresql://solaris:password@localhost:5432/ia_solaris"
        )
    log = build_log("worker", level=settings.solaris_log_level, form=settings.solaris_log_format)
    # Every running job uses one connection for its lock and one for its statements.
    database = Database(
        settings.database_url.get_secret_value(),
        timezone=settings.solaris_timezone,
        service="worker",
        max_connections=12,
    )
    worker = build_worker(settings, database, log)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)
    try:
        await worker.run()
    finally:
        await database.close()
