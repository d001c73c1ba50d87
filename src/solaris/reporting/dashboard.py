"""The dashboard's figures, computed at request time (SPEC 6, Admin Dashboard)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import JsonValue

from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql
from solaris.reporting.traffic import RecentTraffic, quantile_ms, read_recent_traffic
from solaris.reporting.users import with_standings

TOP_CONSUMERS = 10

# Each service's health by name, as in /api/health.
ServiceChecks = Callable[[], Awaitable[Mapping[str, JsonValue]]]


@dataclass(frozen=True, slots=True)
class DashboardFigures:
    """The seed's figures. Tokens are tokens charged, revenue is BRL.

    Days and months are in the customer's time zone.
    """

    total_users: int
    active_users_today: int
    new_users_today: int
    tokens_consumed_today: int
    tokens_remaining_total: int
    revenue_today: Decimal
    revenue_month: Decimal
    credits_purchased_today: int
    traffic: RecentTraffic

    @property
    def average_tokens_per_user(self) -> int:
        """Tokens charged today per user with a charge today, rounded half up; 0 without any."""
        return _average(self.tokens_consumed_today, self.active_users_today)


@dataclass(frozen=True, slots=True)
class PreviousFigures:
    """The figures to compare with: yesterday `until` the same time, last month `month_until`.

    Past remaining tokens are not stored, so they are missing here.
    """

    until: datetime
    month_until: datetime
    total_users: int
    active_users_today: int
    new_users_today: int
    tokens_consumed_today: int
    revenue_today: Decimal
    revenue_month: Decimal
    credits_purchased_today: int
    traffic: RecentTraffic

    @property
    def average_tokens_per_user(self) -> int:
        """As `DashboardFigures.average_tokens_per_user`."""
        return _average(self.tokens_consumed_today, self.active_users_today)


@dataclass(frozen=True, slots=True)
class TopConsumer:
    """One of today's top users. `tokens_remaining`: after their last charge."""

    user_id: UUID
    name: str
    email: str | None
    plan_type: str | None
    tokens_consumed_today: int
    tokens_remaining: int


class Dashboard:
    """Reads present figures from rollups, wallets and recent traffic, and yesterday's from events.

    Every method raises `StoreUnavailable` if PostgreSQL is away.
    """

    def __init__(
        self,
        database: Database,
        services: ServiceChecks,
        *,
        timezone: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._services = services
        self._clock = clock
        self._previous: tuple[datetime, PreviousFigures] | None = None
        self.timezone = timezone

    async def figures(self) -> DashboardFigures:
        """Return the present figures."""
        day, remaining, traffic = await asyncio.gather(
            self._database.fetchrow(load_sql("reporting", "dashboard_day")),
            self._database.fetchval(with_standings("dashboard_remaining")),
            read_recent_traffic(self._database),
        )
        if day is None:
            raise RuntimeError("an aggregate gives one row")
        return DashboardFigures(**dict(day), tokens_remaining_total=remaining, traffic=traffic)

    async def previous(self) -> PreviousFigures:
        """Return the figures to compare with, cached for the present minute."""
        minute = self._clock().replace(second=0, microsecond=0)
        if self._previous is None or self._previous[0] != minute:
            self._previous = (minute, await self._read_previous(minute))
        return self._previous[1]

    async def _read_previous(self, minute: datetime) -> PreviousFigures:
        figures, traffic = await asyncio.gather(
            self._database.fetchrow(load_sql("reporting", "dashboard_previous"), minute),
            self._database.fetchrow(load_sql("reporting", "dashboard_previous_traffic"), minute),
        )
        if figures is None or traffic is None:
            raise RuntimeError("an aggregate gives one row")
        return PreviousFigures(
            **dict(figures),
            traffic=RecentTraffic(
                traffic["requests"],
                traffic["errors"],
                quantile_ms(traffic["proxy_ms_counts"] or (), 0.5),
                quantile_ms(traffic["litellm_ms_counts"] or (), 0.5),
            ),
        )

    async def top_consumers(self, most: int = TOP_CONSUMERS) -> list[TopConsumer]:
        """Return the users with the most tokens charged today, most first."""
        rows = await self._database.fetch(load_sql("reporting", "dashboard_top_consumers"), most)
        return [TopConsumer(**dict(row)) for row in rows]

    async def services(self) -> Mapping[str, JsonValue]:
        """Return the services' states from the health checks."""
        return await self._services()

    async def connections(self) -> int:
        """Return the number of PostgreSQL connections of all processes."""
        return int(await self._database.fetchval(load_sql("reporting", "dashboard_connections")))


def _average(tokens: int, users: int) -> int:
    return (2 * tokens + users) // (2 * users) if users else 0
