"""Everything is killed at random moments under load, and the books are exact all the same.

`SOLARIS_CHAOS_SECONDS` (default 14) says how long, `SOLARIS_CHAOS_SEED` repeats a run's choices. From a minute on LiteLLM is
killed too, and what killed processes held ends by itself, within 90 s; a shorter run lets the leases run out at once. It ends in a
paragraph to paste.
"""

import asyncio
import os
import random
import time
from collections import Counter
from zoneinfo import ZoneInfo

import aiohttp
import asyncpg
import pytest
from tests.expired_holds import expire_due
from tests.integration.chaos_load import Chatter, Load, disagreements, summary_of
from tests.integration.chaos_parts import Product, running_product, torment
from tests.integration.upstream_bill import Compared, compared

from solaris.auth.api_keys import ApiKeys
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.ledger.ledger import Ledger
from solaris.local.simulator.answers import Vocabularies
from solaris.platform.postgres import Database

SECONDS = float(os.environ.get("SOLARIS_CHAOS_SECONDS", "14"))
IS_LONG = SECONDS >= 60
SETTLED_WITHIN_SECONDS = 90.0
LIVING_PROXIES_SETTLE_SECONDS = 2.0
ALLOWANCES = [10_000_000] * 12 + [1500] * 6 + [200] * 4
EVENTS = """
SELECT e.request_id, e.user_id, e.ending, e.estimated, e.input_tokens, e.cached_input_tokens, e.output_tokens, e.reasoning_tokens,
       e.tokens_charged, e.overage, h.tokens AS held
FROM usage_events e JOIN holds h USING (user_id, request_id)
"""


async def chatters_of(database: Database) -> list[Chatter]:
    await database.execute("UPDATE plans SET requests_per_minute = NULL, tokens_per_minute = NULL")
    # The simulator counts gpt-4 in the vocabulary that OpenAI gives it; so do the estimates.
    await database.execute(
        "INSERT INTO models (name, tokenizer) VALUES ('gpt-4', 'cl100k_base') ON CONFLICT (name) DO UPDATE SET tokenizer = "
        "excluded.tokenizer"
    )
    chatters = []
    keys = ApiKeys(database, CacheInvalidation())
    for tokens in ALLOWANCES:
        user_id = await database.fetchval("INSERT INTO users (name) VALUES ('Ana') RETURNING id")
        await database.execute(
            "INSERT INTO subscriptions (user_id, plan_type, monthly_tokens) VALUES ($1, 'basico', $2)", user_id, tokens
        )
        created = await keys.create(user_id, "caos")
        chatters.append(Chatter(user_id, created.key, tokens))
    return chatters


async def under_load(product: Product, chatters: list[Chatter], chance: random.Random) -> Load:
    load = Load(product.proxies, chance)
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http:
        chatting = [asyncio.create_task(load.chat(chatter, http)) for chatter in chatters]
        await torment(product, chance, SECONDS)
        load.ending = True
        await asyncio.gather(*chatting)
    return load


async def seconds_until_settled(product: Product, database: Database) -> float:
    """How long it takes until nothing is held any more."""
    began = time.monotonic()
    if not IS_LONG:
        await asyncio.sleep(LIVING_PROXIES_SETTLE_SECONDS)
        # Endings that PostgreSQL could not take yet are tried again within five seconds, those of the dead as well: a lease lives
        # for a minute because of that. One that ran out before them would be charged by estimate.
        await spools_are_empty(product)
        await database.execute("UPDATE holds SET expires_at = now() WHERE state = 'open'")
        ledger = Ledger(database, zone=ZoneInfo("America/Sao_Paulo"), buy_url="")
        await expire_due(ledger)
        await ledger.close()
    while time.monotonic() - began < SETTLED_WITHIN_SECONDS:
        if await database.fetchval("SELECT count(*) FROM holds WHERE state = 'open'") == 0:
            return time.monotonic() - began
        await asyncio.sleep(0.5)
    rows = await database.fetch("SELECT * FROM holds WHERE state = 'open'")
    raise AssertionError(f"still open: {[dict(row) for row in rows]}")


@pytest.mark.timeout(240 + 3 * SECONDS)
async def test_killing_everything_at_random_under_load_leaves_exact_books(capsys: pytest.CaptureFixture[str]) -> None:
    seed = int(os.environ.get("SOLARIS_CHAOS_SEED") or random.SystemRandom().randrange(10**6))
    with capsys.disabled():
        print(f"\nchaos for {SECONDS:g} s, SOLARIS_CHAOS_SEED={seed}")
    async with running_product(kills_litellm=IS_LONG) as product:
        database = Database(product.database_url, timezone="America/Sao_Paulo", service="test", max_connections=3)
        chatters = await chatters_of(database)
        load = await under_load(product, chatters, random.Random(seed))
        settled_seconds = await seconds_until_settled(product, database)
        events = [dict(row) for row in await database.fetch(EVENTS)]
        kills = Counter({victim.name: victim.kills for victim in product.victims})
        audit = await product.audit()
        wrong = disagreements(load.seen, events)
        judged = beside_the_bill(load, events, product)
        with capsys.disabled():
            print(
                f"Chaos of {SECONDS:g} s (seed {seed}), {len(chatters)} users on two proxies, one behind the real LiteLLM: "
                f"{summary_of(load.seen, events, kills)} {waited(product)} Nothing was held any more after "
                f"{settled_seconds:.0f} s; audit: {len(audit['differences'])} differences; books against what callers saw: "
                f"{len(wrong)} disagreements. {judged.text()}"
            )

        assert audit == {"differences": [], "users": len(chatters), "usage_events": len(events)}
        assert not wrong, "\n".join(wrong)
        assert not judged.wrong, "\n".join(judged.wrong)
        assert judged.exact["complete"] > 0, "the names reach the simulator"
        await no_overdraft(database, chatters)
        await spools_are_empty(product)
        assert all(kills.values()), "everybody was killed at least once"
        for name in ("proxy1", "proxy2", "worker"):
            failures = [line for line in product.log_of(name) if line.get("action") in NEVER]
            assert failures == [], name
        await database.close()


NEVER = {
    "unhandled_error",
    "settlement_too_late",
    "settlement_failed",
    "settlement_given_up",
    "spool_line_failed",
    "hold_not_expired",
}


def beside_the_bill(load: Load, events: list[dict[str, object]], product: Product) -> Compared:
    """The books beside what the simulator bills for the same calls."""
    words = Vocabularies().of("gpt-4")
    return compared(
        events,
        product.bill(),
        by="request_id",
        delivered_tokens={seen.request_id: words.count(seen.delivered()) for seen in load.seen if seen.is_stream},
        failed=[seen.request_id for seen in load.seen if seen.saw == "refused"],
    )


async def spools_are_empty(product: Product) -> None:
    """A dead process may leave a copy of what was charged: the living look for it every five seconds."""
    for _ in range(60):
        if not product.left_in_spools():
            return
        await asyncio.sleep(0.5)
    raise AssertionError(product.left_in_spools())


def waited(product: Product) -> str:
    """How often an ending had to wait for PostgreSQL, and how many were replayed for dead processes."""
    lines = [line for name in ("proxy1", "proxy2", "worker") for line in product.log_of(name)]
    waiting = sum(line.get("action") == "settlement_waits" for line in lines)
    replayed = [line["details"]["endings"] for line in lines if line.get("action") == "spool_replayed"]
    return f"{waiting} endings waited for PostgreSQL, {sum(replayed)} were replayed from the disk of a killed process."


async def no_overdraft(database: Database, chatters: list[Chatter]) -> None:
    wallets: dict[object, asyncpg.Record] = {
        row["user_id"]: row for row in await database.fetch("SELECT * FROM wallets")
    }
    for chatter in chatters:
        wallet = wallets.get(chatter.user_id)
        if wallet is not None:
            assert wallet["used"] - wallet["overage"] <= chatter.tokens
            assert wallet["held"] == 0
