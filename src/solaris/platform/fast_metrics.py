"""Counters and histograms for the hot path: plain numbers, converted on scrape.

The client library's own instruments take a lock for each bucket and each sum; these are changed
by the event loop alone and take none.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector


class Counter:
    """One series of a counter."""

    __slots__ = ("total",)

    def __init__(self) -> None:
        self.total = 0

    def inc(self, amount: int = 1) -> None:
        """Add `amount`."""
        self.total += amount


class Histogram:
    """One series of a histogram."""

    __slots__ = ("_bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """Record one value."""
        self.counts[bisect_left(self._bounds, value)] += 1
        self.total += value


Series = TypeVar("Series", Counter, Histogram)


class _Tally(Collector, Generic[Series]):
    def __init__(self, name: str, documentation: str, labels: Sequence[str], new: Callable[[], Series]) -> None:
        self._name = name
        self._documentation = documentation
        self._labels = tuple(labels)
        self._new: Callable[[], Series] = new
        self._series: dict[tuple[str, ...], Series] = {}

    def labels(self, *values: str) -> Series:
        """Return the series with these label values, creating it if needed.

        Raises:
            ValueError: the number of values differs from the number of labels.
        """
        if len(values) != len(self._labels):
            raise ValueError(f"{self._name} has the labels {self._labels}")
        series = self._series.get(values)
        if series is None:
            series = self._series[values] = self._new()
        return series


class CounterTally(_Tally[Counter]):
    """A counter family; a trailing `_total` of `name` is removed."""

    def __init__(
        self, name: str, documentation: str, labels: Sequence[str] = (), *, registry: CollectorRegistry
    ) -> None:
        super().__init__(name.removesuffix("_total"), documentation, labels, Counter)
        registry.register(self)

    def describe(self) -> list[CounterMetricFamily]:
        """Return the family without its series."""
        return [CounterMetricFamily(self._name, self._documentation, labels=self._labels)]

    def collect(self) -> list[CounterMetricFamily]:
        """Return the family with the present values of all series."""
        families = self.describe()
        for values, series in list(self._series.items()):
            families[0].add_metric(values, series.total)
        return families


class HistogramTally(_Tally[Histogram]):
    """A histogram family with the upper bounds `bounds`, and one bucket above them."""

    def __init__(
        self,
        name: str,
        documentation: str,
        labels: Sequence[str] = (),
        *,
        bounds: Sequence[float],
        registry: CollectorRegistry,
    ) -> None:
        upper = tuple(bounds)
        super().__init__(name, documentation, labels, lambda: Histogram(upper))
        self._bucket_labels = (*(str(float(bound)) for bound in upper), "+Inf")
        registry.register(self)

    def describe(self) -> list[HistogramMetricFamily]:
        """Return the family without its series."""
        return [HistogramMetricFamily(self._name, self._documentation, labels=self._labels)]

    def collect(self) -> list[HistogramMetricFamily]:
        """Return the family with the present values of all series."""
        families = self.describe()
        for values, series in list(self._series.items()):
            buckets = list(zip(self._bucket_labels, accumulate(series.counts), strict=True))
            families[0].add_metric(values, buckets, series.total)
        return families
