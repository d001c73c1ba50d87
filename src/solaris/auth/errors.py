"""Conditions of this package, each under its nearest class of `domain.errors`.

NotAuthenticated
├── CredentialMissing      the request has no key and no token
├── IdentityMissing        a front end named no user
└── IdentityNotProven      strict mode: the signed identity is missing or not valid
InvalidInput
└── PasswordTooWeak        the new password breaks a rule (the message says which)
Forbidden
├── ForeignPage            a page session was used from another origin
├── NewAccountsLimitReached the front end's accounts of the day are used up
└── PasswordChangeRequired a temporary password is still in force
Conflict
├── FrontEndNameTaken      a front end with this name exists, or was revoked
├── ChangedMeanwhile       the row was changed after the caller read it
└── KeyLimitReached        the user has the maximum number of API keys
Unavailable
├── SignInOverloaded       too many passwords are being checked
└── DefaultPlanMissing     the plan of new users does not exist or is not active
"""

from solaris.domain.errors import Conflict, Forbidden, InvalidInput, NotAuthenticated, Unavailable


class CredentialMissing(NotAuthenticated):
    """The request has no key and no token; it may still have the cookie of a page session."""


class IdentityMissing(NotAuthenticated):
    """The front end's key is right, but no header names the user."""

    code = "identity_missing"


class IdentityNotProven(NotAuthenticated):
    """Strict mode: the signed identity is missing, expired, or has a wrong signature."""

    code = "identity_not_proven"


class PasswordTooWeak(InvalidInput):
    """The new password breaks a rule; the message says which."""

    code = "password_too_weak"


class ForeignPage(Forbidden):
    """A page session was used from another origin; the request had no effect."""

    code = "foreign_page"

    def __init__(self) -> None:
        super().__init__("O pedido não veio das nossas páginas e foi recusado. Recarregue a página e tente de novo.")


class PasswordChangeRequired(Forbidden):
    """The caller signed in with a temporary password and must change it before any other change."""

    code = "password_change_required"

    def __init__(self) -> None:
        super().__init__("Sua senha é provisória. Escolha uma senha sua antes de continuar.")


class NewAccountsLimitReached(Forbidden):
    """The front end's accounts of the day are used up; no account was created.

    `limit`: accounts that the front end may create per day.
    """

    code = "new_accounts_limit_reached"

    def __init__(self, message: str, *, limit: int) -> None:
        super().__init__(message)
        self.limit = limit


class FrontEndNameTaken(Conflict):
    """A front end with this name exists, or existed and was revoked."""

    code = "front_end_name_taken"


class ChangedMeanwhile(Conflict):
    """The row was changed after the caller read it; nothing was overwritten."""

    code = "changed_meanwhile"

    def __init__(self) -> None:
        super().__init__(
            "Outra pessoa alterou este registro depois que você o abriu. Nada foi gravado: confira a versão atual.",
            param="updated_at",
        )


class KeyLimitReached(Conflict):
    """The user has the maximum number of API keys in force."""

    code = "key_limit_reached"


class SignInOverloaded(Unavailable):
    """Too many passwords are being checked; a retry in seconds may succeed."""

    code = "sign_in_overloaded"


class DefaultPlanMissing(Unavailable):
    """The plan of new users does not exist or is not active; an operator has to fix it."""

    code = "default_plan_missing"
