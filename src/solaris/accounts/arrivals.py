"""The first request of a front end's user makes his account (SPEC 6; docs/decisions/0010 on addresses)."""

from dataclasses import dataclass
from uuid import UUID

from solaris.accounts.errors import DefaultPlanMissing
from solaris.accounts.front_end import FrontEnd
from solaris.accounts.identity_headers import ExternalIdentity
from solaris.domain.errors import StoreUnavailable
from solaris.domain.roles import Role
from solaris.platform.logs import Log
from solaris.platform.postgres import STORE_AWAY_MESSAGE, Connection, Database
from solaris.platform.sql import load_sql

_MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class KnownUser:
    """A front end's user: his account, whether it may spend, and the rates that his plan allows."""

    user_id: UUID
    active: bool
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None


class Arrivals:
    """Finds the account of a front end's user, and makes it at his first request."""

    def __init__(self, database: Database, log: Log, *, default_plan: str) -> None:
        self._database = database
        self._log = log
        self._default_plan = default_plan

    async def user_of(self, front_end: FrontEnd, identity: ExternalIdentity) -> KnownUser:
        """The one account of this (front end, id), however many first requests come at once.

        Raises:
            DefaultPlanMissing: the plan of new users does not exist; no account was made.
            StoreUnavailable: PostgreSQL did not answer.
        """
        known = await self._known(front_end, identity)
        if known is not None:
            return known
        async with self._database.transaction() as connection:
            known = await self._admit(connection, front_end, identity)
        # Read once more, for the rates of the plan that he has now.
        return await self._known(front_end, identity) or known

    async def _known(self, front_end: FrontEnd, identity: ExternalIdentity) -> KnownUser | None:
        row = await self._database.fetchrow(load_sql("accounts", "identity"), front_end.id, identity.external_id)
        if row is None:
            return None
        return KnownUser(row["id"], row["active"], row["requests_per_minute"], row["tokens_per_minute"])

    async def _admit(self, connection: Connection, front_end: FrontEnd, identity: ExternalIdentity) -> KnownUser:
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{front_end.id}:{identity.external_id}"
        )
        row = await connection.fetchrow(load_sql("accounts", "identity"), front_end.id, identity.external_id)
        if row is not None:
            return KnownUser(row["id"], row["active"])
        known = await self._account_for(connection, front_end, identity)
        await connection.execute(
            "INSERT INTO identities (front_end_key_id, external_id, user_id) VALUES ($1, $2, $3)",
            front_end.id,
            identity.external_id,
            known.user_id,
        )
        self._log.info("first_request", user_id=known.user_id, front_end=front_end.name)
        return known

    async def _account_for(self, connection: Connection, front_end: FrontEnd, identity: ExternalIdentity) -> KnownUser:
        if identity.email is None or not front_end.link_by_email:
            return await self._new_account(connection, front_end, identity)
        for _ in range(_MOST_TRIES):
            holder = await connection.fetchrow(
                "SELECT id, active FROM users WHERE email = $1 AND email_verified", identity.email
            )
            if holder is not None:
                return KnownUser(holder["id"], holder["active"])
            await connection.execute(load_sql("accounts", "give_way"), identity.email)
            user_id = await self._insert(connection, identity.name, email=identity.email, verified=True)
            if user_id is not None:
                return await self._subscribed(connection, front_end, user_id)
        raise StoreUnavailable(STORE_AWAY_MESSAGE)

    async def _new_account(self, connection: Connection, front_end: FrontEnd, identity: ExternalIdentity) -> KnownUser:
        user_id = None
        if identity.email is not None:
            user_id = await self._insert(connection, identity.name, email=identity.email, verified=False)
        if user_id is None:
            user_id = await self._insert(connection, identity.name, contact_email=identity.email)
        if user_id is None:
            raise AssertionError("a user without an address can't be in anybody's way")
        return await self._subscribed(connection, front_end, user_id)

    async def _insert(
        self,
        connection: Connection,
        name: str,
        *,
        email: str | None = None,
        contact_email: str | None = None,
        verified: bool = True,
    ) -> UUID | None:
        user_id: UUID | None = await connection.fetchval(
            load_sql("accounts", "insert_user"), email, contact_email, verified, name, Role.USER.value
        )
        return user_id

    async def _subscribed(self, connection: Connection, front_end: FrontEnd, user_id: UUID) -> KnownUser:
        plan_type = front_end.plan_type or self._default_plan
        if await connection.fetchval(load_sql("accounts", "subscribe"), user_id, plan_type) is None:
            self._log.error("default_plan_missing", plan_type=plan_type, front_end=front_end.name)
            raise DefaultPlanMissing(
                "Sua conta ainda não pode ser criada. Avise o administrador: falta o plano inicial."
            )
        return KnownUser(user_id, active=True)
