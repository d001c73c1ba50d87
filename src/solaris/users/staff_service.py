"""What staff do to accounts: edit, role, temporary password, anonymise. Every change is in the audit log, secrets never."""

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
from solaris.users.user_service import (
    User,
    UserService,
    changeable_person,
    check_another_super_admin,
    check_may_change,
    checked_email,
    checked_name,
    lock_super_admins,
    locked_person,
    read_person,
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
    """What to change of an account; None leaves a field as it is, an empty contact address removes it.

    `seen_updated_at` is the account's `updated_at` as the editor saw it.
    """

    seen_updated_at: datetime
    name: str | None = None
    contact_email: str | None = None
    alert_thresholds_percent: Sequence[int] | None = None


class StaffService:
    """Changes of accounts by staff.

    Every method raises `NotFound` for an unknown user, `Forbidden` where somebody below super_admin would change an account of
    the staff, and `Conflict` for an anonymised account.
    """

    def __init__(
        self, database: Database, people: UserService, changes: CacheInvalidation, allowances: Allowances
    ) -> None:
        self._database = database
        self._people = people
        self._changes = changes
        self._allowances = allowances

    async def edit(self, actor: Principal, user_id: UUID, edit: UserEdit) -> User:
        """Change name, contact address or alert thresholds.

        Raises:
            ChangedMeanwhile: somebody else changed the account since it was read.
            InvalidInput: a value can't be used.
        """
        wanted = _wanted(edit)
        async with self._database.transaction() as connection:
            person = await changeable_person(connection, actor, user_id)
            if person.updated_at != edit.seen_updated_at:
                raise ChangedMeanwhile
            before = {name: getattr(person, name) for name in wanted}
            if edit.alert_thresholds_percent is not None:
                thresholds = sorted(set(edit.alert_thresholds_percent))
                before["alert_thresholds_percent"] = await self._allowances.set_thresholds(
                    connection, user_id, thresholds
                )
                wanted["alert_thresholds_percent"] = thresholds
            before, after = _differing(before, wanted)
            if not after:
                return person
            await connection.execute(
                load_sql("users", "edit_person"),
                user_id,
                wanted.get("name", person.name),
                wanted.get("contact_email", person.contact_email),
            )
            await record(connection, actor, Change("user.edit", "user", str(user_id), before, after))
            return await read_person(connection, user_id)

    async def set_role(self, actor: Principal, user_id: UUID, role: Role) -> User:
        """Give an account another role. A repeat changes nothing.

        Raises:
            Conflict: the account has no verified address to sign in with; nobody changes his own role; `LastSuperAdmin`.
        """
        async with self._database.transaction() as connection:
            super_admins = await lock_super_admins(connection)
            person = await changeable_person(connection, actor, user_id)
            check_may_change(actor, role)
            if person.role is role:
                return person
            if actor.user_id == user_id:
                raise Conflict("Você não pode mudar o seu próprio perfil. Peça a outro administrador geral.")
            if role in STAFF and (person.email is None or not person.email_verified):
                raise Conflict("Esta conta não tem e-mail verificado, e por isso não pode entrar no painel.")
            if person.role is Role.SUPER_ADMIN:
                check_another_super_admin(super_admins, user_id)
            await connection.execute(
                "UPDATE users SET role = $2, updated_at = now() WHERE id = $1", user_id, role.value
            )
            before, after = {"role": person.role.value}, {"role": role.value}
            await record(connection, actor, Change("user.set_role", "user", str(user_id), before, after))
            changed = await read_person(connection, user_id)
        await self._changes.tell(user_id)
        return changed

    async def set_temporary_password(self, actor: Principal, user_id: UUID) -> str:
        """A new password, which only the answer holds and the user has to change; everything signed in as him is signed out.

        Raises:
            Conflict: he has no verified address to sign in with.
        """
        password = new_password()
        await self._people.set_password(user_id, password, actor=actor, temporary=True)
        return password

    async def anonymise(self, actor: Principal, user_id: UUID, reason: str) -> User:
        """Replace the person's data for good (LGPD); a repeat changes nothing.

        Gone are name, addresses, chat identities, names of keys and notes of requests. Keys and sessions end, pending credit
        requests are cancelled, the account is suspended. Usage events and credit transactions stay, without a name to them.

        Raises:
            Conflict: the account belongs to the staff, or is the actor's own.
        """
        async with self._database.transaction() as connection:
            person = await locked_person(connection, user_id)
            if person.anonymised_at is not None:
                return person
            check_may_change(actor, person.role)
            if person.role is not Role.USER:
                raise Conflict("Retire antes o perfil de equipe desta conta (perfil 'user').")
            if actor.user_id == user_id:
                raise Conflict("Você não pode anonimizar a sua própria conta.")
            for statement in _ANONYMISING:
                await connection.execute(load_sql("users", statement), user_id)
            keys = await connection.execute(load_sql("users", "anonymise_api_keys"), user_id)
            identities = await connection.execute(load_sql("users", "anonymise_identities"), user_id)
            told = {"reason": reason, "api_keys": _count(keys), "identities": _count(identities)}
            await record(connection, actor, Change("user.anonymise", "user", str(user_id), after=told))
            changed = await read_person(connection, user_id)
        # His front ends' caches hold him under the identity that is gone now.
        await self._changes.tell(user_id)
        return changed

    async def staff(self) -> list[User]:
        """Everybody with a role above `user`, the highest first."""
        return await self._people.staff()


def new_password() -> str:
    """A password that nobody guesses, short enough to be read out."""
    return secrets.token_urlsafe(_TEMPORARY_PASSWORD_BYTES)


def _wanted(edit: UserEdit) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if edit.name is not None:
        wanted["name"] = checked_name(edit.name)
    if edit.contact_email is not None:
        address = edit.contact_email.strip()
        wanted["contact_email"] = checked_email(address, param="contact_email") if address else None
    thresholds = edit.alert_thresholds_percent
    if thresholds is not None and (len(thresholds) > MAX_THRESHOLDS or any(not 1 <= t <= 100 for t in thresholds)):
        raise InvalidInput(
            f"Informe até {MAX_THRESHOLDS} limites de aviso, cada um de 1% a 100%.", param="alert_thresholds_percent"
        )
    return wanted


def _differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _count(tag: str) -> int:
    return int(tag.rpartition(" ")[2])
