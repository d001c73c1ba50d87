"""What health and metrics say of the spool's disk."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from solaris.gateway.settlement.wal import Wal
from solaris.platform.http.health import Problem


class WalCheck(Collector):
    """The health check of one process's spool, and its metrics in `registry`. Nothing of it touches the disk."""

    def __init__(self, registry: CollectorRegistry, wal: Wal) -> None:
        self._disk = wal.disk
        registry.register(self)

    async def probe(self) -> Problem | None:
        """`degraded` with the cause while endings might not be kept: calls are served, and wait in memory alone if need be."""
        problem = self._disk.problem
        return None if problem is None else Problem(problem, "degraded")

    def describe(self) -> Iterable[Metric]:
        """The names, for the registry's check that they are taken once."""
        return self._failing(), self._failures(), self._free()

    def collect(self) -> Iterable[Metric]:
        """What the last look and the last writes found."""
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
