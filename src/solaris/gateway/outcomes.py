"""What a call cost, from what came back: counts and ending of whole answers and of streams."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

import orjson

from solaris.domain.errors import ModelServiceFailed
from solaris.domain.tokens import TokenCounts
from solaris.gateway.admission import AdmittedCall
from solaris.gateway.answer_scanner import AnswerScanner
from solaris.gateway.bookkeeping import Outcome
from solaris.gateway.dialect import Json
from solaris.gateway.hidden_output import hidden_beside, output_budget
from solaris.gateway.stream_meter import StreamMeter
from solaris.gateway.tokenizer import Tokenizer
from solaris.gateway.upstream_errors import FAILED_MESSAGE, condition_in_stream
from solaris.ledger.records import Ending

_MOST_MODEL_CHARACTERS = 200
# A token of text has more bytes: an answer of fewer holds output that nobody sees.
_LEAST_BYTES_PER_TOKEN = 3
_BYTES_PER_TOKEN = 4


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
        hidden = 0
        if counts.reasoning or counts.output * _LEAST_BYTES_PER_TOKEN > len(body):
            hidden = max(0, counts.output - _counted_texts(call, answer, tokenizer))
        return Outcome(
            counts, Ending.COMPLETE, estimated=False, model_answered=model, cost_usd=cost, hidden_output=hidden
        )
    failure = call.dialect.error_of(answer)
    if failure is not None:
        # Some providers tell a failure under a status of success.
        raise condition_in_stream(failure)
    output = _without_echo(call, _counted_texts(call, answer, tokenizer))
    hidden = hidden_beside(call, output)
    guessed = TokenCounts(input=call.estimate.prompt_tokens, output=output + hidden, reasoning=hidden)
    return Outcome(guessed, Ending.NO_USAGE, estimated=True, model_answered=model, cost_usd=cost)


def outcome_of_large_answer(
    call: AdmittedCall, scanner: AnswerScanner, told_cost: str | None, ending: Ending = Ending.COMPLETE
) -> Outcome:
    """The outcome of an unstreamed call whose answer, or what came of it, went through a scanner.

    `ending`: how it ended where its usage was found; an answer that came to its end without usage is named so.
    """
    answer = scanner.found()
    model, cost = _model_of(answer), _cost_of(told_cost)
    counts = call.dialect.usage_of(answer)
    if counts is not None:
        return Outcome(counts, ending, estimated=False, model_answered=model, cost_usd=cost)
    budget = output_budget(call) if call.estimate.wish.choices else 0
    seen = min(_without_echo(call, scanner.text_bytes // _BYTES_PER_TOKEN), budget)
    hidden = hidden_beside(call, seen)
    guessed = TokenCounts(input=call.estimate.prompt_tokens, output=seen + hidden, reasoning=hidden)
    if ending is Ending.COMPLETE:
        ending = Ending.NO_USAGE
    return Outcome(guessed, ending, estimated=True, model_answered=model, cost_usd=cost)


def outcome_of_stream(call: AdmittedCall, meter: StreamMeter, ending: Ending) -> Outcome:
    """What a stream cost: the provider's counts where they came, and what was delivered beyond them, counted from the text.

    Where no usage was told, what the model hides on average is added; not to a stream that broke before its first word, which is
    a failed call.
    """
    end = meter.end()
    told = end.counts or TokenCounts(input=call.estimate.prompt_tokens)
    counted = _without_echo(call, end.counted_output)
    seen = told.output + counted
    is_failed = ending is Ending.UPSTREAM_ERROR and not seen
    hidden = 0 if meter.has_usage or is_failed else hidden_beside(call, seen)
    counts = replace(
        told,
        # No call has an empty prompt: a provider that counts none has not counted it.
        input=told.input or call.estimate.prompt_tokens,
        output=seen + hidden,
        reasoning=told.reasoning + hidden,
    )
    estimated = end.counts is None or counts != end.counts
    learned = meter.hidden_output if meter.has_usage else None
    return Outcome(counts, ending, estimated, model_answered=meter.model_answered, hidden_output=learned)


def _counted_texts(call: AdmittedCall, answer: Json, tokenizer: Tokenizer) -> int:
    return tokenizer.count([text for _, text in call.dialect.texts_of(answer)], call.model.tokenizer)


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
