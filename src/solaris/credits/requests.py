"""Credit requests as staff decide them: approved once, through the ledger, or rejected with a reason (SPEC 8, Manual)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import asyncpg

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import PublishChange
from solaris.auth.principal import Principal
from solaris.credits.errors import AwaitsSecondPerson, RequestAlreadyDecided, RequestNotFound
from solaris.credits.pending_grant_records import NewPendingGrant, PendingGrant, ask_second_person, read_pending
from solaris.credits.pending_grants import close_of_request, expire_of_request
from solaris.credits.purchases import request_of
from solaris.credits.recipients import check_can_receive
from solaris.credits.records import CreditRequest, RequestState, Urgency
from solaris.credits.reference_price import Offer
from solaris.credits.second_person import ProposedGrant, causes_for_second_person
from solaris.domain.errors import InvalidInput
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Grant, GrantCreate, TransactionType
from solaris.platform.http.date_params import check_days
from solaris.platform.http.pagination import BEFORE_THE_NEWEST, Cursor
from solaris.platform.logs import Log
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql
from solaris.users.own_account import check_not_own

_STATE_WORDS = {
    RequestState.APPROVED: "aprovado",
    RequestState.REJECTED: "rejeitado",
    RequestState.CANCELLED: "cancelado por quem pediu",
}


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests. Days are the customer's, both included. Raises InvalidInput where they end before they begin."""

    state: RequestState | None = None
    urgency: Urgency | None = None
    user_id: UUID | None = None
    first_day: date | None = None
    last_day: date | None = None

    def __post_init__(self) -> None:
        check_days(self.first_day, self.last_day)


@dataclass(frozen=True, slots=True)
class StaffRequest:
    """A request with its user and the person who decided it.

    `pending_grant_id`: its approval waits for a second person, and `asked_by` asked for it.
    """

    request: CreditRequest
    user_id: UUID
    user_name: str
    user_email: str | None
    decided_by: UUID | None
    decided_by_name: str | None
    transaction_id: UUID | None
    pending_grant_id: UUID | None
    asked_by: UUID | None
    asked_by_name: str | None

    @property
    def position(self) -> Cursor:
        """Where the request stands in the list, newest first."""
        return self.request.position


@dataclass(frozen=True, slots=True)
class Approval:
    """The decision to grant. `amount_brl` None: the request's own price. `tokens` None: as many as were asked for."""

    amount_brl: Decimal | None
    tokens: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decided request; `repeated` says that the same person had decided it so before, and nothing changed now.

    `pending`: the approval needs a second person, and nothing was granted; the request stays open until then.
    """

    request: StaffRequest
    repeated: bool
    pending: PendingGrant | None = None


class RequestService:
    """Where staff see and decide credit requests.

    Every method raises `StoreUnavailable` when PostgreSQL does not answer in time.
    """

    def __init__(self, database: Database, ledger: Ledger, log: Log, tell_changed: PublishChange | None = None) -> None:
        self._database = database
        self._ledger = ledger
        self._log = log
        self._tell_changed = tell_changed

    async def page(self, wanted: RequestFilter, after: Cursor | None, limit: int) -> list[StaffRequest]:
        """Up to `limit` requests after the position, newest first."""
        start = after or BEFORE_THE_NEWEST
        rows = await self._database.fetch(
            load_sql("credits", "staff_requests_page"),
            wanted.state and wanted.state.value,
            wanted.urgency and wanted.urgency.value,
            wanted.user_id,
            wanted.first_day or date.min,
            wanted.last_day or date.max,
            start.at,
            start.id,
            limit,
        )
        return [_staff_request(row) for row in rows]

    async def counts(self) -> dict[RequestState, int]:
        """How many requests there are in each state; every state is named."""
        rows = await self._database.fetch("SELECT state, count(*) AS requests FROM credit_requests GROUP BY state")
        found = {row["state"]: row["requests"] for row in rows}
        return {state: found.get(state.value, 0) for state in RequestState}

    async def one(self, ticket_number: str) -> StaffRequest:
        """The request with that number.

        Raises:
            RequestNotFound: there is none.
        """
        async with self._database.connection() as connection:
            return await _read(connection, ticket_number)

    async def approve(self, actor: Principal, ticket_number: str, approval: Approval) -> Decision:
        """Grant the credits, once, however many approve at the same time. Without an amount paid they are a bonus.

        Where the rules ask for a second person, the approval is written down as a pending grant, and nothing is granted.

        Raises:
            OwnAccount: the request is the actor's own.
            RequestNotFound: there is none with that number.
            RequestAlreadyDecided: it was decided otherwise, or by another person.
            AwaitsSecondPerson: another approval of it waits for a second person.
            AnonymisedAccount: the user was anonymised; the request can be rejected.
            InvalidInput: neither the request nor the approval says what was paid, or the credits would pass the limit.
        """
        async with self._database.transaction() as connection:
            pending = await _locked(connection, ticket_number)
            check_not_own(actor, pending.user_id, "aprovar o seu próprio pedido")
            if pending.request.state is not RequestState.PENDING:
                return _decided_before(actor, pending, RequestState.APPROVED)
            await check_can_receive(connection, pending.user_id)
            asked = await _asked(connection, actor, pending, approval)
            if asked is not None:
                return asked
            grant = await self._ledger.grant(_grant_order(actor, pending, approval), connection=connection)
            await connection.execute(
                load_sql("credits", "approve_request"),
                ticket_number,
                actor.user_id,
                approval.reason or None,
                grant.transaction_id,
                grant.amount_brl,
            )
            await record(connection, actor, _approved(ticket_number, pending, grant, approval))
            decided = await _read(connection, ticket_number)
        self._log.info(
            "credit_request_approved",
            user_id=pending.user_id,
            ticket_number=ticket_number,
            tokens_added=grant.tokens_added,
            actor_id=str(actor.user_id),
        )
        if self._tell_changed is not None:
            await self._tell_changed(pending.user_id)
        return Decision(decided, repeated=False)

    async def reject(self, actor: Principal, ticket_number: str, reason: str) -> Decision:
        """Refuse the request; the balance stays. An approval that waits for a second person is cancelled with it.

        Raises:
            OwnAccount: the request is the actor's own.
            RequestNotFound: there is none with that number.
            RequestAlreadyDecided: it was decided otherwise, or by another person.
        """
        async with self._database.transaction() as connection:
            pending = await _locked(connection, ticket_number)
            check_not_own(actor, pending.user_id, "decidir o seu próprio pedido")
            if pending.request.state is not RequestState.PENDING:
                return _decided_before(actor, pending, RequestState.REJECTED)
            await connection.execute(load_sql("credits", "reject_request"), ticket_number, actor.user_id, reason)
            await close_of_request(connection, actor, ticket_number, "O pedido foi rejeitado.")
            after = {"state": RequestState.REJECTED.value, "user_id": str(pending.user_id), "reason": reason}
            change = Change("credit_request.reject", "credit_request", ticket_number, {"state": "pending"}, after)
            await record(connection, actor, change)
            decided = await _read(connection, ticket_number)
        self._log.info(
            "credit_request_rejected",
            user_id=pending.user_id,
            ticket_number=ticket_number,
            actor_id=str(actor.user_id),
        )
        return Decision(decided, repeated=False)


async def _read(connection: Connection, ticket_number: str) -> StaffRequest:
    row = await connection.fetchrow(load_sql("credits", "staff_request"), ticket_number)
    if row is None:
        raise RequestNotFound("Não há pedido com este número. Confira o número na lista de solicitações.")
    return _staff_request(row)


async def _locked(connection: Connection, ticket_number: str) -> StaffRequest:
    # The user before their request, in the order of every other transaction.
    known = await _read(connection, ticket_number)
    await connection.execute("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", known.user_id)
    await connection.execute("SELECT FROM credit_requests WHERE ticket_number = $1 FOR UPDATE", ticket_number)
    return await _read(connection, ticket_number)


def _staff_request(row: asyncpg.Record) -> StaffRequest:
    return StaffRequest(
        request_of(row),
        row["user_id"],
        row["user_name"],
        row["user_email"],
        row["decided_by"],
        row["decided_by_name"],
        row["transaction_id"],
        row["pending_grant_id"],
        row["asked_by"],
        row["asked_by_name"],
    )


def _decided_before(actor: Principal, known: StaffRequest, wanted: RequestState) -> Decision:
    state = known.request.state
    if state is wanted and known.decided_by == actor.user_id:
        return Decision(known, repeated=True)
    by = f" por {known.decided_by_name}" if known.decided_by_name and state is not RequestState.CANCELLED else ""
    raise RequestAlreadyDecided(
        f"Este pedido já foi {_STATE_WORDS[state]}{by}. Nada mudou: confira a decisão na lista."
    )


async def _asked(
    connection: Connection, actor: Principal, pending: StaffRequest, approval: Approval
) -> Decision | None:
    """The approval as one that waits for a second person; None where the actor may grant it alone."""
    ticket_number = pending.request.ticket_number
    await expire_of_request(connection, ticket_number)
    order = _grant_order(actor, pending, approval)
    if pending.pending_grant_id is not None:
        known = await read_pending(connection, pending.pending_grant_id)
        same = (known.tokens, known.amount_brl, known.note) == (order.tokens, order.amount_brl, approval.reason)
        if known.asked_by == actor.user_id and same:
            return Decision(pending, repeated=True, pending=known)
        raise AwaitsSecondPerson(
            f"A aprovação deste pedido, feita por {known.asked_by_name}, já espera a confirmação de outra pessoa. "
            "Confirme ou recuse em Solicitações; quem pediu também pode cancelar e aprovar de novo."
        )
    request = pending.request
    proposed = ProposedGrant(
        actor_id=actor.user_id,
        user_id=pending.user_id,
        tokens=order.tokens,
        amount_brl=order.amount_brl,
        is_sale=order.amount_brl > 0,
        package_id=request.package_id,
        listed=None if request.amount_brl is None else Offer(request.tokens, request.amount_brl),
    )
    causes = await causes_for_second_person(connection, proposed)
    if not causes:
        return None
    new = NewPendingGrant(replace(order, note=approval.reason), None, ticket_number, causes)
    made = await ask_second_person(connection, actor, new)
    return Decision(await _read(connection, ticket_number), repeated=False, pending=made)


def _grant_order(actor: Principal, pending: StaffRequest, approval: Approval) -> GrantCreate:
    request = pending.request
    amount_brl = request.amount_brl if approval.amount_brl is None else approval.amount_brl
    if amount_brl is None:
        raise InvalidInput(
            "Este pedido não tem preço. Informe o valor pago (amount_paid); use 0 para uma cortesia.",
            param="amount_paid",
        )
    return GrantCreate(
        user_id=pending.user_id,
        tokens=approval.tokens or request.tokens,
        transaction_type=TransactionType.PURCHASE if amount_brl > 0 else TransactionType.BONUS,
        idempotency_key=f"request:{request.ticket_number}",
        amount_brl=amount_brl,
        note=f"Pedido {request.ticket_number}",
        actor_id=actor.user_id,
    )


def _approved(ticket_number: str, pending: StaffRequest, grant: Grant, approval: Approval) -> Change:
    after = {
        "state": RequestState.APPROVED.value,
        "user_id": str(pending.user_id),
        "tokens_added": grant.tokens_added,
        "amount_paid": f"{grant.amount_brl:.2f}",
        "transaction_id": str(grant.transaction_id),
        "reason": approval.reason,
        "tokens_remaining": grant.wallet.remaining,
    }
    return Change("credit_request.approve", "credit_request", ticket_number, {"state": "pending"}, after)
