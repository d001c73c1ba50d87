"""Model names: valid texts, matching patterns, and whose weights apply (SPEC 6, Names)."""

import re
from collections.abc import Collection, Iterable, Mapping

from solaris.domain.tokens import Weights

MAX_NAME_CHARACTERS = 200
_STAR = "*"
# Characters that a name matched by a pattern may have. LiteLLM splits names at commas and calls
# each part; providers may put the name into a URL, where the other excluded ones have a meaning.
_MEMBER = re.compile(r"[^\s,*?#%\\\"'<>|^`{}]+")

# OpenAI models that use the older vocabulary, also with a prefix such as `azure/`, and fine-tuned.
# Source: github.com/openai/tiktoken, tiktoken/model.py.
_OLDER_VOCABULARY = re.compile(r"(?:[^/]*/)*(?:ft:)?(?:gpt-4(?![.\do])|gpt-(?:3\.5|35)-turbo|text-embedding-)")


def vocabulary_of(name: str) -> str:
    """The vocabulary to estimate prompts of a model without a row: its own or the newer one."""
    return "cl100k_base" if _OLDER_VOCABULARY.match(name) else "o200k_base"


def is_pattern(name: str) -> bool:
    """Whether the name stands for many models, such as `openai/*`."""
    return _STAR in name


def is_matchable(name: str) -> bool:
    """Whether a pattern may match this name.

    A valid name is printable, at most `MAX_NAME_CHARACTERS` long, and has no separators, no
    placeholders and no empty, `.` or `..` segments.
    """
    return (
        len(name) <= MAX_NAME_CHARACTERS
        and name.isprintable()
        and _MEMBER.fullmatch(name) is not None
        and not {"", ".", ".."}.intersection(name.split("/"))
    )


def covers(pattern: str, name: str) -> bool:
    """Whether `pattern` matches `name`; `*` matches one or more characters. Linear in the name."""
    if not is_pattern(pattern):
        return pattern == name
    first, *middle, last = pattern.split(_STAR)
    end = len(name) - len(last)
    if not (name.startswith(first) and name.endswith(last)):
        return False
    place = len(first)
    for part in middle:
        found = name.find(part, place + 1, end)
        if found < 0:
            return False
        place = found + len(part)
    return place < end


def nearest_pattern(name: str, patterns: Iterable[str]) -> str | None:
    """The most specific pattern that matches `name`; None without a match.

    Most specific: the most fixed characters, then the fewest `*`, then the alphabetical order.
    """
    covering = [pattern for pattern in patterns if covers(pattern, name)]
    if not covering:
        return None
    return min(covering, key=lambda pattern: (-_fixed(pattern), pattern.count(_STAR), pattern))


def _fixed(pattern: str) -> int:
    return len(pattern) - pattern.count(_STAR)


class Inheritance:
    """Resolves whose weights apply to a model: its own, its target's, or the nearest pattern's.

    `weighed`: names and patterns that have their own weights. `aliases`: each alias with its
    targets. An alias with several targets takes the highest weight of each kind, since any target
    may answer. Aliases are resolved once, as LiteLLM does; a target is not looked up as an alias.
    """

    def __init__(self, weighed: Collection[str], aliases: Mapping[str, Collection[str]]) -> None:
        self._weighed = weighed
        self._aliases = aliases
        self._patterns = tuple(name for name in weighed if is_pattern(name))

    def sources(self, name: str) -> tuple[str | None, ...]:
        """The weighed names whose weights apply to `name`; a None in it stands for weights of 1."""
        if name in self._weighed:
            return (name,)
        found = self._of_targets(name)
        if any(source is not None for source in found):
            return found
        return (self._nearest(name),)

    def switches(self, name: str) -> frozenset[str]:
        """The weighed names that disable `name` while inactive: its and its targets' sources."""
        return frozenset(source for source in (*self.sources(name), *self._of_targets(name)) if source is not None)

    def _of_targets(self, name: str) -> tuple[str | None, ...]:
        found = (target if target in self._weighed else self._nearest(target) for target in self._aliases.get(name, ()))
        return tuple(dict.fromkeys(found))

    def _nearest(self, name: str) -> str | None:
        return nearest_pattern(name, self._patterns) if is_matchable(name) else None


def highest_weights(weights: Iterable[Weights]) -> Weights:
    """The highest weight of each kind."""
    listed = list(weights)
    return Weights(
        max(one.input for one in listed),
        max(one.cached_input for one in listed),
        max(one.output for one in listed),
        max(one.reasoning for one in listed),
    )
