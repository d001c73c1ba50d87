"""The run-out date at any instant of any month: the first and the last day, 29 February, the minute before midnight."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solaris.domain.periods import Period, local_day, period_of
from solaris.domain.projection import run_out_date
from solaris.domain.wallet import Wallet

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
LAST_MOMENT = timedelta(microseconds=1)


def wallet(*, used: int, left: int) -> Wallet:
    return Wallet(date(2026, 11, 1), allowance=used + left, allowance_used=used, credits=0, held=0, used=used)


def _period(year: int, month: int) -> Period:
    return period_of(date(year, month, 1), SAO_PAULO)


def test_at_half_the_month_two_thirds_used_runs_out_after_three_quarters():
    november = _period(2026, 11)
    half = november.starts_at + timedelta(days=15)
    assert run_out_date(wallet(used=1_000, left=500), november, half, SAO_PAULO) == date(2026, 11, 23)


def test_a_pace_that_lasts_until_the_renewal_has_no_run_out_date():
    november = _period(2026, 11)
    half = november.starts_at + timedelta(days=15)
    assert run_out_date(wallet(used=1_000, left=1_000), november, half, SAO_PAULO) is None
    assert run_out_date(wallet(used=1_000, left=999), november, half, SAO_PAULO) == date(2026, 11, 30)


def test_five_sixths_used_runs_out_before_the_renewal_until_the_last_days():
    """The balance of the gateway's test: at the 25th's end its rest lasts until the renewal."""
    november, balance = _period(2026, 11), wallet(used=1_250, left=250)
    assert run_out_date(balance, november, datetime(2026, 11, 25, 23, tzinfo=SAO_PAULO), SAO_PAULO) == date(
        2026, 11, 30
    )
    assert run_out_date(balance, november, datetime(2026, 11, 26, 1, tzinfo=SAO_PAULO), SAO_PAULO) is None


def test_one_question_on_the_first_day_is_no_habit():
    november = _period(2026, 11)
    assert run_out_date(wallet(used=100, left=3_100), november, november.starts_at, SAO_PAULO) is None
    assert run_out_date(wallet(used=100, left=100), november, november.starts_at, SAO_PAULO) == date(2026, 11, 2)


@pytest.mark.parametrize(("year", "month"), [(2026, 11), (2026, 12), (2027, 1), (2027, 2), (2028, 2)])
def test_what_is_all_but_used_up_runs_out_today_even_in_the_months_last_moment(year: int, month: int):
    period = _period(year, month)
    now = period.ends_at - LAST_MOMENT
    assert run_out_date(wallet(used=1_000, left=0), period, now, SAO_PAULO) == local_day(now, SAO_PAULO)
    assert run_out_date(wallet(used=0, left=0), period, now, SAO_PAULO) is None


@given(
    st.integers(1_767_236_400, 1_893_466_799).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
)
def test_a_run_out_date_is_never_before_today_and_never_after_the_period(now: datetime, used: int, left: int):
    period = period_of(local_day(now, SAO_PAULO), SAO_PAULO)
    projected = run_out_date(wallet(used=used, left=left), period, now, SAO_PAULO)
    if projected is not None:
        assert local_day(now, SAO_PAULO) <= projected <= local_day(period.ends_at - LAST_MOMENT, SAO_PAULO)
