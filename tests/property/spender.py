"""A process of its own that spends from one wallet as fast as it can: `python spender.py URL USER_ID WORKER CALLS PARALLEL`.

Prints one line per settled call, so that a test that kills it knows what was finished.
"""

import asyncio
import random
import sys
from uuid import UUID
from zoneinfo import ZoneInfo

from solaris.domain.errors import InsufficientTokens, TokensHeld
from solaris.domain.tokens import TokenCounts
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Ending, Extension, Hold, HoldCreate, Usage
from solaris.platform.postgres import Database

PROMPT_TOKENS = 7
CALL = Call("/v1/chat/completions", "gpt-4")


async def reserved(ledger: Ledger, order: HoldCreate) -> Hold | None:
    """The hold, once other calls leave room for it; None where the wallet is spent."""
    while True:
        try:
            return await ledger.reserve(order)
        except InsufficientTokens:
            return None
        except TokensHeld:
            await asyncio.sleep(0.005)


async def spend(ledger: Ledger, user_id: UUID, name: str) -> None:
    hold = await reserved(ledger, HoldCreate(user_id, name, name, PROMPT_TOKENS, 20, PROMPT_TOKENS, CALL, share=8))
    if hold is None:
        return
    await asyncio.sleep(random.uniform(0, 0.01))
    grown = await ledger.extend(Extension(user_id, name, hold.tokens + random.randint(0, 3), hold.tokens + 10))
    counts = TokenCounts(input=PROMPT_TOKENS, output=random.randint(0, max(grown, hold.tokens) - PROMPT_TOKENS))
    charge = await ledger.settle(hold, Usage(counts, Ending.COMPLETE, estimated=False))
    print(name, charge.tokens_charged, flush=True)


async def main(url: str, user_id: UUID, worker: str, calls: int, parallel: int) -> None:
    database = Database(url, timezone="America/Sao_Paulo", service=worker)
    await database.open()
    ledger = Ledger(database, zone=ZoneInfo("America/Sao_Paulo"), buy_url="http://localhost/creditos")
    places = asyncio.Semaphore(parallel)

    async def one(number: int) -> None:
        async with places:
            await spend(ledger, user_id, f"{worker}-{number}")

    print("ready", flush=True)
    await asyncio.gather(*(one(number) for number in range(calls)))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], UUID(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
