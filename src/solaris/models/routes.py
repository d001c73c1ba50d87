"""Admin routes of models: weights per kind of token, and example charges (SPEC 4)."""

from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictInt,
    WithJsonSchema,
    model_validator,
)

from solaris.auth.caller import Caller
from solaris.auth.principal import Principal
from solaris.domain.roles import MONEY_READERS, MONEY_WRITERS
from solaris.domain.tokens import TokenCounts, Weights, tokens_charged
from solaris.models.weights import ModelUpdate, ModelWeights, WeighedModel
from solaris.platform.http.fields import ExactNumber, no_boolean

_EXAMPLE = TokenCounts(input=1000, cached_input=200, output=500, reasoning=100)
ModelName = Annotated[
    str,
    Path(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00]+$",
        description="The model's name in requests, or a pattern such as `openai/*`, which applies to the models that it matches "
        "and that have no weights of their own.",
    ),
]
Weight = Annotated[
    Decimal,
    BeforeValidator(no_boolean),
    Field(ge=0, le=100_000, decimal_places=6, allow_inf_nan=False),
    PlainSerializer(float, return_type=float, when_used="json"),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100_000}),
]
Count = Annotated[StrictInt, Field(ge=0, le=1_000_000_000)]


class WeightsBody(BaseModel):
    """Tokens charged per token of each kind."""

    model_config = ConfigDict(extra="forbid")

    input: Weight = Decimal(1)
    cached_input: Weight = Decimal(1)
    output: Weight = Decimal(1)
    reasoning: Weight = Decimal(1)

    def weights(self) -> Weights:
        """The weights as a domain object."""
        return Weights(self.input, self.cached_input, self.output, self.reasoning)

    @classmethod
    def of(cls, weights: Weights) -> "WeightsBody":
        """The body for a domain object."""
        return cls(
            input=weights.input, cached_input=weights.cached_input, output=weights.output, reasoning=weights.reasoning
        )


class CountsBody(BaseModel):
    """Token counts of one request: `cached_input` is part of `input`, `reasoning` of `output`."""

    model_config = ConfigDict(extra="forbid")

    input: Count = _EXAMPLE.input
    cached_input: Count = _EXAMPLE.cached_input
    output: Count = _EXAMPLE.output
    reasoning: Count = _EXAMPLE.reasoning

    @model_validator(mode="after")
    def _parts(self) -> "CountsBody":
        if self.cached_input > self.input or self.reasoning > self.output:
            raise ValueError("deve ter cached_input até input, e reasoning até output")
        return self


class CalculationBody(BaseModel):
    """Weights and counts to calculate an example charge with."""

    model_config = ConfigDict(extra="forbid")

    weights: WeightsBody = WeightsBody()
    counts: CountsBody = CountsBody()


class CalculationResponse(BaseModel):
    """tokens_charged = ceil(conversion_factor × weighted_sum)."""

    counts: CountsBody
    weighted_sum: ExactNumber
    conversion_factor: ExactNumber
    before_rounding: ExactNumber
    tokens_charged: int


class ModelBody(BaseModel):
    """The weights and limits to set."""

    model_config = ConfigDict(extra="forbid")

    weights: WeightsBody
    output_limit_tokens: StrictInt = Field(
        ge=1, le=100_000_000, description="Output tokens to hold for a request without a limit."
    )
    tokenizer: Literal["o200k_base", "cl100k_base"] = "o200k_base"
    active: bool = True
    updated_at: AwareDatetime | None = Field(
        description="The value last read, null if it was null; 409 if it changed since."
    )


class ModelResponse(BaseModel):
    """A model, a pattern such as `openai/*`, or an alias, with an example charge."""

    name: str
    weights: WeightsBody
    output_limit_tokens: int
    tokenizer: str
    prompt_factor: ExactNumber = Field(description="The provider's prompt counts divided by the tokenizer's.")
    active: bool
    updated_at: AwareDatetime | None = Field(description="Null: the model has no weights of its own.")
    alias_of: list[str] = Field(description="The models behind this alias in LiteLLM; empty if it is not an alias.")
    weights_from: list[str] = Field(
        description="Without weights of its own: the models and patterns whose weights apply, the highest of each kind; empty "
        "if the weight is 1."
    )
    example: CalculationResponse


class ModelsResponse(BaseModel):
    """All models by name, and the factor for all of them (TOKEN_CONVERSION_FACTOR)."""

    data: list[ModelResponse]
    conversion_factor: ExactNumber


def routes(models: ModelWeights, caller: Caller) -> APIRouter:
    """The routes, bound to their service."""
    router = APIRouter(prefix="/admin/models", tags=["models"])
    Reader = Annotated[Principal, Depends(caller.having(*MONEY_READERS))]  # noqa: N806 - a type that closes over `caller`
    Writer = Annotated[Principal, Depends(caller.having(*MONEY_WRITERS))]  # noqa: N806 - likewise
    factor = models.conversion_factor

    @router.get(
        "",
        response_model=ModelsResponse,
        summary="Models and weights",
        description="For operator, admin and super_admin. The models with stored weights, those called in the last week, and the "
        "patterns and aliases of LiteLLM, each with the weights that apply to it.",
    )
    async def list_models(_staff: Reader) -> ModelsResponse:
        return ModelsResponse(data=[_answer(model, factor) for model in await models.list()], conversion_factor=factor)

    @router.post(
        "/calculation",
        response_model=CalculationResponse,
        summary="Calculate an example charge",
        description="For operator, admin and super_admin. Calculates the charge of a request with these weights. Changes nothing.",
    )
    async def calculate(_staff: Reader, body: CalculationBody) -> CalculationResponse:
        return _calculation(body.weights.weights(), body.counts, factor)

    @router.put(
        "/{name:path}",
        response_model=ModelResponse,
        summary="Set a model's weights",
        description="For admin and super_admin. New calls use the weights at once, or within 30 seconds without Redis; calls in "
        "progress keep the previous ones. Calls to an inactive model are refused.",
    )
    async def put_model(staff: Writer, name: ModelName, body: ModelBody) -> ModelResponse:
        update = ModelUpdate(
            name, body.weights.weights(), body.output_limit_tokens, body.tokenizer, body.active, body.updated_at
        )
        return _answer(await models.put(staff, update), factor)

    return router


def _answer(model: WeighedModel, factor: Decimal) -> ModelResponse:
    return ModelResponse(
        name=model.name,
        weights=WeightsBody.of(model.weights),
        output_limit_tokens=model.output_limit_tokens,
        tokenizer=model.tokenizer,
        prompt_factor=model.prompt_factor,
        active=model.active,
        updated_at=model.updated_at,
        alias_of=list(model.alias_of),
        weights_from=list(model.weights_from),
        example=_calculation(model.weights, CountsBody(), factor),
    )


def _calculation(weights: Weights, counts: CountsBody, factor: Decimal) -> CalculationResponse:
    weighted_sum = (
        weights.input * (counts.input - counts.cached_input)
        + weights.cached_input * counts.cached_input
        + weights.output * (counts.output - counts.reasoning)
        + weights.reasoning * counts.reasoning
    )
    counted = TokenCounts(counts.input, counts.cached_input, counts.output, counts.reasoning)
    return CalculationResponse(
        counts=counts,
        weighted_sum=weighted_sum,
        conversion_factor=factor,
        before_rounding=factor * weighted_sum,
        tokens_charged=tokens_charged(counted, weights, factor),
    )
