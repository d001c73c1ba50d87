"""Bodies of the credit routes. Money is in BRL with two decimals; times are UTC."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from solaris.credits.grants import MAX_AMOUNT_BRL, MAX_NOTE_CHARACTERS, GrantReason, GrantReceipt
from solaris.credits.pending_grant_records import PendingGrant, PendingState
from solaris.credits.records import CreditRequest, CreditTransaction, Package, RequestState, Urgency
from solaris.credits.second_person import Cause
from solaris.domain.tokens import MAX_TOKENS_PER_REQUEST
from solaris.platform.http.fields import Brl, StrictBody, no_boolean, no_zero_byte

MAX_REQUEST_NOTE_CHARACTERS = 1000
Tokens = Annotated[StrictInt, Field(ge=1, le=MAX_TOKENS_PER_REQUEST)]


class PurchaseBody(StrictBody):
    """What to buy: a package, or a number of tokens that staff price."""

    package_id: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = Field(
        default=None, description="Id of a package on sale (see GET /api/credits/packages)."
    )
    tokens: Tokens | None = Field(default=None, description="A number of tokens instead of a package.")
    method: Literal["stripe", "manual"] = Field(description="`manual`: a request that staff decide.")
    note: Annotated[str, StringConstraints(max_length=MAX_REQUEST_NOTE_CHARACTERS, strip_whitespace=True)] = ""
    urgency: Urgency = Urgency.NORMAL

    @model_validator(mode="after")
    def _one_of_two(self) -> "PurchaseBody":
        if (self.package_id is None) == (self.tokens is None):
            raise ValueError("deve trazer package_id ou tokens, e só um dos dois")
        no_zero_byte(self.note)
        return self


class GrantBody(StrictBody):
    """Credits to add to one user."""

    tokens: Tokens
    amount_paid: Annotated[
        Decimal,
        BeforeValidator(no_boolean),
        Field(ge=0, le=MAX_AMOUNT_BRL, decimal_places=2, allow_inf_nan=False),
        WithJsonSchema({"type": "number", "minimum": 0, "maximum": int(MAX_AMOUNT_BRL)}),
    ] = Field(default=Decimal(0), description="Amount paid in BRL; more than zero for `compra_email`.")
    reason: GrantReason
    note: Annotated[str, StringConstraints(max_length=MAX_NOTE_CHARACTERS, strip_whitespace=True)] = ""

    @model_validator(mode="after")
    def _storable(self) -> "GrantBody":
        no_zero_byte(self.note)
        return self


class PackageResponse(BaseModel):
    """A package on sale."""

    id: str
    name: str
    tokens: int
    amount_brl: Brl
    badge: str | None = Field(description="A label for the card, such as 'mais popular'.")

    @classmethod
    def of(cls, package: Package) -> "PackageResponse":
        """The response for a package."""
        return cls.model_validate(package, from_attributes=True)


class PackagesResponse(BaseModel):
    """The packages on sale and the payment methods."""

    data: list[PackageResponse]
    methods: list[Literal["stripe", "manual"]] = Field(description="Payment methods that this installation accepts.")


class RequestResponse(BaseModel):
    """A credit request of the caller."""

    ticket_number: str
    state: RequestState
    package_id: str | None
    tokens: int
    amount_brl: Brl | None = Field(description="The package's price; without a package null until staff set it.")
    note: str
    urgency: Urgency
    created_at: AwareDatetime
    decided_at: AwareDatetime | None
    decision_reason: str | None

    @classmethod
    def of(cls, request: CreditRequest) -> "RequestResponse":
        """The response for a request."""
        return cls.model_validate(request, from_attributes=True)


class PurchaseResponse(RequestResponse):
    """The new request, with a message to the user on what happens next."""

    method: Literal["manual"] = "manual"
    message: str


class RequestsResponse(BaseModel):
    """A page of the caller's requests, newest first."""

    data: list[RequestResponse]
    next_cursor: str | None


class TransactionResponse(BaseModel):
    """A change of the caller's credits."""

    id: UUID
    transaction_type: Literal["purchase", "bonus", "adjustment", "refund", "compensation"]
    tokens_added: int = Field(description="Negative if tokens were removed.")
    amount_paid: Brl
    note: str
    created_at: AwareDatetime

    @classmethod
    def of(cls, transaction: CreditTransaction) -> "TransactionResponse":
        """The response for a transaction."""
        return cls.model_validate({**_fields(transaction), "amount_paid": transaction.amount_brl})


class TransactionsResponse(BaseModel):
    """A page of the caller's credit transactions, newest first."""

    data: list[TransactionResponse]
    next_cursor: str | None


class GrantResponse(BaseModel):
    """The added credits, and the balance right after the grant."""

    transaction_id: UUID
    user_id: UUID
    transaction_type: Literal["purchase", "bonus", "adjustment"]
    reason: GrantReason
    tokens_added: int
    amount_paid: Brl
    note: str
    created_at: datetime
    credits: int = Field(description="Credits left after the grant.")
    tokens_remaining: int = Field(description="Allowance left + credits left − holds, after the grant.")
    usage_percent: float

    @classmethod
    def of(cls, receipt: GrantReceipt) -> "GrantResponse":
        """The response for a receipt."""
        return cls.model_validate({**_fields(receipt), "amount_paid": receipt.amount_brl})


class PendingGrantResponse(BaseModel):
    """A grant that needs a second person. In the state `pending` nothing is granted yet."""

    id: UUID
    state: PendingState
    user_id: UUID
    user_name: str
    user_email: str | None
    tokens: int
    amount_paid: Brl
    reason: GrantReason | None = Field(description="Null for the approval of a credit request.")
    ticket_number: str | None = Field(description="The credit request to approve, if any.")
    note: str = Field(description="The note; for a credit request the message to the user.")
    causes: list[Cause] = Field(description="Why a second person is needed.")
    explanation: str = Field(description="The causes and the next step, in Portuguese.")
    asked_by: UUID
    asked_by_name: str | None
    asked_at: AwareDatetime
    expires_at: AwareDatetime
    decided_by: UUID | None
    decided_by_name: str | None
    decided_at: AwareDatetime | None
    decision_reason: str | None
    transaction_id: UUID | None = Field(description="The credit transaction, once approved.")

    @classmethod
    def of(cls, grant: PendingGrant) -> "PendingGrantResponse":
        """The response for a pending grant."""
        given = _fields(grant)
        given.update(amount_paid=grant.amount_brl, explanation=grant.explanation)
        return cls.model_validate({name: given[name] for name in cls.model_fields})


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}
