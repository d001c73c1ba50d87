"""Decides credit requests: approvals grant the credits once, rejections have a reason (SPEC 8)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import asyncpg

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import PublishChange
from solaris.auth.principal import Principal
from solaris.credits.errors import AwaitsSecondPerson, RequestAlreadyDecided, RequestNotFound
from solaris.credits.pending_grant_records import NewPendingGrant, PendingGrant, read_pending, request_second_person
from solaris.credits.pending_grants import cancel_pending_of_request, expire_pending_of_request
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
from solaris.users.account_rules import check_not_own_account

_STATE_WORDS = {
    RequestState.APPROVED: "aprovado",
    RequestState.REJECTED: "rejeitado",
    RequestState.CANCELLED: "cancelado por quem pediu",
}


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Filters by the customer's days, inclusive; InvalidInput if the last is before the first."""

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

    `pending_grant_id` and `asked_by`: the pending grant and its requester, while an approval waits
    for a second person.
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
        """The request's position in the list, newest first."""
        return self.request.position


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval. `amount_brl` None: the request's price. `tokens` None: the requested tokens."""

    amount_brl: Decimal | None
    tokens: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decided request; `repeated`: the same person decided so before, this call changed nothing.

    `pending`: the approval waits for a second person; nothing was granted, the request stays
    pending.
    """

    request: StaffRequest
    repeated: bool
    pending: PendingGrant | None = None


class RequestService:
    """Reads and decides credit requests.

    Every method raises `StoreUnavailable` if PostgreSQL does not answer in time.
    """

    def __init__(
        self, database: Database, ledger: Ledger, log: Log, publish_change: PublishChange | None = None
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._log = log
        self._publish_change = publish_change

    async def page(self, filters: RequestFilter, after: Cursor | None, limit: int) -> list[StaffRequest]:
        """Up to `limit` requests after the cursor, newest first."""
        start = after or BEFORE_THE_NEWEST
        rows = await self._database.fetch(
            load_sql("credits", "staff_requests_page"),
            filters.state and filters.state.value,
            filters.urgency and filters.urgency.value,
            filters.user_id,
            filters.first_day or date.min,
            filters.last_day or date.max,
            start.at,
            start.id,
            limit,
        )
        return [_staff_request(row) for row in rows]

    async def counts(self) -> dict[RequestState, int]:
        """The number of requests in each state, zeros included."""
        rows = await self._database.fetch("SELECT state, count(*) AS requests FROM credit_requests GROUP BY state")
        found = {row["state"]: row["requests"] for row in rows}
        return {state: found.get(state.value, 0) for state in RequestState}

    async def one(self, ticket_number: str) -> StaffRequest:
        """The request with this ticket number.

        Raises:
            RequestNotFound: there is none.
        """
        async with self._database.connection() as connection:
            return await _read(connection, ticket_number)

    async def approve(self, actor: Principal, ticket_number: str, approval: Approval) -> Decision:
        """Grant the credits, once also with concurrent approvals. An amount paid of 0 is a bonus.

        If the rules require a second person, a pending grant is stored instead.

        Raises:
            OwnAccount: the request is the actor's own.
            RequestNotFound: no request has that number.
            RequestAlreadyDecided: it was decided otherwise, or by another person.
            AwaitsSecondPerson: another approval of it waits for a second person.
            AnonymisedAccount: the user was anonymised; the request can be rejected.
            InvalidInput: neither request nor approval has an amount, or the credits would exceed
                the limit.
        """
        async with self._database.transaction() as connection:
            pending = await _locked(connection, ticket_number)
            check_not_own_account(actor, pending.user_id, "aprovar o seu próprio pedido")
            if pending.request.state is not RequestState.PENDING:
                return _decided_before(actor, pending, RequestState.APPROVED)
            await check_can_receive(connection, pending.user_id)
            waiting = await _pending_if_required(connection, actor, pending, approval)
            if waiting is not None:
                return waiting
            grant = await self._ledger.grant(_grant_create(actor, pending, approval), connection=connection)
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
        if self._publish_change is not None:
            await self._publish_change(pending.user_id)
        return Decision(decided, repeated=False)

    async def reject(self, actor: Principal, ticket_number: str, reason: str) -> Decision:
        """Reject the request, and cancel an approval that waits for a second person.

        Raises:
            OwnAccount: the request is the actor's own.
            RequestNotFound: no request has that number.
            RequestAlreadyDecided: it was decided otherwise, or by another person.
        """
        async with self._database.transaction() as connection:
            pending = await _locked(connection, ticket_number)
            check_not_own_account(actor, pending.user_id, "decidir o seu próprio pedido")
            if pending.request.state is not RequestState.PENDING:
                return _decided_before(actor, pending, RequestState.REJECTED)
            await connection.execute(load_sql("credits", "reject_request"), ticket_number, actor.user_id, reason)
            await cancel_pending_of_request(connection, actor, ticket_number, "O pedido foi rejeitado.")
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
    # Lock the user before their request, in the order of all transactions.
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


def _decided_before(actor: Principal, known: StaffRequest, filters: RequestState) -> Decision:
    state = known.request.state
    if state is filters and known.decided_by == actor.user_id:
        return Decision(known, repeated=True)
    by = f" por {known.decided_by_name}" if known.decided_by_name and state is not RequestState.CANCELLED else ""
    raise RequestAlreadyDecided(
        f"Este pedido já foi {_STATE_WORDS[state]}{by}. Nada mudou: confira a decisão na lista."
    )


async def _pending_if_required(
    connection: Connection, actor: Principal, pending: StaffRequest, approval: Approval
) -> Decision | None:
    """Store the approval as a pending grant if it needs a second person; None if it does not."""
    ticket_number = pending.request.ticket_number
    await expire_pending_of_request(connection, ticket_number)
    grant_create = _grant_create(actor, pending, approval)
    if pending.pending_grant_id is not None:
        known = await read_pending(connection, pending.pending_grant_id)
        same = (known.tokens, known.amount_brl, known.note) == (
            grant_create.tokens,
            grant_create.amount_brl,
            approval.reason,
        )
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
        tokens=grant_create.tokens,
        amount_brl=grant_create.amount_brl,
        is_sale=grant_create.amount_brl > 0,
        package_id=request.package_id,
        listed=None if request.amount_brl is None else Offer(request.tokens, request.amount_brl),
    )
    causes = await causes_for_second_person(connection, proposed)
    if not causes:
        return None
    new = NewPendingGrant(replace(grant_create, note=approval.reason), None, ticket_number, causes)
    made = await request_second_person(connection, actor, new)
    return Decision(await _read(connection, ticket_number), repeated=False, pending=made)


def _grant_create(actor: Principal, pending: StaffRequest, approval: Approval) -> GrantCreate:
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
