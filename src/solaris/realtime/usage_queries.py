"""What the live chart takes from PostgreSQL: names and news always, the consumption itself while Redis is away."""

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
# A row is dated when its transaction begins, and seen when it has ended: looks overlap.
_NEW_EVENTS_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class NamedUser:
    """How a user is called."""

    name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class UserEvent:
    """Something that happened to a user: `alert`, `request` or `grant`."""

    kind: str
    id: UUID
    created_at: datetime
    user_id: UUID
    name: str
    email: str | None
    figures: Mapping[str, Any]


class UsageQueries:
    """Looks for one process. Every method raises `StoreUnavailable` where PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._names: OrderedDict[UUID, NamedUser] = OrderedDict()
        self._calls: dict[tuple[datetime, str], tuple[int, int]] | None = None
        self._users: dict[UUID | None, int] | None = None
        self._returned: OrderedDict[UUID, None] = OrderedDict()

    async def names(self, user_ids: Iterable[UUID]) -> Mapping[UUID, NamedUser]:
        """How these users are called; a renamed one may keep his old name for a while."""
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
        """What is new since the last look, oldest first; of the last seconds at the first one."""
        rows = await self._database.fetch(load_sql("realtime", "live_news"), _NEW_EVENTS_SECONDS)
        fresh = [UserEvent(**dict(row)) for row in rows if row["id"] not in self._returned]
        for one in fresh:
            self._returned[one.id] = None
        while len(self._returned) > _MAX_EVENT_IDS_KEPT:
            self._returned.popitem(last=False)
        return fresh

    def reset(self) -> None:
        """Count from the next look on."""
        self._calls, self._users = None, None

    async def consumed(self) -> Consumption:
        """What was consumed since the last look; nothing at the first one. Tokens are not told by model."""
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
    # A new day begins at zero.
    consumed.tokens = now.get(None, 0) - before.get(None, 0) if now.get(None, 0) >= before.get(None, 0) else 0
    for user_id, tokens in now.items():
        if user_id is not None and tokens > before.get(user_id, tokens):
            consumed.users[user_id] = tokens - before[user_id]
