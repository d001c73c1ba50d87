"""Every field of a request that limits or multiplies output, in the shape of any API, and which of them each route reads itself.

A limit that one API does not know is obeyed by another behind LiteLLM: `max_completion_tokens` on `/v1/completions`, `n` on
`/v1/messages`. What a route does not read, and so does not hold for, never leaves for the model.

Sources: LiteLLM 1.106.2 (`get_optional_params`, `litellm/llms/*/transformation.py` of anthropic, openai, vertex_ai, gemini,
bedrock, ollama, cohere, predibase, huggingface, watsonx, oci, ai21, sagemaker, the bridges of `responses` and
`anthropic_messages`), vLLM's `SamplingParams`, llama.cpp's server, OpenRouter's `reasoning`.
"""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from solaris.domain.errors import InvalidInput
from solaris.gateway.api.base import MAX_OUTPUT_TOKENS, Json

# Compared without capitals, `_` and `-`: servers differ in how they write them, and some take every way.
_LIMITS = """
    maxtokens maxcompletiontokens maxoutputtokens maxtokenstosample maxnewtokens maxlength maxgenlen
    maxtokencount maxgeneratedtokens maxgenerationtokens maxresponsetokens maxresponseoutputtokens
    maxanswertokens maxdecodesteps maxdecodingsteps maxthinkingtokens maxreasoningtokens mintokens minnewtokens
    minlength minoutputtokens mincompletiontokens mindecodesteps numpredict npredict numtokenstopredict ntokens
    tokenstogenerate budgettokens thinkingbudget thinkingtokenbudget reasoningbudget reasoningtokens
"""
_MULTIPLIERS = """
    n bestof numgenerations candidatecount numcandidates numreturnsequences numsequences numcompletions numresults numresponses
    numsamples numimages numberofimages samplecount nsamples nresponses ncompletions numbeams nbeams usebeamsearch beamsize
    beamwidth
"""
NAMES = frozenset((_LIMITS + _MULTIPLIERS).split())
# Those of them that are fields of one of our routes, written as the route reads them.
OF_ROUTES = frozenset({"max_tokens", "max_completion_tokens", "max_output_tokens", "n", "best_of"})
# What holds JSON Schemas, where such a name is the user's own.
_SCHEMAS = frozenset(
    """
    schema jsonschema guidedjson responseschema responsejsonschema responseformat outputformat format structuredoutputs properties
    guideddecoding grammar
    """.split()
)
_MAX_DEPTH = 8
# No field's name is longer; longer ones are not remembered.
MAX_NAME_CHARACTERS = 64
# Limits inside the limit: all thinking is output. Anthropic's, and OpenRouter's.
BUDGETS = (("thinking", "budget_tokens"), ("reasoning", "max_tokens"))
# LiteLLM's `budget_tokens` for `thinking: true` (DEFAULT_REASONING_EFFORT_MEDIUM_THINKING_BUDGET).
PLAIN_BUDGET_TOKENS = 2_048
# LiteLLM's output limit for Anthropic where only a budget for thinking is named (DEFAULT_MAX_TOKENS).
_ANSWER_TOKENS_BESIDE_BUDGET = 4_096


def is_output_field(name: str) -> bool:
    """Whether some API takes a field of this name for a limit of its output, or for a number of answers."""
    return len(name) <= MAX_NAME_CHARACTERS and normalized(name) in NAMES


@lru_cache(2_048)
def normalized(name: str) -> str:
    """A field's name without what servers write differently: capitals, and what is neither letter nor digit."""
    return "".join(filter(str.isalnum, name)).lower()


def remove_nested(settings: MutableMapping[str, Any], depth: int = 0) -> None:
    """Remove every such field from an object that is no field of the APIs themselves, such as `generation_config`."""
    for name, value in list(settings.items()):
        if is_output_field(name):
            del settings[name]
        elif isinstance(value, dict) and normalized(name[:MAX_NAME_CHARACTERS]) not in _SCHEMAS and depth < _MAX_DEPTH:
            remove_nested(value, depth + 1)


def thinking_budget(body: Json) -> int | None:
    """The largest budget for thinking that the body names; None where it names none.

    Raises:
        InvalidInput: it is no whole number, or absurd.
    """
    largest: int | None = None
    for field, key in BUDGETS:
        value = body.get(field)
        if value is True:
            largest = max(largest or 0, PLAIN_BUDGET_TOKENS)
        elif isinstance(value, dict):
            for name, budget in value.items():
                if budget is not None and is_output_field(name):
                    largest = max(largest or 0, _checked(f"{field}.{key}", budget))
    return largest


def limit_for_budget(budget: int | None) -> int | None:
    """The output limit where the body names a budget for thinking and no limit: the one that LiteLLM sets for Anthropic."""
    return None if budget is None else budget + _ANSWER_TOKENS_BESIDE_BUDGET


def _checked(field: str, budget: object) -> int:
    if type(budget) is not int or not 0 <= budget <= MAX_OUTPUT_TOKENS:
        formatted = f"{MAX_OUTPUT_TOKENS:,}".replace(",", ".")
        raise InvalidInput(f"O campo '{field}' deve ser um número inteiro de 0 a {formatted}.", param=field)
    return budget
