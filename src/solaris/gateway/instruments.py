"""Metrics of the gateway."""

from typing import Protocol

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client import Counter as PrometheusCounter

from solaris.platform.fast_metrics import Counter, CounterTally, HistogramTally

_OVERHEAD_BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
_FIRST_BYTE_BOUNDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class RecordsTraffic(Protocol):
    """Records response times and errors; implemented by `realtime/usage_publisher.py`."""

    def note(self, model: str, front_end: str, *, error: bool, proxy_ms: float, litellm_ms: float) -> None:
        """Record the end of one model call."""


class Instruments:
    """The gateway's metrics in the process's registry.

    Labels have few values: listed names, endings, reasons.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._charged = CounterTally(
            "solaris_tokens_charged_total", "Tokens charged", ("model", "ending"), registry=registry
        )
        self._ended = CounterTally(
            "solaris_model_calls_total", "Model calls that ended", ("model", "ending"), registry=registry
        )
        self._series: dict[tuple[str, str], tuple[Counter, Counter]] = {}
        self._blocked = PrometheusCounter(
            "solaris_blocked_calls_total", "Calls refused for lack of tokens", ("reason",), registry=registry
        )
        self._overhead = HistogramTally(
            "solaris_proxy_overhead_seconds",
            "Time the proxy adds to a model call",
            bounds=_OVERHEAD_BOUNDS,
            registry=registry,
        ).labels()
        self._first_byte = HistogramTally(
            "solaris_litellm_first_byte_seconds",
            "Time to LiteLLM's first byte",
            bounds=_FIRST_BYTE_BOUNDS,
            registry=registry,
        ).labels()
        self.open_holds = Gauge("solaris_open_holds", "Holds this process keeps alive", registry=registry)
        self.waiting_calls = Gauge(
            "solaris_waiting_calls", "Calls that wait for tokens held by their user's other calls", registry=registry
        )
        self.waiting_settlements = Gauge(
            "solaris_waiting_settlements", "Endings that PostgreSQL could not take yet", registry=registry
        )
        self.read_on = Gauge(
            "solaris_streams_read_on", "Streams read to their usage after their callers left", registry=registry
        )

    def count_charge(self, model: str, ending: str, tokens: int) -> None:
        """Count a call and its charged tokens under the model's `Model.label`.

        A call that costs nothing has the ending `released`.
        """
        series = self._series.get((model, ending))
        if series is None:
            series = self._ended.labels(model, ending), self._charged.labels(model, ending)
            self._series[model, ending] = series
        ended, charged = series
        ended.inc()
        if tokens:
            charged.inc(tokens)

    def count_refusal(self, reason: str) -> None:
        """Count a refused call by the error's code, such as `monthly_quota_exceeded`."""
        self._blocked.labels(reason).inc()

    def observe_latency(self, proxy_seconds: float, first_byte_seconds: float) -> None:
        """Record the time that the proxy added to a call, and LiteLLM's time to its first byte."""
        self._overhead.observe(proxy_seconds)
        self._first_byte.observe(first_byte_seconds)
