"""The numbers of call terms in PostgreSQL (table `call_terms`)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from solaris.domain.tokens import Weights
from solaris.ledger.records import Call, HoldCreate
from solaris.platform.postgres import DedicatedSession
from solaris.platform.sql import load_sql

_MAX_REMEMBERED = 10_000


class _Known(NamedTuple):
    weights: Weights
    conversion_factor: Decimal
    number: int


async def terms_numbers(session: DedicatedSession, orders: Sequence[HoldCreate]) -> list[int]:
    """Return the number of each order's terms, storing new terms.

    Numbers are cached per session: after a restored backup or a failover they may be invalid.
    """
    memory = session.memory
    numbers = []
    for order in orders:
        call = order.call
        known = memory.get((call.route, call.model_asked))
        if known is None or not _matches(known, call):
            known = await _store_terms(session, call)
        numbers.append(known.number)
    return numbers


def terms_values(call: Call) -> tuple[object, ...]:
    """Return the parameters of `ledger_terms_v1`."""
    weights = call.weights
    return (
        call.route,
        call.model_asked,
        weights.input,
        weights.cached_input,
        weights.output,
        weights.reasoning,
        call.conversion_factor,
    )


def _matches(known: _Known, call: Call) -> bool:
    return (known.weights is call.weights or known.weights == call.weights) and (
        known.conversion_factor is call.conversion_factor or known.conversion_factor == call.conversion_factor
    )


async def _store_terms(session: DedicatedSession, call: Call) -> _Known:
    rows = await session.fetch(load_sql("ledger", "terms"), *terms_values(call))
    if len(session.memory) >= _MAX_REMEMBERED:
        session.memory.clear()
    known = _Known(call.weights, call.conversion_factor, rows[0][0])
    session.memory[call.route, call.model_asked] = known
    return known
