"""What the metering needs to know of one shape of the API; each metered route has one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from solaris.domain.tokens import TokenCounts

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a request sends to the model: texts to be counted, and `flat_tokens` for what has no text."""

    texts: list[str]
    flat_tokens: int


@dataclass(frozen=True, slots=True)
class OutputWish:
    """How much output a request admits: `tokens` per choice (None: it does not say), for `choices` answers."""

    tokens: int | None
    choices: int


class Dialect(Protocol):
    """One shape of the API: how limits, texts and usage are read and written. Stateless."""

    @property
    def route(self) -> str:
        """The path at LiteLLM, also the event's `route`."""

    def check(self, body: Json) -> None:
        """Raises InvalidInput naming the field that is missing or wrong."""

    def prompt(self, body: Json) -> Prompt:
        """Everything of the body that the model reads."""

    def output_wish(self, body: Json) -> OutputWish:
        """The output limit. Raises InvalidInput where it is negative, absurd or no whole number."""

    def limit_output(self, body: Json, tokens: int) -> None:
        """Lower the body's limit per choice to `tokens`."""

    def ask_for_usage(self, body: Json) -> bool:
        """Make a stream tell its usage; returns whether the client had asked for that itself."""

    def usage_of(self, answer: Mapping[str, Any]) -> TokenCounts | None:
        """The provider's counts in an answer or a stream's event; None where it has none that can be believed."""

    def is_usage_only(self, event: Mapping[str, Any]) -> bool:
        """Whether a stream's event carries nothing but the usage."""

    def texts_of(self, answer: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
        """(choice, text) of everything the model wrote in an answer or a stream's event."""

    def notice(self, model: str, text: str) -> Json:
        """An answer that says `text` as the assistant, at no charge."""

    def notice_stream(self, model: str, text: str, *, with_usage: bool) -> bytes:
        """The same as a stream."""
