"""Conditions of changes to accounts, each under its nearest class of `domain.errors`.

Forbidden
└── OwnAccount      staff may not change their own balance or decide their own request
Conflict
├── EmailTaken      another user has this address
└── LastSuperAdmin  no active super_admin would be left

Conditions that `auth` raises too (`ChangedMeanwhile`, `DefaultPlanMissing`) are in `auth.errors`.
"""

from solaris.domain.errors import Conflict, Forbidden


class OwnAccount(Forbidden):
    """Staff may not change their own balance or decide their own request."""

    code = "own_account"


class EmailTaken(Conflict):
    """Another user has this address."""

    code = "email_taken"


class LastSuperAdmin(Conflict):
    """No active super_admin would be left."""

    code = "last_super_admin"
