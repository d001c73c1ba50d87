"""Roles and the permissions that they give (SPEC 6, roles)."""

from enum import StrEnum


class Role(StrEnum):
    """A user's role: `user` only chats, all others are staff."""

    USER = "user"
    SUPPORT = "support"
    OPERATOR = "operator"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"


STAFF = frozenset({Role.SUPPORT, Role.OPERATOR, Role.ADMIN, Role.SUPER_ADMIN})
MONEY_READERS = frozenset({Role.OPERATOR, Role.ADMIN, Role.SUPER_ADMIN})
MONEY_WRITERS = frozenset({Role.ADMIN, Role.SUPER_ADMIN})
# May edit names, contacts and alerts, and suspend (SPEC 1). Balances are for MONEY_WRITERS.
USER_EDITORS = MONEY_READERS
OWNERS = frozenset({Role.SUPER_ADMIN})
