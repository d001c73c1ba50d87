"""The model list: deployments that call their provider, simulated ones, and their prices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from solaris.local.litellm_yaml import ConfigError, Source, variable_of

Json = dict[str, Any]

# Providers that need a key, and the variable that LiteLLM reads it from by default.
PROVIDER_KEYS: Mapping[str, str] = {
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "gemini": "GEMINI_API_KEY",
    "mistral": "MISTRAL_API_KEY",
    "groq": "GROQ_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "xai": "XAI_API_KEY",
    "cohere": "COHERE_API_KEY",
    "openrouter": "OPENROUTER_API_KEY",
    "together_ai": "TOGETHERAI_API_KEY",
    "perplexity": "PERPLEXITYAI_API_KEY",
    "azure": "AZURE_API_KEY",
}
# USD per token, for models that LiteLLM's own list no longer holds; from the provider's published
# prices.
MISSING_PRICES: Mapping[str, tuple[float, float]] = {
    "claude-3-sonnet-20240229": (3e-6, 15e-6),
    "claude-2.1": (8e-6, 24e-6),
    "claude-2.0": (8e-6, 24e-6),
    "claude-instant-1.2": (8e-7, 24e-7),
}
EMBEDDING_MODEL = "text-embedding-3-small"
SMOLLM2_MODEL = "smollm2"
SMOLLM2_CONTEXT_TOKENS = 2048
_KEPT_WHEN_SIMULATED = {
    "rpm", "tpm", "weight", "order", "timeout", "stream_timeout", "max_retries", "max_tokens", "temperature", "tags",
    "max_parallel_requests", "drop_params", "additional_drop_params", "input_cost_per_token", "output_cost_per_token",
}  # fmt: skip
# Parameters that LiteLLM refuses for older models; the simulator accepts them for every model name.
_SIMULATOR_TAKES = ("response_format", "reasoning_effort")


@dataclass(frozen=True)
class Offer:
    """What LiteLLM can reach: the environment's keys, the simulator, the small local model."""

    variables: Mapping[str, str]
    simulator_url: str | None
    smollm2_url: str | None


@dataclass
class Provided:
    """The deployments as LiteLLM gets them, and notices about them for the console."""

    deployments: list[Json] = field(default_factory=list)
    simulated_models: tuple[str, ...] = ()
    left_out: frozenset[str] = frozenset()
    notices: list[str] = field(default_factory=list)


def provide_deployments(source: Source, offer: Offer) -> Provided:
    """The file's deployments, each with a provider that can answer, and the local models beside them.

    Raises:
        ConfigError: an entry is incomplete; a key variable of an unknown provider is not set; no
            model is left.
    """
    provided = Provided()
    simulated: dict[str, list[str]] = {}
    for index, entry in enumerate(_entries(source)):
        missing = _missing_key(source, index, entry, offer.variables)
        if missing is None:
            provided.deployments.append(_priced(entry))
            continue
        simulated.setdefault(missing, []).append(str(entry["model_name"]))
        if offer.simulator_url is not None:
            provided.deployments.append(_simulated(entry, offer.simulator_url))
    _add_notices(provided, simulated, offer)
    if not provided.deployments:
        variables = ", ".join(simulated) or "a provider's key"
        raise ConfigError(
            f"{source.at('model_list')}: no model can be offered; set {variables}, or add a model to model_list"
        )
    _add_local_models(provided, offer)
    return provided


def _entries(source: Source) -> list[Json]:
    entries = source.config.get("model_list") or []
    if not isinstance(entries, list):
        raise ConfigError(
            f"{source.at('model_list')}: model_list must be a list; begin each model with `- model_name:`"
        )
    for index, entry in enumerate(entries):
        place = source.at("model_list", index)
        if not isinstance(entry, dict) or not isinstance(entry.get("model_name"), str):
            raise ConfigError(f"{place}: a model has no model_name; write `- model_name: gpt-4`")
        params = entry.get("litellm_params")
        if not isinstance(params, dict) or not isinstance(params.get("model"), str):
            raise ConfigError(
                f"{place}: {entry['model_name']} has no litellm_params.model; write `model: openai/gpt-4` below litellm_params"
            )
    return entries


def _provider(params: Json) -> str:
    named = params.get("custom_llm_provider")
    if isinstance(named, str):
        return named
    prefix, slash, bare = str(params["model"]).partition("/")
    if slash:
        return prefix
    guesses = {
        "claude": "anthropic",
        "gemini": "gemini",
        "gpt": "openai",
        "o1": "openai",
        "o3": "openai",
        "text-embedding": "openai",
    }
    return next((provider for start, provider in guesses.items() if prefix.startswith(start)), bare)


def _missing_key(source: Source, index: int, entry: Json, variables: Mapping[str, str]) -> str | None:
    """The unset variable that this deployment needs to call its provider.

    None where it has a key.
    """
    params: Json = entry["litellm_params"]
    provider = _provider(params)
    named = variable_of(params.get("api_key"))
    if named is None:
        default = PROVIDER_KEYS.get(provider)
        is_elsewhere = any(params.get(name) for name in ("api_key", "api_base", "base_url", "litellm_credential_name"))
        return default if default and not is_elsewhere and not variables.get(default) else None
    variable, fallback = named
    if variables.get(variable) or fallback:
        return None
    if provider not in PROVIDER_KEYS:
        place = source.at("model_list", index, "litellm_params", "api_key")
        raise ConfigError(
            f"{place}: {variable} is not set; set it in the environment or in .env, or remove {entry['model_name']}"
        )
    return variable


def _simulated(entry: Json, simulator_url: str) -> Json:
    params: Json = entry["litellm_params"]
    bare = str(params["model"]).rpartition("/")[2]
    kept = {name: value for name, value in params.items() if name in _KEPT_WHEN_SIMULATED}
    own = {"api_key": "simulator", **kept}
    # Anthropic's models use LiteLLM's Anthropic provider, so that clients get its format of
    # thinking, tools and streams.
    if _provider(params) == "anthropic":
        takes = [*_SIMULATOR_TAKES, "thinking"]
        moved = {"model": f"anthropic/{bare}", "api_base": simulator_url, "allowed_openai_params": takes, **own}
    else:
        takes = [*_SIMULATOR_TAKES]
        moved = {"model": f"openai/{bare}", "api_base": f"{simulator_url}/v1", "allowed_openai_params": takes, **own}
    info = {**(entry.get("model_info") or {}), "simulated": True}
    return _priced({**entry, "litellm_params": moved, "model_info": info})


def _priced(entry: Json) -> Json:
    params: Json = entry["litellm_params"]
    price = MISSING_PRICES.get(str(params["model"]).rpartition("/")[2])
    info: Json = entry.get("model_info") or {}
    if price is None or "input_cost_per_token" in info or "input_cost_per_token" in params:
        return entry
    return {**entry, "model_info": {**info, "input_cost_per_token": price[0], "output_cost_per_token": price[1]}}


def _add_notices(provided: Provided, simulated: dict[str, list[str]], offer: Offer) -> None:
    for variable, names in simulated.items():
        listed = ", ".join(dict.fromkeys(names))
        if offer.simulator_url is None:
            provided.notices.append(f"{variable} is not set: left out {listed}")
        else:
            provided.notices.append(f"{variable} is not set: {listed} answered by the simulator")
    without_key = dict.fromkeys(name for names in simulated.values() for name in names)
    if offer.simulator_url is None:
        provided.left_out = frozenset(without_key) - {str(entry["model_name"]) for entry in provided.deployments}
    else:
        provided.simulated_models = tuple(without_key)


def _add_local_models(provided: Provided, offer: Offer) -> None:
    names = {entry["model_name"] for entry in provided.deployments}
    if offer.simulator_url is not None and EMBEDDING_MODEL not in names and not offer.variables.get("OPENAI_API_KEY"):
        params = {"model": f"openai/{EMBEDDING_MODEL}", "api_base": f"{offer.simulator_url}/v1", "api_key": "simulator"}
        info = {"mode": "embedding", "simulated": True}
        provided.deployments.append({"model_name": EMBEDDING_MODEL, "litellm_params": params, "model_info": info})
        provided.simulated_models += (EMBEDDING_MODEL,)
    if offer.smollm2_url is not None and SMOLLM2_MODEL not in names:
        params = {"model": f"openai/{SMOLLM2_MODEL}", "api_base": f"{offer.smollm2_url}/v1", "api_key": "local"}
        free: Json = {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0, "max_tokens": SMOLLM2_CONTEXT_TOKENS}
        provided.deployments.append({"model_name": SMOLLM2_MODEL, "litellm_params": params, "model_info": free})
