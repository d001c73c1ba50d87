"""Routes of sessions: sign-in, sign-out, renewal, password, and the current user."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal, Via
from solaris.auth.sign_in import SignedIn, SignIn
from solaris.auth.user_reader import UserReader, UserRecord
from solaris.domain.errors import Forbidden
from solaris.domain.roles import Role

# Longer than any valid password, short enough to bound the work.
_MAX_TYPED_CHARACTERS = 1024
_MAX_SOURCE_CHARACTERS = 64
_SIGN_IN_DESCRIPTION = (
    "A 401 does not say whether address or password is wrong. Five failures for an address lock it for 15 minutes (429 "
    "with Retry-After), whether the address is known or not."
)


class Credentials(BaseModel):
    """E-mail address and password."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    email: str = Field(min_length=1, max_length=254, examples=["maria@demo.local"])
    password: str = Field(min_length=1, max_length=_MAX_TYPED_CHARACTERS)


class PasswordChange(BaseModel):
    """The current and the new password."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    current_password: str = Field(min_length=1, max_length=_MAX_TYPED_CHARACTERS)
    new_password: str = Field(min_length=1, max_length=_MAX_TYPED_CHARACTERS, description="10 to 128 characters.")


class SessionUser(BaseModel):
    """The signed-in user."""

    id: UUID
    email: str | None
    name: str
    role: Role


class Session(BaseModel):
    """A new session. Send the token as `Authorization: Bearer …`."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the scheme, no secret
    expires_in: int = Field(description="Seconds until the token expires.")
    user: SessionUser
    must_change_password: bool = Field(
        description="True after a sign-in with a temporary password: until it is changed, requests that change something "
        "are refused (403 `password_change_required`)."
    )


class Me(SessionUser):
    """The caller, and how they are authenticated."""

    active: bool = Field(description="False: suspended, may read but not spend.")
    plan_type: str | None
    plan_name: str | None = Field(description="The plan's display name.")
    monthly_tokens: int | None
    via: Via


def routes(sign_in: SignIn, users: UserReader, caller: Caller, *, staff_only: bool = False) -> APIRouter:
    """`/api/auth/*`. With `staff_only` (Admin Dashboard) only active staff get a session."""
    router = APIRouter(prefix="/api/auth", tags=["auth"])
    CurrentCaller = Annotated[Principal, Depends(caller.user_with_any_password)]  # noqa: N806 - a type, though it closes over `caller`

    @router.post("/login", response_model=Session, summary="Sign in", description=_SIGN_IN_DESCRIPTION)
    async def login(body: Credentials, request: Request, response: Response) -> Session:
        signed_in = await sign_in.sign_in(body.email, body.password, source=source_of(request), staff_only=staff_only)
        request.state.user_id = signed_in.user.id
        return _session(signed_in, response)

    @router.post(
        "/logout", status_code=204, summary="Sign out", description="Ends this session. Other sessions continue."
    )
    async def logout(principal: CurrentCaller) -> None:
        await sign_in.sign_out(principal)

    @router.post(
        "/refresh",
        response_model=Session,
        summary="Renew the session",
        description="Returns a new token and ends the one sent. Each token can be renewed once.",
    )
    async def refresh(principal: CurrentCaller, response: Response) -> Session:
        return _session(await sign_in.refresh(principal), response)

    @router.post(
        "/password",
        response_model=Session,
        summary="Change the password",
        description="Ends all sessions and returns a new token for this one. API keys stay in force.",
    )
    async def password(body: PasswordChange, principal: CurrentCaller, request: Request, response: Response) -> Session:
        if principal.is_page:
            raise Forbidden("Nas páginas, a senha é trocada em /api/auth/session/password.")
        changed = await sign_in.change_password(
            principal, body.current_password, body.new_password, source=source_of(request)
        )
        return _session(changed, response)

    @router.get("/me", response_model=Me, summary="Who am I", description="The caller, for any kind of credential.")
    async def me(principal: CurrentCaller) -> Me:
        user = await users.get(principal.user_id)
        return Me(
            **_user(user).model_dump(),
            active=user.active,
            plan_type=user.plan_type,
            plan_name=await users.plan_name(user.plan_type),
            monthly_tokens=user.monthly_tokens,
            via=principal.via,
        )

    return router


def _session(signed_in: SignedIn, response: Response) -> Session:
    response.headers["Cache-Control"] = "no-store"
    token = signed_in.token
    return Session(
        access_token=token.text,
        expires_in=token.expires_in_seconds,
        user=_user(signed_in.user),
        must_change_password=signed_in.must_change_password,
    )


def _user(user: UserRecord) -> SessionUser:
    return SessionUser(id=user.id, email=user.email, name=user.name, role=user.role)


def source_of(request: Request) -> str:
    """The request's source address, by which failures are counted."""
    return "unknown" if request.client is None else request.client.host[:_MAX_SOURCE_CHARACTERS]
