"""POST /admin/users/{id}/credits (SPEC 6, Admin Dashboard)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import JSONResponse

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.credits.grants import GrantService, PendingGrantReceipt, StaffGrant
from solaris.credits.schemas import GrantBody, GrantResponse, PendingGrantResponse
from solaris.domain.roles import MONEY_WRITERS
from solaris.platform.http.idempotency import KEY_REQUIRED, REPLAY_HEADER, GivenKey, required_key


def routes(grants: GrantService, caller: Caller) -> APIRouter:
    """The routes, bound to their services."""
    router = APIRouter(prefix="/admin", tags=["credits"])

    @router.post(
        "/users/{id}/credits",
        status_code=201,
        response_model=GrantResponse,
        responses={202: {"model": PendingGrantResponse, "description": "A second person has to approve the grant."}},
        openapi_extra=KEY_REQUIRED,
        summary="Add credits to a user",
        description="For admin and super_admin. `Idempotency-Key` is required: a repeat returns the first answer with "
        "`Idempotent-Replay: true` and changes nothing; the same key with another body is a 409. The grant and its "
        "audit entry are one transaction. If the rules require a second person (GET /admin/settings/approvals), "
        "because of the amount or of a price below the package's, the answer is a 202 and nothing is granted until "
        "they approve. The caller's own account: 403 `own_account`; an anonymised account: 409 "
        "`anonymised_account`.",
    )
    async def add_credits(
        user_id: Annotated[UUID, Path(alias="id")],
        body: GrantBody,
        response: Response,
        principal: Annotated[Principal, Depends(caller.having(*MONEY_WRITERS))],
        idempotency_key: GivenKey = None,
    ) -> GrantResponse | Response:
        new_grant = StaffGrant(
            user_id, body.tokens, body.amount_paid, body.reason, body.note, required_key(idempotency_key)
        )
        made = await grants.add(principal, new_grant)
        if isinstance(made, PendingGrantReceipt):
            headers = {REPLAY_HEADER: "true"} if made.repeated else {}
            answer = PendingGrantResponse.of(made.pending)
            return JSONResponse(answer.model_dump(mode="json"), 202, headers)
        if made.repeated:
            response.headers[REPLAY_HEADER] = "true"
        return GrantResponse.of(made)

    return router
