"""Generates values that fit a JSON schema (https://json-schema.org/draft/2020-12), for the keywords common in model requests."""

import re
from collections.abc import Iterator, Mapping, Sequence

_DEEPEST = 6
# No value is generated below this level: a schema that requires itself without end has none.
_LOWEST = 12
_HIGHEST_COUNT = 50
# Bounds the size of a value whose schema contains itself several times.
_MANY_VALUES = 1_000
_TEXT = "exemplo"
_FORMATS: Mapping[str, str] = {
    "date": "2026-01-31", "date-time": "2026-01-31T12:00:00Z", "time": "12:00:00Z", "duration": "P1D",
    "email": "ana@exemplo.com.br", "hostname": "exemplo.com.br", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1",
    "uri": "https://exemplo.com.br/", "url": "https://exemplo.com.br/", "uuid": "123e4567-e89b-42d3-a456-426614174000",
}  # fmt: skip
# Tried in turn for a text with a pattern.
_CANDIDATES = (
    _TEXT, "Exemplo", "EXEMPLO", "A", "AB", "ABC", "1", "12", "123", "1234", "12345", "123456", "1.5", "A1", "ABC123", "ABC-123",
    "12345-678", "12345678", "123.456.789-09", "+5511999999999", "(11) 99999-9999", "#aabbcc", "a-b", "a_b", *_FORMATS.values(),
)  # fmt: skip


def instance_of(schema: object) -> object:
    """A value of the schema: every named property, one item in a list, the first of alternatives that is not null.

    `$ref` is followed inside the schema; where a schema contains itself, only what is required is
    written from the sixth level on. Not supported: `not`, `if`, `patternProperties`, and patterns
    that no common text matches.
    """
    return _Instances(schema).value(schema, 0)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


class _Instances:
    """Generates the values of one schema document, in which references are resolved."""

    def __init__(self, document: object) -> None:
        self._document = document
        self._values = 0

    def value(self, schema: object, depth: int) -> object:
        self._values += 1
        if self._values > _MANY_VALUES:
            depth = max(depth, _DEEPEST if self._values < 2 * _MANY_VALUES else _LOWEST)
        known = self._resolved(schema, depth)
        for name in ("const", "default"):
            if name in known and (name == "const" or _is_plain(known[name])):
                return known[name]
        if _listed(known.get("enum")):
            return _listed(known["enum"])[0]
        kind = _kind_of(known, depth)
        if kind == "object":
            return self._object(known, depth)
        if kind == "array":
            return self._array(known, depth)
        if kind in {"integer", "number"}:
            return _counted(known, is_whole=kind == "integer")
        return {"boolean": True, "null": None}.get(kind, _text(known))

    def _resolved(self, schema: object, depth: int) -> Mapping[str, object]:
        """The schema with its reference followed, one alternative chosen, and `allOf` joined."""
        known = dict(_mapping(schema)) if depth < _LOWEST else {}
        for _ in range(_HIGHEST_COUNT):
            if isinstance(known.get("$ref"), str):
                found = self._found(str(known.pop("$ref")))
                known = {**found, **known}
                continue
            alternatives = next((_listed(known[name]) for name in ("anyOf", "oneOf") if _listed(known.get(name))), None)
            if alternatives is not None:
                known = {name: value for name, value in known.items() if name not in {"anyOf", "oneOf"}}
                known = _joined(known, _mapping(self._chosen(alternatives, depth)))
                continue
            if not _listed(known.get("allOf")):
                return known
            for part in _listed(known.pop("allOf")):
                known = _joined(known, self._resolved(part, depth + 1))
        return known

    def _found(self, reference: str) -> Mapping[str, object]:
        place = self._document
        for name in reference.removeprefix("#").strip("/").split("/"):
            if name:
                place = _mapping(place).get(name.replace("~1", "/").replace("~0", "~"))
        return _mapping(place)

    def _chosen(self, alternatives: Sequence[object], depth: int) -> object:
        """The first alternative that is not null.

        Below the sixth level null, or the first without a reference.
        """
        nulls = [one for one in alternatives if _mapping(one).get("type") == "null"]
        others = [one for one in alternatives if _mapping(one).get("type") != "null"]
        if depth < _DEEPEST or not others:
            return (others or nulls)[0]
        return (nulls or [one for one in others if "$ref" not in str(one)] or others)[0]

    def _object(self, known: Mapping[str, object], depth: int) -> dict[str, object]:
        properties = _mapping(known.get("properties"))
        required = [name for name in _listed(known.get("required")) if isinstance(name, str)]
        names = dict.fromkeys([*(properties if depth < _DEEPEST else ()), *required])
        written = {name: self.value(properties.get(name), depth + 1) for name in names if depth < _LOWEST}
        for number in range(_at_least(known, "minProperties") - len(written)):
            written[f"{_TEXT}{number}"] = self.value(known.get("additionalProperties"), depth + 1)
        return written

    def _array(self, known: Mapping[str, object], depth: int) -> list[object]:
        first = [self.value(one, depth + 1) for one in _listed(known.get("prefixItems"))]
        wanted = max(_at_least(known, "minItems"), 1 if depth < _DEEPEST and known.get("maxItems") != 0 else 0)
        if known.get("items") is False or depth >= _LOWEST:
            return first
        rest = [self.value(known.get("items"), depth + 1) for _ in range(wanted - len(first))]
        return first + (_apart(rest, _mapping(known.get("items"))) if known.get("uniqueItems") is True else rest)


def _joined(one: Mapping[str, object], other: Mapping[str, object]) -> dict[str, object]:
    """One schema with the requirements of both."""
    joined = {**one, **other}
    if "properties" in one and "properties" in other:
        joined["properties"] = {**_mapping(one["properties"]), **_mapping(other["properties"])}
    if "required" in one and "required" in other:
        joined["required"] = [*_listed(one["required"]), *_listed(other["required"])]
    return joined


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float)


def _kind_of(known: Mapping[str, object], depth: int) -> str:
    named = known.get("type")
    kinds = [str(one) for one in (named if isinstance(named, list) else [named]) if one is not None]
    if "null" in kinds and depth >= _DEEPEST:
        return "null"
    kinds = [kind for kind in kinds if kind != "null"] or kinds
    if kinds:
        return kinds[0]
    if "properties" in known or "required" in known:
        return "object"
    if "items" in known or "prefixItems" in known:
        return "array"
    return "number" if {"minimum", "maximum", "multipleOf"} & known.keys() else "string"


def _at_least(known: Mapping[str, object], name: str) -> int:
    return min(int(_number(known.get(name)) or 0), _HIGHEST_COUNT)


def _counted(known: Mapping[str, object], *, is_whole: bool) -> int | float:
    """A number within the bounds: 1 or 1.5 if possible, else one near the closest bound."""
    step = _number(known.get("multipleOf")) or (1 if is_whole else 0.5)
    lowest, highest = _number(known.get("minimum")), _number(known.get("maximum"))
    above, below = _number(known.get("exclusiveMinimum")), _number(known.get("exclusiveMaximum"))
    lowest = lowest if above is None else max(above + step, above if lowest is None else lowest)
    highest = highest if below is None else min(below - step, below if highest is None else highest)
    value: float = (1 if is_whole else 1.5) if "multipleOf" not in known else step
    if lowest is not None and value < lowest:
        value = -(-lowest // step) * step
    if highest is not None and value > highest:
        value = highest // step * step
    if lowest is not None and value < lowest:
        # No multiple of the step lies between the bounds; a fraction does.
        value = lowest if highest is None else (lowest + highest) / 2
    return int(value) if is_whole else value


def _text(known: Mapping[str, object]) -> str:
    shortest, longest = _at_least(known, "minLength"), _number(known.get("maxLength"))
    pattern = known.get("pattern")
    if isinstance(pattern, str):
        return next(_matching(pattern, shortest, longest), _TEXT)
    text = _FORMATS.get(str(known.get("format")), _TEXT)
    text += "o" * (shortest - len(text))
    return text if longest is None else text[: int(longest)]


def _matching(pattern: str, shortest: int, longest: float | None) -> Iterator[str]:
    try:
        wanted = re.compile(pattern)
    except re.error:
        return
    for one in _CANDIDATES:
        if wanted.search(one) and shortest <= len(one) and (longest is None or len(one) <= longest):
            yield one


def _apart(items: list[object], schema: Mapping[str, object]) -> list[object]:
    """The items, made distinct."""
    allowed = _listed(schema.get("enum"))
    if allowed:
        return list(allowed[: len(items)])
    return [
        f"{item}{number}" if isinstance(item, str) and number else item + number if _number(item) is not None else item  # type: ignore[operator]
        for number, item in enumerate(items)
    ]
