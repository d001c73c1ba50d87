"""The authenticated caller."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from solaris.domain.roles import Role

DEFAULT_CONCURRENT_CALLS = 20
MAX_CONCURRENT_CALLS = 10_000


class Via(StrEnum):
    """How the caller is authenticated (SPEC 6, Who is calling)."""

    API_KEY = "api_key"
    JWT = "jwt"
    FRONT_END = "front_end"
    WIDGET = "widget"


class BlockStyle(StrEnum):
    """How a front end receives the refusal of a blocked request."""

    ERROR = "error"
    ASSISTANT_MESSAGE = "assistant_message"


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller.

    `client`: name of the key or front end, shown in the usage history. `token_id`: the JWT's `jti`.
    `is_page`: the token is a page session in a cookie. The rates and `concurrent_calls` (model
    calls in progress at the same time) are those of the user's plan; a rate of None is unlimited.
    `must_change_password`: the user signed in with a temporary password.
    """

    user_id: UUID
    role: Role
    active: bool
    via: Via
    client: str
    front_end_key_id: UUID | None = None
    block_style: BlockStyle = BlockStyle.ERROR
    token_id: str | None = None
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    is_page: bool = False
    must_change_password: bool = False
    concurrent_calls: int = DEFAULT_CONCURRENT_CALLS
