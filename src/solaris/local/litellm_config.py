"""Translates the customer's `litellm_config.yaml` into a form that LiteLLM accepts.

Pure: text in, text out.

What changes (everything else stays as it is in the file):

- `${NAME}` and `${NAME:-default}`, also unquoted inside `{…}`, become LiteLLM's `os.environ/NAME`;
- `database_url` and `store_model_in_db` are removed: LiteLLM runs without a database;
- an alias whose value is a list becomes a plain alias, or one deployment per target under the alias's name;
- the master key is always `LITELLM_API_KEY`; metrics are on, without authentication; no retries, no cooldowns;
- models without a price in LiteLLM get one;
- tokenizer downloads during calls are off;
- a deployment whose provider key is not set goes to the model simulator, or is left out where no simulator runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from solaris.local.litellm_aliases import resolve_aliases
from solaris.local.litellm_deployments import Offer, provide_deployments
from solaris.local.litellm_yaml import Source, read_source

Json = dict[str, Any]

# Example keys of the customer's reference; no provider accepts them.
_EXAMPLE_KEYS = {"sk-openai-key", "sk-anthropic-key"}


@dataclass(frozen=True)
class Translation:
    """The configuration that LiteLLM is started with.

    `variables` are the environment variables that the configuration refers to; `notices` are lines
    for the console, one per effective difference from the customer's file; the simulator answers
    `simulated_models`.
    """

    config: Json
    variables: frozenset[str]
    simulated_models: tuple[str, ...] = ()
    notices: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """The configuration as YAML."""
        head = "# Written by `solaris` at each start from litellm_config.yaml: edit that file, not this one.\n"
        return head + yaml.safe_dump(self.config, sort_keys=False, allow_unicode=True)


def translate(
    text: str,
    *,
    name: str,
    variables: Mapping[str, str],
    simulator_url: str | None = None,
    smollm2_url: str | None = None,
) -> Translation:
    """LiteLLM's form of the customer's configuration `text`, read from the file `name`.

    `variables` is the environment of the LiteLLM process. Models without a provider key are sent to
    `simulator_url`; `smollm2_url` adds the small local model. Both URLs without `/v1`.

    Raises:
        ConfigError: one line with file, line, and cure.
    """
    source = read_source(text, name)
    own = source.section("environment_variables")
    known = {**variables, **{key: str(value) for key, value in own.items()}}
    known = {key: value for key, value in known.items() if value not in _EXAMPLE_KEYS}
    own.pop("DATABASE_URL", None)
    general = source.section("general_settings")
    general.pop("database_url", None)
    general.pop("store_model_in_db", None)
    offer = Offer(known, simulator_url, smollm2_url)
    provided = provide_deployments(source, offer)
    source.config["model_list"] = provided.deployments
    notices = [*provided.notices, *_set_servers(source, general)]
    resolve_aliases(source, provided.deployments, provided.left_out)
    source.config["general_settings"] = general
    referred = source.expand_variables(known)
    return Translation(source.config, frozenset(referred), provided.simulated_models, tuple(notices))


def _set_servers(source: Source, general: Json) -> list[str]:
    notices = []
    if general.get("master_key") not in {None, "os.environ/LITELLM_API_KEY", source.reference("LITELLM_API_KEY")}:
        notices.append(f"{source.at('general_settings', 'master_key')}: master_key is replaced by LITELLM_API_KEY")
    general["master_key"] = "os.environ/LITELLM_API_KEY"
    router = source.section("router_settings")
    router.setdefault("num_retries", 0)
    router.setdefault("disable_cooldowns", True)
    source.config["router_settings"] = router
    settings = source.section("litellm_settings")
    callbacks = settings.get("callbacks") or []
    callbacks = [callbacks] if isinstance(callbacks, str) else list(callbacks)
    settings["callbacks"] = callbacks if "prometheus" in callbacks else [*callbacks, "prometheus"]
    settings.setdefault("require_auth_for_metrics_endpoint", False)
    settings.setdefault("telemetry", False)
    # For model names with llama-3, command-r and some others LiteLLM downloads a tokenizer during
    # the call. Without internet its whole process blocks for 25 to 121 s. With this setting it
    # counts with its built-in tokenizer.
    settings.setdefault("disable_hf_tokenizer_download", True)
    # Anthropic's messages for another provider's model become chat completions, which every server
    # has, with the caller's own limit. LiteLLM's default, responses, raises a limit below 16.
    settings.setdefault("use_chat_completions_url_for_anthropic_messages", True)
    # LiteLLM does not cancel an unstreamed call when its caller disconnects; its default timeout is
    # 6000 s.
    settings.setdefault("request_timeout", 600)
    source.config["litellm_settings"] = settings
    return notices
