"""Credits that staff add to a user's wallet: exactly once per key, with an entry in the audit log (SPEC 6, Admin)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from solaris.accounts.audit_log import Change, record
from solaris.accounts.changes import TellChanged
from solaris.accounts.principal import Principal
from solaris.domain.errors import InvalidInput
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Grant, GrantOrder, TransactionType
from solaris.platform.logs import Log
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql

MOST_AMOUNT_BRL = Decimal("10000000.00")
MOST_NOTE_CHARACTERS = 500
GRANTED = "credit_transaction.grant"


class GrantReason(StrEnum):
    """Why staff add credits, in the customer's words."""

    COMPRA_EMAIL = "compra_email"
    PROMOCIONAL = "promocional"
    AJUSTE_MANUAL = "ajuste_manual"

    @property
    def transaction_type(self) -> TransactionType:
        """The kind of grant it is in the books."""
        return _TYPES[self]


_TYPES = {
    GrantReason.COMPRA_EMAIL: TransactionType.PURCHASE,
    GrantReason.PROMOCIONAL: TransactionType.BONUS,
    GrantReason.AJUSTE_MANUAL: TransactionType.ADJUSTMENT,
}


@dataclass(frozen=True, slots=True)
class StaffGrant:
    """Credits to add. `idempotency_key` belongs to the actor: two people's equal keys are two keys."""

    user_id: UUID
    tokens: int
    amount_brl: Decimal
    reason: GrantReason
    note: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class GrantReceipt:
    """What a grant did, as it was first answered; `repeated` says that nothing changed now."""

    transaction_id: UUID
    user_id: UUID
    tokens_added: int
    amount_brl: Decimal
    transaction_type: TransactionType
    reason: GrantReason
    note: str
    created_at: datetime
    credits: int
    tokens_remaining: int
    usage_percent: float
    repeated: bool


class GrantDesk:
    """Where staff add credits. The grant and its audit entry are one transaction."""

    def __init__(self, database: Database, ledger: Ledger, log: Log, tell_changed: TellChanged | None = None) -> None:
        self._database = database
        self._ledger = ledger
        self._log = log
        self._tell_changed = tell_changed

    async def add(self, actor: Principal | None, order: StaffGrant) -> GrantReceipt:
        """Add credits; the same key with the same content returns the first receipt and changes nothing.

        Without an actor it is the command line that adds them.

        Raises:
            InvalidInput: a purchase without an amount paid, or the credits would pass the limit.
            IdempotencyConflict: the key was used for another grant.
            NotFound: no such user.
            StoreUnavailable: PostgreSQL did not answer in time; nothing was added.
        """
        if order.reason is GrantReason.COMPRA_EMAIL and order.amount_brl <= 0:
            raise InvalidInput(
                "Uma compra por e-mail precisa do valor pago (amount_paid maior que zero).", param="amount_paid"
            )
        async with self._database.transaction() as connection:
            grant = await self._ledger.grant(_ledger_order(actor, order), connection=connection)
            figures = await self._figures(connection, actor, order, grant)
        if not grant.repeated:
            self._log.info(
                "credits_added",
                user_id=grant.user_id,
                tokens_added=grant.tokens_added,
                amount_paid=f"{grant.amount_brl:.2f}",
                reason=order.reason.value,
                transaction_id=str(grant.transaction_id),
                actor_id=None if actor is None else str(actor.user_id),
            )
            if self._tell_changed is not None:
                await self._tell_changed(grant.user_id)
        return _receipt(grant, order.reason, figures)

    async def _figures(
        self, connection: Connection, actor: Principal | None, order: StaffGrant, grant: Grant
    ) -> dict[str, Any]:
        """The balance right after the grant: computed and recorded the first time, read back on a repeat."""
        if grant.repeated:
            recorded = await connection.fetchval(
                load_sql("credits", "grant_receipt"), str(grant.transaction_id), GRANTED
            )
            if recorded is not None:
                return dict(recorded)
        wallet = grant.wallet
        after = {
            "user_id": str(grant.user_id),
            "tokens_added": grant.tokens_added,
            "amount_paid": f"{grant.amount_brl:.2f}",
            "reason": order.reason.value,
            "note": grant.note,
            "credits": wallet.credits,
            "tokens_remaining": wallet.remaining,
            "usage_percent": wallet.usage_percent,
        }
        if not grant.repeated:
            transaction_id = str(grant.transaction_id)
            await record(connection, actor, Change(GRANTED, "credit_transaction", transaction_id, after=after))
        return after


def _ledger_order(actor: Principal | None, order: StaffGrant) -> GrantOrder:
    owner = "system" if actor is None else str(actor.user_id)
    return GrantOrder(
        user_id=order.user_id,
        tokens=order.tokens,
        transaction_type=order.reason.transaction_type,
        idempotency_key=f"staff:{owner}:{order.idempotency_key}",
        amount_brl=order.amount_brl,
        note=order.note,
        actor_id=None if actor is None else actor.user_id,
    )


def _receipt(grant: Grant, reason: GrantReason, figures: dict[str, Any]) -> GrantReceipt:
    return GrantReceipt(
        transaction_id=grant.transaction_id,
        user_id=grant.user_id,
        tokens_added=grant.tokens_added,
        amount_brl=grant.amount_brl,
        transaction_type=grant.transaction_type,
        reason=reason,
        note=grant.note,
        created_at=grant.created_at,
        credits=figures["credits"],
        tokens_remaining=figures["tokens_remaining"],
        usage_percent=figures["usage_percent"],
        repeated=grant.repeated,
    )
