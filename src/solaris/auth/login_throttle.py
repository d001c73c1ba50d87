"""Limits failed sign-ins per e-mail address (PostgreSQL) and per source address (Redis).

Unknown e-mail addresses count like known ones. The limit per source stops attempts with many
addresses.
"""

import asyncio
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from solaris.auth.errors import SignInOverloaded
from solaris.domain.errors import AccountLocked, RateLimited
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.redis import AWAY, RedisClient
from solaris.platform.sql import load_sql

MAX_FAILURES = 5
LOCK_SECONDS = 15 * 60
MAX_FAILURES_OF_SOURCE = 50
SOURCE_WINDOW_SECONDS = 15 * 60
_MAX_SOURCES = 10_000
_MAX_QUEUES = 1_000
_MAX_WAITING_PER_ADDRESS = 30
_REASONS = {AccountLocked: "address_locked", RateLimited: "source_limited", SignInOverloaded: "overloaded"}


class LoginThrottle:
    """Guards every password check: refuses attempts over a limit, counts and logs failures."""

    def __init__(
        self, database: Database, source_limit: "SourceLimit", log: Log, *, clock: Callable[[], datetime]
    ) -> None:
        self._locks = AddressLocks(database, clock)
        self._source_limit = source_limit
        self._log = log
        self._queues = _AttemptQueues()

    @asynccontextmanager
    async def attempt(self, address: str, source: str) -> AsyncIterator[None]:
        """One attempt; those for one address run one at a time: no concurrent guess passes uncounted.

        Raises:
            AccountLocked, RateLimited: too many failures of the address or the source.
            SignInOverloaded: too many attempts are waiting.
        """
        try:
            await self._source_limit.check(source)
            async with self._queues.of(address):
                await self._locks.check(address)
                yield
        except (AccountLocked, RateLimited, SignInOverloaded) as refusal:
            self.refused(_REASONS[type(refusal)], source)
            raise

    def refused(self, reason: str, source: str, user_id: UUID | None = None) -> None:
        """Log a sign-in that is refused without checking the password.

        The address is never logged: it may be a mistyped password.
        """
        self._log.warning("sign_in_refused", user_id=user_id, reason=reason, source=source)

    async def failed(self, address: str, source: str, user_id: UUID | None) -> None:
        """Count and log a failure of address and source; `user_id` None: unknown address."""
        await self._source_limit.failed(source)
        locked = await self._locks.failed(address)
        reason = "unknown_address" if user_id is None else "wrong_password"
        self._log.warning("sign_in_failed", user_id=user_id, reason=reason, source=source, locked=locked)

    async def succeeded(self, address: str, source: str, user_id: UUID) -> None:
        """Clear the address's failures.

        The source's failures stay: signing in to one's own account must not reset the limit for
        guesses at other accounts.
        """
        await self._locks.succeeded(address)
        self._log.info("sign_in", user_id=user_id, source=source)


class AddressLocks:
    """Locks an address for 15 minutes after 5 failures within 15 minutes; a success clears them."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def check(self, email: str) -> None:
        """Refuse a locked address, whether or not a user has it.

        Raises:
            AccountLocked: the address is locked; with the seconds left.
        """
        locked_until = await self._database.fetchval(
            "SELECT locked_until FROM sign_in_failures WHERE subject = $1", email
        )
        left = 0.0 if locked_until is None else (locked_until - self._clock()).total_seconds()
        if left > 0:
            minutes = math.ceil(left / 60)
            raise AccountLocked(
                f"Muitas tentativas de entrada. Aguarde {minutes} minuto{'s' if minutes > 1 else ''} e tente de novo.",
                retry_after_seconds=math.ceil(left),
            )

    async def failed(self, email: str) -> bool:
        """Count a failure; returns whether the address is locked now."""
        now = self._clock()
        return bool(
            await self._database.fetchval(
                load_sql("auth", "count_failure"), email, now, timedelta(seconds=LOCK_SECONDS), MAX_FAILURES
            )
        )

    async def succeeded(self, email: str) -> None:
        """Clear the address's failures."""
        await self._database.execute("DELETE FROM sign_in_failures WHERE subject = $1", email)


class SourceLimit:
    """Limits failures per source address and window: through Redis, else in this process.

    The limit is high, since users of one office may share an address. IPv6 sources count by /64.
    """

    def __init__(
        self,
        redis: RedisClient | None,
        *,
        max_failures: int = MAX_FAILURES_OF_SOURCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis = redis
        self._max_failures = max_failures
        self._clock = clock
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    async def check(self, source: str) -> None:
        """Refuse a source with too many failures.

        Raises:
            RateLimited: with the seconds until the window ends.
        """
        key = _group(source)
        ends_at, count = self._counts.get(key, (0.0, 0))
        left = ends_at - self._clock()
        if left > 0 and count >= self._max_failures:
            raise _refusal(left)
        if self._redis is None or self._redis.circuit_open:
            return
        try:
            shared = int(await self._redis.client.get(_redis_key(key)) or 0)
            ttl = await self._redis.client.ttl(_redis_key(key)) if shared >= self._max_failures else 0
        except AWAY:
            self._redis.failed()
            return
        if shared >= self._max_failures:
            raise _refusal(max(ttl, 1))

    async def failed(self, source: str) -> None:
        """Count a failure of the source."""
        key, now = _group(source), self._clock()
        ends_at, count = self._counts.get(key, (0.0, 0))
        self._counts[key] = (ends_at, count + 1) if ends_at > now else (now + SOURCE_WINDOW_SECONDS, 1)
        self._counts.move_to_end(key)
        while len(self._counts) > _MAX_SOURCES:
            self._counts.popitem(last=False)
        if self._redis is None or self._redis.circuit_open:
            return
        try:
            async with self._redis.client.pipeline(transaction=True) as commands:
                commands.set(_redis_key(key), 0, ex=SOURCE_WINDOW_SECONDS, nx=True)
                commands.incr(_redis_key(key))
                await commands.execute()
        except AWAY:
            self._redis.failed()


class _AttemptQueues:
    """One queue of attempts per address, bounded in number and length; empty queues are removed."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, address: str) -> AsyncIterator[None]:
        lock, waiting = self._locks.get(address, (asyncio.Lock(), 0))
        if waiting >= _MAX_WAITING_PER_ADDRESS or len(self._locks) >= _MAX_QUEUES:
            raise SignInOverloaded("Muitas pessoas estão entrando agora. Tente novamente em alguns segundos.")
        self._locks[address] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks[address]
            if waiting <= 1:
                del self._locks[address]
            else:
                self._locks[address] = (lock, waiting - 1)


def _refusal(seconds_left: float) -> RateLimited:
    return RateLimited(
        "Muitas tentativas de entrada a partir deste endereço. Aguarde alguns minutos e tente de novo.",
        retry_after_seconds=math.ceil(seconds_left),
    )


def _redis_key(group: str) -> str:
    return f"solaris:sign_in:source:{group}"


def _group(source: str) -> str:
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source[:100]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
