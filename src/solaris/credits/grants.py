"""Credits that staff grant to users: once per idempotency key, audited (SPEC 6, Admin)."""

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
    fingerprint_of_grant,
    pending_by_key,
    request_second_person,
)
from solaris.credits.recipients import can_receive, check_can_receive
from solaris.credits.second_person import ProposedGrant, causes_for_second_person
from solaris.domain.errors import IdempotencyConflict, InvalidInput
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Grant, GrantCreate, TransactionType
from solaris.platform.logs import Log
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql
from solaris.users.account_rules import check_not_own_account

MAX_AMOUNT_BRL = Decimal("10000000.00")
MAX_NOTE_CHARACTERS = 500
GRANTED = "credit_transaction.grant"
COMMAND_LINE = "command line"


class GrantReason(StrEnum):
    """Why staff add credits; the values are the customer's terms."""

    COMPRA_EMAIL = "compra_email"
    PROMOCIONAL = "promocional"
    AJUSTE_MANUAL = "ajuste_manual"

    @property
    def transaction_type(self) -> TransactionType:
        """The ledger's transaction type for this reason."""
        return _TYPES[self]


_TYPES = {
    GrantReason.COMPRA_EMAIL: TransactionType.PURCHASE,
    GrantReason.PROMOCIONAL: TransactionType.BONUS,
    GrantReason.AJUSTE_MANUAL: TransactionType.ADJUSTMENT,
}


@dataclass(frozen=True, slots=True)
class StaffGrant:
    """Credits to add. `idempotency_key` is scoped to the actor."""

    user_id: UUID
    tokens: int
    amount_brl: Decimal
    reason: GrantReason
    note: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class GrantReceipt:
    """The result of a grant, as first returned; `repeated`: this call changed nothing."""

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
class PendingGrantReceipt:
    """A grant that waits for a second person, as first returned.

    `repeated`: an earlier call created it, and this call changed nothing.
    """

    pending: PendingGrant
    repeated: bool


class GrantService:
    """Adds credits. The grant and its audit entry are one transaction."""

    def __init__(
        self, database: Database, ledger: Ledger, log: Log, publish_change: PublishChange | None = None
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._log = log
        self._publish_change = publish_change

    async def add(self, actor: Principal, new_grant: StaffGrant) -> GrantReceipt | PendingGrantReceipt:
        """Add credits, or store a pending grant if the rules require a second person.

        A repeat with the same key and content returns the first result and changes nothing.

        Raises:
            OwnAccount: the credits are for the actor.
            InvalidInput: a purchase has no amount paid, or the credits would exceed the limit.
            IdempotencyConflict: the key was used for another grant.
            NotFound: no such user.
            AnonymisedAccount: the user was anonymised.
            StoreUnavailable: PostgreSQL did not answer in time; nothing was added.
        """
        check_not_own_account(actor, new_grant.user_id, "adicionar créditos à sua própria conta")
        _check_paid(new_grant)
        async with self._database.transaction() as connection:
            waiting = await _pending_if_required(connection, actor, new_grant)
            receipt = None if waiting is not None else await self._grant(connection, actor, new_grant)
        if receipt is not None:
            await self._publish(actor, receipt)
            return receipt
        if waiting is None:
            raise AssertionError("a grant is either made or pending")
        self._log_pending(waiting)
        return waiting

    async def add_from_command_line(self, new_grant: StaffGrant) -> GrantReceipt:
        """Add credits without a second person, audited as "command line".

        The command line can write to the database anyway. Raises as `add`, except `OwnAccount`.
        """
        _check_paid(new_grant)
        async with self._database.transaction() as connection:
            receipt = await self._grant(connection, None, new_grant)
        await self._publish(None, receipt)
        return receipt

    async def _grant(self, connection: Connection, actor: Principal | None, new_grant: StaffGrant) -> GrantReceipt:
        receives = await can_receive(connection, new_grant.user_id)
        grant = await self._ledger.grant(_grant_create(actor, new_grant), connection=connection)
        if not receives and not grant.repeated:
            raise AnonymisedAccount
        return _receipt(grant, new_grant.reason, await self._figures(connection, actor, new_grant, grant))

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
        if self._publish_change is not None:
            await self._publish_change(receipt.user_id)

    def _log_pending(self, waiting: PendingGrantReceipt) -> None:
        if waiting.repeated:
            return
        self._log.info(
            "pending_grant_asked",
            user_id=waiting.pending.user_id,
            pending_grant_id=str(waiting.pending.id),
            tokens=waiting.pending.tokens,
            causes=[cause.value for cause in waiting.pending.causes],
            actor_id=str(waiting.pending.asked_by),
        )

    async def _figures(
        self, connection: Connection, actor: Principal | None, new_grant: StaffGrant, grant: Grant
    ) -> dict[str, Any]:
        """The balance right after the grant; on a repeat it is read from the audit log."""
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
            "reason": new_grant.reason.value,
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


def _check_paid(new_grant: StaffGrant) -> None:
    if new_grant.reason is GrantReason.COMPRA_EMAIL and new_grant.amount_brl <= 0:
        raise InvalidInput(
            "Uma compra por e-mail precisa do valor pago (amount_paid maior que zero).", param="amount_paid"
        )


async def _pending_if_required(
    connection: Connection, actor: Principal, new_grant: StaffGrant
) -> PendingGrantReceipt | None:
    """Store the grant as pending if it needs a second person.

    Returns None if the actor may make it alone, or has made it with this key already.
    """
    grant_create = _grant_create(actor, new_grant)
    key = grant_create.idempotency_key
    # Lock the key first: concurrent calls with one key, also for different users, run one by one.
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)
    first = await pending_by_key(connection, key)
    if first is not None:
        if first.fingerprint != fingerprint_of_grant(grant_create, new_grant.reason.value):
            raise IdempotencyConflict(
                "Esta chave de idempotência já foi usada com outro conteúdo. Envie uma chave nova.",
                param="Idempotency-Key",
            )
        return PendingGrantReceipt(_as_first_answered(first), repeated=True)
    if await connection.fetchval("SELECT true FROM credit_transactions WHERE idempotency_key = $1", key):
        return None
    # Then lock the user, so that concurrent grants to one user are added up correctly.
    if not await connection.fetchval("SELECT true FROM users WHERE id = $1 FOR NO KEY UPDATE", new_grant.user_id):
        return None
    is_sale = new_grant.reason is GrantReason.COMPRA_EMAIL
    proposed = ProposedGrant(actor.user_id, new_grant.user_id, new_grant.tokens, new_grant.amount_brl, is_sale)
    causes = await causes_for_second_person(connection, proposed)
    if not causes:
        return None
    await check_can_receive(connection, new_grant.user_id)
    new = NewPendingGrant(grant_create, new_grant.reason.value, None, causes)
    return PendingGrantReceipt(await request_second_person(connection, actor, new), repeated=False)


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


def _grant_create(actor: Principal | None, new_grant: StaffGrant) -> GrantCreate:
    owner = "system" if actor is None else str(actor.user_id)
    return GrantCreate(
        user_id=new_grant.user_id,
        tokens=new_grant.tokens,
        transaction_type=new_grant.reason.transaction_type,
        idempotency_key=f"staff:{owner}:{new_grant.idempotency_key}",
        amount_brl=new_grant.amount_brl,
        note=new_grant.note,
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
