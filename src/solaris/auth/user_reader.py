"""What sessions read of users. Implemented by `users`, which `auth` may not import."""

from typing import Protocol
from uuid import UUID

from solaris.domain.roles import Role


class UserRecord(Protocol):
    """A user's record. `email` None: the user has no address."""

    @property
    def id(self) -> UUID:
        """The user's id."""

    @property
    def email(self) -> str | None:
        """The user's e-mail address."""

    @property
    def name(self) -> str:
        """The display name."""

    @property
    def role(self) -> Role:
        """The user's role."""

    @property
    def active(self) -> bool:
        """False while the user is suspended."""

    @property
    def plan_type(self) -> str | None:
        """The key of the user's plan."""

    @property
    def monthly_tokens(self) -> int | None:
        """The user's monthly allowance in tokens."""


class UserReader(Protocol):
    """Reads users by id."""

    async def get(self, user_id: UUID) -> UserRecord:
        """The user with this id.

        Raises:
            NotFound: no such user.
        """

    async def plan_name(self, plan_type: str | None) -> str | None:
        """The plan's display name; None without a plan."""
