"""The account book's doors: reserve, settle, release, expire, grant, audit (SPEC 3)."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import orjson

from solaris.domain.errors import (
    Conflict,
    DuplicateRequest,
    IdempotencyConflict,
    InsufficientTokens,
    InvalidInput,
    NotFound,
    SolarisError,
    UserSuspended,
)
from solaris.domain.notices import SUSPENDED_MESSAGE, quota_notice
from solaris.domain.periods import Period, period_at, period_of
from solaris.domain.tokens import MAX_TOKENS_PER_REQUEST
from solaris.domain.wallet import Wallet
from solaris.ledger.records import (
    AuditDifference,
    Balance,
    Charge,
    Grant,
    GrantOrder,
    Hold,
    HoldOrder,
    TransactionType,
    Usage,
)
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql

LEASE_SECONDS = 60
CREDITS_LIMIT_TOKENS = 2_000_000_000 - MAX_TOKENS_PER_REQUEST
REUSED_ID_MESSAGE = "Este identificador de requisição já foi usado com outro conteúdo. Envie um identificador novo."


class Ledger:
    """The account book. Balances change here and nowhere else.

    Every method raises `StoreUnavailable` when PostgreSQL does not answer in time. Instants come from PostgreSQL's clock, so that
    all processes agree, unless a `clock` is given (tests and imports of past usage).
    """

    def __init__(
        self, database: Database, *, zone: ZoneInfo, buy_url: str, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._database = database
        self._zone = zone
        self._buy_url = buy_url
        self._clock = clock

    async def reserve(self, order: HoldOrder) -> Hold:
        """Set tokens aside for one model call.

        Grants what the wallet covers, from `order.least` to `order.most`; a repeated request id returns the first hold.

        Raises:
            InsufficientTokens: less than `order.least` remains (SPEC 3.1).
            UserSuspended: the user may not spend.
            IdempotencyConflict: the request id was used with another body.
            NotFound: no such user.
        """
        row = await self._row(
            "reserve",
            order.user_id,
            order.request_id,
            order.fingerprint,
            max(order.least, 1),
            max(order.most, 1),
            order.input_tokens,
            order.call.as_record(),
            LEASE_SECONDS,
            self._now(),
        )
        if row["outcome"] not in ("held", "repeated"):
            raise self._refusal(row)
        return Hold(
            order.user_id,
            order.request_id,
            row["hold_tokens"],
            row["hold_state"],
            row["outcome"] == "repeated",
            order.call,
            _wallet(row["wallet"]),
        )

    async def settle(self, hold: Hold, usage: Usage) -> Charge:
        """End a hold with what was really used; a second call changes nothing and returns the first result.

        Raises:
            Conflict: the hold was released before.
            NotFound: there is no such hold.
        """
        charged = hold.call.charge_for(usage.counts)
        row = await self._row("settle", hold.user_id, hold.request_id, "settled", usage.as_record(charged), self._now())
        return self._charge(row)

    async def consume(self, order: HoldOrder, usage: Usage) -> Charge:
        """Charge tokens that are known already, exactly once per request id; a repeat returns the first result.

        `order.least` must be the charge of `usage`.

        Raises:
            InsufficientTokens, UserSuspended, IdempotencyConflict, NotFound: as `reserve`.
        """
        record = usage.as_record(order.call.charge_for(usage.counts))
        row = await self._row(
            "consume", order.user_id, order.request_id, order.fingerprint, order.call.as_record(), record, self._now()
        )
        return self._charge(row)

    async def release(self, hold: Hold) -> bool:
        """Give a hold back whole: the call cost nothing. False where it had ended before."""
        return bool(
            await self._database.fetchval(load_sql("ledger", "release"), hold.user_id, hold.request_id, self._now())
        )

    async def renew(self, holds: Sequence[tuple[UUID, str, int]]) -> set[tuple[UUID, str]]:
        """Renew the leases of a living proxy's holds: (user id, request id, output tokens seen so far).

        Returns those that are still open; the others were ended by somebody else.
        """
        rows = await self._database.fetch(
            load_sql("ledger", "renew"),
            [user_id for user_id, _, _ in holds],
            [request_id for _, request_id, _ in holds],
            [output_tokens for _, _, output_tokens in holds],
            LEASE_SECONDS,
            self._now(),
        )
        return {(row["user_id"], row["request_id"]) for row in rows}

    async def expire_due(self, *, most: int = 500) -> list[Charge]:
        """Settle the holds whose lease ran out, each in a transaction of its own, at what was last seen (SPEC 3.3)."""
        charges = [await self.expire(user_id, request_id) for user_id, request_id in await self.due_holds(most=most)]
        return [charge for charge in charges if charge is not None]

    async def due_holds(self, *, most: int = 500) -> list[tuple[UUID, str]]:
        """User id and request id of the holds whose lease ran out, oldest first."""
        rows = await self._database.fetch(load_sql("ledger", "due_holds"), self._now(), most)
        return [(row["user_id"], row["request_id"]) for row in rows]

    async def expire(self, user_id: UUID, request_id: str) -> Charge | None:
        """Settle one hold whose lease ran out at what was last seen; None where it was renewed or ended meanwhile."""
        row = await self._row("expire", user_id, request_id, self._now())
        return self._charge(row) if row["outcome"] == "settled" else None

    async def open_period(self, user_id: UUID) -> None:
        """Open the present period for a user whom nothing has touched since it began (SPEC 3.6); else nothing changes."""
        await self._database.fetchrow(load_sql("ledger", "balance"), user_id, self._now())

    async def grant(self, order: GrantOrder, *, connection: Connection | None = None) -> Grant:
        """Add tokens to credits, or take them back; once per idempotency key.

        Pass `connection` to make the grant a part of an open transaction.

        Raises:
            InvalidInput: zero tokens, the sign does not fit the type, or the credits would pass the limit.
            IdempotencyConflict: the key was used for another grant.
            NotFound: no such user.
        """
        _check_grant(order)
        values = (
            order.user_id,
            order.tokens,
            order.amount_brl,
            order.transaction_type.value,
            order.note,
            order.actor_id,
            order.idempotency_key,
            _grant_fingerprint(order),
            CREDITS_LIMIT_TOKENS,
            self._now(),
        )
        statement = load_sql("ledger", "grant")
        if connection is None:
            row = await self._database.fetchrow(statement, *values)
        else:
            row = await connection.fetchrow(statement, *values)
        if row is None or row["outcome"] not in ("granted", "repeated"):
            raise _grant_refusal("" if row is None else row["outcome"])
        return _grant(row)

    async def balance(self, user_id: UUID) -> Balance:
        """The user's wallet in the present period, and what follows from it.

        Raises:
            NotFound: no such user.
        """
        row = await self._database.fetchrow(load_sql("ledger", "balance"), user_id, self._now())
        if row is None:
            raise NotFound("Usuário não encontrado.", code="user_not_found")
        wallet = _wallet(row)
        period = self._period(wallet)
        return Balance(
            wallet,
            row["active"],
            wallet.state(active=row["active"]),
            period.starts_at,
            period.ends_at,
            period.ends_at.astimezone(self._zone).date(),
        )

    async def audit(self) -> list[AuditDifference]:
        """Recompute every balance from the records; an empty list is the proof (SPEC 3.4)."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(load_sql("ledger", "audit"), timeout=3600)
        return [AuditDifference(row["user_id"], row["what"], row["stored"], row["recomputed"]) for row in rows]

    def _now(self) -> datetime | None:
        return None if self._clock is None else self._clock()

    async def _row(self, statement: str, *values: object) -> asyncpg.Record:
        row = await self._database.fetchrow(load_sql("ledger", statement), *values)
        if row is None:
            raise AssertionError(f"ledger statement {statement} returned no row")
        return row

    def _period(self, wallet: Wallet) -> Period:
        return period_of(wallet.period_start, self._zone)

    def _refusal(self, row: asyncpg.Record) -> SolarisError:
        match row["outcome"]:
            case "insufficient":
                wallet = _wallet(row["wallet"])
                renews_at = self._period(wallet).ends_at
                return InsufficientTokens(
                    quota_notice(wallet.remaining, renews_at.astimezone(self._zone).date(), self._buy_url),
                    tokens_remaining=wallet.remaining,
                    usage_percent=wallet.usage_percent,
                    renews_at=renews_at,
                )
            case "suspended":
                return UserSuspended(SUSPENDED_MESSAGE)
            case "conflict":
                return IdempotencyConflict(REUSED_ID_MESSAGE, param="request_id")
            case "released":
                return Conflict("Esta requisição já foi encerrada sem cobrança.")
            case "repeated":
                return DuplicateRequest("Esta requisição ainda está em andamento.", param="request_id")
            case "unknown_user":
                return NotFound("Usuário não encontrado.", code="user_not_found")
            case _:
                return NotFound("Não há reserva com este identificador.", code="hold_not_found")

    def _charge(self, row: asyncpg.Record) -> Charge:
        if row["outcome"] not in ("settled", "repeated"):
            raise self._refusal(row)
        event = row["event"]
        return Charge(
            event["request_id"],
            event["id"],
            event["tokens_charged"],
            event["allowance_part"],
            event["credits_part"],
            event["overage"],
            event["occurred_at"],
            event["model_asked"],
            tuple(row["crossed_percent"] or ()),
            row["outcome"] == "repeated",
            _wallet(row["wallet"]),
        )


def current_period(zone: ZoneInfo) -> Period:
    """The period that holds this instant."""
    return period_at(datetime.now(UTC), zone)


def fingerprint_of(body: Any) -> str:
    """Tells one request body from another: SHA-256 of its canonical JSON, or of the raw bytes."""
    data = body if isinstance(body, bytes) else orjson.dumps(body, option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(data).hexdigest()


def _wallet(row: Any) -> Wallet:
    return Wallet(
        period_start=row["period_start"],
        allowance=row["allowance"],
        allowance_used=row["allowance_used"],
        credits=row["credits"],
        held=row["held"],
        used=row["used"],
        overage=row["overage"],
    )


def _check_grant(order: GrantOrder) -> None:
    if order.tokens == 0 or abs(order.tokens) > MAX_TOKENS_PER_REQUEST:
        raise InvalidInput("A quantidade de tokens deve estar entre 1 e 1.000.000.000.", param="tokens")
    refund = order.transaction_type is TransactionType.REFUND
    if refund and order.tokens > 0:
        raise InvalidInput("Um estorno retira tokens: a quantidade deve ser negativa.", param="tokens")
    if order.tokens < 0 and not refund and order.transaction_type is not TransactionType.ADJUSTMENT:
        raise InvalidInput("A quantidade de tokens deve ser positiva.", param="tokens")


def _grant_fingerprint(order: GrantOrder) -> str:
    return fingerprint_of(
        [order.user_id, order.tokens, f"{order.amount_brl:.2f}", order.transaction_type.value, order.note]
    )


def _grant_refusal(outcome: str) -> SolarisError:
    match outcome:
        case "conflict":
            return IdempotencyConflict(
                "Esta chave de idempotência já foi usada com outro conteúdo. Envie uma chave nova.",
                param="Idempotency-Key",
            )
        case "too_much":
            return InvalidInput(
                "Com esta quantidade o saldo de créditos passaria de 1.000.000.000 de tokens.", param="tokens"
            )
        case _:
            return NotFound("Usuário não encontrado.", code="user_not_found")


def _grant(row: asyncpg.Record) -> Grant:
    transaction = row["transaction"]
    return Grant(
        transaction["id"],
        transaction["user_id"],
        transaction["tokens_added"],
        transaction["amount_paid"],
        TransactionType(transaction["transaction_type"]),
        transaction["note"],
        transaction["created_at"],
        row["outcome"] == "repeated",
        _wallet(row["wallet"]),
    )
