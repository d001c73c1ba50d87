"""The estimated cost of a call before it is sent (SPEC 3.1): the prompt and the hold's bounds."""

import asyncio
from collections.abc import Sequence
from decimal import ROUND_CEILING
from typing import NamedTuple

from starlette.requests import ClientDisconnect

from solaris.domain.tokens import output_tokens_affordable, tokens_charged_at
from solaris.gateway.api.base import ApiShape, Json, OutputLimit
from solaris.gateway.estimate.prompt_floor import Counts, find_unread, has_little_unread, unread_tokens
from solaris.gateway.estimate.tokenizer import Tokenizer, is_long
from solaris.ledger.records import Call
from solaris.models.catalogue import Model
from solaris.platform.http.request_context import RequestContext

# The output that a stream's hold starts with and grows by: small enough to leave tokens to other
# calls, large enough for few ledger calls in a long answer.
SLICE_TOKENS = 4_096
# A stream's hold, which grows, starts with at most 1/8 of the free tokens; the hold of a call that
# cannot be followed takes at most 1/2.
STREAM_SHARE = 8
WHOLE_SHARE = 2
# A walk through a larger body takes more than a few milliseconds.
_MAX_BYTES_WALKED_AT_ONCE = 65_536


class CountedPrompt(NamedTuple):
    """A prompt's tokens by our tokenizer.

    `read`: of the fields that the API shape reads; `unread`: of other fields, which may reach the
    model too.
    """

    read: int
    unread: int

    @property
    def tokens(self) -> int:
        """The sum of both."""
        return self.read + self.unread


class Estimate(NamedTuple):
    """The expected cost: the prompt in provider tokens, the hold's bounds in charged tokens."""

    prompt_tokens: int
    limit: OutputLimit
    prompt_charge: int
    min_charge: int
    max_charge: int

    def output_limit_for(self, held: int, call: Call) -> int:
        """Output tokens per choice that a hold of `held` tokens pays for; at least 1."""
        affordable = output_tokens_affordable(held, self.prompt_charge, call.weights, call.conversion_factor)
        return max(1, affordable // max(1, self.limit.choices))

    def slice_charge(self, call: Call) -> int:
        """The maximal charge of one slice of output (`SLICE_TOKENS` per choice)."""
        tokens = SLICE_TOKENS * max(1, self.limit.choices)
        if call.costs_what_it_counts:
            return tokens
        weights = call.weights
        return tokens_charged_at(max(weights.output, weights.reasoning), tokens, call.conversion_factor)


async def count_prompt(client: RequestContext, api: ApiShape, body: Json, model: Model, tokenizer: Tokenizer) -> int:
    """Count the prompt with our tokenizer, and with flat figures for parts without text.

    A long prompt is counted in a thread while `client` waits.

    Raises:
        Overloaded: too many long prompts are waiting to be counted.
        ClientDisconnect: the client disconnected before a long prompt was counted.
    """
    texts, flat_tokens = api.prompt(body)
    return await _count(client, texts, model, tokenizer) + flat_tokens


async def count_prompt_with_floor(
    client: RequestContext, api: ApiShape, body: Json, body_bytes: int, model: Model, tokenizer: Tokenizer
) -> CountedPrompt:
    """As `count_prompt`, plus texts in fields that the API shape does not read (`prompt_floor.py`).

    `body_bytes`: the size of the JSON that `body` was read from; at least its current size.
    """
    texts, flat_tokens = api.prompt(body)
    if is_long(texts):
        counted = await _count(client, texts, model, tokenizer) + flat_tokens
    else:
        # The common case of `_count`.
        counted = tokenizer.count(texts, model.tokenizer) + flat_tokens
    if has_little_unread(body_bytes, texts):
        return CountedPrompt(counted, 0)
    if body_bytes <= _MAX_BYTES_WALKED_AT_ONCE:
        unread = find_unread(body, texts)
    else:
        unread = await asyncio.to_thread(find_unread, body, texts)
    # The flat figures that were counted do not cover these binaries: count them as text.
    hidden = unread.hidden if unread.min_flat_tokens > flat_tokens else []
    counts = Counts(
        await _count(client, [*unread.texts, *hidden], model, tokenizer),
        await _count(client, unread.words, model, tokenizer),
        await _count(client, unread.serialized, model, tokenizer),
    )
    return CountedPrompt(counted, unread_tokens(unread, counts, counted))


async def _count(client: RequestContext, texts: Sequence[str], model: Model, tokenizer: Tokenizer) -> int:
    if not is_long(texts):
        return tokenizer.count(texts, model.tokenizer)
    if client.gone:
        raise ClientDisconnect
    counting = asyncio.ensure_future(tokenizer.count_long(texts, model.tokenizer))
    client.on_disconnect(counting.cancel)
    try:
        return await counting
    except asyncio.CancelledError:
        if client.gone:
            raise ClientDisconnect from None
        raise
    finally:
        client.on_disconnect(None)
        counting.cancel()


def provider_tokens(counted: int, model: Model) -> int:
    """Provider tokens for `counted` ones of ours: times the model's learned factor, rounded up."""
    if model.prompt_factor == 1:
        return counted
    return int((counted * model.prompt_factor).to_integral_value(rounding=ROUND_CEILING))


def estimate(prompt: int, limit: OutputLimit, model: Model, call: Call) -> Estimate:
    """The hold's bounds: the prompt with the minimal output per choice, and with the whole limit.

    Prompt and output are rounded up separately, so that the hold covers the charge, which is
    rounded up once.
    """
    tokens = model.output_limit_tokens if limit.tokens is None else limit.tokens
    min_output = min(limit.min_tokens, tokens) * limit.choices
    max_output = tokens * limit.choices
    if call.costs_what_it_counts:
        return Estimate(prompt, limit, prompt, prompt + min_output, prompt + max_output)
    weights, factor = call.weights, call.conversion_factor
    # All output may be reasoning, which may have the higher weight.
    dearest = max(weights.output, weights.reasoning)
    prompt_charge = tokens_charged_at(weights.input, prompt, factor)
    min_charge = prompt_charge + tokens_charged_at(dearest, min_output, factor)
    max_charge = prompt_charge + tokens_charged_at(dearest, max_output, factor)
    return Estimate(prompt, limit, prompt_charge, min_charge, max_charge)
