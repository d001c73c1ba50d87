"""The rule that no member of the staff gives themselves tokens, or decides about their own request."""

from uuid import UUID

from solaris.auth.errors import OwnAccount
from solaris.auth.principal import Principal


def check_not_own_account(actor: Principal | None, user_id: UUID, action: str) -> None:
    """Return when the account belongs to another person than the actor, or when the command line acts (no actor).

    `action` is a pt-BR infinitive phrase, such as "mudar o limite da sua própria conta".

    Raises:
        OwnAccount: the actor's own account.
    """
    if actor is not None and actor.user_id == user_id:
        raise OwnAccount(
            f"Você não pode {action}. Peça a outra pessoa da equipe com perfil de administrador ou administrador geral."
        )
