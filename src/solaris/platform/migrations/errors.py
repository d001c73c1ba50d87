"""Why a database can't be migrated: each message is one line that says why and what to do."""

import asyncpg


class MigrationError(Exception):
    """The database can't be brought to this version; the message is one line that says why and what to do."""


class DatabaseAway(MigrationError):
    """It can't be reached now; as far as this process can see, nothing is wrong with it."""


class LockNotObtained(MigrationError):
    """A lock that a migration needs was held by others at every try; the migration changed nothing."""


class OlderProcessesConnected(MigrationError):
    """Processes of an older version use the database, and a `post` migration would break them; it changed nothing."""


def describe_connection_error(error: BaseException) -> str:
    """One line on why a connection failed and what to do; never holds the password."""
    match error:
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return "the user or the password is refused; check them in the URL"
        case asyncpg.InvalidCatalogNameError():
            return f"{error}; create the database first"
        case asyncpg.CannotConnectNowError() | asyncpg.TooManyConnectionsError():
            return f"the server takes no connections now ({error})"
        case TimeoutError():
            return "the server did not answer within 10 s; check host, port and firewall"
        case ConnectionRefusedError():
            return "nothing listens at that host and port; is PostgreSQL running?"
        case OSError():
            return f"the server can't be reached ({error}); check host and port"
        case _:
            return f"{error}"
