"""Finds a front end's user and creates their account on the first request.

SPEC 6; docs/decisions/0010 on e-mail addresses.
"""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from solaris.auth.errors import DefaultPlanMissing, NewAccountsLimitReached
from solaris.auth.front_end import FrontEnd
from solaris.auth.identity_headers import ExternalIdentity
from solaris.auth.new_account_limit import NewAccountLimit
from solaris.auth.principal import DEFAULT_CONCURRENT_CALLS
from solaris.domain.errors import StoreUnavailable, UnresolvedPlaceholder
from solaris.domain.roles import Role
from solaris.platform.logs import Log
from solaris.platform.postgres import STORE_AWAY_MESSAGE, Connection, Database
from solaris.platform.sql import load_sql

_MAX_TRIES = 5


@dataclass(frozen=True, slots=True)
class ExternalUser:
    """The account of a front end's user, whether it may spend, and the plan's limits."""

    user_id: UUID
    active: bool
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    concurrent_calls: int = DEFAULT_CONCURRENT_CALLS


class ExternalUsers:
    """Finds the account of a front end's user, and creates it on their first request.

    Name and contact address are updated from the headers of the front end that created the account,
    unless staff entered them or the user has a password (docs/decisions/0122).
    """

    def __init__(self, database: Database, log: Log, new_accounts: NewAccountLimit, *, default_plan: str) -> None:
        self._database = database
        self._log = log
        self._new_accounts = new_accounts
        self._default_plan = default_plan

    async def user_of(self, front_end: FrontEnd, identity: ExternalIdentity) -> ExternalUser:
        """The account of this (front end, external id), created once by concurrent requests.

        Raises:
            DefaultPlanMissing: the plan of new users does not exist; no account was created.
            NewAccountsLimitReached: the front end's accounts of the day are used up.
            UnresolvedPlaceholder: users are linked by address, and the address is an unfilled
                template; no account was created.
            StoreUnavailable: PostgreSQL did not answer.
        """
        known = await self._find(front_end, identity)
        if known is not None:
            return known
        try:
            async with self._database.transaction() as connection:
                known = await self._create(connection, front_end, identity)
        except NewAccountsLimitReached as refusal:
            await self._new_accounts.report_refusal(front_end, refusal)
            raise
        # Read again for the limits of the plan that was just assigned.
        return await self._find(front_end, identity) or known

    async def _find(self, front_end: FrontEnd, identity: ExternalIdentity) -> ExternalUser | None:
        row = await self._database.fetchrow(load_sql("auth", "identity"), front_end.id, identity.external_id)
        if row is None:
            return None
        if row["profile_follows"] and _differs(row, identity):
            await self._update_profile(row["id"], front_end, identity)
        return ExternalUser(
            row["id"], row["active"], row["requests_per_minute"], row["tokens_per_minute"], row["concurrent_calls"]
        )

    async def _update_profile(self, user_id: UUID, front_end: FrontEnd, identity: ExternalIdentity) -> None:
        """Store the name and address that the front end sends; errors are logged, not raised.

        A later lookup retries after an error.
        """
        try:
            changed = await self._database.fetchrow(
                load_sql("auth", "follow_profile"), user_id, identity.name, identity.email, front_end.link_by_email
            )
        except (StoreUnavailable, asyncpg.PostgresError) as error:
            # A concurrent transaction may have stored the same address.
            self._log.warning("profile_not_followed", user_id=user_id, cause=type(error).__name__)
            return
        if changed is not None:
            self._log.info("profile_followed", user_id=user_id, front_end=front_end.name, **dict(changed))

    async def _create(self, connection: Connection, front_end: FrontEnd, identity: ExternalIdentity) -> ExternalUser:
        await connection.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{front_end.id}:{identity.external_id}"
        )
        row = await connection.fetchrow(load_sql("auth", "identity"), front_end.id, identity.external_id)
        if row is not None:
            return ExternalUser(row["id"], row["active"])
        known, made = await self._account_for(connection, front_end, identity)
        await connection.execute(
            "INSERT INTO identities (front_end_key_id, external_id, user_id, made_account) VALUES ($1, $2, $3, $4)",
            front_end.id,
            identity.external_id,
            known.user_id,
            made,
        )
        self._log.info("first_request", user_id=known.user_id, front_end=front_end.name)
        return known

    async def _account_for(
        self, connection: Connection, front_end: FrontEnd, identity: ExternalIdentity
    ) -> tuple[ExternalUser, bool]:
        """The account, and whether this transaction created it."""
        if front_end.link_by_email and identity.unfilled_email is not None:
            # Without the address the user would get a separate account that can't be linked later.
            raise UnresolvedPlaceholder(identity.unfilled_email, param=front_end.headers.email)
        if identity.email is None or not front_end.link_by_email:
            await self._new_accounts.check_limit(connection, front_end)
            user_id = await self._insert_with_claimed_email(connection, identity)
            return await self._subscribe_and_count(connection, front_end, user_id), True
        for _ in range(_MAX_TRIES):
            holder = await connection.fetchrow(
                "SELECT id, active FROM users WHERE email = $1 AND email_verified", identity.email
            )
            if holder is not None:
                return ExternalUser(holder["id"], holder["active"]), False
            await self._new_accounts.check_limit(connection, front_end)
            await connection.execute(load_sql("auth", "release_claimed_email"), identity.email)
            verified_id = await self._insert(connection, identity.name, email=identity.email, verified=True)
            if verified_id is not None:
                return await self._subscribe_and_count(connection, front_end, verified_id), True
        raise StoreUnavailable(STORE_AWAY_MESSAGE)

    async def _subscribe_and_count(self, connection: Connection, front_end: FrontEnd, user_id: UUID) -> ExternalUser:
        """Give the new account its plan, and count it for the front end's day."""
        await self._subscribe(connection, front_end, user_id)
        await self._new_accounts.count(connection, front_end)
        return ExternalUser(user_id, active=True)

    async def _insert_with_claimed_email(self, connection: Connection, identity: ExternalIdentity) -> UUID:
        user_id = None
        if identity.email is not None:
            user_id = await self._insert(connection, identity.name, email=identity.email, verified=False)
        if user_id is None:
            user_id = await self._insert(connection, identity.name, contact_email=identity.email)
        if user_id is None:
            raise AssertionError("an INSERT without an address has no conflict")
        return user_id

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
            load_sql("auth", "insert_user"), email, contact_email, verified, name, Role.USER.value
        )
        return user_id

    async def _subscribe(self, connection: Connection, front_end: FrontEnd, user_id: UUID) -> None:
        plan_type = front_end.plan_type or self._default_plan
        if await connection.fetchval(load_sql("auth", "subscribe"), user_id, plan_type) is None:
            self._log.error(
                "default_plan_missing",
                plan_type=plan_type,
                front_end=front_end.name,
                cure="activate the plan in the administration (Planos), or name another one for the front end's new users",
            )
            raise DefaultPlanMissing(
                "Sua conta ainda não pode ser criada. Avise o administrador: falta o plano inicial."
            )


def _differs(row: asyncpg.Record, identity: ExternalIdentity) -> bool:
    """Whether name or address differ from stored values that staff did not enter."""
    name_differs = identity.name not in ("", row["name"]) and not row["name_by_staff"]
    stored_address = row["contact_email"] or row["email"]
    address_differs = identity.email not in (None, stored_address) and not row["contact_by_staff"]
    return name_differs or address_differs
