"""The customer's day and month; no other Python module computes them (SPEC 2).

PostgreSQL computes the same from the session's time zone; our connections set it to
`SOLARIS_TIMEZONE`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar month in the customer's zone, as aware UTC datetimes; `ends_at` is exclusive."""

    first_day: date
    starts_at: datetime
    ends_at: datetime


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The customer's day at the instant `at` (aware)."""
    return at.astimezone(zone).date()


def day_starts_at(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of the customer's day, in UTC."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def period_of(day: date, zone: ZoneInfo) -> Period:
    """The period that contains the customer's day `day`."""
    first = day.replace(day=1)
    following = (
        first.replace(year=first.year + 1, month=1) if first.month == 12 else first.replace(month=first.month + 1)
    )
    return Period(first, day_starts_at(first, zone), day_starts_at(following, zone))
