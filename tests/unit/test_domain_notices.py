from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from solaris.domain.formats import format_size, format_tokens, tokens_text
from solaris.domain.notices import held_notice, quota_notice


def test_numbers_are_written_as_brazilians_write_them():
    assert format_tokens(1247) == "1.247"
    assert format_tokens(15600000) == "15.600.000"
    assert (tokens_text(0), tokens_text(1), tokens_text(1247)) == ("0 tokens", "1 token", "1.247 tokens")


def test_sizes_use_the_largest_fitting_unit():
    sizes = {20 * 1024**2: "20 MB", 1024**3: "1 GB", 3 * 1024**2 // 2: "1,5 MB", 64 * 1024: "64 kB", 1023: "1023 bytes"}
    assert {size: format_size(size) for size in sizes} == sizes


def test_one_token_is_one_token():
    day, link = date(2026, 12, 1), "https://t.br/creditos"
    assert "saldo de 1 token não" in quota_notice(1, day, link)
    assert "livre é de 1 token, com 1 token em reserva" in held_notice(1, 1)


@given(st.integers(0, 10**9), st.dates(date(2000, 1, 1)))
def test_the_blocked_notice_is_one_short_line_with_the_date_and_the_link(remaining, renews_on):
    notice = quota_notice(remaining, renews_on, "https://tokens.uma-empresa.com.br/creditos")
    assert "\n" not in notice
    assert len(notice) <= 240
    assert f"{renews_on:%d/%m/%Y}" in notice
    assert notice.endswith("/creditos")


@given(st.integers(0, 10**9))
def test_without_an_allowance_nothing_is_said_of_its_renewal(remaining):
    notice = quota_notice(remaining, date(2026, 12, 1), "https://t.br/creditos", allowance=0)
    assert "renovada" not in notice
    assert "usou todos" not in notice
    assert "\n" not in notice
    assert len(notice) <= 240
    assert notice.endswith("/creditos")
