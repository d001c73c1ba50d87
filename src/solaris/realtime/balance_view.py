"""A user's balance as shown by streams, and the message format between processes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import orjson

from solaris.domain.wallet import UserState, Wallet
from solaris.ledger.rows import wallet_of
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql


@dataclass(frozen=True, slots=True)
class LastGrant:
    """A user's latest credit transaction."""

    transaction_id: UUID
    tokens_added: int
    transaction_type: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BalanceView:
    """One user's balance at one moment. `alert_percent`: highest unacknowledged threshold."""

    user_id: UUID
    active: bool
    wallet: Wallet
    alert_percent: int | None
    last_grant: LastGrant | None

    @property
    def state(self) -> UserState:
        """The user's state."""
        return self.wallet.state(active=self.active)

    @property
    def order(self) -> tuple[date, int]:
        """Sort key of a user's views: a later view never sorts lower, since `used` only grows.

        Views with equal keys may differ in credits, holds or an acknowledged alert.
        """
        return self.wallet.period_start, self.wallet.used

    def after(self, charge: "PublishedCharge") -> "BalanceView":
        """Return this view updated by a charge. `refused_tokens` is kept: only reads update it."""
        crossed = charge.crossed_percent
        alert = self.alert_percent if crossed is None else max(crossed, self.alert_percent or 0)
        wallet = charge.wallet._replace(refused_tokens=self.wallet.refused_tokens)
        return replace(self, wallet=wallet, alert_percent=alert)


@dataclass(frozen=True, slots=True)
class PublishedCharge:
    """A published charge: the wallet after it, and the highest threshold it crossed."""

    user_id: UUID
    wallet: Wallet
    crossed_percent: int | None

    @property
    def order(self) -> tuple[date, int]:
        """As `BalanceView.order`."""
        return self.wallet.period_start, self.wallet.used


def encode(charges: Iterable[PublishedCharge]) -> bytes:
    """Encode charges as one message for processes of the same version."""
    return orjson.dumps([_fields(charge) for charge in charges])


def decode(message: bytes) -> list[PublishedCharge]:
    """Return the charges of a message; an empty list for an invalid one."""
    try:
        return [_charge_of(fields) for fields in orjson.loads(message)]
    except (orjson.JSONDecodeError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return []


def _fields(charge: PublishedCharge) -> list[Any]:
    wallet = charge.wallet
    return [
        charge.user_id.hex,
        wallet.period_start.toordinal(),
        wallet.allowance,
        wallet.allowance_used,
        wallet.credits,
        wallet.held,
        wallet.used,
        wallet.overage,
        charge.crossed_percent,
    ]


def _charge_of(fields: list[Any]) -> PublishedCharge:
    user, day, *figures, crossed = fields
    return PublishedCharge(UUID(hex=user), Wallet(date.fromordinal(day), *figures), crossed)


class ReadsBalances(Protocol):
    """Source of views."""

    async def read(self, user_ids: Iterable[UUID]) -> dict[UUID, BalanceView | None]:
        """Return the views, None if the present period is not open; unknown ids are left out.

        Raises:
            StoreUnavailable: PostgreSQL did not answer.
        """


class Balances:
    """Reads views from PostgreSQL, any number of users in one statement."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, user_ids: Iterable[UUID]) -> dict[UUID, BalanceView | None]:
        """As `ReadsBalances.read`."""
        rows = await self._database.fetch(load_sql("realtime", "balances"), list(user_ids))
        return {row["user_id"]: _view(row) for row in rows}


def _view(row: asyncpg.Record) -> BalanceView | None:
    if row["period_start"] is None:
        return None
    grant = None
    if row["transaction_id"] is not None:
        grant = LastGrant(row["transaction_id"], row["tokens_added"], row["transaction_type"], row["granted_at"])
    return BalanceView(row["user_id"], row["active"], wallet_of(row), row["alert_percent"], grant)
