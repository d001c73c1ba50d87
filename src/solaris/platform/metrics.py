"""Prometheus metrics of one process. Rooms add their own instruments to `registry`."""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.responses import Response

from solaris.platform.fast_metrics import Counter, CounterTally, Histogram, HistogramTally

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_SECONDS_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """The registry of one process and the instruments every service has."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        self._series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._service = service
        self._requests = CounterTally(
            "solaris_http_requests_total",
            "Answered HTTP requests",
            ("service", "method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = HistogramTally(
            "solaris_http_request_seconds",
            "Time from the request's first byte to the answer's last",
            ("service", "route"),
            bounds=_SECONDS_BOUNDS,
            registry=self.registry,
        )

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request.

        `route` is the pattern, not the path, to bound label values.
        """
        series = self._series.get((method, route, status))
        if series is None:
            known = method if method in _METHODS else "other"
            series = (
                self._requests.labels(self._service, known, route, str(status)),
                self._seconds.labels(self._service, route),
            )
            if known == method:
                self._series[method, route, status] = series
        counter, histogram = series
        counter.inc()
        histogram.observe(seconds)

    def render(self) -> Response:
        """Return the metrics in Prometheus' text format."""
        return Response(generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
