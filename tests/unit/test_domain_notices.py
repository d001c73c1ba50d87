from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from solaris.domain.formats import format_tokens
from solaris.domain.notices import quota_notice


def test_numbers_are_written_as_brazilians_write_them():
    assert format_tokens(1247) == "1.247"
    assert format_tokens(15600000) == "15.600.000"


@given(st.integers(0, 10**9), st.sampled_from([0, 8192, 10**9]), st.dates(date(2000, 1, 1)))
def test_the_blocked_notice_is_one_short_line_with_the_date_and_the_link(remaining, held, renews_on):
    notice = quota_notice(remaining, renews_on, "https://tokens.uma-empresa.com.br/creditos", held=held)
    assert "\n" not in notice
    assert len(notice) <= 240
    assert f"{renews_on:%d/%m/%Y}" in notice
    assert notice.endswith("/creditos")
