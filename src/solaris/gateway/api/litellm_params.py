"""Removes LiteLLM's own parameters, limits that the route does not read, and denied fields.

LiteLLM reads its own parameters from the request body beside the provider's
(`litellm.types.utils.all_litellm_params`, `litellm.types.router.GenericLiteLLMParams`,
`_BANNED_REQUEST_BODY_PARAMS` of its proxy list them), and more from `metadata`. None of them is a
field of OpenAI's or Anthropic's APIs. Every other field, known or not, passes unchanged.
"""

from collections.abc import Iterable, MutableMapping
from functools import lru_cache
from typing import Any

from solaris.gateway.api.output_fields import (
    MAX_NAME_CHARACTERS,
    OF_ROUTES,
    is_output_field,
    limit_for_budget,
    remove_nested,
    thinking_budget,
)

_NAMES = frozenset(
    """
    deployment_id specific_deployment additional_drop_params allowed_model_region allowed_openai_params api_base
    api_key api_version attempted_targets base_model base_url bos_token bucket_name budget_duration cache
    cache_key caching caching_groups client client_id client_secret client_side_timeout complete_response
    completion_call_id configurable_clientside_auth_params content_policy_fallbacks context_window_fallback_dict
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
    vector_store_id agentcore_runtime_session_id deployment_url rust use_ssl workspace_id anthropic-workspace-id
    acompletion aembedding aresponses async_call atext_completion text_completion call_type callbacks
    success_callback failure_callback assistant_continue_message user_continue_message
    cache_control_injection_points disable_fallbacks deferred disable_global_guardrails disable_global_policies
    enable_prompt_caching enforced_params engine error_information fallback_model_group guardrail_config
    guardrail_to_apply id include_fallback_errors include_guardrail_response is_async
    log_client_error_tracebacks max_file_size_mb model_group model_group_retry_policy model_id original_function
    original_generic_function passthrough_on_no_deployment policies roles router_settings_override
    routing_groups routing_strategy_args self spend_logs_metadata standard_callback_dynamic_params
    standard_logging_object verbose weight
    """.split()
)
_PREFIXES = tuple(
    """
    _ adaptive_router_ allow_client_ anthropic_ arize_ auto_router_ aws_ azure bedrock_ braintrust_ complexity_router_ dd_
    default_api_key_ fireworks_ gcs_ gigachat_ google_maps_ humanloop_ langfuse_ langsmith_ litellm_ litellm_metadata[ lunary_
    metadata[ milvus_ mock_ newrelic_ nvcf_ openai_identity_ openai_service_account_ posthog_ quality_router_ s3_ sagemaker_ signoz_
    slack_ user_api_ valkey_ vertex_ wandb_ watsonx_ weave_
    """.split()
)
# Clients send the same few names in every call.
_MAX_CACHED_NAMES = 2_048
# Fields of the APIs themselves, in nearly every call: they skip the checks of names.
USUAL_FIELDS = frozenset(
    """
    model messages max_tokens max_completion_tokens n stream stream_options temperature top_p top_k stop tools tool_choice
    parallel_tool_calls response_format reasoning_effort metadata seed user logprobs top_logprobs presence_penalty
    frequency_penalty logit_bias input instructions max_output_tokens previous_response_id store reasoning text truncation
    include prompt suffix echo best_of dimensions encoding_format system stop_sequences thinking service_tier
    safety_identifier functions function_call
    """.split()
)
_PRICE_PARTS = ("_cost_", "cost_per_", "_token_cost", "uplift_multiplier")
# Names that LiteLLM reads in `metadata` beside the above, or writes there and trusts later.
_METADATA_NAMES = frozenset(
    """
    agent_id applied_guardrails applied_policies attempted_fallbacks attempted_retries budget_reservation
    callback_settings caller_metadata cold_storage_object_key cost_breakdown cost_center deployment endpoint
    error_information eval_information global_max_parallel_requests hidden_params inherited_tags logging model
    original_model_group pii_tokens policy_sources previous_models priority project_id prompt_integration
    prompt_management_metadata raw_request requester_id requester_ip_address requester_metadata response_cost
    routed_model router_model_name routing_decision routing_plugin_signals secret_manager_settings sandbox_key
    service_account_id spend_logs_metadata tag_routing team_alias team_id team_metadata
    throttle_on_budget_exceeded usage usage_object used_client_oauth_token user_agent user_config user_ip
    """.split()
)
_METADATA_PREFIXES = (
    "auto", "mcp_", "model_", "opted_out_", "requested_", "requester_", "scim_", "semantic-", "sensitive_data_", "soft_budget_",
    "spend_logs_", "standard_logging_", "team_", "temp_budget_", "x-",
)  # fmt: skip


class BodyCleaner:
    """Removes from request bodies what the module's docstring lists.

    `denied`: the fields that this installation denies, with dots between levels.
    """

    def __init__(self, denied: Iterable[str] = ()) -> None:
        self._denied = tuple(tuple(path.split(".")) for path in denied)

    def clean(self, body: MutableMapping[str, Any], limit_fields: frozenset[str], *, supports_thinking: bool) -> None:
        """Clean a body in place.

        `own`: the limit fields of the route. `supports_thinking`: it reads a thinking budget. A
        thinking budget without a limit gets the limit that LiteLLM would set, which the hold
        covers.
        """
        for name in OF_ROUTES:
            if name in body and name not in limit_fields:
                del body[name]
        for name in body.keys() - USUAL_FIELDS:
            if _must_remove(name):
                del body[name]
            elif isinstance(body[name], dict):
                remove_nested(body[name])
        if "metadata" in body:
            _clean_metadata(body)
        if "thinking" in body or "reasoning" in body:
            _clean_thinking(body, limit_fields, supports_thinking=supports_thinking)
        for path in self._denied:
            _remove(body, path)


def is_litellm_param(name: str) -> bool:
    """Whether LiteLLM reads a field of this name as its own parameter."""
    return name in _NAMES or name.startswith(_PREFIXES) or any(part in name for part in _PRICE_PARTS)


def _must_remove(name: str) -> bool:
    return _is_removed(name) if len(name) <= MAX_NAME_CHARACTERS else is_litellm_param(name)


@lru_cache(_MAX_CACHED_NAMES)
def _is_removed(name: str) -> bool:
    return is_litellm_param(name) or is_output_field(name)


def _is_denied_metadata(name: str) -> bool:
    return is_litellm_param(name) or name in _METADATA_NAMES or name.startswith(_METADATA_PREFIXES)


def _clean_metadata(body: MutableMapping[str, Any]) -> None:
    """Keep only texts and numbers, the values that providers accept in metadata.

    Metadata that is itself a text is removed: LiteLLM parses it as JSON.
    """
    metadata = body["metadata"]
    if not isinstance(metadata, dict):
        del body["metadata"]
        return
    body["metadata"] = {
        name: value
        for name, value in metadata.items()
        if isinstance(value, str | int | float) and not _is_denied_metadata(name)
    }


def _clean_thinking(body: MutableMapping[str, Any], limit_fields: frozenset[str], *, supports_thinking: bool) -> None:
    if not supports_thinking:
        body.pop("thinking", None)
        body.pop("reasoning", None)
        return
    limits = limit_fields - {"n"}
    if not any(body.get(name) is not None for name in limits):
        limit = limit_for_budget(thinking_budget(dict(body)))
        if limit is not None:
            body["max_output_tokens" if "max_output_tokens" in limit_fields else "max_tokens"] = limit


def _remove(settings: MutableMapping[str, Any], path: tuple[str, ...]) -> None:
    for name in path[:-1]:
        inner = settings.get(name)
        if not isinstance(inner, dict):
            return
        settings = inner
    settings.pop(path[-1], None)
