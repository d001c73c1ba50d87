"""A trusted chat server: which headers it names its users in, and what its key allows."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from solaris.auth.principal import BlockStyle


class FrontEndKind(StrEnum):
    """Which chat server it is; it decides how header values are encoded."""

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
    """One front-end key's row.

    `strict`: only Open WebUI's signed identity counts. `link_by_email`: its addresses are verified. `plan_type` None: the default
    plan for the users it brings. `new_accounts_per_day` None: as many as SOLARIS_NEW_ACCOUNTS_PER_DAY says.
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
