"""The balance shown by /api/tokens/current."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from solaris.auth.cache_invalidation import PublishChange
from solaris.domain.periods import Period
from solaris.domain.projection import run_out_date
from solaris.gateway.schemas import Allowance, CurrentTokens, PeriodTimes
from solaris.ledger.ledger import Ledger
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql


class CurrentBalance:
    """Reads a user's balance and acknowledges their alerts."""

    def __init__(self, ledger: Ledger, database: Database, zone: ZoneInfo, publish_changed: PublishChange) -> None:
        self._ledger = ledger
        self._database = database
        self._zone = zone
        self._publish_changed = publish_changed

    async def of(self, user_id: UUID) -> CurrentTokens:
        """Return the user's current balance.

        Raises:
            NotFound: no such user.
        """
        balance = await self._ledger.balance(user_id)
        row = await self._database.fetchrow(load_sql("gateway", "plan_and_alert"), user_id)
        wallet = balance.wallet
        period = Period(wallet.period_start, balance.period_starts_at, balance.renews_at)
        return CurrentTokens(
            user_id=user_id,
            plan=row["plan_type"] if row else None,
            period=PeriodTimes(starts_at=balance.period_starts_at, ends_at=balance.renews_at),
            monthly_tokens=(row["monthly_tokens"] or 0) if row else 0,
            tokens_used=wallet.used,
            tokens_remaining=wallet.remaining,
            allowance=Allowance(granted=wallet.allowance, used=wallet.allowance_used, left=wallet.allowance_left),
            credits=wallet.credits,
            held=wallet.held,
            overage=wallet.overage,
            refused_tokens=wallet.refused_tokens,
            usage_percent=wallet.usage_percent,
            state=balance.state.value,
            alert=row["alert_percent"] if row else None,
            projected_run_out_date=run_out_date(wallet, period, datetime.now(UTC), self._zone),
            renews_at=balance.renews_at,
        )

    async def acknowledge(self, user_id: UUID, alert: int) -> int | None:
        """Mark this alert and lower ones as seen; returns a higher unseen one, or None.

        Idempotent. After a grant or a renewal, crossing the threshold raises the alert again.
        """
        remaining_alert: int | None = await self._database.fetchval(
            load_sql("gateway", "acknowledge_alerts"), user_id, alert
        )
        await self._publish_changed(user_id)
        return remaining_alert
