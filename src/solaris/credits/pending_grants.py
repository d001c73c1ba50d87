"""The second person's part: confirm or reject a pending grant; the grant is made once, in the confirming transaction."""

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
from solaris.users.own_account import check_not_own

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
    """A decided grant; `repeated` says that the same person had decided it so before, and nothing changed now."""

    grant: PendingGrant
    repeated: bool


class PendingGrants:
    """Reads and decides pending grants. Every method raises `StoreUnavailable` when PostgreSQL does not answer in time.

    The deciding methods raise `PendingGrantNotFound` for an unknown id, and `PendingGrantDecided` for one that was decided
    otherwise or by another person, or that has expired.
    """

    def __init__(self, database: Database, ledger: Ledger, log: Log, tell_changed: PublishChange | None = None) -> None:
        self._database = database
        self._ledger = ledger
        self._log = log
        self._tell_changed = tell_changed

    async def page(self, state: PendingState | None, after: Cursor | None, limit: int) -> list[PendingGrant]:
        """Up to `limit` grants after the position, newest first."""
        async with self._database.connection() as connection:
            return list(await pending_rows(connection, state=state, after=after, limit=limit))

    async def one(self, grant_id: UUID) -> PendingGrant:
        """The pending grant, or `PendingGrantNotFound`."""
        async with self._database.connection() as connection:
            return await read_pending(connection, grant_id)

    async def approve(self, actor: Principal, grant_id: UUID, reason: str) -> PendingDecision:
        """Make the grant, once, however many people confirm at the same time; its credit request becomes approved with it.

        Raises:
            OwnGrant: the actor asked for it.
            OwnAccount: the credits are for the actor.
            AnonymisedAccount: the user was anonymised meanwhile; the pending grant can be rejected or cancelled.
            RequestAlreadyDecided: its credit request was cancelled or decided meanwhile; the pending grant is cancelled then.
            InvalidInput: the credits would pass the limit of an account.
        """
        async with self._database.transaction() as connection:
            known = await _locked(connection, grant_id)
            _check_second_person(actor, known)
            if known.state is not PendingState.PENDING:
                return _decided_before(actor, known, PendingState.APPROVED)
            request_state = await _lock_request(connection, known)
            if request_state in (None, RequestState.PENDING):
                await check_can_receive(connection, known.user_id)
                grant = await self._ledger.grant(_order_of(known), connection=connection)
                await _approve(connection, actor, known, grant, reason)
            else:
                await _close(connection, actor, known, PendingState.CANCELLED, "O pedido já foi decidido.")
            decided = await read_pending(connection, grant_id)
        if decided.state is PendingState.CANCELLED:
            raise RequestAlreadyDecided(
                f"O pedido {known.ticket_number} já foi cancelado ou decidido. "
                "Nada foi creditado, e esta confirmação foi encerrada."
            )
        self._log_decision("pending_grant_approved", actor, decided)
        if self._tell_changed is not None:
            await self._tell_changed(known.user_id)
        return PendingDecision(decided, repeated=False)

    async def reject(self, actor: Principal, grant_id: UUID, reason: str) -> PendingDecision:
        """Refuse the grant; nothing is granted, and its credit request stays open.

        Raises:
            OwnGrant: the actor asked for it; they may cancel it.
            OwnAccount: the credits are for the actor.
        """
        async with self._database.transaction() as connection:
            known = await _locked(connection, grant_id)
            _check_second_person(actor, known)
            if known.state is not PendingState.PENDING:
                return _decided_before(actor, known, PendingState.REJECTED)
            await _close(connection, actor, known, PendingState.REJECTED, reason)
            decided = await read_pending(connection, grant_id)
        self._log_decision("pending_grant_rejected", actor, decided)
        return PendingDecision(decided, repeated=False)

    async def cancel(self, actor: Principal, grant_id: UUID) -> PendingDecision:
        """Take back a grant that the actor asked for; nothing is granted, and its credit request stays open.

        Raises:
            ForeignGrant: another person asked for it.
        """
        async with self._database.transaction() as connection:
            known = await _locked(connection, grant_id)
            if known.asked_by != actor.user_id:
                raise ForeignGrant
            if known.state is not PendingState.PENDING:
                return _decided_before(actor, known, PendingState.CANCELLED)
            await _close(connection, actor, known, PendingState.CANCELLED, None)
            decided = await read_pending(connection, grant_id)
        self._log_decision("pending_grant_cancelled", actor, decided)
        return PendingDecision(decided, repeated=False)

    async def expire(self) -> int:
        """End the pending grants that were not decided in time; returns how many. Doing it again changes nothing."""
        expired = 0
        while True:
            async with self._database.transaction() as connection:
                rows = await connection.fetch(load_sql("credits", "due_pending_grants"), EXPIRED_PER_BATCH)
                for row in rows:
                    known = await read_pending(connection, row["id"])
                    await _close(connection, None, known, PendingState.EXPIRED, None)
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


async def close_of_request(connection: Connection, actor: Principal, ticket_number: str, reason: str) -> None:
    """Cancel the pending grant of a credit request that is being rejected, in the open transaction."""
    grant_id = await connection.fetchval(
        "SELECT id FROM pending_grants WHERE ticket_number = $1 AND state = 'pending' FOR UPDATE", ticket_number
    )
    if grant_id is not None:
        await _close(connection, actor, await read_pending(connection, grant_id), PendingState.CANCELLED, reason)


async def expire_of_request(connection: Connection, ticket_number: str) -> None:
    """End the request's pending grant where its time is over, so that another one can be asked for."""
    grant_id = await connection.fetchval(
        "SELECT id FROM pending_grants WHERE ticket_number = $1 AND state = 'pending' AND expires_at <= now() FOR UPDATE",
        ticket_number,
    )
    if grant_id is not None:
        await _close(connection, None, await read_pending(connection, grant_id), PendingState.EXPIRED, None)


async def _locked(connection: Connection, grant_id: UUID) -> PendingGrant:
    # The user before their grant, in the order of every other transaction.
    known = await read_pending(connection, grant_id)
    await connection.execute("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", known.user_id)
    await connection.execute("SELECT FROM pending_grants WHERE id = $1 FOR UPDATE", grant_id)
    return await read_pending(connection, grant_id)


async def _lock_request(connection: Connection, known: PendingGrant) -> RequestState | None:
    if known.ticket_number is None:
        return None
    return RequestState(
        await connection.fetchval(
            "SELECT state FROM credit_requests WHERE ticket_number = $1 FOR UPDATE", known.ticket_number
        )
    )


def _check_second_person(actor: Principal, known: PendingGrant) -> None:
    if known.asked_by == actor.user_id:
        raise OwnGrant
    check_not_own(actor, known.user_id, _OWN_CREDITS)


def _decided_before(actor: Principal, known: PendingGrant, wanted: PendingState) -> PendingDecision:
    if known.state is wanted and known.decided_by == actor.user_id:
        return PendingDecision(known, repeated=True)
    by = f" por {known.decided_by_name}" if known.decided_by_name else ""
    raise PendingGrantDecided(f"Este crédito já foi {_STATE_WORDS[known.state]}{by}. Nada mudou: confira na lista.")


def _order_of(known: PendingGrant) -> GrantCreate:
    # A request's key is that of its approval, so that a request can never be granted twice.
    key = f"pending_grant:{known.id}" if known.ticket_number is None else f"request:{known.ticket_number}"
    note = known.note if known.ticket_number is None else f"Pedido {known.ticket_number}"
    return GrantCreate(
        user_id=known.user_id,
        tokens=known.tokens,
        transaction_type=known.transaction_type,
        idempotency_key=key,
        amount_brl=known.amount_brl,
        note=note,
        actor_id=known.asked_by,
    )


async def _approve(connection: Connection, actor: Principal, known: PendingGrant, grant: Grant, reason: str) -> None:
    transaction_id = str(grant.transaction_id)
    made: dict[str, Any] = {
        "user_id": str(known.user_id),
        "tokens_added": grant.tokens_added,
        "amount_paid": f"{grant.amount_brl:.2f}",
        "transaction_id": transaction_id,
        "tokens_remaining": grant.wallet.remaining,
        "asked_by": str(known.asked_by),
        "reason": reason,
    }
    if known.ticket_number is not None:
        await connection.execute(
            load_sql("credits", "approve_request"),
            known.ticket_number,
            actor.user_id,
            known.note or None,
            grant.transaction_id,
            grant.amount_brl,
        )
        approved = {**made, "state": RequestState.APPROVED.value}
        change = Change("credit_request.approve", "credit_request", known.ticket_number, {"state": "pending"}, approved)
        await record(connection, actor, change)
    await connection.execute(
        load_sql("credits", "decide_pending_grant"),
        known.id,
        PendingState.APPROVED.value,
        actor.user_id,
        reason,
        grant.transaction_id,
    )
    before, after = {"state": PendingState.PENDING.value}, {**made, "state": PendingState.APPROVED.value}
    await record(connection, actor, Change("pending_grant.approve", ENTITY, str(known.id), before, after))
    if known.ticket_number is None:
        details = {**made, "reason": known.reason, "note": known.note}
        await record(
            connection, actor, Change("credit_transaction.grant", "credit_transaction", transaction_id, after=details)
        )


async def _close(
    connection: Connection, actor: Principal | None, known: PendingGrant, state: PendingState, reason: str | None
) -> None:
    decided_by = None if actor is None else actor.user_id
    await connection.execute(
        load_sql("credits", "decide_pending_grant"), known.id, state.value, decided_by, reason, None
    )
    verb = {PendingState.REJECTED: "reject", PendingState.CANCELLED: "cancel"}.get(state, "expire")
    after = {"state": state.value, "user_id": str(known.user_id), "tokens": known.tokens, "reason": reason}
    before = {"state": PendingState.PENDING.value}
    await record(connection, actor, Change(f"pending_grant.{verb}", ENTITY, str(known.id), before, after))
