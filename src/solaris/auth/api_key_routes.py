"""HTTP: a user's own API keys."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from solaris.auth.api_keys import MAX_KEYS, MAX_NAME_CHARACTERS, ApiKey, ApiKeys
from solaris.auth.caller import Caller
from solaris.auth.principal import Principal


class ApiKeyCreate(BaseModel):
    """The key to create."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=MAX_NAME_CHARACTERS, examples=["notebook"])


class Key(BaseModel):
    """A key as lists show it."""

    id: UUID
    name: str
    prefix: str = Field(description="The key's first characters, to recognise it by.")
    created_at: datetime
    last_used_at: datetime | None = Field(description="May lag by five minutes.")


class CreatedKey(Key):
    """A key, shown whole this one time."""

    key: str = Field(description="The key itself. It can't be shown again.")


class Keys(BaseModel):
    """The caller's keys in force."""

    data: list[Key]


def routes(api_keys: ApiKeys, caller: Caller) -> APIRouter:
    """`/api/keys`. Only a signed-in person manages keys: a key that makes keys could not be revoked."""
    router = APIRouter(prefix="/api/keys", tags=["keys"])
    SignedInUser = Annotated[Principal, Depends(caller.signed_in)]  # noqa: N806 - a type, though it closes over `caller`

    ActiveUser = Annotated[Principal, Depends(caller.active_signed_in)]  # noqa: N806 - as above

    @router.post(
        "",
        status_code=201,
        response_model=CreatedKey,
        summary="Create an API key",
        description=f"The key is shown once and stored hashed. At most {MAX_KEYS} keys in force. Not while "
        "suspended (403 `user_suspended`).",
    )
    async def create(body: ApiKeyCreate, principal: ActiveUser, response: Response) -> CreatedKey:
        created = await api_keys.create(principal.user_id, body.name, actor=principal)
        response.headers["Cache-Control"] = "no-store"
        return CreatedKey(**_key(created.record).model_dump(), key=created.key)

    @router.get("", response_model=Keys, summary="List your API keys", description="Those in force, the newest first.")
    async def list_keys(principal: SignedInUser) -> Keys:
        return Keys(data=[_key(key) for key in await api_keys.list(principal.user_id)])

    @router.delete(
        "/{key_id}", status_code=204, summary="Revoke an API key", description="Calls with it are refused from now on."
    )
    async def revoke(key_id: UUID, principal: SignedInUser) -> None:
        await api_keys.revoke(principal.user_id, key_id, actor=principal)

    return router


def _key(key: ApiKey) -> Key:
    return Key(id=key.id, name=key.name, prefix=key.prefix, created_at=key.created_at, last_used_at=key.last_used_at)
