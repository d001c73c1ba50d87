"""SQL text as far as migrations need it: statements apart, comments off, and what can be run twice."""

import re

# Comments, strings, quoted names and dollar-quoted bodies are stepped over whole; a semicolon outside of them ends a statement.
_TOKEN = re.compile(
    r"""
    (?P<comment> --[^\n]* | /\*.*?\*/ )
    | [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*"
    | \$(?P<tag>[A-Za-z_]\w*|)\$.*?\$(?P=tag)\$
    | (?P<end>;)
    """,
    re.VERBOSE | re.DOTALL,
)
_TABLE = r"[a-z_][\w.]*"
_TABLE_MODIFIERS = r"(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?"
_UNREPEATABLE = (
    (r"CREATE\s+(UNIQUE\s+)?INDEX\s++(?!CONCURRENTLY\b|IF\b)", "write CREATE INDEX CONCURRENTLY, or IF NOT EXISTS"),
    (r"CREATE\s+(UNIQUE\s+)?INDEX\s+(CONCURRENTLY\s+)?(IF\s+NOT\s+EXISTS\s+)?ON\b", "the index needs a name"),
    (r"CREATE\s+(UNLOGGED\s+)?(TABLE|SEQUENCE|SCHEMA)\s++(?!IF\b)", "write CREATE … IF NOT EXISTS"),
    (r"DROP\s+(MATERIALIZED\s+)?\w++\s++(?!CONCURRENTLY\b|IF\b)", "write DROP … IF EXISTS"),
    (r"DROP\s+INDEX\s+CONCURRENTLY\s++(?!IF\b)", "write DROP INDEX CONCURRENTLY IF EXISTS"),
    (r"ALTER\s+TABLE\b.*\bADD\s+COLUMN\s++(?!IF\b)", "write ADD COLUMN IF NOT EXISTS"),
    (r"ALTER\s+TABLE\b.*\bDROP\s+(COLUMN|CONSTRAINT)\s++(?!IF\b)", "write DROP … IF EXISTS"),
    (r"(BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK|END)\b", "it may not hold a transaction of its own"),
)


def split_statements(text: str) -> list[str]:
    """The statements of a text without their semicolons; comments before a statement are left off."""
    parts, begin = [], 0
    for token in _TOKEN.finditer(text):
        if token["end"]:
            parts.append(text[begin : token.start()])
            begin = token.end()
    parts.append(text[begin:])
    stripped = (without_comments(part).strip() for part in parts)
    return [part for part in stripped if part]


def without_comments(text: str) -> str:
    """The same statements with a space in place of each comment."""
    return _TOKEN.sub(lambda token: " " if token["comment"] else token[0], text)


def unrepeatable(statement: str) -> str | None:
    """What to write so that a statement may run a second time; None where it may, as far as its form shows."""
    for pattern, cure in _UNREPEATABLE:
        if re.match(pattern, statement, re.IGNORECASE | re.DOTALL):
            return cure
    return None


def changed_tables(text: str) -> list[str]:
    """The tables whose form a migration changes, in their order; not those that it makes itself."""
    plain = without_comments(text)
    made = re.findall(rf"\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?({_TABLE})", plain, re.IGNORECASE)
    found = re.findall(
        rf"\b(?:ALTER\s+TABLE|DROP\s+TABLE|CREATE\s+(?:UNIQUE\s+)?INDEX\b(?:(?!\bON\b)[^;])*\bON)\s+{_TABLE_MODIFIERS}({_TABLE})",
        plain,
        re.IGNORECASE,
    )
    return [name for name in dict.fromkeys(found) if name not in made]


def touched_tables(text: str) -> list[str]:
    """The tables that a migration's own statements name as changed, locked or read for an index, in their order."""
    found = re.findall(
        r"\b(?:ALTER\s+TABLE|DROP\s+TABLE|LOCK\s+TABLE|UPDATE|DELETE\s+FROM|INSERT\s+INTO|TRUNCATE(?:\s+TABLE)?"
        rf"|INDEX\b(?:(?!\bON\b)[^;])*\bON)\s+{_TABLE_MODIFIERS}({_TABLE})",
        without_comments(text),
        re.IGNORECASE,
    )
    return list(dict.fromkeys(found))
