"""The user's side of credits: packages on sale, own requests, own transactions."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import asyncpg

from solaris.credits.errors import (
    PackageNotFound,
    RequestAlreadyDecided,
    RequestNotFound,
    TooManyPendingRequests,
)
from solaris.credits.records import (
    CreditRequest,
    CreditTransaction,
    Package,
    RequestCreate,
    RequestState,
    Urgency,
)
from solaris.domain.errors import IdempotencyConflict
from solaris.ledger.ledger import fingerprint_of
from solaris.platform.http.pagination import Cursor
from solaris.platform.logs import Log
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql

MAX_PENDING_REQUESTS = 10


class PurchaseService:
    """Reads packages and transactions, and creates and cancels requests, which staff decide.

    No method changes a balance. Every method raises `StoreUnavailable` if PostgreSQL does not
    answer in time.
    """

    def __init__(self, database: Database, log: Log) -> None:
        self._database = database
        self._log = log

    async def packages(self) -> list[Package]:
        """The packages on sale, in display order."""
        async with self._database.connection() as connection:
            return await packages_on_sale(connection)

    async def request(self, new_request: RequestCreate) -> tuple[CreditRequest, bool]:
        """Create a request; returns it, and whether an earlier call with the same key created it.

        A repeat returns the request as first returned.

        Raises:
            PackageNotFound: the package is not on sale.
            TooManyPendingRequests: the user has `MAX_PENDING_REQUESTS` pending requests.
            IdempotencyConflict: the key was used for another request.
        """
        fingerprint = fingerprint_of(
            [new_request.package_id, new_request.tokens, new_request.note, new_request.urgency]
        )
        async with self._database.transaction() as connection:
            # Locking the user serialises their requests, for the limit and for repeats.
            await connection.execute("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", new_request.user_id)
            first = await _first_answer(connection, new_request, fingerprint)
            if first is not None:
                return first, True
            await _check_pending(connection, new_request.user_id)
            package = (
                None if new_request.package_id is None else await package_on_sale(connection, new_request.package_id)
            )
            made = await insert_request(connection, new_request, package, fingerprint)
        self._log.info(
            "credits_requested", user_id=new_request.user_id, ticket_number=made.ticket_number, tokens=made.tokens
        )
        return made, False

    async def requests(self, user_id: UUID, after: Cursor | None, limit: int) -> list[CreditRequest]:
        """Up to `limit` of the user's requests, newest first."""
        rows = await self._database.fetch(
            load_sql("credits", "requests_page"), user_id, after and after.at, after and after.id, limit
        )
        return [request_of(row) for row in rows]

    async def request_by_ticket(self, user_id: UUID, ticket_number: str) -> CreditRequest:
        """The user's request with this ticket number.

        Raises:
            RequestNotFound: the user has no such request.
        """
        row = await self._database.fetchrow(
            "SELECT * FROM credit_requests WHERE ticket_number = $1 AND user_id = $2", ticket_number, user_id
        )
        if row is None:
            raise RequestNotFound("Não há pedido seu com este número. Confira o número no extrato de pedidos.")
        return request_of(row)

    async def cancel(self, user_id: UUID, ticket_number: str) -> CreditRequest:
        """Cancel a pending request. A repeat changes nothing.

        Raises:
            RequestNotFound: the user has no such request.
            RequestAlreadyDecided: the request is approved or rejected.
        """
        row = await self._database.fetchrow(load_sql("credits", "cancel_request"), user_id, ticket_number)
        if row is not None:
            self._log.info("credit_request_cancelled", user_id=user_id, ticket_number=ticket_number)
            return request_of(row)
        known = await self.request_by_ticket(user_id, ticket_number)
        if known.state is not RequestState.CANCELLED:
            raise RequestAlreadyDecided("Este pedido já foi decidido e não pode mais ser cancelado.")
        return known

    async def transactions(self, user_id: UUID, after: Cursor | None, limit: int) -> list[CreditTransaction]:
        """Up to `limit` of the user's credit transactions, newest first."""
        rows = await self._database.fetch(
            load_sql("credits", "transactions_page"), user_id, after and after.at, after and after.id, limit
        )
        return [
            CreditTransaction(
                row["id"],
                row["transaction_type"],
                row["tokens_added"],
                row["amount_paid"],
                row["note"],
                row["created_at"],
            )
            for row in rows
        ]


async def packages_on_sale(connection: Connection) -> list[Package]:
    """The active packages, in display order."""
    return [Package(**row) for row in await connection.fetch(load_sql("credits", "active_packages"))]


async def package_on_sale(connection: Connection, package_id: str) -> Package:
    """The package on sale with this id.

    Raises:
        PackageNotFound: no package on sale has that id; the message lists the ids.
    """
    packages = await packages_on_sale(connection)
    for package in packages:
        if package.id == package_id:
            return package
    known = ", ".join(package.id for package in packages) or "nenhum no momento"
    raise PackageNotFound(f"Este pacote não existe ou não está à venda. Pacotes disponíveis: {known}.")


async def insert_request(
    connection: Connection,
    new_request: RequestCreate,
    package: Package | None,
    fingerprint: str,
    created_at: datetime | None = None,
) -> CreditRequest:
    """Insert a request with the next ticket number; `created_at` is only for imports."""
    tokens: int | None = new_request.tokens if package is None else package.tokens
    amount_brl: Decimal | None = None if package is None else package.amount_brl
    row = await connection.fetchrow(
        load_sql("credits", "insert_request"),
        new_request.user_id,
        new_request.package_id,
        tokens,
        amount_brl,
        new_request.note,
        new_request.urgency.value,
        new_request.idempotency_key,
        fingerprint,
        created_at,
    )
    if row is None:
        raise AssertionError("the user's row is locked, so no other request can have used the key")
    return request_of(row)


def request_of(row: asyncpg.Record) -> CreditRequest:
    """The request in a row of `credit_requests`."""
    return CreditRequest(
        id=row["id"],
        ticket_number=row["ticket_number"],
        package_id=row["package_id"],
        tokens=row["tokens"],
        amount_brl=row["amount_brl"],
        note=row["note"],
        urgency=Urgency(row["urgency"]),
        state=RequestState(row["state"]),
        created_at=row["created_at"],
        decided_at=row["decided_at"],
        decision_reason=row["decision_reason"],
    )


async def _first_answer(connection: Connection, new_request: RequestCreate, fingerprint: str) -> CreditRequest | None:
    if new_request.idempotency_key is None:
        return None
    row = await connection.fetchrow(
        "SELECT * FROM credit_requests WHERE user_id = $1 AND idempotency_key = $2",
        new_request.user_id,
        new_request.idempotency_key,
    )
    if row is None:
        return None
    if row["fingerprint"] != fingerprint:
        raise IdempotencyConflict(
            "Esta chave de idempotência já foi usada com outro pedido. Envie uma chave nova.", param="Idempotency-Key"
        )
    return replace(request_of(row), state=RequestState.PENDING, decided_at=None, decision_reason=None)


async def _check_pending(connection: Connection, user_id: UUID) -> None:
    pending = await connection.fetchval(
        "SELECT count(*) FROM credit_requests WHERE user_id = $1 AND state = 'pending'", user_id
    )
    if pending >= MAX_PENDING_REQUESTS:
        raise TooManyPendingRequests(
            f"Você já tem {MAX_PENDING_REQUESTS} pedidos em análise. Aguarde a decisão ou cancele um deles."
        )
