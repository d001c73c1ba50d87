"""Changes of a user's plan and monthly limit, and resets of the month's usage (SPEC 6, Admin)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.principal import Principal
from solaris.domain.errors import Conflict
from solaris.ledger.allowance import AllowanceChange, AllowanceChangeKind, Allowances, AllowanceUpdate
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql
from solaris.users.account_rules import check_not_own_account
from solaris.users.user_service import (
    User,
    lock_changeable_user,
    open_subscription,
    read_user,
)

MIN_REASON_CHARACTERS = 20
MAX_REASON_CHARACTERS = 500


class Effective(StrEnum):
    """Whether a plan or limit applies to the current period, or from the next one on."""

    NOW = "now"
    NEXT_PERIOD = "next_period"


@dataclass(frozen=True, slots=True)
class LimitChange:
    """The user after the change; `allowance`: the change of the current period, if any."""

    user: User
    allowance: AllowanceChange | None


class LimitService:
    """Changes plans and limits, and resets usage.

    Subscription, wallet and audit entry change in one transaction. Every method raises `NotFound`
    for an unknown user, `Forbidden` if an actor below super_admin changes a staff account,
    `Conflict` for an anonymised account, and `OwnAccount` for the actor's own account.
    """

    def __init__(self, database: Database, cache_invalidation: CacheInvalidation, allowances: Allowances) -> None:
        self._database = database
        self._cache_invalidation = cache_invalidation
        self._allowances = allowances

    async def set_plan(
        self, actor: Principal | None, user_id: UUID, plan_type: str, effective: Effective
    ) -> LimitChange:
        """Set the user's plan and its limit; the same plan again removes an individual limit.

        Raises:
            NotFound: no such active plan.
        """
        check_not_own_account(actor, user_id, "mudar o plano da sua própria conta")
        async with self._database.transaction() as connection:
            before = await lock_changeable_user(connection, actor, user_id)
            if before.plan_type != plan_type:
                await connection.execute(load_sql("users", "end_subscription"), user_id)
                await open_subscription(connection, user_id, plan_type)
            else:
                await connection.execute(load_sql("users", "restore_plan_limit"), user_id)
            user = await read_user(connection, user_id)
            change = None
            if effective is Effective.NOW:
                change = await self._apply(connection, actor, user, AllowanceChangeKind.PLAN, f"Plano {plan_type}")
            if user != before or (change is not None and change.tokens != 0):
                details = {"effective": effective.value}
                await _record(connection, actor, "user.set_plan", (before, user), details, change)
        # Processes cache the plan's rates with the caller, and open pages show the balance.
        await self._cache_invalidation.publish(user_id)
        return LimitChange(user, change)

    async def set_limit(
        self, actor: Principal | None, user_id: UUID, monthly_tokens: int, reason: str, effective: Effective
    ) -> LimitChange:
        """Set an individual monthly limit in tokens.

        With `Effective.NOW` the current period's allowance changes too, but never below its use.

        Raises:
            Conflict: the user has no subscription.
        """
        check_not_own_account(actor, user_id, "mudar o limite da sua própria conta")
        async with self._database.transaction() as connection:
            before = await lock_changeable_user(connection, actor, user_id)
            if before.plan_type is None:
                raise Conflict("Este usuário não tem assinatura ativa. Escolha antes um plano para ele.")
            await connection.execute(
                "UPDATE subscriptions SET monthly_tokens = $2 WHERE user_id = $1 AND active", user_id, monthly_tokens
            )
            user = await read_user(connection, user_id)
            change = None
            if effective is Effective.NOW:
                change = await self._apply(connection, actor, user, AllowanceChangeKind.LIMIT, reason)
            if user != before or (change is not None and change.tokens != 0):
                details = {"effective": effective.value, "reason": reason}
                await _record(connection, actor, "user.set_limit", (before, user), details, change)
        await self._cache_invalidation.publish(user_id)
        return LimitChange(user, change)

    async def reset(self, actor: Principal | None, user_id: UUID, reason: str, key: str) -> LimitChange:
        """Give back the tokens used in this period since its last reset; usage records stay.

        The same actor and key reset once; a repeat returns the first result.

        Raises:
            NothingToReset: nothing was used since the last reset.
            IdempotencyConflict: the key was used for another reset.
        """
        check_not_own_account(actor, user_id, "zerar o consumo da sua própria conta")
        owner = "system" if actor is None else str(actor.user_id)
        async with self._database.transaction() as connection:
            user = await lock_changeable_user(connection, actor, user_id)
            update = AllowanceUpdate(
                user_id, AllowanceChangeKind.RESET, None, reason, _id_of(actor), f"staff:{owner}:{key}"
            )
            change = await self._allowances.change(connection, update)
            if not change.repeated:
                await _record(connection, actor, "user.reset_usage", (user, user), {"reason": reason}, change)
        await self._cache_invalidation.publish(user_id)
        return LimitChange(user, change)

    async def _apply(
        self, connection: Connection, actor: Principal | None, user: User, kind: AllowanceChangeKind, reason: str
    ) -> AllowanceChange:
        update = AllowanceUpdate(user.id, kind, user.monthly_tokens or 0, reason, _id_of(actor))
        return await self._allowances.change(connection, update)


def _id_of(actor: Principal | None) -> UUID | None:
    return None if actor is None else actor.user_id


async def _record(
    connection: Connection,
    actor: Principal | None,
    action: str,
    states: tuple[User, User],
    details: dict[str, Any],
    change: AllowanceChange | None,
) -> None:
    before, after = ({"plan_type": p.plan_type, "monthly_tokens": p.monthly_tokens} for p in states)
    if change is not None:
        details = {
            **details,
            "allowance_added": change.tokens,
            "transaction_id": change.transaction_id,
            "tokens_remaining": change.wallet.remaining,
        }
    await record(connection, actor, Change(action, "user", str(states[0].id), before, {**after, **details}))
