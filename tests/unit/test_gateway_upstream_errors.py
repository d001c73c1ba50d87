"""What LiteLLM's errors mean for the user."""

import orjson
import pytest

from solaris.domain.errors import ModelServiceFailed, ModelServiceTimeout, ModelServiceUnavailable
from solaris.gateway.errors import ModelBusy, ModelUnknownUpstream, UpstreamRefused
from solaris.gateway.upstream_errors import fault_of


def _body(message: str, **more: object) -> bytes:
    return orjson.dumps({"error": {"message": message, "type": None, "param": None, "code": None, **more}})


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, _body("No connected db.", type="no_db_connection")),
        (401, _body("Authentication Error, Invalid proxy server token passed")),
        (403, b"forbidden"),
        (429, _body("No deployments available for selected model, Try again in 5 seconds.")),
        (429, _body("You exceeded your current quota", code="insufficient_quota")),
        (404, _body("model not found")),
    ],
)
def test_our_own_mistakes_are_a_503_with_a_cure_in_the_log(status: int, body: bytes) -> None:
    fault = fault_of(status, body)
    assert type(fault.condition) is (ModelUnknownUpstream if status == 404 else ModelServiceUnavailable)
    assert fault.cure
    assert "quota" not in fault.condition.message


@pytest.mark.parametrize(
    ("status", "condition"),
    [(500, ModelServiceFailed), (503, ModelServiceFailed), (504, ModelServiceTimeout), (408, ModelServiceTimeout),
     (429, ModelBusy), (302, ModelServiceFailed)],
)  # fmt: skip
def test_failures_behind_us_are_named(status: int, condition: type[Exception]) -> None:
    assert type(fault_of(status, b"<html>").condition) is condition


def test_a_refused_parameter_keeps_its_status_param_and_sentence() -> None:
    message = (
        "litellm.BadRequestError: OpenAIException - Invalid 'temperature': must be at most 2.\n"
        "Received Model Group=gpt-4\nAvailable Model Group Fallbacks=None"
    )
    refusal = fault_of(422, _body(message, param="temperature", code="decimal_above_max_value")).condition
    assert isinstance(refusal, UpstreamRefused)
    assert (refusal.status, refusal.param, refusal.code) == (422, "temperature", "decimal_above_max_value")
    assert refusal.message == "O modelo recusou a requisição: Invalid 'temperature': must be at most 2"


@pytest.mark.parametrize(
    "message",
    ["This model's maximum context length is 8192 tokens.", "ContextWindowExceededError: prompt is too long: 9 > 8"],
)
def test_a_conversation_that_is_too_long_is_told_in_words_that_clients_do_not_misread(message: str) -> None:
    refusal = fault_of(400, _body(message, code="context_length_exceeded")).condition
    assert isinstance(refusal, UpstreamRefused)
    assert refusal.code == "prompt_too_long"
    assert "context length" not in refusal.message.lower()
    assert "longa demais" in refusal.message


def test_a_providers_whole_body_in_the_place_of_its_sentence_is_unwrapped() -> None:
    inner = orjson.dumps({"error": {"message": "Unknown parameter: 'x'", "code": None}}).decode()
    refusal = fault_of(
        400, _body(f"litellm.BadRequestError: OpenAIException - {inner}\n\nLiteLLM: model group")
    ).condition
    assert refusal.message == "O modelo recusou a requisição: Unknown parameter: 'x'"


@pytest.mark.parametrize(
    ("message", "said", "param"),
    [
        (
            "litellm.UnsupportedParamsError: anthropic does not support parameters: ['audio', 'logprobs'], for model=claude-3. "
            "To drop these, set `litellm.drop_params=True` or for proxy:\n\n`litellm_settings:\n drop_params: true`\n. \n "
            "If you want to use these params dynamically send allowed_openai_params=['audio', 'logprobs'] in your request.\n\n"
            "LiteLLM: model group 'm' failed with the error above. No fallback was attempted.",
            "anthropic does not support parameters: ['audio', 'logprobs'], for model=claude-3",
            "audio",
        ),
        (
            "litellm.UnsupportedParamsError: gpt-5 models don't support temperature=0.1. Only temperature=1 is supported. "
            "For gpt-5.1, temperature is supported. To drop unsupported params set `litellm.drop_params = True`",
            "gpt-5 models don't support temperature=0.1. Only temperature=1 is supported. For gpt-5.1, temperature is supported",
            None,
        ),
        (
            "litellm.BadRequestError: AnthropicException - litellm.BadRequestError: Invalid Message passed in {'role': 'x'}\n"
            "Received Messages=[{'role': 'x', 'content': 'segredo'}]",
            "Invalid Message passed in {'role': 'x'}",
            None,
        ),
        (
            "litellm.BadRequestError: Unmapped LLM provider for this endpoint. You passed model=m, custom_llm_provider=anthropic. "
            "Check supported provider and route: https://docs.litellm.ai/docs/providers",
            "Unmapped LLM provider for this endpoint. You passed model=m, custom_llm_provider=anthropic",
            None,
        ),
        (
            "litellm.BadRequestError: OpenAIException - Unsupported parameter: 'max_tokens' is not supported with this model. Use "
            "'max_completion_tokens' instead.",
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            None,
        ),
    ],
)
def test_litellms_advice_is_left_out_and_the_providers_words_stay(message: str, said: str, param: str | None) -> None:
    refusal = fault_of(400, _body(message)).condition
    assert isinstance(refusal, UpstreamRefused)
    assert refusal.message == f"O modelo recusou a requisição: {said}"
    assert refusal.param == param
    assert "drop_params" not in refusal.message


@pytest.mark.parametrize(
    ("status", "body", "path", "param"),
    [
        (401, _body("Auth Error, Rejected Request: api_base is not allowed in request body. Clientside …"), "", "api_base"),
        (401, _body("Authentication Error, Rejected Request: model_list is not allowed in the request body."), "", "model_list"),
        (403, _body("Your chosen model requires moderation and your input was flagged for \"x\""), "", None),
        (404, _body("No such File object: file-abc", code="x"), "", None),
        (404, _body("Previous response with id 'resp_1' not found.", code="previous_response_not_found"), "", None),
        (404, _body("Conversation with id 'conv_1' not found."), "", None),
        (500, _body("litellm.APIConnectionError: APIConnectionError: OpenAIException - 'int' object has no attribute 'get'"),
         "/v1/completions", "prompt"),
        (500, _body("litellm.APIConnectionError: OpenAIException - Unmapped prompt format. Your prompt is neither …"),
         "/v1/completions", "prompt"),
        (500, _body("litellm.APIConnectionError: APIConnectionError: OpenAIException - 'int' object is not iterable"), "", None),
        (500, _body("litellm.APIConnectionError: Unsupported tool type: x"), "/v1/chat/completions", None),
    ],
)  # fmt: skip
def test_what_the_body_caused_is_the_callers_400_and_no_alarm(
    status: int, body: bytes, path: str, param: str | None
) -> None:
    fault = fault_of(status, body, path)
    assert isinstance(fault.condition, UpstreamRefused)
    assert (fault.condition.status, fault.condition.param, fault.cure) == (400, param, None)


@pytest.mark.parametrize(
    ("status", "message", "condition"),
    [
        (401, "Incorrect API key provided: sk-x", ModelServiceUnavailable),
        (403, "Your organization must be verified to use this model", ModelServiceUnavailable),
        (404, "The model `gpt-9` does not exist or you do not have access to it.", ModelUnknownUpstream),
        (404, "Not Found", ModelUnknownUpstream),
        (
            500,
            "litellm.APIConnectionError: OpenAIException - 'NoneType' object has no attribute 'get'",
            ModelServiceFailed,
        ),
        (500, "litellm.APIConnectionError: Connection reset by peer", ModelServiceFailed),
    ],
)
def test_what_the_body_did_not_cause_stays_ours_or_the_providers(
    status: int, message: str, condition: type[Exception]
) -> None:
    assert type(fault_of(status, _body(message), "/v1/completions").condition) is condition
