"""What signing in leaves behind once it has no use any more."""

from datetime import datetime

from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql


async def delete_ended_sign_ins(database: Database, now: datetime) -> int:
    """Delete revocations of tokens that are over anyway, old failures and old widget tokens; returns the number of rows.

    Raises:
        StoreUnavailable: PostgreSQL did not answer.
    """
    return int(await database.fetchval(load_sql("auth", "purge_sign_in"), now) or 0)
