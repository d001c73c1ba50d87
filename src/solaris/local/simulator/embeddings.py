"""Embeddings: the same text always gives the same unit vector.

Similar texts give unrelated vectors.
"""

import base64
import hashlib
import math
import struct

from solaris.local.simulator.answers import Words
from solaris.local.simulator.plan import Json, WrongRequest, optional_count, required_text

_DIMENSIONS = 1536
_MAX_INPUTS = 2048


def embedded(body: Json, words: Words) -> tuple[Json, int]:
    """The answer to an embeddings request, and the tokens it costs.

    Raises:
        WrongRequest: the input is neither a text, nor a list of texts, nor tokens.
    """
    model = required_text(body, "model")
    inputs = _inputs(body.get("input"))
    dimensions = optional_count(body, "dimensions", maximum=4096) or _DIMENSIONS
    in_base64 = body.get("encoding_format") == "base64"
    tokens = sum(words.count(one) if isinstance(one, str) else len(one) for one in inputs)
    data = [
        {"object": "embedding", "index": index, "embedding": _vector(one, dimensions, in_base64=in_base64)}
        for index, one in enumerate(inputs)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": model, "usage": usage}, tokens


def _inputs(given: object) -> list[str | list[int]]:
    if isinstance(given, str) and given:
        return [given]
    if not isinstance(given, list) or not 1 <= len(given) <= _MAX_INPUTS:
        raise WrongRequest(f"input must be a text or a list of 1 to {_MAX_INPUTS} of them", "input")
    if all(isinstance(one, int) for one in given):
        return [given]
    if not all(
        isinstance(one, str) or (isinstance(one, list) and all(isinstance(t, int) for t in one)) for one in given
    ):
        raise WrongRequest("input must hold texts or lists of tokens", "input")
    return given


def _vector(text: str | list[int], dimensions: int, *, in_base64: bool) -> list[float] | str:
    raw = hashlib.shake_128(repr(text).encode()).digest(dimensions)
    length = math.sqrt(sum((byte - 127.5) ** 2 for byte in raw))
    values = [(byte - 127.5) / length for byte in raw]
    return base64.b64encode(struct.pack(f"<{dimensions}f", *values)).decode() if in_base64 else values
