"""What signing in reads of a user. The room `users` implements it; `auth` lies below that room and does not import it."""

from typing import Protocol
from uuid import UUID

from solaris.domain.roles import Role


class UserRecord(Protocol):
    """A user's record. `email` is None where no address is verified."""

    @property
    def id(self) -> UUID:
        """The user's id."""

    @property
    def email(self) -> str | None:
        """The verified address."""

    @property
    def name(self) -> str:
        """The name on the pages."""

    @property
    def role(self) -> Role:
        """What they may do."""

    @property
    def active(self) -> bool:
        """False while they are suspended."""

    @property
    def plan_type(self) -> str | None:
        """The key of their plan."""

    @property
    def monthly_tokens(self) -> int | None:
        """Their monthly allowance, in tokens."""


class UserReader(Protocol):
    """Reads users by id."""

    async def get(self, user_id: UUID) -> UserRecord:
        """The user with this id.

        Raises:
            NotFound: there is none.
        """

    async def plan_name(self, plan_type: str | None) -> str | None:
        """The plan's display name; None without a plan."""
