"""Routes of widget tokens, with which a chat page shows the balance."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.auth.widget_tokens import LIFETIME, MAX_TOKENS, WidgetToken, WidgetTokens


class WidgetTokenCreate(BaseModel):
    """The page that gets the token."""

    model_config = ConfigDict(extra="forbid")

    origin: str | None = Field(
        default=None,
        max_length=300,
        description="The chat page's origin, one of SOLARIS_WIDGET_ORIGINS. Optional only with a front end's key.",
        examples=["https://chat.example.com.br"],
    )


class ListedWidgetToken(BaseModel):
    """A widget token without its secret."""

    id: UUID
    origin: str = Field(description="Empty if a chat server requested the token without one.")
    created_at: datetime
    expires_at: datetime


class NewWidgetToken(ListedWidgetToken):
    """A new widget token; no later answer contains it."""

    token: str = Field(description="Only reads its user's balance; send it as `Authorization: Bearer …`.")
    expires_in: int = Field(description="Seconds until it expires.")


class WidgetTokenList(BaseModel):
    """The caller's tokens in force, newest first."""

    data: list[ListedWidgetToken]


def routes(tokens: WidgetTokens, caller: Caller) -> APIRouter:
    """`/api/widget/*`."""
    router = APIRouter(prefix="/api/widget", tags=["widget"])
    ActiveUser = Annotated[Principal, Depends(caller.active_user)]  # noqa: N806 - a type, though it closes over `caller`
    SignedInUser = Annotated[Principal, Depends(caller.signed_in)]  # noqa: N806 - as above

    @router.post(
        "/token",
        status_code=201,
        response_model=NewWidgetToken,
        summary="Connect a counter",
        description=(
            f"A read-only token for the widget on a chat page, valid for {LIFETIME.days} days. At most {MAX_TOKENS} are in force; "
            "then the oldest is revoked. Needs a session and the page's origin, or a front end's key with its user. "
            "Suspended users get 403 `user_suspended`."
        ),
    )
    async def create(body: WidgetTokenCreate, user: ActiveUser, response: Response) -> NewWidgetToken:
        created = await tokens.create(user, body.origin)
        response.headers["Cache-Control"] = "no-store"
        left = created.record.expires_at - datetime.now(UTC)
        return NewWidgetToken(
            **_listed(created.record).model_dump(), token=created.token, expires_in=round(left.total_seconds())
        )

    @router.get(
        "/tokens",
        response_model=WidgetTokenList,
        summary="List connected counters",
        description="The caller's tokens in force, newest first.",
    )
    async def list_tokens(user: SignedInUser) -> WidgetTokenList:
        return WidgetTokenList(data=[_listed(token) for token in await tokens.list(user.user_id)])

    @router.delete(
        "/tokens/{token_id}",
        status_code=204,
        summary="Disconnect a counter",
        description="The token is refused from now on; its open streams end.",
    )
    async def revoke(token_id: UUID, user: SignedInUser) -> None:
        await tokens.revoke(user, token_id)

    return router


def _listed(token: WidgetToken) -> ListedWidgetToken:
    return ListedWidgetToken(id=token.id, origin=token.origin, created_at=token.created_at, expires_at=token.expires_at)
