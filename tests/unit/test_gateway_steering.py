import pytest

from solaris.gateway.steering import USUAL_FIELDS, steers, without_steering

KEPT = set(
    """
    model messages max_tokens max_completion_tokens n stream stream_options temperature top_p top_k stop tools
    tool_choice parallel_tool_calls response_format reasoning_effort thinking metadata modalities audio
    prediction prompt_cache_key safety_identifier seed service_tier store verbosity web_search_options
    logit_bias logprobs top_logprobs presence_penalty frequency_penalty user functions function_call input
    instructions previous_response_id include background truncation text reasoning max_output_tokens
    conversation prompt suffix echo best_of dimensions encoding_format system stop_sequences mcp_servers
    container context_management some_vendors_own_field
    """.split()
)


def test_what_belongs_to_the_providers_and_what_nobody_knows_passes():
    body = dict.fromkeys(KEPT, 1)
    without_steering(body)
    assert set(body) == KEPT


def test_no_field_that_is_let_through_unseen_would_steer():
    assert not [name for name in USUAL_FIELDS if steers(name)]


@pytest.mark.parametrize(
    "field",
    [
        "extra_body",
        "extra_headers",
        "additional_drop_params",
        "api_base",
        "num_retries",
        "timeout",
        "input_cost_per_token",
        "output_cost_per_reasoning_token_flex",
        "mock_response",
        "litellm_credential_name",
        "fallbacks",
        "aws_secret_access_key",
        "custom_llm_provider",
        "_router_weights",
        "guardrails",
    ],
)
def test_what_steers_litellm_is_taken_out(field):
    body = {"model": "gpt-4", field: {"max_tokens": 99999}}
    without_steering(body)
    assert body == {"model": "gpt-4"}
