"""PostgreSQL queries of the live chart: names, new events, and usage while Redis is away."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql
from solaris.realtime.usage_publisher import Consumption

_MAX_USERS_READ = 100
_MAX_NAMES_KEPT = 2_000
_MAX_EVENT_IDS_KEPT = 1_000
# A row's time is its transaction's start, but it is visible after the commit: reads overlap.
_NEW_EVENTS_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class NamedUser:
    """A user's name and e-mail address."""

    name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class UserEvent:
    """An event of a user; `kind` is `alert`, `request` or `grant`."""

    kind: str
    id: UUID
    created_at: datetime
    user_id: UUID
    name: str
    email: str | None
    figures: Mapping[str, Any]


class UsageQueries:
    """Queries of one process. Every method raises `StoreUnavailable` if PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._names: OrderedDict[UUID, NamedUser] = OrderedDict()
        self._calls: dict[tuple[datetime, str], tuple[int, int]] | None = None
        self._users: dict[UUID | None, int] | None = None
        self._returned: OrderedDict[UUID, None] = OrderedDict()

    async def names(self, user_ids: Iterable[UUID]) -> Mapping[UUID, NamedUser]:
        """Return names and e-mail addresses; cached, so a renamed user may show the old name."""
        wanted = list(user_ids)
        missing = [user_id for user_id in wanted if user_id not in self._names]
        if missing:
            for row in await self._database.fetch(load_sql("realtime", "live_names"), missing):
                self._names[row["id"]] = NamedUser(row["name"], row["email"])
        found = {user_id: self._names[user_id] for user_id in wanted if user_id in self._names}
        while len(self._names) > _MAX_NAMES_KEPT:
            self._names.popitem(last=False)
        return found

    async def new_events(self) -> list[UserEvent]:
        """Return events since the last call, oldest first; the first call covers 10 seconds."""
        rows = await self._database.fetch(load_sql("realtime", "live_news"), _NEW_EVENTS_SECONDS)
        fresh = [UserEvent(**dict(row)) for row in rows if row["id"] not in self._returned]
        for one in fresh:
            self._returned[one.id] = None
        while len(self._returned) > _MAX_EVENT_IDS_KEPT:
            self._returned.popitem(last=False)
        return fresh

    def reset(self) -> None:
        """Forget the last totals: the next `consumed` returns nothing."""
        self._calls, self._users = None, None

    async def consumed(self) -> Consumption:
        """Return the usage since the last call; empty at the first one. Tokens are not by model."""
        calls = {
            (row["minute"], row["model"]): (row["requests"], row["errors"])
            for row in await self._database.fetch(load_sql("realtime", "live_traffic"))
        }
        rows = await self._database.fetch(load_sql("realtime", "live_users"), _MAX_USERS_READ)
        users: dict[UUID | None, int] = {row["user_id"]: row["tokens"] for row in rows}
        consumed = Consumption()
        if self._calls is not None and self._users is not None:
            _add_calls(consumed, self._calls, calls)
            _add_tokens(consumed, self._users, users)
        self._calls, self._users = calls, users
        return consumed


def _add_calls(
    consumed: Consumption,
    before: Mapping[tuple[datetime, str], tuple[int, int]],
    now: Mapping[tuple[datetime, str], tuple[int, int]],
) -> None:
    for key, (requests, errors) in now.items():
        requests_before, errors_before = before.get(key, (0, 0))
        new_requests, new_errors = max(requests - requests_before, 0), max(errors - errors_before, 0)
        if new_requests:
            figures = consumed.model(key[1])
            figures[0] += new_requests
            figures[2] += new_errors
            consumed.requests += new_requests
            consumed.errors += new_errors


def _add_tokens(consumed: Consumption, before: Mapping[UUID | None, int], now: Mapping[UUID | None, int]) -> None:
    # Totals restart at zero on a new day.
    consumed.tokens = now.get(None, 0) - before.get(None, 0) if now.get(None, 0) >= before.get(None, 0) else 0
    for user_id, tokens in now.items():
        if user_id is not None and tokens > before.get(user_id, tokens):
            consumed.users[user_id] = tokens - before[user_id]
