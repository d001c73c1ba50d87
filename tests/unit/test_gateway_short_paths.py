"""What nearly every call has takes a short path; it reads the same as the general one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from solaris.domain.tokens import MAX_TOKENS_PER_REQUEST
from solaris.gateway.api import usage
from solaris.gateway.api.failures import failed_choice, failure_in
from solaris.gateway.api.fields import error_body_of
from solaris.gateway.api.sse import events
from solaris.gateway.api.usage import counts_in, usage_in
from solaris.gateway.api.usage_shapes import PLACES
from solaris.gateway.estimate import plain_text
from solaris.gateway.estimate.plain_text import is_plain_text

_NUMBER = st.sampled_from([0, 1, 7, 30, 37, 37.0, True, -1, 1.5, "30", None, MAX_TOKENS_PER_REQUEST])
_DETAILS = st.one_of(_NUMBER, st.dictionaries(st.sampled_from(["cached_tokens", "reasoning_tokens", "x"]), _NUMBER))
_USAGE = st.fixed_dictionaries(
    {"prompt_tokens": _NUMBER, "completion_tokens": _NUMBER},
    optional={
        "total_tokens": _NUMBER,
        "prompt_tokens_details": _DETAILS,
        "completion_tokens_details": _DETAILS,
        "cached_tokens": _NUMBER,
        "input_tokens": _NUMBER,
        "output_tokens": _NUMBER,
        "iterations": st.just([{"prompt_tokens": 90}]),
    },
)
_PLAIN = st.builds(
    lambda prompt, output, details: {
        "prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output, **details,
    },
    st.integers(0, 50), st.integers(0, 50),
    st.dictionaries(st.sampled_from(["prompt_tokens_details", "completion_tokens_details", "input_tokens"]), _DETAILS),
)  # fmt: skip


@given(st.one_of(_USAGE, _PLAIN))
def test_a_plain_usage_is_read_as_any_other(usage: dict[str, Any]) -> None:
    assert usage_in({"usage": usage}) == counts_in(usage)


def test_the_usage_that_providers_report_most_takes_the_short_path() -> None:
    three = {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30}
    litellm = {"prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": None}, "completion_tokens_details": None}
    assert usage._plain_counts(three) is not None
    assert usage._plain_counts({**three, **litellm}) is not None


_VALUE: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from([None, 0, 5, "x", {"prompt_tokens": 3, "completion_tokens": 4}, {"inputTokens": 9}]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([key for place in PLACES for key in place.path]), inner, max_size=3),
    ),
    max_leaves=8,
)


def _walked(value: object, path: tuple[str, ...]) -> list[Any]:
    if not path:
        return [value] if isinstance(value, dict) else []
    if path[0] == "*":
        return [found for one in value for found in _walked(one, path[1:])] if isinstance(value, list) else []
    return _walked(value.get(path[0]), path[1:]) if isinstance(value, dict) else []


@given(st.dictionaries(st.sampled_from([place.path[0] for place in PLACES if place.path] + ["eval_count"]), _VALUE))
def test_usage_in_any_place_is_found_in_the_order_of_the_table(answer: dict[str, Any]) -> None:
    expected = None
    for place in PLACES:
        counts = [read for usage in _walked(answer, place.path) if (read := counts_in(usage)) is not None]
        if counts:
            expected = max(counts, key=lambda read: read.input + read.output)
            break
    assert usage_in(answer) == expected


_SETTING = st.one_of(
    st.sampled_from(
        [None, True, False, 0, 5, 0.5, "", "short", "x" * 65, [], ["x"], {}, {"id": "x"}, {"id": "x" * 600}]
    ),
    st.integers(),
)


@given(
    st.sampled_from(
        [
            "model",
            "max_tokens",
            "temperature",
            "n",
            "user",
            "stream",
            "stream_options",
            "metadata",
            "logit_bias",
            "other",
        ]
    ),
    _SETTING,
)
def test_a_setting_is_judged_the_same_on_both_paths(name: str, value: Any) -> None:
    body = {"messages": [{"role": "user", "content": "Oi"}], name: value}
    assert is_plain_text(body, "/v1/chat/completions") == plain_text._is_setting(name, value)


_MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "tool", "function", None, ["user"]])},
    optional={"content": st.sampled_from(["Oi", None, 5, [{"type": "text", "text": "Oi"}], [{"type": "image_url"}]])},
)


@given(st.lists(_MESSAGE, max_size=3))
def test_a_message_is_judged_the_same_on_both_paths(messages: list[dict[str, Any]]) -> None:
    # An empty id says nothing, and keeps a message from the short path.
    general = [{**message, "id": ""} for message in messages]
    route = "/v1/chat/completions"
    assert is_plain_text({"messages": messages}, route) == is_plain_text({"messages": general}, route)


_CHOICE = st.one_of(
    st.sampled_from([None, "x", 5]),
    st.fixed_dictionaries(
        {},
        optional={
            "error": st.sampled_from([None, "", "broken", {"message": "broken"}, {}]),
            "finish_reason": st.sampled_from([None, "stop", "error"]),
            "provider_specific_fields": st.sampled_from([None, "x", {}, {"error": {"code": 5}}, {"error": "broken"}]),
        },
    ),
)


@given(st.one_of(st.none(), st.lists(_CHOICE, max_size=3)))
def test_choices_fail_where_every_one_of_them_does(choices: list[Any] | None) -> None:
    objects = [choice for choice in choices or [] if isinstance(choice, dict)]
    failed = []
    for choice in objects:
        inner = choice.get("provider_specific_fields")
        moved = inner.get("error") if isinstance(inner, dict) else None
        failed.append(choice.get("error") or moved or choice.get("finish_reason") == "error")
    found = failed_choice({"choices": choices})
    assert (found is not None) == (bool(failed) and all(failed))
    if found is not None:
        assert found["error"] == (failed[0] if isinstance(failed[0], dict) else {"message": str(failed[0])})


@given(st.dictionaries(st.sampled_from(["id", "choices", "model", "usage", "object", "status"]), _VALUE, min_size=1))
def test_an_answer_that_names_no_failure_reports_none(answer: dict[str, Any]) -> None:
    assert failure_in(answer) is None
    assert failure_in({**answer, "error": {"message": "x"}}) == error_body_of({"error": {"message": "x"}})


@given(st.lists(st.sampled_from([b"data: a", b": ping", b"\n\n", b"\r\n\r\n", b"\r\r", b"\n", b"x"]), max_size=12))
def test_events_are_the_block_they_come_from(parts: list[bytes]) -> None:
    block = b"".join(parts)
    found = events(block)
    assert b"".join(found) == block
    assert all(found)
