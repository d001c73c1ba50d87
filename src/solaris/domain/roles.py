"""Who may do what (SPEC 6, roles)."""

from enum import StrEnum


class Role(StrEnum):
    """A person's role; `user` chats, the others are staff."""

    USER = "user"
    SUPPORT = "support"
    OPERATOR = "operator"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"


STAFF = frozenset({Role.SUPPORT, Role.OPERATOR, Role.ADMIN, Role.SUPER_ADMIN})
MONEY_READERS = frozenset({Role.OPERATOR, Role.ADMIN, Role.SUPER_ADMIN})
MONEY_WRITERS = frozenset({Role.ADMIN, Role.SUPER_ADMIN})
# Who keeps users' accounts: names, contacts, alerts, suspending (SPEC 1). What gives or takes tokens is for MONEY_WRITERS.
USER_EDITORS = MONEY_READERS
OWNERS = frozenset({Role.SUPER_ADMIN})
