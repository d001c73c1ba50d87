"""The rule that anonymised accounts receive no credits."""

from uuid import UUID

from solaris.credits.errors import AnonymisedAccount
from solaris.platform.postgres import Connection


async def can_receive(connection: Connection, user_id: UUID) -> bool:
    """Whether the account is not anonymised; locks it until the open transaction ends.

    Returns True for an unknown account, which the ledger refuses. Call it before the wallet is
    locked, in the order of all transactions.
    """
    row = await connection.fetchrow("SELECT anonymised_at FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)
    return row is None or row["anonymised_at"] is None


async def check_can_receive(connection: Connection, user_id: UUID) -> None:
    """Refuse an anonymised account; locks it as `can_receive`.

    Raises:
        AnonymisedAccount: the account is anonymised.
    """
    if not await can_receive(connection, user_id):
        raise AnonymisedAccount
