"""Decides which streams show all of their output, so that their hold may grow."""

import re

from solaris.gateway.api.base import Json
from solaris.models.catalogue import Model

# Families that reason without showing it (OpenAI's "Reasoning models", Google's "Gemini thinking",
# xAI's "Reasoning").
_HIDES_REASONING = re.compile(
    r"(?:^|[/._-])(?:o[1-9](?![0-9a-z])|gpt-[5-9](?!\d)|gpt-oss|codex|computer-use|grok-[34]|gemini-(?:2\.5|[3-9]|flash-l|pro-l))"
)
# Families whose streams contain all billed output, unless the request asks for thoughts.
_SHOWS_ALL = re.compile(
    r"(?:^|[/._-])(?:gpt-(?:3\.5|4)(?!\d)|chatgpt-4o|claude|llama|(?:mi|code|mini|pix)stral|mixtral|deepseek|qwen|phi-|gemma|command"
    r"|smollm|gemini-(?:1|2\.0)|davinci|babbage)"
)
# Fields that request or exclude thoughts, in any API.
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
# A lower average is a difference in counting.
_MIN_HIDDEN_TOKENS = 50


def shows_all_output(body: Json, model: Model) -> bool:
    """Whether the stream of this call shows all billed output.

    Other streams hold their whole output limit, as unstreamed calls do. Measured hidden output of a
    model takes precedence over its name; for a model that neither describes, it is assumed.
    """
    if not _ASKED_FOR.isdisjoint(body) and any(name in body and body[name] not in _NOT_ASKED for name in _ASKED_FOR):
        return False
    if model.hidden_output_tokens is not None:
        return model.hidden_output_tokens < _MIN_HIDDEN_TOKENS
    names = model.targets or (model.name,)
    return not any(map(_HIDES_REASONING.search, names)) and all(map(_SHOWS_ALL.search, names))
