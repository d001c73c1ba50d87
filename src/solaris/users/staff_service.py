"""Account changes by staff: edits, roles, temporary passwords, anonymisation; all audited."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from solaris.auth.audit_writer import Change, record
from solaris.auth.cache_invalidation import CacheInvalidation
from solaris.auth.errors import ChangedMeanwhile
from solaris.auth.principal import Principal
from solaris.domain.errors import Conflict, InvalidInput
from solaris.domain.roles import STAFF, Role
from solaris.ledger.allowance import Allowances
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql
from solaris.users.account_rules import check_another_super_admin, check_may_change
from solaris.users.user_service import (
    User,
    UserService,
    checked_email,
    checked_name,
    lock_changeable_user,
    lock_super_admins,
    lock_user,
    read_user,
)

MAX_THRESHOLDS = 5
_TEMPORARY_PASSWORD_BYTES = 12
_ANONYMISING = (
    "anonymise_failures",
    "anonymise_user",
    "anonymise_credentials",
    "anonymise_requests",
    "anonymise_widget_tokens",
)


@dataclass(frozen=True, slots=True)
class UserEdit:
    """Changes of an account. None keeps a field; an empty contact address removes it.

    `seen_updated_at` is the account's `updated_at` that the editor last read.
    """

    seen_updated_at: datetime
    name: str | None = None
    contact_email: str | None = None
    alert_thresholds_percent: Sequence[int] | None = None


class StaffService:
    """Changes accounts.

    Every method raises `NotFound` for an unknown user, `Forbidden` if an actor below super_admin
    changes a staff account, and `Conflict` for an anonymised account.
    """

    def __init__(
        self, database: Database, users: UserService, cache_invalidation: CacheInvalidation, allowances: Allowances
    ) -> None:
        self._database = database
        self._users = users
        self._cache_invalidation = cache_invalidation
        self._allowances = allowances

    async def edit(self, actor: Principal, user_id: UUID, edit: UserEdit) -> User:
        """Change name, contact address or alert thresholds.

        Raises:
            ChangedMeanwhile: the account was changed after `edit.seen_updated_at`.
            InvalidInput: a value is not valid.
        """
        values = _checked_values(edit)
        async with self._database.transaction() as connection:
            user = await lock_changeable_user(connection, actor, user_id)
            if user.updated_at != edit.seen_updated_at:
                raise ChangedMeanwhile
            before = {name: getattr(user, name) for name in values}
            if edit.alert_thresholds_percent is not None:
                thresholds = sorted(set(edit.alert_thresholds_percent))
                before["alert_thresholds_percent"] = await self._allowances.set_thresholds(
                    connection, user_id, thresholds
                )
                values["alert_thresholds_percent"] = thresholds
            before, after = _differing(before, values)
            if not after:
                return user
            await connection.execute(
                load_sql("users", "edit_user"),
                user_id,
                values.get("name", user.name),
                values.get("contact_email", user.contact_email),
            )
            await record(connection, actor, Change("user.edit", "user", str(user_id), before, after))
            return await read_user(connection, user_id)

    async def set_role(self, actor: Principal, user_id: UUID, role: Role) -> User:
        """Set an account's role. A repeat changes nothing.

        Raises:
            Conflict: the account has no verified address to sign in with, or is the actor's own.
            LastSuperAdmin: no other active super_admin exists.
        """
        async with self._database.transaction() as connection:
            super_admins = await lock_super_admins(connection)
            user = await lock_changeable_user(connection, actor, user_id)
            check_may_change(actor, role)
            if user.role is role:
                return user
            if actor.user_id == user_id:
                raise Conflict("Você não pode mudar o seu próprio perfil. Peça a outro administrador geral.")
            if role in STAFF and (user.email is None or not user.email_verified):
                raise Conflict("Esta conta não tem e-mail verificado, e por isso não pode entrar no painel.")
            if user.role is Role.SUPER_ADMIN:
                check_another_super_admin(super_admins, user_id)
            await connection.execute(
                "UPDATE users SET role = $2, updated_at = now() WHERE id = $1", user_id, role.value
            )
            before, after = {"role": user.role.value}, {"role": role.value}
            await record(connection, actor, Change("user.set_role", "user", str(user_id), before, after))
            changed = await read_user(connection, user_id)
        await self._cache_invalidation.publish(user_id)
        return changed

    async def set_temporary_password(self, actor: Principal, user_id: UUID) -> str:
        """Set and return a random password that the user has to change; their sessions end.

        Raises:
            Conflict: the account has no verified address to sign in with.
        """
        password = new_password()
        await self._users.set_password(user_id, password, actor=actor, temporary=True)
        return password

    async def anonymise(self, actor: Principal, user_id: UUID, reason: str) -> User:
        """Replace the user's personal data irreversibly (LGPD); a repeat changes nothing.

        Name, addresses, chat identities, names of keys and notes of requests are replaced. Keys and
        sessions end, pending credit requests are cancelled, the account is suspended. Usage events
        and credit transactions stay without a name.

        Raises:
            Conflict: the account is a staff account, or the actor's own.
        """
        async with self._database.transaction() as connection:
            user = await lock_user(connection, user_id)
            if user.anonymised_at is not None:
                return user
            check_may_change(actor, user.role)
            if user.role is not Role.USER:
                raise Conflict("Retire antes o perfil de equipe desta conta (perfil 'user').")
            if actor.user_id == user_id:
                raise Conflict("Você não pode anonimizar a sua própria conta.")
            for statement in _ANONYMISING:
                await connection.execute(load_sql("users", statement), user_id)
            keys = await connection.execute(load_sql("users", "anonymise_api_keys"), user_id)
            identities = await connection.execute(load_sql("users", "anonymise_identities"), user_id)
            details = {"reason": reason, "api_keys": _count(keys), "identities": _count(identities)}
            await record(connection, actor, Change("user.anonymise", "user", str(user_id), after=details))
            changed = await read_user(connection, user_id)
        # Caches still hold the user under the replaced identity.
        await self._cache_invalidation.publish(user_id)
        return changed

    async def staff(self) -> list[User]:
        """All accounts with a role above `user`, highest role first."""
        return await self._users.staff()


def new_password() -> str:
    """A random password of 96 bits, short enough to be read out."""
    return secrets.token_urlsafe(_TEMPORARY_PASSWORD_BYTES)


def _checked_values(edit: UserEdit) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if edit.name is not None:
        values["name"] = checked_name(edit.name)
    if edit.contact_email is not None:
        address = edit.contact_email.strip()
        values["contact_email"] = checked_email(address, param="contact_email") if address else None
    thresholds = edit.alert_thresholds_percent
    if thresholds is not None and (len(thresholds) > MAX_THRESHOLDS or any(not 1 <= t <= 100 for t in thresholds)):
        raise InvalidInput(
            f"Informe até {MAX_THRESHOLDS} limites de aviso, cada um de 1% a 100%.", param="alert_thresholds_percent"
        )
    return values


def _differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _count(tag: str) -> int:
    return int(tag.rpartition(" ")[2])
