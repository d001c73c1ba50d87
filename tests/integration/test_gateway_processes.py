"""Several proxy processes, one small balance: together they never let a user spend more than there is."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from tests.integration.own_processes import running_proxy, user_with_key

from solaris.ledger.ledger import Ledger
from solaris.local.simulator import ModelSimulator
from solaris.platform.postgres import Database

PROCESSES = 3
CALLS = 64
BALANCE_TOKENS = 1_500


async def call(http: aiohttp.ClientSession, url: str, key: str, number: int) -> int:
    body = {
        "model": "gpt-4o",
        "stream": number % 2 == 0,
        "max_tokens": 120,
        "messages": [{"role": "user", "content": f"Pergunta {number} [[sim output_tokens=100]]"}],
    }
    headers = {"Authorization": f"Bearer {key}"}
    # Held is not spent: asked again until it is answered or there is nothing left, however long a busy machine takes.
    while True:
        async with http.post(f"{url}/v1/chat/completions", json=body, headers=headers) as response:
            await response.read()
        if response.status != 429:
            return response.status


async def settled(ledger: Ledger, user_id: UUID) -> None:
    for _ in range(600):
        if (await ledger.balance(user_id)).wallet.held == 0:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("a hold stays open")


async def test_sixty_four_parallel_calls_over_several_proxy_processes_never_overdraw_a_tiny_balance(
    tmp_path: Path, database_url: str, redis_url: str, simulator: ModelSimulator, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    ledger = Ledger(database, zone=ZoneInfo("America/Sao_Paulo"), buy_url="")
    user_id, key = await user_with_key(database, BALANCE_TOKENS)
    await database.execute("UPDATE plans SET concurrent_calls = $1", CALLS)
    async with AsyncExitStack() as stack:
        folders = [tmp_path / str(number) for number in range(PROCESSES)]
        for folder in folders:
            folder.mkdir()
        starting = [running_proxy(folder, database_url, simulator.url, REDIS_URL=redis_url) for folder in folders]
        urls = [(await stack.enter_async_context(one))[0] for one in starting]
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        calls = (call(http, urls[number % PROCESSES], key, number) for number in range(CALLS))
        statuses = Counter(await asyncio.gather(*calls))
        await settled(ledger, user_id)
        wallet = (await ledger.balance(user_id)).wallet
        charged = await database.fetch("SELECT tokens_charged, overage FROM usage_events WHERE user_id = $1", user_id)
        with capsys.disabled():
            print(
                f"\n{CALLS} parallel calls (half of them streamed) over {PROCESSES} proxy processes on {BALANCE_TOKENS:,} tokens: "
                f"{statuses[200]} answered, {statuses[402]} refused with 402; "
                f"charged {wallet.used:,} tokens in {len(charged)} "
                f"calls, left {wallet.left}, held {wallet.held}, overdraft {wallet.overage}."
            )
    assert set(statuses) <= {200, 402}
    assert statuses[200] == len(charged)
    assert sum(row["tokens_charged"] for row in charged) == wallet.used <= BALANCE_TOKENS
    assert (wallet.overage, sum(row["overage"] for row in charged)) == (0, 0)
    # Not refused needlessly either.
    assert wallet.used >= 0.95 * BALANCE_TOKENS
    assert await ledger.audit() == []
    await ledger.close()
    await database.close()
