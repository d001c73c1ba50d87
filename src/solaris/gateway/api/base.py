"""What the metering needs to know of one shape of the API; each metered route has one.

Named tuples where every call makes one: they are made several times faster than frozen dataclasses.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from solaris.domain.tokens import TokenCounts

Json = dict[str, Any]

MAX_OUTPUT_TOKENS = 10_000_000
EVERY_PLACE = -1


class Prompt(NamedTuple):
    """What a request sends to the model: texts to be counted, and `flat_tokens` for what has no text."""

    texts: list[str]
    flat_tokens: int


class OutputLimit(NamedTuple):
    """How much output a request admits: `tokens` per choice (None: it does not say), for `choices` answers (0: none at all).

    `least` is the smallest limit per choice with which the provider takes the request.
    """

    tokens: int | None
    choices: int
    min_tokens: int = 1


class ApiShape(Protocol):
    """One shape of the API: how limits, texts and usage are read and written. Stateless."""

    @property
    def route(self) -> str:
        """The path at LiteLLM, also the event's `route`."""

    @property
    def interesting_event(self) -> re.Pattern[bytes]:
        """Finds every stream event that may hold usage, an error or the end; what it does not find is never parsed for them.

        `[DONE]` and what comes before the answer begins are found by the meter itself.
        JSON escapes quotes inside texts, and a text holds no raw line end: nothing the model writes can look like these.
        """

    @property
    def begun(self) -> re.Pattern[bytes]:
        """Finds the first event of a stream that is a part of an answer, however short; a failure has none."""

    @property
    def max_event_bytes(self) -> int:
        """Longer than any event of a stream."""

    @property
    def limit_fields(self) -> frozenset[str]:
        """The fields of `output_wish`; those of other APIs are removed (`output_fields.py`)."""

    @property
    def supports_thinking(self) -> bool:
        """Whether the route takes a budget for thinking, which `output_wish` then heeds."""

    def check(self, body: Json) -> None:
        """Raises InvalidInput naming the field that is missing or wrong."""

    def prompt(self, body: Json) -> Prompt:
        """Everything of the body that the model reads."""

    def output_limit(self, body: Json) -> OutputLimit:
        """The output limit. Raises InvalidInput where it is negative, absurd or no whole number."""

    def limit_output(self, body: Json, tokens: int) -> None:
        """Lower the body's limit per choice to `tokens`."""

    def prompt_echo_count(self, body: Json) -> int:
        """How many answers begin with a copy of the prompt, which is no output."""

    def set_user(self, body: Json, name: str) -> None:
        """Say in the body who asks: `name`, whatever stood there."""

    def request_usage(self, body: Json) -> bool:
        """Make a stream tell its usage; returns whether the client is to see it."""

    def usage_of(self, answer: Mapping[str, Any]) -> TokenCounts | None:
        """The provider's counts in an answer or a stream's event; None where it has none that can be believed.

        A count that is absent is zero. A stream's counts are running totals; an event that reports the prompt alone has no
        output.
        """

    def counts_output(self, event: Mapping[str, Any]) -> bool:
        """Whether the usage in a stream's event covers the output too."""

    def is_usage_only(self, event: Mapping[str, Any]) -> bool:
        """Whether a stream's event carries nothing but the usage."""

    def is_last(self, event: Mapping[str, Any]) -> bool:
        """Whether a stream's event says that the answer is complete."""

    def finished_places(self, event: Mapping[str, Any]) -> Iterable[int]:
        """The places of `texts_of` whose text a stream's event declares complete; EVERY_PLACE for all of them."""

    def explains_no_text(self, answer: Mapping[str, Any]) -> bool:
        """Whether a whole answer or a stream's event explains why there may be no text: a filter, a limit."""

    def holds_answer(self, answer: Mapping[str, Any]) -> bool:
        """Whether a whole answer has what an answer of this API must have around its text; a failure does not."""

    def error_of(self, answer: Mapping[str, Any]) -> Json | None:
        """The error that an answer or a stream's event tells, as `{"error": {"code": …, "message": …}}`."""

    def error_event(self, body: Json) -> bytes:
        """A stream's event that tells `body`, an error in our shape."""

    def texts_of(self, answer: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
        """(place, text) of everything the model wrote in an answer or a stream's event; texts of one place belong together."""

    def notice(self, model: str, text: str) -> Json | None:
        """An answer that says `text` as the assistant, at no charge; None where this API's answers hold no words."""

    def notice_stream(self, model: str, text: str, *, with_usage: bool) -> bytes | None:
        """The same as a stream."""
