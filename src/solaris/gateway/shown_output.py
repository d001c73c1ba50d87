"""Which streams show all of their output as it comes: a hold can grow with those alone."""

import re

from solaris.gateway.dialect import Json
from solaris.gateway.models import Model

# Families that reason without showing it (OpenAI's "Reasoning models"; xAI's and DeepSeek's stream their thoughts in part).
_HIDES_REASONING = re.compile(
    r"(?:^|[/._-])(?:o[1-9](?![0-9a-z])|gpt-[5-9](?!\d)|gpt-oss|codex|computer-use|grok-[34]|gemini-(?:2\.5|[3-9]|flash-l|pro-l))"
)
# Less on average is a difference in counting.
_LEAST_HIDDEN_TOKENS = 50
_ASKED_FOR = ("reasoning_effort", "reasoning", "thinking")
_NOT_ASKED = (None, False, "none", "minimal", "disabled")


def shows_all_output(body: Json, model: Model) -> bool:
    """Whether the stream of this call can be watched: no part of its output is billed without being seen.

    Others hold their whole output limit, as calls that are not streamed do.
    """
    if model.hidden_output_tokens >= _LEAST_HIDDEN_TOKENS:
        return False
    for name in _ASKED_FOR:
        if name in body and _is_asked(body[name]):
            return False
    return not any(_HIDES_REASONING.search(name) for name in (model.name, *model.targets))


def _is_asked(value: object) -> bool:
    if isinstance(value, dict):
        return value.get("type", value.get("effort", "some")) not in _NOT_ASKED
    return isinstance(value, list) or value not in _NOT_ASKED
