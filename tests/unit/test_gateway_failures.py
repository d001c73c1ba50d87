"""Which answers and events under a status of success are failures."""

from typing import Any

import pytest

from solaris.gateway.api.failures import failure_in, failure_in_choices

USAGE = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}


@pytest.mark.parametrize("key", ["message", "msg", "detail", "errors", "error_msg", "error_message"])
def test_an_explanation_is_a_failure_only_without_output_beside_it(key: str) -> None:
    last = {"choices": [], key: "success"}
    assert failure_in_choices({**last, "usage": USAGE}) is None
    assert failure_in({key: "ok", "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 4}}) is None
    assert failure_in_choices(last) is not None
    assert failure_in_choices({**last, "usage": {**USAGE, "completion_tokens": 0, "total_tokens": 9}}) is not None
    assert failure_in_choices({**last, "usage": None}) is not None


@pytest.mark.parametrize(
    "failure",
    [
        {"code": 500, "msg": "overloaded"},
        {"code": 1002, "msg": "rate limit"},
        {"code": "rate_limited", "message": "rate limit"},
        {"base_resp": {"status_code": 1002, "status_msg": "rate limit"}},
        {"error": {"message": "overloaded"}},
    ],
)
def test_a_failure_that_has_a_code_is_one_beside_a_usage_too(failure: dict[str, Any]) -> None:
    assert failure_in_choices({"choices": [], "usage": USAGE, **failure}) is not None
