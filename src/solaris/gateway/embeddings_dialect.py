"""OpenAI's embeddings (https://platform.openai.com/docs/api-reference/embeddings): a prompt and no output."""

from collections.abc import Iterable, Mapping
from typing import Any

from solaris.domain.tokens import TokenCounts
from solaris.gateway.chat_dialect import BEGUN, MOST_EVENT_BYTES, REMARKABLE
from solaris.gateway.completions_dialect import check_token_input, token_input
from solaris.gateway.dialect import Json, OutputWish, Prompt
from solaris.gateway.failures import failure_in
from solaris.gateway.fields import overwrite_user, plain_event, told_error
from solaris.gateway.usage_reading import total_in, usage_in


class EmbeddingsDialect:
    """/v1/embeddings."""

    route = "/v1/embeddings"
    remarkable = REMARKABLE
    begun = BEGUN
    most_event_bytes = MOST_EVENT_BYTES
    own_limits: frozenset[str] = frozenset()
    thinks = False

    def check(self, body: Json) -> None:
        """See `Dialect`."""
        check_token_input(body, "input")

    def prompt(self, body: Json) -> Prompt:
        """See `Dialect`."""
        return token_input(body["input"])

    def output_wish(self, body: Json) -> OutputWish:
        """See `Dialect`."""
        return OutputWish(0, 0)

    def limit_output(self, body: Json, tokens: int) -> None:
        """See `Dialect`. There is nothing to limit."""

    def echoes(self, body: Json) -> int:
        """See `Dialect`."""
        return 0

    def identify(self, body: Json, name: str) -> None:
        """See `Dialect`."""
        overwrite_user(body, name)

    def ask_for_usage(self, body: Json) -> bool:
        """See `Dialect`. This API has no streams."""
        return True

    def usage_of(self, answer: Mapping[str, Any]) -> TokenCounts | None:
        """See `Dialect`. OpenAI reports the prompt alone, others the total alone; where one counts an output too, it is charged."""
        counts = usage_in(answer)
        total = 0 if counts is not None else total_in(answer)
        return TokenCounts(total) if total else counts

    def tells_output(self, event: Mapping[str, Any]) -> bool:
        """See `Dialect`."""
        return True

    def is_usage_only(self, event: Mapping[str, Any]) -> bool:
        """See `Dialect`."""
        return False

    def is_last(self, event: Mapping[str, Any]) -> bool:
        """See `Dialect`."""
        return False

    def finished_places(self, event: Mapping[str, Any]) -> Iterable[int]:
        """See `Dialect`."""
        return ()

    def declines(self, answer: Mapping[str, Any]) -> bool:
        """See `Dialect`. Vectors are no text, and an answer of them needs none."""
        return self.holds_answer(answer)

    def holds_answer(self, answer: Mapping[str, Any]) -> bool:
        """See `Dialect`."""
        return bool(answer.get("data") or answer.get("embeddings") or answer.get("embedding"))

    def error_of(self, answer: Mapping[str, Any]) -> Json | None:
        """See `Dialect`."""
        return told_error(answer) if self.holds_answer(answer) else failure_in(answer)

    def error_event(self, body: Json) -> bytes:
        """See `Dialect`."""
        return plain_event(body)

    def texts_of(self, answer: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
        """See `Dialect`. Vectors are no output that anybody counts in tokens."""
        return ()

    def notice(self, model: str, text: str) -> None:
        """See `Dialect`. A vector can't say anything: the call is refused."""

    def notice_stream(self, model: str, text: str, *, with_usage: bool) -> None:
        """See `Dialect`."""
