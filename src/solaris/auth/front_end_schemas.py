"""The JSON of front-end keys. The signing secret goes in and never comes out."""

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
    """The headers in which the chat server names its user."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    id: HeaderName
    email: HeaderName
    name: HeaderName

    def names(self) -> HeaderNames:
        """The same for the room."""
        return HeaderNames(self.id, self.email, self.name)


class FrontEndCreate(BaseModel):
    """The front end to create."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: Name
    kind: FrontEndKind = FrontEndKind.LIBRECHAT
    headers: HeadersBody | None = Field(default=None, description="The kind's own names where left out.")
    link_by_email: bool = Field(default=False, description="Its addresses are verified: link them to existing users.")
    strict: bool = Field(default=False, description="Open WebUI: believe its signed identity alone.")
    signing_secret: Secret | None = Field(
        default=None,
        description="Open WebUI's FORWARD_USER_INFO_HEADER_JWT_SECRET; made up with `strict` where left out.",
    )
    block_style: BlockStyle = BlockStyle.ERROR
    plan_type: PlanType | None = Field(default=None, description="Plan of the users it brings; null: the default one.")
    new_accounts_per_day: NewAccountsPerDay | None = Field(
        default=None, description="Accounts it may make a day; null: SOLARIS_NEW_ACCOUNTS_PER_DAY. 0: none."
    )

    def new_front_end(self, made_up_secret: str) -> NewFrontEnd:
        """The same for the room."""
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
    """What to change; fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    updated_at: AwareDatetime = Field(description="As read with the key; a 409 where it changed meanwhile.")
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
    """A front end as lists show it; the key by its first characters, the secret not at all."""

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
    new_accounts_limit: int = Field(description="The limit in force: its own, or SOLARIS_NEW_ACCOUNTS_PER_DAY.")
    new_accounts_today: int = Field(description="Accounts it made today.")
    new_accounts_refused_at: AwareDatetime | None = Field(
        description="When a new user was refused today; null where none was, or the limit has room again."
    )
    users: int = Field(description="Users that it brought.")
    created_at: AwareDatetime
    updated_at: AwareDatetime
    revoked_at: AwareDatetime | None
    settings: str = Field(description="For librechat.yaml or Open WebUI's environment, with a placeholder for the key.")

    @classmethod
    def of(
        cls, front_end: FrontEnd, users: int, settings: str, today: NewAccountsToday, limit: int
    ) -> "FrontEndResponse":
        """The answer for a front end whose accounts a day are limited to `limit`."""
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
    """All front ends, the newest first; revoked ones too."""

    data: list[FrontEndResponse]


class CreatedFrontEndResponse(FrontEndResponse):
    """A front end with its key and the settings that hold it, shown this one time."""

    key: str
