"""The ledger's two hot operations on PostgreSQL, one by one and in batches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from solaris.ledger.batcher import BatchRefused
from solaris.ledger.records import Charge, Hold, HoldOrder, Usage
from solaris.ledger.rows import charge_of, wallet_of
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

LEASE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Settlement:
    """A hold and what its call really used."""

    hold: Hold
    usage: Usage

    def as_record(self) -> dict[str, Any]:
        """The usage event's columns that the ending decides."""
        return self.usage.as_record(self.hold.call.charge_for(self.usage.counts))


class HotStatements:
    """Reserve and settle. Refusals come from `refusal`, which turns a row's outcome into a condition."""

    def __init__(
        self, database: Database, *, now: Callable[[], datetime | None], refusal: Callable[[asyncpg.Record], Exception]
    ) -> None:
        self._database = database
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
        row = await self.row(
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
        rows = await self._batch(
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
        hold = settlement.hold
        row = await self.row("settle", hold.user_id, hold.request_id, "settled", settlement.as_record(), self._now())
        return self.charge(row)

    async def settle_many(self, settlements: Sequence[Settlement]) -> Sequence[Charge | None]:
        """The charges that could be made together; None where a settlement must be looked at singly."""
        rows = await self._batch(
            "settle_batch",
            [settlement.hold.user_id for settlement in settlements],
            [settlement.hold.request_id for settlement in settlements],
            [settlement.as_record() for settlement in settlements],
            self._now(),
        )
        charges: list[Charge | None] = [None] * len(settlements)
        for row in rows:
            place = row["ordinal"] - 1
            charges[place] = charge_of(settlements[place].hold.request_id, row["event_id"], row, row, repeated=False)
        return charges

    def charge(self, row: asyncpg.Record) -> Charge:
        """The charge of a settling function's row, or the refusal."""
        if row["outcome"] not in ("settled", "repeated"):
            raise self._refusal(row)
        event = row["event"]
        event_id: UUID = event["id"]
        return charge_of(event["request_id"], event_id, event, row, repeated=row["outcome"] == "repeated")

    async def _batch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        try:
            return await self._database.fetch(load_sql("ledger", statement), *values)
        except asyncpg.PostgresError as error:
            # One bad row fails them all: the good ones must not suffer for it.
            raise BatchRefused from error


def _call_record(order: HoldOrder) -> dict[str, Any]:
    return {**order.call.as_record(), "attempt": order.attempt}


def _hold(order: HoldOrder, tokens: int, state: str, row: asyncpg.Record, *, repeated: bool) -> Hold:
    return Hold(order.user_id, order.request_id, tokens, state, repeated, order.call, wallet_of(row["wallet"]))
