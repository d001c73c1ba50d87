"""Conditions of this room, each under its nearest domain class.

NotAuthenticated
├── CredentialMissing      no key and no token came with the request
├── IdentityMissing        a front end named no user
└── IdentityNotProven      strict mode, and the signed identity is missing or wrong
InvalidInput
└── PasswordTooWeak        the new password breaks a rule (the message says which)
Forbidden
├── ForeignPage            a browser's session was used from a page that is not ours
├── NewAccountsLimitReached the front end made all the accounts that it may make today
└── PasswordChangeRequired a temporary password is still in force
Conflict
├── FrontEndNameTaken      a front end with this name exists, or existed
├── ChangedMeanwhile       somebody else changed it since it was read
└── KeyLimitReached        the user has as many API keys as one may have
Unavailable
├── SignInOverloaded       too many passwords are being checked at this moment
└── DefaultPlanMissing     the plan for new users does not exist: ours to mend, not the caller's
"""

from solaris.domain.errors import Conflict, Forbidden, InvalidInput, NotAuthenticated, Unavailable


class CredentialMissing(NotAuthenticated):
    """No key and no token came with the request; a browser's session may still stand behind it."""


class IdentityMissing(NotAuthenticated):
    """The front end's key is right, but no header names the user."""

    code = "identity_missing"


class IdentityNotProven(NotAuthenticated):
    """Strict mode: the signed identity is missing, expired, or not signed with the shared secret."""

    code = "identity_not_proven"


class PasswordTooWeak(InvalidInput):
    """The new password breaks a rule; the message says which."""

    code = "password_too_weak"


class ForeignPage(Forbidden):
    """A browser's session was used from a page that is not ours; nothing was done."""

    code = "foreign_page"

    def __init__(self) -> None:
        super().__init__("O pedido não veio das nossas páginas e foi recusado. Recarregue a página e tente de novo.")


class PasswordChangeRequired(Forbidden):
    """The caller's password is one that staff made: he has to choose his own before he changes anything else."""

    code = "password_change_required"

    def __init__(self) -> None:
        super().__init__("Sua senha é provisória. Escolha uma senha sua antes de continuar.")


class NewAccountsLimitReached(Forbidden):
    """The front end made all the accounts that it may make today; this user's was not made. `limit` is the limit."""

    code = "new_accounts_limit_reached"

    def __init__(self, message: str, *, limit: int) -> None:
        super().__init__(message)
        self.limit = limit


class FrontEndNameTaken(Conflict):
    """A front end with this name exists, or existed and was revoked."""

    code = "front_end_name_taken"


class ChangedMeanwhile(Conflict):
    """Somebody else changed it since it was read; nothing was overwritten."""

    code = "changed_meanwhile"

    def __init__(self) -> None:
        super().__init__(
            "Outra pessoa alterou este registro depois que você o abriu. Nada foi gravado: confira a versão atual.",
            param="updated_at",
        )


class KeyLimitReached(Conflict):
    """The user has as many API keys as one may have."""

    code = "key_limit_reached"


class SignInOverloaded(Unavailable):
    """Too many passwords are being checked at this moment."""

    code = "sign_in_overloaded"


class DefaultPlanMissing(Unavailable):
    """The plan for new users does not exist or is not active."""

    code = "default_plan_missing"
