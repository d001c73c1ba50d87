"""Holds whose lease ran out, settled as the worker settles them."""

from solaris.ledger.ledger import Ledger
from solaris.ledger.records import Charge


async def expire_due(ledger: Ledger) -> list[Charge]:
    """Settle the holds that are due at what was last seen; returns the charges."""
    charges = [await ledger.expire(user_id, request_id) for user_id, request_id in await ledger.due_holds()]
    return [charge for charge in charges if charge is not None]
