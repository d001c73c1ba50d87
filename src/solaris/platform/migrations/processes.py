"""Which processes of the product are connected to a database, and of which version."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from solaris.platform.release import Release, release_of_session

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[asyncpg.Record]

_SESSIONS = """
    SELECT application_name, coalesce(host(client_addr), 'this machine') AS address, count(*) AS connections
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class ConnectedProcess:
    """Sessions of one service, one version and one address."""

    name: str
    address: str
    connections: int

    def __str__(self) -> str:
        """For a message."""
        plural = "" if self.connections == 1 else "s"
        return f"{self.name} from {self.address} ({self.connections} connection{plural})"


async def older_processes(connection: "Connection", release: Release) -> list[ConnectedProcess]:
    """The connected processes of versions before `release`.

    A process without any connection at this moment can't be seen: the list catches mistakes, and is no proof.
    """
    found = []
    for row in await connection.fetch(_SESSIONS):
        other = release_of_session(row["application_name"])
        if other is not None and other.is_older_than(release):
            found.append(ConnectedProcess(row["application_name"], row["address"], row["connections"]))
    return found
