"""From rows of the ledger's functions to records, and from their outcomes to conditions."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from solaris.domain.errors import (
    Conflict,
    DuplicateRequest,
    IdempotencyConflict,
    InvalidInput,
    NotFound,
    SolarisError,
)
from solaris.domain.wallet import Wallet
from solaris.ledger.records import Charge, Grant, TransactionType

USER_UNKNOWN_MESSAGE = "Usuário não encontrado."


def wallet_of(row: Any) -> Wallet:
    """The wallet in a row of the table `wallets`."""
    first_day: date = row["period_start"]
    return Wallet(
        period_start=first_day,
        allowance=row["allowance"],
        allowance_used=row["allowance_used"],
        credits=row["credits"],
        held=row["held"],
        used=row["used"],
        overage=row["overage"],
    )


def charge_of(request_id: str, event_id: UUID, event: Any, row: Any, *, repeated: bool) -> Charge:
    """The charge told by an event's columns, and the wallet and crossed thresholds beside it."""
    return Charge(
        request_id=request_id,
        event_id=event_id,
        tokens_charged=event["tokens_charged"],
        allowance_part=event["allowance_part"],
        credits_part=event["credits_part"],
        overage=event["overage"],
        tokens_remaining=event["tokens_remaining"],
        occurred_at=event["occurred_at"],
        model_asked=event["model_asked"],
        crossed_percent=tuple(row["crossed_percent"] or ()),
        repeated=repeated,
        wallet=wallet_of(row["wallet"]),
    )


def grant_of(row: asyncpg.Record) -> Grant:
    """The grant told by `ledger_grant_v1`."""
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
        wallet_of(row["wallet"]),
    )


def condition_of(outcome: str) -> SolarisError:
    """The condition behind an outcome that tells of no wallet."""
    match outcome:
        case "conflict":
            return IdempotencyConflict(
                "Este identificador de requisição já foi usado com outro conteúdo. Envie um identificador novo.",
                param="request_id",
            )
        case "released":
            return Conflict("Esta requisição já foi encerrada sem cobrança.")
        case "repeated":
            return DuplicateRequest("Esta requisição ainda está em andamento.", param="request_id")
        case "unknown_user":
            return NotFound(USER_UNKNOWN_MESSAGE, code="user_not_found")
        case _:
            return NotFound("Não há reserva com este identificador.", code="hold_not_found")


def grant_condition_of(outcome: str) -> SolarisError:
    """The condition behind a refused grant."""
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
            return NotFound(USER_UNKNOWN_MESSAGE, code="user_not_found")
