"""Credits that staff add to a user's wallet: exactly once per key, with an entry in the audit log (SPEC 6, Admin)."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import PublishChange
from solaris.auth.principal import Principal
from solaris.credits.errors import AnonymisedAccount
from solaris.credits.pending_grant_records import (
    NewPendingGrant,
    PendingGrant,
    PendingState,
    ask_second_person,
    fingerprint_of_order,
    pending_by_key,
)
from solaris.credits.recipients import can_receive, check_can_receive
from solaris.credits.second_person import ProposedGrant, causes_for_second_person
from solaris.domain.errors import IdempotencyConflict, InvalidInput
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Grant, GrantCreate, TransactionType
from solaris.platform.logs import Log
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql
from solaris.users.own_account import check_not_own

MAX_AMOUNT_BRL = Decimal("10000000.00")
MAX_NOTE_CHARACTERS = 500
GRANTED = "credit_transaction.grant"
COMMAND_LINE = "command line"


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


@dataclass(frozen=True, slots=True)
class AskedGrant:
    """A grant that waits for a second person, as it was first answered; `repeated` says that it had been asked for before."""

    pending: PendingGrant
    repeated: bool


class GrantService:
    """Where staff add credits. The grant and its audit entry are one transaction."""

    def __init__(self, database: Database, ledger: Ledger, log: Log, tell_changed: PublishChange | None = None) -> None:
        self._database = database
        self._ledger = ledger
        self._log = log
        self._tell_changed = tell_changed

    async def add(self, actor: Principal, order: StaffGrant) -> GrantReceipt | AskedGrant:
        """Add credits, or write the grant down for a second person where the rules ask for one.

        The same key with the same content returns the first answer and changes nothing.

        Raises:
            OwnAccount: the credits are for the actor.
            InvalidInput: a purchase without an amount paid, or the credits would pass the limit.
            IdempotencyConflict: the key was used for another grant.
            NotFound: no such user.
            AnonymisedAccount: the user was anonymised.
            StoreUnavailable: PostgreSQL did not answer in time; nothing was added.
        """
        check_not_own(actor, order.user_id, "adicionar créditos à sua própria conta")
        _check_paid(order)
        async with self._database.transaction() as connection:
            asked = await _asked(connection, actor, order)
            receipt = None if asked is not None else await self._grant(connection, actor, order)
        if receipt is not None:
            await self._publish(actor, receipt)
            return receipt
        if asked is None:
            raise AssertionError("a grant is either made or asked for")
        self._log_asked(asked)
        return asked

    async def add_from_command_line(self, order: StaffGrant) -> GrantReceipt:
        """Add credits without a second person: the shell belongs to the owner of the database. Audited as "command line".

        Raises as `add`, but never `OwnAccount`.
        """
        _check_paid(order)
        async with self._database.transaction() as connection:
            receipt = await self._grant(connection, None, order)
        await self._publish(None, receipt)
        return receipt

    async def _grant(self, connection: Connection, actor: Principal | None, order: StaffGrant) -> GrantReceipt:
        receives = await can_receive(connection, order.user_id)
        grant = await self._ledger.grant(_ledger_order(actor, order), connection=connection)
        if not receives and not grant.repeated:
            raise AnonymisedAccount
        return _receipt(grant, order.reason, await self._figures(connection, actor, order, grant))

    async def _publish(self, actor: Principal | None, receipt: GrantReceipt) -> None:
        if receipt.repeated:
            return
        self._log.info(
            "credits_added",
            user_id=receipt.user_id,
            tokens_added=receipt.tokens_added,
            amount_paid=f"{receipt.amount_brl:.2f}",
            reason=receipt.reason.value,
            transaction_id=str(receipt.transaction_id),
            actor_id=None if actor is None else str(actor.user_id),
        )
        if self._tell_changed is not None:
            await self._tell_changed(receipt.user_id)

    def _log_asked(self, asked: AskedGrant) -> None:
        if asked.repeated:
            return
        self._log.info(
            "pending_grant_asked",
            user_id=asked.pending.user_id,
            pending_grant_id=str(asked.pending.id),
            tokens=asked.pending.tokens,
            causes=[cause.value for cause in asked.pending.causes],
            actor_id=str(asked.pending.asked_by),
        )

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
            if actor is None:
                after["via"] = COMMAND_LINE
            await record(connection, actor, Change(GRANTED, "credit_transaction", transaction_id, after=after))
        return after


def _check_paid(order: StaffGrant) -> None:
    if order.reason is GrantReason.COMPRA_EMAIL and order.amount_brl <= 0:
        raise InvalidInput(
            "Uma compra por e-mail precisa do valor pago (amount_paid maior que zero).", param="amount_paid"
        )


async def _asked(connection: Connection, actor: Principal, order: StaffGrant) -> AskedGrant | None:
    """The grant as one that waits for a second person; None where the actor may make it, or has made it with this key."""
    ledger_order = _ledger_order(actor, order)
    key = ledger_order.idempotency_key
    # The key first: two calls with one key, also for two users, see each other's answer.
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)
    first = await pending_by_key(connection, key)
    if first is not None:
        if first.fingerprint != fingerprint_of_order(ledger_order, order.reason.value):
            raise IdempotencyConflict(
                "Esta chave de idempotência já foi usada com outro conteúdo. Envie uma chave nova.",
                param="Idempotency-Key",
            )
        return AskedGrant(_as_first_answered(first), repeated=True)
    if await connection.fetchval("SELECT true FROM credit_transactions WHERE idempotency_key = $1", key):
        return None
    # Then the user, so that grants of one person to one user are added up one after the other.
    if not await connection.fetchval("SELECT true FROM users WHERE id = $1 FOR NO KEY UPDATE", order.user_id):
        return None
    is_sale = order.reason is GrantReason.COMPRA_EMAIL
    proposed = ProposedGrant(actor.user_id, order.user_id, order.tokens, order.amount_brl, is_sale)
    causes = await causes_for_second_person(connection, proposed)
    if not causes:
        return None
    await check_can_receive(connection, order.user_id)
    new = NewPendingGrant(ledger_order, order.reason.value, None, causes)
    return AskedGrant(await ask_second_person(connection, actor, new), repeated=False)


def _as_first_answered(grant: PendingGrant) -> PendingGrant:
    return replace(
        grant,
        state=PendingState.PENDING,
        decided_by=None,
        decided_by_name=None,
        decided_at=None,
        decision_reason=None,
        transaction_id=None,
    )


def _ledger_order(actor: Principal | None, order: StaffGrant) -> GrantCreate:
    owner = "system" if actor is None else str(actor.user_id)
    return GrantCreate(
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
