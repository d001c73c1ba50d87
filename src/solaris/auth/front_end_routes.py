"""Admin routes of front-end keys (SPEC 6, Who is calling)."""

import secrets
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response

from solaris.auth.caller import Caller
from solaris.auth.front_end import FrontEnd
from solaris.auth.front_end_schemas import (
    CreatedFrontEndResponse,
    FrontEndCreate,
    FrontEndResponse,
    FrontEndsResponse,
    FrontEndUpdate,
)
from solaris.auth.front_end_settings import settings_block
from solaris.auth.front_ends import FrontEndKey, FrontEnds, NewAccountsToday
from solaris.auth.principal import Principal
from solaris.domain.roles import MONEY_READERS, MONEY_WRITERS

FrontEndId = Annotated[UUID, Path(alias="id", description="The front end's id.")]


class _Responses:
    """Builds the responses."""

    def __init__(self, front_ends: FrontEnds, public_url: str, new_accounts_per_day: int) -> None:
        self._front_ends = front_ends
        self._public_url = public_url
        self._new_accounts_per_day = new_accounts_per_day

    async def all(self) -> FrontEndsResponse:
        counts = await self._front_ends.user_counts()
        today = await self._front_ends.new_accounts_today()
        found = await self._front_ends.list()
        return FrontEndsResponse(data=[self._one(one, counts.get(one.id, 0), today.get(one.id)) for one in found])

    async def one(self, front_end: FrontEnd) -> FrontEndResponse:
        counts, today = await self._front_ends.user_counts(), await self._front_ends.new_accounts_today()
        return self._one(front_end, counts.get(front_end.id, 0), today.get(front_end.id))

    async def created(self, made: FrontEndKey, response: Response) -> CreatedFrontEndResponse:
        """The response with key and secret, which no later response contains."""
        response.headers["Cache-Control"] = "no-store"
        front_end = made.front_end
        block = settings_block(front_end, self._public_url, key=made.key, secret=front_end.signing_secret)
        answer = (await self.one(front_end)).model_dump() | {"settings": block}
        return CreatedFrontEndResponse(**answer, key=made.key)

    def _one(self, front_end: FrontEnd, users: int, today: NewAccountsToday | None) -> FrontEndResponse:
        own_limit = front_end.new_accounts_per_day
        limit = self._new_accounts_per_day if own_limit is None else own_limit
        settings = settings_block(front_end, self._public_url)
        return FrontEndResponse.of(front_end, users, settings, today or NewAccountsToday(), limit)


def routes(front_ends: FrontEnds, caller: Caller, *, public_url: str, new_accounts_per_day: int) -> APIRouter:
    """The routes, bound to their service. `public_url`: the proxy's URL for chat servers.

    `new_accounts_per_day` applies to front ends without their own limit.
    """
    router = APIRouter(prefix="/admin/front-end-keys", tags=["front ends"])
    Reader = Annotated[Principal, Depends(caller.having(*MONEY_READERS))]  # noqa: N806 - a type that closes over `caller`
    Writer = Annotated[Principal, Depends(caller.having(*MONEY_WRITERS))]  # noqa: N806 - likewise

    responses = _Responses(front_ends, public_url, new_accounts_per_day)

    @router.get(
        "",
        response_model=FrontEndsResponse,
        summary="Front-end keys",
        description="For operator, admin and super_admin. Newest first, each with the settings to paste into the "
        "chat server.",
    )
    async def list_front_ends(_staff: Reader) -> FrontEndsResponse:
        return await responses.all()

    @router.post(
        "",
        status_code=201,
        response_model=CreatedFrontEndResponse,
        summary="Create a front-end key",
        description="For admin and super_admin. Key and settings are shown only in this answer. With `strict` and "
        "without a secret, one is generated and included in the settings.",
    )
    async def create(staff: Writer, body: FrontEndCreate, response: Response) -> CreatedFrontEndResponse:
        return await responses.created(
            await front_ends.create(body.new_front_end(secrets.token_hex(32)), actor=staff), response
        )

    @router.patch(
        "/{id}",
        response_model=FrontEndResponse,
        summary="Edit a front end",
        description="For admin and super_admin. The key stays the same. `updated_at` is the value last read; if it "
        "changed since, the answer is 409 `changed_meanwhile`.",
    )
    async def edit(staff: Writer, front_end_id: FrontEndId, body: FrontEndUpdate) -> FrontEndResponse:
        return await responses.one(await front_ends.edit(front_end_id, body.updated_at, body.changes(), actor=staff))

    @router.post(
        "/{id}/rotate",
        response_model=CreatedFrontEndResponse,
        summary="Give a front end a new key",
        description="For admin and super_admin. The users stay the same; the old key is refused from now on. A "
        "revoked front end becomes active again.",
    )
    async def rotate(staff: Writer, front_end_id: FrontEndId, response: Response) -> CreatedFrontEndResponse:
        name = await front_ends.name_of(front_end_id)
        return await responses.created(await front_ends.rotate(name, actor=staff), response)

    @router.delete(
        "/{id}",
        response_model=FrontEndResponse,
        summary="Revoke a front-end key",
        description="For admin and super_admin. The key is refused from now on; its users and their usage stay. A "
        "repeat changes nothing.",
    )
    async def revoke(staff: Writer, front_end_id: FrontEndId) -> FrontEndResponse:
        return await responses.one(await front_ends.revoke(await front_ends.name_of(front_end_id), actor=staff))

    return router
