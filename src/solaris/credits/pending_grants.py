"""Decides pending grants: a second person approves or rejects, the requester may cancel."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import PublishChange
from solaris.auth.principal import Principal
from solaris.credits.errors import ForeignGrant, OwnGrant, PendingGrantDecided, RequestAlreadyDecided
from solaris.credits.pending_grant_records import ENTITY, PendingGrant, PendingState, pending_rows, read_pending
from solaris.credits.recipients import check_can_receive
from solaris.credits.records import RequestState
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Grant, GrantCreate
from solaris.platform.http.pagination import Cursor
from solaris.platform.logs import Log
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql
from solaris.users.account_rules import check_not_own_account

EXPIRED_PER_BATCH = 200
_STATE_WORDS = {
    PendingState.APPROVED: "confirmado",
    PendingState.REJECTED: "recusado",
    PendingState.CANCELLED: "cancelado",
    PendingState.EXPIRED: "encerrado por ter passado de 7 dias",
}
_OWN_CREDITS = "confirmar créditos para a sua própria conta"


@dataclass(frozen=True, slots=True)
class PendingDecision:
    """A decided grant; `repeated`: the same person decided so before, this call changed nothing."""

    grant: PendingGrant
    repeated: bool


class PendingGrants:
    """Reads and decides pending grants.

    Every method raises `StoreUnavailable` if PostgreSQL does not answer in time. The deciding
    methods raise `PendingGrantNotFound` for an unknown id, and `PendingGrantDecided` if the grant
    is expired, or decided otherwise or by another person.
    """

    def __init__(
        self, database: Database, ledger: Ledger, log: Log, publish_change: PublishChange | None = None
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._log = log
        self._publish_change = publish_change

    async def page(self, state: PendingState | None, after: Cursor | None, limit: int) -> list[PendingGrant]:
        """Up to `limit` grants after the cursor, newest first."""
        async with self._database.connection() as connection:
            return list(await pending_rows(connection, state=state, after=after, limit=limit))

    async def one(self, grant_id: UUID) -> PendingGrant:
        """The pending grant with this id. Raises `PendingGrantNotFound`."""
        async with self._database.connection() as connection:
            return await read_pending(connection, grant_id)

    async def approve(self, actor: Principal, grant_id: UUID, reason: str) -> PendingDecision:
        """Make the grant, once also with concurrent approvals, and approve its credit request.

        Raises:
            OwnGrant: the actor requested it.
            OwnAccount: the credits are for the actor.
            AnonymisedAccount: the user was anonymised meanwhile; the pending grant can still be
                rejected or cancelled.
            RequestAlreadyDecided: its credit request was decided meanwhile; the pending grant is
                cancelled.
            InvalidInput: the credits would exceed the limit.
        """
        async with self._database.transaction() as connection:
            pending = await _locked(connection, grant_id)
            _check_second_person(actor, pending)
            if pending.state is not PendingState.PENDING:
                return _decided_before(actor, pending, PendingState.APPROVED)
            request_state = await _lock_request(connection, pending)
            if request_state in (None, RequestState.PENDING):
                await check_can_receive(connection, pending.user_id)
                grant = await self._ledger.grant(_grant_create(pending), connection=connection)
                await _approve(connection, actor, pending, grant, reason)
            else:
                await _close(connection, actor, pending, PendingState.CANCELLED, "O pedido já foi decidido.")
            decided = await read_pending(connection, grant_id)
        if decided.state is PendingState.CANCELLED:
            raise RequestAlreadyDecided(
                f"O pedido {pending.ticket_number} já foi cancelado ou decidido. "
                "Nada foi creditado, e esta confirmação foi encerrada."
            )
        self._log_decision("pending_grant_approved", actor, decided)
        if self._publish_change is not None:
            await self._publish_change(pending.user_id)
        return PendingDecision(decided, repeated=False)

    async def reject(self, actor: Principal, grant_id: UUID, reason: str) -> PendingDecision:
        """Reject the grant; nothing is granted, and its credit request stays pending.

        Raises:
            OwnGrant: the actor requested it; they may cancel it.
            OwnAccount: the credits are for the actor.
        """
        async with self._database.transaction() as connection:
            pending = await _locked(connection, grant_id)
            _check_second_person(actor, pending)
            if pending.state is not PendingState.PENDING:
                return _decided_before(actor, pending, PendingState.REJECTED)
            await _close(connection, actor, pending, PendingState.REJECTED, reason)
            decided = await read_pending(connection, grant_id)
        self._log_decision("pending_grant_rejected", actor, decided)
        return PendingDecision(decided, repeated=False)

    async def cancel(self, actor: Principal, grant_id: UUID) -> PendingDecision:
        """Cancel a grant that the actor requested; its credit request stays pending.

        Raises:
            ForeignGrant: another person requested it.
        """
        async with self._database.transaction() as connection:
            pending = await _locked(connection, grant_id)
            if pending.asked_by != actor.user_id:
                raise ForeignGrant
            if pending.state is not PendingState.PENDING:
                return _decided_before(actor, pending, PendingState.CANCELLED)
            await _close(connection, actor, pending, PendingState.CANCELLED, None)
            decided = await read_pending(connection, grant_id)
        self._log_decision("pending_grant_cancelled", actor, decided)
        return PendingDecision(decided, repeated=False)

    async def expire(self) -> int:
        """Expire the grants that were not decided in time; returns their number. Idempotent."""
        expired = 0
        while True:
            async with self._database.transaction() as connection:
                rows = await connection.fetch(load_sql("credits", "due_pending_grants"), EXPIRED_PER_BATCH)
                for row in rows:
                    pending = await read_pending(connection, row["id"])
                    await _close(connection, None, pending, PendingState.EXPIRED, None)
            expired += len(rows)
            if len(rows) < EXPIRED_PER_BATCH:
                return expired

    def _log_decision(self, event: str, actor: Principal, grant: PendingGrant) -> None:
        self._log.info(
            event,
            user_id=grant.user_id,
            pending_grant_id=str(grant.id),
            tokens=grant.tokens,
            asked_by=str(grant.asked_by),
            actor_id=str(actor.user_id),
        )


async def cancel_pending_of_request(connection: Connection, actor: Principal, ticket_number: str, reason: str) -> None:
    """Cancel the pending grant of a rejected credit request, in the open transaction."""
    grant_id = await connection.fetchval(
        "SELECT id FROM pending_grants WHERE ticket_number = $1 AND state = 'pending' FOR UPDATE", ticket_number
    )
    if grant_id is not None:
        await _close(connection, actor, await read_pending(connection, grant_id), PendingState.CANCELLED, reason)


async def expire_pending_of_request(connection: Connection, ticket_number: str) -> None:
    """Expire the request's pending grant if its time is over, so that a new one can be made."""
    grant_id = await connection.fetchval(
        "SELECT id FROM pending_grants WHERE ticket_number = $1 AND state = 'pending' AND expires_at <= now() FOR UPDATE",
        ticket_number,
    )
    if grant_id is not None:
        await _close(connection, None, await read_pending(connection, grant_id), PendingState.EXPIRED, None)


async def _locked(connection: Connection, grant_id: UUID) -> PendingGrant:
    # Lock the user before their grant, in the order of all transactions.
    pending = await read_pending(connection, grant_id)
    await connection.execute("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", pending.user_id)
    await connection.execute("SELECT FROM pending_grants WHERE id = $1 FOR UPDATE", grant_id)
    return await read_pending(connection, grant_id)


async def _lock_request(connection: Connection, pending: PendingGrant) -> RequestState | None:
    if pending.ticket_number is None:
        return None
    return RequestState(
        await connection.fetchval(
            "SELECT state FROM credit_requests WHERE ticket_number = $1 FOR UPDATE", pending.ticket_number
        )
    )


def _check_second_person(actor: Principal, pending: PendingGrant) -> None:
    if pending.asked_by == actor.user_id:
        raise OwnGrant
    check_not_own_account(actor, pending.user_id, _OWN_CREDITS)


def _decided_before(actor: Principal, pending: PendingGrant, decision: PendingState) -> PendingDecision:
    if pending.state is decision and pending.decided_by == actor.user_id:
        return PendingDecision(pending, repeated=True)
    by = f" por {pending.decided_by_name}" if pending.decided_by_name else ""
    raise PendingGrantDecided(f"Este crédito já foi {_STATE_WORDS[pending.state]}{by}. Nada mudou: confira na lista.")


def _grant_create(pending: PendingGrant) -> GrantCreate:
    # The same key as a direct approval of the request, so that it can't be granted twice.
    key = f"pending_grant:{pending.id}" if pending.ticket_number is None else f"request:{pending.ticket_number}"
    note = pending.note if pending.ticket_number is None else f"Pedido {pending.ticket_number}"
    return GrantCreate(
        user_id=pending.user_id,
        tokens=pending.tokens,
        transaction_type=pending.transaction_type,
        idempotency_key=key,
        amount_brl=pending.amount_brl,
        note=note,
        actor_id=pending.asked_by,
    )


async def _approve(connection: Connection, actor: Principal, pending: PendingGrant, grant: Grant, reason: str) -> None:
    transaction_id = str(grant.transaction_id)
    made: dict[str, Any] = {
        "user_id": str(pending.user_id),
        "tokens_added": grant.tokens_added,
        "amount_paid": f"{grant.amount_brl:.2f}",
        "transaction_id": transaction_id,
        "tokens_remaining": grant.wallet.remaining,
        "asked_by": str(pending.asked_by),
        "reason": reason,
    }
    if pending.ticket_number is not None:
        await connection.execute(
            load_sql("credits", "approve_request"),
            pending.ticket_number,
            actor.user_id,
            pending.note or None,
            grant.transaction_id,
            grant.amount_brl,
        )
        approved = {**made, "state": RequestState.APPROVED.value}
        change = Change(
            "credit_request.approve", "credit_request", pending.ticket_number, {"state": "pending"}, approved
        )
        await record(connection, actor, change)
    await connection.execute(
        load_sql("credits", "decide_pending_grant"),
        pending.id,
        PendingState.APPROVED.value,
        actor.user_id,
        reason,
        grant.transaction_id,
    )
    before, after = {"state": PendingState.PENDING.value}, {**made, "state": PendingState.APPROVED.value}
    await record(connection, actor, Change("pending_grant.approve", ENTITY, str(pending.id), before, after))
    if pending.ticket_number is None:
        details = {**made, "reason": pending.reason, "note": pending.note}
        await record(
            connection, actor, Change("credit_transaction.grant", "credit_transaction", transaction_id, after=details)
        )


async def _close(
    connection: Connection, actor: Principal | None, pending: PendingGrant, state: PendingState, reason: str | None
) -> None:
    decided_by = None if actor is None else actor.user_id
    await connection.execute(
        load_sql("credits", "decide_pending_grant"), pending.id, state.value, decided_by, reason, None
    )
    verb = {PendingState.REJECTED: "reject", PendingState.CANCELLED: "cancel"}.get(state, "expire")
    after = {"state": state.value, "user_id": str(pending.user_id), "tokens": pending.tokens, "reason": reason}
    before = {"state": PendingState.PENDING.value}
    await record(connection, actor, Change(f"pending_grant.{verb}", ENTITY, str(pending.id), before, after))
