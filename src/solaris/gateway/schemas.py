"""Request and response schemas of the gateway, for OpenAPI and for validation."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from solaris.domain.tokens import MAX_TOKENS_PER_REQUEST
from solaris.gateway.api.base import MAX_OUTPUT_TOKENS

_Count = Annotated[int, Field(ge=0, le=MAX_TOKENS_PER_REQUEST, strict=True)]
Percent = Annotated[float, Field(ge=0, description="100 × used / (used + allowance left + credits left)")]


class ListedModel(BaseModel):
    """One model, with OpenAI's fields and Anthropic's.

    `object`, `created` and `owned_by` are OpenAI's; `type`, `display_name` and `created_at` are
    Anthropic's.
    """

    id: str
    object: str = "model"
    created: int = 0
    owned_by: str = ""
    type: str = "model"
    display_name: str
    created_at: datetime


class ModelList(BaseModel):
    """The active models, all on one page. `has_more`, `first_id` and `last_id` are Anthropic's."""

    object: str = "list"
    data: list[ListedModel]
    has_more: bool = False
    first_id: str | None = None
    last_id: str | None = None


class CountedInput(BaseModel):
    """Number of tokens in a prompt. `object` is OpenAI's and absent in Anthropic's response."""

    object: str | None = None
    input_tokens: int


class PeriodTimes(BaseModel):
    """The current period; `ends_at` is exclusive."""

    starts_at: datetime
    ends_at: datetime


class Allowance(BaseModel):
    """The monthly tokens of the subscription."""

    granted: int
    used: int
    left: int


class CurrentTokens(BaseModel):
    """A user's balance in this period."""

    user_id: UUID
    plan: str | None = Field(description="The subscription's plan; null without a subscription")
    period: PeriodTimes
    monthly_tokens: int = Field(description="Tokens that the subscription grants each month")
    tokens_used: int = Field(description="Tokens charged in this period, from allowance and credits")
    tokens_remaining: int = Field(description="Allowance left + credits left − held")
    allowance: Allowance
    credits: int
    held: int = Field(description="Tokens held for calls in progress")
    overage: int = Field(description="Tokens charged beyond the balance; the next grant or allowance repays them first")
    refused_tokens: int = Field(
        description="Tokens that the last call needed if it was refused for lack of tokens; else 0"
    )
    usage_percent: Percent
    state: str = Field(
        description=("normal, alert_80, alert_90, blocked (no tokens left, or too few for the last call) or suspended")
    )
    alert: int | None = Field(description="The highest threshold crossed and not acknowledged, in percent")
    projected_run_out_date: date | None = Field(
        description="At this period's rate of use; null if the tokens last until the renewal or none were used"
    )
    renews_at: datetime


class AlertSeen(BaseModel):
    """The alert that was shown to the user."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"alert": 80}]})

    alert: int = Field(ge=1, le=100, strict=True, description="The `alert` of GET /api/tokens/current")


class AlertLeft(BaseModel):
    """The alert that is still to be shown."""

    alert: int | None = Field(description="A higher threshold crossed meanwhile; else null")


class UsageCounts(BaseModel):
    """Counts as a provider reports them: input includes cached input, output includes reasoning."""

    model_config = ConfigDict(extra="forbid")

    input_tokens: _Count = 0
    cached_input_tokens: _Count = 0
    output_tokens: _Count = 0
    reasoning_tokens: _Count = 0

    @model_validator(mode="after")
    def _fit_together(self) -> "UsageCounts":
        if self.cached_input_tokens > self.input_tokens:
            raise ValueError("não pode ter mais cached_input_tokens do que input_tokens")
        if self.reasoning_tokens > self.output_tokens:
            raise ValueError("não pode ter mais reasoning_tokens do que output_tokens")
        if self.input_tokens + self.output_tokens == 0:
            raise ValueError("deve contar ao menos um token")
        return self


class ConsumeRequest(BaseModel):
    """Tokens to charge: either `tokens`, as given, or `usage`, times the model's weights."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"tokens": 1250, "request_id": "relatorio-2026-11-22"}]}
    )

    request_id: str = Field(
        pattern=r"^[\x21-\x7e]{1,200}$", description="Chosen by the client; a repeat is not charged again"
    )
    tokens: int | None = Field(default=None, ge=1, le=MAX_TOKENS_PER_REQUEST, strict=True)
    usage: UsageCounts | None = None
    model: str | None = Field(default=None, pattern=r"^[^\x00-\x1f\x7f]{1,200}$")


class Consumption(BaseModel):
    """The charge. A repeated request returns the same body."""

    request_id: str
    model: str
    tokens_charged: int
    allowance_part: int = Field(description="Taken from the monthly allowance")
    credits_part: int = Field(description="Taken from credits")
    overage: int = Field(description="Charged beyond the balance")
    tokens_remaining: int = Field(description="Tokens remaining right after this charge")
    charged_at: datetime


_LIMIT = {"type": "integer", "minimum": 1, "maximum": MAX_OUTPUT_TOKENS}
_CHOICES = {"type": "integer", "minimum": 1, "maximum": 128, "default": 1}
_STREAM = {"type": "boolean", "default": False}
_TEXT_OR_TOKENS: dict[str, Any] = {
    "oneOf": [
        {"type": "string"},
        {"type": "array", "minItems": 1, "maxItems": 2048, "items": {"type": "string"}},
        {"type": "array", "minItems": 1, "items": {"type": "integer"}},
        {
            "type": "array",
            "minItems": 1,
            "maxItems": 2048,
            "items": {"type": "array", "minItems": 1, "items": {"type": "integer"}},
        },
    ]
}
_MESSAGES = {"type": "array", "minItems": 1, "items": {"type": "object"}}
_GREETING = [{"role": "user", "content": "Olá!"}]


def _body(kind: str, required: list[str], properties: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["model", *required],
        "additionalProperties": True,
        "properties": {"model": {"type": "string"}, **properties},
    }
    return {
        "required": True,
        "description": f"{kind}; unknown fields are forwarded unchanged.",
        "content": {"application/json": {"schema": schema, "example": example}},
    }


CHAT_BODY = _body(
    "OpenAI's chat completion request",
    ["messages"],
    {"messages": _MESSAGES, "stream": _STREAM, "max_completion_tokens": _LIMIT, "max_tokens": _LIMIT, "n": _CHOICES},
    {"model": "gpt-4", "messages": _GREETING, "stream": True},
)
COMPLETIONS_BODY = _body(
    "OpenAI's text completion request",
    ["prompt"],
    {
        "prompt": _TEXT_OR_TOKENS,
        "stream": _STREAM,
        "max_tokens": {**_LIMIT, "minimum": 0},
        "n": _CHOICES,
        "best_of": _CHOICES,
        "echo": {"type": "boolean", "default": False},
    },
    {"model": "gpt-3.5-turbo", "prompt": "Era uma vez", "max_tokens": 50},
)
RESPONSES_BODY = _body(
    "OpenAI's response request, without `background`",
    [],
    {
        "input": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "object"}}]},
        "instructions": {"type": "string"},
        "previous_response_id": {"type": "string"},
        "stream": _STREAM,
        "max_output_tokens": _LIMIT,
    },
    {"model": "gpt-4", "input": "Olá!"},
)
MESSAGES_BODY = _body(
    "Anthropic's message request",
    ["messages", "max_tokens"],
    {"messages": _MESSAGES, "max_tokens": _LIMIT, "stream": _STREAM},
    {"model": "claude-3", "max_tokens": 500, "messages": _GREETING},
)
EMBEDDINGS_BODY = _body(
    "OpenAI's embedding request",
    ["input"],
    {"input": _TEXT_OR_TOKENS},
    {"model": "text-embedding-3-small", "input": "Olá!"},
)
COUNT_MESSAGES_BODY = _body(
    "Anthropic's request to count tokens",
    ["messages"],
    {"messages": _MESSAGES},
    {"model": "claude-3", "messages": _GREETING},
)
COUNT_RESPONSES_BODY = _body(
    "OpenAI's request to count tokens",
    [],
    {"input": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "object"}}]}},
    {"model": "gpt-4", "input": "Olá!"},
)
