"""When a balance will be used up if use goes on as it did."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from solaris.domain.periods import Period
from solaris.domain.wallet import Wallet

# On the first day of a period one question would otherwise count as a month's habit.
_SHORTEST_OBSERVATION = timedelta(days=1)


def run_out_date(wallet: Wallet, period: Period, now: datetime, zone: ZoneInfo) -> date | None:
    """The customer's day on which nothing is left at this period's pace; None where that is not before the renewal."""
    if wallet.used <= 0:
        return None
    observed = max(now - period.starts_at, _SHORTEST_OBSERVATION)
    seconds_left = wallet.left * observed.total_seconds() / wallet.used
    if seconds_left >= (period.ends_at - now).total_seconds():
        return None
    return (now + timedelta(seconds=seconds_left)).astimezone(zone).date()
