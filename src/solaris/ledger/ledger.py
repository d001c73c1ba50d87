"""The ledger's operations: reserve, settle, release, expire, grant, audit (SPEC 3)."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from solaris.domain.errors import (
    InsufficientTokens,
    InvalidInput,
    NotFound,
    SolarisError,
    StoreUnavailable,
    TokensHeld,
    TooManyCalls,
    UserSuspended,
)
from solaris.domain.notices import SUSPENDED_MESSAGE, TOO_MANY_CALLS_MESSAGE, held_notice, quota_notice
from solaris.domain.periods import period_of
from solaris.domain.tokens import MAX_TOKENS_PER_REQUEST
from solaris.domain.wallet import Wallet
from solaris.ledger.batcher import Batcher, Completion
from solaris.ledger.records import (
    RECORD_COLUMNS,
    AuditDifference,
    Balance,
    Charge,
    Extension,
    Grant,
    GrantCreate,
    Hold,
    HoldCreate,
    TransactionType,
    Usage,
    storable,
)
from solaris.ledger.rows import USER_UNKNOWN_MESSAGE, condition_of, grant_condition_of, grant_of, wallet_of
from solaris.ledger.statements import LEASE_SECONDS, HotStatements, Settlement
from solaris.ledger.terms import terms_values
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql

CREDITS_LIMIT_TOKENS = 2_000_000_000 - MAX_TOKENS_PER_REQUEST
_SECONDS_BETWEEN_RELEASES = 1.0
RETRY_HELD_SECONDS = 5

# Releases a hold by user id, request id and attempt; returns at once.
GiveBack = Callable[[UUID, str, str | None], None]


class Ledger:
    """The ledger. Balances change here and nowhere else.

    Every method raises `StoreUnavailable` when PostgreSQL does not answer in time. Instants come from
    PostgreSQL's clock, so that all processes agree, unless a `clock` is given (tests and imports of
    past usage). Concurrent reservations and settlements of one process are batched.
    """

    def __init__(
        self, database: Database, *, zone: ZoneInfo, buy_url: str, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._database = database
        self._zone = zone
        self._buy_url = buy_url
        self._clock = clock
        self._hot = HotStatements(database, now=self._now, refusal=self._refusal)
        self._reserving = Batcher[HoldCreate, Hold](
            single=self._hot.reserve, batch=self._hot.reserve_many, abandoned=self._abandon
        )
        self._settling = Batcher[Settlement, Charge](single=self._hot.settle, batch=self._hot.settle_many)
        self._extending = Batcher[Extension, int](single=self._hot.extend, batch=self._hot.extend_many)
        self._giving_back: set[asyncio.Task[None]] = set()
        self._give_back_later: GiveBack = self._try_to_give_back

    async def close(self) -> None:
        """Wait for operations in flight; holds not yet released end when their lease expires."""
        await self._reserving.close()
        await self._settling.close()
        await self._extending.close()
        await self._hot.close()
        for task in self._giving_back:
            task.cancel()

    async def reserve(self, order: HoldCreate) -> Hold:
        """Hold tokens for one model call.

        Holds what the wallet covers, from `order.least` to `order.most`; a repeated request id
        returns the first hold. If the caller is cancelled meanwhile, the hold is released.

        Raises:
            InsufficientTokens: less than `order.least` is left, even without the holds of other calls (SPEC 3.1).
            TokensHeld: it would fit without the holds of the user's calls in progress.
            TooManyCalls: `order.max_calls` of the user's calls are in progress.
            UserSuspended: the user may not spend.
            IdempotencyConflict: the request id was used with another body.
            NotFound: no such user.
        """
        try:
            return await self._reserving.submit(order)
        except StoreUnavailable:
            # The reply may have been lost after the commit.
            self._give_back_later(order.user_id, order.request_id, order.attempt)
            raise

    async def extend(self, extension: Extension) -> int:
        """Grow an open hold as far as the wallet covers; returns its tokens, 0 if it has ended.

        A hold never shrinks.

        Raises:
            StoreUnavailable: the hold is unchanged, or has grown.
        """
        return await self._extending.submit(extension)

    def extend_for(self, completion: Completion[int], extension: Extension) -> None:
        """Like `extend`, with the result passed to `completion`.

        Raises:
            StoreUnavailable: the queue is full; `completion` is not called.
        """
        self._extending.submit_for(completion, extension)

    async def settle(self, hold: Hold, usage: Usage) -> Charge:
        """End a hold and charge the actual usage; a repeat returns the first result.

        Raises:
            Conflict: the hold was released.
            NotFound: there is no such hold.
        """
        row = usage.as_row(hold.call.charge_for(usage.counts))
        return await self._settling.submit(Settlement(hold.user_id, hold.request_id, row))

    def settle_recorded(self, user_id: UUID, request_id: str, record: Mapping[str, Any]) -> "asyncio.Future[Charge]":
        """Like `settle`, from a stored record (`Usage.as_record`)."""
        return self._settling.submit(Settlement(user_id, request_id, tuple(map(record.get, RECORD_COLUMNS))))

    def settle_for(self, completion: Completion[Charge], settlement: Settlement) -> None:
        """Like `settle`, with the charge or error passed to `completion`.

        Raises:
            StoreUnavailable: the queue is full; `completion` is not called.
        """
        self._settling.submit_for(completion, settlement)

    async def consume(self, order: HoldCreate, usage: Usage) -> Charge:
        """Charge known usage once per request id; a repeat returns the first result.

        Raises:
            InsufficientTokens, TokensHeld, UserSuspended, IdempotencyConflict, NotFound: as `reserve`.
        """
        call = order.call
        charged = call.charge_for(usage.counts)
        row = await self._hot.row(
            "consume",
            order.user_id,
            order.request_id,
            order.fingerprint,
            *usage.as_row(charged),
            *terms_values(call),
            storable(call.client),
            call.front_end_key_id,
            storable(call.conversation_id),
            call.trace_id,
            self._now(),
        )
        return self._hot.charge(order.request_id, row, needed=charged)

    async def release(self, hold: Hold) -> bool:
        """Release a whole hold without a charge; returns False if it had already ended."""
        return await self.give_back(hold.user_id, hold.request_id, None)

    async def give_back(self, user_id: UUID, request_id: str, attempt: str | None) -> bool:
        """Release by request id; with `attempt`, only a hold made by that `HoldCreate.attempt`."""
        statement = load_sql("ledger", "release")
        return bool(await self._database.fetchval(statement, user_id, request_id, attempt, self._now()))

    def on_uncertain_hold(self, give_back: GiveBack) -> None:
        """Set the callback that releases holds with an uncertain outcome.

        Such a hold comes from a reservation whose reply was lost, or whose caller was cancelled.
        Without a callback, the ledger retries the release until the lease expires.
        """
        self._give_back_later = give_back

    async def renew(self, holds: Sequence[tuple[UUID, str, int]]) -> set[tuple[UUID, str]]:
        """Renew the leases of open holds: (user id, request id, output tokens seen so far).

        Returns those that are still open; the others were ended elsewhere.
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

    async def note(self, holds: Sequence[tuple[UUID, str, int]]) -> None:
        """Store the output tokens as `renew` does, without renewing; skips locked holds."""
        users, request_ids, output_tokens = ([hold[column] for hold in holds] for column in range(3))
        await self._database.execute(load_sql("ledger", "note"), users, request_ids, output_tokens)

    async def due_holds(self, *, limit: int = 500) -> list[tuple[UUID, str]]:
        """Return (user id, request id) of holds with an expired lease, oldest first."""
        rows = await self._database.fetch(load_sql("ledger", "due_holds"), self._now(), limit)
        return [(row["user_id"], row["request_id"]) for row in rows]

    async def expire(self, user_id: UUID, request_id: str) -> Charge | None:
        """Settle an expired hold at the last seen usage (SPEC 3.3); None if renewed or ended."""
        row = await self._hot.row("expire", user_id, request_id, self._now())
        return self._hot.charge(request_id, row) if row["outcome"] == "settled" else None

    async def open_period(self, user_id: UUID) -> None:
        """Open the present period for a user if it is not open yet (SPEC 3.6)."""
        await self._database.fetchrow(load_sql("ledger", "balance"), user_id, self._now())

    async def grant(self, order: GrantCreate, *, connection: Connection | None = None) -> Grant:
        """Add tokens to credits, or take them back, once per idempotency key.

        Pass `connection` to run in its open transaction.

        Raises:
            InvalidInput: zero tokens, a sign that does not fit the type, or credits above the limit.
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
            raise grant_condition_of("" if row is None else row["outcome"])
        return grant_of(row)

    async def balance(self, user_id: UUID) -> Balance:
        """Return the user's wallet in the present period, with state and renewal.

        Raises:
            NotFound: no such user.
        """
        row = await self._database.fetchrow(load_sql("ledger", "balance"), user_id, self._now())
        if row is None:
            raise NotFound(USER_UNKNOWN_MESSAGE, code="user_not_found")
        wallet = wallet_of(row)
        period = period_of(wallet.period_start, self._zone)
        return Balance(
            wallet,
            row["active"],
            wallet.state(active=row["active"]),
            period.starts_at,
            period.ends_at,
            period.ends_at.astimezone(self._zone).date(),
        )

    async def count_calls(self) -> int:
        """Recount the calls in progress of every wallet; returns the number of corrected wallets.

        Counts can be wrong after an upgrade under load.
        """
        return int(await self._database.fetchval(load_sql("ledger", "count_calls")))

    async def audit(self) -> list[AuditDifference]:
        """Recompute every balance from the records.

        An empty list means no differences (SPEC 3.4).
        """
        async with self._database.connection() as connection:
            rows = await connection.fetch(load_sql("ledger", "audit"), timeout=3600)
        return [AuditDifference(row["user_id"], row["what"], row["stored"], row["recomputed"]) for row in rows]

    def _now(self) -> datetime | None:
        return None if self._clock is None else self._clock()

    def _refusal(self, outcome: str, wallet: Wallet | None) -> SolarisError:
        if outcome == "suspended":
            return UserSuspended(SUSPENDED_MESSAGE)
        if outcome == "too_many_calls":
            return TooManyCalls(TOO_MANY_CALLS_MESSAGE, retry_after_seconds=RETRY_HELD_SECONDS)
        if outcome == "tokens_held" and wallet is not None:
            return TokensHeld(held_notice(wallet.remaining, wallet.held), retry_after_seconds=RETRY_HELD_SECONDS)
        if outcome != "insufficient" or wallet is None:
            return condition_of(outcome)
        renews_at = period_of(wallet.period_start, self._zone).ends_at
        return InsufficientTokens(
            quota_notice(
                wallet.left,
                renews_at.astimezone(self._zone).date(),
                self._buy_url,
                allowance=wallet.allowance,
            ),
            tokens_remaining=wallet.remaining,
            usage_percent=wallet.usage_percent,
            renews_at=renews_at,
            state=wallet.state(active=True),
        )

    def _abandon(self, hold: Hold) -> None:
        if not hold.repeated:
            self._give_back_later(hold.user_id, hold.request_id, None)

    def _try_to_give_back(self, user_id: UUID, request_id: str, attempt: str | None) -> None:
        task = asyncio.create_task(self._give_back(user_id, request_id, attempt))
        self._giving_back.add(task)
        task.add_done_callback(self._giving_back.discard)

    async def _give_back(self, user_id: UUID, request_id: str, attempt: str | None) -> None:
        """Retry until PostgreSQL accepts the release or the lease has expired."""
        for _ in range(round(LEASE_SECONDS / _SECONDS_BETWEEN_RELEASES)):
            try:
                await self.give_back(user_id, request_id, attempt)
            except StoreUnavailable:
                await asyncio.sleep(_SECONDS_BETWEEN_RELEASES)
            else:
                return


def fingerprint_of(body: Any) -> str:
    """Return the SHA-256 hex digest of a request body: of its canonical JSON, or of raw bytes."""
    data = body if isinstance(body, bytes) else orjson.dumps(body, option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(data).hexdigest()


def _check_grant(order: GrantCreate) -> None:
    if order.tokens == 0 or abs(order.tokens) > MAX_TOKENS_PER_REQUEST:
        raise InvalidInput("A quantidade de tokens deve estar entre 1 e 1.000.000.000.", param="tokens")
    refund = order.transaction_type is TransactionType.REFUND
    if refund and order.tokens > 0:
        raise InvalidInput("Um estorno retira tokens: a quantidade deve ser negativa.", param="tokens")
    if order.tokens < 0 and not refund and order.transaction_type is not TransactionType.ADJUSTMENT:
        raise InvalidInput("A quantidade de tokens deve ser positiva.", param="tokens")


def _grant_fingerprint(order: GrantCreate) -> str:
    return fingerprint_of(
        [order.user_id, order.tokens, f"{order.amount_brl:.2f}", order.transaction_type.value, order.note]
    )
