from datetime import date

import pytest

from solaris.domain.wallet import UserState, Wallet, spending_state


def wallet(*, used: int, left: int, held: int = 0) -> Wallet:
    return Wallet(date(2026, 11, 1), allowance=left, allowance_used=0, credits=0, held=held, used=used)


@pytest.mark.parametrize(
    ("used", "left", "state"),
    [
        (0, 100, UserState.NORMAL),
        (7999, 2001, UserState.NORMAL),
        (8000, 2000, UserState.ALERT_80),
        (8999, 1001, UserState.ALERT_80),
        (9000, 1000, UserState.ALERT_90),
        (9999, 1, UserState.ALERT_90),
        (10000, 0, UserState.BLOCKED),
        (0, 0, UserState.BLOCKED),
    ],
)
def test_states_change_exactly_at_their_percentages(used, left, state):
    assert wallet(used=used, left=left).state(active=True) is state


@pytest.mark.parametrize(
    ("used", "left", "refused", "state"),
    [
        # What is left covers the last call, or it was served: as ever.
        (988, 12, 0, UserState.ALERT_90),
        (988, 12, 12, UserState.ALERT_90),
        (988, 12, 13, UserState.BLOCKED),
        # Small is below 10,000 tokens …
        (0, 9_999, 10_000, UserState.BLOCKED),
        (0, 10_000, 10_001, UserState.NORMAL),
        (40_000, 10_000, 10_001, UserState.ALERT_80),
        # … or a tenth of all.
        (89_999, 10_000, 10_001, UserState.ALERT_80),
        (90_000, 10_000, 10_001, UserState.BLOCKED),
        (900_000, 100_000, 100_001, UserState.BLOCKED),
        (899_999, 100_000, 100_001, UserState.ALERT_80),
        (0, 0, 170, UserState.BLOCKED),
    ],
)
def test_a_small_rest_that_did_not_cover_the_last_call_blocks(used, left, refused, state):
    assert spending_state(used, left, refused) is state
    assert wallet(used=used, left=left)._replace(refused_tokens=refused).state(active=True) is state


def test_holds_of_running_calls_do_not_make_a_rest_small():
    busy = wallet(used=0, left=20_000, held=20_000)._replace(refused_tokens=20_001)
    assert (busy.remaining, busy.state(active=True)) == (0, UserState.NORMAL)


def test_a_suspended_user_is_suspended_whatever_is_left():
    assert wallet(used=0, left=100).state(active=False) is UserState.SUSPENDED


def test_a_hold_lowers_what_remains_but_does_not_block():
    busy = wallet(used=0, left=100, held=100)
    assert busy.remaining == 0
    assert busy.state(active=True) is UserState.NORMAL


def test_with_nothing_to_use_at_all_the_percentage_is_a_hundred():
    assert wallet(used=0, left=0).usage_percent == 100.0
