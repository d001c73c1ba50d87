"""Who may be given credits."""

from uuid import UUID

from solaris.credits.errors import AnonymisedAccount
from solaris.platform.postgres import Connection


async def can_receive(connection: Connection, user_id: UUID) -> bool:
    """Whether the account is not anonymised; it stays so until the open transaction ends. An unknown one is the ledger's to refuse.

    To be asked before the wallet is locked, in the order of every other transaction.
    """
    row = await connection.fetchrow("SELECT anonymised_at FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)
    return row is None or row["anonymised_at"] is None


async def check_can_receive(connection: Connection, user_id: UUID) -> None:
    """Nothing, where the account can receive credits.

    Raises:
        AnonymisedAccount: the account was anonymised.
    """
    if not await can_receive(connection, user_id):
        raise AnonymisedAccount
