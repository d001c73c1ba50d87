"""Fields by which a caller could steer LiteLLM itself, past the model, the limit and the price that he is charged for.

LiteLLM takes its own parameters from the request body beside the provider's (`litellm.types.utils.all_litellm_params` and
`litellm.types.router.GenericLiteLLMParams` name them). None of them belongs to an API of OpenAI or Anthropic, so no client misses
one; every other field, unknown ones included, passes unchanged.
"""

from collections.abc import MutableMapping
from typing import Any

_NAMES = frozenset(
    """
    deployment_id specific_deployment additional_drop_params allowed_model_region allowed_openai_params api_base api_key api_version
    attempted_targets base_model base_url bos_token bucket_name budget_duration cache cache_key caching
    caching_groups client client_id client_secret client_side_timeout complete_response completion_call_id
    configurable_clientside_auth_params content_policy_fallbacks context_window_fallback_dict
    context_window_fallbacks cooldown_time custom_llm_provider custom_prompt_dict data_residency
    disable_add_transform_inline_image_block drop_params enable_json_schema_validation enable_tag_filtering
    ensure_alternating_roles eos_token extra_body extra_headers extra_query fallback_depth fallbacks
    fastest_response final_prompt_value force_timeout guardrails headers hf_model_name initial_prompt_value itpm
    keepalive_seconds logger_fn max_agentic_loops max_budget max_fallbacks max_parallel_requests max_retries
    merge_reasoning_content_in_choices model_alias_map model_config model_file_id_mapping model_info model_list
    modify_params no-log num_retries order organization otpm output_vector_size preset_cache_key
    prompt_environment prompt_id prompt_label prompt_variables prompt_version provider_affinity_header
    provider_specific_header proxy_server_request region_name request_timeout retry_policy retry_strategy
    routing_strategy rpm search_tool_name secret_fields shared_session silent_model ssl_verify stream_chunk_size
    stream_response stream_timeout stream_timeout_by_service_tier supports_system_message tag_regex tags
    tenant_id tiered_pricing timeout timeout_by_service_tier tpm ttl turn_off_message_logging
    use_chat_completions_api use_client use_in_pass_through use_litellm_proxy use_xai_oauth user_config
    vector_store_id
    """.split()
)
_STARTS = tuple(
    """
    _ adaptive_router_ allow_client_ anthropic_ arize_ auto_router_ aws_ azure bedrock_ complexity_router_ dd_
    default_api_key_ fireworks_ gcs_ google_maps_ humanloop_ langfuse_ langsmith_ litellm_ milvus_ mock_
    newrelic_ openai_identity_ openai_service_account_ posthog_ quality_router_ s3_ signoz_ valkey_ vertex_
    wandb_ watsonx_ weave_
    """.split()
)
# The fields of the APIs themselves, which nearly every call is made of: their letters need no look.
USUAL_FIELDS = frozenset(
    """
    model messages max_tokens max_completion_tokens n stream stream_options temperature top_p top_k stop tools tool_choice
    parallel_tool_calls response_format reasoning_effort metadata seed user logprobs top_logprobs presence_penalty
    frequency_penalty logit_bias input instructions max_output_tokens previous_response_id store reasoning text truncation
    include prompt suffix echo best_of dimensions encoding_format system stop_sequences thinking service_tier
    safety_identifier functions function_call
    """.split()
)
_PRICE = ("_cost_", "cost_per_", "uplift_multiplier")


def without_steering(body: MutableMapping[str, Any]) -> None:
    """Take every such field out of a request body."""
    for name in body.keys() - USUAL_FIELDS:
        if steers(name):
            del body[name]


def steers(name: str) -> bool:
    """Whether LiteLLM would take a field of this name for itself."""
    return name in _NAMES or name.startswith(_STARTS) or any(part in name for part in _PRICE)
