"""Demo data: sixty days of an invented company, written through the ledger's functions, so that the audit proves every balance."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from solaris.local.demo.logins import DemoKeyring, DemoLogins
from solaris.local.demo.usage import DemoClient, DemoUsage
from solaris.local.demo.users import ADMIN, DEMO_USERS, KEPT_AT_PERCENT, WITH_LOGIN
from solaris.local.demo.writer import DemoWriter, user_ids_of
from solaris.platform.logs import Log
from solaris.platform.postgres import Connection, Database
from solaris.platform.settings import Settings

LOCK_TIMEOUT_SECONDS = 120
_LOCK_KEY = 0x534F4C44  # "SOLD": one load at a time
_SHARE_BY_KEYS = 25
_SHARES_BY_FRONT_END = {"LibreChat": 50, "Open WebUI": 25}


class DemoData:
    """Loads the demo's users, usage and credits once, and restores the documented percentages in every new month."""

    def __init__(
        self,
        database: Database,
        keyring: DemoKeyring,
        log: Log,
        *,
        zone: ZoneInfo,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._log = log
        self._zone = zone
        self._clock = clock

    async def load(self) -> DemoLogins:
        """Load the demo data of SPEC 9; loading again only replaces logins that no longer work.

        Raises:
            StoreUnavailable: PostgreSQL did not answer; no partial data remains.
            StateDamaged: the state folder can't be written.
        """
        async with self._database.connection() as lock:
            await lock.fetchval("SELECT pg_advisory_lock($1)", _LOCK_KEY, timeout=LOCK_TIMEOUT_SECONDS)
            try:
                front_end_keys = await self._keyring.front_end_keys()
                user_ids = await self._load_data()
                return await self._keyring.logins(user_ids, front_end_keys)
            finally:
                await lock.fetchval("SELECT pg_advisory_unlock($1)", _LOCK_KEY)

    async def _load_data(self) -> dict[str, UUID]:
        async with self._database.transaction() as connection:
            now = self._clock() if self._clock else await connection.fetchval("SELECT now()")
            usage = DemoUsage(now, self._zone, await _clients(connection))
            writer = DemoWriter(self._database, connection, now, self._zone)
            if not await connection.fetchval("SELECT EXISTS (SELECT FROM users WHERE email = $1)", ADMIN.email):
                calls = await writer.fill(usage)
                self._log.info("demo_data_loaded", users=len(DEMO_USERS), calls=calls)
            else:
                await writer.add_missing(WITH_LOGIN)
            user_ids = await user_ids_of(connection, DEMO_USERS)
            for user in KEPT_AT_PERCENT:
                await writer.bring_to_percent(usage, user, user_ids[user.email])
            return user_ids


async def load_demo(settings: Settings, database_url: str, log: Log) -> DemoLogins:
    """Load the demo data into that database.

    Raises:
        StoreUnavailable, StateDamaged: as `DemoData.load`.
    """
    database = Database(database_url, timezone=settings.solaris_timezone, service="demo", max_connections=3)
    given = settings.solaris_demo_password
    password = None if given is None else given.get_secret_value()
    keyring = DemoKeyring(database, settings.solaris_state_dir, log, password=password)
    try:
        return await DemoData(database, keyring, log, zone=settings.zone).load()
    finally:
        await database.close()


async def _clients(connection: Connection) -> list[DemoClient]:
    rows = await connection.fetch(
        "SELECT id, name FROM front_end_keys WHERE name = ANY($1::text[]) ORDER BY name", list(_SHARES_BY_FRONT_END)
    )
    front_ends = [DemoClient(row["name"], row["id"], _SHARES_BY_FRONT_END[row["name"]]) for row in rows]
    return [*front_ends, DemoClient("API", None, _SHARE_BY_KEYS)]
