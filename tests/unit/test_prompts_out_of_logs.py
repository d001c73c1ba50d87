"""Log lines of failed calls keep known words and drop what a person may have written."""

import builtins
import logging
import sys

import orjson
import pytest

from solaris.gateway.upstream_log import error_fields, event_fields
from solaris.local.litellm_log import WithoutText, described


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        ({"message": "segredo", "type": "invalid_request_error", "code": 400}, "invalid_request_error", "400"),
        (
            {"message": "segredo", "type": "BadRequestError", "code": "model_not_found"},
            "BadRequestError",
            "model_not_found",
        ),
        ({"message": "x", "type": "segredo", "code": "segredo"}, None, None),
        ({"message": "x", "type": ["segredo"], "code": {"segredo": 1}}, None, None),
        ({"message": "x", "type": "você disse segredo", "code": None}, None, None),
    ],
)
def test_type_and_code_are_logged_where_they_are_known_words(error: object, kind: str | None, code: str | None) -> None:
    body = orjson.dumps({"error": error})
    fields = error_fields(body)
    assert (fields["type"], fields["code"], fields["error_bytes"]) == (kind, code, len(body))
    assert "segredo" not in str(fields)
    assert event_fields({"error": error})["type"] == kind


@pytest.mark.parametrize("body", [b"", b"segredo", b"[1]", b'"segredo"', b"null", b'{"error":"segredo"}', b"\xff\xfe"])
def test_a_body_of_any_other_shape_gives_its_length_and_hash(body: bytes) -> None:
    fields = error_fields(body)
    assert (fields["type"], fields["code"], fields["error_bytes"]) == (None, None, len(body))
    assert fields["error_sha256"] == error_fields(body)["error_sha256"] != error_fields(body + b" ")["error_sha256"]
    assert "segredo" not in str(fields)


def test_a_stream_without_an_error_event_has_no_fields() -> None:
    assert event_fields(None) == {}
    assert event_fields({"a": object()})["type"] is None


def record_of(message: str, *values: object) -> logging.LogRecord:
    try:
        try:
            raise ValueError("segredo inside")
        except ValueError as error:
            raise KeyError("segredo outside") from error
    except KeyError:
        return logging.LogRecord("LiteLLM", logging.ERROR, "/x/router.py", 7, message, values, sys.exc_info(), "route")


def test_a_record_of_litellm_keeps_its_place_and_the_kinds_of_its_exceptions() -> None:
    line = WithoutText(frozenset(vars(builtins))).format(record_of("failed: segredo %s", "segredo"))
    assert "segredo" not in line
    assert "LiteLLM:ERROR: router.py:7 route - KeyError at " in line
    assert " from ValueError at " in line
    assert line.endswith("[23 characters withheld]")


def test_a_message_names_known_exceptions_alone_and_arguments_that_do_not_fit_break_nothing() -> None:
    record = logging.LogRecord(
        "x", logging.ERROR, "/x/y.py", 1, "SegredoError: ValueError: %d", ("segredo",), None, "f"
    )
    line = WithoutText(frozenset({"ValueError"})).format(record)
    assert "ValueError [" in line
    assert "egredo" not in line


def test_statuses_are_named_and_cycles_of_causes_end() -> None:
    one, other = ValueError("segredo"), KeyError("segredo")
    one.__cause__, other.__cause__ = other, one
    one.status_code = 429  # type: ignore[attr-defined]
    text = described(one)
    assert text.startswith("ValueError 429 from KeyError from ")
    assert "segredo" not in text
