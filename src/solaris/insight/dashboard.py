"""The dashboard's figures, computed from the data at the moment they are asked for (SPEC 6, Admin Dashboard)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from pydantic import JsonValue

from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql
from solaris.platform.traffic import RecentTraffic, read_recent_traffic

TOP_CONSUMERS = 10

# Each service's health by its name, as /api/health tells it.
ServiceChecks = Callable[[], Awaitable[Mapping[str, JsonValue]]]


@dataclass(frozen=True, slots=True)
class DashboardFigures:
    """The seed's figures. Tokens are tokens charged, revenue is BRL; days and months are the customer's."""

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
        """Tokens charged today per user who was charged today, rounded half up; 0 without any."""
        users = self.active_users_today
        return (2 * self.tokens_consumed_today + users) // (2 * users) if users else 0


@dataclass(frozen=True, slots=True)
class TopConsumer:
    """A user of today's most charged. `tokens_remaining` is what was left after his last charge."""

    user_id: UUID
    name: str
    email: str | None
    plan_type: str | None
    tokens_consumed_today: int
    tokens_remaining: int


class Dashboard:
    """Reads the figures. They come from rollups, wallets and the last minutes' traffic, never from the usage events.

    Every method raises `StoreUnavailable` where PostgreSQL is away.
    """

    def __init__(self, database: Database, services: ServiceChecks, *, timezone: str) -> None:
        self._database = database
        self._services = services
        self.timezone = timezone

    async def figures(self) -> DashboardFigures:
        """The figures of this moment."""
        day, remaining, traffic = await asyncio.gather(
            self._database.fetchrow(load_sql("insight", "dashboard_day")),
            self._database.fetchval(load_sql("insight", "dashboard_remaining")),
            read_recent_traffic(self._database),
        )
        if day is None:
            raise RuntimeError("an aggregate gives one row")
        return DashboardFigures(**dict(day), tokens_remaining_total=remaining, traffic=traffic)

    async def top_consumers(self, most: int = TOP_CONSUMERS) -> list[TopConsumer]:
        """Who was charged most today, the most first."""
        rows = await self._database.fetch(load_sql("insight", "dashboard_top_consumers"), most)
        return [TopConsumer(**dict(row)) for row in rows]

    async def services(self) -> Mapping[str, JsonValue]:
        """The states of the services, as the health check tells them."""
        return await self._services()

    async def connections(self) -> int:
        """How many connections to PostgreSQL the product holds, over all processes."""
        return int(await self._database.fetchval(load_sql("insight", "dashboard_connections")))
