"""A front end: a trusted chat server that names its users in headers."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from solaris.auth.principal import BlockStyle


class FrontEndKind(StrEnum):
    """The kind of chat server, which determines the encoding of header values."""

    LIBRECHAT = "librechat"
    OPEN_WEBUI = "open_webui"


@dataclass(frozen=True, slots=True)
class HeaderNames:
    """The headers that name the user."""

    id: str
    email: str
    name: str


DEFAULT_HEADER_NAMES = {
    FrontEndKind.LIBRECHAT: HeaderNames("X-Librechat-User-Id", "X-Librechat-User-Email", "X-Librechat-User-Name"),
    FrontEndKind.OPEN_WEBUI: HeaderNames("X-OpenWebUI-User-Id", "X-OpenWebUI-User-Email", "X-OpenWebUI-User-Name"),
}


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """A row of `front_end_keys`.

    `strict`: only Open WebUI's signed identity is accepted. `link_by_email`: the front end's
    addresses are verified. `plan_type`: plan of its new users; None: the default plan.
    `new_accounts_per_day` None: SOLARIS_NEW_ACCOUNTS_PER_DAY applies.
    """

    id: UUID
    name: str
    prefix: str
    kind: FrontEndKind
    headers: HeaderNames
    link_by_email: bool
    strict: bool
    signing_secret: str | None = field(repr=False)
    block_style: BlockStyle
    plan_type: str | None
    new_accounts_per_day: int | None
    created_at: datetime
    updated_at: datetime
    revoked_at: datetime | None
