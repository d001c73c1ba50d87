"""The account book, read from outside: how many calls it charged, and whether it proves its balances."""

import asyncio
import time
from zoneinfo import ZoneInfo

from bench.findings import Proof
from bench.servers import TIMEZONE
from solaris.ledger.ledger import Ledger
from solaris.platform.postgres import Database

_SETTLED_WITHIN_SECONDS = 15.0
_COUNT_SECONDS = 300


class Books:
    """One database's account book."""

    def __init__(self, database_url: str) -> None:
        self._database = Database(database_url, timezone=TIMEZONE, service="bench", max_connections=4)
        self.ledger = Ledger(self._database, zone=ZoneInfo(TIMEZONE), buy_url="http://127.0.0.1")
        self._charged = 0

    async def close(self) -> None:
        """Close the connections."""
        await self.ledger.close()
        await self._database.close()

    async def prove(self, load: str, *, answered: int, failed: int) -> Proof:
        """Wait until no call is open, then compare what was answered since the last proof with what was charged, and audit."""
        await self._until_settled()
        charged = await self._events()
        differences = await self.ledger.audit()
        proof = Proof(load, answered, failed, charged - self._charged, len(differences))
        self._charged = charged
        return proof

    async def _until_settled(self) -> None:
        deadline = time.monotonic() + _SETTLED_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if not await self._database.fetchval("SELECT EXISTS (SELECT FROM holds WHERE state = 'open')"):
                return
            await asyncio.sleep(0.1)

    async def _events(self) -> int:
        async with self._database.connection() as connection:
            return int(await connection.fetchval("SELECT count(*) FROM usage_events", timeout=_COUNT_SECONDS))
