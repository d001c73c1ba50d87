"""The base of the API shapes: what the gateway reads from and writes to the bodies of one route.

Values that are built for every call are named tuples: faster to build than frozen dataclasses.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from solaris.domain.tokens import TokenCounts
from solaris.gateway.api.sse import plain_event

Json = dict[str, Any]

MAX_OUTPUT_TOKENS = 10_000_000
EVERY_PLACE = -1


class Prompt(NamedTuple):
    """What the model receives: texts to count, and `flat_tokens` for parts without text."""

    texts: list[str]
    flat_tokens: int


class OutputLimit(NamedTuple):
    """The output that a request allows: `tokens` per choice (None: no limit), `choices` answers.

    `choices` is 0 for an API without output. `min_tokens` is the smallest limit per choice that the
    provider accepts.
    """

    tokens: int | None
    choices: int
    min_tokens: int = 1


class ApiShape(ABC):
    """One shape of the API: reads and writes limits, texts and usage. Stateless.

    Methods with a body are defaults, shared by most shapes; a shape overrides what differs.

    Attributes:
        route: the path at LiteLLM, also the `route` of usage events.
        interesting_event: matches every stream event that may hold usage, an error or the end;
            events without a match are not parsed for these. `StreamUsage` itself detects `[DONE]`
            and reads the events before the answer starts. JSON escapes quotes inside texts, and a
            text holds no raw line end: no model output can match.
        answer_start: matches the first stream event that is part of an answer; no failure matches.
        max_event_bytes: longer than any event of a stream.
        limit_fields: the fields that `output_limit` reads; the limit fields of other APIs are
            removed (`output_fields.py`).
        supports_thinking: whether the route accepts a thinking budget, which `output_limit` counts.
    """

    route: str
    interesting_event: re.Pattern[bytes]
    answer_start: re.Pattern[bytes]
    max_event_bytes: int = 1_048_576
    limit_fields: frozenset[str]
    supports_thinking: bool = False

    @abstractmethod
    def check(self, body: Json) -> None:
        """Raises InvalidInput naming the field that is missing or wrong."""

    @abstractmethod
    def prompt(self, body: Json) -> Prompt:
        """Everything in the body that the model reads."""

    @abstractmethod
    def output_limit(self, body: Json) -> OutputLimit:
        """The output limit.

        Raises InvalidInput where it is negative, too large or not an integer.
        """

    @abstractmethod
    def limit_output(self, body: Json, tokens: int) -> None:
        """Lower the body's limit per choice to `tokens`."""

    def prompt_echo_count(self, body: Json) -> int:
        """How many answers start with a copy of the prompt, which is not output; 0 by default."""
        return 0

    def set_user(self, body: Json, name: str) -> None:
        """Set the user's identity in the body to `name`, replacing what the client sent.

        The default sets OpenAI's fields: `user` always, the others where the client sent them.
        """
        body["user"] = name
        if "safety_identifier" in body:
            body["safety_identifier"] = name
        metadata = body.get("metadata")
        if isinstance(metadata, dict) and "user_id" in metadata:
            body["metadata"] = {**metadata, "user_id": name}

    def request_usage(self, body: Json) -> bool:
        """Make a stream report its usage; returns whether the client receives the usage event.

        The default is for APIs whose streams always report it: it changes nothing, returns True.
        """
        return True

    @abstractmethod
    def usage_of(self, answer: Mapping[str, Any]) -> TokenCounts | None:
        """The provider's counts in an answer or a stream event; None without plausible counts.

        An absent count is zero. The counts of a stream are running totals; an event that reports
        the prompt alone has no output.
        """

    def counts_output(self, event: Mapping[str, Any]) -> bool:
        """Whether the usage in a stream event includes the output; True by default."""
        return True

    def is_usage_only(self, event: Mapping[str, Any]) -> bool:
        """Whether a stream event holds nothing but the usage; False by default."""
        return False

    def is_last(self, event: Mapping[str, Any]) -> bool:
        """Whether a stream event completes the answer; False by default.

        `[DONE]`, which is not JSON, is detected by `StreamUsage`.
        """
        return False

    def finished_places(self, event: Mapping[str, Any]) -> Iterable[int]:
        """The places (of `texts_of`) whose text this stream event completes; none by default.

        EVERY_PLACE stands for all places.
        """
        return ()

    @abstractmethod
    def explains_no_text(self, answer: Mapping[str, Any]) -> bool:
        """Whether an answer or a stream event explains an absent text: a filter, a limit."""

    @abstractmethod
    def holds_answer(self, answer: Mapping[str, Any]) -> bool:
        """Whether a whole answer has the structure that this API requires; a failure has not."""

    @abstractmethod
    def error_of(self, answer: Mapping[str, Any]) -> Json | None:
        """The error in an answer or a stream event, as `{"error": {"code": …, "message": …}}`."""

    def error_event(self, body: Json) -> bytes:
        """A stream event that reports `body`, an error in our shape; unnamed by default."""
        return plain_event(body)

    @abstractmethod
    def texts_of(self, answer: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
        """(place, text) for all model output in an answer or a stream event.

        Texts with the same place are parts of one text.
        """

    def notice(self, model: str, text: str) -> Json | None:
        """A free answer with `text` from the assistant; None (the default) without text answers."""
        return None

    def notice_stream(self, model: str, text: str, *, with_usage: bool) -> bytes | None:
        """The same as a stream."""
        return None
