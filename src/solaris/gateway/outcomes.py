"""What a call cost, from what came back: counts and ending of whole answers and of streams."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

import orjson

from solaris.domain.errors import ModelServiceFailed
from solaris.domain.tokens import TokenCounts
from solaris.gateway.admission import AdmittedCall
from solaris.gateway.bookkeeping import Outcome
from solaris.gateway.dialect import Json
from solaris.gateway.stream_meter import StreamEnd, StreamMeter
from solaris.gateway.tokenizer import Tokenizer
from solaris.gateway.upstream_errors import FAILED_MESSAGE, condition_in_stream
from solaris.ledger.records import Ending

_MOST_MODEL_CHARACTERS = 200


def outcome_of_answer(call: AdmittedCall, body: bytes, told_cost: str | None, tokenizer: Tokenizer) -> Outcome:
    """The outcome of an unstreamed call.

    Raises:
        ModelServiceUnavailable and its kinds: the answer is an error, or can't be read.
    """
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ModelServiceFailed(FAILED_MESSAGE) from error
    if not isinstance(answer, dict):
        raise ModelServiceFailed(FAILED_MESSAGE)
    model, cost = _model_of(answer), _cost_of(told_cost)
    counts = call.dialect.usage_of(answer)
    if counts is not None:
        return Outcome(counts, Ending.COMPLETE, estimated=False, model_answered=model, cost_usd=cost)
    failure = call.dialect.error_of(answer)
    if failure is not None:
        # Some providers tell a failure under a status of success.
        raise condition_in_stream(failure)
    texts = [text for _, text in call.dialect.texts_of(answer)]
    output = _without_echo(call, tokenizer.count(texts, call.model.tokenizer))
    guessed = TokenCounts(input=call.estimate.prompt_tokens, output=output)
    return Outcome(guessed, Ending.NO_USAGE, estimated=True, model_answered=model, cost_usd=cost)


def counts_of_stream(call: AdmittedCall, end: StreamEnd) -> TokenCounts:
    """The provider's counts where they came, and what was delivered beyond them, counted from the text."""
    told = end.counts or TokenCounts(input=call.estimate.prompt_tokens)
    counted = _without_echo(call, end.counted_output)
    # No call has an empty prompt: a provider that counts none has not counted it.
    return replace(told, input=told.input or call.estimate.prompt_tokens, output=told.output + counted)


def outcome_of_stream(
    call: AdmittedCall, meter: StreamMeter, ending: Ending, *, end: StreamEnd | None = None
) -> Outcome:
    """What a stream cost; `end` is what was delivered of it, where that is not all that came."""
    end = end or meter.end()
    counts = counts_of_stream(call, end)
    estimated = end.counts is None or counts != end.counts
    return Outcome(counts, ending, estimated, model_answered=meter.model_answered)


def _without_echo(call: AdmittedCall, counted: int) -> int:
    """The output in text that was counted: where the prompt is repeated before each answer, that is none of it."""
    return max(0, counted - call.echoed_tokens)


def ending_of_stream(meter: StreamMeter, *, gone: bool, failed: bool) -> Ending:
    """How the stream ended; `gone`: its caller left, `failed`: the upstream connection broke."""
    if meter.done and meter.error is None:
        return Ending.COMPLETE if meter.has_usage else Ending.NO_USAGE
    if gone:
        return Ending.CLIENT_GONE
    if meter.error is not None or failed or not meter.has_usage:
        return Ending.UPSTREAM_ERROR
    return Ending.COMPLETE


def _model_of(answer: Json) -> str | None:
    model = answer.get("model")
    return model[:_MOST_MODEL_CHARACTERS] if isinstance(model, str) else None


def _cost_of(told: str | None) -> Decimal | None:
    """LiteLLM's cost in US dollars, where it sends one that can be believed."""
    if not told:
        return None
    try:
        cost = Decimal(told)
    except InvalidOperation:
        return None
    return round(cost, 8) if cost.is_finite() and 0 <= cost < 1_000_000 else None
