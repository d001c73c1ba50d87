"""What an open stream shows of a user's balance, and how processes tell each other of it."""

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
    """One user's balance at one moment. `alert_percent`: the highest threshold crossed and not acknowledged."""

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
        """Of two views of one user the later one is never smaller: inside a period `used` only grows, charge by charge.

        Equal ones differ in what no charge changed (credits, holds, an acknowledged alert).
        """
        return self.wallet.period_start, self.wallet.used

    def after(self, charge: "PublishedCharge") -> "BalanceView":
        """This view with what a charge changed. Whether a call was refused before is read from PostgreSQL alone."""
        crossed = charge.crossed_percent
        alert = self.alert_percent if crossed is None else max(crossed, self.alert_percent or 0)
        wallet = charge.wallet._replace(refused_tokens=self.wallet.refused_tokens)
        return replace(self, wallet=wallet, alert_percent=alert)


@dataclass(frozen=True, slots=True)
class PublishedCharge:
    """What one process tells the others of a charge: the wallet after it, and the highest threshold it crossed."""

    user_id: UUID
    wallet: Wallet
    crossed_percent: int | None

    @property
    def order(self) -> tuple[date, int]:
        """As `BalanceView.order`."""
        return self.wallet.period_start, self.wallet.used


def encode(charges: Iterable[PublishedCharge]) -> bytes:
    """Charges as one message between processes of the same version."""
    return orjson.dumps([_fields(charge) for charge in charges])


def decode(message: bytes) -> list[PublishedCharge]:
    """The charges of a message; none where it is not one of ours."""
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
    """Where views come from."""

    async def read(self, user_ids: Iterable[UUID]) -> dict[UUID, BalanceView | None]:
        """The views; None where the user's present period is not open yet. Users who do not exist are left out.

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
