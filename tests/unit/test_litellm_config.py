"""The customer's LiteLLM configuration, as it is and as he may edit it."""

import pytest
import yaml

from solaris.local.litellm_aliases import ALIAS_OF
from solaris.local.litellm_config import Translation, translate
from solaris.local.litellm_yaml import ConfigError
from solaris.models import served_names
from solaris.platform.resources import resource_path

SEED = resource_path("litellm_config.yaml").read_text("utf-8")
KEYS = {"OPENAI_API_KEY": "sk-o", "ANTHROPIC_API_KEY": "sk-a", "LITELLM_API_KEY": "sk-l"}
SIMULATOR = "http://127.0.0.1:4010"


def translated(text: str, variables: dict[str, str] | None = None, **urls: str) -> Translation:
    return translate(text, name="litellm_config.yaml", variables=KEYS if variables is None else variables, **urls)


def deployments(translation: Translation) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for deployment in translation.config["model_list"]:
        found.setdefault(deployment["model_name"], []).append(deployment["litellm_params"])
    return found


def refusal(text: str, variables: dict[str, str] | None = None, **urls: str) -> str:
    with pytest.raises(ConfigError) as caught:
        translated(text, variables, **urls)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_the_seeds_file_with_keys_calls_the_providers():
    found = deployments(translated(SEED, smollm2_url="http://127.0.0.1:4020"))
    assert found == {
        "gpt-4": [{"model": "openai/gpt-4", "api_key": "os.environ/OPENAI_API_KEY"}],
        "gpt-3.5-turbo": [{"model": "openai/gpt-3.5-turbo", "api_key": "os.environ/OPENAI_API_KEY"}],
        "claude-3": [{"model": "anthropic/claude-3-sonnet-20240229", "api_key": "os.environ/ANTHROPIC_API_KEY"}],
        "smollm2": [{"model": "openai/smollm2", "api_base": "http://127.0.0.1:4020/v1", "api_key": "local"}],
    }


def test_the_seeds_sections_become_what_litellm_understands():
    translation = translated(SEED)
    assert translation.config["general_settings"] == {"master_key": "os.environ/LITELLM_API_KEY"}
    router = translation.config["router_settings"]
    assert router["model_group_alias"] == {"gpt-3.5": "gpt-3.5-turbo", "claude": "claude-3"}
    assert router["routing_strategy"] == "simple-shuffle"
    assert (router["num_retries"], router["disable_cooldowns"]) == (0, True)
    assert translation.config["litellm_settings"]["callbacks"] == ["prometheus"]
    assert translation.config["litellm_settings"]["require_auth_for_metrics_endpoint"] is False
    assert translation.variables == {"OPENAI_API_KEY", "ANTHROPIC_API_KEY", "LITELLM_API_KEY"}
    assert translation.notices == ()


def test_the_seeds_unpriced_model_gets_a_price():
    claude = next(one for one in translated(SEED).config["model_list"] if one["model_name"] == "claude-3")
    assert claude["model_info"] == {"input_cost_per_token": 3e-6, "output_cost_per_token": 15e-6}


def test_what_is_written_reads_back_the_same():
    translation = translated(SEED, {}, simulator_url=SIMULATOR)
    assert yaml.safe_load(translation.text) == translation.config


@pytest.mark.parametrize("variables", [{}, {"OPENAI_API_KEY": ""}, {"OPENAI_API_KEY": "sk-openai-key"}])
def test_models_without_a_providers_key_are_simulated_and_named_as_such(variables):
    translation = translated(SEED, variables, simulator_url=SIMULATOR)
    assert deployments(translation)["claude-3"] == [
        {
            "model": "anthropic/claude-3-sonnet-20240229",
            "api_base": SIMULATOR,
            "api_key": "simulator",
            "allowed_openai_params": ["response_format", "reasoning_effort", "thinking"],
        }
    ]
    assert all(deployment["model_info"]["simulated"] for deployment in translation.config["model_list"])
    assert translation.simulated_models == ("gpt-4", "gpt-3.5-turbo", "claude-3", "text-embedding-3-small")
    assert "OPENAI_API_KEY is not set: gpt-4, gpt-3.5-turbo answered by the simulator" in translation.notices


def test_without_a_simulator_models_without_a_key_are_left_out_with_their_aliases():
    translation = translated(SEED, {"OPENAI_API_KEY": "sk-o"})
    assert set(deployments(translation)) == {"gpt-4", "gpt-3.5-turbo"}
    assert translation.config["router_settings"]["model_group_alias"] == {"gpt-3.5": "gpt-3.5-turbo"}
    assert translation.notices == ("ANTHROPIC_API_KEY is not set: left out claude-3",)


def test_nothing_to_offer_is_refused_with_the_variables_to_set():
    assert "line 3: no model can be offered; set OPENAI_API_KEY, ANTHROPIC_API_KEY" in refusal(SEED, {})


def test_variables_inside_braces_and_in_part_of_a_value_are_understood():
    text = """
model_list:
  - {model_name: own, litellm_params: {model: openai/own, api_key: ${OWN_KEY}, api_base: "https://${HOST}/${PATHNAME:-v1}"}}
"""
    found = deployments(translated(text, {"OWN_KEY": "k", "HOST": "models.example"}))
    assert found["own"] == [
        {"model": "openai/own", "api_key": "os.environ/OWN_KEY", "api_base": "https://models.example/v1"}
    ]


def test_everything_unknown_stays_as_it_is():
    text = (
        SEED
        + """
litellm_settings:
  drop_params: true
  callbacks: ["langfuse"]
something_new: {a: [1, 2.5, null, "x"]}
"""
    )
    config = translated(text).config
    assert config["something_new"] == {"a": [1, 2.5, None, "x"]}
    assert config["litellm_settings"]["drop_params"] is True
    assert config["litellm_settings"]["callbacks"] == ["langfuse", "prometheus"]


def test_the_customers_own_router_settings_win():
    text = SEED.replace("routing_strategy: simple-shuffle", "num_retries: 2\n  disable_cooldowns: false")
    router = translated(text).config["router_settings"]
    assert (router["num_retries"], router["disable_cooldowns"]) == (2, False)


def test_an_alias_of_several_models_becomes_their_deployments():
    text = SEED.replace('gpt-3.5: ["gpt-3.5-turbo"]', 'best: ["gpt-4", "claude-3"]')
    translation = translated(text)
    assert [params["model"] for params in deployments(translation)["best"]] == [
        "openai/gpt-4",
        "anthropic/claude-3-sonnet-20240229",
    ]
    assert "best" not in translation.config["router_settings"]["model_group_alias"]


def test_the_deployments_of_an_alias_say_what_they_stand_for():
    text = SEED.replace('gpt-3.5: ["gpt-3.5-turbo"]', 'best: ["gpt-4", "claude-3"]')
    copies = [one for one in translated(text).config["model_list"] if one["model_name"] == "best"]
    assert [one["model_info"][ALIAS_OF] for one in copies] == [["gpt-4", "claude-3"]] * 2
    assert copies[1]["model_info"]["input_cost_per_token"] == 3e-6
    assert ALIAS_OF == served_names.ALIAS_OF  # what the proxy looks for


def test_an_alias_of_several_models_may_name_members_of_a_pattern():
    pattern = "model_list:\n  - model_name: meu/*\n    litellm_params: {model: 'openai/*', api_key: sk-x}\n"
    text = SEED.replace("model_list:\n", pattern).replace('["gpt-3.5-turbo"]', '["gpt-4", "meu/gpt-9"]')
    assert [params["model"] for params in deployments(translated(text))["gpt-3.5"]] == ["openai/gpt-4", "openai/gpt-9"]


def test_nothing_is_downloaded_in_mid_call():
    assert translated(SEED).config["litellm_settings"]["disable_hf_tokenizer_download"] is True
    own = SEED + "\nlitellm_settings:\n  disable_hf_tokenizer_download: false\n"
    assert translated(own).config["litellm_settings"]["disable_hf_tokenizer_download"] is False


def test_an_alias_may_stand_for_an_alias():
    text = SEED.replace('claude: ["claude-3"]', 'claude: ["claude-3"]\n    anthropic: ["claude"]')
    assert translated(text).config["router_settings"]["model_group_alias"]["anthropic"] == "claude-3"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('["claude-3"]', '["claude-4"]', "line 27: the alias claude names claude-4, which is no model_name of this file"),
        ('claude: ["claude-3"]', 'claude: ["opus"]\n    opus: ["claude"]', "line 27: the alias claude stands for itself"),
        ('["claude-3"]', "[]", "line 27: the alias claude must name models"),
        ('["claude-3"]', '["claude-3"', "no valid YAML"),
        ("model_name: gpt-4", "model: gpt-4", "line 3: a model has no model_name"),
        ("model: openai/gpt-4", "name: openai/gpt-4", "line 3: gpt-4 has no litellm_params.model"),
        ("model: openai/gpt-4", "model: acme/one", "is not set; set it in the environment or in .env, or remove gpt-4"),
        ("simple-shuffle", "${STRATEGY}", "line 23: STRATEGY is not set"),
        ("router_settings:", "router_settings: 3\nrest:", "line 22: router_settings must hold"),
        ("model_list:", "model_list: gpt-4\nrest:", "line 2: model_list must be a list"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_its_cure(old, new, expected):
    assert old in SEED
    variables = {"ANTHROPIC_API_KEY": "sk-a"} if "acme" in new else KEYS
    message = refusal(SEED.replace(old, new, 1), variables, simulator_url=SIMULATOR)
    assert message.startswith("litellm_config.yaml, line ")
    assert expected in message


@pytest.mark.parametrize("text", ["- a\n- b", "just text", "\x00", "a: &x [*x"])
def test_what_is_no_configuration_is_refused(text):
    assert refusal(text).startswith("litellm_config.yaml, line ")


def test_a_masters_key_of_the_customers_is_replaced_and_told():
    text = SEED.replace("store_model_in_db: true", "master_key: sk-his-own")
    translation = translated(text)
    assert translation.config["general_settings"] == {"master_key": "os.environ/LITELLM_API_KEY"}
    assert "sk-his-own" not in translation.text
    assert translation.notices == ("litellm_config.yaml, line 20: master_key is replaced by LITELLM_API_KEY",)


def test_a_server_of_ones_own_without_a_key_is_left_alone():
    text = "model_list: [{model_name: own, litellm_params: {model: openai/own, api_base: 'http://gpu:8000/v1'}}]"
    assert deployments(translated(text, {}, simulator_url=SIMULATOR))["own"][0]["api_base"] == "http://gpu:8000/v1"
