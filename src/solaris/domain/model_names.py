"""Names of models: which text can be one, which pattern covers it, and whose weights it takes (SPEC 6, Names)."""

import re
from collections.abc import Collection, Iterable, Mapping

from solaris.domain.tokens import Weights

MAX_NAME_CHARACTERS = 200
_STAR = "*"
# What a member of a pattern may hold. LiteLLM splits a name at commas and calls each part; a provider may put a name into an
# address, where the others would steer the call.
_MEMBER = re.compile(r"[^\s,*?#%\\\"'<>|^`{}]+")

# OpenAI's models whose prompts are counted in the older of our vocabularies; also behind `azure/` and the like, and fine-tuned.
# Source: github.com/openai/tiktoken, tiktoken/model.py.
_OLDER_VOCABULARY = re.compile(r"(?:[^/]*/)*(?:ft:)?(?:gpt-4(?![.\do])|gpt-(?:3\.5|35)-turbo|text-embedding-)")


def vocabulary_of(name: str) -> str:
    """In which of our vocabularies a model's prompts are estimated whose row does not say it: its own, or the newer one."""
    return "cl100k_base" if _OLDER_VOCABULARY.match(name) else "o200k_base"


def is_pattern(name: str) -> bool:
    """Whether the name stands for many models, such as `openai/*`."""
    return _STAR in name


def can_be_member(name: str) -> bool:
    """Whether a pattern may cover this name: printable, bounded, without separators, placeholders and `..` segments."""
    return (
        len(name) <= MAX_NAME_CHARACTERS
        and name.isprintable()
        and _MEMBER.fullmatch(name) is not None
        and not {"", ".", ".."}.intersection(name.split("/"))
    )


def covers(pattern: str, name: str) -> bool:
    """Whether `name` is one that `pattern` stands for; each `*` takes one character or more. Linear in the name's length."""
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
    """The most specific of the patterns that cover `name`: the one with the most fixed characters, then with the fewest `*`."""
    covering = [pattern for pattern in patterns if covers(pattern, name)]
    if not covering:
        return None
    return min(covering, key=lambda pattern: (-_fixed(pattern), pattern.count(_STAR), pattern))


def _fixed(pattern: str) -> int:
    return len(pattern) - pattern.count(_STAR)


class Inheritance:
    """Whose weights a model takes: its own, its target's where it is an alias, or the nearest pattern's.

    `weighed`: the names, patterns among them, that have weights of their own. `aliases`: each alias with its targets. An alias
    of several targets costs the dearest of each kind, since any of them may answer. Targets are followed once, as LiteLLM does.
    """

    def __init__(self, weighed: Collection[str], aliases: Mapping[str, Collection[str]]) -> None:
        self._weighed = weighed
        self._aliases = aliases
        self._patterns = tuple(name for name in weighed if is_pattern(name))

    def sources(self, name: str) -> tuple[str | None, ...]:
        """The weighed names whose weights `name` takes; None stands for weights of 1, which nothing else gives it."""
        if name in self._weighed:
            return (name,)
        found = self._of_targets(name)
        if any(source is not None for source in found):
            return found
        return (self._nearest(name),)

    def switches(self, name: str) -> frozenset[str]:
        """The weighed names that switch `name` off with themselves: its sources, and its targets' where it is an alias."""
        return frozenset(source for source in (*self.sources(name), *self._of_targets(name)) if source is not None)

    def _of_targets(self, name: str) -> tuple[str | None, ...]:
        found = (target if target in self._weighed else self._nearest(target) for target in self._aliases.get(name, ()))
        return tuple(dict.fromkeys(found))

    def _nearest(self, name: str) -> str | None:
        return nearest_pattern(name, self._patterns) if can_be_member(name) else None


def dearest(weights: Iterable[Weights]) -> Weights:
    """Of each kind the largest weight."""
    listed = list(weights)
    return Weights(
        max(one.input for one in listed),
        max(one.cached_input for one in listed),
        max(one.output for one in listed),
        max(one.reasoning for one in listed),
    )
