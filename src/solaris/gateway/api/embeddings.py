"""OpenAI's embeddings (https://platform.openai.com/docs/api-reference/embeddings): no output."""

from collections.abc import Iterable, Mapping
from typing import Any

from solaris.domain.tokens import TokenCounts
from solaris.gateway.api.base import ApiShape, Json, OutputLimit, Prompt
from solaris.gateway.api.choices import ANSWER_START, INTERESTING_EVENT
from solaris.gateway.api.completions import check_token_input, token_input
from solaris.gateway.api.failures import failure_in
from solaris.gateway.api.fields import error_body_of
from solaris.gateway.api.usage import total_in, usage_in


class EmbeddingsShape(ApiShape):
    """/v1/embeddings."""

    route = "/v1/embeddings"
    interesting_event = INTERESTING_EVENT
    answer_start = ANSWER_START
    limit_fields = frozenset()

    def check(self, body: Json) -> None:
        """See `ApiShape`."""
        check_token_input(body, "input")

    def prompt(self, body: Json) -> Prompt:
        """See `ApiShape`."""
        return token_input(body["input"])

    def output_limit(self, body: Json) -> OutputLimit:
        """See `ApiShape`."""
        return OutputLimit(0, 0)

    def limit_output(self, body: Json, tokens: int) -> None:
        """See `ApiShape`. Does nothing: there is no output."""

    def usage_of(self, answer: Mapping[str, Any]) -> TokenCounts | None:
        """See `ApiShape`. OpenAI reports the prompt, other providers only the total.

        A reported output is charged too.
        """
        counts = usage_in(answer)
        total = 0 if counts is not None else total_in(answer)
        return TokenCounts(total) if total else counts

    def explains_no_text(self, answer: Mapping[str, Any]) -> bool:
        """See `ApiShape`. An answer of vectors needs no text."""
        return self.holds_answer(answer)

    def holds_answer(self, answer: Mapping[str, Any]) -> bool:
        """See `ApiShape`."""
        return bool(answer.get("data") or answer.get("embeddings") or answer.get("embedding"))

    def error_of(self, answer: Mapping[str, Any]) -> Json | None:
        """See `ApiShape`."""
        return error_body_of(answer) if self.holds_answer(answer) else failure_in(answer)

    def texts_of(self, answer: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
        """See `ApiShape`. Vectors are not counted in tokens."""
        return ()
