"""Who is calling, once that is known."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from solaris.domain.roles import Role

DEFAULT_CONCURRENT_CALLS = 20
MAX_CONCURRENT_CALLS = 10_000


class Via(StrEnum):
    """How the caller proved who he is (SPEC 6, Who is calling)."""

    API_KEY = "api_key"
    JWT = "jwt"
    FRONT_END = "front_end"
    WIDGET = "widget"


class BlockStyle(StrEnum):
    """How a front end wants to be told that a request is blocked."""

    ERROR = "error"
    ASSISTANT_MESSAGE = "assistant_message"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller. `client` names the key or front end, for the receipts; `token_id` is the JWT's jti.

    `is_page`: the token is a browser's session on our pages, in its cookie.
    The rates and `concurrent_calls`, model calls in progress at the same time, are those of the user's plan; a rate of None is not
    limited. `must_change_password`: staff made the password that the user signed in with.
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
