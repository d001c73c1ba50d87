"""The worker's jobs, one method each. Every job is idempotent."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from solaris.auth.sign_in import delete_ended_sign_ins
from solaris.credits.pending_grants import PendingGrants
from solaris.domain.errors import SolarisError, StoreUnavailable
from solaris.gateway.settlement.recovery import WalRecovery
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Charge
from solaris.models.prompt_factors import PromptFactors
from solaris.platform.logs import Log
from solaris.platform.postgres import STORE_AWAY_MESSAGE, Database
from solaris.platform.sql import load_sql
from solaris.reporting.usage_rollup import UsageRollup

PARTITION_MONTHS_AHEAD = 3
_PARTITION_LOCK_TIMEOUT_MS = 1500
PERIODS_PER_BATCH = 200
TRAFFIC_KEPT_DAYS = 400
MAX_DIFFERENCES_LOGGED = 50
# A lease (60 s), this grace and one round of the job (5 s) end within the 90 s of SPEC 3.3.
GRACE_SECONDS = 20.0
_GAP_SECONDS = 15.0


class OutageGrace:
    """Grace period for proxies to renew and replay before holds expire (docs/decisions/0030).

    It starts when leases may not have been renewable: at the worker's start, after `gap_seconds`
    without a check (PostgreSQL was away, or the machine was suspended), and after a failed check.
    """

    def __init__(
        self,
        *,
        grace_seconds: float = GRACE_SECONDS,
        gap_seconds: float = _GAP_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._grace_seconds = grace_seconds
        self._gap_seconds = gap_seconds
        self._clock = clock
        self._checked_at: float | None = None
        self._began_at = 0.0

    def is_over(self) -> bool:
        """Return whether holds may be expired now; call once per check."""
        now = self._clock()
        if self._checked_at is None or not 0 <= now - self._checked_at <= self._gap_seconds:
            self._began_at = now
        self._checked_at = now
        return now - self._began_at >= self._grace_seconds

    def check_ended(self) -> None:
        """Record the end of a check, so that its duration is not a gap."""
        self._checked_at = self._clock()

    def check_failed(self) -> None:
        """Record a failed check."""
        self._checked_at = None


class WorkerJobs:
    """The jobs of SPEC 3.3, 3.4 and 3.6, and the clean-up."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        log: Log,
        *,
        grace: OutageGrace | None = None,
        recovery: WalRecovery | None = None,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._log = log
        self._grace = grace
        self._recovery = recovery

    async def expire_holds(self) -> None:
        """Settle the holds of ended proxies: exactly from a WAL on this machine, else as last seen.

        Nothing expires before the grace period is over. A hold that can't be settled is logged and
        does not stop the others.

        Raises:
            StoreUnavailable: PostgreSQL is away.
        """
        try:
            if self._recovery is not None:
                await self._recovery.replay()
            if self._grace is None or self._grace.is_over():
                await self._expire_due()
        except StoreUnavailable:
            if self._grace is not None:
                self._grace.check_failed()
            raise
        if self._grace is not None:
            self._grace.check_ended()

    async def _expire_due(self) -> None:
        for user_id, request_id in await self._ledger.due_holds():
            try:
                charge = await self._ledger.expire(user_id, request_id)
            except StoreUnavailable:
                raise
            except (SolarisError, asyncpg.PostgresError) as error:
                self._log.error("hold_not_expired", user_id=user_id, request_id=request_id, error=str(error))
                continue
            if charge is not None:
                self._log_expired(user_id, charge)

    async def count_calls(self) -> None:
        """Correct the number of calls in progress of wallets changed by an older version."""
        miscounted = await self._ledger.count_calls()
        if miscounted:
            self._log.warning("open_calls_mended", wallets=miscounted)

    async def open_periods(self) -> None:
        """Open the present period for all users without one, in small batches."""
        opened = 0
        while True:
            rows = await self._database.fetch(load_sql("apps", "wallets_of_past_periods"), PERIODS_PER_BATCH)
            for row in rows:
                await self._ledger.open_period(row["user_id"])
            opened += len(rows)
            if len(rows) < PERIODS_PER_BATCH:
                break
        if opened:
            self._log.info("periods_opened", users=opened)

    async def expire_pending_grants(self) -> None:
        """Expire pending grants without a decision in time; they grant nothing."""
        expired = await PendingGrants(self._database, self._ledger, self._log).expire()
        if expired:
            self._log.info("pending_grants_expired", grants=expired)

    async def create_partitions(self) -> None:
        """Keep the next months' partitions of the usage events there.

        A month at a time, and waiting for a short time only: a new partition locks the whole table, and calls queue up behind one
        that waits.

        Raises:
            StoreUnavailable: also where the table stays locked; the months before are made.
        """
        try:
            for months in range(PARTITION_MONTHS_AHEAD + 1):
                async with self._database.transaction() as connection:
                    await connection.execute(f"SET LOCAL lock_timeout = {_PARTITION_LOCK_TIMEOUT_MS}")
                    await connection.execute(load_sql("apps", "create_partition_ahead"), months)
        except asyncpg.LockNotAvailableError as error:
            raise StoreUnavailable(STORE_AWAY_MESSAGE) from error

    async def learn_prompt_factors(self) -> None:
        """Update the models' prompt factors from settled calls."""
        await PromptFactors(self._database, self._log).learn()

    async def roll_up(self) -> None:
        """Add new events to the rollups. Statistics are correct without them, but slower."""
        await UsageRollup(self._database).advance()

    async def mend_rollups(self) -> None:
        """Recompute days whose rollups differ from the events, as after imports of past usage."""
        days = await UsageRollup(self._database).mend()
        if days:
            self._log.warning("rollups_mended", days=[day.isoformat() for day in days[:MAX_DIFFERENCES_LOGGED]])

    async def clean_up(self) -> None:
        """Delete ended sign-ins, old failures and old traffic counts."""
        sign_in_rows = await delete_ended_sign_ins(self._database, datetime.now(UTC))
        tag = await self._database.execute(load_sql("apps", "delete_old_traffic"), TRAFFIC_KEPT_DAYS)
        deleted = {"sign_in": sign_in_rows, "traffic_minutes": int(tag.rpartition(" ")[2])}
        if any(deleted.values()):
            self._log.info("cleaned_up", **deleted)

    async def audit(self) -> None:
        """Audit every balance; logs differences as errors, the first ones with values."""
        differences = await self._ledger.audit()
        if not differences:
            self._log.info("audit_passed", differences=0)
            return
        self._log.error("audit_differences", differences=len(differences))
        for difference in differences[:MAX_DIFFERENCES_LOGGED]:
            self._log.error(
                "audit_difference",
                user_id=difference.user_id,
                what=difference.what,
                stored=str(difference.stored),
                recomputed=str(difference.recomputed),
            )

    def _log_expired(self, user_id: UUID, charge: Charge) -> None:
        self._log.warning(
            "hold_expired",
            user_id=user_id,
            request_id=charge.request_id,
            tokens_consumed=charge.tokens_charged,
            tokens_remaining=charge.wallet.remaining,
            model=charge.model_asked,
        )
