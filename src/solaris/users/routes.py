"""Admin routes that change accounts, and the list of staff (SPEC 6, Admin Dashboard)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.domain.roles import MONEY_READERS, MONEY_WRITERS, OWNERS, USER_EDITORS
from solaris.platform.http.idempotency import KEY_REQUIRED, REPLAY_HEADER, GivenKey, required_key
from solaris.users.limit_service import LimitService
from solaris.users.schemas import (
    AccountResponse,
    AccountsResponse,
    CreatedAccountResponse,
    LimitBody,
    LimitChangeResponse,
    OptionalReasonBody,
    PlanBody,
    ReasonBody,
    ResetBody,
    RoleBody,
    TemporaryPasswordResponse,
    UserCreate,
    UserUpdate,
)
from solaris.users.staff_service import StaffService, UserEdit, new_password
from solaris.users.user_service import NewUser, UserService

UserId = Annotated[UUID, Path(alias="id", description="The user's id.")]
_STAFF_RULE = "Only a super_admin may change staff accounts."


def routes(users: UserService, staff_service: StaffService, limits: LimitService, caller: Caller) -> APIRouter:
    """The routes, bound to their services."""
    router = APIRouter(prefix="/admin", tags=["users"])
    _add_accounts(router, users, staff_service, caller)
    _add_states(router, users, staff_service, caller)
    _add_limits(router, limits, caller)
    return router


def _add_accounts(router: APIRouter, users: UserService, staff_service: StaffService, caller: Caller) -> None:
    Editor = Annotated[Principal, Depends(caller.having(*USER_EDITORS))]  # noqa: N806 - a type that closes over `caller`
    Writer = Annotated[Principal, Depends(caller.having(*MONEY_WRITERS))]  # noqa: N806 - likewise
    Owner = Annotated[Principal, Depends(caller.having(*OWNERS))]  # noqa: N806 - likewise
    Reader = Annotated[Principal, Depends(caller.having(*MONEY_READERS))]  # noqa: N806 - likewise

    @router.post(
        "/users",
        status_code=201,
        response_model=CreatedAccountResponse,
        summary="Create a user",
        description="For admin and super_admin; only a super_admin may create staff. The temporary password is "
        "shown once and has to be changed at the first sign-in.",
    )
    async def create_user(staff: Writer, body: UserCreate, response: Response) -> CreatedAccountResponse:
        password = new_password() if body.with_password else None
        new_user = NewUser(body.email, body.name, password, body.role, body.plan_type, has_temporary_password=True)
        made = AccountResponse.model_validate(await users.create(new_user, actor=staff))
        response.headers["Cache-Control"] = "no-store"
        return CreatedAccountResponse(**made.model_dump(), temporary_password=password)

    @router.patch(
        "/users/{id}",
        response_model=AccountResponse,
        summary="Edit a user",
        description="For operator, admin and super_admin: name, contact e-mail, alert thresholds. `updated_at` is "
        f"the value last read; if it changed since, the answer is 409 `changed_meanwhile`. {_STAFF_RULE}",
    )
    async def edit_user(staff: Editor, user_id: UserId, body: UserUpdate) -> AccountResponse:
        edit = UserEdit(body.updated_at, body.name, body.contact_email, body.alert_thresholds_percent)
        return AccountResponse.model_validate(await staff_service.edit(staff, user_id, edit))

    @router.put(
        "/users/{id}/role",
        response_model=AccountResponse,
        summary="Set a user's role",
        description="For super_admin. The last active super_admin can't be demoted (409 `last_super_admin`).",
    )
    async def set_role(staff: Owner, user_id: UserId, body: RoleBody) -> AccountResponse:
        return AccountResponse.model_validate(await staff_service.set_role(staff, user_id, body.role))

    @router.post(
        "/users/{id}/password",
        response_model=TemporaryPasswordResponse,
        summary="Set a temporary password",
        description="For admin and super_admin. The password is shown once. The user's sessions end, their API keys "
        f"stay; they have to change the password first. {_STAFF_RULE}",
    )
    async def set_password(staff: Writer, user_id: UserId, response: Response) -> TemporaryPasswordResponse:
        response.headers["Cache-Control"] = "no-store"
        return TemporaryPasswordResponse(temporary_password=await staff_service.set_temporary_password(staff, user_id))

    @router.get(
        "/staff",
        response_model=AccountsResponse,
        summary="The staff",
        description="For operator, admin and super_admin. All accounts with a role above `user`, highest role first.",
    )
    async def list_staff(_staff: Reader) -> AccountsResponse:
        return AccountsResponse(
            data=[AccountResponse.model_validate(account) for account in await staff_service.staff()]
        )


def _add_states(router: APIRouter, users: UserService, staff_service: StaffService, caller: Caller) -> None:
    Editor = Annotated[Principal, Depends(caller.having(*USER_EDITORS))]  # noqa: N806 - a type that closes over `caller`
    Writer = Annotated[Principal, Depends(caller.having(*MONEY_WRITERS))]  # noqa: N806 - likewise

    @router.post(
        "/users/{id}/suspend",
        response_model=AccountResponse,
        summary="Suspend a user",
        description="For operator, admin and super_admin. The user can no longer spend, but still sees their "
        "balance; suspended staff lose access to the administration. A repeat changes nothing. "
        f"{_STAFF_RULE}",
    )
    async def suspend(staff: Editor, user_id: UserId, body: ReasonBody) -> AccountResponse:
        return AccountResponse.model_validate(await users.suspend(user_id, reason=body.reason, actor=staff))

    @router.post(
        "/users/{id}/reactivate",
        response_model=AccountResponse,
        summary="Reactivate a user",
        description=f"For operator, admin and super_admin. A repeat changes nothing. {_STAFF_RULE}",
    )
    async def reactivate(staff: Editor, user_id: UserId, body: OptionalReasonBody) -> AccountResponse:
        return AccountResponse.model_validate(await users.reactivate(user_id, reason=body.reason, actor=staff))

    @router.post(
        "/users/{id}/anonymise",
        response_model=AccountResponse,
        summary="Anonymise a user (LGPD)",
        description="For admin and super_admin; irreversible. Name, addresses, chat identities, names of keys and "
        "notes of requests are replaced, keys and sessions end, pending requests are cancelled. Usage events "
        "and credit transactions stay without a name; the audit log masks name and addresses. A later message "
        "from the user's chat creates a new account.",
    )
    async def anonymise(staff: Writer, user_id: UserId, body: ReasonBody) -> AccountResponse:
        return AccountResponse.model_validate(await staff_service.anonymise(staff, user_id, body.reason))


def _add_limits(router: APIRouter, limits: LimitService, caller: Caller) -> None:
    Writer = Annotated[Principal, Depends(caller.having(*MONEY_WRITERS))]  # noqa: N806 - a type that closes over `caller`

    @router.put(
        "/users/{id}/plan",
        response_model=LimitChangeResponse,
        summary="Change a user's plan",
        description="For admin and super_admin. With `effective: now` the current allowance becomes the plan's, but "
        "not less than was used of it; with `next_period` it stays until the renewal. The caller's own account: "
        "403 `own_account`.",
    )
    async def set_plan(staff: Writer, user_id: UserId, body: PlanBody) -> LimitChangeResponse:
        return LimitChangeResponse.of("plan", await limits.set_plan(staff, user_id, body.plan_type, body.effective))

    @router.put(
        "/users/{id}/limit",
        response_model=LimitChangeResponse,
        summary="Change a user's monthly limit",
        description="For admin and super_admin; the reason has 20 characters or more. With `effective: now` the "
        "current allowance becomes the limit plus the tokens that resets gave back, but not less than was used of "
        "it. The difference is an append-only record. The caller's own account: 403 `own_account`.",
    )
    async def set_limit(staff: Writer, user_id: UserId, body: LimitBody) -> LimitChangeResponse:
        made = await limits.set_limit(staff, user_id, body.monthly_tokens, body.reason, body.effective)
        return LimitChangeResponse.of("limit", made)

    @router.post(
        "/users/{id}/reset",
        response_model=LimitChangeResponse,
        openapi_extra=KEY_REQUIRED,
        summary="Reset a user's usage of this month",
        description="For admin and super_admin; the reason has 20 characters or more, `Idempotency-Key` is required. "
        "Gives back the tokens used in this period since the last reset: those paid from the allowance to the "
        "allowance of this period, the others to the credits as a `compensation`. Usage records, `used` and "
        "statistics don't change. 409 `nothing_to_reset`; 403 `own_account` for the caller's own account.",
    )
    async def reset(
        staff: Writer,
        user_id: UserId,
        body: ResetBody,
        response: Response,
        idempotency_key: GivenKey = None,
    ) -> LimitChangeResponse:
        made = await limits.reset(staff, user_id, body.reason, required_key(idempotency_key))
        if made.allowance is not None and made.allowance.repeated:
            response.headers[REPLAY_HEADER] = "true"
        return LimitChangeResponse.of("reset", made)
