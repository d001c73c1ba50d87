"""What LiteLLM's errors mean for the user."""

import orjson
import pytest

from solaris.domain.errors import ModelServiceFailed, ModelServiceTimeout, ModelServiceUnavailable
from solaris.gateway.errors import ModelBusy, UpstreamRefused
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
    assert type(fault.condition) is ModelServiceUnavailable
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
