"""Admin routes of the credits room: POST /admin/users/{id}/credits (SPEC 6, Admin Dashboard)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import JSONResponse

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.credits.grants import AskedGrant, GrantService, StaffGrant
from solaris.credits.schemas import GrantBody, GrantResponse, PendingGrantResponse
from solaris.domain.roles import MONEY_WRITERS
from solaris.platform.http.idempotency import KEY_REQUIRED, REPLAY_HEADER, GivenKey, required_key


def routes(desk: GrantService, caller: Caller) -> APIRouter:
    """The routes, bound to their services."""
    router = APIRouter(prefix="/admin", tags=["credits"])

    @router.post(
        "/users/{id}/credits",
        status_code=201,
        response_model=GrantResponse,
        responses={202: {"model": PendingGrantResponse, "description": "A second person has to confirm it."}},
        openapi_extra=KEY_REQUIRED,
        summary="Add credits to a user",
        description="For admin and super_admin. `Idempotency-Key` is required: a repeat returns the first answer "
        "with "
        "`Idempotent-Replay: true` and changes nothing; the same key with another body is a 409. The grant and its "
        "audit entry are one transaction. More tokens than the rules let one person grant, or a sale below the package's "
        "price, are answered 202: nothing is granted until a second person confirms (GET /admin/settings/approvals). "
        "No one may add credits to their own account: 403 `own_account`; an anonymised account is a 409 "
        "`anonymised_account`.",
    )
    async def add_credits(
        user_id: Annotated[UUID, Path(alias="id")],
        body: GrantBody,
        response: Response,
        principal: Annotated[Principal, Depends(caller.having(*MONEY_WRITERS))],
        idempotency_key: GivenKey = None,
    ) -> GrantResponse | Response:
        order = StaffGrant(
            user_id, body.tokens, body.amount_paid, body.reason, body.note, required_key(idempotency_key)
        )
        made = await desk.add(principal, order)
        if isinstance(made, AskedGrant):
            headers = {REPLAY_HEADER: "true"} if made.repeated else {}
            answer = PendingGrantResponse.of(made.pending)
            return JSONResponse(answer.model_dump(mode="json"), 202, headers)
        if made.repeated:
            response.headers[REPLAY_HEADER] = "true"
        return GrantResponse.of(made)

    return router
