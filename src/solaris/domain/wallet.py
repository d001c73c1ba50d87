"""Wallet arithmetic: the balance and the user's state (SPEC 2 and 3)."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

SMALL_BALANCE_TOKENS = 10_000


class UserState(StrEnum):
    """Derived from the wallet and `users.active`; never stored."""

    NORMAL = "normal"
    ALERT_80 = "alert_80"
    ALERT_90 = "alert_90"
    BLOCKED = "blocked"
    SUSPENDED = "suspended"


class Wallet(NamedTuple):
    """One user's balance in one period. All figures are tokens.

    `overage` is debt: tokens charged beyond the balance, repaid first by the next grant or
    allowance. `refused_tokens`: the tokens that the last call needed if it was refused for lack of
    tokens, else 0.
    """

    period_start: date
    allowance: int
    allowance_used: int
    credits: int
    held: int
    used: int
    overage: int = 0
    refused_tokens: int = 0

    @property
    def allowance_left(self) -> int:
        """Allowance less allowance used in this period; never below zero."""
        left = self.allowance - self.allowance_used
        return left if left > 0 else 0

    @property
    def left(self) -> int:
        """Allowance left + credits; holds are not subtracted."""
        return self.allowance_left + self.credits

    @property
    def remaining(self) -> int:
        """Allowance left + credits − holds; never below zero."""
        remaining = self.left - self.held
        return remaining if remaining > 0 else 0

    @property
    def usage_percent(self) -> float:
        """100 × used / (used + allowance left + credits); 100 where all are zero."""
        return usage_percent(self.used, self.left)

    def state(self, *, active: bool) -> UserState:
        """The state by `spending_state`, or suspended if not `active`. Holds do not block."""
        return spending_state(self.used, self.left, self.refused_tokens) if active else UserState.SUSPENDED


def spending_state(used: int, left: int, refused_tokens: int = 0) -> UserState:
    """The state of an active user with these tokens used and left.

    Blocked: nothing is left, or the balance did not cover the last call (`refused_tokens`) and is
    below `SMALL_BALANCE_TOKENS` or at most a tenth of used + left. So one long request does not
    block a user with a large balance.
    """
    if left <= 0 or (left < refused_tokens and (left < SMALL_BALANCE_TOKENS or used >= 9 * left)):
        return UserState.BLOCKED
    if used * 100 >= 90 * (used + left):
        return UserState.ALERT_90
    if used * 100 >= 80 * (used + left):
        return UserState.ALERT_80
    return UserState.NORMAL


def usage_percent(used: int, left: int) -> float:
    """100 × used / (used + left), rounded to two digits; 100 where both are zero."""
    total = used + left
    if total <= 0:
        return 100.0
    return round(100 * used / total, 2)
