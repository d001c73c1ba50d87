"""Rollups for statistics: usage by hour, by day, and by user and month; calls and errors by hour
(decision 0060).

The worker updates them after the charges, and readers add newer usage from the events, so results do
not depend on the worker. Each step updates the rollup's rows and its end in one transaction.
"""

from datetime import UTC, date, datetime, timedelta

from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql
from solaris.reporting.duration_bands import BAND_BOUNDS_MS, BANDS

BEFORE_ALL_EVENTS = datetime(1970, 1, 1, tzinfo=UTC)
# For one day's events: a hundred times the need of 10 million events in two months.
_STEP_SECONDS = 300.0
# Maximum distance of an event's local day from its UTC day, also after SOLARIS_TIMEZONE changed.
DAYS_AROUND = timedelta(days=2)
_SUM_OF_DURATIONS = (
    "ARRAY[" + ", ".join(f"sum(r.duration_counts[{band}])" for band in range(1, BANDS + 1)) + "]::bigint[]"
)


class UsageRollup:
    """Updates the rollups. All methods are idempotent and safe in several processes at once.

    Every method raises `StoreUnavailable` if PostgreSQL is away.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def advance(self) -> int:
        """Roll up new events, in steps of a day; returns the number of steps."""
        async with self._database.connection() as connection:
            await connection.execute(load_sql("reporting", "rollup_traffic"), timeout=_STEP_SECONDS)
            steps = 1
            while not await self._step(connection):
                steps += 1
            while not await self._count_users(connection):
                steps += 1
        return steps

    async def reset(self) -> None:
        """Delete the rollups that can be recomputed.

        Reads stay correct, but slow until `advance`.
        """
        async with self._database.transaction() as connection:
            await connection.execute(load_sql("reporting", "rollup_reset"), timeout=_STEP_SECONDS)
            await connection.execute(load_sql("reporting", "rollup_forget_user_months"), date.min)

    async def mend(self, since: date = date.min) -> list[date]:
        """Recompute the days whose rollup differs from the events; returns them.

        Such days result from events inserted with past instants (imports, demo data, restores).
        """
        async with self._database.connection() as connection:
            rows = await connection.fetch(load_sql("reporting", "rollup_differing_days"), since, timeout=_STEP_SECONDS)
            days = [row["local_day"] for row in rows]
            for day in days:
                await self._count_again(connection, day)
            if days:
                await connection.execute(load_sql("reporting", "rollup_forget_user_months"), days[0])
                while not await self._count_users(connection):
                    pass
        return days

    async def _step(self, connection: Connection) -> bool:
        """Return True after the last step."""
        async with connection.transaction():
            step = await connection.fetchrow(load_sql("reporting", "rollup_usage_progress"))
            if step is None or step["counted_until"] is None:
                return True
            first_day = step["counted_from"].date() - DAYS_AROUND
            await connection.execute(load_sql("reporting", "rollup_forget_hours"), step["counted_from"])
            await connection.execute("DELETE FROM usage_days WHERE local_day >= $1", first_day)
            await self._count(connection, first_day, date.max, step["counted_from"], step["counted_until"])
            await connection.execute("UPDATE rollup_progress SET usage_rolled_until = $1", step["counted_until"])
        return bool(step["is_last"])

    async def _count_users(self, connection: Connection) -> bool:
        """Return True after the last step."""
        async with connection.transaction():
            step = await connection.fetchrow(load_sql("reporting", "rollup_user_months_progress"))
            if step is None:
                return True
            await connection.execute("DELETE FROM usage_user_months WHERE month = $1", step["month"])
            counted = load_sql("reporting", "rollup_user_months")
            await connection.execute(counted, step["month"], step["until"], timeout=_STEP_SECONDS)
            await connection.execute("UPDATE rollup_progress SET users_rolled_until = $1", step["until"])
        return False

    async def _count_again(self, connection: Connection, day: date) -> None:
        async with connection.transaction():
            until = await connection.fetchval(
                "SELECT usage_rolled_until FROM rollup_progress WHERE isfinite(usage_rolled_until) FOR UPDATE"
            )
            if until is None:
                return  # reset meanwhile: the next steps recompute everything
            await connection.execute("DELETE FROM usage_hours WHERE local_day = $1", day)
            await connection.execute("DELETE FROM usage_days WHERE local_day = $1", day)
            await self._count(connection, day, day, BEFORE_ALL_EVENTS, until)

    async def _count(
        self, connection: Connection, first_day: date, last_day: date, since: datetime, until: datetime
    ) -> None:
        # A custom plan excludes the partitions of other days.
        await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        hours = load_sql("reporting", "rollup_usage_hours")
        await connection.execute(hours, first_day, last_day, since, until, BAND_BOUNDS_MS, timeout=_STEP_SECONDS)
        await connection.execute(with_durations(load_sql("reporting", "rollup_usage_days")), first_day, last_day)


def with_durations(statement: str) -> str:
    """Replace `{durations}` by the sum per band of `duration_counts` of the rows `r`."""
    return statement.replace("{durations}", _SUM_OF_DURATIONS)
