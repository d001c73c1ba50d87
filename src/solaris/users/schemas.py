"""The JSON of staff's work on accounts. Instants are UTC; tokens are integers."""

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
        raise ValueError("não pode conter o caractere nulo")  # pydantic turns only a ValueError into an answer
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
    """The account to create."""

    email: str = Field(min_length=3, max_length=254)
    name: str = Field(default="", max_length=MAX_NAME_CHARACTERS)
    role: Role = Field(default=Role.USER, description="Above `user`: for a super_admin to give.")
    plan_type: PlanType | None = Field(default=None, description="The default plan where left out.")
    with_password: bool = Field(default=True, description="Make a temporary password and show it in the answer.")


class UserUpdate(StrictBody):
    """What to change; fields that are left out stay as they are."""

    updated_at: AwareDatetime = Field(description="As read with the account; a 409 where it changed meanwhile.")
    name: str | None = Field(default=None, max_length=MAX_NAME_CHARACTERS)
    contact_email: str | None = Field(default=None, max_length=254, description="Empty: remove it.")
    alert_thresholds_percent: list[StrictInt] | None = Field(
        default=None, max_length=MAX_THRESHOLDS, description="At which use the user is told, each 1–100; empty: never."
    )


class ReasonBody(StrictBody):
    """Why it is done; kept in the audit log."""

    reason: Reason


class OptionalReasonBody(StrictBody):
    """Why it is done, where there is something to say."""

    reason: Reason | None = None


class RoleBody(StrictBody):
    """The role to give."""

    role: Role


class PlanBody(StrictBody):
    """The plan to give."""

    plan_type: PlanType
    effective: Effective = Field(
        default=Effective.NOW, description="`now`: the running allowance becomes the plan's; else from the renewal on."
    )


class LimitBody(StrictBody):
    """The monthly limit to give, whatever the plan's is."""

    monthly_tokens: StrictInt = Field(ge=0, le=1_000_000_000)
    reason: LongReason
    effective: Effective = Effective.NOW


class ResetBody(StrictBody):
    """Why the month's use is reset."""

    reason: LongReason


class AccountResponse(BaseModel):
    """An account after a change. Read the balance and the rest at GET /admin/users/{id}."""

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
    """The new account; the password is shown this one time."""

    temporary_password: str | None


class TemporaryPasswordResponse(BaseModel):
    """A new password, shown this one time."""

    temporary_password: str


class AccountsResponse(BaseModel):
    """Accounts, the highest role first."""

    data: list[AccountResponse]


class WalletAfterResponse(BaseModel):
    """The wallet right after the change. All figures but the percent are tokens."""

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
    """The append-only record of what happened to the running period."""

    id: UUID
    period_start: date
    tokens_added: int = Field(description="Added to the period's allowance; negative: taken off.")
    credits_given_back: int = Field(description="A reset's compensation in credits, for what had been paid from them.")
    transaction_id: UUID | None = Field(description="The compensation's credit transaction.")
    created_at: AwareDatetime


class LimitChangeResponse(BaseModel):
    """What was changed. `change` and `wallet` are null where the running period stays as it is."""

    user: AccountResponse
    kind: Literal["plan", "limit", "reset"]
    change: AllowanceChangeResponse | None
    wallet: WalletAfterResponse | None

    @classmethod
    def of(cls, kind: Literal["plan", "limit", "reset"], made: LimitChange) -> "LimitChangeResponse":
        """The answer for a change."""
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
