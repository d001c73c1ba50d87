"""Admin routes of plans and packages (SPEC 6, Admin Dashboard)."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)

from solaris.auth.caller import Caller
from solaris.auth.principal import DEFAULT_CONCURRENT_CALLS, MAX_CONCURRENT_CALLS, Principal
from solaris.credits.grants import MAX_AMOUNT_BRL
from solaris.credits.plans_and_packages import PlanAndPackageService
from solaris.domain.roles import MONEY_READERS, MONEY_WRITERS
from solaris.platform.http.fields import Brl, StrictBody, no_boolean, no_zero_byte

_KEY_PATTERN = r"^[a-z0-9_-]{1,40}$"
Key = Annotated[str, StringConstraints(pattern=_KEY_PATTERN)]
Label = Annotated[
    str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True), BeforeValidator(no_zero_byte)
]
Badge = Annotated[str, StringConstraints(max_length=40, strip_whitespace=True), BeforeValidator(no_zero_byte)]
Tokens = Annotated[StrictInt, Field(ge=0, le=1_000_000_000)]
SoldTokens = Annotated[StrictInt, Field(ge=1, le=1_000_000_000)]
Rate = Annotated[StrictInt, Field(ge=1, le=2_000_000_000)]
ConcurrentCalls = Annotated[
    StrictInt,
    Field(
        ge=1,
        le=MAX_CONCURRENT_CALLS,
        description="Model calls that a user of the plan may have in progress at the same time.",
    ),
]
SortOrder = Annotated[StrictInt, Field(ge=-1000, le=1000)]
_MONEY_SCHEMA = WithJsonSchema({"type": "number", "minimum": 0, "maximum": int(MAX_AMOUNT_BRL)})
Price = Annotated[
    Decimal,
    BeforeValidator(no_boolean),
    Field(ge=0, le=MAX_AMOUNT_BRL, decimal_places=2, allow_inf_nan=False),
    _MONEY_SCHEMA,
]
Amount = Annotated[
    Decimal,
    BeforeValidator(no_boolean),
    Field(gt=0, le=MAX_AMOUNT_BRL, decimal_places=2, allow_inf_nan=False),
    _MONEY_SCHEMA,
]


class _Edit(StrictBody):
    updated_at: AwareDatetime = Field(description="The value last read; 409 `changed_meanwhile` if it changed since.")

    def changes(self, *nullable: str) -> dict[str, Any]:
        """The fields that were sent; nulls only for the `nullable` ones."""
        sent = {name: getattr(self, name) for name in self.model_fields_set - {"updated_at"}}
        return {name: value for name, value in sent.items() if value is not None or name in nullable}


class PlanCreate(StrictBody):
    """The plan to create. Null rates are unlimited."""

    plan_type: Key
    name: Label
    monthly_tokens: Tokens
    price_brl: Price = Decimal(0)
    requests_per_minute: Rate | None = None
    tokens_per_minute: Rate | None = None
    concurrent_calls: ConcurrentCalls = DEFAULT_CONCURRENT_CALLS
    sort_order: SortOrder = 0
    active: bool = True


class PlanUpdate(_Edit):
    """The fields of a plan to change; absent fields keep their values."""

    name: Label | None = None
    monthly_tokens: Tokens | None = None
    price_brl: Price | None = None
    requests_per_minute: Rate | None = None
    tokens_per_minute: Rate | None = None
    concurrent_calls: ConcurrentCalls | None = None
    sort_order: SortOrder | None = None
    active: bool | None = None


class PackageCreate(StrictBody):
    """The package to create."""

    id: Key
    name: Label
    tokens: SoldTokens
    amount_brl: Amount
    badge: Badge | None = None
    sort_order: SortOrder = 0
    active: bool = True


class PackageEdit(_Edit):
    """The fields of a package to change; absent fields keep their values."""

    name: Label | None = None
    tokens: SoldTokens | None = None
    amount_brl: Amount | None = None
    badge: Badge | None = Field(default=None, description="Null removes it.")
    sort_order: SortOrder | None = None
    active: bool | None = None


class PlanResponse(BaseModel):
    """A plan. Money is BRL."""

    model_config = ConfigDict(from_attributes=True)

    plan_type: str
    name: str
    monthly_tokens: int
    price_brl: Brl
    requests_per_minute: int | None
    tokens_per_minute: int | None
    concurrent_calls: int
    sort_order: int
    active: bool
    updated_at: AwareDatetime
    subscribers: int


class PlansResponse(BaseModel):
    """All plans in display order."""

    data: list[PlanResponse]


class OfferedPackageResponse(BaseModel):
    """A package. Money is BRL."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    tokens: int
    amount_brl: Brl
    badge: str | None
    sort_order: int
    active: bool
    updated_at: AwareDatetime


class OfferedPackagesResponse(BaseModel):
    """All packages in display order."""

    data: list[OfferedPackageResponse]


def routes(service: PlanAndPackageService, caller: Caller) -> APIRouter:
    """The routes, bound to their service."""
    router = APIRouter(prefix="/admin", tags=["prices"])
    _add_plans(router, service, caller)
    _add_packages(router, service, caller)
    return router


def _add_plans(router: APIRouter, service: PlanAndPackageService, caller: Caller) -> None:
    Reader = Annotated[Principal, Depends(caller.having(*MONEY_READERS))]  # noqa: N806 - a type that closes over `caller`
    Writer = Annotated[Principal, Depends(caller.having(*MONEY_WRITERS))]  # noqa: N806 - likewise

    @router.get(
        "/plans",
        response_model=PlansResponse,
        summary="Plans",
        description="For operator, admin and super_admin. Also inactive ones.",
    )
    async def list_plans(_staff: Reader) -> PlansResponse:
        return PlansResponse(data=[PlanResponse.model_validate(plan) for plan in await service.plans()])

    @router.post(
        "/plans",
        status_code=201,
        response_model=PlanResponse,
        summary="Create a plan",
        description="For admin and super_admin.",
    )
    async def create_plan(staff: Writer, body: PlanCreate) -> PlanResponse:
        return PlanResponse.model_validate(await service.create_plan(staff, body.plan_type, body.model_dump()))

    @router.patch(
        "/plans/{plan_type}",
        response_model=PlanResponse,
        summary="Edit a plan",
        description="For admin and super_admin. Rates and concurrent calls apply at once; limit and price apply to new "
        "subscriptions, existing ones keep theirs. The plan of new users can't be deactivated.",
    )
    async def edit_plan(
        staff: Writer, plan_type: Annotated[str, Path(pattern=_KEY_PATTERN)], body: PlanUpdate
    ) -> PlanResponse:
        changes = body.changes("requests_per_minute", "tokens_per_minute")
        return PlanResponse.model_validate(await service.edit_plan(staff, plan_type, body.updated_at, changes))


def _add_packages(router: APIRouter, service: PlanAndPackageService, caller: Caller) -> None:
    Reader = Annotated[Principal, Depends(caller.having(*MONEY_READERS))]  # noqa: N806 - a type that closes over `caller`
    Writer = Annotated[Principal, Depends(caller.having(*MONEY_WRITERS))]  # noqa: N806 - likewise

    @router.get(
        "/packages",
        response_model=OfferedPackagesResponse,
        summary="Packages",
        description="For operator, admin and super_admin. Also inactive ones.",
    )
    async def list_packages(_staff: Reader) -> OfferedPackagesResponse:
        found = await service.packages()
        return OfferedPackagesResponse(data=[OfferedPackageResponse.model_validate(package) for package in found])

    @router.post(
        "/packages",
        status_code=201,
        response_model=OfferedPackageResponse,
        summary="Create a package",
        description="For admin and super_admin.",
    )
    async def create_package(staff: Writer, body: PackageCreate) -> OfferedPackageResponse:
        return OfferedPackageResponse.model_validate(await service.create_package(staff, body.id, body.model_dump()))

    @router.patch(
        "/packages/{id}",
        response_model=OfferedPackageResponse,
        summary="Edit a package",
        description="For admin and super_admin. Earlier requests keep their price.",
    )
    async def edit_package(
        staff: Writer, package_id: Annotated[str, Path(alias="id", pattern=_KEY_PATTERN)], body: PackageEdit
    ) -> OfferedPackageResponse:
        changes = body.changes("badge")
        return OfferedPackageResponse.model_validate(
            await service.edit_package(staff, package_id, body.updated_at, changes)
        )
