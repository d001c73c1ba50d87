"""Request and response bodies of account administration. Times are UTC; tokens are integers."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from solaris.domain.roles import Role
from solaris.domain.wallet import UserState
from solaris.platform.http.fields import StrictBody
from solaris.users.limit_service import (
    MAX_REASON_CHARACTERS,
    MIN_REASON_CHARACTERS,
    Effective,
    LimitChange,
)
from solaris.users.staff_service import MAX_THRESHOLDS
from solaris.users.user_service import MAX_NAME_CHARACTERS


def _no_zero_byte(value: str) -> str:
    if "\x00" in value:
        raise ValueError("não pode conter o caractere nulo")  # pydantic reports only ValueError as a field error
    return value


Reason = Annotated[
    str,
    StringConstraints(min_length=3, max_length=MAX_REASON_CHARACTERS, strip_whitespace=True),
    AfterValidator(_no_zero_byte),
]
LongReason = Annotated[
    str,
    StringConstraints(min_length=MIN_REASON_CHARACTERS, max_length=MAX_REASON_CHARACTERS, strip_whitespace=True),
    AfterValidator(_no_zero_byte),
]
PlanType = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]


class UserCreate(StrictBody):
    """The user to create."""

    email: str = Field(min_length=3, max_length=254)
    name: str = Field(default="", max_length=MAX_NAME_CHARACTERS)
    role: Role = Field(default=Role.USER, description="Only a super_admin may set a role above `user`.")
    plan_type: PlanType | None = Field(default=None, description="Default: the plan of new users.")
    with_password: bool = Field(default=True, description="Generate a temporary password and return it.")


class UserUpdate(StrictBody):
    """The fields to change; absent fields keep their values."""

    updated_at: AwareDatetime = Field(description="The value last read; 409 if it changed since.")
    name: str | None = Field(default=None, max_length=MAX_NAME_CHARACTERS)
    contact_email: str | None = Field(default=None, max_length=254, description="Empty: remove it.")
    alert_thresholds_percent: list[StrictInt] | None = Field(
        default=None,
        max_length=MAX_THRESHOLDS,
        description="Percentages of use to notify at, each 1–100; empty: never.",
    )


class ReasonBody(StrictBody):
    """The reason, for the audit log."""

    reason: Reason


class OptionalReasonBody(StrictBody):
    """The reason, for the audit log; optional."""

    reason: Reason | None = None


class RoleBody(StrictBody):
    """The role to set."""

    role: Role


class PlanBody(StrictBody):
    """The plan to set."""

    plan_type: PlanType
    effective: Effective = Field(
        default=Effective.NOW,
        description="`now`: also changes the current allowance; `next_period`: from the renewal on.",
    )


class LimitBody(StrictBody):
    """An individual monthly limit, instead of the plan's."""

    monthly_tokens: StrictInt = Field(ge=0, le=1_000_000_000)
    reason: LongReason
    effective: Effective = Effective.NOW


class ResetBody(StrictBody):
    """The reason of the reset, for the audit log."""

    reason: LongReason


class AccountResponse(BaseModel):
    """An account after a change. GET /admin/users/{id} also returns the balance."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str | None
    contact_email: str | None
    email_verified: bool
    name: str
    role: Role
    active: bool
    suspension_reason: str | None
    anonymised_at: AwareDatetime | None
    plan_type: str | None
    monthly_tokens: int | None
    created_at: AwareDatetime
    updated_at: AwareDatetime


class CreatedAccountResponse(AccountResponse):
    """The new account; no later answer contains the password."""

    temporary_password: str | None


class TemporaryPasswordResponse(BaseModel):
    """A new temporary password; no later answer contains it."""

    temporary_password: str


class AccountsResponse(BaseModel):
    """Accounts, highest role first."""

    data: list[AccountResponse]


class WalletAfterResponse(BaseModel):
    """The wallet right after the change. All figures except the percentage are tokens."""

    period_start: date
    allowance: int
    allowance_used: int
    allowance_left: int
    credits: int
    held: int
    used: int
    overage: int
    remaining: int
    usage_percent: float
    state: UserState


class AllowanceChangeResponse(BaseModel):
    """The append-only record of a change of the current period."""

    id: UUID
    period_start: date
    tokens_added: int = Field(description="Added to the period's allowance; negative: removed.")
    credits_given_back: int = Field(description="A reset's compensation for tokens that were paid from credits.")
    transaction_id: UUID | None = Field(description="The credit transaction of the compensation.")
    created_at: AwareDatetime


class LimitChangeResponse(BaseModel):
    """The change. `change` and `wallet` are null if the current period does not change."""

    user: AccountResponse
    kind: Literal["plan", "limit", "reset"]
    change: AllowanceChangeResponse | None
    wallet: WalletAfterResponse | None

    @classmethod
    def of(cls, kind: Literal["plan", "limit", "reset"], made: LimitChange) -> "LimitChangeResponse":
        """The response for a change."""
        user = AccountResponse.model_validate(made.user)
        if made.allowance is None:
            return cls(user=user, kind=kind, change=None, wallet=None)
        change, wallet = made.allowance, made.allowance.wallet
        fields = {name: getattr(wallet, name) for name in WalletAfterResponse.model_fields if name != "state"}
        return cls(
            user=user,
            kind=kind,
            change=AllowanceChangeResponse(
                id=change.id,
                period_start=change.period_start,
                tokens_added=change.tokens,
                credits_given_back=change.credits_tokens,
                transaction_id=change.transaction_id,
                created_at=change.created_at,
            ),
            wallet=WalletAfterResponse(**fields, state=wallet.state(active=made.user.active)),
        )
