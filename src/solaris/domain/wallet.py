"""The wallet's arithmetic: what is left, and which state follows from it (SPEC 2 and 3)."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

SMALL_REST_TOKENS = 10_000


class UserState(StrEnum):
    """Derived from the wallet and `users.active`; never stored."""

    NORMAL = "normal"
    ALERT_80 = "alert_80"
    ALERT_90 = "alert_90"
    BLOCKED = "blocked"
    SUSPENDED = "suspended"


class Wallet(NamedTuple):
    """One user's balance in one period. All figures are tokens.

    `overage` is debt: charged beyond what the user had, repaid first by the next grant or allowance. `refused_tokens` is what the
    last call needed where it was refused for lack of tokens; 0 where it was not.
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
        """What the subscription still gives in this period."""
        left = self.allowance - self.allowance_used
        return left if left > 0 else 0

    @property
    def left(self) -> int:
        """Allowance left and credits left, holds not yet taken off."""
        return self.allowance_left + self.credits

    @property
    def remaining(self) -> int:
        """Allowance left + credits left − holds; never below zero."""
        remaining = self.left - self.held
        return remaining if remaining > 0 else 0

    @property
    def usage_percent(self) -> float:
        """100 × used / (used + allowance left + credits left); 100 when there is nothing to use at all."""
        return usage_percent(self.used, self.left)

    def state(self, *, active: bool) -> UserState:
        """The user's state. Blocked means that nothing is left, or too little for a call; holds of running calls do not block."""
        return spending_state(self.used, self.left, self.refused_tokens) if active else UserState.SUSPENDED


def spending_state(used: int, left: int, refused_tokens: int = 0) -> UserState:
    """The state of a user who may spend; see `Wallet.state`.

    A rest that did not cover the last call blocks too, where it is small: below 10,000 tokens or a tenth of all. A single long
    request does not block a user who has plenty left.
    """
    if left <= 0 or (left < refused_tokens and (left < SMALL_REST_TOKENS or used >= 9 * left)):
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
