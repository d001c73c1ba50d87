"""How much a call may cost before it is made (SPEC 3.1): the prompt's estimate and the order for its hold."""

import asyncio
from decimal import ROUND_CEILING
from typing import NamedTuple

from starlette.requests import ClientDisconnect

from solaris.domain.tokens import output_tokens_affordable, tokens_charged_at
from solaris.gateway.dialect import Dialect, Json, OutputWish
from solaris.gateway.models import Model
from solaris.gateway.tokenizer import Tokenizer, is_long
from solaris.ledger.records import Call
from solaris.platform.exchange import Exchange

# The output that a stream's hold begins with, and grows by: so little that other calls find their tokens, so much that a long
# answer asks the ledger seldom.
SLICE_TOKENS = 4_096
# A stream begins with at most this part of what is free, since it grows; a call that can't be watched keeps to a half.
STREAM_SHARE = 8
WHOLE_SHARE = 2


class Estimate(NamedTuple):
    """What a call is expected to cost: provider tokens of the prompt, and tokens charged for the hold."""

    prompt_tokens: int
    wish: OutputWish
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


def counted_prompt(dialect: Dialect, body: Json, model: Model, tokenizer: Tokenizer) -> int:
    """The prompt as our tokenizer counts it, with flat figures for what has no text."""
    prompt = dialect.prompt(body)
    return tokenizer.count(prompt.texts, model.tokenizer) + prompt.flat_tokens


async def counted_for(client: Exchange, dialect: Dialect, body: Json, model: Model, tokenizer: Tokenizer) -> int:
    """What `counted_prompt` returns; a long prompt is counted beside the event loop while `client` waits.

    Raises:
        Overloaded: too many long prompts wait to be counted.
        ClientDisconnect: the caller left before a long prompt was counted.
    """
    texts, flat_tokens = dialect.prompt(body)
    if not is_long(texts):
        return tokenizer.count(texts, model.tokenizer) + flat_tokens
    if client.gone:
        raise ClientDisconnect
    counting = asyncio.ensure_future(tokenizer.count_long(texts, model.tokenizer))
    client.when_gone(counting.cancel)
    try:
        return await counting + flat_tokens
    except asyncio.CancelledError:
        if client.gone:
            raise ClientDisconnect from None
        raise
    finally:
        client.when_gone(None)
        counting.cancel()


def provider_tokens(counted: int, model: Model) -> int:
    """A text's provider tokens: what our tokenizer counts, times the model's factor, which its prompts have taught."""
    if model.prompt_factor == 1:
        return counted
    return int((counted * model.prompt_factor).to_integral_value(rounding=ROUND_CEILING))


def estimate(prompt: int, wish: OutputWish, model: Model, call: Call) -> Estimate:
    """The hold's bounds: the prompt and the least output per choice at least, the whole output limit at most.

    Prompt and output are rounded up apart, so that the hold always covers the charge, which is rounded up once.
    """
    limit = model.output_limit_tokens if wish.tokens is None else wish.tokens
    least_output = min(wish.least, limit) * wish.choices
    most_output = limit * wish.choices
    if call.costs_what_it_counts:
        return Estimate(prompt, wish, prompt, prompt + least_output, prompt + most_output)
    weights, factor = call.weights, call.conversion_factor
    # All of the output may turn out to be reasoning, which may be dearer.
    dearest = max(weights.output, weights.reasoning)
    prompt_charge = tokens_charged_at(weights.input, prompt, factor)
    least = prompt_charge + tokens_charged_at(dearest, least_output, factor)
    most = prompt_charge + tokens_charged_at(dearest, most_output, factor)
    return Estimate(prompt, wish, prompt_charge, least, most)
