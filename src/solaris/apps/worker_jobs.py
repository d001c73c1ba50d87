"""What the worker does, a method per job. Every job may run again at any time: doing it twice changes nothing more."""

from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from solaris.domain.errors import SolarisError
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Charge
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

PARTITION_MONTHS_AHEAD = 3
PERIODS_PER_BATCH = 200
TRAFFIC_KEPT_DAYS = 400
MOST_DIFFERENCES_LOGGED = 50


class WorkerJobs:
    """The jobs of SPEC 3.3, 3.4 and 3.6, and the cleaning."""

    def __init__(self, database: Database, ledger: Ledger, log: Log) -> None:
        self._database = database
        self._ledger = ledger
        self._log = log

    async def expire_holds(self) -> None:
        """Settle the holds of proxies that are gone; one that can't be settled is logged and does not stop the others."""
        for user_id, request_id in await self._ledger.due_holds():
            try:
                charge = await self._ledger.expire(user_id, request_id)
            except (SolarisError, asyncpg.PostgresError) as error:
                self._log.error("hold_not_expired", user_id=user_id, request_id=request_id, error=str(error))
                continue
            if charge is not None:
                self._log_expired(user_id, charge)

    async def open_periods(self) -> None:
        """Open the present period for everybody who was not seen since it began, a small batch at a time."""
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

    async def create_partitions(self) -> None:
        """Keep the next months' partitions of the usage events there."""
        await self._database.fetch(load_sql("apps", "create_partitions_ahead"), PARTITION_MONTHS_AHEAD)

    async def clean_up(self) -> None:
        """Delete what has no use any more: ended sign-ins, old failures, old traffic figures."""
        sign_in_rows = await self._database.fetchval(load_sql("accounts", "purge_sign_in"), datetime.now(UTC))
        tag = await self._database.execute(load_sql("apps", "delete_old_traffic"), TRAFFIC_KEPT_DAYS)
        deleted = {"sign_in": int(sign_in_rows or 0), "traffic_minutes": int(tag.rpartition(" ")[2])}
        if any(deleted.values()):
            self._log.info("cleaned_up", **deleted)

    async def audit(self) -> None:
        """Prove every balance; differences are errors in the log, the first ones with their figures."""
        differences = await self._ledger.audit()
        if not differences:
            self._log.info("audit_passed", differences=0)
            return
        self._log.error("audit_differences", differences=len(differences))
        for difference in differences[:MOST_DIFFERENCES_LOGGED]:
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
