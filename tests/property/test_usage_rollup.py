"""Whatever is rolled up, and however far: statistics are those of the events themselves, to the token and the request."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from solaris.domain.periods import local_day
from solaris.platform.postgres import Database
from solaris.reporting.usage_rollup import UsageRollup
from solaris.reporting.usage_stats import Split, StatsSelection, Unit, UsageStatistics

SAO_PAULO, KOLKATA = "America/Sao_Paulo", "Asia/Kolkata"
MODELS = ("gpt-4", "gpt-3.5-turbo", "claude-3")
DAYS = 40
EVENT = """
    INSERT INTO usage_events (
        user_id, request_id, local_day, occurred_at, route, ending, estimated, model_asked, input_tokens, cached_input_tokens,
        output_tokens, reasoning_tokens, input_weight, cached_input_weight, output_weight, reasoning_weight, conversion_factor,
        tokens_charged, allowance_part, credits_part, overage, tokens_remaining, cost_usd, duration_ms, front_end_key_id)
    VALUES ($1, $2, $3::timestamptz::date, $3, '/v1/chat/completions', 'complete', $4, $5, $6, 0, $7, 0, 1, 1, 1, 1, 1,
            $6::bigint + $7::bigint, $6::bigint + $7::bigint, 0, 0, 0, $8, $9, $10)
"""

# As the settling transactions would have left it.
TOKEN_USAGE = """
    INSERT INTO token_usage (user_id, usage_date, tokens_used, tokens_remaining)
    SELECT user_id, local_day, sum(tokens_charged), 0 FROM usage_events GROUP BY 1, 2 HAVING sum(tokens_charged) > 0
    ON CONFLICT (user_id, usage_date) DO UPDATE SET tokens_used = excluded.tokens_used
"""


class Past:
    """A company with random usage of some weeks, up to this very moment."""

    def __init__(self, database: Database, timezone: str, seed: int) -> None:
        self.database = database
        self.chance = random.Random(seed)
        self.now = datetime.now(UTC)
        self.zone = ZoneInfo(timezone)
        self.statistics = UsageStatistics(database, zone=self.zone)
        self.rollup = UsageRollup(database)
        self.users: list[UUID] = []
        self.front_ends: list[UUID | None] = [None]

    async def happen(self, events: int) -> None:
        for months in (1, 2):
            await self.database.fetch(
                "SELECT create_usage_partition((now() - make_interval(months => $1))::date)", months
            )
        for number in range(6):
            user_id = await self.database.fetchval("INSERT INTO users (name) VALUES ($1) RETURNING id", f"u{number}")
            self.users.append(user_id)
            # Half of them changed their plan on the way, one had none meanwhile, and one never had any.
            for start, end, plan in self._plans(number):
                await self.database.execute(
                    "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens, start_date, end_date, active)"
                    " VALUES ($1, $2, 1000, $3, $4, $4::timestamptz IS NULL)",
                    user_id, plan, start, end,
                )  # fmt: skip
        for name in ("LibreChat", "Open WebUI"):
            self.front_ends.append(
                await self.database.fetchval(
                    "INSERT INTO front_end_keys (name, prefix, key_hash, id_header, email_header, name_header)"
                    " VALUES ($1, 'p', $2, 'a', 'b', 'c') RETURNING id",
                    name,
                    name.encode(),
                )
            )
        await self.record(events, DAYS * 86400)

    async def record(self, events: int, seconds: float) -> None:
        """Usage of the last seconds."""
        pick = self.chance
        async with self.database.connection() as connection:
            await connection.executemany(EVENT, [
                (
                    pick.choice(self.users), uuid4().hex, self.now - timedelta(seconds=pick.uniform(0, seconds)),
                    pick.random() < 0.2, pick.choice(MODELS), pick.randrange(900), pick.randrange(900),
                    pick.choice((None, "0.00012345", "1.5")), pick.choice((None, 0, 9, 10, pick.randrange(2_000_000))),
                    pick.choice(self.front_ends),
                )
                for _ in range(events)
            ])  # fmt: skip

        await self.database.execute(TOKEN_USAGE)

    async def figures(self) -> list[Any]:
        last = local_day(self.now, self.zone)
        first = last - timedelta(days=DAYS - 3)
        orders = [StatsSelection(first, last, unit, split, top=2) for unit in Unit for split in (None, *Split)]
        orders += [StatsSelection(first, last, Unit.WEEK, split, model="gpt-4", top=2) for split in (None, *Split)]
        orders += [StatsSelection(first, last, Unit.DAY, split, self.users[0]) for split in (None, *Split)]
        found = [await self.statistics.read(order) for order in orders]
        return [(each.rows, each.totals) for each in found]

    def _plans(self, number: int) -> list[tuple[datetime, datetime | None, str]]:
        change = self.now - timedelta(days=self.chance.uniform(1, DAYS))
        if number == 0:
            return []
        if number % 2:
            return [(change, None, "basico")]
        gap = timedelta(days=5 if number == 2 else 0)
        return [(change - timedelta(days=9), change, "basico"), (change + gap, None, "empresarial")]


@pytest.fixture(params=[SAO_PAULO, KOLKATA])
async def database(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, timezone=request.param, service="test")
    yield database
    await database.close()


@pytest.fixture
def timezone(request: pytest.FixtureRequest) -> str:
    return str(request.node.callspec.params["database"])


@pytest.mark.parametrize("seed", [1, 2])
async def test_rollup_and_events_give_the_same_figures_at_every_step(
    database: Database, timezone: str, seed: int
) -> None:
    past = Past(database, timezone, seed)
    await past.happen(400)
    await past.record(20, 600)
    of_the_events = await past.figures()
    assert of_the_events[0][1].usage.requests > 350
    assert sum(row.key is not None for row in of_the_events[11][0]) >= 2, "by user"
    async with database.connection() as connection:
        for _ in range(past.chance.randrange(3, 30)):
            await past.rollup._step(connection)
    assert await past.figures() == of_the_events, "half rolled up"
    await past.rollup.advance()
    assert await database.fetchval("SELECT count(*) FROM usage_days") > 20
    assert await past.figures() == of_the_events, "rolled up but for the last minutes"
    await past.rollup.advance()
    assert await past.figures() == of_the_events, "rolled up twice"
    await past.rollup.reset()
    assert await past.figures() == of_the_events, "forgotten again"
    await past.rollup.advance()
    assert await past.figures() == of_the_events, "rebuilt"
    assert await past.rollup.mend() == []


@pytest.mark.parametrize("database", [SAO_PAULO], indirect=True)
async def test_usage_that_is_loaded_into_the_past_is_found_and_counted(database: Database, timezone: str) -> None:
    past = Past(database, timezone, seed=3)
    await past.happen(50)
    await past.rollup.advance()
    await past.record(40, DAYS * 86400)
    mended = await past.rollup.mend()
    assert len(mended) > 5
    with_rollup = await past.figures()
    await past.rollup.reset()
    assert await past.figures() == with_rollup
    assert await past.rollup.mend(date.min) == []


@pytest.mark.parametrize("database", [SAO_PAULO], indirect=True)
async def test_nothing_is_rolled_up_that_a_running_transaction_may_still_add_to(
    database: Database, timezone: str
) -> None:
    past = Past(database, timezone, seed=4)
    await past.happen(10)
    async with database.transaction() as late:
        began = await late.fetchval("SELECT now()")
        await past.rollup.advance()
        assert await database.fetchval("SELECT usage_rolled_until FROM rollup_progress") <= began
        await late.execute(EVENT, past.users[0], "late", began, False, "gpt-4", 1, 1, None, 5, None)
    assert sum(row.usage.requests for row in (await past.figures())[0][0]) > 0


@pytest.mark.parametrize("database", [SAO_PAULO], indirect=True)
async def test_a_detached_month_keeps_its_rollup(database: Database, timezone: str) -> None:
    past = Past(database, timezone, seed=5)
    await past.happen(200)
    await past.rollup.advance()
    before = await past.figures()
    month = await database.fetchval("SELECT to_char(min(local_day), 'YYYY_MM') FROM usage_events")
    await database.execute(f"ALTER TABLE usage_events DETACH PARTITION usage_events_{month}")
    by_time = [figures for figures, split in zip(before, [None, *Split] * 4, strict=False) if split is not Split.USER]
    for _ in range(2):
        after = await past.figures()
        kept = [figures for figures, split in zip(after, [None, *Split] * 4, strict=False) if split is not Split.USER]
        assert kept == by_time
        await past.rollup.reset()
        await past.rollup.advance()
        assert await past.rollup.mend() == []
