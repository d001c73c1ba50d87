"""Changes by staff to a running period: limit, reset of use, alert thresholds; all are recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from solaris.domain.errors import Conflict, NotFound
from solaris.domain.wallet import Wallet
from solaris.ledger.ledger import CREDITS_LIMIT_TOKENS
from solaris.ledger.rows import USER_UNKNOWN_MESSAGE, grant_condition_of, wallet_of
from solaris.platform.postgres import Connection
from solaris.platform.sql import load_sql


class NothingToReset(Conflict):
    """No tokens were used since the period began or was last reset."""

    code = "nothing_to_reset"


class AllowanceChangeKind(StrEnum):
    """Kinds of allowance change inside a period."""

    LIMIT = "limit"
    PLAN = "plan"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class AllowanceUpdate:
    """A change to make. `limit_tokens` is None for a reset, which keeps the limit.

    `idempotency_key` is unique over all users.
    """

    user_id: UUID
    kind: AllowanceChangeKind
    limit_tokens: int | None
    reason: str
    actor_id: UUID | None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class AllowanceChange:
    """A recorded change. `tokens` were added to the allowance (negative: taken off).

    `credits_tokens` is a reset's compensation for use paid from credits. `repeated`: the change was
    made by an earlier call with the same key.
    """

    id: UUID
    period_start: date
    tokens: int
    limit_tokens: int
    credits_tokens: int
    transaction_id: UUID | None
    created_at: datetime
    repeated: bool
    wallet: Wallet


class Allowances:
    """Changes allowances in the caller's transaction.

    Instants come from PostgreSQL unless a `clock` is given (tests).
    """

    def __init__(self, *, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock

    async def change(self, connection: Connection, order: AllowanceUpdate) -> AllowanceChange:
        """Make the change once per idempotency key (rules: `ledger_change_allowance_v1`).

        Raises:
            NothingToReset: no tokens were used since the last reset.
            IdempotencyConflict: the key was used for another change.
            InvalidInput: the credits would exceed the limit.
            NotFound: no such user.
        """
        row = await connection.fetchrow(
            load_sql("ledger", "change_allowance"),
            order.user_id,
            order.limit_tokens,
            order.kind.value,
            order.reason,
            order.actor_id,
            order.idempotency_key,
            CREDITS_LIMIT_TOKENS,
            self._now(),
        )
        outcome = "" if row is None else row["outcome"]
        if outcome == "nothing":
            raise NothingToReset(
                "Este usuário não usou tokens neste período desde a última zeragem: não há o que zerar."
            )
        if row is None or outcome not in ("changed", "repeated"):
            raise grant_condition_of(outcome)
        change = row["change"]
        # A separate statement: the one above does not see the rows that its function inserted.
        given_back = await connection.fetchval(
            "SELECT tokens_added FROM credit_transactions WHERE id = $1", change["transaction_id"]
        )
        return AllowanceChange(
            change["id"],
            change["period_start"],
            change["tokens"],
            change["limit_tokens"],
            given_back or 0,
            change["transaction_id"],
            change["created_at"],
            outcome == "repeated",
            wallet_of(row["wallet"]),
        )

    async def set_thresholds(self, connection: Connection, user_id: UUID, thresholds: Sequence[int]) -> list[int]:
        """Set the percentages at which the user is alerted; returns the previous ones.

        Raises:
            NotFound: no such user.
        """
        before = await connection.fetchval(
            load_sql("ledger", "alert_thresholds"), user_id, sorted(set(thresholds)), self._now()
        )
        if before is None:
            raise NotFound(USER_UNKNOWN_MESSAGE, code="user_not_found")
        return list(before)

    def _now(self) -> datetime | None:
        return None if self._clock is None else self._clock()
