"""Projects when a balance runs out at the current rate of use."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from solaris.domain.periods import Period
from solaris.domain.wallet import Wallet

# Otherwise a single call shortly after the renewal would be projected over the whole month.
_SHORTEST_OBSERVATION = timedelta(days=1)


def run_out_date(wallet: Wallet, period: Period, now: datetime, zone: ZoneInfo) -> date | None:
    """The customer's day on which the balance runs out at this period's rate of use.

    Returns None where that day is not before the renewal, or without any use.
    """
    if wallet.used <= 0:
        return None
    observed = max(now - period.starts_at, _SHORTEST_OBSERVATION)
    seconds_left = wallet.left * observed.total_seconds() / wallet.used
    if seconds_left >= (period.ends_at - now).total_seconds():
        return None
    return (now + timedelta(seconds=seconds_left)).astimezone(zone).date()
