"""What chat and text completions share: answers and stream events made of `choices`."""

import re
from collections.abc import Mapping
from typing import Any

from solaris.gateway.api.base import ApiShape, Json
from solaris.gateway.api.failures import FAILURE_KEYS, choices_explain_no_text, failure_in_choices
from solaris.gateway.api.fields import objects
from solaris.gateway.api.output_text import texts_in_choices
from solaris.gateway.api.usage import usage_in
from solaris.gateway.api.usage_shapes import USAGE_KEYS

MAX_CHOICES = 128
INTERESTING_EVENT = re.compile(rb'"(?:' + USAGE_KEYS + rb"|" + FAILURE_KEYS + rb'|finish_reason"\s*:\s*"\w)')
ANSWER_START = re.compile(rb'"choices"\s*:\s*\[\s*\{')
ZERO_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def finished_choices(event: Mapping[str, Any]) -> list[int]:
    """The indexes of the choices that a stream event completes."""
    places = []
    choices = event.get("choices")
    for choice in objects(choices) if choices else ():
        if choice.get("finish_reason"):
            index = choice.get("index")
            places.append(index if isinstance(index, int) else 0)
    return places


class ChoicesShape(ApiShape):
    """The base of chat and text completions.

    Readers are static methods of the functions themselves: no second call on the hot path.
    """

    interesting_event = INTERESTING_EVENT
    answer_start = ANSWER_START
    usage_of = staticmethod(usage_in)
    finished_places = staticmethod(finished_choices)
    explains_no_text = staticmethod(choices_explain_no_text)
    error_of = staticmethod(failure_in_choices)
    texts_of = staticmethod(texts_in_choices)

    def request_usage(self, body: Json) -> bool:
        """See `ApiShape`.

        Sets `stream_options.include_usage`; returns whether the client set it.
        """
        options = body.get("stream_options")
        options = dict(options) if isinstance(options, dict) else {}
        requested = options.get("include_usage") is True
        body["stream_options"] = {**options, "include_usage": True}
        return requested
