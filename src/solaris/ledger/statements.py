"""The ledger's two hot operations on PostgreSQL, one by one and in batches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from solaris.ledger.batcher import BatchRefused
from solaris.ledger.records import Charge, Hold, HoldOrder
from solaris.ledger.rows import charge_of, wallet_of
from solaris.platform.postgres import Database, HeldConnection
from solaris.platform.sql import load_sql

LEASE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Settlement:
    """What one hold's call really used: `record` holds the usage event's columns that the ending decides."""

    user_id: UUID
    request_id: str
    record: Mapping[str, Any]


class HotStatements:
    """Reserve and settle, each on a connection of its own and one at a time (see `Batcher`).

    Refusals come from `refusal`, which turns a row's outcome into a condition.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime | None], refusal: Callable[[asyncpg.Record], Exception]
    ) -> None:
        self._database = database
        self._reserving = database.held_connection()
        self._settling = database.held_connection()
        self._now = now
        self._refusal = refusal

    async def row(self, statement: str, *values: object) -> asyncpg.Record:
        """The one row of a ledger function."""
        row = await self._database.fetchrow(load_sql("ledger", statement), *values)
        if row is None:
            raise AssertionError(f"ledger statement {statement} returned no row")
        return row

    async def reserve(self, order: HoldOrder) -> Hold:
        """One hold, or the refusal."""
        row = await self._one(
            self._reserving,
            "reserve",
            order.user_id,
            order.request_id,
            order.fingerprint,
            max(order.least, 1),
            max(order.most, 1),
            order.input_tokens,
            _call_record(order),
            LEASE_SECONDS,
            self._now(),
        )
        if row["outcome"] not in ("held", "repeated"):
            raise self._refusal(row)
        return _hold(order, row["hold_tokens"], row["hold_state"], row, repeated=row["outcome"] == "repeated")

    async def reserve_many(self, orders: Sequence[HoldOrder]) -> Sequence[Hold | None]:
        """The holds that could be made together; None where an order must be looked at singly."""
        rows = await _batch(
            self._reserving,
            "reserve_batch",
            [order.user_id for order in orders],
            [order.request_id for order in orders],
            [order.fingerprint for order in orders],
            [max(order.least, 1) for order in orders],
            [max(order.most, 1) for order in orders],
            [order.input_tokens for order in orders],
            [_call_record(order) for order in orders],
            LEASE_SECONDS,
            self._now(),
        )
        holds: list[Hold | None] = [None] * len(orders)
        for row in rows:
            place = row["ordinal"] - 1
            holds[place] = _hold(orders[place], row["hold_tokens"], "open", row, repeated=False)
        return holds

    async def settle(self, settlement: Settlement) -> Charge:
        """One charge, or the refusal."""
        row = await self._one(
            self._settling,
            "settle",
            settlement.user_id,
            settlement.request_id,
            "settled",
            settlement.record,
            self._now(),
        )
        return self.charge(row)

    async def settle_many(self, settlements: Sequence[Settlement]) -> Sequence[Charge | None]:
        """The charges that could be made together; None where a settlement must be looked at singly."""
        rows = await _batch(
            self._settling,
            "settle_batch",
            [settlement.user_id for settlement in settlements],
            [settlement.request_id for settlement in settlements],
            [settlement.record for settlement in settlements],
            self._now(),
        )
        charges: list[Charge | None] = [None] * len(settlements)
        for row in rows:
            place = row["ordinal"] - 1
            charges[place] = charge_of(settlements[place].request_id, row["event_id"], row, row, repeated=False)
        return charges

    def charge(self, row: asyncpg.Record) -> Charge:
        """The charge of a settling function's row, or the refusal."""
        if row["outcome"] not in ("settled", "repeated"):
            raise self._refusal(row)
        event = row["event"]
        event_id: UUID = event["id"]
        return charge_of(event["request_id"], event_id, event, row, repeated=row["outcome"] == "repeated")

    async def close(self) -> None:
        """Close the connections; they come back when they are needed."""
        await self._reserving.close()
        await self._settling.close()

    async def _one(self, connection: HeldConnection, statement: str, *values: object) -> asyncpg.Record:
        rows = await connection.fetch(load_sql("ledger", statement), *values)
        if len(rows) != 1:
            raise AssertionError(f"ledger statement {statement} returned {len(rows)} rows")
        return rows[0]


async def _batch(connection: HeldConnection, statement: str, *values: object) -> list[asyncpg.Record]:
    try:
        return await connection.fetch(load_sql("ledger", statement), *values)
    except asyncpg.PostgresError as error:
        # One bad row fails them all: the good ones must not suffer for it.
        raise BatchRefused from error


def _call_record(order: HoldOrder) -> dict[str, Any]:
    return {**order.call.as_record(), "attempt": order.attempt}


def _hold(order: HoldOrder, tokens: int, state: str, row: asyncpg.Record, *, repeated: bool) -> Hold:
    return Hold(order.user_id, order.request_id, tokens, state, repeated, order.call, wallet_of(row["wallet"]))
