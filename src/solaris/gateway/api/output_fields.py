"""All request fields, of any API, that limit or multiply output.

A provider behind LiteLLM may obey a limit that is not part of the route's API:
`max_completion_tokens` on `/v1/completions`, `n` on `/v1/messages`. A limit that the route does not
read is not covered by the hold, so it is removed.

Sources: LiteLLM 1.106.2 (`get_optional_params`, `litellm/llms/*/transformation.py` of anthropic,
openai, vertex_ai, gemini, bedrock, ollama, cohere, predibase, huggingface, watsonx, oci, ai21,
sagemaker, the bridges of `responses` and `anthropic_messages`), vLLM's `SamplingParams`,
llama.cpp's server, OpenRouter's `reasoning`.
"""

from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from solaris.domain.errors import InvalidInput
from solaris.gateway.api.base import MAX_OUTPUT_TOKENS, Json

# Compared in lower case, without `_` and `-`: servers differ in spelling, and some accept all.
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
# The names that are fields of one of our routes, in the route's spelling.
OF_ROUTES = frozenset({"max_tokens", "max_completion_tokens", "max_output_tokens", "n", "best_of"})
# Fields that hold JSON Schemas, in which such a name belongs to the user.
_SCHEMAS = frozenset(
    """
    schema jsonschema guidedjson responseschema responsejsonschema responseformat outputformat format structuredoutputs properties
    guideddecoding grammar
    """.split()
)
_MAX_DEPTH = 8
# No real name is longer; longer names are not cached.
MAX_NAME_CHARACTERS = 64
# Thinking budgets, which are part of the output limit: Anthropic's and OpenRouter's.
BUDGETS = (("thinking", "budget_tokens"), ("reasoning", "max_tokens"))
# LiteLLM's `budget_tokens` for `thinking: true` (DEFAULT_REASONING_EFFORT_MEDIUM_THINKING_BUDGET).
PLAIN_BUDGET_TOKENS = 2_048
# LiteLLM's output limit for Anthropic beside a budget without a limit (DEFAULT_MAX_TOKENS).
_ANSWER_TOKENS_BESIDE_BUDGET = 4_096


def is_output_field(name: str) -> bool:
    """Whether any API reads a field of this name as an output limit or a number of answers."""
    return len(name) <= MAX_NAME_CHARACTERS and normalized(name) in NAMES


@lru_cache(2_048)
def normalized(name: str) -> str:
    """A field's name in lower case, without characters other than letters and digits."""
    return "".join(filter(str.isalnum, name)).lower()


def remove_nested(settings: MutableMapping[str, Any], depth: int = 0) -> None:
    """Remove output fields from an object that is not part of the APIs, as `generation_config`."""
    for name, value in list(settings.items()):
        if is_output_field(name):
            del settings[name]
        elif isinstance(value, dict) and normalized(name[:MAX_NAME_CHARACTERS]) not in _SCHEMAS and depth < _MAX_DEPTH:
            remove_nested(value, depth + 1)


def thinking_budget(body: Json) -> int | None:
    """The largest thinking budget in the body; None without one.

    Raises:
        InvalidInput: a budget is not an integer, or is out of range.
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
    """The output limit for a thinking budget without a limit: as LiteLLM sets it for Anthropic."""
    return None if budget is None else budget + _ANSWER_TOKENS_BESIDE_BUDGET


def _checked(field: str, budget: object) -> int:
    if type(budget) is not int or not 0 <= budget <= MAX_OUTPUT_TOKENS:
        formatted = f"{MAX_OUTPUT_TOKENS:,}".replace(",", ".")
        raise InvalidInput(f"O campo '{field}' deve ser um número inteiro de 0 a {formatted}.", param=field)
    return budget
