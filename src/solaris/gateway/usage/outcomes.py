"""The outcome of a call: counts and ending, from whole answers and from streams."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from solaris.domain.errors import ModelServiceFailed
from solaris.domain.tokens import TokenCounts
from solaris.gateway.admission import AdmittedCall
from solaris.gateway.api.base import Json
from solaris.gateway.api.failures import failed_choice
from solaris.gateway.api.output_text import TOKENS_PER_GENERATED_IMAGE, flat_output_in
from solaris.gateway.api.sse import parsed
from solaris.gateway.api.usage import total_in
from solaris.gateway.estimate.estimate import provider_tokens
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.gateway.settlement.recorder import Outcome
from solaris.gateway.upstream_errors import FAILED_MESSAGE, condition_in_stream
from solaris.gateway.usage.hidden_output import expected_hidden_output, output_budget
from solaris.gateway.usage.response_scanner import ResponseScanner
from solaris.gateway.usage.stream_usage import StreamEnd, StreamUsage
from solaris.ledger.records import Ending

_MAX_MODEL_CHARACTERS = 200
# A token of text has more bytes: an answer with fewer per token contains hidden output.
_MIN_ANSWER_BYTES_PER_SHOWN_TOKEN = 3
_BYTES_PER_TOKEN = 4


def outcome_of_answer(call: AdmittedCall, body: bytes, reported_cost: str | None, tokenizer: Tokenizer) -> Outcome:
    """The outcome of an unstreamed call.

    Raises:
        ModelServiceUnavailable or a subclass: the answer is an error or unreadable.
    """
    answer = parsed(body)
    if not isinstance(answer, dict):
        raise ModelServiceFailed(FAILED_MESSAGE) from ValueError("the answer is no JSON object")
    reported = call.api.usage_of(answer)
    total = total_in(answer) if reported is None else 0
    failure = failed_choice(answer)
    if failure is not None:
        raise condition_in_stream(failure)
    if reported is None or reported.output == 0:
        _check_success(call, answer, may_lack_text=total > 0)
    model, cost = _model_of(answer), _cost_of(reported_cost)
    if total:
        return Outcome(_split_total(call, total), Ending.NO_USAGE, estimated=True, model_answered=model, cost_usd=cost)
    if reported is None:
        delivered = _counted_output(call, answer, tokenizer)
        counts = _add_hidden(call, TokenCounts(call.estimate.prompt_tokens, output=delivered))
        return Outcome(counts, Ending.NO_USAGE, estimated=True, model_answered=model, cost_usd=cost)
    hidden = 0
    if reported.reasoning or reported.output * _MIN_ANSWER_BYTES_PER_SHOWN_TOKEN > len(body):
        hidden = max(0, reported.output - _counted_output(call, answer, tokenizer))
    counts = reported
    if not (reported.input and reported.output):
        counts = _fill_missing(call, reported, lambda: _counted_output(call, answer, tokenizer))
    return Outcome(counts, Ending.COMPLETE, counts != reported, model, cost, hidden_output=hidden)


def _check_success(call: AdmittedCall, answer: Json, *, may_lack_text: bool) -> None:
    """Raise the error of an answer without output; some providers report errors with status 200."""
    failure = call.api.error_of(answer)
    if failure is not None:
        raise condition_in_stream(failure)
    if not call.api.holds_answer(answer) or not (may_lack_text or _has_content(call, answer)):
        raise ModelServiceFailed(FAILED_MESSAGE)


def _has_content(call: AdmittedCall, answer: Json) -> bool:
    """Whether an answer has a text, an image, or a reason for the absence of both."""
    api = call.api
    return api.explains_no_text(answer) or any(text for _, text in api.texts_of(answer)) or flat_output_in(answer) > 0


def _fill_missing(call: AdmittedCall, reported: TokenCounts, count_output: Callable[[], int]) -> TokenCounts:
    """The provider's counts, with zero counts replaced by estimates."""
    return replace(
        reported, input=reported.input or call.estimate.prompt_tokens, output=reported.output or count_output()
    )


def _add_hidden(call: AdmittedCall, delivered: TokenCounts) -> TokenCounts:
    """Add the model's average hidden output, for calls without reported usage."""
    hidden = expected_hidden_output(call, delivered.output)
    if not hidden:
        return delivered
    return replace(delivered, output=delivered.output + hidden, reasoning=delivered.reasoning + hidden)


def _split_total(call: AdmittedCall, total: int) -> TokenCounts:
    """Split a total without other counts: the estimated prompt, the rest as output."""
    prompt = min(total, call.estimate.prompt_tokens)
    return TokenCounts(input=prompt, output=total - prompt)


def _counted_output(call: AdmittedCall, answer: Json, tokenizer: Tokenizer) -> int:
    texts = [text for _, text in call.api.texts_of(answer)]
    return _subtract_echo(call, tokenizer.count(texts, call.model.tokenizer)) + flat_output_in(answer)


def outcome_of_large_answer(
    call: AdmittedCall, scanner: ResponseScanner, reported_cost: str | None, ending: Ending = Ending.COMPLETE
) -> Outcome:
    """The outcome of an unstreamed call whose answer was read by a scanner, whole or in part.

    `ending`: how the call ended; a complete answer without usage gets `NO_USAGE`.
    """
    answer = scanner.found()
    model, cost = _model_of(answer), _cost_of(reported_cost)
    budget = output_budget(call) if call.estimate.limit.choices else 0
    delivered = (
        _subtract_echo(call, scanner.text_bytes // _BYTES_PER_TOKEN) + scanner.images * TOKENS_PER_GENERATED_IMAGE
    )
    delivered = min(delivered, budget)
    reported = call.api.usage_of(answer)
    if reported is not None:
        counts = _fill_missing(call, reported, lambda: delivered)
        return Outcome(counts, ending, counts != reported, model_answered=model, cost_usd=cost)
    if ending is Ending.COMPLETE:
        ending = Ending.NO_USAGE
    counts = _add_hidden(call, TokenCounts(call.estimate.prompt_tokens, output=delivered))
    return Outcome(counts, ending, estimated=True, model_answered=model, cost_usd=cost)


def counts_of_stream(call: AdmittedCall, end: StreamEnd) -> TokenCounts:
    """The provider's counts, plus the output delivered after them, counted from the text."""
    reported = end.counts or TokenCounts()
    if not end.counted_output and reported.input and reported.output:
        return reported
    counted = _subtract_echo(call, end.counted_output)
    return _fill_missing(call, replace(reported, output=reported.output + counted), lambda: 0)


def outcome_of_stream(
    call: AdmittedCall, stream_usage: StreamUsage, ending: Ending, *, end: StreamEnd | None = None
) -> Outcome:
    """The outcome of a stream; `end`: the delivered part, where that is not all that was received.

    Without reported usage the model's average hidden output is added, except to a stream that broke
    before its first text: that is a failed call.
    """
    model = stream_usage.model_answered
    if end is not None:
        counts = counts_of_stream(call, end)
        return Outcome(counts, ending, counts != end.counts, model_answered=model)
    end = stream_usage.end()
    if end.counts is None and stream_usage.total_only and stream_usage.done:
        return Outcome(_split_total(call, stream_usage.total_only), ending, estimated=True, model_answered=model)
    counts = counts_of_stream(call, end)
    if not stream_usage.has_usage and not (ending is Ending.UPSTREAM_ERROR and counts.output == 0):
        counts = _add_hidden(call, counts)
    learned = stream_usage.hidden_output if stream_usage.has_usage else None
    return Outcome(counts, ending, counts != end.counts, model_answered=model, hidden_output=learned)


def _subtract_echo(call: AdmittedCall, counted: int) -> int:
    """Provider tokens of counted text, without the copies of the prompt before answers."""
    return max(0, provider_tokens(counted, call.model) - call.prompt_echo_tokens)


def ending_of_stream(stream_usage: StreamUsage, *, gone: bool, failed: bool) -> Ending:
    """How a stream ended; `gone`: the client disconnected, `failed`: the upstream broke."""
    counts = stream_usage.end().counts
    if stream_usage.error is None and stream_usage.is_empty and not gone:
        # No part of an answer was received, whatever the status.
        return Ending.UPSTREAM_ERROR
    if stream_usage.done and stream_usage.error is None:
        return Ending.COMPLETE if stream_usage.has_usage else Ending.NO_USAGE
    if gone:
        return Ending.CLIENT_GONE
    if stream_usage.error is not None or failed:
        return Ending.UPSTREAM_ERROR
    # Some servers end a complete answer without their API's end marker.
    if stream_usage.has_usage and (stream_usage.finished or (counts is not None and counts.output)):
        return Ending.COMPLETE
    return Ending.NO_USAGE if stream_usage.finished else Ending.UPSTREAM_ERROR


def _model_of(answer: Json) -> str | None:
    model = answer.get("model")
    return model[:_MAX_MODEL_CHARACTERS] if isinstance(model, str) else None


def _cost_of(header: str | None) -> Decimal | None:
    """LiteLLM's cost in US dollars; None where the header is absent or implausible."""
    if not header:
        return None
    try:
        cost = Decimal(header)
    except InvalidOperation:
        return None
    return round(cost, 8) if cost.is_finite() and 0 <= cost < 1_000_000 else None
