"""Reads a provider's token counts, under all names and in all places of `usage_shapes`.

A count that is part of another is not counted twice; separate counts are added (SPEC 4).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from solaris.domain.tokens import MAX_TOKENS_PER_REQUEST, TokenCounts
from solaris.gateway.api.fields import objects
from solaris.gateway.api.usage_shapes import CITATIONS, PLACES, SEARCHES, SHAPES, UsageShape

_Path = tuple[str, ...]
# Kinds of fields, as indexes into the sums of a usage object. The largest of the first three kinds
# counts; the next three are added.
(
    _CACHED,
    _CACHE_WRITE,
    _REASONING,
    _INPUT_ADDED,
    _CACHED_ADDED,
    _REASONING_ADDED,
    _TOTAL,
    _INPUT_PART,
    _OUTPUT_PART,
) = range(9)
_OTHER_PLACES = tuple(place.path for place in PLACES if place.path != ("usage",))
# An object without any of these names holds no counts.
_NAMES = frozenset(name for shape in SHAPES for name in (shape.input, shape.output))
_PLAIN_NAMES = ("prompt_tokens", "completion_tokens", "total_tokens")
_PLAIN_DETAILS = ("prompt_tokens_details", "completion_tokens_details")


class _Reader(NamedTuple):
    """A shape prepared for one pass over a usage object: the kind of each field, by object."""

    input: str
    output: str
    top: dict[str, int]
    details: dict[str, dict[str, int]]


def _reader(shape: UsageShape) -> _Reader:
    reader = _Reader(shape.input, shape.output, {}, {})
    kinds = {
        _CACHED: shape.cached_included,
        _CACHE_WRITE: shape.cache_write_included,
        _REASONING: shape.reasoning_included,
        _INPUT_ADDED: shape.input_added,
        _CACHED_ADDED: shape.cached_added,
        _REASONING_ADDED: shape.reasoning_added,
        _TOTAL: (shape.total,),
        _INPUT_PART: shape.input_included,
        _OUTPUT_PART: shape.output_included,
    }
    for kind, paths in kinds.items():
        for path in paths:
            *details, name = path.split(".")
            fields = reader.details.setdefault(details[0], {}) if details else reader.top
            fields[name] = kind
    return reader


def count_of(value: object) -> int | None:
    """A provider's token count; None where it is not plausible."""
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value <= MAX_TOKENS_PER_REQUEST else None


def usage_in(answer: Mapping[str, Any]) -> TokenCounts | None:
    """The counts in an answer or a stream event; None without plausible counts.

    An absent count is zero.
    """
    usage = answer.get("usage")
    counts = (_plain_counts(usage) or counts_in(usage)) if isinstance(usage, dict) else None
    return counts if counts is not None else _usage_elsewhere(answer)


def _plain_counts(usage: Mapping[str, Any]) -> TokenCounts | None:
    """As `counts_in`, for the three usual counts; None with others, or where they do not add up."""
    prompt, output = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not (type(prompt) is type(output) is int and prompt > 0 and output > 0):
        return None
    if not usage.get("total_tokens") == prompt + output <= MAX_TOKENS_PER_REQUEST:
        return None
    if len(usage) > len(_PLAIN_NAMES):
        for name, details in usage.items():
            if name not in _PLAIN_NAMES and (name not in _PLAIN_DETAILS or _has_counts(details)):
                return None
    return TokenCounts(prompt, 0, output)


def _has_counts(details: object) -> bool:
    return any(details.values()) if isinstance(details, dict) else bool(details)


def counts_in(usage: Mapping[str, Any]) -> TokenCounts | None:
    """The counts in a usage object, under any names; None where all are zero or implausible.

    Counts under the names of several APIs are the same tokens: the largest sum counts.
    """
    iterations = usage.get("iterations")
    if iterations:
        usage = _with_iterations(usage, iterations)
    best = None
    for reader in _READERS:
        if reader.input in usage or reader.output in usage:
            counts = _read(reader, usage)
            if counts is not None and (best is None or _sum(counts) > _sum(best)):
                best = counts
    return best


def total_in(answer: Mapping[str, Any]) -> int:
    """The total of a usage without other counts (embeddings of Jina, Voyage); 0 without one."""
    usage = answer.get("usage")
    if not isinstance(usage, dict):
        response = answer.get("response")
        usage = response.get("usage") if isinstance(response, dict) else None
    return (count_of(usage.get("total_tokens")) or 0) if isinstance(usage, dict) else 0


def _usage_elsewhere(answer: Mapping[str, Any]) -> TokenCounts | None:
    for path in _OTHER_PLACES:
        # Most answers and events contain the first key of one place at most.
        if (path[0] not in answer) if path else _NAMES.isdisjoint(answer):
            continue
        best = None
        for usage in _objects_at(answer, path):
            counts = counts_in(usage)
            if counts is not None and (best is None or _sum(counts) > _sum(best)):
                best = counts
        if best is not None:
            return best
    return None


def _objects_at(answer: Mapping[str, Any], path: _Path) -> list[dict[str, Any]]:
    values: list[Any] = [answer]
    for key in path:
        inner: list[Any] = []
        for value in values:
            if key == "*":
                inner += value if isinstance(value, list) else ()
            elif isinstance(value, dict) and key in value:
                inner.append(value[key])
        values = inner
    return objects(values) if values else []


def _sum(counts: TokenCounts) -> int:
    return counts.input + counts.output


def _with_iterations(usage: Mapping[str, Any], iterations: object) -> Mapping[str, Any]:
    """Raise each count to its sum over all iterations.

    Anthropic's totals omit the iterations of types other than `message`.
    """
    sums: dict[str, int] = {}
    for iteration in iterations if isinstance(iterations, list) else ():
        for name, value in iteration.items() if isinstance(iteration, dict) else ():
            sums[name] = sums.get(name, 0) + (count_of(value) or 0)
    return {**usage, **{name: max(total, count_of(usage.get(name)) or 0) for name, total in sums.items() if total}}


def _note(sums: list[int], parts: list[tuple[int, int]], kind: int, value: object) -> None:
    count = count_of(value)
    if not count:
        return
    if kind >= _INPUT_PART:
        parts.append((kind, count))
    elif _INPUT_ADDED <= kind < _TOTAL:
        sums[kind] += count
    elif count > sums[kind]:
        sums[kind] = count


def _sums_of(reader: _Reader, usage: Mapping[str, Any], parts: list[tuple[int, int]]) -> list[int]:
    """The sums of a usage object by kind; counts to compare one by one are added to `parts`."""
    sums = [0] * _INPUT_PART
    top, details = reader.top, reader.details
    for key, value in usage.items():
        if not value:
            continue
        kind = top.get(key)
        if kind is not None:
            _note(sums, parts, kind, value)
        elif key in details and isinstance(value, dict):
            fields = details[key]
            for name, inner in value.items():
                if inner and name in fields:
                    _note(sums, parts, fields[name], inner)
    return sums


def _read(reader: _Reader, usage: Mapping[str, Any]) -> TokenCounts | None:
    raw_input, raw_output = usage.get(reader.input), usage.get(reader.output)
    prompt = 0 if raw_input is None else count_of(raw_input)
    output = 0 if raw_output is None else count_of(raw_output)
    if prompt is None or output is None:
        return None
    parts: list[tuple[int, int]] = []
    sums = _sums_of(reader, usage, parts)
    cached, cache_written, reasoning = sums[:3]

    # A part that is larger than its whole is not included in it.
    cached_is_added, reasoning_is_added = cached + cache_written > prompt, reasoning > output
    if parts:
        extra_input, extra_output = _larger(parts, _INPUT_PART, prompt), _larger(parts, _OUTPUT_PART, output)
        prompt, output = prompt + extra_input, output + extra_output
    prompt += sums[_INPUT_ADDED] + sums[_CACHED_ADDED] + (cached + cache_written if cached_is_added else 0)
    output += sums[_REASONING_ADDED] + (reasoning if reasoning_is_added else 0)
    if usage.get(SEARCHES):
        prompt += count_of(usage.get(CITATIONS)) or 0

    # A total beyond its parts was billed too; a part that equals the difference was not included.
    rest = sums[_TOTAL] - prompt - output
    if rest > 0:
        cached_in_rest = _cached_in_rest(rest, 0 if cached_is_added else cached, 0 if reasoning_is_added else reasoning)
        prompt, output = prompt + cached_in_rest, output + rest - cached_in_rest
    if not 0 < prompt + output <= MAX_TOKENS_PER_REQUEST:
        return None
    cached, reasoning = cached + sums[_CACHED_ADDED], reasoning + sums[_REASONING_ADDED]
    return TokenCounts(prompt, min(cached, prompt), output, min(reasoning, output))


def _larger(parts: list[tuple[int, int]], kind: int, whole: int) -> int:
    return sum([count for part, count in parts if part == kind and count > whole])


def _cached_in_rest(rest: int, cached: int, reasoning: int) -> int:
    """The cached input, missing from the prompt's count, in `rest`; the remainder is output."""
    return cached if cached and rest in (cached, cached + reasoning) and rest != reasoning else 0


_READERS = tuple(map(_reader, SHAPES))
