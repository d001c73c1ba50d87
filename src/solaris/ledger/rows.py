"""Converts rows of the ledger's functions to records, and their outcomes to errors."""

from datetime import date
from typing import Any

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
from solaris.ledger.records import Charge, Grant, Hold, HoldCreate, TransactionType

USER_UNKNOWN_MESSAGE = "Usuário não encontrado."


def wallet_of(row: Any) -> Wallet:
    """Return the wallet in a row of the table `wallets`."""
    first_day: date = row["period_start"]
    return Wallet(
        period_start=first_day,
        allowance=row["allowance"],
        allowance_used=row["allowance_used"],
        credits=row["credits"],
        held=row["held"],
        used=row["used"],
        overage=row["overage"],
        refused_tokens=row["refused_tokens"],
    )


def hold_of(order: HoldCreate, row: Any) -> Hold | None:
    """Return the hold in a row of `ledger_reserve_v3`; None if refused."""
    outcome, tokens, state, *wallet = row
    if outcome not in ("held", "repeated"):
        return None
    return Hold(order.user_id, order.request_id, tokens, state, outcome == "repeated", order.call, Wallet(*wallet))


def charge_of(request_id: str, row: Any) -> Charge | None:
    """Return the charge in a row of type `ledger_charge`; None if refused."""
    (
        outcome,
        event_id,
        charged,
        from_allowance,
        from_credits,
        overage,
        remaining,
        occurred_at,
        model,
        crossed,
        *wallet,
    ) = row
    if outcome not in ("settled", "repeated"):
        return None
    return Charge(
        request_id,
        event_id,
        charged,
        from_allowance,
        from_credits,
        overage,
        remaining,
        occurred_at,
        model,
        tuple(crossed or ()),
        outcome == "repeated",
        Wallet(*wallet),
    )


def grant_of(row: asyncpg.Record) -> Grant:
    """Return the grant in a row of `ledger_grant_v1`."""
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
    """Return the error for an outcome without a wallet."""
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
    """Return the error for a refused grant."""
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
