"""Connections to PostgreSQL, and the one place that says when it counts as away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson

from solaris.domain.errors import StoreUnavailable
from solaris.platform.release import own_release, session_name

# What asyncpg raises when the server is away, restarting, full, or drops us; anything else is our own mistake.
AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # The connection was cut in the middle of an answer, and its state is unknown.
    asyncpg.InternalClientError,
    # Starting, stopping, crashed, or a statement that was cancelled.
    asyncpg.OperatorInterventionError,
    # No connection, memory or disk left.
    asyncpg.InsufficientResourcesError,
    # Its disk fails.
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


# A connection that was used often is as good as a new one, and knows its statements.
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
    """Nothing to reset: statements of ours change no session state, and asyncpg rolls an open transaction back before.

    Its own reset would cost a round trip after each statement.
    """


class Database:
    """A pool of connections in the customer's time zone, with bounded waits.

    Every method raises `StoreUnavailable` when PostgreSQL does not answer within `timeout_seconds`. Nothing is asked before
    `prepare`, where one is given, has ended once without an error.
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
        self._held: list[DedicatedConnection] = []

    async def open(self) -> None:
        """Connect; the pool reconnects by itself afterwards. Those who ask meanwhile share one attempt.

        Raises:
            StoreUnavailable: the server can't be reached or refuses us.
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
            attempt.exception()  # looked at here, for the case that every waiter has gone

    async def close(self) -> None:
        """Give every connection back; waits for running statements, at most a few seconds."""
        for held in self._held:
            await held.close()
        if self._pool is None:
            return
        pool, self._pool = self._pool, None
        try:
            await asyncio.wait_for(pool.close(), timeout=self._timeout_seconds)
        except (*AWAY, asyncpg.PostgresError):
            pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """One connection of the pool for a few statements."""
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
                raise  # a value of the wrong kind: our mistake, and no absence
            raise StoreUnavailable(STORE_AWAY_MESSAGE) from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One connection inside one transaction: all or nothing."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """All rows of one statement."""
        async with self.connection() as connection:
            return await connection.fetch(statement, *values)

    async def fetchrow(self, statement: str, *values: object) -> asyncpg.Record | None:
        """The first row of one statement, if any."""
        async with self.connection() as connection:
            return await connection.fetchrow(statement, *values)

    async def fetchval(self, statement: str, *values: object) -> Any:
        """The first column of the first row, if any."""
        async with self.connection() as connection:
            return await connection.fetchval(statement, *values)

    async def execute(self, statement: str, *values: object) -> str:
        """One statement; returns PostgreSQL's command tag."""
        async with self.connection() as connection:
            return await connection.execute(statement, *values)

    def held_connection(self) -> "DedicatedConnection":
        """A connection for one user's own, which asks one thing at a time; made at its first use, closed with this."""
        held = DedicatedConnection(self._connect, self._timeout_seconds)
        self._held.append(held)
        return held

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
    """One connection of a `DedicatedConnection`, from its opening to its end.

    `memory` is its user's: what holds as long as the server is the one that was connected to.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.memory: dict[Any, Any] = {}

    @property
    def is_closed(self) -> bool:
        """Whether the connection has ended."""
        return bool(self._connection.is_closed())

    async def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """All rows of one statement.

        Raises:
            StoreUnavailable: PostgreSQL did not answer in time; the session has ended.
        """
        try:
            rows: list[asyncpg.Record] = await self._connection.fetch(statement, *values)
        except AWAY as error:
            if isinstance(error, ValueError):
                raise  # as above
            # Not closed politely: a server that does not answer would keep everybody waiting for a second time.
            self._connection.terminate()
            raise StoreUnavailable(STORE_AWAY_MESSAGE) from error
        return rows

    async def close(self, timeout_seconds: float) -> None:
        """End it."""
        try:
            await self._connection.close(timeout=timeout_seconds)
        except (*AWAY, asyncpg.PostgresError):
            self._connection.terminate()


class DedicatedConnection:
    """One connection kept by one user that asks one thing at a time: taking it from a pool for each statement costs more than the
    statement's own bookkeeping. A broken one is replaced.
    """

    def __init__(self, connect: Callable[[], Awaitable[Any]], timeout_seconds: float) -> None:
        self._connect = connect
        self._timeout_seconds = timeout_seconds
        self._session: DedicatedSession | None = None

    async def session(self) -> DedicatedSession:
        """The session that is open, or a new one.

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
        """Close it; the next statement makes another."""
        session, self._session = self._session, None
        if session is not None:
            await session.close(self._timeout_seconds)
