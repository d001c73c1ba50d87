"""A process that reserves and settles for the same users in rounds: `batch_crosser.py URL up|down|mixed ROUNDS USER_ID …`.

Every round is one batch each. Prints a user and what he was charged, per settled call; any error ends it with its text.
"""

import asyncio
import random
import sys
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from solaris.domain.tokens import TokenCounts
from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Call, Ending, HoldCreate, Usage
from solaris.platform.postgres import Database

CALL = Call("/v1/chat/completions", "gpt-4")
CALLS_PER_USER = 4


async def main(url: str, direction: str, rounds: int, users: list[UUID]) -> None:
    database = Database(url, timezone="America/Sao_Paulo", service=direction)
    ledger = Ledger(database, zone=ZoneInfo("America/Sao_Paulo"), buy_url="")
    chance = random.Random(direction)
    for _ in range(rounds):
        asked = [user for user in users for _ in range(CALLS_PER_USER)]
        if direction == "down":
            asked.reverse()
        elif direction == "mixed":
            chance.shuffle(asked)
        holds = await asyncio.gather(
            *(ledger.reserve(HoldCreate(user, str(uuid4()), "f", 1, 50, 1, CALL)) for user in asked)
        )
        renewed = await ledger.renew([(hold.user_id, hold.request_id, 3) for hold in holds])
        assert len(renewed) == len(holds)
        if direction == "mixed":
            chance.shuffle(holds)
        given_back, settled = holds[:3], holds[3:]
        charges, _ = await asyncio.gather(
            asyncio.gather(
                *(
                    ledger.settle(
                        hold, Usage(TokenCounts(input=chance.randrange(60)), Ending.COMPLETE, estimated=False)
                    )
                    for hold in settled
                )
            ),
            asyncio.gather(*map(ledger.release, given_back)),
        )
        for hold, charge in zip(settled, charges, strict=True):
            print(hold.user_id, charge.tokens_charged)
    await ledger.close()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), [UUID(user) for user in sys.argv[4:]]))
