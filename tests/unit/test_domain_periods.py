from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from solaris.domain.periods import Period, local_day, period_of

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def period_at(at: datetime, zone: ZoneInfo) -> Period:
    return period_of(local_day(at, zone), zone)


zones = st.sampled_from([SAO_PAULO, ZoneInfo("UTC"), ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Manaus")])


def test_the_month_turns_at_the_customers_midnight_not_at_utc_midnight():
    before = datetime(2026, 12, 1, 2, 59, 59, tzinfo=UTC)
    assert period_at(before, SAO_PAULO).first_day == date(2026, 11, 1)
    assert period_at(before + timedelta(seconds=1), SAO_PAULO).first_day == date(2026, 12, 1)


def test_december_ends_with_the_year():
    period = period_of(date(2026, 12, 31), SAO_PAULO)
    assert period.ends_at == datetime(2027, 1, 1, 3, tzinfo=UTC)


def test_a_month_with_a_clock_change_has_its_true_length():
    summer_time_began = period_of(date(2018, 11, 15), SAO_PAULO)
    assert summer_time_began.ends_at - summer_time_began.starts_at == timedelta(days=30, hours=-1)


@given(st.integers(946_684_800, 4_102_444_800).map(lambda second: datetime.fromtimestamp(second, UTC)), zones)
def test_every_instant_lies_in_exactly_its_period(at, zone):
    period = period_at(at, zone)
    assert period.starts_at <= at < period.ends_at
    assert local_day(period.starts_at, zone) == period.first_day
    assert period_at(period.ends_at, zone).starts_at == period.ends_at
