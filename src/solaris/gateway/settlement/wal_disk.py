"""State of the disk that holds the WAL, its health check and metrics."""

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from solaris.platform.http.health import Problem

LOOK_EVERY_SECONDS = 10.0
MIN_FREE_BYTES = 64 * 1024 * 1024
_SILENT_SECONDS = 5.0
_PROBE_BYTES = 4096


@dataclass(slots=True)
class DiskState:
    """State found by the last check and the last writes.

    `free_bytes` is None before the first check. `write_failures` counts failed writes of entries.
    """

    min_free_bytes: int = MIN_FREE_BYTES
    clock: Callable[[], float] = time.monotonic
    free_bytes: int | None = None
    write_failures: int = 0
    error: str | None = None
    is_full_of_endings: bool = False
    look_began: float | None = None

    @property
    def problem(self) -> str | None:
        """Why an entry might not be written, in a few English words; None if all is well."""
        if self.error is not None:
            return self.error
        if self.look_began is not None and (silent_seconds := self.clock() - self.look_began) > _SILENT_SECONDS:
            return f"the disk has not answered for {silent_seconds:.0f} s"
        if self.is_full_of_endings:
            return "the spool is full of endings that PostgreSQL has not taken yet"
        if self.free_bytes is not None and self.free_bytes < self.min_free_bytes:
            return f"only {self.free_bytes // 1024} KiB are free on the disk"
        return None

    def write_failed(self, error: OSError) -> None:
        """Record a failed write."""
        self.write_failures += 1
        self.error = error_text(error)

    def look_failed(self, error: OSError) -> None:
        """Record a failed check."""
        self.error = error_text(error)
        self.look_began = None

    def look_succeeded(self, free_bytes: int) -> None:
        """Record a successful check; earlier failures are over."""
        self.free_bytes = free_bytes
        self.error = None
        self.look_began = None


class WalCheck(Collector):
    """Health check of one process's WAL disk, and its metrics in `registry`.

    Does no disk access.
    """

    def __init__(self, registry: CollectorRegistry, disk: DiskState) -> None:
        self._disk = disk
        registry.register(self)

    async def probe(self) -> Problem | None:
        """Return `degraded` with the cause while entries might not be written.

        Calls are still served; entries then wait in memory.
        """
        problem = self._disk.problem
        return None if problem is None else Problem(problem, "degraded")

    def describe(self) -> Iterable[Metric]:
        """Metric families without samples, for the registry's duplicate check."""
        return self._failing(), self._failures(), self._free()

    def collect(self) -> Iterable[Metric]:
        """Metric families with the results of the last check and the last writes."""
        failing, failures, free = self._failing(), self._failures(), self._free()
        failing.add_metric((), float(self._disk.problem is not None))
        failures.add_metric((), self._disk.write_failures)
        if self._disk.free_bytes is not None:
            free.add_metric((), self._disk.free_bytes)
        return failing, failures, free

    @staticmethod
    def _failing() -> GaugeMetricFamily:
        return GaugeMetricFamily(
            "solaris_spool_failing", "1 while the spool's disk is full, slow or can't be written to"
        )

    @staticmethod
    def _failures() -> CounterMetricFamily:
        return CounterMetricFamily("solaris_spool_write_failures", "Writes of endings that the disk did not take")

    @staticmethod
    def _free() -> GaugeMetricFamily:
        return GaugeMetricFamily("solaris_spool_free_bytes", "Room on the spool's disk")


def write_probe(folder: Path) -> int:
    """Write a block, fsync and delete it; returns the free bytes. Raises OSError."""
    probe = folder / "disk.probe"
    descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        written = os.write(descriptor, b"\0" * _PROBE_BYTES)
        if written < _PROBE_BYTES:
            os.write(descriptor, b"\0" * (_PROBE_BYTES - written))
        os.fsync(descriptor)
        usage = os.fstatvfs(descriptor)
    finally:
        os.close(descriptor)
        with suppress(OSError):
            probe.unlink()
    return usage.f_bavail * usage.f_frsize


def error_text(error: OSError) -> str:
    """The system's error text, without paths."""
    return error.strerror or type(error).__name__
