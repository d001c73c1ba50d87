"""Use by weekday and hour of the customer's time zone, from the statistics (SPEC 11, Tokens)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from solaris.reporting.usage_stats import StatsSelection, Unit, UsageStatistics

HOURS, WEEKDAYS = 24, 7


@dataclass(frozen=True, slots=True)
class HeatCell:
    """The use in one hour of one weekday (ISO: 1 is Monday, 7 is Sunday).

    `days`: occurrences of the weekday in the range.
    """

    weekday: int
    hour: int
    requests: int
    tokens_charged: int
    days: int


class HeatMap:
    """Counts use by weekday and hour. Raises as `UsageStatistics.read` and `StatsSelection`."""

    def __init__(self, statistics: UsageStatistics) -> None:
        self._statistics = statistics
        self.zone = statistics.zone

    async def read(
        self, first_day: date, last_day: date, *, user_id: UUID | None = None, model: str | None = None
    ) -> Sequence[HeatCell]:
        """Return all 168 cells from Monday, 0 h, to Sunday, 23 h."""
        stats = await self._statistics.read(
            StatsSelection(first_day, last_day, Unit.HOUR, user_id=user_id, model=model)
        )
        requests = [0] * (WEEKDAYS * HOURS)
        tokens = [0] * (WEEKDAYS * HOURS)
        for row in stats.rows:
            at = row.bucket_start.astimezone(self.zone)
            place = at.weekday() * HOURS + at.hour
            requests[place] += row.usage.requests
            tokens[place] += row.usage.tokens_charged
        days = [0] * WEEKDAYS
        for number in range((last_day - first_day).days + 1):
            days[(first_day + timedelta(days=number)).weekday()] += 1
        return [
            HeatCell(weekday + 1, hour, requests[place], tokens[place], days[weekday])
            for weekday in range(WEEKDAYS)
            for hour in range(HOURS)
            for place in (weekday * HOURS + hour,)
        ]
