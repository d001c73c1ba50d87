"""Users for staff: search, filters, order and balances, and the details of one (SPEC 6)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg

from solaris.domain.errors import InvalidInput, NotFound
from solaris.domain.roles import Role
from solaris.domain.wallet import UserState
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql

_ID_START = re.compile(r"[0-9a-f-]{8,36}")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_WILDCARDS = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


class UserSort(StrEnum):
    """Sort keys of a list of users; ties are sorted by id."""

    NAME = "name"
    EMAIL = "email"
    CREATED_AT = "created_at"
    USAGE_PERCENT = "usage_percent"
    TOKENS_USED = "tokens_used"
    TOKENS_REMAINING = "tokens_remaining"


# Up to this many users of a state or band are fetched and sorted; of more, a scan in sort order
# finds the page faster.
MAX_USERS_ORDERED = 5_000
_BALANCE_SORTS = {
    UserSort.USAGE_PERCENT: "t.unrounded_percent",
    UserSort.TOKENS_USED: "t.used",
    UserSort.TOKENS_REMAINING: "t.tokens_remaining",
}
_PROFILE_SORTS = {
    UserSort.NAME: "folded_text(u.name)",
    UserSort.EMAIL: "coalesce(u.email, u.contact_email, '')",
    UserSort.CREATED_AT: "u.created_at",
}


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Filters of users. Percents are rounded to two digits; days are the customer's, both included.

    `text` is searched in name, e-mail and contact e-mail, word by word, ignoring case and accents; a
    prefix of an id with eight or more characters also matches.

    Raises:
        InvalidInput: a range ends before it starts, or a text contains a NUL.
    """

    text: str | None = None
    state: UserState | None = None
    plan: str | None = None
    usage_percent_min: float | None = None
    usage_percent_max: float | None = None
    created_from: date | None = None
    created_to: date | None = None
    role: Role | None = None

    def __post_init__(self) -> None:
        if "\x00" in (self.text or "") + (self.plan or ""):
            raise InvalidInput("A busca não pode conter o caractere nulo.", param="q")
        if self.usage_percent_min is not None and self.usage_percent_max is not None:
            _check_order(self.usage_percent_min <= self.usage_percent_max, "usage_percent_max", "usage_percent_min")
        if self.created_from is not None and self.created_to is not None:
            _check_order(self.created_from <= self.created_to, "created_to", "created_from")

    @property
    def filters_by_balance_only(self) -> bool:
        """Whether only balance, state and plan are filtered, not attributes of the user."""
        return not any((self.patterns, self.created_from, self.created_to, self.role))

    @property
    def patterns(self) -> list[str] | None:
        """LIKE patterns that must all match; None without a search."""
        words = folded(self.text or "").split()
        return [f"%{word.translate(_WILDCARDS)}%" for word in words] or None

    @property
    def id_start(self) -> str | None:
        """The text as a prefix of an id, or None if it can't be one."""
        text = (self.text or "").strip().lower()
        return text if _ID_START.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class UserPageQuery:
    """Page, page size and order; pages count from 1."""

    sort: UserSort = UserSort.CREATED_AT
    descending: bool = True
    page: int = 1
    page_size: int = 50


@dataclass(frozen=True, slots=True)
class UserRow:
    """One user with the present balance.

    Token figures are of the present period, as renewed if it is not open yet.
    """

    id: UUID
    email: str | None
    contact_email: str | None
    name: str
    role: Role
    active: bool
    created_at: datetime
    plan: str | None
    monthly_tokens: int
    state: UserState
    usage_percent: float
    tokens_used: int
    tokens_remaining: int
    credits: int
    held: int
    last_used_at: datetime | None
    period_start: date
    allowance: int
    allowance_used: int
    allowance_left: int
    overage: int
    refused_tokens: int


@dataclass(frozen=True, slots=True)
class UserPage:
    """A page of users.

    `total`: users matching all filters; `totals_by_state`: all but the state.
    """

    rows: list[UserRow]
    total: int
    totals_by_state: dict[UserState, int]


@dataclass(frozen=True, slots=True)
class UserDetail:
    """One user with details for staff, without secrets or hashes."""

    row: UserRow
    facts: asyncpg.Record
    identities: list[asyncpg.Record]
    api_keys: list[asyncpg.Record]


class UserDirectory:
    """Reads users. Every method raises `StoreUnavailable` if PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, wanted: UserFilter, order: UserPageQuery) -> UserPage:
        """Return one page of the matching users."""
        async with self._database.transaction() as connection:
            # A custom plan: a generic one computes every search and sort key for every user.
            await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
            found = await (_find_by_balance if wanted.filters_by_balance_only else _find_by_profile)(
                connection, wanted, order
            )
            rows = await connection.fetch(_with_balances("users_rows"), found.ids)
        return UserPage([_row(row) for row in rows], found.total, found.totals_by_state)

    async def check_known(self, user_id: UUID) -> None:
        """Check that the user exists.

        Raises:
            NotFound: no such user.
        """
        if await self._database.fetchval("SELECT 1 FROM users WHERE id = $1", user_id) is None:
            raise _unknown()

    async def detail(self, user_id: UUID) -> UserDetail:
        """Return all details of one user.

        Raises:
            NotFound: no such user.
        """
        async with self._database.connection() as connection:
            rows = await connection.fetch(_with_balances("users_rows"), [user_id])
            facts = await connection.fetchrow(load_sql("reporting", "users_detail"), user_id)
            if not rows or facts is None:
                raise _unknown()
            identities = await connection.fetch(load_sql("reporting", "users_identities"), user_id)
            keys = await connection.fetch(load_sql("reporting", "users_api_keys"), user_id)
        return UserDetail(_row(rows[0]), facts, list(identities), list(keys))


def folded(text: str) -> str:
    """Return the text in lower case without accents, as compared by the search."""
    return _ACCENTS.sub("", unicodedata.normalize("NFD", text)).lower()


def _with_balances(name: str) -> str:
    return "WITH balances AS (\n" + load_sql("reporting", "users_balances") + ")\n" + load_sql("reporting", name)


def with_standings(name: str) -> str:
    """Return the statement `name`, preceded by the CTE `standings`."""
    return "WITH standings AS (\n" + load_sql("reporting", "users_standings") + ")\n" + load_sql("reporting", name)


@dataclass(frozen=True, slots=True)
class _Found:
    """The ids of a page, and the totals."""

    ids: list[UUID]
    total: int
    totals_by_state: dict[UserState, int]


async def _find_by_profile(connection: Connection, wanted: UserFilter, order: UserPageQuery) -> _Found:
    """Find by attributes, in one statement that computes balances for matching users only."""
    # Not fetchrow: its limit of one row prevents parallel plans.
    found = (await connection.fetch(_with_balances("users_find"), *_values(wanted, order)))[0]
    totals, total = _totals(wanted, found["users_by_state"])
    return _Found(found["ids"], total, totals)


async def _find_by_balance(connection: Connection, wanted: UserFilter, order: UserPageQuery) -> _Found:
    """Find by balance: count all users, then read the page with the fastest statement."""
    place = (wanted.usage_percent_min, wanted.usage_percent_max, wanted.state and wanted.state.value, wanted.plan)
    page = (order.page_size, (order.page - 1) * order.page_size)
    figure = _BALANCE_SORTS.get(order.sort)
    # All ids if they are sorted afterwards; none for too many ids or without a filter.
    most = (0 if place == (None,) * len(place) else MAX_USERS_ORDERED + 1, 0) if figure is None else page
    statement = with_standings("users_stand").replace("{figure}", figure or "0")
    counted = (await connection.fetch(_directed(statement, order), *place, *most))[0]
    totals, total = _totals(wanted, counted["users_by_state"])
    ids = counted["ids"]
    if figure is None and page[1] < total:
        if total == counted["users"]:
            rows = await connection.fetch(_ordered(load_sql("reporting", "users_page_of_all"), order), *page)
        elif total <= MAX_USERS_ORDERED:
            rows = await connection.fetch(_ordered(load_sql("reporting", "users_page_among"), order), ids, *page)
        else:
            rows = await connection.fetch(_ordered(with_standings("users_page_by_walk"), order), *place, *page)
        ids = [row["id"] for row in rows]
    return _Found(ids if page[1] < total else [], total, totals)


def _ordered(statement: str, order: UserPageQuery) -> str:
    return _directed(statement.replace("{order}", _PROFILE_SORTS[order.sort] + " {direction}"), order)


def _directed(statement: str, order: UserPageQuery) -> str:
    return statement.replace("{direction}", "DESC" if order.descending else "ASC")


def _totals(wanted: UserFilter, users_by_state: Mapping[str, int]) -> tuple[dict[UserState, int], int]:
    totals = {state: int(users_by_state.get(state.value, 0)) for state in UserState}
    return totals, sum(totals.values()) if wanted.state is None else totals[wanted.state]


def _values(wanted: UserFilter, order: UserPageQuery) -> tuple[object, ...]:
    return (
        wanted.patterns,
        wanted.id_start,
        wanted.state and wanted.state.value,
        wanted.plan,
        wanted.usage_percent_min,
        wanted.usage_percent_max,
        wanted.created_from,
        wanted.created_to,
        wanted.role and wanted.role.value,
        order.page_size,
        order.sort.value,
        order.descending,
        (order.page - 1) * order.page_size,
    )


def _row(row: Any) -> UserRow:
    fields = {name: row[name] for name in UserRow.__slots__ if name not in ("tokens_used", "role", "state")}
    return UserRow(**fields, tokens_used=row["used"], role=Role(row["role"]), state=UserState(row["state"]))


def _check_order(right: bool, later: str, earlier: str) -> None:
    if not right:
        raise InvalidInput(f"O campo '{later}' deve ser maior ou igual a '{earlier}'.", param=later)


def _unknown() -> NotFound:
    return NotFound("Usuário não encontrado. Confira o identificador.", code="user_not_found", param="id")
