"""What is removed from bodies before they leave for the model, and what passes."""

from typing import Any

import pytest

from solaris.domain.errors import InvalidInput
from solaris.gateway.api.anthropic import MessagesShape
from solaris.gateway.api.base import ApiShape, OutputLimit
from solaris.gateway.api.chat import ChatShape
from solaris.gateway.api.completions import CompletionsShape
from solaris.gateway.api.embeddings import EmbeddingsShape
from solaris.gateway.api.litellm_params import USUAL_FIELDS, BodyCleaner, is_litellm_param
from solaris.gateway.api.output_fields import OF_ROUTES, is_output_field
from solaris.gateway.api.responses import ResponsesShape

KEPT = set(
    """
    model messages max_tokens max_completion_tokens n stream stream_options temperature top_p top_k stop tools
    tool_choice parallel_tool_calls response_format reasoning_effort thinking metadata modalities audio
    prediction prompt_cache_key safety_identifier seed service_tier store verbosity web_search_options
    logit_bias logprobs top_logprobs presence_penalty frequency_penalty user functions function_call input
    instructions previous_response_id include background truncation text reasoning max_output_tokens
    conversation prompt suffix echo best_of dimensions encoding_format system stop_sequences mcp_servers
    container context_management output_config output_format some_vendors_own_field session_id max_tool_calls
    """.split()
)
SHAPES: list[ApiShape] = [
    ChatShape(),
    CompletionsShape(),
    ResponsesShape(),
    MessagesShape(),
    EmbeddingsShape(),
]
FIELDS = """
    max_tokens max_completion_tokens max_output_tokens max_tokens_to_sample max_new_tokens max_length
    max_gen_len maxTokens maxOutputTokens maxTokenCount min_tokens min_new_tokens min_length num_predict
    n_predict n best_of num_generations candidate_count candidateCount num_return_sequences num_completions
    num_beams use_beam_search thinking_budget MAX_TOKENS Max-Completion-Tokens N maxNewTokens
""".split()


def cleaned(api: ApiShape, body: dict[str, Any], denied: tuple[str, ...] = ()) -> dict[str, Any]:
    BodyCleaner(denied).clean(body, api.limit_fields, supports_thinking=api.supports_thinking)
    return body


def test_what_belongs_to_the_providers_and_what_is_unknown_passes() -> None:
    body: dict[str, Any] = {**dict.fromkeys(KEPT, 1), "metadata": {}}
    BodyCleaner().clean(body, OF_ROUTES, supports_thinking=True)
    assert set(body) == KEPT


def test_no_field_that_is_let_through_unseen_would_steer() -> None:
    assert not [name for name in USUAL_FIELDS if is_litellm_param(name)]
    assert {name for name in USUAL_FIELDS if is_output_field(name)} == OF_ROUTES


@pytest.mark.parametrize(
    "field",
    """
    extra_body extra_headers additional_drop_params api_base num_retries timeout input_cost_per_token
    output_cost_per_reasoning_token_flex cache_read_input_token_cost mock_response litellm_credential_name
    litellm_metadata litellm_params fallbacks aws_secret_access_key custom_llm_provider _router_weights
    guardrails proxy_server_request user_api_key_auth metadata[api_base] deployment_url workspace_id policies
    disable_fallbacks success_callback user_continue_message
    """.split(),
)
def test_what_steers_litellm_is_removed(field: str) -> None:
    for api in SHAPES:
        assert cleaned(api, {"model": "gpt-4", field: {"max_tokens": 99999}}) == {"model": "gpt-4"}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("api", SHAPES, ids=lambda api: api.route)
def test_a_route_sends_no_limit_but_its_own(api: ApiShape, field: str) -> None:
    kept = cleaned(api, {"model": "gpt-4", field: 100_000})
    assert kept == ({"model": "gpt-4", field: 100_000} if field in api.limit_fields else {"model": "gpt-4"})
    for holder in ("generation_config", "options", "inferenceConfig", "parameters", "some_vendors_own_field"):
        nested = {"model": "gpt-4", holder: {"temperature": 1, field: 100_000, "thinkingConfig": {field: 7}}}
        assert cleaned(api, nested) == {"model": "gpt-4", holder: {"temperature": 1, "thinkingConfig": {}}}


def test_the_users_own_schemas_are_left_alone() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}, "name": {"type": "string", "maxLength": 9}}}
    body = {
        "model": "gpt-4",
        "tools": [{"type": "function", "function": {"name": "f", "parameters": schema}}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}},
        "output_config": {"effort": "high", "format": {"type": "json_schema", "schema": schema}},
        "guided_json": schema,
        "structured_outputs": {"json": schema},
    }
    assert cleaned(ChatShape(), {**body}) == body


def test_nested_settings_of_any_depth_are_cleaned_without_end() -> None:
    deep: dict[str, Any] = {"n": 5}
    for _ in range(2_000):
        deep = {"options": deep}
    body = cleaned(ChatShape(), {"model": "m", **deep})
    assert "options" in body


@pytest.mark.parametrize(
    ("api", "body", "limit", "sent"),
    [
        (ChatShape(), {"thinking": {"type": "enabled", "budget_tokens": 100_000}}, OutputLimit(104_096, 1), 104_096),
        (ChatShape(), {"thinking": {"type": "enabled", "budgetTokens": 9_000}}, OutputLimit(13_096, 1), 13_096),
        (ChatShape(), {"thinking": True}, OutputLimit(6_144, 1), 6_144),
        (ChatShape(), {"reasoning": {"max_tokens": 2_000}, "n": 2}, OutputLimit(6_096, 2), 6_096),
        (ChatShape(), {"reasoning": {"effort": "high"}}, OutputLimit(None, 1, 1), None),
        (ResponsesShape(), {"thinking": {"budget_tokens": 5_000}}, OutputLimit(9_096, 1, 16), 9_096),
        (ResponsesShape(), {"reasoning": {"effort": "high"}}, OutputLimit(None, 1, 16), None),
        (ResponsesShape(), {"max_output_tokens": 1}, OutputLimit(16, 1, 16), 1),
    ],
)  # fmt: skip
def test_a_budget_for_thinking_is_held_for(
    api: ApiShape, body: dict[str, Any], limit: OutputLimit, sent: int | None
) -> None:
    assert api.output_limit(body) == limit
    kept = cleaned(api, body)
    assert kept.get("max_tokens", kept.get("max_output_tokens")) == sent


@pytest.mark.parametrize("budget", ["100000", 1.5e9, -1, True, [], 10_000_001])
@pytest.mark.parametrize("api", [ChatShape(), ResponsesShape(), MessagesShape()])
def test_a_budget_that_is_no_whole_number_is_refused_by_name(api: ApiShape, budget: object) -> None:
    with pytest.raises(InvalidInput, match=r"thinking\.budget_tokens"):
        api.output_limit({"max_tokens": 5_000, "thinking": {"type": "enabled", "budget_tokens": budget}})


def test_routes_without_thinking_send_no_budget() -> None:
    body = {"model": "m", "prompt": "a", "thinking": {"budget_tokens": 100_000}, "reasoning": {"max_tokens": 100_000}}
    assert cleaned(CompletionsShape(), body) == {"model": "m", "prompt": "a"}


def test_metadata_keeps_plain_values_and_loses_what_litellm_reads() -> None:
    harmless = {"user_id": "u", "session_id": "s", "conversa": "7", "tema": "física", "version": "2", "turn": 3}
    steering = dict.fromkeys(
        """
        api_base api_key tags guardrails spend_logs_metadata user_api_key user_api_key_user_id headers
        model_info model_group policies priority logging requester_metadata team_id standard_logging_object
        disable_global_guardrails langfuse_host
        """.split(),
        "x",
    )
    nested = {"lista": ["a"], "objeto": {"api_base": "http://x"}, "nulo": None}
    body = cleaned(ChatShape(), {"metadata": {**harmless, **steering, **nested}})
    assert body == {"metadata": harmless}


@pytest.mark.parametrize("odd", ['{"api_base": "http://x"}', ["a"], 5, True, None])
def test_metadata_that_is_no_object_is_removed(odd: object) -> None:
    assert cleaned(MessagesShape(), {"metadata": odd}) == {}


def test_an_installations_denied_fields_are_removed_at_every_level_that_was_named() -> None:
    body = {
        "provider": {"order": ["x"]},
        "plugins": [],
        "chat_template_kwargs": {"enable_thinking": True, "a": 1},
        "b": 2,
    }
    assert cleaned(ChatShape(), body, ("provider", "chat_template_kwargs.enable_thinking", "b.c", "not.there")) == {
        "plugins": [],
        "chat_template_kwargs": {"a": 1},
        "b": 2,
    }
