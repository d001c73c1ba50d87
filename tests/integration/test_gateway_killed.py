"""A proxy that is killed, without a word: its calls are charged for what they had delivered."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import orjson
import pytest
from tests.expired_holds import expire_due
from tests.integration.own_processes import running_proxy, user_with_key

from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.ledger.ledger import Ledger
from solaris.local.simulator import ModelSimulator
from solaris.platform.postgres import Database

# What may be missing: the time since the last note, and the note's own statement on a busy machine.
MAX_SECONDS_UNSEEN = 1.5


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, timezone="America/Sao_Paulo", service="test")
    yield database
    await database.close()


class Listener:
    """Reads a stream, and remembers what he was told until it broke off."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._key = key
        self.text = ""

    async def listen(self, seconds_per_chunk: float) -> None:
        text = f"Conte [[sim output_tokens=1000 chunk_delay_seconds={seconds_per_chunk}]]"
        body = {"model": "gpt-4", "stream": True, "messages": [{"role": "user", "content": text}]}
        headers = {"Authorization": f"Bearer {self._key}"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self._url}/v1/chat/completions", json=body, headers=headers) as response,
        ):
            assert response.status == 200
            async for line in response.content:
                if line.startswith(b"data: {"):
                    self.text += orjson.loads(line[6:])["choices"][0]["delta"].get("content") or ""


async def test_a_killed_proxys_streams_cost_what_they_had_delivered_but_for_the_last_second(
    tmp_path: Path, database_url: str, database: Database, simulator: ModelSimulator
) -> None:
    seconds_per_chunk = 0.02
    ledger = Ledger(database, zone=ZoneInfo("America/Sao_Paulo"), buy_url="")
    user_id, key = await user_with_key(database)
    async with running_proxy(tmp_path, database_url, simulator.url) as (url, process):
        listeners = [Listener(url, key) for _ in range(3)]
        listening = [asyncio.create_task(one.listen(seconds_per_chunk)) for one in listeners]
        await asyncio.sleep(3.3)
        os.kill(process.pid, signal.SIGKILL)
        ended = await asyncio.gather(*listening, return_exceptions=True)
        assert all(isinstance(error, aiohttp.ClientError) for error in ended), ended

    await database.execute("UPDATE holds SET expires_at = now() WHERE state = 'open'")
    charges = await expire_due(ledger)
    delivered = sorted(Tokenizer().count([one.text], "cl100k_base") for one in listeners)
    events = await database.fetch("SELECT * FROM usage_events ORDER BY output_tokens")
    charged = [event["output_tokens"] for event in events]
    assert min(delivered) > 80, "the machine was too slow for this test to say anything"
    assert len(charges) == len(charged) == 3
    assert all((event["ending"], event["estimated"]) == ("proxy_gone", True) for event in events)
    for seen, tokens in zip(delivered, charged, strict=True):
        assert seen - MAX_SECONDS_UNSEEN / seconds_per_chunk <= tokens <= seen
    assert (await ledger.balance(user_id)).wallet.held == 0
    assert await ledger.audit() == []
    await ledger.close()
