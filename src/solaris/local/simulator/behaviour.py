"""How the simulator behaves in one call: its defaults, and directives in a message.

A directive may be anywhere in the last user message: `[[sim delay_seconds=2 output_tokens=50
error=500]]`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

_DIRECTIVE = re.compile(r"\[\[sim\b([^\]]{0,500})\]\]")
_NAME = re.compile(r"[\w.-]{1,100}")
_MAX_SECONDS = 600.0
_MAX_TOKENS = 200_000


class WrongDirective(ValueError):
    """A directive is unknown or out of bounds; the message names it and the known ones."""


@dataclass(frozen=True)
class Behaviour:
    """One call's delays, size and faults; with the defaults the answer is immediate and correct.

    The answer: `output_tokens` is its length (None: the default answer's). `cached_tokens` and
    `reasoning_tokens` are reported in the usage, included in input and output as OpenAI counts
    them. Faults: `error` is the status of a refusal; `fail_after_chunks` closes the connection
    after that many chunks (before the answer where it is not streamed); `hang` never answers, or
    stops for ever after `fail_after_chunks`; `no_usage` omits the usage. `name` identifies the call
    in the bill.
    """

    delay_seconds: float = 0.0
    chunk_delay_seconds: float = 0.0
    output_tokens: int | None = None
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    error: int | None = None
    fail_after_chunks: int | None = None
    hang: bool = False
    no_usage: bool = False
    name: str | None = None

    def directed_by(self, text: str) -> "Behaviour":
        """This behaviour with the directives in `text` applied.

        Raises:
            WrongDirective: one is unknown or out of bounds.
        """
        changes: dict[str, float | int | bool | str] = {}
        for directive in _DIRECTIVE.findall(text):
            for pair in directive.split():
                name, _, value = pair.partition("=")
                changes[name] = _parsed(name, value)
        return replace(self, **changes) if changes else self  # type: ignore[arg-type]  # names are checked when parsed


_BOUNDS: Mapping[str, tuple[type, float, float]] = {
    "delay_seconds": (float, 0, _MAX_SECONDS),
    "chunk_delay_seconds": (float, 0, _MAX_SECONDS),
    "output_tokens": (int, 1, _MAX_TOKENS),
    "cached_tokens": (int, 0, _MAX_TOKENS),
    "reasoning_tokens": (int, 0, _MAX_TOKENS),
    "error": (int, 400, 599),
    "fail_after_chunks": (int, 0, _MAX_TOKENS),
    "hang": (bool, 0, 1),
    "no_usage": (bool, 0, 1),
}


def _parsed(name: str, value: str) -> float | int | bool | str:
    if name == "name":
        if not _NAME.fullmatch(value):
            raise WrongDirective("[[sim name]] wants 1 to 100 letters, digits, dots, dashes")
        return value
    if name not in _BOUNDS:
        known = ", ".join(field.name for field in fields(Behaviour))
        raise WrongDirective(f"[[sim]] does not know {name!r}; it knows {known}")
    kind, minimum, maximum = _BOUNDS[name]
    try:
        number = float(value) if kind is float else int(value)
    except ValueError:
        number = -1
    if not minimum <= number <= maximum:
        raise WrongDirective(f"[[sim {name}]] wants a number from {minimum:g} to {maximum:g}")
    return kind(number) if kind is bool else number
