"""Creates, finds and suspends users, and sets passwords. Every change is audited."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.email_addresses import normalised_email
from solaris.auth.passwords import Passwords, check_new_password
from solaris.auth.principal import Principal
from solaris.domain.errors import Conflict, InvalidInput, NotFound
from solaris.domain.roles import Role
from solaris.platform.postgres import Connection, Database
from solaris.platform.sql import load_sql
from solaris.users.account_rules import check_another_super_admin, check_may_change
from solaris.users.errors import EmailTaken

MAX_NAME_CHARACTERS = 200
MAX_LISTED = 1_000


@dataclass(frozen=True, slots=True)
class User:
    """A user. `email` identifies them only if `email_verified`; else it is a front end's claim."""

    id: UUID
    email: str | None
    contact_email: str | None
    email_verified: bool
    name: str
    role: Role
    active: bool
    created_at: datetime
    updated_at: datetime
    suspension_reason: str | None
    anonymised_at: datetime | None
    plan_type: str | None
    monthly_tokens: int | None


@dataclass(frozen=True, slots=True)
class NewUser:
    """The user to create.

    `password` None: they can't sign in until one is set. `has_temporary_password`: they have to
    change it first. `plan_type` None: the plan of new users.
    """

    email: str
    name: str
    password: str | None = field(default=None, repr=False)
    role: Role = Role.USER
    plan_type: str | None = None
    has_temporary_password: bool = False


class UserService:
    """The users' records. Users are found by verified addresses only: others may be false."""

    def __init__(
        self, database: Database, passwords: Passwords, cache_invalidation: CacheInvalidation, *, default_plan: str
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._cache_invalidation = cache_invalidation
        self._default_plan = default_plan

    async def create(self, new_user: NewUser, *, actor: Principal | None = None) -> User:
        """Create a user with a subscription.

        Another account's unverified use of the address becomes that account's contact address.

        Raises:
            InvalidInput: the address or name is not valid.
            PasswordTooWeak: the password breaks a rule.
            EmailTaken: another user has verified the address.
            NotFound: no such active plan.
            Forbidden: only a super_admin may create staff.
        """
        check_may_change(actor, new_user.role)
        email, name = checked_email(new_user.email), checked_name(new_user.name)
        password_hash = None
        if new_user.password is not None:
            check_new_password(new_user.password, email=email)
            password_hash = await self._passwords.hash(new_user.password)
        async with self._database.transaction() as connection:
            await connection.execute(load_sql("auth", "release_claimed_email"), email)
            user_id = await connection.fetchval(
                load_sql("auth", "insert_user"), email, None, True, name, new_user.role.value
            )
            if user_id is None:
                raise EmailTaken("Já existe uma conta com este e-mail.", param="email")
            await open_subscription(connection, user_id, new_user.plan_type or self._default_plan)
            if password_hash is not None:
                await connection.execute(
                    load_sql("auth", "set_password"), user_id, password_hash, None, new_user.has_temporary_password
                )
            user = await read_user(connection, user_id)
            after = {"email": email, "name": name, "role": new_user.role.value, "plan_type": user.plan_type}
            await record(connection, actor, Change("user.create", "user", str(user_id), after=after))
        return user

    async def get(self, user_id: UUID) -> User:
        """The user with this id.

        Raises:
            NotFound: no such user.
        """
        async with self._database.connection() as connection:
            return await read_user(connection, user_id)

    async def find(self, email: str) -> User:
        """The user with this verified address.

        Raises:
            NotFound: no such user.
        """
        async with self._database.connection() as connection:
            user_id = await connection.fetchval(
                "SELECT id FROM users WHERE email = $1 AND email_verified", normalised_email(email)
            )
            if user_id is None:
                raise NotFound("Não há conta com este e-mail.", code="user_not_found", param="email")
            return await read_user(connection, user_id)

    async def plan_name(self, plan_type: str | None) -> str | None:
        """The plan's display name; None without a plan."""
        if plan_type is None:
            return None
        found: str | None = await self._database.fetchval("SELECT name FROM plans WHERE plan_type = $1", plan_type)
        return found

    async def staff(self) -> list[User]:
        """All users with a role above `user`, highest role first; at most 1,000."""
        return [_user(row) for row in await self._database.fetch(load_sql("users", "staff"))]

    async def list(self, *, search: str = "", limit: int = 50) -> list[User]:
        """Up to `limit` users whose name or address contains `search`, newest first."""
        rows = await self._database.fetch(load_sql("users", "users"), search.strip(), min(limit, MAX_LISTED))
        return [_user(row) for row in rows]

    async def set_password(
        self, user_id: UUID, password: str, *, actor: Principal | None = None, temporary: bool = False
    ) -> None:
        """Set the user's password and end their sessions; a `temporary` one has to be changed.

        Raises:
            PasswordTooWeak: the password breaks a rule.
            Conflict: the user has no verified address to sign in with.
            NotFound: no such user.
            Forbidden: only a super_admin may set the password of staff.
        """
        user = await self.get(user_id)
        check_may_change(actor, user.role)
        if user.email is None or not user.email_verified:
            raise Conflict("Esta conta não tem e-mail verificado, e por isso não pode ter senha.")
        check_new_password(password, email=user.email)
        password_hash = await self._passwords.hash(password)
        async with self._database.transaction() as connection:
            await connection.execute(load_sql("auth", "set_password"), user_id, password_hash, None, temporary)
            await connection.execute("DELETE FROM sign_in_failures WHERE subject = $1", user.email)
            await record(connection, actor, Change("user.set_password", "user", str(user_id)))
        await self._cache_invalidation.publish(user_id)

    async def suspend(self, user_id: UUID, *, reason: str | None = None, actor: Principal | None = None) -> User:
        """Suspend the user: they may only read their balance. A repeat changes nothing.

        Raises:
            NotFound: no such user.
            Conflict: the account is the actor's own, or is anonymised.
            LastSuperAdmin: no other active super_admin exists.
            Forbidden: only a super_admin may suspend staff.
        """
        if actor is not None and actor.user_id == user_id:
            raise Conflict("Você não pode suspender a sua própria conta.")
        return await self._set_active(user_id, active=False, reason=reason, actor=actor)

    async def reactivate(self, user_id: UUID, *, reason: str | None = None, actor: Principal | None = None) -> User:
        """Let a suspended user spend again. A repeat changes nothing.

        Raises:
            NotFound: no such user.
            Conflict: the account is anonymised.
            Forbidden: only a super_admin may reactivate staff.
        """
        return await self._set_active(user_id, active=True, reason=reason, actor=actor)

    async def _set_active(self, user_id: UUID, *, active: bool, reason: str | None, actor: Principal | None) -> User:
        async with self._database.transaction() as connection:
            super_admins = [] if active else await lock_super_admins(connection)
            before = await lock_changeable_user(connection, actor, user_id)
            if before.active == active:
                return before
            if not active and before.role is Role.SUPER_ADMIN:
                check_another_super_admin(super_admins, user_id)
            await connection.execute(
                "UPDATE users SET active = $2, suspension_reason = $3, updated_at = now() WHERE id = $1",
                user_id,
                active,
                None if active else reason,
            )
            action = "user.reactivate" if active else "user.suspend"
            values = {"active": active} if reason is None else {"active": active, "reason": reason}
            await record(connection, actor, Change(action, "user", str(user_id), {"active": before.active}, values))
            after = await read_user(connection, user_id)
        await self._cache_invalidation.publish(user_id)
        return after


def _user(row: asyncpg.Record) -> User:
    return User(**{**dict(row), "role": Role(row["role"])})


async def read_user(connection: Connection, user_id: UUID) -> User:
    """The user with this id.

    Raises:
        NotFound: no such user.
    """
    row = await connection.fetchrow(load_sql("users", "user"), user_id)
    if row is None:
        raise NotFound("Usuário não encontrado.", code="user_not_found")
    return _user(row)


async def lock_user(connection: Connection, user_id: UUID) -> User:
    """The user, locked until the transaction ends. Raises as `read_user`."""
    # NO KEY: the ledger inserts rows that refer to the user, and must not wait for a transaction
    # that waits for the user's wallet.
    await connection.execute("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", user_id)
    return await read_user(connection, user_id)


async def lock_changeable_user(connection: Connection, actor: Principal | None, user_id: UUID) -> User:
    """As `lock_user`, if the actor may change the account.

    Raises:
        NotFound: no such user.
        Forbidden: the account is a staff account, and the actor is not a super_admin.
        Conflict: the account is anonymised.
    """
    user = await lock_user(connection, user_id)
    check_may_change(actor, user.role)
    if user.anonymised_at is not None:
        raise Conflict("Esta conta foi anonimizada e não pode mais ser alterada.")
    return user


async def open_subscription(connection: Connection, user_id: UUID, plan_type: str) -> None:
    """Subscribe a user without an active subscription to a plan.

    Raises:
        NotFound: no such active plan.
    """
    if await connection.fetchval(load_sql("auth", "subscribe"), user_id, plan_type) is None:
        raise NotFound("Este plano não existe ou não está ativo.", code="plan_not_found", param="plan_type")


async def lock_super_admins(connection: Connection) -> list[UUID]:
    """The active super_admins, locked until the transaction ends. Call it before `lock_user`."""
    # In a fixed order and before single users, so that two super_admins who change each other do
    # not deadlock.
    rows = await connection.fetch(
        "SELECT id FROM users WHERE role = 'super_admin' AND active ORDER BY id FOR NO KEY UPDATE"
    )
    return [row["id"] for row in rows]


def checked_email(text: str, *, param: str = "email") -> str:
    """The normalised address. Raises InvalidInput if it is not an address."""
    email = normalised_email(text)
    if email is None:
        raise InvalidInput("O e-mail não está em um formato válido, como nome@empresa.com.br.", param=param)
    return email


def checked_name(text: str) -> str:
    """The name without surrounding blanks. Raises InvalidInput if it can't be displayed."""
    name = text.strip()
    if len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
        raise InvalidInput(
            f"O nome deve ter no máximo {MAX_NAME_CHARACTERS} caracteres, sem caracteres de controle.", param="name"
        )
    return name
