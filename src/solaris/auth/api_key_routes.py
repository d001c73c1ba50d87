"""Routes of the caller's API keys."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from solaris.auth.api_keys import MAX_KEYS, MAX_NAME_CHARACTERS, ApiKey, ApiKeys
from solaris.auth.caller import Caller
from solaris.auth.principal import Principal


class ApiKeyCreate(BaseModel):
    """The API key to create."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=MAX_NAME_CHARACTERS, examples=["notebook"])


class Key(BaseModel):
    """An API key without its secret part."""

    id: UUID
    name: str
    prefix: str = Field(description="The first characters of the key, to identify it.")
    created_at: datetime
    last_used_at: datetime | None = Field(description="Accurate to five minutes.")


class CreatedKey(Key):
    """A new API key with its secret; no later answer contains it."""

    key: str = Field(description="The key. It is shown only in this answer.")


class Keys(BaseModel):
    """The caller's keys in force, newest first."""

    data: list[Key]


def routes(api_keys: ApiKeys, caller: Caller) -> APIRouter:
    """`/api/keys`. Needs a session: if keys could create keys, revoking one would not help."""
    router = APIRouter(prefix="/api/keys", tags=["keys"])
    SignedInUser = Annotated[Principal, Depends(caller.signed_in)]  # noqa: N806 - a type, though it closes over `caller`

    ActiveUser = Annotated[Principal, Depends(caller.active_signed_in)]  # noqa: N806 - as above

    @router.post(
        "",
        status_code=201,
        response_model=CreatedKey,
        summary="Create an API key",
        description=f"The key is shown once and stored hashed. A user may have {MAX_KEYS} keys in force. "
        "Suspended users get 403 `user_suspended`.",
    )
    async def create(body: ApiKeyCreate, principal: ActiveUser, response: Response) -> CreatedKey:
        created = await api_keys.create(principal.user_id, body.name, actor=principal)
        response.headers["Cache-Control"] = "no-store"
        return CreatedKey(**_key(created.record).model_dump(), key=created.key)

    @router.get("", response_model=Keys, summary="List your API keys", description="Keys in force, newest first.")
    async def list_keys(principal: SignedInUser) -> Keys:
        return Keys(data=[_key(key) for key in await api_keys.list(principal.user_id)])

    @router.delete(
        "/{key_id}",
        status_code=204,
        summary="Revoke an API key",
        description="From now on, calls with this key are refused.",
    )
    async def revoke(key_id: UUID, principal: SignedInUser) -> None:
        await api_keys.revoke(principal.user_id, key_id, actor=principal)

    return router


def _key(key: ApiKey) -> Key:
    return Key(id=key.id, name=key.name, prefix=key.prefix, created_at=key.created_at, last_used_at=key.last_used_at)
