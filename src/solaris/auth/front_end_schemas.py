"""Request and response bodies of front-end keys. No response contains a stored signing secret."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from solaris.auth.front_end import FrontEnd, FrontEndKind, HeaderNames
from solaris.auth.front_ends import (
    MAX_NAME_CHARACTERS,
    MAX_NEW_ACCOUNTS_PER_DAY,
    MAX_SECRET_CHARACTERS,
    NewAccountsToday,
    NewFrontEnd,
)
from solaris.auth.principal import BlockStyle

Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME_CHARACTERS, strip_whitespace=True)]
HeaderName = Annotated[str, StringConstraints(min_length=1, max_length=100)]
PlanType = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
NewAccountsPerDay = Annotated[StrictInt, Field(ge=0, le=MAX_NEW_ACCOUNTS_PER_DAY)]
Secret = Annotated[str, StringConstraints(max_length=MAX_SECRET_CHARACTERS, pattern=r"^[\x20-\x7e]*$")]


class HeadersBody(BaseModel):
    """Names of the headers in which the chat server sends its user."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    id: HeaderName
    email: HeaderName
    name: HeaderName

    def names(self) -> HeaderNames:
        """The header names as the service takes them."""
        return HeaderNames(self.id, self.email, self.name)


class FrontEndCreate(BaseModel):
    """The front end to create."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: Name
    kind: FrontEndKind = FrontEndKind.LIBRECHAT
    headers: HeadersBody | None = Field(
        default=None, description="Default: the names that this kind of chat server uses."
    )
    link_by_email: bool = Field(
        default=False, description="The chat server verifies addresses: link users to existing accounts."
    )
    strict: bool = Field(default=False, description="Open WebUI: accept only its signed identity.")
    signing_secret: Secret | None = Field(
        default=None,
        description="Open WebUI's FORWARD_USER_INFO_HEADER_JWT_SECRET; generated with `strict` if absent.",
    )
    block_style: BlockStyle = BlockStyle.ERROR
    plan_type: PlanType | None = Field(default=None, description="Plan of its new users; null: the default plan.")
    new_accounts_per_day: NewAccountsPerDay | None = Field(
        default=None, description="New accounts per day; null: SOLARIS_NEW_ACCOUNTS_PER_DAY. 0: none."
    )

    def new_front_end(self, made_up_secret: str) -> NewFrontEnd:
        """The front end as the service takes it; `made_up_secret` is the default if `strict`."""
        return NewFrontEnd(
            self.name,
            self.kind,
            None if self.headers is None else self.headers.names(),
            self.link_by_email,
            self.strict,
            self.signing_secret or (made_up_secret if self.strict else None),
            self.block_style,
            self.plan_type,
            self.new_accounts_per_day,
        )


class FrontEndUpdate(BaseModel):
    """The fields to change; absent fields keep their values."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    updated_at: AwareDatetime = Field(description="The value last read; 409 if it changed since.")
    name: Name | None = None
    headers: HeadersBody | None = None
    link_by_email: bool | None = None
    strict: bool | None = None
    signing_secret: Secret | None = Field(default=None, description="A new secret; null or empty removes it.")
    block_style: BlockStyle | None = None
    plan_type: PlanType | None = Field(default=None, description="Null: the default plan.")
    new_accounts_per_day: NewAccountsPerDay | None = Field(
        default=None, description="Null: SOLARIS_NEW_ACCOUNTS_PER_DAY. 0: none."
    )

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, as `NewFrontEnd` names them."""
        changes: dict[str, Any] = {}
        for name in self.model_fields_set - {"updated_at"}:
            value = getattr(self, name)
            if isinstance(value, HeadersBody):
                changes[name] = value.names()
            elif name == "signing_secret":
                changes[name] = value or None
            elif value is not None or name in ("plan_type", "new_accounts_per_day"):
                changes[name] = value
        return changes


class FrontEndResponse(BaseModel):
    """A front end with its key's first characters and without its secret."""

    id: UUID
    name: str
    prefix: str
    kind: FrontEndKind
    headers: HeadersBody
    link_by_email: bool
    strict: bool
    has_signing_secret: bool
    block_style: BlockStyle
    plan_type: str | None
    new_accounts_per_day: int | None
    new_accounts_limit: int = Field(description="The limit in force: its own or SOLARIS_NEW_ACCOUNTS_PER_DAY.")
    new_accounts_today: int = Field(description="Accounts created today.")
    new_accounts_refused_at: AwareDatetime | None = Field(
        description="When a new user was last refused today; null if none was, or the limit has room again."
    )
    users: int = Field(description="Users of this front end.")
    created_at: AwareDatetime
    updated_at: AwareDatetime
    revoked_at: AwareDatetime | None
    settings: str = Field(description="For librechat.yaml or Open WebUI's environment, with a placeholder for the key.")

    @classmethod
    def of(
        cls, front_end: FrontEnd, users: int, settings: str, today: NewAccountsToday, limit: int
    ) -> "FrontEndResponse":
        """The response for a front end; `limit`: its new accounts per day in force."""
        shown = {
            name: getattr(front_end, name) for name in FrontEnd.__slots__ if name not in ("headers", "signing_secret")
        }
        return cls(
            **shown,
            headers=HeadersBody.model_validate(front_end.headers),
            has_signing_secret=front_end.signing_secret is not None,
            new_accounts_limit=limit,
            new_accounts_today=today.accounts,
            new_accounts_refused_at=today.refused_at if today.accounts >= limit else None,
            users=users,
            settings=settings,
        )


class FrontEndsResponse(BaseModel):
    """All front ends, also revoked ones, newest first."""

    data: list[FrontEndResponse]


class CreatedFrontEndResponse(FrontEndResponse):
    """A front end with its key and settings; no later response contains the key."""

    key: str
