"""Rules on who may change whose account; each check returns nothing or raises."""

from collections.abc import Sequence
from uuid import UUID

from solaris.auth.principal import Principal
from solaris.domain.errors import Forbidden
from solaris.domain.roles import STAFF, Role
from solaris.users.errors import LastSuperAdmin, OwnAccount


def check_not_own_account(actor: Principal | None, user_id: UUID, action: str) -> None:
    """Refuse an action of staff on their own account; the command line (no actor) may do it.

    `action` is a pt-BR infinitive phrase, such as "mudar o limite da sua própria conta".

    Raises:
        OwnAccount: the account is the actor's own.
    """
    if actor is not None and actor.user_id == user_id:
        raise OwnAccount(
            f"Você não pode {action}. Peça a outra pessoa da equipe com perfil de administrador ou administrador geral."
        )


def check_may_change(actor: Principal | None, role: Role) -> None:
    """Refuse a change of staff accounts, or a grant of staff roles, by anyone but a super_admin.

    `role` is the account's role, or the role that it is to get.

    Raises:
        Forbidden: `role` is a staff role and the actor is not a super_admin.
    """
    # Without an actor the caller is the command line, which can already write to the database.
    if actor is not None and role in STAFF and actor.role is not Role.SUPER_ADMIN:
        raise Forbidden("Só um administrador geral pode alterar contas da equipe.")


def check_another_super_admin(super_admins: Sequence[UUID], user_id: UUID) -> None:
    """Refuse to remove the only active super_admin from `super_admins`.

    Raises:
        LastSuperAdmin: no active super_admin other than this user exists.
    """
    if all(known == user_id for known in super_admins):
        raise LastSuperAdmin("Este é o último administrador geral ativo. Promova outra pessoa antes.")
