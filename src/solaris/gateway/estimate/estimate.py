"""How much a call may cost before it is made (SPEC 3.1): the prompt's estimate and the order for its hold."""

import asyncio
from collections.abc import Sequence
from decimal import ROUND_CEILING
from typing import NamedTuple

from starlette.requests import ClientDisconnect

from solaris.domain.tokens import output_tokens_affordable, tokens_charged_at
from solaris.gateway.api.base import ApiShape, Json, OutputLimit
from solaris.gateway.estimate.prompt_floor import Counts, is_framed, unread_in, unread_tokens
from solaris.gateway.estimate.tokenizer import Tokenizer, is_long
from solaris.ledger.records import Call
from solaris.models.catalogue import Model
from solaris.platform.http.request_context import RequestContext

# The output that a stream's hold begins with, and grows by: so little that other calls find their tokens, so much that a long
# answer asks the ledger seldom.
SLICE_TOKENS = 4_096
# A stream begins with at most this part of what is free, since it grows; a call that can't be watched keeps to a half.
STREAM_SHARE = 8
WHOLE_SHARE = 2
# A walk through a larger body takes more than some milliseconds.
_MAX_BYTES_WALKED_AT_ONCE = 65_536


class CountedPrompt(NamedTuple):
    """A prompt's tokens by our tokenizer: what the dialect reads, and `unread` ones of other fields, which may reach the model."""

    read: int
    unread: int

    @property
    def tokens(self) -> int:
        """All of them."""
        return self.read + self.unread


class Estimate(NamedTuple):
    """What a call is expected to cost: provider tokens of the prompt, and tokens charged for the hold."""

    prompt_tokens: int
    wish: OutputLimit
    prompt_charge: int
    least: int
    most: int

    def output_limit_for(self, held: int, call: Call) -> int:
        """Output tokens per choice that a hold of `held` tokens pays for; one at least."""
        affordable = output_tokens_affordable(held, self.prompt_charge, call.weights, call.conversion_factor)
        return max(1, affordable // max(1, self.wish.choices))

    def slice_charge(self, call: Call) -> int:
        """What one slice of the output costs at most."""
        tokens = SLICE_TOKENS * max(1, self.wish.choices)
        if call.costs_what_it_counts:
            return tokens
        weights = call.weights
        return tokens_charged_at(max(weights.output, weights.reasoning), tokens, call.conversion_factor)


async def counted_for(client: RequestContext, api: ApiShape, body: Json, model: Model, tokenizer: Tokenizer) -> int:
    """The prompt as our tokenizer counts it, with flat figures for what has no text.

    A long prompt is counted beside the event loop while `client` waits.

    Raises:
        Overloaded: too many long prompts wait to be counted.
        ClientDisconnect: the caller left before a long prompt was counted.
    """
    texts, flat_tokens = api.prompt(body)
    return await _count(client, texts, model, tokenizer) + flat_tokens


async def counted_with_floor(
    client: RequestContext, api: ApiShape, body: Json, body_bytes: int, model: Model, tokenizer: Tokenizer
) -> CountedPrompt:
    """As `counted_for`, and what the dialect does not read but the model may: texts in any other field (`prompt_floor.py`).

    `body_bytes`: the size of the JSON that `body` was read from, at least of what is left of it.
    """
    texts, flat_tokens = api.prompt(body)
    if is_long(texts):
        counted = await _count(client, texts, model, tokenizer) + flat_tokens
    else:
        # As `_count`, for nearly every call.
        counted = tokenizer.count(texts, model.tokenizer) + flat_tokens
    if is_framed(body_bytes, texts):
        return CountedPrompt(counted, 0)
    if body_bytes <= _MAX_BYTES_WALKED_AT_ONCE:
        unread = unread_in(body, texts)
    else:
        unread = await asyncio.to_thread(unread_in, body, texts)
    # More than the flat figures pay for: the rest of what looks like binaries hides behind them.
    hidden = unread.hidden if unread.min_flat_tokens > flat_tokens else []
    counts = Counts(
        await _count(client, [*unread.texts, *hidden], model, tokenizer),
        await _count(client, unread.words, model, tokenizer),
        await _count(client, unread.remade, model, tokenizer),
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
    """A text's provider tokens: what our tokenizer counts, times the model's factor, which its prompts have taught."""
    if model.prompt_factor == 1:
        return counted
    return int((counted * model.prompt_factor).to_integral_value(rounding=ROUND_CEILING))


def estimate(prompt: int, wish: OutputLimit, model: Model, call: Call) -> Estimate:
    """The hold's bounds: the prompt and the least output per choice at least, the whole output limit at most.

    Prompt and output are rounded up apart, so that the hold always covers the charge, which is rounded up once.
    """
    limit = model.output_limit_tokens if wish.tokens is None else wish.tokens
    min_output = min(wish.least, limit) * wish.choices
    max_output = limit * wish.choices
    if call.costs_what_it_counts:
        return Estimate(prompt, wish, prompt, prompt + min_output, prompt + max_output)
    weights, factor = call.weights, call.conversion_factor
    # All of the output may turn out to be reasoning, which may be dearer.
    dearest = max(weights.output, weights.reasoning)
    prompt_charge = tokens_charged_at(weights.input, prompt, factor)
    least = prompt_charge + tokens_charged_at(dearest, min_output, factor)
    most = prompt_charge + tokens_charged_at(dearest, max_output, factor)
    return Estimate(prompt, wish, prompt_charge, least, most)
