"""A prompt's count as the proxy makes it, for tests that have no caller whose leaving would end the counting."""

import asyncio
from typing import cast

from solaris.gateway.api.base import ApiShape, Json
from solaris.gateway.estimate.estimate import count_prompt
from solaris.gateway.estimate.tokenizer import Tokenizer
from solaris.models.catalogue import Model
from solaris.platform.http.request_context import RequestContext


class StayingCaller:
    """A caller who never leaves."""

    gone = False

    def on_disconnect(self, _action: object) -> None:
        """Never."""


async def counted_in_time(api: ApiShape, body: Json, model: Model, tokenizer: Tokenizer) -> int:
    """See `count_prompt`."""
    return await count_prompt(cast(RequestContext, StayingCaller()), api, body, model, tokenizer)


def counted_prompt(api: ApiShape, body: Json, model: Model, tokenizer: Tokenizer) -> int:
    """The same, where no event loop runs."""
    return asyncio.run(counted_in_time(api, body, model, tokenizer))
