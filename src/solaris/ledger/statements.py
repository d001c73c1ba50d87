"""The ledger's hot operations on PostgreSQL, one by one and in batches.

Parameters are arrays of plain types and rows are read by position, which minimises the work per call
in both client and server (docs/decisions/0031).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import starmap
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from solaris.domain.wallet import Wallet
from solaris.ledger.batcher import BatchRefused
from solaris.ledger.lists import numbers, texts
from solaris.ledger.records import Charge, Extension, Hold, HoldCreate, storable
from solaris.ledger.rows import charge_of, hold_of
from solaris.ledger.terms import terms_numbers
from solaris.platform.postgres import Database, DedicatedSession
from solaris.platform.sql import load_sql

LEASE_SECONDS = 60
# A growing hold takes at most this fraction (1/n) of the free tokens beyond its used ones.
EXTENSION_SHARE = 8

# The encoder of each column of a settlement's row.
_AS_LISTS: Sequence[Callable[[Sequence[Any]], str | None]] = (
    *(numbers, numbers, numbers, numbers, numbers),
    *(texts, numbers, texts, texts),
    *(numbers, numbers),
)


class Settlement(NamedTuple):
    """The actual usage of one hold's call; `row` is `Usage.as_row`."""

    user_id: UUID
    request_id: str
    row: Sequence[Any]


class HotStatements:
    """Reserve, extend and settle, each on its own connection and one at a time (see `Batcher`).

    `refusal` builds the error for an outcome and its wallet, if any.
    """

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime | None],
        refusal: Callable[[str, Wallet | None], Exception],
    ) -> None:
        self._database = database
        self._reserving = database.dedicated_connection()
        self._settling = database.dedicated_connection()
        self._extending = database.dedicated_connection()
        self._now = now
        self._refusal = refusal

    async def row(self, statement: str, *values: object) -> asyncpg.Record:
        """Return the single row of a ledger statement."""
        row = await self._database.fetchrow(load_sql("ledger", statement), *values)
        if row is None:
            raise AssertionError(f"ledger statement {statement} returned no row")
        return row

    async def reserve(self, order: HoldCreate) -> Hold:
        """Make one hold. Raises the refusal."""
        session = await self._reserving.session()
        (terms,) = await terms_numbers(session, [order])
        call = order.call
        row = await _one(
            session,
            "reserve",
            order.user_id,
            order.request_id,
            order.fingerprint,
            order.least or 1,
            order.most or 1,
            order.share,
            order.max_calls,
            order.input_tokens,
            terms,
            storable(call.client),
            call.front_end_key_id,
            storable(call.conversation_id),
            call.trace_id,
            order.attempt,
            call.counted_tokens,
            LEASE_SECONDS,
            self._now(),
        )
        hold = hold_of(order, row)
        if hold is None:
            raise self._refused(row[0], row[3:])
        return hold

    async def reserve_many(self, orders: Sequence[HoldCreate]) -> Sequence[Hold | None]:
        """Make holds in one batch; None for those to retry singly. Raises BatchRefused."""
        session = await self._reserving.session()
        with _refusing_batch():
            terms = await terms_numbers(session, orders)
        users, demands, place_of_order = _demands(orders)
        calls = [order.call for order in orders]
        row = await _batch(
            session,
            "reserve_batch",
            users,
            *(numbers(column) for column in demands),
            numbers(place_of_order),
            texts([order.request_id for order in orders]),
            texts([order.fingerprint for order in orders]),
            numbers([order.most or 1 for order in orders]),
            numbers([order.input_tokens for order in orders]),
            numbers(terms),
            texts([storable(call.client) for call in calls]),
            _unless_empty([call.front_end_key_id for call in calls]),
            texts([storable(call.conversation_id) for call in calls]),
            texts([call.trace_id for call in calls]),
            texts([order.attempt for order in orders]),
            numbers([call.counted_tokens for call in calls]),
            LEASE_SECONDS,
            self._now(),
        )
        made, not_made, *wallets = row
        if made is None:
            return [None] * len(orders)
        admitted = dict(zip(made, starmap(Wallet, zip(*wallets, strict=True)), strict=True))
        refused = set(not_made or ())
        return [
            Hold(order.user_id, order.request_id, order.most or 1, "open", False, order.call, admitted[place])
            if place in admitted and number not in refused
            else None
            for number, (order, place) in enumerate(zip(orders, place_of_order, strict=True), 1)
        ]

    async def extend(self, extension: Extension) -> int:
        """Grow one hold; returns its tokens, 0 if it has ended."""
        return (await self.extend_many([extension]))[0]

    async def extend_many(self, extensions: Sequence[Extension]) -> Sequence[int]:
        """Grow several holds; returns their tokens in the order given."""
        order = sorted(range(len(extensions)), key=lambda number: extensions[number].user_id.int)
        users, request_ids, least, most = zip(*(extensions[number] for number in order), strict=True)
        row = await _one(
            await self._extending.session(),
            "extend_batch",
            users,
            texts(request_ids),
            numbers(least),
            numbers(most),
            EXTENSION_SHARE,
            self._now(),
        )
        grown = [0] * len(extensions)
        for number, tokens in zip(order, row[0], strict=True):
            grown[number] = tokens or 0
        return grown

    async def settle(self, settlement: Settlement) -> Charge:
        """Settle one hold. Raises the refusal."""
        row = await _one(
            await self._settling.session(),
            "settle",
            settlement.user_id,
            settlement.request_id,
            *settlement.row,
            self._now(),
        )
        return self.charge(settlement.request_id, row)

    async def settle_many(self, settlement_queue: Sequence[Settlement]) -> Sequence[Charge | None]:
        """Settle holds in one batch; None for those to retry singly. Raises BatchRefused."""
        users, order, places = _grouped_by_user(settlement_queue)
        in_order = [settlement_queue[number] for number in order]
        _, request_ids, rows = zip(*in_order, strict=True)
        row = await _batch(
            await self._settling.session(),
            "settle_batch",
            users,
            numbers(places),
            texts(request_ids),
            *(as_list(column) for as_list, column in zip(_AS_LISTS, zip(*rows, strict=True), strict=True)),
            self._now(),
        )
        charges: list[Charge | None] = [None] * len(settlement_queue)
        (
            ended,
            event_ids,
            models,
            from_allowance,
            from_credits,
            remaining,
            settled_at,
            *wallet_columns,
            places_crossed,
            percents,
        ) = row
        if ended is None:
            return charges
        wallets = list(starmap(Wallet, zip(*wallet_columns, strict=True)))
        crossed = _last_of_each(ended, places, places_crossed, percents)
        for number, event_id, model, part, credits_part, left in zip(
            ended, event_ids, models, from_allowance, from_credits, remaining, strict=True
        ):
            charged = rows[number - 1][0]
            charges[order[number - 1]] = Charge(
                request_ids[number - 1],
                event_id,
                charged,
                part,
                credits_part,
                charged - part - credits_part,
                left,
                settled_at,
                model,
                crossed.get(number, ()),
                False,
                wallets[places[number - 1] - 1],
            )
        return charges

    def charge(self, request_id: str, row: asyncpg.Record, *, needed: int = 0) -> Charge:
        """Return the charge in a settle function's row.

        Raises the refusal, with `needed` tokens.
        """
        charge = charge_of(request_id, row)
        if charge is None:
            raise self._refused(row[0], [*row[10:], needed])
        return charge

    async def close(self) -> None:
        """Close the connections; they reconnect when needed."""
        await self._reserving.close()
        await self._settling.close()
        await self._extending.close()

    def _refused(self, outcome: str, wallet: Sequence[Any]) -> Exception:
        return self._refusal(outcome, None if wallet[0] is None else Wallet(*wallet))


async def _one(session: DedicatedSession, statement: str, *values: object) -> asyncpg.Record:
    rows = await session.fetch(load_sql("ledger", statement), *values)
    if len(rows) != 1:
        raise AssertionError(f"ledger statement {statement} returned {len(rows)} rows")
    return rows[0]


async def _batch(session: DedicatedSession, statement: str, *values: object) -> asyncpg.Record:
    with _refusing_batch():
        return await _one(session, statement, *values)


@contextmanager
def _refusing_batch() -> Iterator[None]:
    """Convert an error of PostgreSQL or its driver, caused by one bad row, into BatchRefused."""
    try:
        yield
    except (asyncpg.PostgresError, ValueError) as error:
        raise BatchRefused from error


def _demands(orders: Sequence[HoldCreate]) -> tuple[list[UUID], tuple[list[int], ...], list[int]]:
    """Return the users; per user four lists; and each order's place (from 1) in the users.

    The lists: sum of `most`, free tokens that admit all orders, number of orders, its limit. Orders
    are granted in sequence: each leaves less for the share of the next.
    """
    places: dict[UUID, int] = {}
    sums: list[int] = []
    margins: list[int] = []
    counts: list[int] = []
    bounds: list[int] = []
    place_of_order: list[int] = []
    for order in orders:
        most = order.most or 1
        margin = order.needed - most
        place = places.setdefault(order.user_id, len(sums))
        if place == len(sums):
            sums.append(most)
            margins.append(margin)
            counts.append(1)
            bounds.append(order.max_calls)
        else:
            sums[place] += most
            margins[place] = max(margins[place], margin)
            counts[place] += 1
            bounds[place] = min(bounds[place], order.max_calls)
        place_of_order.append(place + 1)
    needs = [total + margin for total, margin in zip(sums, margins, strict=True)]
    return list(places), (sums, needs, counts, bounds), place_of_order


def _grouped_by_user(settlement_queue: Sequence[Settlement]) -> tuple[list[UUID], list[int], list[int]]:
    """Return users in ascending order; settlement indexes grouped by user; each one's user place.

    Places count from 1.
    """
    # These integers sort as PostgreSQL sorts the ids.
    keys = [settlement.user_id.int for settlement in settlement_queue]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    users: list[UUID] = []
    places = []
    previous = None
    for number in order:
        if keys[number] != previous:
            previous = keys[number]
            users.append(settlement_queue[number].user_id)
        places.append(len(users))
    return users, order, places


def _unless_empty(values: list[UUID | None]) -> list[UUID | None] | None:
    return None if values.count(None) == len(values) else values


def _last_of_each(
    ended: Sequence[int], places: Sequence[int], places_crossed: Sequence[int] | None, percents: Sequence[int] | None
) -> dict[int, tuple[int, ...]]:
    """Return thresholds by settlement: those crossed by a user belong to their last one."""
    if not places_crossed or not percents:
        return {}
    last = {places[number - 1]: number for number in ended}
    crossed: dict[int, tuple[int, ...]] = {}
    for place, percent in zip(places_crossed, percents, strict=True):
        crossed[last[place]] = (*crossed.get(last[place], ()), percent)
    return crossed
