"""Plain SQL migrations, applied in order, once, by whichever process comes first.

Files are `NNNN_verb_noun.sql`; what was applied is remembered with a checksum. Functions live in files of their own and are
replaced whenever their text changed. All of it happens in one transaction under an advisory lock, so that several processes may
start at once and a failure changes nothing.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from solaris.platform.postgres import AWAY

_LOCK_KEY = 0x534F4C41  # "SOLA": one number for all processes of this product
_OLDEST_SUPPORTED = 140000


class MigrationError(Exception):
    """The database can't be brought to this version; the message is one line that says why and what to do."""


class DatabaseAway(MigrationError):
    """It can't be reached now; nothing is wrong with it as far as anybody can know."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration file."""

    version: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_migrations(folder: Path) -> list[Migration]:
    """The migrations of a folder, in order.

    Raises:
        MigrationError: a name is not of the form, or a number is missing or there twice.
    """
    found = []
    for path in sorted(folder.glob("*.sql")):
        parts = re.fullmatch(r"(\d{4})_([a-z0-9_]+)\.sql", path.name)
        if not parts:
            raise MigrationError(f"{path.name} is not named NNNN_verb_noun.sql")
        found.append(Migration(int(parts[1]), parts[2], path.read_text(encoding="utf-8")))
    if [migration.version for migration in found] != list(range(1, len(found) + 1)):
        raise MigrationError("the migrations are not numbered 0001, 0002, … without gaps; install the package again")
    return found


async def migrate(
    url: str, *, timezone: str, folder: Path, functions: Sequence[Path], months_ahead: int = 3
) -> list[str]:
    """Bring the database to this version of the product; returns the names of the migrations applied now.

    Raises:
        DatabaseAway: it can't be reached now.
        MigrationError: it is too old a PostgreSQL, comes from a newer version of the product, or was changed.
    """
    migrations = read_migrations(folder)
    try:
        connection = await asyncpg.connect(url, timeout=10, server_settings={"timezone": timezone})
    except (*AWAY, asyncpg.PostgresError, ValueError) as error:
        is_away = isinstance(error, AWAY) and not isinstance(error, ValueError)
        kind = DatabaseAway if is_away else MigrationError
        raise kind(f"DATABASE_URL can't be used: {describe_connection_error(error)}") from None
    try:
        async with connection.transaction():
            return await _migrate(connection, timezone, migrations, functions, months_ahead)
    except AWAY as error:
        raise DatabaseAway(f"PostgreSQL went away while it was migrated, nothing was changed: {error}") from error
    except asyncpg.PostgresError as error:
        raise MigrationError(f"the database could not be migrated, nothing was changed: {error}") from error
    finally:
        await connection.close()


async def _migrate(
    connection: "asyncpg.Connection[asyncpg.Record]",
    timezone: str,
    migrations: Sequence[Migration],
    functions: Sequence[Path],
    months_ahead: int,
) -> list[str]:
    if connection.get_server_version().major * 10000 < _OLDEST_SUPPORTED:
        raise MigrationError("PostgreSQL 14 or newer is needed; point DATABASE_URL at one")
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK_KEY)
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations (version integer PRIMARY KEY, name text NOT NULL, "
        "checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_functions (name text PRIMARY KEY, checksum text NOT NULL)"
    )
    pending = await _pending(connection, migrations)
    for migration in pending:
        try:
            await connection.execute(migration.text)
        except asyncpg.PostgresError as error:
            raise MigrationError(f"migration {migration.version:04} {migration.name} failed: {error}") from error
        await connection.execute(
            "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
            migration.version,
            migration.name,
            migration.checksum,
        )
    await _replace_functions(connection, functions)
    await connection.execute(
        "SELECT create_usage_partition((date_trunc('month', now()) + make_interval(months => m))::date) "
        "FROM generate_series(0, $1) AS m",
        months_ahead,
    )
    await _set_role_timezone(connection, timezone)
    return [f"{migration.version:04}_{migration.name}" for migration in pending]


async def _pending(
    connection: "asyncpg.Connection[asyncpg.Record]", migrations: Sequence[Migration]
) -> list[Migration]:
    rows = await connection.fetch("SELECT version, name, checksum FROM schema_migrations ORDER BY version")
    known = {migration.version: migration for migration in migrations}
    for row in rows:
        migration = known.get(row["version"])
        if migration is None:
            raise MigrationError(
                f"the database has migration {row['version']:04} ({row['name']}) of a newer version of this product; "
                "install that version, or restore a backup made with this one"
            )
        if migration.checksum != row["checksum"]:
            raise MigrationError(
                f"migration {row['version']:04} ({row['name']}) differs from the one that was applied; "
                "install the version the database was made with"
            )
    applied = {row["version"] for row in rows}
    if not applied and await connection.fetchval("SELECT to_regclass('public.users') IS NOT NULL"):
        raise MigrationError("the database already holds a table `users` of something else; use an empty database")
    return [migration for migration in migrations if migration.version not in applied]


async def _replace_functions(connection: "asyncpg.Connection[asyncpg.Record]", functions: Sequence[Path]) -> None:
    for path in functions:
        text = path.read_text(encoding="utf-8")
        checksum = hashlib.sha256(text.encode()).hexdigest()
        if await connection.fetchval("SELECT checksum FROM schema_functions WHERE name = $1", path.name) == checksum:
            continue
        await connection.execute(text)
        await connection.execute(
            "INSERT INTO schema_functions VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum",
            path.name,
            checksum,
        )


async def _set_role_timezone(connection: "asyncpg.Connection[asyncpg.Record]", timezone: str) -> None:
    """People's own psql sessions then mean the customer's day by CURRENT_DATE, too (SPEC 5)."""
    statement = await connection.fetchval(
        "SELECT format('ALTER ROLE %I IN DATABASE %I SET timezone = %L', current_user, current_database(), $1::text)",
        timezone,
    )
    await connection.execute(statement)


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
