"""The seed's metrics and the alert conditions as gauges in /metrics.

Snapshots are taken in the background, so a scrape never queries PostgreSQL. Each exporting process
shows the figures of the whole product: use their maximum over processes, not their sum. The admin
process exports all gauges, a proxy only the `OPERATING` ones, since business figures are
confidential and proxies are more widely reachable.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Set

import asyncpg
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from solaris.domain.errors import StoreUnavailable
from solaris.platform.logs import Log
from solaris.reporting.dashboard import Dashboard, DashboardFigures

SECONDS_BETWEEN_SNAPSHOTS = 15.0
RATE_WINDOW_SECONDS = 60.0

_CONNECTIONS = "solaris_db_connections"
OPERATING = frozenset(
    {
        "solaris_proxy_response_time_milliseconds",
        "solaris_litellm_response_time_milliseconds",
        "solaris_response_time_milliseconds",
        "solaris_error_rate_ratio",
        _CONNECTIONS,
    }
)
_HELP = {
    "solaris_total_users": "Accounts",
    "solaris_active_users_today": "Users with a charge today",
    "solaris_new_users_today": "Accounts made today",
    "solaris_tokens_consumed_today": "Tokens charged today",
    "solaris_tokens_remaining": "Tokens that all active users may still spend",
    "solaris_average_tokens_per_user": "Tokens charged today per user with a charge today",
    "solaris_revenue_today_brl": "Paid for credits today, refunds taken off",
    "solaris_revenue_month_brl": "Paid for credits this month, refunds taken off",
    "solaris_credits_purchased_today": "Purchases of credits today",
    "solaris_proxy_response_time_milliseconds": "Median time the proxy itself takes of a call, last 5 minutes",
    "solaris_litellm_response_time_milliseconds": "Median time to LiteLLM's first byte, last 5 minutes",
    "solaris_response_time_milliseconds": "What a caller waits for the first byte: the proxy's and LiteLLM's medians together",
    "solaris_error_rate_ratio": "Failed model calls / model calls, last 5 minutes",
    "solaris_tokens_per_minute": "Tokens charged per minute, over the last minute",
    _CONNECTIONS: "Connections to PostgreSQL that the product holds; 0 while it does not answer",
}
ALL_GAUGES = frozenset(_HELP)


class BusinessGauges(Collector):
    """The gauges of the last snapshot in `registry`; none before the first, to avoid false zeros.

    `shown` are the names of the exported ones. While PostgreSQL is away the gauges keep their last
    values, and `solaris_db_connections` is 0.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        dashboard: Dashboard,
        log: Log,
        *,
        shown: Set[str] = ALL_GAUGES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shown = shown
        self._dashboard = dashboard
        self._log = log
        self._clock = clock
        self._charged: deque[tuple[float, int]] = deque()
        self._figures: dict[str, float] = {}
        registry.register(self)

    @property
    def figures(self) -> Mapping[str, float]:
        """The last snapshot by metric name; empty before the first one."""
        return self._figures

    async def run(self) -> None:
        """Take a snapshot now and every 15 seconds, until cancelled."""
        while True:
            await self.refresh()
            await asyncio.sleep(SECONDS_BETWEEN_SNAPSHOTS)

    async def refresh(self) -> None:
        """Take one snapshot. Errors of PostgreSQL are logged, not raised."""
        try:
            figures = await self._dashboard.figures()
            connections = await self._dashboard.connections()
        except (StoreUnavailable, asyncpg.PostgresError) as error:
            self._log.warning("business_gauges_not_refreshed", cause=repr(error.__cause__ or error))
            self._figures = {**self._figures, _CONNECTIONS: 0.0}
            return
        self._figures = {
            **_snapshot(figures),
            "solaris_tokens_per_minute": self._tokens_per_minute(figures.tokens_consumed_today),
            _CONNECTIONS: float(connections),
        }

    def describe(self) -> Iterable[Metric]:
        """Return the metric names, for the registry's duplicate check."""
        return [GaugeMetricFamily(name, text) for name, text in _HELP.items() if name in self._shown]

    def collect(self) -> Iterable[Metric]:
        """Yield the last snapshot."""
        for name, value in self._figures.items():
            if name in self._shown:
                yield GaugeMetricFamily(name, _HELP[name], value=value)

    def _tokens_per_minute(self, charged_today: int) -> float:
        """Return the rate from the growth of the day's total.

        The events would need a scan of the day.
        """
        now = self._clock()
        if self._charged and self._charged[-1][1] > charged_today:
            # A new day: its total is the usage since the last snapshot.
            self._charged = deque([(self._charged[-1][0], 0)])
        self._charged.append((now, charged_today))
        while len(self._charged) > 2 and self._charged[1][0] <= now - RATE_WINDOW_SECONDS:
            self._charged.popleft()
        began, before = self._charged[0]
        return (charged_today - before) * 60 / (now - began) if now > began else 0.0


def _snapshot(figures: DashboardFigures) -> dict[str, float]:
    traffic = figures.traffic
    return {
        "solaris_total_users": figures.total_users,
        "solaris_active_users_today": figures.active_users_today,
        "solaris_new_users_today": figures.new_users_today,
        "solaris_tokens_consumed_today": figures.tokens_consumed_today,
        "solaris_tokens_remaining": figures.tokens_remaining_total,
        "solaris_average_tokens_per_user": figures.average_tokens_per_user,
        "solaris_revenue_today_brl": float(figures.revenue_today),
        "solaris_revenue_month_brl": float(figures.revenue_month),
        "solaris_credits_purchased_today": figures.credits_purchased_today,
        "solaris_proxy_response_time_milliseconds": traffic.proxy_p50_ms,
        "solaris_litellm_response_time_milliseconds": traffic.litellm_p50_ms,
        "solaris_response_time_milliseconds": traffic.proxy_p50_ms + traffic.litellm_p50_ms,
        "solaris_error_rate_ratio": traffic.error_rate,
    }
