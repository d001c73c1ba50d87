"""PostgreSQL connections, and the errors that mean PostgreSQL is unavailable."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson

from solaris.domain.errors import StoreUnavailable
from solaris.platform.release import own_release, session_name

# Raised by asyncpg when the server is away, restarting, full, or drops the connection; any other
# error is a mistake in our code.
AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # The connection was cut in the middle of a reply; its state is unknown.
    asyncpg.InternalClientError,
    # The server is starting, stopping or crashed, or the statement was cancelled.
    asyncpg.OperatorInterventionError,
    # The server is out of connections, memory or disk.
    asyncpg.InsufficientResourcesError,
    # The server's disk fails.
    asyncpg.PostgresSystemError,
    # A standby, or a primary that was fenced off.
    asyncpg.ReadOnlySQLTransactionError,
    # A migration changed a table below a statement that this session had prepared, inside a transaction: it is rolled back, and the
    # next one prepares anew. (Outside of one asyncpg repeats the statement by itself.)
    asyncpg.InvalidCachedStatementError,
)
STORE_AWAY_MESSAGE = "O serviço está temporariamente indisponível. Tente novamente em alguns segundos."

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
else:
    Connection = asyncpg.Connection


# Effectively no limit: an old connection works as well and keeps its prepared statements.
_MAX_QUERIES = 2_000_000_000


async def _prepare(connection: Any) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind,
            schema="pg_catalog",
            encoder=lambda value: orjson.dumps(value, default=str).decode(),
            decoder=orjson.loads,
        )


async def _keep_session(_connection: Any) -> None:
    """Reset nothing: our statements change no session state, and asyncpg rolls back before.

    asyncpg's default reset costs a round trip after each statement.
    """


class Database:
    """A pool of connections in the customer's time zone, with bounded waits.

    Every method raises `StoreUnavailable` when PostgreSQL does not answer within `timeout_seconds`.
    If `prepare` is given, it must succeed once before the first statement is sent.
    """

    def __init__(
        self,
        url: str,
        *,
        timezone: str,
        service: str,
        max_connections: int = 10,
        timeout_seconds: float = 5.0,
        prepare: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._url = url
        self._timezone = timezone
        self._session_name = session_name(service, own_release())
        self._max_connections = max_connections
        self._timeout_seconds = timeout_seconds
        self._prepare = prepare
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._opening: asyncio.Task[None] | None = None
        self._dedicated: list[DedicatedConnection] = []

    async def open(self) -> None:
        """Connect; the pool reconnects by itself afterwards. Concurrent callers share one attempt.

        Raises:
            StoreUnavailable: the server can't be reached or refuses the connection.
        """
        if self._pool is not None:
            return
        if self._opening is None:
            self._opening = asyncio.create_task(self._open())
            self._opening.add_done_callback(self._opened)
        await asyncio.shield(self._opening)

    async def _open(self) -> None:
        if self._prepare is not None:
            await self._prepare()
            self._prepare = None
        try:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=self._max_connections,
                timeout=self._timeout_seconds,
                max_inactive_connection_lifetime=300,
                max_queries=_MAX_QUERIES,
                init=_prepare,
                reset=_keep_session,
                **self._options(),
            )
        except (*AWAY, asyncpg.PostgresError) as error:
            raise StoreUnavailable(STORE_AWAY_MESSAGE) from error

    def _opened(self, attempt: "asyncio.Task[None]") -> None:
        self._opening = None
        if not attempt.cancelled():
            attempt.exception()  # marks it as retrieved if every waiter was cancelled

    async def close(self) -> None:
        """Close all connections; waits up to `timeout_seconds` for running statements."""
        for dedicated in self._dedicated:
            await dedicated.close()
        if self._pool is None:
            return
        pool, self._pool = self._pool, None
        try:
            await asyncio.wait_for(pool.close(), timeout=self._timeout_seconds)
        except (*AWAY, asyncpg.PostgresError):
            pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Borrow one connection of the pool for a few statements."""
        if self._pool is None:
            await self.open()
        pool = self._pool
        if pool is None:
            raise StoreUnavailable(STORE_AWAY_MESSAGE)
        try:
            async with pool.acquire(timeout=self._timeout_seconds) as connection:
                try:
                    yield connection
                except asyncpg.InternalClientError:
                    connection.terminate()
                    raise
        except AWAY as error:
            if isinstance(error, ValueError):
                raise  # a value of the wrong type: our mistake, not an outage
            raise StoreUnavailable(STORE_AWAY_MESSAGE) from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Borrow one connection inside one transaction, rolled back on any exception."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """Return all rows of one statement."""
        async with self.connection() as connection:
            return await connection.fetch(statement, *values)

    async def fetchrow(self, statement: str, *values: object) -> asyncpg.Record | None:
        """Return the first row of one statement, or None."""
        async with self.connection() as connection:
            return await connection.fetchrow(statement, *values)

    async def fetchval(self, statement: str, *values: object) -> Any:
        """Return the first column of the first row, or None."""
        async with self.connection() as connection:
            return await connection.fetchval(statement, *values)

    async def execute(self, statement: str, *values: object) -> str:
        """Execute one statement; returns PostgreSQL's command tag."""
        async with self.connection() as connection:
            return await connection.execute(statement, *values)

    def dedicated_connection(self) -> "DedicatedConnection":
        """Create a dedicated connection for one component that runs one statement at a time.

        It connects at its first use and is closed with this pool.
        """
        dedicated = DedicatedConnection(self._connect, self._timeout_seconds)
        self._dedicated.append(dedicated)
        return dedicated

    async def _connect(self) -> Any:
        if self._prepare is not None:
            await self.open()
        connection = await asyncpg.connect(self._url, timeout=self._timeout_seconds, **self._options())
        await _prepare(connection)
        return connection

    def _options(self) -> dict[str, Any]:
        return {
            "command_timeout": self._timeout_seconds,
            "server_settings": {"timezone": self._timezone, "application_name": self._session_name},
        }


class DedicatedSession:
    """One session of a `DedicatedConnection`, from connect to close.

    `memory` is for the owner: data that is valid only while connected to this server.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.memory: dict[Any, Any] = {}

    @property
    def is_closed(self) -> bool:
        """Whether the connection is closed."""
        return bool(self._connection.is_closed())

    async def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """Return all rows of one statement.

        Raises:
            StoreUnavailable: PostgreSQL did not answer in time; the session is closed.
        """
        try:
            rows: list[asyncpg.Record] = await self._connection.fetch(statement, *values)
        except AWAY as error:
            if isinstance(error, ValueError):
                raise  # as above
            # Terminated, not closed: closing waits for a server that does not answer.
            self._connection.terminate()
            raise StoreUnavailable(STORE_AWAY_MESSAGE) from error
        return rows

    async def close(self, timeout_seconds: float) -> None:
        """Close the connection; terminates it if that fails or takes longer."""
        try:
            await self._connection.close(timeout=timeout_seconds)
        except (*AWAY, asyncpg.PostgresError):
            self._connection.terminate()


class DedicatedConnection:
    """One connection kept by one component that runs one statement at a time.

    Borrowing from the pool for each statement costs more than the statement's own processing. A
    broken connection is replaced.
    """

    def __init__(self, connect: Callable[[], Awaitable[Any]], timeout_seconds: float) -> None:
        self._connect = connect
        self._timeout_seconds = timeout_seconds
        self._session: DedicatedSession | None = None

    async def session(self) -> DedicatedSession:
        """Return the open session, or connect a new one.

        Raises:
            StoreUnavailable: PostgreSQL did not answer in time.
        """
        if self._session is None or self._session.is_closed:
            try:
                self._session = DedicatedSession(await self._connect())
            except AWAY as error:
                if isinstance(error, ValueError):
                    raise  # as above
                raise StoreUnavailable(STORE_AWAY_MESSAGE) from error
        return self._session

    async def close(self) -> None:
        """Close the connection; the next `session` call connects again."""
        session, self._session = self._session, None
        if session is not None:
            await session.close(self._timeout_seconds)
