"""Which streams show all of their output as it comes: a hold can grow with those alone."""

import re

from solaris.gateway.api.base import Json
from solaris.models.catalogue import Model

# Families that reason without showing it (OpenAI's "Reasoning models", Google's "Gemini thinking", xAI's "Reasoning").
_HIDES_REASONING = re.compile(
    r"(?:^|[/._-])(?:o[1-9](?![0-9a-z])|gpt-[5-9](?!\d)|gpt-oss|codex|computer-use|grok-[34]|gemini-(?:2\.5|[3-9]|flash-l|pro-l))"
)
# Families whose streams hold whatever is billed, unless the request asks for thoughts.
_SHOWS_ALL = re.compile(
    r"(?:^|[/._-])(?:gpt-(?:3\.5|4)(?!\d)|chatgpt-4o|claude|llama|(?:mi|code|mini|pix)stral|mixtral|deepseek|qwen|phi-|gemma|command"
    r"|smollm|gemini-(?:1|2\.0)|davinci|babbage)"
)
# Whatever asks for thoughts, or that they be left out, in any shape of the API.
_ASKED_FOR = frozenset(
    {
        "reasoning_effort",
        "reasoning",
        "thinking",
        "include_reasoning",
        "reasoning_format",
        "output_config",
        "enable_thinking",
        "chat_template_kwargs",
    }
)
_NOT_ASKED = (None, "none", {"type": "disabled"}, {"effort": "none"})
# Less on average is a difference in counting.
_MIN_HIDDEN_TOKENS = 50


def shows_all_output(body: Json, model: Model) -> bool:
    """Whether the stream of this call can be watched: no part of its output is billed without being seen.

    Others hold their whole output limit, as calls that are not streamed do. What calls have shown of a model counts more than its
    name; for a model that neither describes, hidden output is expected.
    """
    if not _ASKED_FOR.isdisjoint(body) and any(name in body and body[name] not in _NOT_ASKED for name in _ASKED_FOR):
        return False
    if model.hidden_output_tokens is not None:
        return model.hidden_output_tokens < _MIN_HIDDEN_TOKENS
    names = model.targets or (model.name,)
    return not any(map(_HIDES_REASONING.search, names)) and all(map(_SHOWS_ALL.search, names))
