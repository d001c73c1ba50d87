"""Writes the demo data in one transaction, in chronological order, through the ledger's functions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from solaris.credits.grants import GRANTED
from solaris.credits.purchases import insert_request, packages_on_sale
from solaris.credits.records import RequestCreate, RequestState
from solaris.domain.periods import day_starts_at
from solaris.ledger.ledger import Ledger, fingerprint_of
from solaris.ledger.records import GrantCreate
from solaris.local.demo.credits import DemoCredits, DemoGrant, DemoRequest
from solaris.local.demo.usage import DAYS, SUSPENDED_SINCE_DAYS, DemoCall, DemoUsage
from solaris.local.demo.users import ADMIN, DEMO_USERS, DemoUser
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql

CALLS_PER_BATCH = 500
BATCH_TIMEOUT_SECONDS = 60


class DemoWriter:
    """Writes generated data into one transaction, in chronological order."""

    def __init__(self, database: Database, connection: Connection, now: datetime, zone: ZoneInfo) -> None:
        self._connection = connection
        self._now = now
        self._zone = zone
        self._at = now
        # The ledger's clock gives each grant's own instant; the connection is the transaction's.
        self._ledger = Ledger(database, zone=zone, buy_url="", clock=lambda: self._at)

    async def fill(self, usage: DemoUsage) -> int:
        """Write all data that is loaded once; returns the number of charged calls."""
        await self._create_partitions()
        plans = {row["plan_type"]: row["monthly_tokens"] for row in await self._connection.fetch("SELECT * FROM plans")}
        calls = usage.calls(DEMO_USERS, {user.email: plans.get(user.plan_type, 250_000) for user in DEMO_USERS})
        user_ids = await self._insert_users(calls)
        credits_made = DemoCredits(self._now, self._zone, await packages_on_sale(self._connection))
        charged = await self._write_in_order(calls, credits_made, user_ids)
        await self._connection.fetch(
            "SELECT ledger_wallet_v1(id, $2) FROM unnest($1::uuid[]) AS id ORDER BY id",
            list(user_ids.values()),
            self._now,
        )
        for user in DEMO_USERS:
            if user.percent is not None:
                await self.bring_to_percent(usage, user, user_ids[user.email])
        await self._suspend(user_ids)
        return charged

    async def bring_to_percent(self, usage: DemoUsage, user: DemoUser, user_id: UUID) -> None:
        """Add usage until the user reaches their percentage of this period; once per period.

        Never reduces usage.
        """
        wallet = await self._connection.fetchrow("SELECT (ledger_wallet_v1($1, $2)).*", user_id, self._now)
        if wallet is None or user.percent is None:
            return
        label = f"{user.account}-{wallet['period_start']:%Y-%m}"
        total = wallet["used"] + wallet["allowance"] - wallet["allowance_used"] + wallet["credits"]
        missing = -(-total * user.percent // 100) - wallet["used"]
        done = await self._connection.fetchval(
            "SELECT EXISTS (SELECT FROM holds WHERE user_id = $1 AND request_id = $2)", user_id, f"demo-{label}-0"
        )
        if missing <= 0 or done:
            return
        last_at = await self._connection.fetchval(
            "SELECT max(occurred_at) FROM usage_events WHERE user_id = $1", user_id
        )
        today = day_starts_at(self._now.astimezone(self._zone).date(), self._zone)
        since = max(today, last_at or today)
        await self._consume(usage.exact_calls(user, missing, since, label), {user.email: user_id})

    async def _create_partitions(self) -> None:
        await self._connection.fetch(
            "SELECT create_usage_partition(m::date) FROM generate_series("
            "date_trunc('month', $1::timestamptz - make_interval(days => $2)), $1::timestamptz, interval '1 month') AS m",
            self._now,
            DAYS,
        )

    async def add_missing(self, users: Sequence[DemoUser]) -> None:
        """Add users that demo data of an earlier version lacks, with a subscription and without usage."""
        await self._insert(users, {})

    async def _insert_users(self, calls: Sequence[DemoCall]) -> dict[str, UUID]:
        first_calls: dict[str, datetime] = {}
        for call in calls:
            first_calls.setdefault(call.email, call.at)
        await self._insert(DEMO_USERS, first_calls)
        return await user_ids_of(self._connection, DEMO_USERS)

    async def _insert(self, users: Sequence[DemoUser], first_calls: Mapping[str, datetime]) -> None:
        rows = await self._connection.fetch(
            load_sql("local", "demo_insert_users"),
            [user.email for user in users],
            [user.name for user in users],
            [user.role.value for user in users],
            [self._joined_at(user, first_calls.get(user.email)) for user in users],
        )
        made = {row["email"]: row["id"] for row in rows}
        subscribers = [user for user in users if user.email in made]
        await self._connection.execute(
            load_sql("local", "demo_subscribe"),
            [made[user.email] for user in subscribers],
            [user.plan_type for user in subscribers],
        )

    def _joined_at(self, user: DemoUser, first_call_at: datetime | None) -> datetime:
        today = self._now.astimezone(self._zone).date()
        day = day_starts_at(today - timedelta(days=user.known_for_days), self._zone)
        at = day + timedelta(hours=8, minutes=len(user.name))
        return max(day, min(at, (first_call_at or self._now) - timedelta(minutes=2)))

    async def _write_in_order(self, calls: list[DemoCall], made: DemoCredits, user_ids: dict[str, UUID]) -> int:
        requests = made.requests()
        decided = [(request.grant(number), request) for number, request in enumerate(requests)]
        grants = [*made.grants(), *(grant for grant, _ in decided if grant is not None)]
        transactions: dict[str, UUID] = {}
        charged = 0
        timeline: list[DemoCall | DemoGrant] = sorted([*calls, *grants], key=lambda item: item.at)
        for kind, items in groupby(timeline, key=type):
            if kind is DemoCall:
                charged += await self._consume([item for item in items if isinstance(item, DemoCall)], user_ids)
                continue
            for item in items:
                if isinstance(item, DemoGrant):
                    transactions[item.key] = await self._grant(item, user_ids)
        for grant, request in decided:
            transaction_id = None if grant is None else transactions[grant.key]
            await self._write_request(request, transaction_id, user_ids)
        return charged

    async def _consume(self, calls: Sequence[DemoCall], user_ids: dict[str, UUID]) -> int:
        """Charge the calls; returns how many.

        Calls that the wallet does not cover are refused, as in operation.
        """
        charged = 0
        for start in range(0, len(calls), CALLS_PER_BATCH):
            items = [_call_item(call, user_ids[call.email]) for call in calls[start : start + CALLS_PER_BATCH]]
            rows = await self._connection.fetch(load_sql("local", "demo_consume"), items, timeout=BATCH_TIMEOUT_SECONDS)
            charged += sum(row["calls"] for row in rows if row["outcome"] == "settled")
        return charged

    async def _grant(self, grant: DemoGrant, user_ids: dict[str, UUID]) -> UUID:
        self._at = grant.at
        grant_create = GrantCreate(
            user_id=user_ids[grant.email],
            tokens=grant.tokens,
            transaction_type=grant.transaction_type,
            idempotency_key=grant.key,
            amount_brl=grant.amount_brl,
            note=grant.note,
            actor_id=user_ids[ADMIN.email],
        )
        made = await self._ledger.grant(grant_create, connection=self._connection)
        after = {
            "user_id": str(made.user_id),
            "tokens_added": made.tokens_added,
            "amount_paid": f"{made.amount_brl:.2f}",
            "note": made.note,
        }
        await self._record([_change(grant.at, GRANTED, "credit_transaction", made.transaction_id, after)], user_ids)
        return made.transaction_id

    async def _write_request(
        self, request: DemoRequest, transaction_id: UUID | None, user_ids: dict[str, UUID]
    ) -> None:
        user_id, admin_id = user_ids[request.email], user_ids[ADMIN.email]
        create = RequestCreate(user_id, request.package.id, None, request.note, request.urgency)
        fingerprint = fingerprint_of([create.package_id, create.tokens, create.note, create.urgency])
        made = await insert_request(self._connection, create, request.package, fingerprint, request.created_at)
        if request.decided_at is None:
            return
        by_asker = request.state is RequestState.CANCELLED
        await self._connection.execute(
            load_sql("local", "demo_decide_request"),
            made.id,
            request.state.value,
            request.decided_at,
            user_id if by_asker else admin_id,
            request.reason,
            transaction_id,
        )
        if not by_asker:
            after = {"state": request.state.value, "ticket_number": made.ticket_number, "reason": request.reason}
            action = f"credit_request.{'approve' if transaction_id else 'reject'}"
            await self._record([_change(request.decided_at, action, "credit_request", made.id, after)], user_ids)

    async def _suspend(self, user_ids: dict[str, UUID]) -> None:
        at = self._now - timedelta(days=SUSPENDED_SINCE_DAYS)
        suspended = [user_ids[user.email] for user in DEMO_USERS if user.suspended]
        await self._connection.execute(
            "UPDATE users SET active = false, updated_at = $2 WHERE id = ANY($1::uuid[])", suspended, at
        )
        changes = [_change(at, "user.suspend", "user", user_id, {"active": False}) for user_id in suspended]
        await self._record(changes, user_ids)

    async def _record(self, changes: list[dict[str, Any]], user_ids: dict[str, UUID]) -> None:
        await self._connection.execute(
            load_sql("local", "demo_record_changes"), changes, user_ids[ADMIN.email], ADMIN.role.value
        )


async def user_ids_of(connection: Connection, users: Iterable[DemoUser]) -> dict[str, UUID]:
    """The users' ids by e-mail."""
    rows = await connection.fetch(
        "SELECT id, email FROM users WHERE email = ANY($1::text[])", [user.email for user in users]
    )
    return {row["email"]: row["id"] for row in rows}


def _call_item(call: DemoCall, user_id: UUID) -> dict[str, Any]:
    return {
        "user_id": str(user_id),
        "request_id": call.request_id,
        "at": call.at.isoformat(),
        "call": call.call.as_record(),
        "usage": call.usage.as_record(call.tokens_charged),
    }


def _change(at: datetime, action: str, entity: str, entity_id: UUID, after: dict[str, Any]) -> dict[str, Any]:
    return {"at": at.isoformat(), "action": action, "entity": entity, "entity_id": str(entity_id), "after": after}
