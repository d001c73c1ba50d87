"""A hundred users beside a hundred thousand: what grows with the number of users and of events, and what must not."""

import importlib.util
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from bench import load, opening, scale_pages, users
from bench.audit import Books
from bench.calls import Target
from bench.findings import Findings, Proof, Table, Verdict, middle, ms, times
from bench.load import Shape, percentile_ms
from bench.options import Options
from bench.servers import TIMEZONE, Stage
from solaris.auth.tokens import Tokens
from solaris.domain.roles import Role
from solaris.domain.tokens import TokenCounts
from solaris.ledger.records import Call, Ending, HoldCreate, Usage
from solaris.platform.postgres import Database
from solaris.reporting.usage_rollup import UsageRollup

SMALL_USERS = 100
_CALLS = 200
_AS_FAST = 1.25
_QUERIES = ("top_consumers", "unsent_alerts")
_SECONDS = 60.0
_OPEN_WALLETS = """
    SELECT ledger_wallet_v1(u.id, now()) FROM users u WHERE NOT EXISTS (SELECT FROM wallets w WHERE w.user_id = u.id)
"""


@dataclass
class _Size:
    """One of the two databases, and what was measured on it (ms, a value for each round)."""

    name: str
    users: int
    events: int
    url: str = ""
    keys: list[str] = field(default_factory=list)
    loading_seconds: float = 0.0
    rolling_seconds: float = 0.0
    figures: dict[str, list[float]] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)
    pages: dict[str, list[float]] = field(default_factory=dict)
    openings: list[float] = field(default_factory=list)
    settled: int = 0
    indexed: bool = True

    def note(self, what: str, value: float) -> None:
        self.figures.setdefault(what, []).append(value)

    def forget(self, *names: str) -> None:
        for name in names:
            self.figures.pop(name, None)

    def median(self, what: str) -> float:
        return middle(self.figures.get(what, []))


async def measure(stage: Stage, options: Options, say: Callable[[str], None]) -> Findings:
    """Load both databases, then take turns between them."""
    per_user = max(1, options.scale_events // options.scale_users)
    sizes = [
        _Size("small", SMALL_USERS, SMALL_USERS * per_user),
        _Size("large", options.scale_users, options.scale_events),
    ]
    proofs = []
    for size in sizes:
        say(f"loading {size.users:,} users with {size.events:,} usage events")
        begun = time.monotonic()
        size.url = await stage.create_database(f"bench_{size.name}")
        size.keys = await users.fill(size.url, size.users, size.events, say)
        size.loading_seconds = time.monotonic() - begun
        size.rolling_seconds = await _roll_up(size)
        await stage.checkpoint()
        proofs.append(await _proven(size, size.events))
    say("measuring: scale")
    for size in sizes:
        await _queries(size)
    await _ledger_rounds(sizes, options)
    await _http_rounds(stage, sizes, options, say)
    proofs += [await _proven(size, size.events + size.settled) for size in sizes]
    small, large = sizes
    pages = scale_pages.table((f"{small.users:,}", f"{large.users:,}"), small.pages, large.pages)
    browser = opening.table({_described_size(size): size.openings for size in sizes})
    tables = [_table(sizes), pages, *([browser] if browser else []), _plan_table(large)]
    return Findings(tables, _verdicts(sizes), proofs)


async def _roll_up(size: _Size) -> float:
    """What the worker does all the time: wallets for those who were not seen yet, and the rollups."""
    database = Database(size.url, timezone=TIMEZONE, service="bench")
    begun = time.monotonic()
    try:
        await database.execute(_OPEN_WALLETS)
        await UsageRollup(database).advance()
    finally:
        await database.close()
    return time.monotonic() - begun


def _described_size(size: _Size) -> str:
    return f"{size.users:,} users, {size.events:,} events"


async def _proven(size: _Size, expected: int) -> Proof:
    books = Books(size.url)
    try:
        return await books.prove(f"{size.users:,} users, {expected:,} events", answered=expected, failed=0)
    finally:
        await books.close()


async def _queries(size: _Size) -> None:
    connection = await asyncpg.connect(size.url, server_settings={"timezone": TIMEZONE})
    try:
        for name in _QUERIES:
            query = users.seed_query(name)
            await connection.fetch(query)
            begun = time.perf_counter()
            await connection.fetch(query)
            size.note(name, 1000 * (time.perf_counter() - begun))
            plan = orjson.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) {query}"))
            nodes = list(_nodes(plan[0]["Plan"]))
            size.indexed &= any(_reads_usage_by_index(node) for node in nodes)
            size.plans[name] = "; ".join(
                _described(node) for node in nodes if "Relation Name" in node or "Index Name" in node
            )
    finally:
        await connection.close()


def _nodes(plan: dict[str, Any]) -> Any:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)


def _reads_usage_by_index(node: dict[str, Any]) -> bool:
    return str(node.get("Index Name", "")).startswith("token_usage")


def _described(node: dict[str, Any]) -> str:
    place = " ".join(str(node[name]) for name in ("Relation Name", "Index Name") if name in node)
    return f"{node['Node Type']} ({place})"


async def _ledger_rounds(sizes: list[_Size], options: Options) -> None:
    """Reserve and settle through the ledger itself, one at a time, each for another user."""
    books = {size.name: Books(size.url) for size in sizes}
    try:
        users = {size.name: await _some_users(size) for size in sizes}
        for size in sizes:
            await _reserve_and_settle(size, books[size.name], users[size.name][:50])
            size.forget("reserve p50", "settle p50")
        for _ in range(options.rounds):
            for size in sizes:
                await _reserve_and_settle(size, books[size.name], users[size.name])
    finally:
        for book in books.values():
            await book.close()


async def _some_users(size: _Size) -> list[UUID]:
    connection = await asyncpg.connect(size.url)
    try:
        rows = await connection.fetch(
            "SELECT user_id FROM wallets WHERE allowance - allowance_used > 100000 ORDER BY random() LIMIT $1", _CALLS
        )
    finally:
        await connection.close()
    users = [row["user_id"] for row in rows]
    return [users[number % len(users)] for number in range(_CALLS)]


async def _reserve_and_settle(size: _Size, books: Books, users: list[UUID]) -> None:
    reserving: list[float] = []
    settling: list[float] = []
    usage = Usage(TokenCounts(input=100, output=50), Ending.COMPLETE, estimated=False)
    call = Call("/v1/chat/completions", "gpt-4")
    for user_id in users:
        order = HoldCreate(user_id, f"req_{secrets.token_hex(16)}", "bench", 100, 500, 100, call)
        begun = time.perf_counter()
        hold = await books.ledger.reserve(order)
        reserved = time.perf_counter()
        await books.ledger.settle(hold, usage)
        settling.append(time.perf_counter() - reserved)
        reserving.append(reserved - begun)
    size.settled += len(users)
    size.note("reserve p50", percentile_ms(reserving, 50))
    size.note("settle p50", percentile_ms(settling, 50))


async def _http_rounds(stage: Stage, sizes: list[_Size], options: Options, say: Callable[[str], None]) -> None:
    proxies = {size.name: await stage.start_proxy(size.url, f"proxy-{size.name}") for size in sizes}
    for _ in range(options.rounds + 1):
        for size in sizes:
            target = Target(size.name, proxies[size.name].port, size.keys)
            result = await load.run(
                target.port, target.reads("/api/tokens/current"), Shape(requests=_CALLS, seconds=_SECONDS)
            )
            size.note("current p50", result.percentile_ms(50) if not result.failures else float("nan"))
    for size in sizes:
        # The first round found cold caches, in both.
        size.figures["current p50"].pop(0)
    if importlib.util.find_spec("solaris.apps.admin") is not None:
        await _pages(stage, sizes, say)


async def _pages(stage: Stage, sizes: list[_Size], say: Callable[[str], None]) -> None:
    for size in sizes:
        admin = await stage.start_admin(size.url, f"admin-{size.name}")
        tokens = Tokens(stage.jwt_secret, lifetime_seconds=3600)
        staff = await _admin_id(size)
        size.pages = await scale_pages.measure(admin.port, tokens.issue(staff, Role.ADMIN).text, say)
        session = tokens.issue(staff, Role.ADMIN, audience="admin").text
        size.openings = await opening.measure(admin.port, ("solaris_admin", session))
        await stage.stop_one(admin)


async def _admin_id(size: _Size) -> UUID:
    connection = await asyncpg.connect(size.url)
    try:
        found: UUID = await connection.fetchval("SELECT id FROM users WHERE email = $1", users.ADMIN_EMAIL)
    finally:
        await connection.close()
    return found


_ROWS = (
    ("reserve, p50 ms", "reserve p50"),
    ("settle, p50 ms", "settle p50"),
    ("GET /api/tokens/current, p50 ms", "current p50"),
    ("seed query: users with most consumption, ms", "top_consumers"),
    ("seed query: alerts not sent, ms", "unsent_alerts"),
)


def _table(sizes: list[_Size]) -> Table:
    small, large = sizes
    rows: list[tuple[str, ...]] = [
        ("loading, s", f"{small.loading_seconds:.1f}", f"{large.loading_seconds:.1f}", ""),
        ("rolling everything up, s", f"{small.rolling_seconds:.1f}", f"{large.rolling_seconds:.1f}", ""),
    ]
    for title, what in _ROWS:
        grown = large.median(what) / small.median(what)
        rows.append((title, ms(small.median(what)), ms(large.median(what)), times(grown)))
    columns = ("what", *(_described_size(size) for size in sizes), "")
    note = "One call at a time. The events' holds and daily rollups are loaded too, and the audit finds nothing."
    return Table("Scale", columns, rows, note)


def _plan_table(large: _Size) -> Table:
    rows: list[tuple[str, ...]] = [(name.replace("_", " "), plan) for name, plan in large.plans.items()]
    return Table("How PostgreSQL runs the seed's debug queries (EXPLAIN, large)", ("query", "reads"), rows)


def _verdicts(sizes: list[_Size]) -> list[Verdict]:
    small, large = sizes
    size_label = _described_size(large)
    verdicts = []
    for title, what in (("reserve", "reserve p50"), ("/api/tokens/current", "current p50")):
        grown = large.median(what) / small.median(what)
        measured = f"{times(grown)} ({ms(large.median(what))} to {ms(small.median(what))} ms)"
        verdicts.append(Verdict(f"{title} at {size_label}, as with 100", "≤ 1.25 ×", measured, grown <= _AS_FAST))
    verdicts += scale_pages.verdicts(size_label, large.pages)
    verdicts += opening.verdicts(size_label, large.openings)
    indexed = "both read token_usage by an index" if large.indexed else "one reads token_usage whole"
    verdicts.append(Verdict(f"the seed's debug queries at {size_label}", "an index", indexed, large.indexed))
    return verdicts
