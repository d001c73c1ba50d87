"""Records of grants that wait for a second person: writing and reading them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import asyncpg

from solaris.auth.audit_writer import Change, record
from solaris.auth.principal import Principal
from solaris.credits.errors import PendingGrantNotFound
from solaris.credits.second_person import Cause
from solaris.ledger.ledger import fingerprint_of
from solaris.ledger.records import GrantCreate, TransactionType
from solaris.platform.http.pagination import BEFORE_THE_NEWEST, Cursor
from solaris.platform.postgres import Connection
from solaris.platform.sql import load_sql

ENTITY = "pending_grant"
_CAUSES_TEXT = {
    Cause.ABOVE_AMOUNT: "passa do que uma pessoa pode creditar sozinha a um usuário em 24 horas",
    Cause.BELOW_PRICE: "fica abaixo do preço do pacote",
}


class PendingState(StrEnum):
    """The state of a grant that needs a second person; only `pending` can change."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class PendingGrant:
    """A grant that needs a second person.

    `reason` is None if it approves a credit request, whose number is `ticket_number`.
    """

    id: UUID
    state: PendingState
    user_id: UUID
    user_name: str
    user_email: str | None
    tokens: int
    amount_brl: Decimal
    transaction_type: TransactionType
    reason: str | None
    ticket_number: str | None
    note: str
    causes: tuple[Cause, ...]
    asked_by: UUID
    asked_by_name: str | None
    asked_at: datetime
    expires_at: datetime
    fingerprint: str
    decided_by: UUID | None
    decided_by_name: str | None
    decided_at: datetime | None
    decision_reason: str | None
    transaction_id: UUID | None

    @property
    def position(self) -> Cursor:
        """The grant's position in the list, newest first."""
        return Cursor(self.asked_at, self.id)

    @property
    def explanation(self) -> str:
        """A pt-BR sentence on why it waits and who may approve it."""
        causes = " e ".join(_CAUSES_TEXT[cause] for cause in self.causes)
        return (
            f"Este crédito {causes}. Por isso nada foi creditado ainda: outra pessoa da equipe, com perfil de administrador "
            "ou administrador geral, precisa confirmar em Solicitações, em até 7 dias."
        )


@dataclass(frozen=True, slots=True)
class NewPendingGrant:
    """A grant to store for a second person.

    Its idempotency key is stored, unless it approves a credit request (`ticket_number`).
    """

    grant: GrantCreate
    reason: str | None
    ticket_number: str | None
    causes: tuple[Cause, ...]


async def request_second_person(connection: Connection, requester: Principal, new: NewPendingGrant) -> PendingGrant:
    """Write the pending grant and its audit entry in the open transaction; grant nothing."""
    grant = new.grant
    grant_id = await connection.fetchval(
        load_sql("credits", "insert_pending_grant"),
        grant.user_id,
        grant.tokens,
        grant.amount_brl,
        grant.transaction_type.value,
        new.reason,
        new.ticket_number,
        grant.note,
        [cause.value for cause in new.causes],
        requester.user_id,
        None if new.ticket_number else grant.idempotency_key,
        fingerprint_of_grant(grant, new.reason),
    )
    after = {
        "state": PendingState.PENDING.value,
        "user_id": str(grant.user_id),
        "tokens": grant.tokens,
        "amount_paid": f"{grant.amount_brl:.2f}",
        "reason": new.reason,
        "ticket_number": new.ticket_number,
        "note": grant.note,
        "causes": [cause.value for cause in new.causes],
    }
    await record(connection, requester, Change("pending_grant.ask", ENTITY, str(grant_id), after=after))
    return await read_pending(connection, grant_id)


async def read_pending(connection: Connection, grant_id: UUID) -> PendingGrant:
    """The pending grant.

    Raises:
        PendingGrantNotFound: no pending grant has that id.
    """
    rows = await pending_rows(connection, grant_id=grant_id)
    if not rows:
        raise PendingGrantNotFound
    return rows[0]


async def pending_by_key(connection: Connection, idempotency_key: str) -> PendingGrant | None:
    """The pending grant with this idempotency key; None if there is none."""
    rows = await pending_rows(connection, idempotency_key=idempotency_key)
    return rows[0] if rows else None


async def pending_rows(
    connection: Connection,
    *,
    grant_id: UUID | None = None,
    idempotency_key: str | None = None,
    state: PendingState | None = None,
    after: Cursor | None = None,
    limit: int = 1,
) -> Sequence[PendingGrant]:
    """Up to `limit` pending grants after the cursor, newest first."""
    start = after or BEFORE_THE_NEWEST
    rows = await connection.fetch(
        load_sql("credits", "pending_grants"),
        grant_id,
        idempotency_key,
        None if state is None else state.value,
        start.at,
        start.id,
        limit,
    )
    return [_pending_grant(row) for row in rows]


def fingerprint_of_grant(grant: GrantCreate, reason: str | None) -> str:
    """A fingerprint of the content, to detect another grant with the same key."""
    return fingerprint_of(
        [grant.user_id, grant.tokens, f"{grant.amount_brl:.2f}", grant.transaction_type.value, reason, grant.note]
    )


def _pending_grant(row: asyncpg.Record) -> PendingGrant:
    values = dict(row)
    values["state"] = PendingState(values["state"])
    values["transaction_type"] = TransactionType(values["transaction_type"])
    values["causes"] = tuple(Cause(cause) for cause in values["causes"])
    return PendingGrant(**values)
